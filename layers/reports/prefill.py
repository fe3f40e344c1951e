"""The sheet to attach to a procedure, or to type from: one frozen value, from which text, JSON, page and PDF are made.

Doors: `prefill`, `lines`, `as_text`, `render_prefill`. It holds no owner: whoever files writes the own name. Its words
are Vietnamese in every language of the site, for the forms they go into are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext

from layers.access.reader import Reader, require_read
from layers.collections.parcels.collection import PARCELS
from layers.errors import NotFound
from layers.procedures import catalogue
from layers.procedures.models import LEVELS
from layers.reports.canonical import canonical_json, sha256
from layers.reports.follow import Place, place_of
from layers.reports.identity import Unit, Units, units_of
from layers.reports.paper import Words, draw_paper, meridian
from layers.reports.parcel_facts import LandType, Ring, parcel_facts
from layers.reports.pdf import CERTIFICATES, KINDS
from layers.reports.plan_words import period

SYNTHETIC = "DỮ LIỆU TỔNG HỢP – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
HEADS = ("Số hiệu điểm", "X (m)", "Y (m)", "Chiều dài cạnh S (m)")


@dataclass(frozen=True)
class Target:
    """The procedure to file. The catalogue holds no list of the papers to bring; the sheet says where it stands."""

    code: str
    code_verified: bool
    name_vi: str
    decision: str
    places: tuple[Place, ...]
    result_vi: str
    portal_url: str


@dataclass(frozen=True)
class Prefill:
    """`made_on` says which units are today's; `data_date` is when this state of the parcel was recorded."""

    made_on: date
    data_date: date
    parcel_key: str
    parcel_version: int
    synthetic: bool
    geohash: str
    sheet_no: int
    parcel_no: int
    units: Units
    register_area_m2: Decimal | None
    survey_area_m2: Decimal
    table_area_m2: Decimal
    perimeter_m: Decimal
    certificate: str | None
    land_types: tuple[LandType, ...]
    crs: str
    central_meridian: Decimal
    rings: tuple[Ring, ...]
    procedure: Target | None


def prefill(parcel_key: str, code: str | None, reader: Reader, *, made_on: date) -> Prefill:
    """Of a parcel as recorded, for the procedure `code` in force on `made_on`, or for any (None).

    Raises NotAllowed; NotFound (parcel, procedure); Gone for a procedure that was replaced or abolished.
    """
    require_read(reader, PARCELS)
    facts = parcel_facts(parcel_key, made_on)
    units = units_of(parcel_key.rsplit("-", 2)[0], made_on)
    same = ("parcel_key", "parcel_version", "data_date", "synthetic", "geohash", "sheet_no", "parcel_no",
            "register_area_m2", "survey_area_m2", "table_area_m2", "perimeter_m", "certificate", "land_types", "crs",
            "central_meridian", "rings")  # fmt: skip
    return Prefill(
        made_on=made_on,
        units=units,
        procedure=_target(code, units, made_on) if code else None,
        **{name: getattr(facts, name) for name in same},
    )


def _target(code: str, units: Units, day: date) -> Target:
    area_code = units.now[0].code if len(units.now) == 1 else None
    try:
        found = catalogue.procedure(code.replace("\x00", ""), on=day, area_code=area_code)
    except NotFound as fault:
        said = "".join(letter for letter in code[:40] if letter.isprintable())
        raise NotFound(
            gettext("Danh mục không có thủ tục nào mã “%(code)s”.") % {"code": said}, parameter="thu-tuc"
        ) from fault
    row = found.procedure
    return Target(
        code=row.code,
        code_verified=row.code_status == "verified",
        name_vi=row.name_vi,
        decision=row.decision or "",
        places=tuple(map(place_of, found.handlers)),
        result_vi=row.result_vi or "",
        portal_url=row.detail_url if (row.detail_url or "").startswith("https://") else "",
    )


@dataclass(frozen=True)
class Line:
    """A label and what is to be written there, as in the JSON."""

    label: str
    value: str


def lines(sheet: Prefill) -> tuple[Line, ...]:
    """Everything but the table of corners, in the order of the forms."""
    found = [*_target_lines(sheet.procedure), *_parcel_lines(sheet)]
    return tuple(Line(label, value) for label, value in found)


