"""What PostGIS measures for a fact sheet: per theme, plan, code and status the union of the zones within the parcel.

One statement for all themes. Areas are planar in the CRS of the sheets (`geo.VN2000`), of the union, unrounded. The
tolerance only chooses which zones are looked at. A theme whose source fails is asked again alone, in its own savepoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import shapely
from django.db import DatabaseError, connection, transaction
from shapely.geometry.base import BaseGeometry

from layers import geo
from layers.collections.planning_zones.themes import Theme


@dataclass(frozen=True)
class MeasuredZone:
    """All polygons of one plan, code and status, as one. `geometry` is their union within the parcel, polygons only."""

    plan_id: str
    code: str
    status: str
    plan_name: str
    decision_no: str
    decision_date: date | None
    displayed_from: date | None
    valid_from: date | None
    valid_to: date | None
    law: str
    law_article: str
    office_key: str
    consequence_vi: str
    consequence_en: str
    synthetic: bool
    distance_m: float
    area_m2: float
    perimeter_m: float
    geometry: BaseGeometry = field(compare=False)

    @property
    def mean_width_m(self) -> float:
        return 2 * self.area_m2 / self.perimeter_m if self.perimeter_m else 0.0


@dataclass(frozen=True)
class MeasuredTheme:
    """One theme at the parcel. `checked` is the part of the parcel where somebody looked; None: nowhere."""

    failed: bool = False
    zones: tuple[MeasuredZone, ...] = ()
    checked: BaseGeometry | None = field(default=None, compare=False)
    checked_on: date | None = None
    checked_by: str = ""


# What a zone is on a day follows from its days; the stored word counts only where there are none.
_STATUS = """CASE
    WHEN z.valid_to <= %(on)s THEN 'expired'
    WHEN z.valid_from <= %(on)s THEN 'in_force'
    WHEN z.decision_date <= %(on)s THEN
        CASE WHEN z.valid_from IS NULL AND z.status = 'in_force' THEN 'in_force' ELSE 'adopted' END
    WHEN z.displayed_from <= %(on)s THEN 'on_display'
    WHEN coalesce(z.valid_from, z.decision_date, z.displayed_from) IS NULL THEN z.status END"""

_ZONES = f"""SELECT 'zone', z.theme, coalesce(nullif(z.plan_id, ''), z.plan_name || ' ' || z.decision_no) AS plan,
    z.code_land_use, s.status, min(z.plan_name), string_agg(DISTINCT z.decision_no, '; '), min(z.decision_date),
    min(z.displayed_from), min(z.valid_from), max(z.valid_to), string_agg(DISTINCT nullif(z.law, ''), '; '),
    string_agg(DISTINCT nullif(z.law_article, ''), '; '), max(z.office_key), min(z.consequence_vi),
    min(z.consequence_en), bool_or(z.synthetic), min(ST_Distance(z.geom, p.g)),
    ST_CollectionExtract(ST_Union(ST_CollectionExtract(ST_Intersection(z.geom, p.g), 3)), 3) AS within
  FROM parcel p JOIN {{table}} z ON ST_DWithin(z.geom, p.g, %(tolerance)s)
  CROSS JOIN LATERAL (SELECT {_STATUS} AS status) s
  WHERE z.theme = ANY(%({{themes}})s) AND s.status IS NOT NULL
  GROUP BY z.theme, plan, z.code_land_use, s.status"""

_COVERAGE = """SELECT 'coverage', t.theme, '', '', '', '', '', min(c.checked_on), NULL::date, NULL::date, NULL::date,
    '', '', '', string_agg(DISTINCT c.checked_by, '; '), '', bool_or(c.synthetic), 0.0,
    ST_CollectionExtract(ST_Union(ST_CollectionExtract(ST_Intersection(c.geom, p.g), 3)), 3)
  FROM parcel p CROSS JOIN unnest(%(theme_ids)s::text[], %(checked_as)s::text[]) AS t (theme, layer)
  JOIN layers_coverage c ON c.layer = t.layer AND ST_Intersects(c.geom, p.g)
    AND (c.valid_from IS NULL OR c.valid_from <= %(on)s) AND (c.valid_to IS NULL OR %(on)s < c.valid_to)
  GROUP BY t.theme"""


def measure(parcel_key: str, themes: Sequence[Theme], on: date, tolerance_m: float) -> dict[str, MeasuredTheme]:
    """Every theme by its id, in one statement; with a failing source, one statement a theme."""
    try:
        return _read(parcel_key, themes, on, tolerance_m)
    except (DatabaseError, shapely.errors.GEOSException):
        return {theme.id: _alone(parcel_key, theme, on, tolerance_m) for theme in themes}


def _alone(parcel_key: str, theme: Theme, on: date, tolerance_m: float) -> MeasuredTheme:
    try:
        return _read(parcel_key, [theme], on, tolerance_m)[theme.id]
    except (DatabaseError, shapely.errors.GEOSException):
        return MeasuredTheme(failed=True)


def _read(parcel_key: str, themes: Sequence[Theme], on: date, tolerance_m: float) -> dict[str, MeasuredTheme]:
    """In a savepoint: a fault leaves the transaction around it usable. Table names come from declarations."""
    tables = sorted({theme.table for theme in themes})
    parts = [_ZONES.format(table=table, themes=f"themes_{n}") for n, table in enumerate(tables)]
    values: dict[str, object] = {
        f"themes_{n}": [theme.id for theme in themes if theme.table == table] for n, table in enumerate(tables)
    }
    values |= {
        "key": parcel_key, "on": on, "tolerance": tolerance_m, "theme_ids": [theme.id for theme in themes],
        "checked_as": [theme.checked_as for theme in themes],
    }  # fmt: skip
    sql = (
        "WITH parcel AS MATERIALIZED (SELECT geom AS g FROM layers_parcel WHERE key = %(key)s) "
        "SELECT rows.*, ST_Area(within), ST_Perimeter(within), ST_AsBinary(within) FROM ("
        + " UNION ALL ".join([*parts, _COVERAGE])
        + ") AS rows (kind, theme, plan, code, status, name, decision, decided, displayed, begins, ends, law, article, "
        "office, vi, en, synthetic, distance, within)"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return _by_theme(rows, themes)


_DRAWN = """SELECT z.theme, coalesce(nullif(z.plan_id, ''), z.plan_name || ' ' || z.decision_no) AS plan,
    z.code_land_use, s.status,
    ST_AsBinary(ST_CollectionExtract(ST_Intersection(ST_Union(z.geom), frame.g), 3))
  FROM frame JOIN {table} z ON ST_Intersects(z.geom, frame.g)
  CROSS JOIN LATERAL (SELECT {status} AS status) s
  WHERE z.theme = ANY(%({themes})s) AND s.status IS NOT NULL
  GROUP BY z.theme, plan, z.code_land_use, s.status, frame.g"""


def zones_within(
    box: tuple[float, float, float, float], themes: Sequence[Theme], on: date
) -> dict[tuple[str, str, str, str], BaseGeometry]:
    """By theme, plan, code and status: the zone's ground within a box (west, south, east, north; metres), to be drawn.

    One statement. Raises DatabaseError where a theme's source fails: ask for those that answered.
    """
    tables = sorted({theme.table for theme in themes})
    parts = [_DRAWN.format(table=table, themes=f"themes_{n}", status=_STATUS) for n, table in enumerate(tables)]
    if not parts:
        return {}
    values: dict[str, object] = {
        f"themes_{n}": [theme.id for theme in themes if theme.table == table] for n, table in enumerate(tables)
    }
    values |= {"on": on, "box": list(box)}
    frame = f"SELECT ST_MakeEnvelope((%(box)s::float8[])[1], (%(box)s::float8[])[2], (%(box)s::float8[])[3], " \
            f"(%(box)s::float8[])[4], {geo.VN2000}) AS g"  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"WITH frame AS MATERIALIZED ({frame}) " + " UNION ALL ".join(parts), values)
        return {tuple(row[:4]): shapely.from_wkb(bytes(row[4])) for row in cursor.fetchall()}


def _by_theme(rows: list[tuple], themes: Sequence[Theme]) -> dict[str, MeasuredTheme]:
    zones: dict[str, list[MeasuredZone]] = {theme.id: [] for theme in themes}
    checked: dict[str, tuple[BaseGeometry, date, str]] = {}
    for row in rows:
        theme, geometry = row[1], shapely.from_wkb(bytes(row[21]))
        if row[0] == "coverage":
            checked[theme] = (geometry, row[7], row[14])
        else:
            zones[theme].append(_zone(row, geometry))
    nothing = (None, None, "")
    return {
        theme: MeasuredTheme(
            False, tuple(sorted(found, key=lambda z: (z.plan_id, z.code))), *checked.get(theme, nothing)
        )
        for theme, found in zones.items()
    }


def _zone(row: tuple, geometry: BaseGeometry) -> MeasuredZone:
    texts = {n: row[n] or "" for n in (11, 12, 13, 14, 15)}
    return MeasuredZone(
        *row[2:11], texts[11], texts[12], texts[13], texts[14], texts[15], row[16], row[17], row[19], row[20], geometry
    )
