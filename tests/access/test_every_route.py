"""A hostile mind goes to every address of the site, as everybody, by every method: no owner anywhere but where allowed.

There is an owner who could leak, of three parcels in two towns; the two allowed answers are seen to name her.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.access.models import AccessEntry
from layers.access.roles import Role
from layers.collections.parcels.models import Party
from layers.jobs.models import Job
from tests.access.crawl import TILE, client_of, languages, paths, paths_of, routes, said, told
from tests.cast import (
    MUI_NE,
    OWNER,
    OWNER_NO,
    PHAN_THIET,
    PHUOC_HOI,
    alice,
    bob,
    charlie,
    given_land,
    membership,
    person,
    signed_in,
    sue,
)
from tests.factories import given

pytestmark = pytest.mark.django_db
WHY_FORM = {"purpose": "dossier", "purpose_text": "Giải quyết hồ sơ tách thửa", "dossier_code": "H08.12-251120-0001"}
SHEET, SEARCH = "/ban-lam-viec/thua-dat/22915-2015/45/123/", "/ban-lam-viec/chu-su-dung/"
SEES_MASKED = ("alice", "bob", "charlie", "sue")
LIKE = quote(f"name LIKE '{OWNER}'")
HOSTILE = (
    "fields=name,identity_no", "properties=name", f"filter={LIKE}", "filter=party_key='p1'",
    "sort=name", "sortby=-name", f"q={quote(OWNER)}", f"q={OWNER_NO}", f"name={quote(OWNER)}", "party_key=p1",
    f"text={quote(OWNER)}&purpose=dossier&purpose_text=abcdefghijkl&dossier_code=H08.12", "purpose=dossier",
    "f=json", "format=csv", "callback=name", "crs=name", f"thua={MUI_NE}", f"thua={PHUOC_HOI}", "debug=1",
    "limit=1&select=*", "xa=22915-2015&to=45&owner=1", "xa=p1", "trang=name",
)  # fmt: skip


@pytest.fixture
def cast() -> None:
    given_land()
    for who in (alice, bob, charlie, sue):
        who()
    membership(person("paul"), PHAN_THIET, Role.PLANNER, "593-2015")
    root = person("ada", is_staff=True, is_superuser=True)
    membership(root, PHAN_THIET, Role.ADMINISTRATOR)


def extract_number() -> str:
    answer = signed_in("alice").post(f"{SHEET}trich-luc/")
    return re.search(r"(TL-[\d-]+)\.pdf", answer["Location"])[1]


def selections() -> dict[str, str]:
    """Two selections of Alice's, shared with her agency; the second may be removed."""
    client = signed_in("alice")
    begun = {name: client.post("/ban-lam-viec/chon/")["Location"] for name in ("selection", "removed")}
    for address in begun.values():
        client.post(f"{address}hoi/", {"mode": "new", "0-unit": "22915-2015"})
        client.post(f"{address}luu/", {"title": "Lựa chọn chung", "shared": "yes"})
    return {name: address.rstrip("/").rpartition("/")[2] for name, address in begun.items()}


def batch_and_job() -> dict[str, str]:
    """A list of Alice's that is looked up, and the job of its pack."""
    client = signed_in("alice")
    address = client.post("/ban-lam-viec/tra-cuu-loat/", {"lines": "45/123 mũi né\n7/8 phước hội"})["Location"]
    client.post(f"{address}goi/")
    return {"batch": address.rstrip("/").rpartition("/")[2], "job": str(Job.objects.get(kind="batch_pack").uuid)}


def tile_path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_X(label_3857), ST_Y(label_3857) FROM layers_parcel WHERE key = %s", [MUI_NE])
        half, size = 20037508.342789244, 20037508.342789244 * 2 / 2**16
        x, y = cursor.fetchone()
    return "/" + TILE.format(column=int((x + half) / size), row=int((half - y) / size))


def test_every_route_has_an_example():
    missing = [route for route in routes() if not paths_of(route)]
    assert not missing, f"give an example path in tests/access/crawl.py for {missing}"
    assert len(routes()) > 90


def test_the_two_doors_name_the_owner_to_the_rightful_officer(cast):
    client = client_of("alice")
    for address in (SHEET, SEARCH):
        assert told(said(client.post(address, WHY_FORM | {"text": OWNER})), masked=True), "something could leak"
    assert told(said(client.get(SHEET)), masked=False) and not told(said(client.get(SHEET)), masked=True)


@pytest.mark.parametrize("name", ["public", *SEES_MASKED, "paul", "ada"])
def test_no_address_names_an_owner_by_any_method(cast, name, caplog):
    caplog.set_level(logging.DEBUG)
    every = paths(extract=extract_number(), **selections(), **batch_and_job())
    before = looks_in_clear()
    client, found, broken = client_of(name), [], []
    for path in [tile_path(), *every]:
        for address in languages(path):
            for method in ("get", "head", "options", "post", "put", "delete"):
                answer = getattr(client, method)(address)
                if answer.status_code == 500:
                    broken.append(f"{method} {address}")
                if parts := told(said(answer), masked=name in SEES_MASKED):
                    found.append(f"{method} {address}: {parts}")
                if name != "public" and "session" in answer.cookies and not answer.cookies["session"].value:
                    client = client_of(name)  # that was the way out

    assert not found and not broken
    assert told(caplog.text, masked=False) == []
    assert looks_in_clear() == before


