"""Tiles, decoded: what is in them, what must not be, and what bad addresses answer."""

import gzip
from datetime import date

import mapbox_vector_tile
import pytest
from django.db import connection

from layers.collections import registry
from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area
from layers.collections.parcels.models import Parcel, Party, Right
from layers.collections.tourism_sites.models import TourismSite
from tests.factories import FIRST_LIST, REFORM, given, rectangle

pytestmark = pytest.mark.django_db

# The tile of zoom 16 that holds EPSG:9218 E 456313, N 1208622 (Phan Thiết).
PHAN_THIET_16 = "16/30768/52447"


def tile_address(connection, zoom: int, table: str = "layers_parcel") -> str:
    """Row and column of the tile at `zoom` around the first row of `table`, asked of PostGIS."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Centroid(geom_3857) p FROM {table} ORDER BY id LIMIT 1) q"
        )
        x, y = cursor.fetchone()
    half = 20037508.342789244
    size = 2 * half / 2**zoom
    return f"{zoom}/{int((half - y) / size)}/{int((x + half) / size)}"


def decoded(response) -> dict:
    assert response.status_code == 200, response.content
    body = gzip.decompress(response.content) if response.get("Content-Encoding") == "gzip" else response.content
    return mapbox_vector_tile.decode(body)


def get(client, collection: str, address: str, **headers):
    return client.get(f"/collections/{collection}/tiles/WebMercatorQuad/{address}", headers=headers)


def test_a_parcel_tile_holds_shape_and_label_and_few_attributes(client):
    given(Parcel)
    layers = decoded(get(client, "parcels", tile_address(connection, 16)))

    assert set(layers) == {"parcels"}
    (feature,) = layers["parcels"]["features"]
    assert feature["properties"] == {"key": "22915-2015-45-123", "land_use_now": "ODT", "label": "45/123"}
    assert feature["geometry"]["type"] == "Polygon"


def test_retired_parcels_are_on_the_map_of_their_days_only(client):
    """An end that nobody knows puts a retired parcel on no map: it would lie over what took its place."""
    old = {"status": "retired", "valid_from": date(2012, 1, 1), "valid_to": date(2019, 5, 12)}
    given(
        Parcel,
        {"valid_from": date(2019, 5, 12)},
        {"key": "old", "parcel_no": 1, "geohash": "w3uy5vt93w86"} | old,
        {"key": "undated", "parcel_no": 2, "geohash": "w3uy5vt93w87", "status": "retired"},
    )
    address = tile_address(connection, 16)

    def keys(day: str) -> set[str]:
        layers = decoded(get(client, "parcels", f"{address}?datetime={day}"))
        return {feature["properties"]["key"] for feature in layers["parcels"]["features"]}

    assert keys("2026-11-25") == {"22915-2015-45-123"}
    assert keys("2019-05-11") == {"old"}
    assert {"22915-2015-45-123"} == {
        feature["properties"]["key"] for feature in decoded(get(client, "parcels", address))["parcels"]["features"]
    }


def test_a_shape_cut_by_tile_edges_is_named_in_one_tile_only(client):
    given(Parcel, {"geom": rectangle(900, 900)})
    zoom, row, column = (int(part) for part in tile_address(connection, 16).split("/"))
    named = shown = 0
    for r in range(row - 3, row + 4):
        for c in range(column - 3, column + 4):
            response = get(client, "parcels", f"{zoom}/{r}/{c}")
            if response.status_code == 200:
                (feature,) = decoded(response)["parcels"]["features"]
                shown, named = shown + 1, named + ("label" in feature["properties"])
    assert (shown > 4, named) == (True, 1)


def test_no_owner_is_in_any_tile(client):
    given(Parcel)
    given(Party, {"name": "Trần Văn Mẫu Thử"})
    given(Right)
    address = tile_address(connection, 16)
    for zoom in (14, 15, 16):
        response = get(client, "parcels", tile_address(connection, zoom))
        assert b"Tr\xe1\xba\xa7n" not in response.content
        assert b"000-MAU" not in response.content
    (feature,) = decoded(get(client, "parcels", address))["parcels"]["features"]
    assert set(feature["properties"]) == {"key", "land_use_now", "label"}


def test_parcels_come_from_zoom_14(client):
    given(Parcel)
    assert decoded(get(client, "parcels", tile_address(connection, 14)))
    response = get(client, "parcels", tile_address(connection, 13))
    assert response.status_code == 404
    assert response.json()["parameter"] == "tileMatrix"


def test_a_point_tile_holds_points(client):
    given(TourismSite)
    layers = decoded(get(client, "tourism_sites", tile_address(connection, 10, "layers_tourism_site")))
    assert set(layers) == {"tourism_sites"}
    assert layers["tourism_sites"]["features"][0]["properties"]["category"] == "natural"


def test_a_feature_without_a_place_is_in_no_tile_and_harms_none(client):
    given(Agency, {"geom": None})
    assert get(client, "agencies", "5/15/25").status_code == 204


def test_a_tile_shows_what_is_valid_on_the_day_asked(client):
    given(
        Area,
        {"key": "22918-2015", "name_vi": "Hàm Tiến", "valid_from": FIRST_LIST, "valid_to": REFORM},
        {"key": "22918-2025", "name_vi": "Mũi Né", "valid_from": REFORM},
    )
    address = tile_address(connection, 10, "layers_area")

    def names(query: str) -> set[str]:
        layers = decoded(get(client, "areas", f"{address}{query}"))
        return {feature["properties"]["name_vi"] for feature in layers["areas"]["features"]}

    assert names("") == {"Mũi Né"}
    assert names("?datetime=2025-06-30") == {"Hàm Tiến"}
    assert names("?datetime=2025-07-01") == {"Mũi Né"}


def test_one_statement_serves_a_tile(client, django_assert_num_queries):
    given(Parcel)
    address = tile_address(connection, 16)
    with django_assert_num_queries(1):
        get(client, "parcels", address)


def test_an_empty_tile_is_204(client):
    assert get(client, "parcels", PHAN_THIET_16).status_code == 204


def test_gzip_and_plain_hold_the_same_and_have_their_own_etag(client):
    rows = ({"key": f"k{n}", "sheet_no": n, "geohash": f"w3uy5vt9{n:04}", "geom": rectangle()} for n in range(1, 30))
    given(Parcel, *rows)
    address = tile_address(connection, 16)
    plain, small = (
        get(client, "parcels", address),
        get(client, "parcels", address, accept_encoding="gzip, br"),
    )
    assert gzip.decompress(small.content) == plain.content
    assert plain["ETag"] != small["ETag"]
    assert get(client, "parcels", address, if_none_match=plain["ETag"]).status_code == 304


def test_a_new_publication_is_a_new_address(client):
    given(Parcel)
    first = client.get("/collections/parcels/tiles/WebMercatorQuad").json()["tiles"]
    given(Parcel, {"land_use_now": "LUC"})
    second = client.get("/collections/parcels/tiles/WebMercatorQuad").json()["tiles"]
    assert first != second
    assert "{z}/{y}/{x}" in second[0]


def test_only_an_address_that_tells_version_and_day_may_be_kept_a_year(client):
    """A tile without a day changes by itself at midnight, when something begins or ends."""
    offered = client.get("/collections/parcels/tiles/WebMercatorQuad").json()["tiles"][0]
    z, y, x = PHAN_THIET_16.split("/")
    whole = offered.replace("{z}", z).replace("{y}", y).replace("{x}", x)
    assert "immutable" in client.get(whole)["Cache-Control"]
    for address in (PHAN_THIET_16, f"{PHAN_THIET_16}?v=1", f"{PHAN_THIET_16}?datetime=2025-07-01"):
        assert "immutable" not in get(client, "parcels", address)["Cache-Control"], address


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("/collections/houses/tiles/WebMercatorQuad/16/1/1", 404, "collectionId"),
        ("/collections/parcels/tiles/WorldCRS84Quad/16/1/1", 404, "tileMatrixSetId"),
        ("/collections/parcels/tiles/WebMercatorQuad/23/1/1", 404, "tileMatrix"),
        ("/collections/parcels/tiles/WebMercatorQuad/16/65536/1", 404, "tileRow"),
        ("/collections/parcels/tiles/WebMercatorQuad/16/1/65536", 404, "tileCol"),
        ("/collections/parcels/tiles/WebMercatorQuad/-1/1/1", 400, "tileMatrix"),
        ("/collections/parcels/tiles/WebMercatorQuad/16/1e3/1", 400, "tileRow"),
        ("/collections/parcels/tiles/WebMercatorQuad/16/1/1.mvt", 400, "tileCol"),
        ("/collections/parcels/tiles/WebMercatorQuad/16/1/99999999999999999999", 400, "tileCol"),
        ("/collections/parcels/tiles/WebMercatorQuad/16/1/٣", 400, "tileCol"),
        ("/collections/parcels/tiles/WebMercatorQuad/16/1/1?datetime=yesterday", 400, "datetime"),
        ("/collections/parcels/tiles/WebMercatorQuad/16/1/1?datetime=../2025-07-01", 400, "datetime"),
        ("/collections/parcels/tiles/WebMercatorQuad/16/1/1?colour=red", 400, "colour"),
    ],
)
def test_a_bad_address_is_a_problem_that_names_the_fault(client, path, status, parameter):
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["parameter"] == parameter
    assert response.json()["status"] == status


def test_writing_to_a_tile_is_refused(client):
    response = client.post(f"/collections/parcels/tiles/WebMercatorQuad/{PHAN_THIET_16}")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("collection", [c.id for c in registry.COLLECTIONS])
def test_every_collection_has_a_tilejson_that_matches_its_tiles(client, collection):
    document = client.get(f"/collections/{collection}/tiles/WebMercatorQuad").json()
    assert document["tilejson"] == "3.0.0"
    assert document["vector_layers"][0]["id"] == collection
    assert document["minzoom"] <= document["maxzoom"]


def test_when_parcels_are_not_public_no_door_gives_them(client, settings):
    given(Parcel)
    address = tile_address(connection, 16)
    settings.PUBLIC_PARCELS = False
    for path in (
        f"/collections/parcels/tiles/WebMercatorQuad/{address}",
        "/collections/parcels",
        "/collections/parcels/items",
        "/collections/parcels/items/22915-2015-45-123",
        "/collections/parcels/queryables",
        "/collections/parcels/styles/default",
        "/collections/parcels/tiles/WebMercatorQuad",
    ):
        assert client.get(path).status_code == 403, path
    assert "parcels" not in [c["id"] for c in client.get("/collections").json()["collections"]]


def test_validity_is_half_open(client):
    given(Parcel, {"valid_from": date(2020, 1, 1), "valid_to": date(2024, 1, 1), "geom": rectangle()})
    address = tile_address(connection, 16)
    assert get(client, "parcels", f"{address}?datetime=2023-12-31").status_code == 200
    assert get(client, "parcels", f"{address}?datetime=2024-01-01").status_code == 204
