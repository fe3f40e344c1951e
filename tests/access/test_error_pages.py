"""Error pages of every status, on pages and as problem documents: nothing of an owner, the code or the database."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client

from tests.access.crawl import client_of, said, told
from tests.cast import HAM_TIEN, OWNER, PASSWORD, alice, given_land

pytestmark = pytest.mark.django_db
SHEET = "/ban-lam-viec/thua-dat/22915-2015/45/123/"
BARE = ("Traceback", "RuntimeError", "psycopg", "SELECT ", "layers_p", "layers_r", "site-packages")


@pytest.fixture
def log_file() -> Iterator[io.StringIO]:
    """What the server's log would hold: the site's own formatter, on everything."""
    made = site.LOGGING["formatters"]["line"]
    from layers.pages.private import Reserved

    assert made["()"] == f"{Reserved.__module__}.{Reserved.__qualname__}"
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Reserved(made["format"], style=made["style"]))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def land() -> None:
    given_land()
    alice()


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/thua-dat/22915-2015/x/1/", 400),
        ("get", f"/collections/parcels/items?bbox={quote(OWNER)}", 400),
        ("get", f"/collections/{quote(OWNER)}", 404),
        ("get", "/khong-co/", 404),
        ("get", "/thua-dat/22915-2015/45/999.json", 404),
        ("get", "/ban-lam-viec/thua-dat/22915-2015/45/999.json", 404),
        ("get", "/ban-lam-viec/nhat-ky/", 403),
        ("post", "/thua-dat/", 405),
        ("put", SHEET, 405),
        ("delete", "/ban-lam-viec/chu-su-dung/", 405),
        ("post", "/ban-lam-viec/thua-dat/to.json", 405),
    ],
)
@pytest.mark.parametrize("name", ["public", "alice"])
def test_every_error_is_told_without_owners_or_insides(land, name, method, address, status):
    client = client_of(name)
    for path in (address, address if address.startswith("/coll") else f"/en{address}"):
        answer = getattr(client, method)(path)
        body = said(answer).replace(OWNER, "").replace(quote(OWNER), "")  # what was typed may come back
        assert answer.status_code == status or (name == "public" and answer.status_code in (302, 401, 405))
        assert told(body, masked=False) == [] and not [word for word in BARE if word in body]


def test_a_forged_form_is_refused_without_repeating_it(land):
    client = Client(enforce_csrf_checks=True)
    for address in (SHEET, "/ban-lam-viec/chu-su-dung/", "/ban-lam-viec/dang-nhap/"):
        answer = client.post(address, {"text": OWNER, "username": OWNER, "password": PASSWORD})
        assert answer.status_code == 403
        assert told(said(answer), masked=False) == [] and PASSWORD not in said(answer)


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_desk_page_that_breaks_over_an_owner_tells_nobody(land, settings, log_file, language):
    settings.ROOT_URLCONF = "tests.access.breaking_urls"
    answer = client_of("alice").get(f"{language}/ban-lam-viec/hong/")

    assert answer.status_code == 500
    assert told(said(answer), masked=False) == [] and not [word for word in BARE if word in said(answer)]
    assert answer["Cache-Control"] == "private, no-store"
    written = log_file.getvalue()
    assert "breaking_urls.py" in written and "RuntimeError" in written, "where and of what kind"
    assert told(written, masked=False) == []


def test_the_log_tells_a_public_page_s_fault_whole(settings, log_file, db):
    settings.ROOT_URLCONF = "tests.access.breaking_urls"
    answer = Client(raise_request_exception=False).get("/hong/")
    assert answer.status_code == 500 and "a fault of ours" not in said(answer)
    assert "a fault of ours" in log_file.getvalue()


@pytest.mark.parametrize("address", [SHEET, "/ban-lam-viec/chu-su-dung/"])
def test_a_database_that_breaks_under_a_look_quotes_nobody(land, log_file, address):
    client = client_of("alice")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_right RENAME TO layers_right_gone")
    form = {"purpose": "dossier", "purpose_text": "Giải quyết hồ sơ", "dossier_code": "H08.12-1", "text": HAM_TIEN}
    answer = client.post(address, form)
    assert answer.status_code == 503
    assert told(said(answer) + log_file.getvalue(), masked=False) == []
    assert not [word for word in BARE if word in said(answer)]