def looks_in_clear() -> int:
    return AccessEntry.objects.filter(allowed=True, action__in=("reveal", "search")).count()


@pytest.mark.parametrize("name", ["public", "alice", "paul", "sue"])
def test_no_question_in_an_address_draws_an_owner_out(cast, name):
    """What is typed may come back; nothing may come back that depends on there being such an owner."""
    every = [path for path in paths() if "dang-xuat" not in path and not path.startswith("/quan-tri")]
    if name != "public":
        every = [path for path in every if path.startswith("/ban-lam-viec")]  # all else is the same for everybody
    answers: dict[str, list[str]] = {}
    for turn in ("with", "without"):
        client = client_of(name)
        for path in every:
            for question in HOSTILE[:1] if path.endswith(".pdf") else HOSTILE:  # a paper takes a second to draw
                answer = client.get(f"{path}?{question}")
                assert answer.status_code != 500, f"{path}?{question}"
                answers.setdefault(f"{path}?{question}", []).append(steady(said(answer), path))
        if turn == "with":
            given(Party, {"name": "Trần Văn Khác Hẳn", "identity_no": "079200054321"})
    differ = [address for address, (one, other) in answers.items() if one != other]
    assert not differ


def steady(text: str, path: str) -> str:
    """Without what is new in each answer: the form's token, and in a log the times and the masked look itself."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|csrftoken=\w+|expires=[^;]*', "", text)
    text = re.sub(r"Ng\*\*\* T\*\* B\*\* M\*\*|Tr\*\*\* V\*\* K\*\* H\*\*|\d{4}\*{6}\d\d", "@", text)
    if "/nhat-ky/" in path:
        rows = r'<div class="(?:table-scroll|empty)".*?</div>|<nav class="pagination".*?</nav>'
        text = re.sub(rows, "", text, flags=re.DOTALL)
    return re.sub(r"Content-Length: \d+|ETag: \S+", "", text)


def test_no_public_address_asks_a_personal_table(cast):
    """So that neither an answer nor the time it takes can tell whether somebody is an owner."""
    client, asked = Client(raise_request_exception=False), []
    for path in [tile_path(), *(each for each in paths() if "ban-lam-viec" not in each and "quan-tri" not in each)]:
        for question in ("", f"?q={quote(OWNER)}", f"?q={quote('45/123 mũi né')}", f"?filter={quote(OWNER)}"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(path + question)
            asked += [q["sql"] for q in queries if re.search(r"layers_(party|right|owner|access)", q["sql"])]
    assert not asked


def test_nothing_is_left_behind_in_tables_sessions_or_caches(cast):
    """After looks in clear the owner stands in her own rows, in the log where she was asked for, and nowhere else."""
    client = client_of("alice")
    client.post(SHEET, WHY_FORM)
    client.post(SEARCH, WHY_FORM | {"text": OWNER})
    client.post(SEARCH, WHY_FORM | {"text": OWNER, "purpose": ""})
    client.get(SHEET)
    extract_number()

    assert AccessEntry.objects.filter(asked=OWNER).count() == 2
    session = client.session
    assert told(f"{dict(session)}", masked=False) == []
    assert told(" ".join(str(vars(cache)) for cache in caches.all()), masked=False) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'm', 'p') AND relnamespace = 'public'::regnamespace "
            "AND relname NOT IN ('layers_party', 'layers_right', 'layers_access_log', 'spatial_ref_sys')"
        )
        tables = [row[0] for row in cursor.fetchall()]
        assert {"layers_version", "layers_change", "layers_extract", "django_session"} <= set(tables)
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            assert told(" ".join(row[0] for row in cursor.fetchall()), masked=False) == [], table


def test_a_look_is_in_no_log_file_whatever_is_logged(cast, caplog, settings):
    """Django writes each statement with its values when debugging; the site's settings keep that logger quiet."""
    quiet = settings.LOGGING["loggers"]["django.db.backends"]["level"]
    assert quiet == "INFO", "statements are logged at DEBUG"
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(quiet)
    client = client_of("alice")
    with CaptureQueriesContext(
        connection,
    ):
        client.post(SHEET, WHY_FORM)
        client.post(SEARCH, WHY_FORM | {"text": OWNER})
    assert told(caplog.text, masked=False) == []


@pytest.mark.parametrize("door", [lambda c, p: c.post(p, WHY_FORM), lambda c, p: c.get(p)])
def test_another_towns_parcel_and_one_that_is_not_there_are_refused_alike_where_parcels_are_not_public(
    cast, settings, door
):
    settings.PUBLIC_PARCELS = False
    client = client_of("charlie")
    there, nowhere = (
        door(client, f"/ban-lam-viec/thua-dat/22915-2015/45/{number}/") for number in ("123", "999")
    )  # fmt: skip
    assert there.status_code == nowhere.status_code == 403
    assert steady(said(there), "").replace("45/123", "@") == steady(said(nowhere), "").replace("45/999", "@")


def test_who_looked_at_another_towns_parcel_and_at_none_is_refused_alike(cast):
    client, log = client_of("sue"), "/ban-lam-viec/nhat-ky/"
    there, nowhere = (client.get(log, {"thua": key}) for key in (PHUOC_HOI, "23231-2015-7-9"))
    assert there.status_code == nowhere.status_code == 403
    assert steady(said(there), "").replace("7-8", "@") == steady(said(nowhere), "").replace("7-9", "@")
