"""Unit, sheet, number: step by step without a script, and the lists that a script asks for."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.collections.areas.models import Area, Succession
from layers.collections.parcels import queries
from layers.collections.parcels.models import Parcel
from tests.cast import _commune, alice, signed_in
from tests.desk.conftest import FIND, HAM_TIEN_SHEET, SHEET
from tests.factories import given, rectangle

pytestmark = pytest.mark.django_db
SHEETS_JSON, NUMBERS_JSON = "/ban-lam-viec/thua-dat/to.json", "/ban-lam-viec/thua-dat/so.json"
TODAY = "22918-2025"  # Mũi Né, of Mũi Né, Hàm Tiến and Thiện Nghiệp


@pytest.fixture
def officer(land):
    given(Area, _commune("22945-2015", "Thiện Nghiệp", "593-2015"))
    given(Succession, {"from_key": "22945-2015"})
    alice()
    return signed_in("alice")


def page_of(officer, status: int = 200, **fields: object) -> str:
    answer = officer.get(FIND, fields)
    assert answer.status_code == status
    return answer.content.decode()


def links(page: str, part: str) -> list[str]:
    """Addresses of the page's own links that hold `part`, without those to the same page in the other language."""
    found = [each.replace("&amp;", "&") for each in re.findall(r'href="([^"]*)"', page)]
    return [each for each in found if part in each and each.startswith("/ban-lam-viec/")]


def test_units_of_every_time_stand_in_one_list_those_of_today_first(officer):
    page = page_of(officer)

    groups = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', page, re.DOTALL)
    assert [title for title, _ in groups] == ["Đơn vị hiện nay", "Đơn vị trước ngày 01/07/2025"]
    assert TODAY in groups[0][1] and "22915-2015" not in groups[0][1]
    assert "Phường Hàm Tiến (cũ), Phan Thiết" in groups[1][1]
    assert re.search(r'value="22945-2015">[^<]*chưa số hóa', groups[1][1]), "said before it is chosen"
    assert "593-2015" not in page, "a town has no sheets"


def test_a_unit_of_today_offers_the_sheets_of_all_that_went_into_it_and_says_whose_they_are(officer):
    page = page_of(officer, xa=TODAY)

    assert re.findall(r"<h3>([^<]*)</h3>", page) == ["Phường Hàm Tiến (cũ)", "Phường Mũi Né (cũ)"]
    assert links(page, "&to=") == [f"{FIND}?xa=22918-2015&to=1", f"{FIND}?xa=22915-2015&to=45"]
    assert "Tờ 45" in page and "3 thửa" in page
    assert "Phường Thiện Nghiệp (tên cũ, nay thuộc Phường Mũi Né): chưa số hóa" in page
    assert f'value="{TODAY}" selected' in page


def test_then_its_numbers_each_leading_to_its_sheet(officer):
    page = page_of(officer, xa="22915-2015", to="45")
    assert "Tờ 45, Phường Mũi Né (cũ): 3 thửa" in page
    assert links(page, "/22915-2015/45/") == [SHEET, SHEET.replace("123", "124"), SHEET.replace("123", "125")]


def test_a_sheet_of_a_thousand_numbers_is_paged(officer):
    column = rectangle(1, 1, at=(457000.0, 1209000.0))
    given(
        Parcel,
        *({"key": f"22915-2015-46-{n}", "sheet_no": 46, "parcel_no": n, "geohash": f"{n:012d}", "geom": column,
           "status": "retired" if n == 2 else "active"} for n in range(1, 1001)),
    )  # fmt: skip
    first, last = (page_of(officer, xa=TODAY, to="46", trang=number) for number in (1, 5))

    assert "1.000 thửa" in first and len(links(first, "/22915-2015/46/")) == 240
    assert "đã hủy số" in first
    assert len(links(last, "/22915-2015/46/")) == 40
    assert links(first, "trang=2") == [f"{FIND}?xa=22915-2015&to=46&trang=2"]
    assert officer.get(FIND, {"xa": TODAY, "to": "46", "trang": 6}).status_code == 404
    assert len(officer.get(NUMBERS_JSON, {"xa": TODAY, "to": 46}).json()["options"]) == 1000


def test_all_three_lead_to_the_parcel(officer):
    answer = officer.get(FIND, {"xa": "22918-2015", "to": "1", "thua": "1"})
    assert (answer.status_code, answer["Location"]) == (302, HAM_TIEN_SHEET)


def test_where_a_commune_of_the_unit_is_not_digitised_the_officer_decides(officer):
    page = page_of(officer, xa=TODAY, to="1", thua="1")
    assert HAM_TIEN_SHEET in page and "chưa số hóa" in page


