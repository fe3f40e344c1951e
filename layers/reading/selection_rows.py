"""What is in a selection: totals, pages of the table, keys and places. Rows that its reader may read, no others.

Pages are asked from the database one at a time, in the order of a column, so that 20,000 parcels cost no more memory
than fifty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from layers import geo
from layers.access.reader import Reader, readable_rows
from layers.collections.parcels.collection import PARCELS
from layers.collections.validity import valid_sql
from layers.errors import Conflict, Invalid
from layers.reading.selections import Picked, held, selection, shown_ids
from layers.reading.statement import About


@dataclass(frozen=True)
class UseTotal:
    """Parcels of one land use and their surveyed area."""

    code: str
    count: int
    area_m2: float


@dataclass(frozen=True)
class Totals:
    """Of the whole selection, whatever page is shown. `box`: west, south, east, north in WGS 84."""

    count: int
    area_m2: float
    uses: tuple[UseTotal, ...]
    box: tuple[float, float, float, float] | None
    synthetic: int


@dataclass(frozen=True)
class Row:
    """A parcel in the table. `zone`: the land-use plan's code with the largest share of it; the share in per cent."""

    key: str
    area_key: str
    unit_vi: str
    unit_en: str
    sheet_no: int
    parcel_no: int
    land_use_now: str
    land_use_legal: str | None
    legal_area_m2: float | None
    survey_area_m2: float
    certificate: str | None
    status: str
    synthetic: bool
    zone: str
    zone_percent: float | None
    point: tuple[float, float]


ORDERS = {
    "number": "t.area_key, t.sheet_no, t.parcel_no",
    "unit": 'a.full_name_vi COLLATE "vi-x-icu", t.sheet_no, t.parcel_no',
    "area": "t.survey_area_m2",
    "legal_area": "t.legal_area_m2",
    "land_use": "t.land_use_now",
    "status": "t.status",
}
_PAGE = """
WITH page AS (
    SELECT t.id, t.geom, row_number() OVER (ORDER BY {order}, t.id) AS nth
    FROM unnest(%(ids)s::bigint[]) AS s(id) JOIN layers_parcel t ON t.id = s.id
    LEFT JOIN layers_area a ON a.key = t.area_key
    WHERE {readable} ORDER BY nth LIMIT %(limit)s OFFSET %(offset)s
)
SELECT t.key, t.area_key, coalesce(a.full_name_vi, t.area_key), coalesce(a.name_en, t.area_key), t.sheet_no,
       t.parcel_no, t.land_use_now, t.land_use_legal, t.legal_area_m2::float, t.survey_area_m2, t.certificate, t.status,
       t.synthetic, coalesce(z.code_land_use, ''), z.percent, ST_X(p.at), ST_Y(p.at)
FROM page JOIN layers_parcel t ON t.id = page.id
LEFT JOIN layers_area a ON a.key = t.area_key
CROSS JOIN LATERAL (SELECT ST_Transform(coalesce(t.label_3857, ST_PointOnSurface(t.geom_3857)), 4326) AS at) p
LEFT JOIN LATERAL (
    SELECT z.code_land_use, 100 * sum(ST_Area(ST_Intersection(z.geom, t.geom))) / ST_Area(t.geom) AS percent
    FROM layers_planning_zone z
    WHERE z.geom && t.geom AND z.theme = 'land_use_plan' AND ST_Intersects(z.geom, t.geom) AND {in_force}
    GROUP BY z.code_land_use HAVING sum(ST_Area(ST_Intersection(z.geom, t.geom))) >= 1
    ORDER BY percent DESC, z.code_land_use LIMIT 1
) z ON true
ORDER BY page.nth
"""


def rows(
    selection_id: object, reader: Reader, *, order: str = "number", descending: bool = False, offset: int = 0,
    limit: int = 50,
) -> tuple[Row, ...]:  # fmt: skip
    """A page of the selection's parcels. `order` is one of ORDERS. Raises NotAllowed, NotFound or Invalid."""
    row = held(selection_id, reader)
    if order not in ORDERS:
        raise Invalid(gettext("Không xếp được theo “%(order)s”.") % {"order": order[:40]}, parameter="order")
    by = ORDERS[order]
    if descending:
        by = ", ".join(f"{part} DESC NULLS LAST" for part in by.split(", "))
    readable, params = readable_rows(reader, PARCELS)
    params |= {"ids": shown_ids(row), "limit": limit, "offset": offset, "day": timezone.localdate()}
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(order=by, readable=readable, in_force=valid_sql("z")), params)
        return tuple(Row(*values[:-2], point=values[-2:]) for values in cursor.fetchall())


