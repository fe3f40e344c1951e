"""OGC API Features: landing page, conformance, collections, queryables, items, item, styles."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse

from layers import geo
from layers.access.reader import PUBLIC, readable, require_read, visible_fields
from layers.collections import registry
from layers.collections.base import Collection
from layers.errors import NotFound
from layers.ogc import parameters
from layers.ogc.compression import compressed
from layers.ogc.problems import answering_problems
from layers.reading import items as reading
from layers.reading import styles

CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilejson",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
)
GEOJSON = "application/geo+json"
ITEM_PARAMETERS = ("bbox", "bbox-crs", "datetime", "limit", "cursor", "f")


def _answer(document: dict, content_type: str = "application/json") -> HttpResponse:
    response = JsonResponse(document, content_type=content_type, json_dumps_params={"ensure_ascii": False})
    return _public(response)


def _public(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "public, max-age=60"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _link(request: HttpRequest, rel: str, path: str, kind: str = "application/json", title: str = "") -> dict:
    link = {"rel": rel, "href": request.build_absolute_uri(path), "type": kind}
    return link | ({"title": title} if title else {})


@answering_problems
def landing(request: HttpRequest) -> HttpResponse:
    """The machine face's front door, `/ogc`."""
    parameters.only(request, "f")
    return _answer(
        {
            "title": geo.province_name(),
            "links": [
                _link(request, "self", "/ogc"),
                _link(request, "service-doc", "/tro-giup/du-lieu-mo/", "text/html"),
                _link(request, "conformance", "/conformance"),
                _link(request, "data", "/collections"),
            ],
        }
    )


@answering_problems
def conformance(request: HttpRequest) -> HttpResponse:
    parameters.only(request, "f")
    return _answer({"conformsTo": list(CONFORMANCE)})


@answering_problems
def collections(request: HttpRequest) -> HttpResponse:
    parameters.only(request, "f")
    shown = [_collection(request, c) for c in registry.COLLECTIONS if readable(PUBLIC, c)]
    return _answer({"links": [_link(request, "self", "/collections")], "collections": shown})


@answering_problems
def collection(request: HttpRequest, collection_id: str) -> HttpResponse:
    parameters.only(request, "f")
    found = registry.get(collection_id)
    require_read(PUBLIC, found)
    return _answer(_collection(request, found))


def _collection(request: HttpRequest, found: Collection) -> dict:
    base = f"/collections/{found.id}"
    return {
        "id": found.id,
        "title": found.title,
        "description": found.description,
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [list(geo.province_bounds())]}},
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
        "storageCrs": f"http://www.opengis.net/def/crs/EPSG/0/{found.srid}",
        "synthetic": found.synthetic,
        "approximate": found.approximate,
        "links": [
            _link(request, "self", base),
            _link(request, "items", f"{base}/items", GEOJSON),
            _link(request, "http://www.opengis.net/def/rel/ogc/1.0/queryables", f"{base}/queryables"),
            _link(
                request,
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
                f"{base}/tiles/WebMercatorQuad",
            ),
            _link(request, "http://www.opengis.net/def/rel/ogc/1.0/styles", f"{base}/styles/default"),
        ],
    }


@answering_problems
def queryables(request: HttpRequest, collection_id: str) -> HttpResponse:
    """JSON Schema of the fields items can be filtered by (OGC API Features part 3)."""
    parameters.only(request, "f")
    found = registry.get(collection_id)
    require_read(PUBLIC, found)
    properties = {}
    for field in visible_fields(PUBLIC, found):
        if field.filterable:
            properties[field.name] = {"title": field.title, "type": field.kind.value}
            if field.choices:
                properties[field.name]["enum"] = [value for value, _, _ in field.choices]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": request.build_absolute_uri(request.path),
        "type": "object",
        "title": found.title,
        "properties": properties,
        "additionalProperties": False,
    }
    return _answer(schema, "application/schema+json")


@answering_problems
def items(request: HttpRequest, collection_id: str) -> HttpResponse:
    found = registry.get(collection_id)
    names = tuple(field.name for field in visible_fields(PUBLIC, found) if field.filterable)
    params = parameters.only(request, *ITEM_PARAMETERS, *names)
    query = parameters.feature_query(params, names)
    page = reading.page(found, query)
    links = [_link(request, "self", request.get_full_path(), GEOJSON)]
    if page.next_after is not None:
        following = urlencode({**params, "limit": query.limit, "cursor": page.next_after})
        links.append(_link(request, "next", f"{request.path}?{following}", GEOJSON))
    body = (
        f'{{"type":"FeatureCollection","numberReturned":{len(page.features)},'
        f'"synthetic":{json.dumps(found.synthetic)},'
        f'"links":{json.dumps(links, ensure_ascii=False)},"features":[{page.joined()}]}}'
    )
    return _public(compressed(request, body.encode(), GEOJSON))


@answering_problems
def item(request: HttpRequest, collection_id: str, key: str) -> HttpResponse:
    parameters.only(request, "f")
    found = registry.get(collection_id)
    return _public(HttpResponse(reading.item(found, key), content_type=GEOJSON))


@answering_problems
def style(request: HttpRequest, collection_id: str, style_id: str) -> HttpResponse:
    """The collection's MapLibre layers, without sources: the map joins them with the TileJSON."""
    parameters.only(request, "f")
    found = registry.get(collection_id)
    require_read(PUBLIC, found)
    if style_id != "default":
        raise NotFound(f"{collection_id} has the style 'default' only.", parameter="styleId")
    return _answer(styles.layers(found), "application/vnd.mapbox.style+json")
