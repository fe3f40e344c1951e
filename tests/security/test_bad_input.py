"""Input made to break: every answer is a 4xx that says so, never a 500, and nothing of it is believed."""

import json

import pytest
from django.test import Client

from layers.collections.agencies.models import Agency
from layers.collections.parcels.models import Parcel
from tests.factories import given

pytestmark = pytest.mark.django_db
VN2000 = "http://www.opengis.net/def/crs/EPSG/0/9218"


@pytest.fixture
def visitor(client):
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("number", ["--5", "-", "+5", "٤", "²", "5.0", "", "1" * 10, "-" * 5 + "1"])
def test_a_whole_number_is_read_strictly(visitor, number):
    answer = visitor.get("/collections/parcels/items", {"sheet_no": number})
    assert answer.status_code == 400 and answer.json()["parameter"] == "sheet_no"


@pytest.mark.parametrize("box", ["-2e7,-2e7,2e7,2e7", "2e7,2e7,2e7,2e7", "0,0,4.1e6,1", "0,-9.1e6,1,0"])
def test_a_box_where_vn_2000_has_no_answer_is_refused(visitor, box):
    answer = visitor.get("/collections/parcels/items", {"bbox": box, "bbox-crs": VN2000})
    assert answer.status_code == 400 and answer.json()["parameter"] == "bbox"


@pytest.mark.parametrize("west", [-4e6, -1e6, 0, 3e6, 4e6])
@pytest.mark.parametrize("south", [-9e6, 0, 9e6])
def test_every_box_that_is_taken_has_an_answer(visitor, west, south):
    query = {"bbox": f"{west},{south},4e6,9e6", "bbox-crs": VN2000}
    assert visitor.get("/collections/parcels/items", query).status_code == 200


@pytest.mark.parametrize("commune", ["/", "//", "///"])
def test_slashes_alone_are_no_commune(visitor, commune):
    answer = visitor.get("/thua-dat/", {"xa": commune, "to": "1", "thua": "1"})
    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "a b", ""])
@pytest.mark.parametrize("path", ["/", "/tim/?q=a", "/collections", "/quan-tri/login/", "/nothing"])
def test_an_unknown_host_is_a_short_400(visitor, host, path):
    answer = visitor.get(path, headers={"host": host})
    assert answer.status_code == 400 and b"evil" not in answer.content and "Cache-Control" not in answer


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/", "/tim/?q=a", "/thu-tuc/", "/collections", "/collections/areas/items"])
def test_what_changes_nothing_is_read_only(path, method):
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/tim/?q=a", "/collections", "/collections/areas/items", "/ogc"])
def test_no_cookie_goes_into_a_public_answer(visitor, path):
    visitor.cookies["csrftoken"] = "<malformed>"
    visitor.cookies["sessionid"] = "stranger"
    answer = visitor.get(path)
    assert answer.status_code == 200 and not answer.cookies and "Cookie" not in answer.get("Vary", "")


def test_a_fault_of_a_tile_is_not_taken_for_a_page(visitor):
    answer = visitor.get("/collections/areas/tiles/WebMercatorQuad/<script>/1/1")
    assert answer.status_code == 400
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Type"] == "application/problem+json"


def test_caches_tell_the_click_from_the_page(visitor):
    given(Agency)
    answer = visitor.get("/doi-tuong/agencies/ld-snnmt/")
    assert answer.status_code == 302 and "HX-Request" in answer["Vary"]


@pytest.mark.parametrize("website", ["javascript:alert(1)", "data:text/html,x", " https://x", "JAVASCRIPT:x"])
def test_only_a_web_address_becomes_a_link(visitor, website):
    given(Agency, {"website": website})
    page = visitor.get("/co-quan/ld-snnmt/").content.decode()
    assert website in page and f'href="{website}' not in page


SCRIPT = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("path", ["/co-quan/ld-snnmt/", "/co-quan/", "/tim/?q=script", "/co-quan/ld-snnmt.json"])
@pytest.mark.parametrize("fragment", ["true", ""])
def test_stored_markup_stays_text(visitor, path, fragment):
    given(Agency, {"name_vi": SCRIPT, "name_en": SCRIPT, "address_vi": SCRIPT, "source": SCRIPT})
    answer = visitor.get(path, headers={"HX-Request": fragment})
    if answer["Content-Type"].startswith("text/html"):
        assert "&lt;script&gt;" in answer.content.decode() or "\\u003Cscript" in answer.content.decode()
        assert b"<script>alert" not in answer.content and b"<img src=x" not in answer.content
    else:
        assert answer["X-Content-Type-Options"] == "nosniff" and json.loads(answer.content)


def test_parcels_that_are_not_public_show_through_no_door(visitor, settings):
    given(Parcel)
    settings.PUBLIC_PARCELS = False
    for path in (
        "/collections/parcels",
        "/collections/parcels/items",
        "/collections/parcels/items/22915-2015-45-123",
        "/collections/parcels/queryables",
        "/collections/parcels/tiles/WebMercatorQuad",
        "/collections/parcels/tiles/WebMercatorQuad/15/15392/26222",
        "/thua-dat/",
        "/thua-dat/22915-2015/45/123/",
        "/thua-dat/22915-2015/45/123.json",
        "/doi-tuong/parcels/22915-2015-45-123/",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 403, path
        assert b"w3uy5vt93w85" not in answer.content and b"1000.0" not in answer.content
    for path in ("/tim/?q=45/123", "/tim/goi-y/?q=45/123", "/tim/?q=w3uy5vt93w85", "/lop-du-lieu/", "/"):
        answer = visitor.get(path)
        assert answer.status_code == 200 and b"22915-2015-45-123" not in answer.content, path
        assert b"22915-2015/45/123" not in answer.content, path
