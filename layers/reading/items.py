"""Features as GeoJSON, written by PostGIS: one statement a page, no object per feature in Python."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from layers.access.reader import PUBLIC, Reader, require_read, visible_fields
from layers.collections.base import Collection, Field
from layers.errors import NotFound
from layers.reading.query import FeatureQuery, where


@dataclass(frozen=True)
class Page:
    """`features` are GeoJSON objects as text. `next_after` is the id to go on from, None on the last page."""

    features: tuple[str, ...]
    next_after: int | None

    def joined(self) -> str:
        return ",".join(self.features)


@lru_cache
def feature_sql(collection: Collection, fields: tuple[Field, ...]) -> str:
    """SQL expression over `t`: one GeoJSON feature (RFC 7946, WGS 84) as text."""
    columns = ", ".join(f't."{field.name}"' for field in fields)
    geometry = f"ST_AsGeoJSON(ST_Transform(t.geom_3857, 4326), {collection.area_precision})"  # half of geom's cost
    return (
        '\'{"type":"Feature","id":\' || to_json(t.key)::text || \',"geometry":\' || '
        f"coalesce({geometry}, 'null') || ',\"properties\":' || (SELECT row_to_json(p)::text FROM "
        f"(SELECT {columns}, t.valid_from, t.valid_to, t.version) p) || '}}'"
    )


def page(collection: Collection, query: FeatureQuery, reader: Reader = PUBLIC) -> Page:
    """At most `query.limit` features in id order. Raises NotAllowed or Invalid."""
    require_read(reader, collection)
    condition = where(collection, query, reader)
    expression = feature_sql(collection, visible_fields(reader, collection))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.id, {expression} FROM {collection.table} t "
            f"WHERE {condition.sql} AND t.id > %s ORDER BY t.id LIMIT %s",
            [*condition.params, query.after or 0, query.limit + 1],
        )
        rows = cursor.fetchall()
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return Page(tuple(row[1] for row in rows), rows[-1][0] if more else None)


def count(collection: Collection, query: FeatureQuery, reader: Reader = PUBLIC) -> int:
    """How many features match; a statement of its own, asked for only where it is shown."""
    require_read(reader, collection)
    condition = where(collection, query, reader)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {collection.table} t WHERE {condition.sql}", condition.params)
        return cursor.fetchone()[0]


def item(collection: Collection, key: str, reader: Reader = PUBLIC) -> str:
    """One feature as GeoJSON text. Raises NotFound or NotAllowed."""
    found = page(collection, FeatureQuery(keys=(key,), limit=1), reader)
    if not found.features:
        raise NotFound(f"{collection.id} has no feature {key!r}.", parameter="featureId")
    return found.features[0]
