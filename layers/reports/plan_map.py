"""The map of an extract as SVG, in millimetres of paper: parcel, corners, neighbours' numbers, grid of VN-2000.

Made from the extract's own words (the parsed JSON), so it shows what was signed. Colours keep apart in grey.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from layers.reports.frame import HEIGHT_MM, WIDTH_MM

Point = tuple[float, float]
LONG_EDGE_MM = 9.0  # shorter edges are not labelled on the map; the table has them all
CROWDED_MM = 3.0  # corners nearer than this to the last labelled one are drawn without their number


def draw(facts: Mapping) -> str:
    """An <svg> element with a title. `facts` is the part `facts` of an extract's content."""
    place = _Place(facts["frame"])
    parts = [
        *_neighbours(facts["neighbours"], place),
        *_parcel(facts["rings"], place),
        *_grid(facts["frame"], place),
        *_corners(facts["rings"], place),
    ]
    title = escape(
        f"Sơ đồ thửa đất số {facts['parcel_no']}, tờ bản đồ số {facts['sheet_no']}, tỷ lệ 1:{facts['frame']['scale']}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm" '
        f'viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}" font-family="BVP latin, BVP vietnamese, Noto Sans, sans-serif">'
        f"<title>{title}</title>"
        + "".join(parts)
        + f'<rect x="0.1" y="0.1" width="{WIDTH_MM - 0.2}" height="{HEIGHT_MM - 0.2}" fill="none" stroke="#000" '
        'stroke-width="0.2"/></svg>'
    )


class _Place:
    """From ground (east, north in metres) to paper (mm from the upper left)."""

    def __init__(self, frame: Mapping) -> None:
        self._west, self._north, self._mm = frame["west_m"], frame["north_m"], 1000 / frame["scale"]

    def __call__(self, east: str | float, north: str | float) -> Point:
        return (float(east) - self._west) * self._mm, (self._north - float(north)) * self._mm


def _path(rings: Sequence[Sequence[Point]]) -> str:
    return "".join("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in ring) + "Z" for ring in rings)


def _neighbours(neighbours: Sequence[Mapping], place: _Place) -> Iterator[str]:
    for each in neighbours:
        if each["rings"]:
            path = _path([[place(*point) for point in ring] for ring in each["rings"]])
            yield f'<path d="{path}" fill="none" stroke="#555" stroke-width="0.18"/>'
    for each in neighbours:
        if each["label"]:
            x, y = place(*each["label"])
            if 3 < x < WIDTH_MM - 3 and 5 < y < HEIGHT_MM - 6:
                yield _text(x, y + 0.8, str(each["parcel_no"]), size=2.4, fill="#444")


def _parcel(rings: Sequence[Mapping], place: _Place) -> Iterator[str]:
    lines = [[place(corner["y_m"], corner["x_m"]) for corner in ring["corners"]] for ring in rings]
    yield f'<path d="{_path(lines)}" fill="#f6e3d2" fill-rule="evenodd" stroke="#b3261e" stroke-width="0.5"/>'


def _corners(rings: Sequence[Mapping], place: _Place) -> Iterator[str]:
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
                yield _text(x, y + 0.8, str(corner["number"]), size=2.3, fill="#7a1610")
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
    return _text(x, y + 0.6, words, size=2.1, fill="#333", turn=f' transform="rotate({turn:.1f} {x:.2f} {y:.2f})"')


def _grid(frame: Mapping, place: _Place) -> Iterator[str]:
    """Crosses at whole grid lines, and their coordinates along the frame: X is north, Y is east."""
    step = frame["grid_m"]
    easts = range(-(-frame["west_m"] // step) * step, frame["east_m"] + 1, step)
    norths = range(-(-frame["south_m"] // step) * step, frame["north_m"] + 1, step)
    for east in easts:
        for north in norths:
            x, y = place(east, north)
            yield f'<path d="M{x - 1.2:.2f} {y:.2f}h2.4M{x:.2f} {y - 1.2:.2f}v2.4" stroke="#000" stroke-width="0.12"/>'
    for east in easts:
        x, _ = place(east, 0)
        if 12 < x < WIDTH_MM - 12:
            yield f'<path d="M{x:.2f} {HEIGHT_MM}v-2" stroke="#000" stroke-width="0.2"/>'
            yield _text(x + 1.0, HEIGHT_MM - 1.0, f"Y={east}", size=2.0, anchor="start")
    for north in norths:
        _, y = place(0, north)
        if 6 < y < HEIGHT_MM - 8:
            yield f'<path d="M0 {y:.2f}h2" stroke="#000" stroke-width="0.2"/>'
            yield _text(1.0, y - 0.7, f"X={north}", size=2.0, anchor="start")


def _text(
    x: float, y: float, words: str, *, size: float, fill: str = "#000", anchor: str = "middle", turn: str = ""
) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}"{turn}>'
        f"{escape(words)}</text>"
    )
