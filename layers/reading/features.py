"""Features for pages: a frozen view of what this reader may see, in one statement a page of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection

from layers.access.reader import PUBLIC, Reader, require_read, visible_fields
from layers.collections.base import Collection, Field, Kind
from layers.errors import NotFound
from layers.reading.query import FeatureQuery, where


@dataclass(frozen=True)
class FeatureView:
    """One feature as pages show it. `point` is lon, lat of the feature or inside it; both places None: not located."""

    collection: Collection
    key: str
    values: dict[str, object]
    version: int
    valid_from: date | None
    valid_to: date | None
    recorded_on: date
    point: tuple[float, float] | None
    bbox: tuple[float, float, float, float] | None

    @property
    def name(self) -> str:
        return str(self.values.get("name_vi") or self.key)

    def get(self, name: str) -> object:
        return self.values.get(name)

    def facts(self) -> list[tuple[Field, object]]:
        """Fields that hold something, in the order of the declaration."""
        return [(f, self.values[f.name]) for f in self.collection.fields if self.values.get(f.name) not in (None, "")]


def feature(collection: Collection, key: str, reader: Reader = PUBLIC) -> FeatureView:
    """One feature by key. Raises NotFound or NotAllowed."""
    found = listing(collection, FeatureQuery(keys=(key,), limit=1), reader)
    if not found:
        raise NotFound(f"{collection.title}: {key}", parameter="key")
    return found[0]


def listing(
    collection: Collection,
    query: FeatureQuery,
    reader: Reader = PUBLIC,
    *,
    offset: int = 0,
    order: str = "id",
) -> list[FeatureView]:
    """Features that match, at most `query.limit` from `offset`, ordered by a visible field or by id."""
    require_read(reader, collection)
    fields = visible_fields(reader, collection)
    column = next((f for f in fields if f.name == order), None)
    condition = where(collection, query, reader)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_columns(fields)} FROM {collection.table} t WHERE {condition.sql} "
            f"ORDER BY {_order(column)} LIMIT %s OFFSET %s",
            [*condition.params, query.limit, offset],
        )
        return [_view(collection, row) for row in cursor.fetchall()]


def _order(field: Field | None) -> str:
    """By a visible field, then by id. Text goes by Vietnamese letters: Ă after A, Đ after D, tones within a letter."""
    if field is None:
        return "t.id"
    collation = ' COLLATE "vi-x-icu"' if field.kind is Kind.TEXT else ""
    return f't."{field.name}"{collation}, t.id'


@lru_cache
def _columns(fields: tuple[Field, ...]) -> str:
    values = ", ".join(f"""'{field.name}', t."{field.name}\"""" for field in fields)
    return (
        (
            f"t.key, json_build_object({values})::text, t.version, t.valid_from, t.valid_to, t.lifespan_begin::date, "
            "ST_X(p.point), ST_Y(p.point), ST_XMin(e.box), ST_YMin(e.box), ST_XMax(e.box), ST_YMax(e.box)"
        )
        .replace("p.point", "ST_Transform(coalesce(t.label_3857, ST_PointOnSurface(t.geom_3857)), 4326)")
        .replace("e.box", "ST_Transform(ST_Envelope(t.geom_3857), 4326)")
    )


def _view(collection: Collection, row: tuple) -> FeatureView:
    key, values, version, valid_from, valid_to, recorded_on, lon, lat, *box = row
    return FeatureView(
        collection,
        key,
        json.loads(values),
        version,
        valid_from,
        valid_to,
        recorded_on,
        None if lon is None else (lon, lat),
        None if box[0] is None else tuple(box),
    )
