"""Synthetic zones of the other themes: corridors, forest, a mineral reserve, detailed plans. Invented, as their plans.

They overlap the land-use plan and each other, stand in every state, and each theme is checked in some communes only:
elsewhere, and for the themes not made here, the answer is "no data".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.collections.planning_zones.themes import THEMES, Theme
from layers.transfer.lattice import Commune, Lattice, noise
from layers.transfer.plan_lines import Plan, clean, coverage_line, zone_line

CORRIDOR_M = 20.0  # on either side of a planned road
POWER_LINE_M = 15.0
_BY_ID = {theme.id: theme for theme in THEMES}


@dataclass(frozen=True)
class _Zone:
    plan: Plan
    name_vi: str
    name_en: str
    code: str
    ground: BaseGeometry


def theme_lines(
    lattice: Lattice, index: int, commune: Commune, ground: BaseGeometry, roads: Sequence[BaseGeometry]
) -> tuple[str, str]:
    """CSV of zones and of coverage for one commune. `ground`: where the commune's cells lie."""
    zones, coverage = "", ""
    for theme_id, made in _MADE.items():
        theme = _BY_ID[theme_id]
        checked = _checked(lattice.seed, index, theme, ground)
        if checked is None:
            continue
        coverage += coverage_line(theme.checked_as, theme.title_vi, theme.title_en, commune, checked)
        serial = 0
        for zone in made(lattice.seed, index, commune, roads):
            for part in clean(shapely.intersection(zone.ground, checked)):
                serial += 1
                key = f"MAU-{commune.key}-{theme_id}-{serial}"
                zones += zone_line(key, zone.plan, zone.name_vi, zone.name_en, zone.code, part)
    return zones, coverage


def _checked(seed: int, index: int, theme: Theme, ground: BaseGeometry) -> BaseGeometry | None:
    """All of three communes in five, the northern half of one, nothing of one."""
    draw = float(noise(seed, 201 + list(_MADE).index(theme.id), index))
    if draw < 0.2:
        return None
    if draw >= 0.4:
        return ground
    min_x, min_y, max_x, max_y = ground.bounds
    return shapely.intersection(ground, shapely.box(min_x, (min_y + max_y) / 2, max_x, max_y))


def _plan(
    theme_id: str, index: int, commune: Commune, days: tuple[str, str, str, str], letter: str, **more: str
) -> Plan:
    """`days`: on display, decided, in force, ended."""
    theme = _BY_ID[theme_id]
    displayed, decided, begins, ends = days
    number = f"MẪU-{theme_id.upper()}-{index + 1:02d}{letter}/QĐ"
    status = "expired" if ends and ends < "2026" else "in_force" if begins and begins < "2026" else "adopted"
    return Plan(
        id=f"MAU-{theme_id}-{index + 1:02d}{letter}",
        title=f"{theme.title_vi} {commune.name}{f' – phương án {letter}' if letter else ''} (dữ liệu mẫu)",
        decision_no=number if decided else number.replace("/QĐ", "/DT"),
        decision_date=decided,
        displayed_from=displayed,
        valid_from=begins,
        valid_to=ends,
        status=status if decided else "on_display",
        theme=theme_id,
        law=theme.law,
        law_article=theme.law_article,
        office_key=theme.office,
        **more,
    )


def _road_corridors(seed: int, index: int, commune: Commune, roads: Sequence[BaseGeometry]) -> Iterator[_Zone]:
    plan = _plan(
        "road_corridor", index, commune, ("2021-03-01", "2021-09-10", "2021-10-01", ""), "",
        consequence_vi="Không xây công trình trong hành lang; cây, hàng rào theo quy định của cơ quan đường bộ (mẫu).",
        consequence_en="No building in the corridor; trees and fences as the road authority rules (sample).",
    )  # fmt: skip
    for road in roads:
        around = road.buffer(CORRIDOR_M, cap_style="flat", join_style="mitre")
        yield _Zone(plan, "Hành lang đường", "Road corridor", "DGT", around)


