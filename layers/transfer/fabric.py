"""Parcels of one commune as polygons: lots in blocks, lanes, streets between blocks, open land.

Every vertex is computed once, or from the same numbers by the same formula on both sides, and rounded to 1 mm:
neighbours share their vertices exactly, no street or field leaves a gap. Streets take up all corners of the lots
along them, so no lot corner lies on the edge of a parcel that does not have it. EPSG:9218 throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import shapely

from layers import geo
from layers.transfer.lattice import Kind, Lattice, noise

MAX_LOTS = 13
SIDE_POINTS = MAX_LOTS + 1
STREET_HALF = 0.034  # of a block: 3.4 m on each side of the line
TRACK_HALF = 0.02
LANE_HALF = 0.021  # of the depth inside an urban block
LABEL_TOLERANCE_M = 1.0  # coarser than in `geo`: a million identifiers are issued at a time
POND_SHARE, HOLE_SHARE, JOIN_SHARE = 0.03, 0.05, 0.06
_ANGLES = np.linspace(0, 2 * np.pi, 9)[:-1]
_OCTAGON = np.round(np.column_stack([0.5 + 0.22 * np.cos(_ANGLES), 0.5 + 0.22 * np.sin(_ANGLES)]), 6)


class Role(IntEnum):
    LOT = 0
    FIELD = 1
    ROAD = 2
    POND = 3
    OPEN = 4
    HOLE = 5  # cemetery or lake in the midst of open land


@dataclass(frozen=True)
class Pieces:
    """Polygons of a commune, with their role, the lattice cell they belong to, and a random stamp in [0, 1).

    `serial` tells pieces of one role and cell apart; lots that follow each other along a street have following ones.

    `label` (n, 2) is the point deep inside from which the identifier is made: polylabel; of a street or lane,
    whose width is even, the middle of its axis, which polylabel with 1 m of tolerance may answer as well.
    """

    polygons: np.ndarray
    role: np.ndarray
    column: np.ndarray
    row: np.ndarray
    serial: np.ndarray
    stamp: np.ndarray
    label: np.ndarray


@dataclass(frozen=True)
class _Part:
    """Pieces of one kind before they are joined; `serial` tells pieces of one cell apart, roads bring their `label`."""

    polygons: np.ndarray
    role: Role
    column: np.ndarray
    row: np.ndarray
    serial: np.ndarray | int
    label: np.ndarray | None = None


def pieces_of(lattice: Lattice, commune: int) -> Pieces:
    """All parcels of one commune, in an order that depends only on the lattice."""
    parts = [part for part in _parts(lattice, commune) if len(part.polygons)]
    column = np.concatenate([part.column for part in parts])
    row = np.concatenate([part.row for part in parts])
    role = np.concatenate([np.full(len(part.polygons), part.role, dtype=np.int8) for part in parts])
    serial = np.concatenate([np.broadcast_to(part.serial, part.column.shape) for part in parts])
    stamp = noise(lattice.seed, 20, column, row, role, serial)
    label = np.concatenate([_labels(part) for part in parts])
    return Pieces(np.concatenate([part.polygons for part in parts]), role, column, row, serial, stamp, label)


def _labels(part: _Part) -> np.ndarray:
    return geo.label_points(part.polygons, LABEL_TOLERANCE_M) if part.label is None else part.label


def _parts(lattice: Lattice, commune: int) -> Iterator[_Part]:
    blocks = _Blocks(lattice, commune)
    yield from blocks.lots()
    yield blocks.lanes()
    yield from blocks.streets()
    yield from _open_land(lattice, commune)


def _at(corners: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Points at (u, v) in quadrilaterals: corners (n, 4, 2), u and v (n, k) → (n, k, 2), rounded to 1 mm."""
    u, v = u[..., None], v[..., None]
    a, b, c, d = (corners[:, k, None, :] for k in range(4))
    return np.round((1 - u) * (1 - v) * a + u * (1 - v) * b + u * v * c + (1 - u) * v * d, 3)


