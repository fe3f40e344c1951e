"""Search by land user: for a purpose, in a form that is posted, within the territory; nothing of it in an address."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from layers.access import personal
from layers.access.models import AccessEntry
from layers.access.roles import Role
from tests.cast import (
    HAM_TIEN,
    MUI_NE,
    OWNER,
    OWNER_NO,
    PHAN_THIET,
    PHUOC_HOI,
    alice,
    bob,
    charlie,
    membership,
    person,
    signed_in,
    sue,
)  # fmt: skip
from tests.desk.conftest import HAM_TIEN_SHEET, PHUOC_HOI_SHEET, SHEET, WHY_FORM

pytestmark = pytest.mark.django_db
OWNERS = "/ban-lam-viec/chu-su-dung/"


def ask(client, text: str = OWNER, **changes: str):
    return client.post(OWNERS, {"text": text} | WHY_FORM | changes)


@pytest.fixture
def officer(land):
    alice()
    return signed_in("alice")


def last() -> AccessEntry:
    return AccessEntry.objects.order_by("-id").first()


@pytest.mark.parametrize("text", [OWNER, "nguyen thi", OWNER_NO])
def test_the_parcels_of_the_territory_are_found_and_the_search_is_logged(officer, text):
    answer = ask(officer, text)

    page = answer.content.decode()
    assert answer.status_code == 200 and OWNER in page
    assert f'href="{SHEET}"' in page and f'href="{HAM_TIEN_SHEET}"' in page
    assert PHUOC_HOI_SHEET not in page, "another's territory"
    assert "2 kết quả" in page and "Phường Hàm Tiến" in page and "Mũi Né" in page
    row = last()
    assert (row.action, row.asked, row.purpose, row.dossier_code) == ("search", text, "dossier", "H08.12-251120-0001")
    assert (row.allowed, row.result_count, row.address) == (True, 2, "127.0.0.1")


def test_nothing_of_the_person_stands_in_a_title_an_address_or_a_header(officer):
    answer = ask(officer)
    page = answer.content.decode()

    addresses = re.findall(r'(?:href|src|action|content|hx-get)="([^"]*)"', page)
    titles = re.findall(r"<title>[^<]*|<h\d[^>]*>[^<]*", page)
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    for said in (*addresses, *titles, headers, str(officer.cookies)):
        assert not any(part in said for part in (OWNER, quote(OWNER), OWNER_NO, "Mật"))
    assert answer["Cache-Control"] == "private, no-store"


def test_by_an_address_nothing_is_found(officer):
    before = AccessEntry.objects.filter(action="search").count()
    page = officer.get(OWNERS, {"text": OWNER} | WHY_FORM).content.decode()
    assert "Mật" not in page and SHEET not in page
    assert AccessEntry.objects.filter(action="search").count() == before


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("text", "ng", "Hãy gõ ít nhất 3 chữ đầu"),
        ("text", "", "Hãy gõ ít nhất 3 chữ đầu"),
        ("purpose", "", "Hãy chọn mục đích"),
        ("purpose", "curiosity", "Hãy chọn mục đích"),
        ("purpose_text", "tách", "Hãy ghi lý do"),
        ("dossier_code", "?", "Hãy ghi mã hồ sơ"),
    ],
)
def test_a_fault_stands_at_its_field_and_the_rest_is_kept(officer, field, value, sentence):
    given = {"text": OWNER} | WHY_FORM | {field: value}

    answer = officer.post(OWNERS, given)

    page = answer.content.decode()
    assert answer.status_code == 400 and SHEET not in page
    at_field = re.search(rf'<(?:input|select)[^>]* name="{field}"[^>]*>.*?</div>', page, re.DOTALL)[0]
    assert 'aria-invalid="true"' in at_field and sentence in at_field
    assert page.count('aria-invalid="true"') == 1 and page.count('role="alert"') == 1
    for name, kept in given.items():
        if name != field and name != "purpose":
            assert f'name="{name}" value="{kept}"' in page
    assert (last().allowed, last().reason) == (False, f"invalid_{field}")


def test_more_than_a_page_is_said_and_the_quota_gives_notice(officer, monkeypatch, settings):
    monkeypatch.setattr(personal, "MOST_FOUND", 1)
    settings.PERSONAL_QUOTA = 1
    page = ask(officer).content.decode()
    assert "còn nữa" in page and "Còn những thửa khác" in page
    assert "1 trên hạn mức 1" in page

    refused = ask(officer)
    assert refused.status_code == 403 and "hạn mức" in refused.content.decode()
    assert SHEET not in refused.content.decode() and last().reason == "quota"


def test_nobody_found_says_where_was_looked(officer):
    page = ask(officer, "Không Ai Tên Thế").content.decode()
    assert "Không tìm thấy thửa nào trong địa bàn" in page
    assert last().result_count == 0


def test_the_other_town_finds_its_own(land):
    charlie()
    page = ask(signed_in("charlie")).content.decode()
    assert PHUOC_HOI_SHEET in page and SHEET not in page


@pytest.mark.parametrize("who", [bob, sue, None])
def test_other_roles_have_neither_page_nor_answer(land, who):
    if who:
        name = who().name
    else:
        name = "paul"
        membership(person(name), PHAN_THIET, Role.PLANNER, "593-2015")
    client = signed_in(name)

    assert OWNERS not in client.get("/ban-lam-viec/").content.decode()
    assert client.get(OWNERS).status_code == 403
    answer = ask(client)
    assert answer.status_code == 403
    assert OWNER not in answer.content.decode() and SHEET not in answer.content.decode()
    assert (last().user_name, last().action, last().allowed, last().reason) == (name, "search", False, "role")


def test_an_officer_finds_the_page_from_the_desk(officer):
    home = officer.get("/ban-lam-viec/").content.decode()
    assert f'href="{OWNERS}"' in home and "Tìm thửa theo người sử dụng đất" in home
    form = officer.get(OWNERS)
    assert form.status_code == 200 and form["Cache-Control"] == "private, no-store"


def test_a_stranger_is_sent_to_sign_in_without_what_was_asked(client, land):
    answer = client.post(OWNERS, {"text": OWNER} | WHY_FORM)
    assert answer.status_code == 302 and answer["Location"] == "/ban-lam-viec/dang-nhap/"
    assert {MUI_NE, HAM_TIEN, PHUOC_HOI}.isdisjoint(AccessEntry.objects.values_list("parcel_key", flat=True))