def _target_lines(target: Target | None) -> list[tuple[str, str]]:
    if target is None:
        return []
    levels = {code: vi for code, vi, _ in LEVELS}
    unverified = "" if target.code_verified else " (mã chưa kiểm chứng)"
    found = [("Thủ tục", f"{target.code}{unverified} – {target.name_vi}")]
    for place in target.places:
        where = place.office_vi or place.reason_vi
        counter = f", nộp tại {place.counter_vi}" if place.counter_vi else ""
        found.append((f"Nơi giải quyết, {levels.get(place.level, place.level).lower()}", where + counter))
    found.append(("Thành phần hồ sơ", "danh mục chưa có; xem trang của thủ tục trên Cổng dịch vụ công"))
    found.append(("Cổng dịch vụ công", target.portal_url or "chưa có địa chỉ"))
    return found


def _parcel_lines(sheet: Prefill) -> list[tuple[str, str]]:
    register = f"{sheet.register_area_m2} m²" if sheet.register_area_m2 is not None else "chưa có số liệu"
    found = [
        ("Người nộp hồ sơ", "…………………………… (người nộp tự ghi)"),
        ("Mã thửa đất", sheet.geohash),
        ("Thửa đất số", str(sheet.parcel_no)),
        ("Tờ bản đồ số", str(sheet.sheet_no)),
        ("Đơn vị khi lập bản đồ", _then(sheet.units.then)),
        ("Đơn vị hành chính hiện nay", "; ".join(map(_now, sheet.units.now)) or "chưa rõ"),
        ("Diện tích theo hồ sơ", register),
        ("Diện tích đo đạc", f"{sheet.survey_area_m2} m²"),
        *((f"Loại đất, {KINDS[each.kind].lower()}", f"{each.code} ({each.name_vi})") for each in sheet.land_types),
        ("Giấy chứng nhận", CERTIFICATES[sheet.certificate]),
        ("Hệ tọa độ", f"VN-2000, kinh tuyến trục {meridian(float(sheet.central_meridian))}, múi 3° ({sheet.crs}); "
                      "X hướng bắc, Y hướng đông"),
        ("Diện tích tính từ bảng tọa độ", f"{sheet.table_area_m2} m²"),
        ("Chu vi ranh ngoài", f"{sheet.perimeter_m} m"),
        ("Dữ liệu ghi nhận ngày", f"{sheet.data_date:%d/%m/%Y}, phiên bản {sheet.parcel_version}"),
        ("Lập phiếu ngày", f"{sheet.made_on:%d/%m/%Y}"),
    ]  # fmt: skip
    return found


def _then(unit: Unit) -> str:
    held = period(unit.valid_from, unit.valid_to)
    return f"{unit.name_vi} (mã {unit.code}{', ' + held if held else ''})"


def _now(unit: Unit) -> str:
    return f"{unit.name_vi} (mã {unit.code})"


def corners(sheet: Prefill) -> tuple[tuple[tuple[str, str, str, str], ...], ...]:
    """The table of each ring, the closing row included."""
    return tuple(
        tuple(
            (str(each.number), str(each.x_m), str(each.y_m), "–" if each.edge_m is None else str(each.edge_m))
            for each in ring.corners
        )
        for ring in sheet.rings
    )


def as_text(sheet: Prefill) -> str:
    """Plain text to be copied: a line each, the table with tabs, so that it falls into the cells of a spreadsheet."""
    rows = ["PHIẾU THÔNG TIN THỬA ĐẤT"]
    if sheet.synthetic:
        rows.append(SYNTHETIC)
    rows += [f"{line.label}: {line.value}" for line in lines(sheet)]
    for number, ring in enumerate(corners(sheet)):
        rows.append("Bảng tọa độ góc ranh" + (f", ranh trong {number}" if number else ""))
        rows.append("\t".join(HEADS))
        rows += ["\t".join(row) for row in ring]
    return "\n".join(rows) + "\n"


def render_prefill(sheet: Prefill) -> bytes:
    """The PDF with the canonical JSON attached. Raises Unavailable where Pango is not installed."""
    content = canonical_json(sheet)
    at = timezone.make_aware(datetime.combine(sheet.made_on, time()))
    code = f"-{sheet.procedure.code}" if sheet.procedure else ""
    words = Words(f"dien-san-{sheet.parcel_key}{code}.json", "Nội dung gốc của phiếu (JSON)", content, at)
    context = {"sheet": sheet, "lines": lines(sheet), "rings": corners(sheet), "heads": HEADS, "notice": SYNTHETIC,
               "sha256": sha256(content)}  # fmt: skip
    return draw_paper("reports/prefill.html", context, style="prefill.css", words=words)