def test_the_same_sheet_and_number_in_several_former_communes_is_asked(officer):
    given(Parcel, {"key": "22915-2015-1-1", "sheet_no": 1, "parcel_no": 1, "geohash": "w3uy5vt93w90"})
    other = "/ban-lam-viec/thua-dat/22915-2015/1/1/"

    number = page_of(officer, xa=TODAY, to="1", thua="1")
    assert "Chọn đúng thửa" in number and HAM_TIEN_SHEET in number and other in number

    sheet = page_of(officer, xa=TODAY, to="1")
    assert "Tờ 1 có ở mấy xã, phường" in sheet
    assert links(sheet, "&to=1") == [f"{FIND}?xa=22918-2015&to=1", f"{FIND}?xa=22915-2015&to=1"]
    hints = [each["hint"] for each in officer.get(NUMBERS_JSON, {"xa": TODAY, "to": 1}).json()["options"]]
    assert hints == ["Phường Hàm Tiến (cũ)", "Phường Mũi Né (cũ)"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"xa": "22918-2015", "to": "999"}, "không có tờ bản đồ số 999. Các tờ có: 1"),
        ({"xa": "22918-2015", "to": "999", "thua": "1"}, "không có tờ bản đồ số 999"),
        ({"xa": "22918-2015", "to": "1", "thua": "77"}, "tờ 1 không có thửa 77"),
        ({"xa": "22945-2015"}, "chưa số hóa"),
        ({"xa": "22945-2015", "to": "1"}, "chưa số hóa"),
        ({"xa": "22945-2015", "to": "1", "thua": "1"}, "chưa số hóa"),
        ({"xa": "22918-2015", "to": "999999999", "thua": "999999999"}, "không có tờ bản đồ số 999999999"),
    ],
)
def test_no_sheet_no_parcel_and_not_digitised_are_three_answers(officer, asked, sentence):
    assert sentence in page_of(officer, **asked)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"xa": ""}, "xa"),
        ({"xa": "99999-2015"}, "xa"),
        ({"xa": "593-2015"}, "xa"),
        ({"xa": "\x00"}, "xa"),
        ({"xa": "x" * 300}, "xa"),
        ({"to": "1", "thua": "1"}, "xa"),
        ({"xa": TODAY, "thua": "1"}, "to"),
        ({"xa": TODAY, "to": "một"}, "to"),
        ({"xa": TODAY, "to": "-1"}, "to"),
        ({"xa": TODAY, "to": "1", "thua": "9" * 12}, "thua"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(officer, asked, field):
    page = page_of(officer, 400, **asked)
    wrong = re.search(rf'<(?:select|input)[^>]* name="{field}"[^>]*>', page)[0]
    assert 'aria-invalid="true"' in wrong and page.count('role="alert"') == 1


def test_the_lists_for_the_script(officer):
    offered = officer.get(SHEETS_JSON, {"xa": TODAY})
    assert offered.json()["options"] == [
        {"number": 1, "hint": "Phường Hàm Tiến (cũ) · 1 thửa"},
        {"number": 45, "hint": "Phường Mũi Né (cũ) · 3 thửa"},
    ]
    assert "2 tờ bản đồ." in offered.json()["text"] and "chưa số hóa" in offered.json()["text"]
    assert offered["Cache-Control"] == "private, no-store"

    numbers = officer.get(NUMBERS_JSON, {"xa": TODAY, "to": "45"}).json()
    assert [each["number"] for each in numbers["options"]] == [123, 124, 125]
    assert numbers["text"] == "Phường Mũi Né (cũ): 3 thửa (123–125)."
    assert "không có tờ bản đồ số 9" in officer.get(NUMBERS_JSON, {"xa": "22918-2015", "to": "9"}).json()["text"]


@pytest.mark.parametrize(
    ("address", "asked", "status"),
    [(SHEETS_JSON, {}, 404), (SHEETS_JSON, {"xa": "\x00"}, 404), (NUMBERS_JSON, {"xa": TODAY}, 400),
     (NUMBERS_JSON, {"xa": TODAY, "to": "1e3"}, 400)],
)  # fmt: skip
def test_the_lists_refuse_what_they_cannot_use(officer, address, asked, status):
    answer = officer.get(address, asked)
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"


def test_the_lists_are_for_those_signed_in(land):
    for address in (SHEETS_JSON, NUMBERS_JSON):
        assert Client().get(address, {"xa": TODAY, "to": "1"}).status_code == 401


def test_where_parcels_are_not_public_the_desk_picks_in_the_own_territory(officer, settings):
    settings.PUBLIC_PARCELS = False
    assert "Tờ 45" in page_of(officer, xa=TODAY)
    for address in (FIND, SHEETS_JSON, NUMBERS_JSON):
        assert officer.get(address, {"xa": "23231-2015", "to": "7"}).status_code == 403


def test_the_communes_held_are_found_without_reading_every_parcel(land):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert queries.communes() == ("22915-2015", "22918-2015", "23231-2015")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + asked[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan and "parcel_number" in plan


def test_no_parcel_at_all(db):
    assert queries.communes() == ()
