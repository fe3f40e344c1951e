"""Items and their neighbours: GeoJSON by SQL, filters, pages, and bad questions."""

import json
import time

import pytest
from django.db import connection

from layers.collections import registry
from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area
from layers.collections.parcels.models import Parcel, Party, Right
from layers.collections.tourism_sites.models import TourismSite
from tests.factories import FIRST_LIST, REFORM, given, rectangle

pytestmark = pytest.mark.django_db


def items(client, collection: str, query: str = "") -> dict:
    response = client.get(f"/collections/{collection}/items{query}")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/geo+json"
    return json.loads(response.content)


def keys(document: dict) -> list[str]:
    return [feature["id"] for feature in document["features"]]


def test_an_item_is_geojson_in_wgs_84(client):
    given(Parcel)
    feature = client.get("/collections/parcels/items/22915-2015-45-123").json()
    (lon, lat), *_ = feature["geometry"]["coordinates"][0]
    assert (lon, lat) == pytest.approx((108.1021, 10.9289), abs=1e-4)
    assert feature["properties"]["survey_area_m2"] == 1000.0
    assert feature["properties"]["synthetic"] is True


def test_a_feature_without_a_place_has_a_null_geometry(client):
    given(Agency)
    assert client.get("/collections/agencies/items/ld-snnmt").json()["geometry"] is None


def test_bbox_finds_what_it_touches_and_nothing_else(client):
    given(TourismSite)
    assert keys(items(client, "tourism_sites", "?bbox=108.2,10.9,108.4,11")) == ["doi-cat-do"]
    assert keys(items(client, "tourism_sites", "?bbox=108.4,10.9,108.5,11")) == []


def test_bbox_may_be_given_in_the_cadastral_system(client):
    given(Parcel)
    crs = "http://www.opengis.net/def/crs/EPSG/0/9218"
    assert keys(items(client, "parcels", f"?bbox=456300,1208600,456400,1208700&bbox-crs={crs}"))
    assert not keys(items(client, "parcels", f"?bbox=456400,1208600,456500,1208700&bbox-crs={crs}"))


def test_datetime_gives_the_units_of_that_day(client):
    given(
        Area,
        {"key": "22918-2015", "valid_from": FIRST_LIST, "valid_to": REFORM},
        {"key": "22918-2025", "valid_from": REFORM},
    )
    assert keys(items(client, "areas", "?datetime=2025-06-30")) == ["22918-2015"]
    assert keys(items(client, "areas", "?datetime=2025-07-01T00:00:00Z")) == ["22918-2025"]
    assert len(keys(items(client, "areas", "?datetime=2025-06-30/2025-07-01"))) == 2
    assert keys(items(client, "areas", "?datetime=../2025-06-30")) == ["22918-2015"]
    assert len(keys(items(client, "areas"))) == 2


