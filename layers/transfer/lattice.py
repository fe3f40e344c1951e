"""The ground plan under synthetic parcels: one warped lattice of blocks of about 100 m over all communes.

Each cell of the lattice belongs to one commune (or to none) and has a kind: urban, rural, open land, or nothing.
Positions and choices depend only on (seed, column, row), so two processes that look at the same cell from two
sides see the same vertices: that is why the fabric has no gap. All coordinates are EPSG:9218, rounded to 1 mm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

BLOCK_M = 100.0
JITTER_M = 5.0
SNAP_M = 30.0  # nodes this near to a commune's outline move onto it; more could fold a block
MARGIN_CELLS = 2
SHEET_CELLS = 12  # a sheet is at most 12 × 12 blocks (1:5000) …
FULL_SHEET_PARCELS = 400  # … and is cut into sheets of 3 × 3 blocks (1:500) when it would hold more parcels
SMALL_SHEET_CELLS = 3

# Parcels that a block of each kind gives on average, with its share of roads; seen in the fabric itself.
PARCELS_PER_URBAN = 43.0
PARCELS_PER_RURAL = 7.4


class Kind(IntEnum):
    NOTHING = 0
    OPEN = 1
    RURAL = 2
    URBAN = 3


@dataclass(frozen=True)
class Commune:
    """A commune as it was when its sheets were made. `outline` and `centre` (easting, northing) in EPSG:9218."""

    key: str
    name: str
    urban: bool
    centre: tuple[float, float]
    outline: BaseGeometry
    parent_key: str = ""


@dataclass(frozen=True)
class Lattice:
    """`nodes` (columns+1, rows+1, 2); `commune` (columns, rows) index or -1; `kind` (columns, rows).

    Per commune: `window` holds all its cells and two beyond on each side; `group` is the side, in cells, of the
    squares in which open land lies.
    """

    seed: int
    communes: tuple[Commune, ...]
    nodes: np.ndarray
    commune: np.ndarray
    kind: np.ndarray
    window: tuple[tuple[slice, slice], ...]
    group: tuple[int, ...]

    def cells(self, commune: int, kind: Kind | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Columns and rows of the commune's cells (of one kind)."""
        window = self.window[commune]
        chosen = self.commune[window] == commune
        if kind is not None:
            chosen &= self.kind[window] == kind
        column, row = np.nonzero(chosen)
        return column + window[0].start, row + window[1].start


def noise(seed: int, *parts) -> np.ndarray:
    """Uniform numbers in [0, 1) that depend only on the integers given (splitmix64). Broadcasts."""
    with np.errstate(over="ignore"):
        state = np.uint64(seed & 0xFFFFFFFFFFFFFFFF)
        for part in parts:
            state = _mix(state ^ (np.asarray(part).astype(np.int64).view(np.uint64) + np.uint64(0x9E3779B97F4A7C15)))
    return (state >> np.uint64(11)).astype(np.float64) / 2**53


def _mix(state):
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def plan(communes: Sequence[Commune], count: int, seed: int) -> Lattice:
    """A lattice over the communes whose fabric will hold about `count` parcels (within some per cent)."""
    bounds = shapely.total_bounds(np.array([commune.outline for commune in communes]))
    origin = np.floor(bounds[:2] / BLOCK_M).astype(int) - MARGIN_CELLS
    size = np.ceil(bounds[2:] / BLOCK_M).astype(int) + MARGIN_CELLS - origin
    nodes = _warped_nodes(origin, size, seed)
    windows = tuple(_window(entry.outline, origin, size) for entry in communes)
    commune = _communes_of_cells(nodes, communes, windows)
    nodes = np.round(_snapped(nodes, commune, communes), 3)
    bare = Lattice(seed, tuple(communes), nodes, commune, np.sign(commune + 1).astype(np.int8), windows, ())
    group = _set_kinds(bare, count)
    return replace(bare, group=group)


def _window(outline: BaseGeometry, origin: np.ndarray, size: np.ndarray) -> tuple[slice, slice]:
    bounds = np.array(outline.bounds) / BLOCK_M
    first = np.maximum(np.floor(bounds[:2]).astype(int) - origin - 3, 0)
    last = np.minimum(np.ceil(bounds[2:]).astype(int) - origin + 3, size)
    return slice(int(first[0]), int(last[0])), slice(int(first[1]), int(last[1]))


def _warped_nodes(origin: np.ndarray, size: np.ndarray, seed: int) -> np.ndarray:
    """Positions of all nodes before snapping; column by column, so that no large temporary arises."""
    nodes = np.empty((size[0] + 1, size[1] + 1, 2))
    row = np.arange(size[1] + 1) + origin[1]
    y, swing = row * BLOCK_M, 2 * np.pi
    for step in range(size[0] + 1):
        column = step + origin[0]
        x = column * BLOCK_M
        shift_x = 38 * np.sin(swing * y / 2100 + 1.3) + 20 * np.sin(swing * (x + y) / 3700)
        shift_y = 38 * np.sin(swing * x / 2300 + 0.4) + 20 * np.sin(swing * (x - y) / 3300 + 2)
        nodes[step, :, 0] = x + shift_x + JITTER_M * (2 * noise(seed, 1, column, row) - 1)
        nodes[step, :, 1] = y + shift_y + JITTER_M * (2 * noise(seed, 2, column, row) - 1)
    return nodes


