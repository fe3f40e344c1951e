"""What only parcels are asked: which communes and sheets are held, where a number is, what a land-use code means."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

LARGEST_NUMBER = 2_147_483_647


@dataclass(frozen=True)
class Sheet:
    number: int
    parcels: int


@dataclass(frozen=True)
class Number:
    """A number given on a sheet. `retired`: it is no more, and is not given again."""

    number: int
    retired: bool


@dataclass(frozen=True)
class Place:
    """What is held of a number: the parcel, else its sheet, else its commune, else nothing."""

    key: str | None
    sheet_held: bool
    commune_held: bool


@dataclass(frozen=True)
class LandUseName:
    code: str
    name_vi: str
    name_en: str


# The index of numbers is stepped through from one commune to the next: the cost grows with communes, not with parcels.
HELD = """
    held(area_key) AS (
        (SELECT area_key FROM layers_parcel ORDER BY area_key LIMIT 1)
        UNION ALL
        SELECT (SELECT p.area_key FROM layers_parcel p WHERE p.area_key > h.area_key ORDER BY p.area_key LIMIT 1)
        FROM held h WHERE h.area_key IS NOT NULL
    )
"""


def communes() -> tuple[str, ...]:
    """Keys of communes with at least one parcel, as they were when their sheets were made."""
    with connection.cursor() as cursor:
        cursor.execute(f"WITH RECURSIVE {HELD} SELECT area_key FROM held WHERE area_key IS NOT NULL ORDER BY 1")
        return tuple(row[0] for row in cursor.fetchall())


def sheets(area_key: str) -> tuple[Sheet, ...]:
    """Sheets of a commune with their number of parcels of today, by number."""
    if "\x00" in area_key:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sheet_no, count(*) FROM layers_parcel WHERE area_key = %s AND status = 'active' "
            "GROUP BY 1 ORDER BY 1",
            [area_key],
        )
        return tuple(Sheet(*row) for row in cursor.fetchall())


def numbers(area_key: str, sheet_no: int) -> tuple[Number, ...]:
    """All numbers of one sheet, in order; a sheet may have more than a thousand."""
    if "\x00" in area_key or sheet_no > LARGEST_NUMBER:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT parcel_no, status = 'retired' FROM layers_parcel WHERE area_key = %s AND sheet_no = %s ORDER BY 1",
            [area_key, sheet_no],
        )
        return tuple(Number(*row) for row in cursor.fetchall())


def place(area_key: str, sheet_no: int, parcel_no: int) -> Place:
    """One statement over the unique index of numbers."""
    if "\x00" in area_key or max(sheet_no, parcel_no) > LARGEST_NUMBER:
        return Place(None, sheet_held=False, commune_held=False)
    statement = """
        SELECT (SELECT key FROM layers_parcel
                WHERE area_key = %(area)s AND sheet_no = %(sheet)s AND parcel_no = %(no)s),
               EXISTS (SELECT FROM layers_parcel WHERE area_key = %(area)s AND sheet_no = %(sheet)s),
               EXISTS (SELECT FROM layers_parcel WHERE area_key = %(area)s)
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {"area": area_key, "sheet": sheet_no, "no": parcel_no})
        return Place(*cursor.fetchone())


def numbered(area_keys: tuple[str, ...], sheet_no: int, parcel_no: int) -> tuple[str, ...]:
    """Keys of parcels with this sheet and number in any of the communes."""
    if max(sheet_no, parcel_no) > LARGEST_NUMBER or not area_keys:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM layers_parcel WHERE area_key = ANY(%s) AND sheet_no = %s AND parcel_no = %s ORDER BY key",
            [list(area_keys), sheet_no, parcel_no],
        )
        return tuple(row[0] for row in cursor.fetchall())


def on_land_of(key: str, least_m2: float = 1.0) -> tuple[str, ...]:
    """Keys of active parcels that lie on the land of this one by at least `least_m2`: what a retired number became.

    Areas are planar, in the CRS of the cadastral sheets.
    """
    statement = """
        SELECT n.key FROM layers_parcel o JOIN layers_parcel n ON n.geom && o.geom AND n.key <> o.key
        WHERE o.key = %s AND n.status = 'active' AND ST_Area(ST_Intersection(n.geom, o.geom)) >= %s
        ORDER BY n.key LIMIT 50
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [key, least_m2])
        return tuple(row[0] for row in cursor.fetchall())


@dataclass(frozen=True)
class Neighbour:
    """A parcel that adjoins: `shared_m` of common boundary, 0 at a corner; `overlap_m2` more than 0 is a fault."""

    key: str
    sheet_no: int
    parcel_no: int
    unit_key: str
    unit_vi: str
    unit_en: str
    land_use: str
    survey_area_m2: float
    shared_m: float
    overlap_m2: float


def neighbours(key: str) -> tuple[Neighbour, ...]:
    """Active parcels that touch this one, the longest common boundary first. One statement; planar, source CRS."""
    statement = """
        SELECT n.key, n.sheet_no, n.parcel_no, n.area_key, coalesce(a.full_name_vi, n.area_key),
               coalesce(a.name_en, n.area_key), n.land_use_now, n.survey_area_m2,
               ST_Length(ST_CollectionExtract(ST_Intersection(ST_Boundary(n.geom), ST_Boundary(p.geom)), 2)) AS shared,
               CASE WHEN ST_Touches(n.geom, p.geom) THEN 0 ELSE ST_Area(ST_Intersection(n.geom, p.geom)) END
        FROM layers_parcel p JOIN layers_parcel n ON ST_Intersects(n.geom, p.geom) AND n.key <> p.key
        LEFT JOIN layers_area a ON a.key = n.area_key
        WHERE p.key = %s AND n.status = 'active' ORDER BY shared DESC, n.area_key, n.sheet_no, n.parcel_no
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        return tuple(Neighbour(*row) for row in cursor.fetchall())


def land_use_names(codes: tuple[object, ...]) -> dict[str, LandUseName]:
    """Names of land-use codes; unknown codes are left out."""
    wanted = [str(code) for code in codes if code]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, name_vi, name_en FROM layers_land_use WHERE code = ANY(%s)", [wanted])
        return {row[0]: LandUseName(*row) for row in cursor.fetchall()}