def _polygons(rings: np.ndarray) -> np.ndarray:
    """Open rings (n, k, 2), all of k vertices, as polygons."""
    if not len(rings):
        return np.empty(0, dtype=object)
    return shapely.polygons(shapely.linearrings(np.ascontiguousarray(rings)))


class _Blocks:
    """The built-up and field blocks of a commune, with those of the neighbours that touch its streets.

    `corners` (n, 4, 2) anticlockwise from the south-west, inside the half streets; `sides` (n, 4, SIDE_POINTS, 2)
    the vertices along each side, anticlockwise, `side_count` (n, 4) how many.
    """

    def __init__(self, lattice: Lattice, commune: int) -> None:
        self.lattice, self.commune = lattice, commune
        self.seed = lattice.seed
        window = lattice.window[commune]
        self.origin = window[0].start, window[1].start
        built = lattice.kind[window] >= Kind.RURAL
        own = (lattice.commune[window] == commune) & built
        near = own.copy()
        for axis, step in ((0, 1), (1, 1), (0, -1), (1, -1)):
            near |= np.roll(near, step, axis=axis)
        column, row = np.nonzero(near & built)
        self.own = own[column, row]
        self.index = np.full(built.shape, -1, dtype=np.int32)
        self.index[column, row] = np.arange(len(column))
        self.column, self.row = column + self.origin[0], row + self.origin[1]
        self.urban = lattice.kind[self.column, self.row] == Kind.URBAN
        self._lay_out()

    def _noise(self, purpose: int, *more) -> np.ndarray:
        shape = (...,) + (None,) * (np.ndim(more[-1]) - 1 if more else 0)
        return noise(self.seed, purpose, self.column[shape], self.row[shape], *more)

    def _lay_out(self) -> None:
        nodes, i, j = self.lattice.nodes, self.column, self.row
        cell = np.stack([nodes[i, j], nodes[i + 1, j], nodes[i + 1, j + 1], nodes[i, j + 1]], axis=1)
        half = np.where(self.urban, STREET_HALF, TRACK_HALF)[:, None]
        near, far = half, 1 - half
        self.corners = _at(
            cell, np.concatenate([near, far, far, near], axis=1), np.concatenate([near, near, far, far], axis=1)
        )
        self.turned = self._noise(30) < 0.5
        order = np.where(self.turned[:, None], [1, 2, 3, 0], [0, 1, 2, 3])
        frame = np.take_along_axis(self.corners, order[..., None], axis=1)
        self.halves = [self._half(frame, which) for which in (0, 1)]
        self._lay_out_sides()

    def _half(self, frame: np.ndarray, which: int) -> _Half:
        """One half of a block: two rows of lots, back to back. Field blocks have only the first, over the whole."""
        urban = self.urban
        draw = self._noise(31 + which)
        count = np.where(urban, 8 + (draw * 6).astype(int), 2 + (draw < 0.55))
        count = np.where(urban | (which == 0), count, 0)
        low = np.where(urban & (which == 1), 0.5 + LANE_HALF, 0.0)
        high = np.where(urban & (which == 0), 0.5 - LANE_HALF, 1.0)
        middle = low + (high - low) * (0.44 + 0.12 * self._noise(33 + which))
        step = np.arange(SIDE_POINTS)
        wobble = 0.6 * (noise(self.seed, 35 + which, self.column[:, None], self.row[:, None], step[None]) - 0.5)
        inner = (step[None] > 0) & (step[None] < count[:, None])
        cuts = np.minimum((step[None] + wobble * inner) / np.maximum(count, 1)[:, None], 1.0)
        levels = np.stack([low, middle, high], axis=1)
        points = np.stack([_at(frame, cuts, np.broadcast_to(levels[:, k, None], cuts.shape)) for k in range(3)], axis=2)
        ends = [_at(frame, np.full((len(frame), 3), float(end)), levels) for end in (0, 1)]
        return _Half(count, points, ends[0], ends[1])

    def _lay_out_sides(self) -> None:
        n = len(self.column)
        first, second = self.halves
        sides = np.zeros((n, 4, SIDE_POINTS, 2))
        count = np.zeros((n, 4), dtype=int)
        top = np.where(self.urban[:, None, None], second.points[:, :, 2], first.points[:, :, 2])
        top_lots = np.where(self.urban, second.count, first.count)
        sides[:, 0], count[:, 0] = first.points[:, :, 0], first.count + 1
        backwards = np.maximum(top_lots[:, None] - np.arange(SIDE_POINTS)[None], 0)
        sides[:, 2], count[:, 2] = np.take_along_axis(top, backwards[..., None], axis=1), top_lots + 1
        across = np.where(self.urban, 6, 3)
        for side, ends in ((1, (first.end, second.end)), (3, (first.begin, second.begin))):
            both = np.concatenate(ends, axis=1)
            if side == 3:
                turn = np.maximum(across[:, None] - 1 - np.arange(6)[None], 0)
                both = np.take_along_axis(both, turn[..., None], axis=1)
            sides[:, side, :6], count[:, side] = both, across
        actual = np.where(self.turned[:, None], [3, 0, 1, 2], [0, 1, 2, 3])  # side of the block → side of its frame
        self.sides = np.take_along_axis(sides, actual[..., None, None], axis=1)
        self.side_count = np.take_along_axis(count, actual, axis=1)

    # --- lots and lanes ---

    def lots(self) -> Iterator[_Part]:
        for which, half in enumerate(self.halves):
            for line in (0, 1):
                yield from self._row_of_lots(half, which, line)

    def _row_of_lots(self, half: _Half, which: int, line: int) -> Iterator[_Part]:
        lot = np.arange(MAX_LOTS)[None]
        exists = self.own[:, None] & (lot < half.count[:, None])
        draw = noise(self.seed, 40 + 2 * which + line, self.column[:, None], self.row[:, None], lot // 2)
        joined = (draw < JOIN_SHARE) & (lot - lot % 2 + 1 < half.count[:, None]) & self.urban[:, None]
        serial = 64 * (2 * which + line) + np.broadcast_to(lot, exists.shape)
        low, high = half.points[:, :, line], half.points[:, :, line + 1]
        for role, town in ((Role.LOT, True), (Role.FIELD, False)):
            kind = exists & (self.urban == town)[:, None]
            b, k = np.nonzero(kind & ~joined)
            quads = np.stack([low[b, k], low[b, k + 1], high[b, k + 1], high[b, k]], axis=1)
            yield from self._with_ponds(quads, role, b, serial[b, k])
            b, k = np.nonzero(kind & joined & (lot % 2 == 0))
            wide = [low[b, k], low[b, k + 1], low[b, k + 2], high[b, k + 2], high[b, k + 1], high[b, k]]
            yield _Part(_polygons(np.stack(wide, axis=1)), role, self.column[b], self.row[b], serial[b, k])

    def _with_ponds(self, quads, role, b, serial) -> Iterator[_Part]:
        column, row = self.column[b], self.row[b]
        polygons = _polygons(quads)
        wet = (noise(self.seed, 45, column, row, serial) < POND_SHARE) & (role == Role.FIELD)
        if wet.any():
            rings = _octagons(quads[wet])
            polygons[wet] = shapely.polygons(shapely.linearrings(quads[wet]), shapely.linearrings(rings)[:, None])
            yield _Part(_polygons(rings), Role.POND, column[wet], row[wet], serial[wet])
        yield _Part(polygons, role, column, row, serial)

    def lanes(self) -> _Part:
        b = np.nonzero(self.own & self.urban)[0]
        first, second = self.halves
        step = np.arange(SIDE_POINTS)[None]
        back = np.maximum(second.count[b, None] - step, 0)
        upper = np.take_along_axis(second.points[b][:, :, 0], back[..., None], axis=1)
        points = np.concatenate([first.points[b][:, :, 2], upper], axis=1)
        used = np.concatenate([step <= first.count[b, None], step <= second.count[b, None]], axis=1)
        ends = [half.points[b, at, line] for half, line in ((first, 2), (second, 0)) for at in (0, half.count[b])]
        return _Part(_ragged(points, used), Role.ROAD, self.column[b], self.row[b], 300, sum(ends) / 4)

    # --- streets: a strip on each edge of the lattice that has a block on at least one side ---

    def streets(self) -> Iterator[_Part]:
        kind, own = self.lattice.kind, np.nonzero(self.own)[0]
        i, j = self.column[own], self.row[own]
        above, right = own[kind[i, j + 1] < Kind.RURAL], own[kind[i + 1, j] < Kind.RURAL]
        yield self._level_strips(i, j, i, j, 301)
        yield self._upright_strips(i, j, i, j, 302)
        i, j = self.column[above], self.row[above]
        yield self._level_strips(i, j + 1, i, j, 303)
        i, j = self.column[right], self.row[right]
        yield self._upright_strips(i + 1, j, i, j, 304)

    def _level_strips(self, i, j, column, row, serial) -> _Part:
        """Strips from node (i, j) to (i+1, j), each with the crossing at its west end."""
        nodes, index = self.lattice.nodes, self._block
        below, below_used = self._side(index(i, j - 1), 2, nodes[i + 1, j], nodes[i, j])
        above, above_used = self._side(index(i, j), 0, nodes[i, j], nodes[i + 1, j])
        goes_on = (index(i + 1, j) >= 0) | (index(i + 1, j - 1) >= 0)
        north_west, south_west = index(i - 1, j), index(i - 1, j - 1)
        north_east, south_east = index(i, j), index(i, j - 1)
        lone = (north_east >= 0) & (north_west < 0) & (south_east < 0)  # blocks that touch only at the node
        south_west = np.where(lone, -1, south_west)
        lone = (south_east >= 0) & (north_east < 0) & (index(i - 1, j - 1) < 0)
        north_west = np.where(lone, -1, north_west)
        crossing = [self._corner(north_west, 1, nodes[i, j]), self._corner(south_west, 2, nodes[i, j])]
        points = np.concatenate(
            [below[:, ::-1], nodes[i + 1, j][:, None], above[:, ::-1], *[c[:, None] for c in crossing]], axis=1
        )
        used = np.concatenate(
            [below_used[:, ::-1], ~goes_on[:, None], above_used[:, ::-1], np.ones((len(i), 2), bool)], axis=1
        )
        label = (_middle(below, below_used) + _middle(above, above_used)) / 2
        return _Part(_ragged(points, used), Role.ROAD, column, row, serial, label)

    def _upright_strips(self, i, j, column, row, serial) -> _Part:
        nodes, index = self.lattice.nodes, self._block
        left, left_used = self._side(index(i - 1, j), 1, nodes[i, j], nodes[i, j + 1])
        right, right_used = self._side(index(i, j), 3, nodes[i, j + 1], nodes[i, j])
        points = np.concatenate([right[:, ::-1], left[:, ::-1]], axis=1)
        used = np.concatenate([right_used[:, ::-1], left_used[:, ::-1]], axis=1)
        label = (_middle(left, left_used) + _middle(right, right_used)) / 2
        return _Part(_ragged(points, used), Role.ROAD, column, row, serial, label)

    def _block(self, column, row) -> np.ndarray:
        """Which block stands on each cell, -1 for none of those known here."""
        return self.index[column - self.origin[0], row - self.origin[1]]

    def _side(self, block, side, begin, end) -> tuple[np.ndarray, np.ndarray]:
        """Vertices along a side of the blocks, or the two nodes where there is no block (index -1)."""
        step = np.arange(SIDE_POINTS)[None]
        plain = np.zeros((len(block), SIDE_POINTS, 2))
        plain[:, 0], plain[:, 1] = begin, end
        built = (block >= 0)[:, None]
        points = np.where(built[..., None], self.sides[block, side], plain)
        return points, step < np.where(built, self.side_count[block, side][:, None], 2)

    def _corner(self, block, corner, node) -> np.ndarray:
        return np.where((block >= 0)[:, None], self.corners[block, corner], node)


@dataclass(frozen=True)
class _Half:
    """`count` lots per row; `points` (n, SIDE_POINTS, 3, 2) along × level; `begin`, `end` (n, 3, 2) the two ends."""

    count: np.ndarray
    points: np.ndarray
    begin: np.ndarray
    end: np.ndarray


def _middle(points: np.ndarray, used: np.ndarray) -> np.ndarray:
    """The middle of each side (n, k, 2): sides are straight, so of its first and last vertex."""
    last = used.sum(axis=1) - 1
    return (points[:, 0] + points[np.arange(len(points)), last]) / 2


def _octagons(quads: np.ndarray) -> np.ndarray:
    shape = (len(quads), len(_OCTAGON))
    return _at(quads, np.broadcast_to(_OCTAGON[:, 0], shape), np.broadcast_to(_OCTAGON[:, 1], shape))


def _ragged(points: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Polygons from padded rings (n, k, 2) and which of the k count; repeated vertices are dropped."""
    if not len(points):
        return np.empty(0, dtype=object)
    owner, place = np.nonzero(used)
    flat = points[owner, place]
    first = np.concatenate([[True], owner[1:] != owner[:-1]])
    fresh = first | np.concatenate([[True], (flat[1:] != flat[:-1]).any(axis=1)])
    owner, flat = owner[fresh], flat[fresh]
    start = np.searchsorted(owner, np.arange(len(points)))
    stop = np.append(start[1:], len(owner))
    closed = (flat[start] == flat[stop - 1]).all(axis=1)
    closing = np.where(closed)[0]
    keep = np.ones(len(owner), dtype=bool)
    keep[stop[closing] - 1] = False
    return shapely.polygons(shapely.linearrings(flat[keep], indices=owner[keep]))


def _open_land(lattice: Lattice, commune: int) -> Iterator[_Part]:
    """Open land in squares of blocks; where town or border cuts a square, what remains of it."""
    side = lattice.group[commune]
    column, row = lattice.cells(commune, Kind.OPEN)
    if not len(column):
        return
    name = (column // side).astype(np.int64) * 1_000_000 + row // side
    _, group, members = np.unique(name, return_inverse=True, return_counts=True)
    whole = members[group] == side * side
    yield from _whole_squares(lattice, side, column[whole], row[whole])
    yield _cut_squares(lattice, group[~whole], column[~whole], row[~whole])


def _whole_squares(lattice: Lattice, side: int, column, row) -> Iterator[_Part]:
    corner = (column % side == 0) & (row % side == 0)
    i, j = column[corner], row[corner]
    step, zero, full = np.arange(side), np.zeros(side, int), np.full(side, side)
    around = np.concatenate(
        [np.stack([step, zero]), np.stack([full, step]), np.stack([side - step, full]), np.stack([zero, side - step])],
        axis=1,
    )
    rings = lattice.nodes[i[:, None] + around[0], j[:, None] + around[1]]
    polygons = _polygons(rings)
    holed = noise(lattice.seed, 50, i, j) < HOLE_SHARE
    if holed.any():
        holes = _octagons(rings[holed][:, ::side])
        polygons[holed] = shapely.polygons(shapely.linearrings(rings[holed]), shapely.linearrings(holes)[:, None])
        yield _Part(_polygons(holes), Role.HOLE, i[holed], j[holed], 400)
    yield _Part(polygons, Role.OPEN, i, j, 401)


def _cut_squares(lattice: Lattice, group, column, row) -> _Part:
    nodes = lattice.nodes
    order = np.argsort(group, kind="stable")
    column, row = column[order], row[order]
    _, start, group = np.unique(group[order], return_index=True, return_inverse=True)
    ring = [nodes[column, row], nodes[column + 1, row], nodes[column + 1, row + 1], nodes[column, row + 1]]
    place = np.arange(len(group)) - start[group] if len(group) else np.empty(0, int)
    table = np.full((len(start), place.max(initial=0) + 1), None, dtype=object)
    table[group, place] = _polygons(np.stack(ring, axis=1))
    merged = shapely.coverage_union_all(table, axis=1) if len(start) else np.empty(0, dtype=object)
    parts, owner = shapely.get_parts(merged, return_index=True)
    serial = 402 + np.arange(len(parts)) - np.searchsorted(owner, owner)
    return _Part(parts, Role.OPEN, column[start][owner], row[start][owner], serial)