def _communes_of_cells(nodes: np.ndarray, communes: Sequence[Commune], windows) -> np.ndarray:
    result = np.full((nodes.shape[0] - 1, nodes.shape[1] - 1), -1, dtype=np.int16)
    for index, (commune, (columns, rows)) in enumerate(zip(communes, windows, strict=True)):
        part = nodes[columns.start : columns.stop + 1, rows.start : rows.stop + 1]
        centre = (part[:-1, :-1] + part[1:, :-1] + part[1:, 1:] + part[:-1, 1:]) / 4
        shapely.prepare(commune.outline)
        inside = shapely.contains_xy(commune.outline, centre[..., 0], centre[..., 1])
        free = result[columns, rows] < 0
        result[columns, rows][inside & free] = index
    result[[0, -1], :] = -1
    result[:, [0, -1]] = -1
    return result


def _snapped(nodes: np.ndarray, commune: np.ndarray, communes: Sequence[Commune]) -> np.ndarray:
    """Move nodes between two communes (or land and sea) onto the outline, where it is near."""
    around = np.stack([commune[:-1, :-1], commune[1:, :-1], commune[1:, 1:], commune[:-1, 1:]])
    between = np.zeros(nodes.shape[:2], dtype=bool)
    between[1:-1, 1:-1] = (around != around[0]).any(axis=0)
    points = shapely.points(nodes[between])
    edges = shapely.get_parts([shapely.boundary(commune.outline) for commune in communes])
    point_index, edge_index = shapely.STRtree(edges).query_nearest(points, max_distance=SNAP_M, all_matches=False)
    links = shapely.shortest_line(points[point_index], edges[edge_index])
    moved = nodes[between]
    moved[point_index] = shapely.get_coordinates(links)[1::2]
    result = nodes.copy()
    result[between] = moved
    return result


def _set_kinds(lattice: Lattice, count: int) -> tuple[int, ...]:
    """Urban blocks about each centre, fields around them, open land beyond; as many as the count asks for.

    Writes `lattice.kind` in place; returns the side of open land's squares per commune.
    """
    communes, seed = lattice.communes, lattice.seed
    cells = np.bincount(lattice.commune[lattice.commune >= 0], minlength=len(communes))
    wanted = _shares(cells, np.array([commune.urban for commune in communes]), count)
    groups = []
    for index, commune in enumerate(communes):
        columns, rows = lattice.cells(index)
        convex = _buildable(lattice.nodes, columns, rows)
        columns, rows = columns[convex], rows[convex]
        side = _group_side(cells[index], wanted[index])
        groups.append(side)
        parcels = max(wanted[index] - cells[index] / side**2, 0)
        urban, rural = _blocks(parcels, commune.urban, len(columns))
        away = _remoteness(lattice.nodes[columns, rows], commune.centre, columns, rows, seed, index)
        order = np.argsort(away, kind="stable")
        lattice.kind[columns[order[:urban]], rows[order[:urban]]] = Kind.URBAN
        fields = order[urban : urban + rural]
        lattice.kind[columns[fields], rows[fields]] = Kind.RURAL
    return tuple(groups)


def _shares(cells: np.ndarray, urban: np.ndarray, count: int) -> np.ndarray:
    """Parcels per commune: more for wards and towns, never more than its blocks can hold."""
    room = cells * np.where(urban, 0.95 * PARCELS_PER_URBAN, 0.6 * PARCELS_PER_URBAN)
    weight = np.sqrt(cells) * np.where(urban, 2.0, 1.0)
    wanted = np.zeros(len(cells))
    for _ in range(8):
        short = count - wanted.sum()
        free = wanted < room
        if short < 1 or not free.any():
            break
        wanted = np.minimum(wanted + short * weight * free / (weight * free).sum(), room)
    return wanted


def _group_side(cells: int, wanted: float) -> int:
    """Open land lies in parcels of side × side blocks, so that they are about a tenth of the commune's parcels."""
    side = int(np.ceil(np.sqrt(cells / max(0.1 * wanted, 1))))
    return min((1, 2, 3, 4, 6, 12), key=lambda divisor: abs(divisor - side))


def _blocks(parcels: float, is_urban: bool, cells: int) -> tuple[int, int]:
    share = 0.78 if is_urban else 0.4
    urban = parcels * share / PARCELS_PER_URBAN
    rural = parcels * (1 - share) / PARCELS_PER_RURAL
    if urban + rural > cells:  # too little ground: fewer fields, more town
        urban = max(parcels - PARCELS_PER_RURAL * cells, 0) / (PARCELS_PER_URBAN - PARCELS_PER_RURAL)
        rural = cells - urban
    return round(min(urban, cells)), max(round(rural), 0)


def _remoteness(position, centre, columns, rows, seed, index) -> np.ndarray:
    """Metres to the nearest of the commune's centre and two hamlets, made uneven so that towns are no circles."""
    places = np.array([centre, *_hamlets(position, seed, index)])
    distance = np.sqrt(((position[:, None] - places[None]) ** 2).sum(axis=-1)) + np.array([0, 400, 700])[: len(places)]
    patches = noise(seed, 11, columns // 3, rows // 3) + 0.5 * noise(seed, 12, columns, rows)
    return distance.min(axis=1) * (0.75 + 0.4 * patches)


def _hamlets(position: np.ndarray, seed: int, index: int) -> list[np.ndarray]:
    if len(position) < 300:
        return []
    return [position[int(noise(seed, 13, index, which) * len(position))] for which in (0, 1)]


def _buildable(nodes: np.ndarray, column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Cells that are convex and not squeezed, so that lots can be laid out in them."""
    corner = np.stack([nodes[column, row], nodes[column + 1, row], nodes[column + 1, row + 1], nodes[column, row + 1]])
    before, after = corner - np.roll(corner, 1, axis=0), np.roll(corner, -1, axis=0) - corner
    turn = before[..., 0] * after[..., 1] - before[..., 1] * after[..., 0]
    length = np.sqrt((after**2).sum(axis=-1))
    return (turn > 0.5 * BLOCK_M**2).all(axis=0) & (length > 0.6 * BLOCK_M).all(axis=0)