def _power_line(seed: int, index: int, commune: Commune, roads: Sequence[BaseGeometry]) -> Iterator[_Zone]:
    plan = _plan(
        "power_corridor", index, commune, ("2024-02-01", "2024-06-15", "2024-08-01", ""), "",
        consequence_vi="Nhà ở và công trình phải giữ khoảng cách an toàn với đường dây (mẫu).",
        consequence_en="Houses and works keep the safety distance from the line (sample).",
    )  # fmt: skip
    reach, centre = np.sqrt(commune.outline.area), np.array(commune.centre)
    angle = np.pi * float(noise(seed, 221, index))
    step, aside = reach * np.array([np.cos(angle), np.sin(angle)]), 180 * np.array([-np.sin(angle), np.cos(angle)])
    line = shapely.linestrings([centre + aside - step, centre + aside + step])
    yield _Zone(plan, "Hành lang đường dây", "Power-line corridor", "DNL", line.buffer(POWER_LINE_M, cap_style="flat"))


def _forest(seed: int, index: int, commune: Commune, roads: Sequence[BaseGeometry]) -> Iterator[_Zone]:
    plan = _plan(
        "protection_forest", index, commune, ("", "2017-11-20", "2018-01-01", ""), "",
        consequence_vi="Chuyển mục đích sử dụng rừng phải được cấp có thẩm quyền quyết định (mẫu).",
        consequence_en="Turning forest to another use needs the decision of the competent level (sample).",
    )  # fmt: skip
    yield _Zone(plan, "Khoảnh rừng phòng hộ", "Protection forest", "RPH", _disc(seed, 231, index, commune, 0.35, 0.16))


def _mineral(seed: int, index: int, commune: Commune, roads: Sequence[BaseGeometry]) -> Iterator[_Zone]:
    plan = _plan(
        "mineral_reserve", index, commune, ("2026-01-10", "2026-09-01", "2027-01-01", ""), "",
        consequence_vi="Dự án trong khu vực dự trữ phải được chấp thuận trước và có thời hạn (mẫu).",
        consequence_en="Projects in the reserve need prior consent and are limited in time (sample).",
    )  # fmt: skip
    yield _Zone(plan, "Dự trữ ti-tan", "Titanium reserve", "SKS", _disc(seed, 241, index, commune, 0.25, 0.2))


def _detailed(seed: int, index: int, commune: Commune, roads: Sequence[BaseGeometry]) -> Iterator[_Zone]:
    """Three plans over each other: run out, in force, and its change on display."""
    texts = {
        "consequence_vi": "Xây dựng theo chỉ tiêu của quy hoạch chi tiết (mẫu).",
        "consequence_en": "Build by the figures of the detailed plan (sample).",
    }
    stages = (
        ("A", ("", "2012-04-02", "2012-05-01", "2022-05-01"), "CLN"),
        ("B", ("2021-11-01", "2022-04-10", "2022-05-01", "2032-05-01"), "TMD"),
        ("C", ("2026-10-01", "", "", ""), "DKV"),
    )
    for turn, (letter, days, code) in enumerate(stages):
        plan = _plan("detailed_plan", index, commune, days, letter, **texts)
        yield _Zone(plan, "Khu chi tiết", "Detailed area", code, _disc(seed, 251 + turn, index, commune, 0.08, 0.12))
    plan = _plan("detailed_plan", index, commune, stages[1][1], "B", **texts)
    overlap = _disc(seed, 252, index, commune, 0.08, 0.06)
    yield _Zone(plan, "Khu công viên chi tiết", "Detailed park", "DKV", shapely.transform(overlap, lambda c: c + 40.0))


def _disc(seed: int, purpose: int, index: int, commune: Commune, away: float, size: float) -> BaseGeometry:
    """An octagon near the centre; `away` and `size` are shares of the commune's breadth."""
    breadth = np.sqrt(commune.outline.area)
    angle = 2 * np.pi * float(noise(seed, purpose, index))
    centre = np.array(commune.centre) + away * breadth * np.array([np.cos(angle), np.sin(angle)])
    return shapely.points(centre).buffer(size * breadth, quad_segs=2)


_MADE = {
    "road_corridor": _road_corridors,
    "power_corridor": _power_line,
    "protection_forest": _forest,
    "mineral_reserve": _mineral,
    "detailed_plan": _detailed,
}