def test_an_unchanged_page_is_not_sent_twice(client):
    given(TourismSite)
    first = client.get("/collections/tourism_sites/items", headers={"accept-encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    known = {"accept-encoding": "gzip", "if-none-match": first["ETag"]}
    assert client.get("/collections/tourism_sites/items", headers=known).status_code == 304


def test_filters_by_property(client):
    given(TourismSite, {}, {"key": "suoi-tien", "category": "beach"})
    assert keys(items(client, "tourism_sites", "?category=beach")) == ["suoi-tien"]
    assert len(keys(items(client, "tourism_sites", "?category=beach,natural"))) == 2


def test_pages_reach_every_feature_once(client):
    given(TourismSite, *({"key": f"site-{n:03}"} for n in range(25)))
    seen, path = [], "/collections/tourism_sites/items?limit=10&category=natural"
    for _ in range(5):
        document = json.loads(client.get(path).content)
        seen += keys(document)
        following = [link["href"] for link in document["links"] if link["rel"] == "next"]
        if not following:
            break
        path = following[0].removeprefix("http://testserver")
    assert seen == [f"site-{n:03}" for n in range(25)]


def test_one_statement_serves_a_page(client, django_assert_num_queries):
    given(TourismSite, *({"key": f"site-{n:03}"} for n in range(25)))
    with django_assert_num_queries(1):
        items(client, "tourism_sites")


def test_nothing_about_owners_is_in_any_item(client):
    given(Parcel)
    given(Party, {"name": "Nguyễn Thị Riêng Tư", "identity_no": "000-RIENG"})
    given(Right)
    for collection in registry.COLLECTIONS:
        body = client.get(f"/collections/{collection.id}/items").content.decode()
        assert "Riêng Tư" not in body and "RIENG" not in body
    for name in ("name", "party_key", "identity_no", "owner"):
        response = client.get(f"/collections/parcels/items?{name}=x")
        assert (response.status_code, response.json()["parameter"]) == (400, name)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("colour=red", "colour"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=5&limit=6", "limit"),
        ("cursor=abc", "cursor"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=nan,0,1,1", "bbox"),
        ("bbox=inf,0,1,1", "bbox"),
        ("bbox=2,0,1,1", "bbox"),
        ("bbox=181,0,182,1", "bbox"),
        ("bbox=-1e18,-1e18,1e18,1e18", "bbox"),
        ("bbox=-1e18,-1e18,1e18,1e18&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857", "bbox"),
        ("bbox=0,0,1,1&bbox-crs=EPSG:4326", "bbox-crs"),
        ("bbox=" + "1," * 5000, "bbox"),
        ("datetime=2025", "datetime"),
        ("datetime=2025-13-01", "datetime"),
        ("datetime=2025-07-01/2024-07-01", "datetime"),
        ("datetime=0001-01-01", "datetime"),
        ("datetime=9999-12-31", "datetime"),
        ("category=" + "x" * 300, "category"),
        ("category=%00", "category"),
        ("name_vi=x", "name_vi"),
    ],
)
def test_a_bad_question_is_a_problem_that_names_the_parameter(client, query, parameter):
    begin = time.monotonic()
    response = client.get(f"/collections/tourism_sites/items?{query}")
    assert time.monotonic() - begin < 1
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json"), response.content
    assert response.json()["parameter"] == parameter


@pytest.mark.parametrize("number", ["--5", "1e3", "-", "", "9999999999", "٣"])
def test_what_is_no_whole_number_is_refused_by_name(client, number):
    response = client.get(f"/collections/parcels/items?sheet_no={number}")
    assert (response.status_code, response.json()["parameter"]) == (400, "sheet_no")


def test_a_limit_beyond_the_largest_is_served_with_the_largest(client):
    assert items(client, "tourism_sites", "?limit=100000")["numberReturned"] == 0


@pytest.mark.parametrize("key", ["nothing", "'; drop table layers_area; --", "x" * 5000, "%00"])
def test_an_unknown_item_is_404(client, key):
    response = client.get(f"/collections/tourism_sites/items/{key}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_a_slow_question_is_ended_and_said(client):
    given(
        Parcel,
        *({"key": f"k{n}", "sheet_no": n, "geohash": f"w3uy5vt9{n:04}", "geom": rectangle()} for n in range(1000)),
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
    response = client.get("/collections/parcels/items?limit=1000")
    assert response.status_code == 503
    assert "too long" in response.json()["detail"]


@pytest.mark.parametrize("path", ["/ogc", "/conformance", "/collections"])
def test_the_common_pages_answer(client, path):
    assert client.get(path).status_code == 200
    assert client.get(f"{path}?x=1").status_code == 400
    assert client.post(path).status_code == 405


def test_queryables_are_exactly_what_can_be_asked(client):
    given(TourismSite)
    schema = client.get("/collections/tourism_sites/queryables").json()
    assert "enum" in schema["properties"]["category"]
    for name in schema["properties"]:
        assert client.get(f"/collections/tourism_sites/items?{name}=x").status_code == 200


def test_every_answer_is_the_same_whoever_asks(client, admin_client):
    given(Parcel)
    for path in ("/collections/parcels/items", "/collections/parcels/items/22915-2015-45-123"):
        public, signed_in = client.get(path), admin_client.get(path)
        assert public.content == signed_in.content
        assert not public.cookies and "Cookie" not in public.get("Vary", "")
