"""Synthetic zones of land-use plans, and where layers count as checked. Invented: decisions are called MẪU-nn/QĐ.

Zones are drawn on squares that do not follow the parcels, so many parcels lie partly in a zone. Some communes,
and half of another, are left unchecked on purpose: there the answer is "not enough data", never "no zone".
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.transfer.lattice import BLOCK_M, Commune, Lattice, noise
from layers.transfer.plan_lines import Plan, clean, coverage_line, zone_line
from layers.transfer.synthetic_themes import theme_lines

UNCHECKED_EVERY = 9  # of nine communes one has no plan that was checked, and one is checked in its western half
_FIRST_UNCHECKED, _FIRST_HALF = 4, 2
ROAD_WIDTHS_M = (16.0, 24.0)

_CODES = {  # planned use: share by nearness to the centre, Vietnamese and English name
    "ODT": (0.40, 0.10, "Khu đất ở đô thị", "Urban residential land"),
    "TMD": (0.16, 0.14, "Khu thương mại, dịch vụ", "Commercial and service land"),
    "DKV": (0.10, 0.04, "Khu vui chơi, sinh hoạt cộng đồng", "Public recreation land"),
    "DGD": (0.08, 0.02, "Khu giáo dục và đào tạo", "Education land"),
    "SKC": (0.06, 0.08, "Khu sản xuất phi nông nghiệp", "Non-agricultural production land"),
    "CLN": (0.12, 0.30, "Khu trồng cây lâu năm", "Perennial-crop land"),
    "RPH": (0.08, 0.32, "Khu rừng phòng hộ", "Protection forest"),
}
_RURAL = {"ODT": ("ONT", "Khu đất ở nông thôn", "Rural residential land")}
_ROAD = ("DGT", "Mở rộng đường", "Road widening")


def plan_rows(lattice: Lattice, index: int) -> tuple[bytes, bytes]:
    """CSV of planning_zones and of coverage for one commune: where each layer and theme was laid out and checked."""
    commune = lattice.communes[index]
    column, row = lattice.cells(index)
    if not len(column):
        return b"", b""
    ground = _ground(lattice, column, row)
    zones, coverage = "", coverage_line("parcels", "Thửa đất", "Parcels", commune, ground)
    checked = _checked(lattice, index, column, row)
    if checked is not None:
        coverage += coverage_line("planning_zones", "Quy hoạch sử dụng đất", "Land-use plans", commune, checked)
        zones = "".join(_zones_of(lattice, index, commune, checked))
    of_themes = theme_lines(lattice, index, commune, ground, _roads(lattice.seed, index, commune, ground))
    return (zones + of_themes[0]).encode(), (coverage + of_themes[1]).encode()


def _checked(lattice: Lattice, index: int, column: np.ndarray, row: np.ndarray) -> BaseGeometry | None:
    """Where plans of the commune were checked; None: nowhere."""
    turn = index % UNCHECKED_EVERY
    if turn == _FIRST_UNCHECKED:
        return None
    western = column <= np.median(column) if turn == _FIRST_HALF else np.ones(len(column), dtype=bool)
    return _ground(lattice, column[western], row[western])


def _ground(lattice: Lattice, column: np.ndarray, row: np.ndarray) -> BaseGeometry:
    """The union of cells, from the edges that only one of them has."""
    low = np.array([column.min(), row.min()]) - 1
    mine = np.zeros((column.max() - low[0] + 2, row.max() - low[1] + 2), dtype=bool)
    mine[column - low[0], row - low[1]] = True
    upright = np.argwhere(mine[1:] != mine[:-1]) + low + (1, 0)  # from each node to the one north of it
    level = np.argwhere(mine[:, 1:] != mine[:, :-1]) + low + (0, 1)
    nodes = lattice.nodes
    edges = [
        np.stack([nodes[at[:, 0], at[:, 1]], nodes[at[:, 0] + dx, at[:, 1] + dy]], axis=1)
        for at, dx, dy in ((upright, 0, 1), (level, 1, 0))
    ]
    return shapely.build_area(shapely.multilinestrings(shapely.linestrings(np.concatenate(edges))))


def _zones_of(lattice: Lattice, index: int, commune: Commune, checked: BaseGeometry) -> Iterator[str]:
    current, former = _plans(commune, index)
    roads = _roads(lattice.seed, index, commune, checked)
    road_area = shapely.union_all(roads)
    serial = 0
    for code, zone in _areas(lattice.seed, index, commune, checked):
        vi, en = _CODES[code][2:]
        if code in _RURAL and not commune.urban:
            code, vi, en = _RURAL[code]
        for part in clean(shapely.difference(zone, road_area)):
            serial += 1
            yield _zone_row(commune, current, serial, code, vi, en, part)
    for road in roads:
        for part in clean(road):
            serial += 1
            yield _zone_row(commune, current, serial, *_ROAD, part)
    old = shapely.intersection(shapely.Point(commune.centre).buffer(400, quad_segs=4), checked)
    for part in clean(old):
        serial += 1
        yield _zone_row(commune, former, serial, "CLN", "Khu trồng cây lâu năm", "Perennial-crop land", part)


def _zone_row(commune: Commune, plan: Plan, serial: int, code: str, vi: str, en: str, zone: BaseGeometry) -> str:
    return zone_line(f"MAU-{commune.key}-{serial}", plan, f"{vi} {serial}", f"{en} {serial}", code, zone)


def _plans(commune: Commune, index: int) -> tuple[Plan, Plan]:
    """The plan of today, in one of its stages, and one that has run out."""
    title = f"Quy hoạch sử dụng đất {commune.name} (dữ liệu mẫu)"
    number, plan_id = f"MẪU-{index + 1:02d}/QĐ", f"MAU-land_use_plan-{index + 1:02d}"
    if index % 6 == 3:
        draft = f"MẪU-{index + 1:02d}/DT"
        current = Plan(plan_id, title, draft, "", "2026-09-01", "", "", "on_display")
    elif index % 6 == 5:
        current = Plan(plan_id, title, number, "2026-06-15", "2026-02-02", "2027-01-01", "2031-01-01", "adopted")
    else:
        current = Plan(plan_id, title, number, "2021-09-10", "2021-03-01", "2021-10-01", "2031-01-01", "in_force")
    former = Plan(
        f"{plan_id}A", f"{title} – kỳ 2011–2020", f"MẪU-{index + 1:02d}A/QĐ", "2011-05-20", "", "2011-06-01",
        "2021-01-01", "expired",
    )  # fmt: skip
    return current, former


def _areas(seed: int, index: int, commune: Commune, checked: BaseGeometry) -> Iterator[tuple[str, BaseGeometry]]:
    """One multipolygon per planned use: squares off the lattice, about three quarters of the checked ground."""
    side = BLOCK_M * (4.3 if commune.outline.area < 40e6 else 9.7)
    min_x, min_y, max_x, max_y = checked.bounds
    columns, rows = np.meshgrid(
        np.arange(int(min_x // side), int(max_x // side) + 1), np.arange(int(min_y // side), int(max_y // side) + 1)
    )
    columns, rows = columns.ravel(), rows.ravel()
    corners = [_square_corner(seed, columns + dx, rows + dy, side) for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1))]
    squares = shapely.polygons(np.stack(corners, axis=1))
    away = np.hypot(*(corners[0] - np.array(commune.centre)).T) / np.sqrt(commune.outline.area)
    draw = noise(seed, 101, columns, rows)
    for code, chosen in _choice(draw, away < 0.3):
        if chosen.any():
            yield code, shapely.intersection(shapely.union_all(squares[chosen]), checked)


def _choice(draw: np.ndarray, near: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    low = np.zeros(len(draw))
    for code, (share_near, share_far, *_) in _CODES.items():
        high = low + 0.75 * np.where(near, share_near, share_far)
        yield code, (draw >= low) & (draw < high)
        low = high


def _square_corner(seed: int, column, row, side: float) -> np.ndarray:
    wobble = [0.35 * (noise(seed, 102 + axis, column, row) - 0.5) for axis in (0, 1)]
    return np.stack([(column + wobble[0]) * side, (row + wobble[1]) * side], axis=-1)


def _roads(seed: int, index: int, commune: Commune, checked: BaseGeometry) -> list[BaseGeometry]:
    """Two straight roads through the centre, wider than the streets that are there."""
    reach = np.sqrt(commune.outline.area)
    roads = []
    for which, width in enumerate(ROAD_WIDTHS_M):
        angle = np.pi * (float(noise(seed, 105, index)) + 0.5 * which)
        step = reach * np.array([np.cos(angle), np.sin(angle)])
        centre = np.array(commune.centre)
        line = shapely.linestrings([centre - step, centre + step]).buffer(width / 2, cap_style="flat")
        roads.append(shapely.intersection(line, checked))
    return [roads[0], shapely.difference(roads[1], roads[0])]
