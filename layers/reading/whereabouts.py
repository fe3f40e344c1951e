"""What is at a point: its coordinates in both systems, the communes of today and of 2015, the parcel. Door: `at`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from layers import geo
from layers.access.reader import Reader, readable
from layers.collections.areas.collection import AREAS
from layers.collections.parcels.collection import PARCELS
from layers.collections.validity import valid_sql
from layers.geo_typed import TypedPoint
from layers.reading.units import UnitName

DAY_OF_2015 = date(2015, 6, 15)  # of the province's report on its portal: the units people still name


@dataclass(frozen=True)
class UnitThere:
    """A commune that holds the point. `within` is the unit it was part of. `approximate`: so is the outline."""

    unit: UnitName
    within: UnitName | None
    approximate: bool


@dataclass(frozen=True)
class ParcelThere:
    key: str
    sheet_no: int
    parcel_no: int


@dataclass(frozen=True)
class Answer:
    """`east_m`, `north_m` in VN-2000 (`geo.VN2000`); None where that system does not reach."""

    point: TypedPoint
    east_m: float | None
    north_m: float | None
    today: tuple[UnitThere, ...]
    in_2015: tuple[UnitThere, ...]
    parcels: tuple[ParcelThere, ...]


def at(point: TypedPoint, reader: Reader, day: date) -> Answer:
    """What `reader` may know of the place."""
    try:
        east, north = map(float, geo.transform(point.longitude, point.latitude, geo.WGS84, geo.VN2000))
        geo.require_sane(east, north, geo.VN2000)
    except geo.OutOfRange:
        return Answer(point, None, None, (), (), ())
    return Answer(
        point,
        east,
        north,
        today=_units(point, reader, day),
        in_2015=_units(point, reader, DAY_OF_2015),
        parcels=_parcels(east, north, reader),
    )


def _units(point: TypedPoint, reader: Reader, day: date) -> tuple[UnitThere, ...]:
    if not readable(reader, AREAS):
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.key, a.full_name_vi, a.name_en, a.valid_to, w.key, w.full_name_vi, w.name_en, w.valid_to, "
            f"a.approximate FROM {AREAS.table} a LEFT JOIN {AREAS.table} w ON w.key = a.parent_key "
            "WHERE a.level = 'commune' AND ST_Intersects(a.geom, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), %(srid)s)) "
            f"AND {valid_sql('a')} ORDER BY a.key",
            {"lon": point.longitude, "lat": point.latitude, "srid": geo.WGS84, "day": day},
        )
        return tuple(
            UnitThere(UnitName(*row[:4]), UnitName(*row[4:8]) if row[4] else None, row[8]) for row in cursor.fetchall()
        )


def _parcels(east: float, north: float, reader: Reader) -> tuple[ParcelThere, ...]:
    if not readable(reader, PARCELS):
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key, sheet_no, parcel_no FROM {PARCELS.table} "
            "WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(%s, %s), %s)) AND status = 'active' "
            "ORDER BY key LIMIT 4",
            [east, north, geo.VN2000],
        )
        return tuple(ParcelThere(*row) for row in cursor.fetchall())
