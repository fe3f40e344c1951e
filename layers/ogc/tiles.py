"""OGC API Tiles: TileJSON and vector tiles in WebMercatorQuad."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from layers import geo
from layers.access.reader import PUBLIC, require_read, visible_fields
from layers.collections import registry
from layers.collections.base import Collection
from layers.errors import Invalid, NotFound
from layers.ogc import parameters
from layers.ogc.compression import compressed
from layers.ogc.problems import answering_problems
from layers.reading import tiles

MATRIX_SET = "WebMercatorQuad"
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
A_YEAR = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60"
_TILE_PATH = re.compile(r"^/collections/([^/]+)/tiles/([^/]+)/([^/]+)/([^/]+)/([^/]+)$")


def tiles_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that answers tiles before all others: they need no session, language, template or form token."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if match := _TILE_PATH.match(request.path_info):
            response = tile(request, *match.groups())
            response["X-Content-Type-Options"] = "nosniff"  # faults repeat what was asked
            return response
        return get_response(request)

    return middleware


@answering_problems
def tile(request: HttpRequest, collection_id: str, matrix_set: str, matrix: str, row: str, column: str) -> HttpResponse:
    """One tile of one day, today's when none is asked; 204 when nothing is there.

    The TileJSON's addresses name version and day, all that a tile depends on: those may be kept for a year.
    """
    params = parameters.only(request, "v", "datetime")
    collection = registry.get(collection_id)
    _require_matrix_set(matrix_set)
    where = _tile(matrix, row, column)
    day = parameters.day(params.get("datetime"))
    body = tiles.tile(collection, where, day or timezone.localdate())
    response = HttpResponse(status=204) if not body else compressed(request, body, MEDIA_TYPE)
    response["Cache-Control"] = A_YEAR if day and "v" in params else A_MINUTE
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _require_matrix_set(matrix_set: str) -> None:
    if matrix_set != MATRIX_SET:
        raise NotFound(f"Tiles are in {MATRIX_SET} only, not {matrix_set[:40]!r}.", parameter="tileMatrixSetId")


def _tile(matrix: str, row: str, column: str) -> tiles.Tile:
    numbers = []
    for name, text in (("tileMatrix", matrix), ("tileRow", row), ("tileCol", column)):
        if not (text.isascii() and text.isdigit() and len(text) <= 8):
            raise Invalid(f"{name} must be a whole number, not {text[:40]!r}.", parameter=name)
        numbers.append(int(text))
    zoom = numbers[0]
    if zoom > geo.MAX_ZOOM:
        raise NotFound(f"tileMatrix goes from 0 to {geo.MAX_ZOOM}, not {zoom}.", parameter="tileMatrix")
    for name, number in (("tileRow", numbers[1]), ("tileCol", numbers[2])):
        if number >= 2**zoom:
            raise NotFound(f"{name} goes from 0 to {2**zoom - 1} at zoom {zoom}, not {number}.", parameter=name)
    return tiles.Tile(*numbers)


@answering_problems
def tilejson(request: HttpRequest, collection_id: str, matrix_set: str) -> HttpResponse:
    """TileJSON 3.0 of one collection. Its tile address carries the collection's version and today's date."""
    parameters.only(request, "f")
    collection = registry.get(collection_id)
    require_read(PUBLIC, collection)
    _require_matrix_set(matrix_set)
    response = JsonResponse(_tilejson(request, collection), json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _tilejson(request: HttpRequest, collection: Collection) -> dict:
    attributes = {"key": "string"} | {
        field.name: field.kind.value for field in visible_fields(PUBLIC, collection) if field.in_tiles
    }
    if collection.geometry == "polygon":
        attributes["label"] = "string"
    base = request.build_absolute_uri(f"/collections/{collection.id}/tiles/{MATRIX_SET}")
    low, high = collection.zooms
    return {
        "tilejson": "3.0.0",
        "name": collection.title,
        "tiles": [f"{base}/{{z}}/{{y}}/{{x}}?v={tiles.layer_version(collection)}&datetime={timezone.localdate()}"],
        "minzoom": low,
        "maxzoom": high,
        "bounds": list(geo.province_bounds()),
        "vector_layers": [{"id": collection.id, "description": collection.description, "fields": attributes}],
    }
