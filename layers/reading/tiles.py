"""Vector tiles: one SQL statement each, bytes straight from the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection

from layers.access.reader import PUBLIC, Reader, require_read, visible_fields
from layers.collections.base import Collection, Field
from layers.collections.validity import valid_sql
from layers.errors import NotFound

EXTENT, BUFFER = 4096, 64
_VALID = valid_sql("t")


@dataclass(frozen=True)
class Tile:
    zoom: int
    row: int
    column: int


@lru_cache
def tile_sql(collection: Collection, fields: tuple[Field, ...], *, labels: bool) -> str:
    """The statement of a collection's tiles. No `geom IS NOT NULL`: it would evaluate ST_AsMVTGeom twice."""
    attributes = "".join(f', t."{field.name}" AS "{field.name}"' for field in fields if field.in_tiles)
    if labels:  # in the one tile that holds the label's point: a shape cut by tile edges is named once
        attributes += f", CASE WHEN t.label_3857 && b.tile THEN {collection.label_sql} END AS label"
    drawn = f" AND {collection.drawn_sql}" if collection.drawn_sql else ""
    return (
        "WITH bounds AS MATERIALIZED (SELECT ST_TileEnvelope(%(zoom)s, %(column)s, %(row)s) AS tile, "
        f"ST_TileEnvelope(%(zoom)s, %(column)s, %(row)s, margin => {BUFFER / EXTENT}) AS wide) "
        f"SELECT ST_AsMVT(s, '{collection.id}', {EXTENT}, 'shape', 'id') FROM ("
        f"SELECT t.id, t.key{attributes}, ST_AsMVTGeom(t.geom_3857, b.tile, {EXTENT}, {BUFFER}) AS shape "
        f"FROM {collection.table} t, bounds b WHERE t.geom_3857 && b.wide AND {_VALID}{drawn}) s"
    )


def tile(collection: Collection, where: Tile, day: date, reader: Reader = PUBLIC) -> bytes:
    """The tile as Mapbox Vector Tile bytes, features valid on `day`; empty when nothing is there.

    The caller has checked zoom, row and column against the matrix; outside the collection's zooms: NotFound.
    """
    require_read(reader, collection)
    low, high = collection.zooms
    if not low <= where.zoom <= high:
        raise NotFound(
            f"{collection.id} has tiles from zoom {low} to {high}, not {where.zoom}.", parameter="tileMatrix"
        )
    labels = collection.geometry == "polygon" and where.zoom >= collection.label_zoom
    statement = tile_sql(collection, visible_fields(reader, collection), labels=labels)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"zoom": where.zoom, "row": where.row, "column": where.column, "day": day})
        return bytes(cursor.fetchone()[0])


def layer_version(collection: Collection) -> int:
    """How often the collection was published; part of its tiles' addresses."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version FROM layers_layer_state WHERE record_type = %s",
            [collection.model._meta.model_name],
        )
        row = cursor.fetchone()
    return row[0] if row else 0
