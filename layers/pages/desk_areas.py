"""Areas on the desk: legal and surveyed, their difference and how far it may go; and the corners of the drawing."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils.translation import gettext

from layers.collections.parcels import area_rule
from layers.collections.parcels.area_rule import AreaDifference, area_difference
from layers.pages import wording
from layers.pages.cards import Badge
from layers.pages.features import Fact
from layers.reading.features import FeatureView
from layers.reports import parcel_facts
from layers.reports.parcel_facts import Drawn


@dataclass(frozen=True)
class CornerRow:
    number: int
    x: str
    y: str
    edge: str
    closing: bool


@dataclass(frozen=True)
class CornerRing:
    inner: bool
    corners: tuple[CornerRow, ...]


@dataclass(frozen=True)
class Corners:
    """The printed table of an extract, on the page: X north, Y east, two decimals. `count` without closing rows."""

    rings: tuple[CornerRing, ...]
    count: int
    area: str
    perimeter: str


def difference_of(view: FeatureView) -> AreaDifference | None:
    return area_difference(view.get("legal_area_m2"), view.get("survey_area_m2"), view.get("sheet_scale"))


def facts_of(view: FeatureView) -> tuple[Fact, ...]:
    """Difference, limit and scale; where something is not known it says so."""
    scale, found = view.get("sheet_scale"), difference_of(view)
    title = gettext("Chênh lệch (đo đạc − pháp lý)")
    if found is None:
        facts = [Fact(title, gettext("không tính được"), note=gettext("chưa có diện tích pháp lý"))]
    else:
        facts = [Fact(title, _signed(found), badge=_verdict(found)), _limit(found)]
    named = "" if scale is None else f"1:{wording.number(int(scale))}"
    note = gettext("tỷ lệ mẫu của dữ liệu tổng hợp") if named and view.get("synthetic") else ""
    facts.append(Fact(gettext("Tỷ lệ tờ bản đồ"), named or gettext("chưa rõ"), note=note))
    return tuple(facts)


def _signed(found: AreaDifference) -> str:
    sign = "+" if found.difference_m2 > 0 else "−" if found.difference_m2 < 0 else ""
    words = {
        "m2": sign + wording.number(abs(found.difference_m2), 1),
        "percent": sign + wording.number(abs(found.percent), 2),
    }
    return gettext("%(m2)s m² (%(percent)s %%)") % words


def _verdict(found: AreaDifference) -> Badge | None:
    if found.within is None:
        return None
    if found.within:
        return Badge("success", gettext("trong giới hạn"))
    return Badge("danger", gettext("vượt giới hạn"))


def _limit(found: AreaDifference) -> Fact:
    title = gettext("Giới hạn sai diện tích")
    if found.limit_m2 is None:
        why = gettext("chưa rõ tỷ lệ tờ bản đồ") if found.scale is None else gettext("không có quy định cho tỷ lệ này")
        return Fact(title, gettext("không có ngưỡng"), note=why)
    badge = None if area_rule.VERIFIED else Badge("unverified", gettext("chưa kiểm chứng"))
    return Fact(title, f"{wording.number(found.limit_m2, 2)} m²", note=area_rule.SOURCE, badge=badge)


def as_json(view: FeatureView) -> dict[str, object]:
    """The comparison for machines; numbers as texts with their decimals, like the printed ones."""
    found = difference_of(view)
    if found is None:
        return {"legal_m2": view.get("legal_area_m2"), "survey_m2": view.get("survey_area_m2"), "difference_m2": None}
    texts = {name: str(value) if name.endswith("_m2") and value is not None else value
             for name, value in asdict(found).items()}  # fmt: skip
    rule = {"limit_source": area_rule.SOURCE, "limit_verified": area_rule.VERIFIED, "law": area_rule.LAW}
    return texts | {"percent": str(found.percent)} | (rule if found.limit_m2 is not None else {})


def corners_of(view: FeatureView) -> Corners:
    seen = parcel_facts.drawn(view.key)
    rings = tuple(
        CornerRing(
            not ring.outer,
            tuple(
                CornerRow(
                    corner.number, wording.number(corner.x_m, 2), wording.number(corner.y_m, 2),
                    "" if corner.edge_m is None else wording.number(corner.edge_m, 2), corner.edge_m is None,
                )
                for corner in ring.corners
            ),
        )
        for ring in seen.rings
    )  # fmt: skip
    count = sum(len(ring.corners) - 1 for ring in rings)
    return Corners(rings, count, wording.number(seen.table_area_m2, 1), wording.number(seen.perimeter_m, 2))


def corners_json(seen: Drawn) -> list[list[dict[str, object]]]:
    """Rings of corners; X north and Y east in metres, as texts with two decimals."""
    return [
        [
            {"number": corner.number, "x_m": str(corner.x_m), "y_m": str(corner.y_m),
             "edge_m": None if corner.edge_m is None else str(corner.edge_m)}
            for corner in ring.corners
        ]
        for ring in seen.rings
    ]  # fmt: skip
