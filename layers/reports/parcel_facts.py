"""What an extract says of a parcel: identity then and now, areas, land types, corners with edges, neighbours.

Coordinates are VN-2000 (`geo.VN2000`); X is north and Y is east, as in Vietnamese surveying, with two decimals. Edges
and the table's area are computed from the printed coordinates, so that the paper can be checked by hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import shapely
from django.db import connection
from shapely.geometry import Polygon

from layers import geo
from layers.collections.areas import queries as areas
from layers.collections.parcels.queries import land_use_names
from layers.errors import NotFound
from layers.reports.frame import Frame, frame_for

CENTIMETRE = Decimal("0.01")


@dataclass(frozen=True)
class Corner:
    """A row of the table. `edge_m` leads to the next corner; None in the closing row, which repeats the first."""

    number: int
    x_m: Decimal
    y_m: Decimal
    edge_m: Decimal | None


@dataclass(frozen=True)
class Ring:
    """A closed line of corners, the closing row included."""

    outer: bool
    corners: tuple[Corner, ...]


@dataclass(frozen=True)
class LandType:
    kind: str  # now, legal, before
    code: str
    name_vi: str


@dataclass(frozen=True)
class Neighbour:
    """An adjoining parcel. `rings` (east, north; clipped to the map's frame) are drawn, not measured."""

    key: str
    sheet_no: int
    parcel_no: int
    land_use: str
    shared_m: Decimal
    label: tuple[Decimal, Decimal] | None
    rings: tuple[tuple[tuple[Decimal, Decimal], ...], ...]


@dataclass(frozen=True)
class Drawn:
    """The parcel as it is drawn: corners with edges, and what follows from them. Areas with one decimal, in m²."""

    rings: tuple[Ring, ...]
    area_m2: Decimal
    table_area_m2: Decimal
    perimeter_m: Decimal
    closure_m: Decimal


@dataclass(frozen=True)
class ParcelFacts:
    """Everything but number and day of issue. `data_date` is when this state was recorded: stored, not the clock."""

    parcel_key: str
    parcel_version: int
    data_date: date
    valid_from: date | None
    synthetic: bool
    geohash: str
    sheet_no: int
    parcel_no: int
    unit_then: str
    units_now: tuple[str, ...]
    status: str
    certificate: str | None
    register_area_m2: Decimal | None
    survey_area_m2: Decimal
    drawn_area_m2: Decimal
    table_area_m2: Decimal
    perimeter_m: Decimal
    closure_m: Decimal
    land_types: tuple[LandType, ...]
    crs: str
    central_meridian: Decimal
    frame: Frame
    rings: tuple[Ring, ...]
    neighbours: tuple[Neighbour, ...]


def parcel_facts(parcel_key: str, day: date) -> ParcelFacts:
    """The facts as recorded now; `day` says which unit is "today's". Raises NotFound."""
    row = _parcel_row(parcel_key)
    polygon = shapely.from_wkb(bytes(row["geom"]))
    seen = _drawn(polygon)
    frame = frame_for(polygon.bounds)
    then, now = _units(row["area_key"], day)
    zone = geo.ZONE_BY_SRID[geo.VN2000]
    return ParcelFacts(
        parcel_key=row["key"],
        parcel_version=row["version"],
        data_date=row["recorded_on"],
        valid_from=row["valid_from"],
        synthetic=row["synthetic"],
        geohash=row["geohash"],
        sheet_no=row["sheet_no"],
        parcel_no=row["parcel_no"],
        unit_then=then,
        units_now=now,
        status=row["status"],
        certificate=row["certificate"],
        register_area_m2=row["legal_area_m2"],
        survey_area_m2=_decimal(row["survey_area_m2"], "0.1"),
        drawn_area_m2=seen.area_m2,
        table_area_m2=seen.table_area_m2,
        perimeter_m=seen.perimeter_m,
        closure_m=seen.closure_m,
        land_types=_land_types(row),
        crs=f"EPSG:{geo.VN2000}",
        central_meridian=Decimal(str(zone.central_meridian)),
        frame=frame,
        rings=seen.rings,
        neighbours=_neighbours(row["key"], frame),
    )


def drawn(parcel_key: str) -> Drawn:
    """The corners alone, in one statement. Raises NotFound."""
    return _drawn(shapely.from_wkb(bytes(_parcel_row(parcel_key)["geom"])))


def _drawn(polygon: Polygon) -> Drawn:
    rings = corner_table(polygon)
    return Drawn(
        rings,
        area_m2=_decimal(polygon.area, "0.1"),
        table_area_m2=_decimal(table_area(rings), "0.1"),
        perimeter_m=sum((corner.edge_m for corner in rings[0].corners if corner.edge_m is not None), Decimal(0)),
        closure_m=max(closing_gap(ring) for ring in rings),
    )


def corner_table(polygon: Polygon) -> tuple[Ring, ...]:
    """Corners from 1 at the north-west, clockwise; inner rings follow, numbered on. Each ring closes on its first."""
    rings, number = [], 1
    for place, line in enumerate([polygon.exterior, *polygon.interiors]):
        points = _clockwise_from_north_west([(east, north) for east, north, *_ in line.coords[:-1]])
        printed = [(_decimal(north, "0.01"), _decimal(east, "0.01")) for east, north in points]
        corners = [
            Corner(number + n, *here, edge_m=_distance(here, printed[(n + 1) % len(printed)]))
            for n, here in enumerate(printed)
        ]
        rings.append(Ring(place == 0, (*corners, Corner(number, *printed[0], edge_m=None))))
        number += len(points)
    return tuple(rings)


def _clockwise_from_north_west(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if shapely.LinearRing(points).is_ccw:
        points = points[::-1]
    start = min(range(len(points)), key=lambda n: (points[n][0] - points[n][1], points[n]))
    return points[start:] + points[:start]


def table_area(rings: Sequence[Ring]) -> float:
    """m² of the printed table: the outer ring less the inner ones, by the shoelace rule on exact decimals."""
    areas = []
    for ring in rings:
        pairs = zip(ring.corners, ring.corners[1:], strict=False)
        areas.append(abs(sum((a.x_m * b.y_m - b.x_m * a.y_m for a, b in pairs), Decimal(0))) / 2)
    return float(areas[0] - sum(areas[1:], Decimal(0)))


def closing_gap(ring: Ring) -> Decimal:
    """Distance from the closing row to corner 1: 0.00 when the table closes."""
    first, last = ring.corners[0], ring.corners[-1]
    return _distance((first.x_m, first.y_m), (last.x_m, last.y_m))


def _distance(a: tuple[Decimal, Decimal], b: tuple[Decimal, Decimal]) -> Decimal:
    return _decimal(math.hypot(a[0] - b[0], a[1] - b[1]), "0.01")


def _decimal(value: float, unit: str) -> Decimal:
    return Decimal(repr(round(float(value), 6))).quantize(Decimal(unit), rounding="ROUND_HALF_UP")


def _parcel_row(key: str) -> dict[str, object]:
    statement = """
        SELECT key, version, lifespan_begin::date AS recorded_on, valid_from, synthetic, geohash, area_key, sheet_no,
               parcel_no, status, certificate, legal_area_m2, survey_area_m2, land_use_now, land_use_legal,
               land_use_before, ST_AsBinary(geom) AS geom
        FROM layers_parcel WHERE key = %s"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [key.replace("\x00", "")])
        row = cursor.fetchone()
        if row is None:
            raise NotFound(f"There is no parcel {key!r}.", parameter="parcel")
        return dict(zip((column.name for column in cursor.description), row, strict=True))


def _land_types(row: dict[str, object]) -> tuple[LandType, ...]:
    codes = {kind: row[f"land_use_{kind}"] for kind in ("now", "legal", "before") if row[f"land_use_{kind}"]}
    names = land_use_names(tuple(codes.values()))
    return tuple(LandType(kind, code, names[code].name_vi if code in names else code) for kind, code in codes.items())


def _units(area_key: str, day: date) -> tuple[str, tuple[str, ...]]:
    then = areas.by_keys((area_key,)).get(area_key)
    if then is None:
        return area_key, ()
    if then.held_on(day):
        return then.full_name_vi, (then.full_name_vi,)
    steps = areas.history(area_key).successors
    return then.full_name_vi, tuple(
        sorted({step.area.full_name_vi for step in steps if step.area and step.area.held_on(day)})
    )


def _neighbours(key: str, frame: Frame) -> tuple[Neighbour, ...]:
    statement = f"""
        WITH p AS (SELECT geom AS g FROM layers_parcel WHERE key = %(key)s)
        SELECT n.key, n.sheet_no, n.parcel_no, n.land_use_now,
               ST_Length(ST_CollectionExtract(ST_Intersection(ST_Boundary(n.geom), ST_Boundary(p.g)), 2)),
               ST_AsBinary(ST_CollectionExtract(ST_Intersection(n.geom, ST_MakeEnvelope(
                   %(west)s, %(south)s, %(east)s, %(north)s, {geo.VN2000})), 3))
        FROM p JOIN layers_parcel n ON ST_Intersects(n.geom, p.g) AND n.key <> %(key)s
        WHERE n.status = 'active' ORDER BY n.area_key, n.sheet_no, n.parcel_no"""
    box = {name: getattr(frame, f"{name}_m") for name in ("west", "south", "east", "north")}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"key": key, **box})
        return tuple(_neighbour(*row) for row in cursor.fetchall())


def _neighbour(key: str, sheet: int, number: int, land_use: str, shared: float, wkb: memoryview) -> Neighbour:
    parts = [part for part in shapely.get_parts(shapely.from_wkb(bytes(wkb))) if part.area > 0]
    widest = max(parts, key=lambda part: part.area, default=None)
    rings = tuple(
        tuple((_decimal(east, "0.01"), _decimal(north, "0.01")) for east, north, *_ in line.coords)
        for part in parts
        for line in (part.exterior, *part.interiors)
    )
    label = None
    if widest is not None:
        point = widest.representative_point()
        label = (_decimal(point.x, "0.01"), _decimal(point.y, "0.01"))
    return Neighbour(key, sheet, number, land_use, _decimal(shared, "0.01"), label, rings)
