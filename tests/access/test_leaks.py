"""Dana, the public, and officers who go round the desk: no owner in any tile, item, page, search, error or log file.

There is an owner who could leak: each test first sees that the doors of the desk do show the name.
"""

from __future__ import annotations

import logging
import sys
from urllib.parse import quote

import mapbox_vector_tile
import pytest
from django.db import connection
from django.test import Client
from django.views.debug import ExceptionReporter

from layers.access.personal import reveal_owners
from layers.collections.registry import COLLECTIONS
from tests.cast import HAM_TIEN, MUI_NE, OWNER, OWNER_NO, PHUOC_HOI, WHY, alice, given_land, signed_in, sue

pytestmark = pytest.mark.django_db
PARTS = (OWNER, "Bí Mật", "Bi Mat", "bi mat", OWNER_NO, OWNER_NO[:8], "Ng***", "p1")

PUBLIC_ADDRESSES = (
    "/ogc",
    "/collections",
    *(
        f"/collections/{collection.id}{rest}"
        for collection in COLLECTIONS
        for rest in ("", "/queryables", "/items", "/styles/default", "/tiles/WebMercatorQuad")
    ),
    *(f"/collections/parcels/items/{key}" for key in (MUI_NE, HAM_TIEN, PHUOC_HOI)),
    "/",
    "/thua-dat/",
    "/thua-dat/22915-2015/45/123/",
    "/thua-dat/22915-2015/45/123.json",
    "/en/thua-dat/22915-2015/45/123/",
    "/doi-tuong/parcels/22915-2015-45-123/",
    f"/tim/?q={quote('45/123 mũi né')}",
    f"/tim/goi-y/?q={quote('45/123 mũi né')}",
)
TRIES = (
    *(
        f"/collections/parcels/items?{name}={quote(value)}"
        for name in ("name", "owner", "party_key", "identity_no", "fields", "properties", "filter", "sortby", "q")
        for value in (OWNER, "p1")
    ),
    "/collections/parties/items",
    "/collections/party/items/p1",
    "/collections/rights/items",
    "/collections/layers_party/items",
    "/collections/parties/tiles/WebMercatorQuad/14/7695/13113",
    "/doi-tuong/parties/p1/",
    "/doi-tuong/rights/r1/",
    "/ban-lam-viec/nhat-ky/?thua=22915-2015-45-123",
    "/quan-tri/layers/party/",
    "/quan-tri/layers/accessentry/",
)


def leaks(body: str, asked: str = "") -> list[str]:
    return [part for part in PARTS[:-1] if part in body and part not in asked]


@pytest.fixture
def land() -> None:
    given_land()
    assert reveal_owners(alice(), MUI_NE, WHY).owners[0].name == OWNER


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_the_public_and_the_officer_get_the_same_without_owners(land, address):
    public = Client().get(address)
    officer = signed_in("alice").get(address)

    assert public.status_code in (200, 302), public.content[:200]
    assert officer.content == public.content
    assert leaks(public.content.decode()) == []
    assert "session" not in public.cookies


def test_tiles_hold_no_field_about_owners(land):
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_X(ST_Transform(label_3857, 4326)), ST_Y(ST_Transform(label_3857, 4326)) FROM "
                       "layers_parcel WHERE key = %s", [MUI_NE])  # fmt: skip
        lon, lat = cursor.fetchone()
    column, row = _tile_at(lon, lat, 16)

    answer = Client().get(f"/collections/parcels/tiles/WebMercatorQuad/16/{row}/{column}")

    assert answer.status_code == 200
    layers = mapbox_vector_tile.decode(answer.content)
    names = {name for layer in layers.values() for feature in layer["features"] for name in feature["properties"]}
    values = {str(v) for layer in layers.values() for f in layer["features"] for v in f["properties"].values()}
    assert MUI_NE in values
    assert not names & {"name", "owner", "party_key", "identity_no", "party"}
    assert leaks(" ".join(values)) == []


def _tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    from math import asinh, pi, radians, tan

    n = 2**zoom
    return int((lon + 180) / 360 * n), int((1 - asinh(tan(radians(lat))) / pi) / 2 * n)


@pytest.mark.parametrize("address", TRIES)
def test_asking_for_owners_gets_a_fault_without_them(land, address):
    for client in (Client(raise_request_exception=False), signed_in("alice")):
        answer = client.get(address)
        assert answer.status_code in (302, 400, 403, 404)
        assert leaks(answer.content.decode(), asked=address + quote(address) + OWNER) == []


@pytest.mark.parametrize("words", [OWNER, "nguyen thi bi mat", "bi mat", OWNER_NO, "p1"])
def test_search_knows_nobody(land, words):
    for path in ("/tim/", "/tim/goi-y/"):
        answer = Client().get(path, {"q": words})
        body = answer.content.decode()
        assert answer.status_code == 200
        assert "/thua-dat/22915" not in body, "no parcel is led to by its owner"


def test_refusals_and_faults_write_nothing_personal_into_log_files(land, caplog):
    caplog.set_level(logging.DEBUG)
    sue()
    client = Client(raise_request_exception=False)
    for address in (*TRIES, "/ban-lam-viec/", "/khong-co/"):
        client.get(address.replace(quote(OWNER), "x"))
    signed_in("alice").get("/ban-lam-viec/nhat-ky/", {"thua": PHUOC_HOI})
    signed_in("sue").get("/ban-lam-viec/nhat-ky/", {"thua": MUI_NE})

    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert leaks(said) == []


def test_a_page_that_breaks_shows_nothing_of_what_it_held(land, settings, caplog):
    settings.DEBUG = False
    sue()
    client = signed_in("sue")
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_access_log RENAME COLUMN asked TO asked_gone")

    answer = client.get("/ban-lam-viec/nhat-ky/")

    assert answer.status_code in (500, 503)
    assert leaks(answer.content.decode() + caplog.text) == []
    assert "Traceback" not in answer.content.decode()


def test_no_collection_declares_a_personal_table():
    tables = {collection.table for collection in COLLECTIONS}
    assert not tables & {"layers_party", "layers_right", "layers_access_log", "layers_membership"}


def test_a_report_of_an_error_tells_where_and_no_value(settings, rf):
    settings.DEBUG = False
    request = rf.post("/ban-lam-viec/", {"password": "mật-khẩu-thật", "text": OWNER})
    name, number = OWNER, [OWNER_NO]
    try:
        raise ValueError(f"about {len(name)} letters and {len(number)} number")
    except ValueError:
        reporter = ExceptionReporter(request, *sys.exc_info())

    for report in (reporter.get_traceback_html(), reporter.get_traceback_text()):
        assert "test_a_report_of_an_error" in report
        assert leaks(report) == [] and "mật-khẩu-thật" not in report
