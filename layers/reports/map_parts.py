"""What maps on paper have in common, as SVG in millimetres of paper: the frame, the grid of VN-2000, neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from layers.reports.frame import HEIGHT_MM, WIDTH_MM

Point = tuple[float, float]


def framed(title: str, parts: Iterable[str]) -> str:
    """An <svg> element with a title and a frame. Everything in `parts` is escaped already."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm" '
        f'viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}" font-family="BVP latin, BVP vietnamese, Noto Sans, sans-serif">'
        f"<title>{escape(title)}</title>"
        + "".join(parts)
        + f'<rect x="0.1" y="0.1" width="{WIDTH_MM - 0.2}" height="{HEIGHT_MM - 0.2}" fill="none" stroke="#000" '
        'stroke-width="0.2"/></svg>'
    )


class Place:
    """From ground (east, north in metres) to paper (mm from the upper left)."""

    def __init__(self, frame: Mapping) -> None:
        self._west, self._north, self._mm = frame["west_m"], frame["north_m"], 1000 / frame["scale"]

    def __call__(self, east: str | float, north: str | float) -> Point:
        return (float(east) - self._west) * self._mm, (self._north - float(north)) * self._mm


def path(rings: Sequence[Sequence[Point]]) -> str:
    return "".join("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in ring) + "Z" for ring in rings)


def neighbours(adjoining: Sequence[Mapping], place: Place) -> Iterator[str]:
    for each in adjoining:
        if each["rings"]:
            line = path([[place(*point) for point in ring] for ring in each["rings"]])
            yield f'<path d="{line}" fill="none" stroke="#555" stroke-width="0.18"/>'
    for each in adjoining:
        if each["label"]:
            x, y = place(*each["label"])
            if 3 < x < WIDTH_MM - 3 and 5 < y < HEIGHT_MM - 6:
                yield text(x, y + 0.8, str(each["parcel_no"]), size=2.4, fill="#444")


def grid(frame: Mapping, place: Place) -> Iterator[str]:
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
            yield text(x + 1.0, HEIGHT_MM - 1.0, f"Y={east}", size=2.0, anchor="start")
    for north in norths:
        _, y = place(0, north)
        if 6 < y < HEIGHT_MM - 8:
            yield f'<path d="M0 {y:.2f}h2" stroke="#000" stroke-width="0.2"/>'
            yield text(1.0, y - 0.7, f"X={north}", size=2.0, anchor="start")


def text(
    x: float, y: float, words: str, *, size: float, fill: str = "#000", anchor: str = "middle", turn: str = ""
) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}"{turn}>'
        f"{escape(words)}</text>"
    )