def keys(selection_id: object, reader: Reader) -> tuple[str, ...]:
    """Keys of all its parcels that the reader may read, by commune, sheet and number."""
    return tuple(row[0] for row in _each("t.key", selection_id, reader))


def places(selection_id: object, reader: Reader) -> tuple[tuple[str, float, float], ...]:
    """Key, longitude and latitude of a point inside each parcel, for the map."""
    at = "ST_Transform(coalesce(t.label_3857, ST_PointOnSurface(t.geom_3857)), 4326)"
    return tuple(_each(f"t.key, round(ST_X({at})::numeric, 6)::float, round(ST_Y({at})::numeric, 6)::float",
                       selection_id, reader))  # fmt: skip


def _each(columns: str, selection_id: object, reader: Reader) -> list[tuple]:
    readable, params = readable_rows(reader, PARCELS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM unnest(%(ids)s::bigint[]) AS s(id) JOIN layers_parcel t ON t.id = s.id "
            f"WHERE {readable} ORDER BY {ORDERS['number']}",
            params | {"ids": shown_ids(held(selection_id, reader))},
        )
        return cursor.fetchall()


_TOTALS = """
WITH picked AS MATERIALIZED (
    SELECT t.land_use_now AS code, t.survey_area_m2 AS m2, t.geom_3857 AS g, t.synthetic
    FROM unnest(%(ids)s::bigint[]) AS s(id) JOIN layers_parcel t ON t.id = s.id WHERE {readable}
)
SELECT (SELECT coalesce(json_agg(json_build_array(code, n, m2) ORDER BY m2 DESC, code), '[]') FROM (
            SELECT code, count(*) AS n, sum(m2) AS m2 FROM picked GROUP BY code) u),
       (SELECT count(*) FROM picked WHERE synthetic),
       ST_XMin(b.box), ST_YMin(b.box), ST_XMax(b.box), ST_YMax(b.box)
FROM (SELECT ST_Transform(ST_SetSRID(ST_Extent(g)::geometry, {mercator}), {degrees}) AS box FROM picked) b
"""


def totals(selection_id: object, reader: Reader) -> Totals:
    """Of the whole selection, in one statement. Raises NotAllowed or NotFound."""
    ids = shown_ids(held(selection_id, reader))
    if not ids:
        return Totals(0, 0.0, (), None, 0)
    readable, params = readable_rows(reader, PARCELS)
    with connection.cursor() as cursor:
        cursor.execute(
            _TOTALS.format(readable=readable, mercator=geo.WEB_MERCATOR, degrees=geo.WGS84), params | {"ids": ids}
        )
        uses, synthetic, *box = cursor.fetchone()
    found = tuple(UseTotal(*use) for use in uses)
    return Totals(
        sum(use.count for use in found), sum(use.area_m2 for use in found), found,
        None if box[0] is None else tuple(box), synthetic,
    )  # fmt: skip


# ---- as files tell of it

EXPORT_JOB, MAP_JOB = "selection_export", "selection_map"  # kinds of jobs that write a selection down


def wanted(picked: Picked, page_url: str) -> dict[str, object]:
    """What a job notes of a selection, so that `asked_for` knows it again. Nothing personal."""
    return {"selection": str(picked.id), "question": picked.question, "count": picked.count, "page_url": page_url}


def asked_for(parameters: Mapping[str, object], reader: Reader) -> tuple[tuple[str, ...], About]:
    """Keys and words of the selection that `wanted` noted. Raises NotFound, or Conflict when it is another one now."""
    picked = selection(parameters["selection"], reader)
    if (picked.question, picked.count) != (parameters["question"], parameters["count"]):
        raise Conflict(gettext("Lựa chọn đã đổi sau khi yêu cầu tệp. Hãy mở lựa chọn và yêu cầu lại."))
    return keys(picked.id, reader), about(picked, str(parameters["page_url"]))


def about(picked: Picked, page_url: str) -> About:
    """The selection as its files tell of it."""
    return About(picked.title or gettext("Lựa chọn thửa đất"), picked.question, picked.changed_at, page_url)
