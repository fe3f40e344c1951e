"""The map of an extract as SVG, in millimetres of paper: parcel, corners, neighbours' numbers, grid of VN-2000.

Made from the extract's own words (the parsed JSON), so it shows what was signed. Colours keep apart in grey.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from layers.reports.map_parts import Place, Point, framed, grid, neighbours, path, text

LONG_EDGE_MM = 9.0  # shorter edges are not labelled on the map; the table has them all
CROWDED_MM = 3.0  # corners nearer than this to the last labelled one are drawn without their number


def draw(facts: Mapping) -> str:
    """An <svg> element with a title. `facts` is the part `facts` of an extract's content."""
    place = Place(facts["frame"])
    parts = [
        *neighbours(facts["neighbours"], place),
        *_parcel(facts["rings"], place),
        *grid(facts["frame"], place),
        *_corners(facts["rings"], place),
    ]
    parcel, sheet, scale = facts["parcel_no"], facts["sheet_no"], facts["frame"]["scale"]
    return framed(f"Sơ đồ thửa đất số {parcel}, tờ bản đồ số {sheet}, tỷ lệ 1:{scale}", parts)


def _parcel(rings: Sequence[Mapping], place: Place) -> Iterator[str]:
    lines = [[place(corner["y_m"], corner["x_m"]) for corner in ring["corners"]] for ring in rings]
    yield f'<path d="{path(lines)}" fill="#f6e3d2" fill-rule="evenodd" stroke="#b3261e" stroke-width="0.5"/>'


def _corners(rings: Sequence[Mapping], place: Place) -> Iterator[str]:
    for ring in rings:
        corners = ring["corners"]
        points = [place(corner["y_m"], corner["x_m"]) for corner in corners]
        middle = (sum(x for x, _ in points[:-1]) / len(points[:-1]), sum(y for _, y in points[:-1]) / len(points[:-1]))
        last = None
        for corner, here, following in zip(corners, points, points[1:], strict=False):
            at = f'cx="{here[0]:.2f}" cy="{here[1]:.2f}"'
            yield f'<circle {at} r="0.5" fill="#fff" stroke="#b3261e" stroke-width="0.2"/>'
            if last is None or math.dist(last, here) >= CROWDED_MM:
                x, y = _away(here, middle, 2.4)
                yield text(x, y + 0.8, str(corner["number"]), size=2.3, fill="#7a1610")
                last = here
            if math.dist(here, following) >= LONG_EDGE_MM:
                yield _edge_text(here, following, middle, corner["edge_m"])


def _away(point: Point, middle: Point, by: float) -> Point:
    gap = math.dist(point, middle) or 1.0
    return point[0] + (point[0] - middle[0]) / gap * by, point[1] + (point[1] - middle[1]) / gap * by


def _edge_text(a: Point, b: Point, middle: Point, words: str) -> str:
    x, y = _away(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), middle, -2.4)
    turn = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
    turn = turn - 180 if turn > 90 else turn + 180 if turn < -90 else turn
    return text(x, y + 0.6, words, size=2.1, fill="#333", turn=f' transform="rotate({turn:.1f} {x:.2f} {y:.2f})"')
