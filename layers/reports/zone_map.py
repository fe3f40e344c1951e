"""The map of a planning fact sheet as SVG, in millimetres of paper: the parcel, and each zone hatched and lettered.

Made from the document's own words (the parsed JSON). Zones are told apart by hatch, outline and letter, not by colour.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from layers.reports.frame import HEIGHT_MM, WIDTH_MM
from layers.reports.map_parts import Place, Point, framed, grid, neighbours, path, text

HATCHES = ((45, 2.4), (135, 2.4), (0, 2.0), (90, 2.0), (20, 3.2), (160, 3.2), (65, 3.2), (115, 3.2))  # degrees, mm
DASHES = ("none", "2.5 1", "0.8 0.8", "4 1 0.8 1")
LABEL_MM = 2.7
SWATCH_MM = (14, 5)


def draw(document: Mapping) -> str:
    """An <svg> element with a title. `document` is the parsed JSON of a `PlanDocument`."""
    place = Place(document["frame"])
    sheet = document["sheet"]
    parcel = [[place(corner["y_m"], corner["x_m"]) for corner in ring["corners"]] for ring in document["rings"]]
    ground = [_ground(zone["parts"], place) for zone in document["zones"]]
    title = (
        f"Sơ đồ thửa đất số {sheet['parcel_no']}, tờ bản đồ số {sheet['sheet_no']} và các vùng quy hoạch, "
        f"tỷ lệ 1:{document['frame']['scale']}"
    )
    lines, land = path(parcel), shapely.Polygon(parcel[0], parcel[1:])
    return framed(
        title,
        [
            *neighbours(document["neighbours"], place),
            *itertools.chain.from_iterable(_zone(each, land, number) for number, each in enumerate(ground)),
            *grid(document["frame"], place),
            f'<path d="{lines}" fill="none" stroke="#fff" stroke-width="1.6"/>',
            f'<path d="{lines}" fill="none" stroke="#b3261e" stroke-width="0.7"/>',
            *_labels(document["zones"], ground, land),
        ],
    )


def swatch(number: int, title: str) -> str:
    """The hatch of a zone as a small <svg>, for the legend."""
    width, height = SWATCH_MM
    box = shapely.box(0.3, 0.3, width - 0.3, height - 0.3)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}"><title>{title}</title>' + "".join(_zone(box, box, number)) + "</svg>"
    )


def _ground(parts: Sequence[Sequence[Sequence[Sequence[str]]]], place: Place) -> BaseGeometry:
    rings = [[[place(*point) for point in ring] for ring in part] for part in parts]
    return shapely.union_all([shapely.make_valid(shapely.Polygon(part[0], part[1:])) for part in rings])


def _zone(ground: BaseGeometry, parcel: BaseGeometry, number: int) -> Iterator[str]:
    """Outline, and hatch within the parcel; the eight hatches come again with another outline."""
    if ground.is_empty:
        return
    dash = DASHES[number // len(HATCHES) % len(DASHES)]
    style = 'fill="none" stroke="#222"'
    if hatch := _hatch(ground.intersection(parcel), *HATCHES[number % len(HATCHES)]):
        yield f'<path d="{hatch}" {style} stroke-width="0.16"/>'
    rings = [
        list(ring.coords)
        for part in shapely.get_parts(ground)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    yield f'<path d="{path(rings)}" {style} stroke-width="0.3" stroke-dasharray="{dash}"/>'


def _hatch(ground: BaseGeometry, degrees: float, spacing: float) -> str:
    """Parallel lines within the ground, as the data of an SVG path."""
    if ground.is_empty:
        return ""
    turned = affinity.rotate(ground, -degrees, origin=(0, 0))
    west, south, east, north = turned.bounds
    count = math.floor(north / spacing) - math.ceil(south / spacing) + 1
    first = math.ceil(south / spacing)
    lines = [((west - 1, (first + n) * spacing), (east + 1, (first + n) * spacing)) for n in range(count)]
    if not lines:
        return ""
    cut = affinity.rotate(shapely.MultiLineString(lines).intersection(turned), degrees, origin=(0, 0))
    return "".join(
        "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in line.coords)
        for line in shapely.get_parts(cut)
        if line.geom_type == "LineString"
    )


def _labels(zones: Sequence[Mapping], ground: Sequence[BaseGeometry], parcel: BaseGeometry) -> Iterator[str]:
    """Letter and code of each zone within the parcel, where it is least crowded."""
    taken: list[Point] = []
    for zone, each in zip(zones, ground, strict=True):
        point = _free_place(each.intersection(parcel), taken)
        if point is None:
            continue
        taken.append(point)
        words = f"{zone['sign']} {zone['code']}"
        width = 0.62 * LABEL_MM * len(words) + 1.2
        x, y = min(max(point[0], width / 2), WIDTH_MM - width / 2), min(max(point[1], 2.5), HEIGHT_MM - 2.5)
        yield (
            f'<rect x="{x - width / 2:.2f}" y="{y - 2:.2f}" width="{width:.2f}" height="4" rx="0.8" fill="#fff" '
            'stroke="#222" stroke-width="0.15"/>'
        )
        yield text(x, y + 0.95, words, size=LABEL_MM)


def _free_place(ground: BaseGeometry, taken: Sequence[Point]) -> Point | None:
    """The point of a grid within the ground that is farthest from labels already set, and well inside."""
    parts = [part for part in shapely.get_parts(ground) if part.geom_type == "Polygon" and part.area > 0]
    if not parts:
        return None
    inside = max(parts, key=lambda part: part.area)
    middle = inside.representative_point()
    west, south, east, north = inside.bounds
    grid = [(west + (east - west) * i / 9, south + (north - south) * j / 9) for i in range(1, 9) for j in range(1, 9)]
    points = [(middle.x, middle.y), *(point for point in grid if inside.contains(shapely.Point(point)))]
    if not taken:
        return points[0]
    return max(points, key=lambda point: _room(point, inside, taken))


def _room(point: Point, inside: BaseGeometry, taken: Sequence[Point]) -> float:
    """Labels are wide and low: what is beside counts less than what is above."""
    apart = min(math.hypot((point[0] - x) / 3, point[1] - y) for x, y in taken)
    return min(apart, 2 * inside.exterior.distance(shapely.Point(point)) + 0.5)
