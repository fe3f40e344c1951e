"""The officer's sheet of a parcel: what stands on it, who sees owners, and what a try without purpose gets."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.access.models import AccessEntry, Membership
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
)
from tests.desk.conftest import EXTRACT, FIND, FIND_JSON, PHUOC_HOI_SHEET, PLAN, PLAN_JSON, SHEET, WHY_FORM

pytestmark = pytest.mark.django_db
JSON = SHEET.rstrip("/") + ".json"
PRIVATE = (FIND, FIND_JSON, SHEET, JSON, PLAN, PLAN_JSON, "/ban-lam-viec/trich-luc/TL-2026-000001.pdf")


def looks(**wanted: object) -> list[AccessEntry]:
    return list(AccessEntry.objects.filter(**wanted).order_by("id"))


def test_the_sheet_tells_units_areas_land_types_neighbours_and_plans(land):
    alice()
    page = signed_in("alice").get(SHEET).content.decode()

    for words in ("Thửa 123, tờ 45", "Phường Mũi Né", "w3uy5vt93w85", "1.000 m²", "bằng diện tích pháp lý",
                  "ODT", "Đất ở tại đô thị", "Thửa 124, tờ 45", "50,00 m", "chạm góc", "Có liên quan",
                  "Chưa có dữ liệu", "Dữ liệu tổng hợp"):  # fmt: skip
        assert words in page, words


def test_the_same_for_machines_and_without_owners(land):
    alice()
    told = signed_in("alice").get(JSON).json()

    assert told["feature"]["properties"]["parcel_no"] == 123
    assert [(each["parcel_no"], each["shared_m"]) for each in told["neighbours"]] == [(124, 50.0), (125, 0.0)]
    assert told["units_now"] == ["Phường Mũi Né"]
    assert not looks(action="masked"), "nobody looked at an owner"


def test_neighbours_cost_one_statement_however_many(land):
    from layers.collections.parcels.queries import neighbours

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(neighbours(MUI_NE)) == 2
    assert len(asked) == 1


def test_owners_are_masked_and_the_look_is_logged(land):
    alice()
    page = signed_in("alice").get(SHEET).content.decode()

    assert OWNER not in page and OWNER_NO not in page
    assert "quyền sử dụng đất" in page and "cá nhân" in page
    entry = looks(action="masked")[0]
    assert (entry.user_name, entry.parcel_key, entry.allowed) == ("alice", MUI_NE, True)


def test_a_purpose_and_a_dossier_show_the_owner_in_this_answer_only(land):
    alice()
    client = signed_in("alice")

    answer = client.post(SHEET, WHY_FORM)

    page = answer.content.decode()
    assert answer.status_code == 200 and OWNER in page and OWNER_NO in page
    assert answer["Cache-Control"] == "private, no-store"
    entry = looks(action="reveal")[0]
    assert (entry.user_name, entry.agency_key, entry.parcel_key) == ("alice", PHAN_THIET, MUI_NE)
    assert (entry.purpose, entry.dossier_code, entry.allowed) == ("dossier", WHY_FORM["dossier_code"], True)
    assert entry.address == "127.0.0.1"
    assert OWNER not in client.get(SHEET).content.decode()


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"purpose": ""}, "purpose", "Hãy chọn mục đích"),
        ({"purpose": "curiosity"}, "purpose", "Hãy chọn mục đích"),
        ({"purpose_text": "  x  "}, "purpose_text", "ít nhất 10 ký tự"),
        ({"dossier_code": ""}, "dossier_code", "mã hồ sơ"),
        ({"dossier_code": "<script>"}, "dossier_code", "mã hồ sơ"),
    ],
)
def test_without_a_purpose_nobody_is_named_and_the_form_says_why(land, change, field, sentence):
    alice()
    answer = signed_in("alice").post(SHEET, WHY_FORM | change)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page and OWNER not in page and OWNER_NO not in page
    wrong = page.split(f'id="{field}"')[1].split(">")[0]
    assert 'aria-invalid="true"' in wrong and "inquiry-fault" in wrong
    assert "<script>" not in page.split('id="quyen"')[1]
    kept = WHY_FORM | change
    assert f'value="{kept["purpose_text"]}"' in page, "what was typed stays"
    assert [entry.allowed for entry in looks(action="reveal")] == [False]


@pytest.mark.parametrize(
    "query", ["?purpose=dossier&purpose_text=Giải quyết hồ sơ&dossier_code=H08.12-1", "?q=" + OWNER_NO]
)
def test_an_address_never_reveals(land, query):
    alice()
    page = signed_in("alice").get(SHEET + query).content.decode()
    assert OWNER not in page and OWNER_NO not in page.replace(query, "")
    assert not looks(action="reveal")


def test_another_territory_gets_a_sentence_and_a_try_is_logged(land):
    charlie()
    client = signed_in("charlie")

    page = client.get(SHEET).content.decode()
    assert "nằm ngoài địa bàn" in page and "quyền sử dụng đất</td>" not in page
    assert 'name="purpose"' not in page and EXTRACT not in page
    assert not looks(action="masked"), "looking at public facts is no try"

    answer = client.post(SHEET, WHY_FORM)
    assert answer.status_code == 403
    assert "nằm ngoài địa bàn" in answer.content.decode() and OWNER not in answer.content.decode()
    refused = looks(action="reveal")[0]
    assert (refused.user_name, refused.allowed, refused.reason) == ("charlie", False, "outside_territory")
    assert OWNER in client.post(PHUOC_HOI_SHEET, WHY_FORM).content.decode(), "at home he may"


def test_where_parcels_are_not_public_another_territory_sees_no_sheet(land, settings):
    settings.PUBLIC_PARCELS = False
    alice(), charlie()
    assert signed_in("alice").get(SHEET).status_code == 200
    for address in (SHEET, JSON, PLAN, PLAN_JSON):
        answer = signed_in("charlie").get(address)
        assert answer.status_code == 403 and "nằm ngoài địa bàn" in answer.content.decode(), address


def test_roles_see_what_is_theirs(land):
    bob(), sue()
    membership(person("paul"), PHAN_THIET, Role.PLANNER, "593-2015")

    reviewer = signed_in("bob").get(SHEET).content.decode()
    assert "quyền sử dụng đất</td>" in reviewer and 'name="purpose"' not in reviewer
    planner = signed_in("paul").get(SHEET).content.decode()
    assert "quyền sử dụng đất</td>" not in planner and "Cán bộ quy hoạch" in planner
    supervisor = signed_in("sue").get(SHEET).content.decode()
    assert f"/ban-lam-viec/nhat-ky/?thua={MUI_NE}" in supervisor
    assert "/ban-lam-viec/nhat-ky/?thua=" not in reviewer
    for name in ("bob", "paul", "sue"):
        answer = signed_in(name).post(SHEET, WHY_FORM)
        assert answer.status_code == 403 and OWNER not in answer.content.decode(), name


def test_the_supervisor_reads_who_looked(land):
    alice(), sue()
    signed_in("alice").post(SHEET, WHY_FORM)
    page = signed_in("sue").get(f"/ban-lam-viec/nhat-ky/?thua={MUI_NE}").content.decode()
    assert "alice" in page and WHY_FORM["dossier_code"] in page


def test_the_quota_is_said_in_place(land, settings):
    settings.PERSONAL_QUOTA = 1
    alice()
    client = signed_in("alice")
    assert "1 trên hạn mức 1" in client.post(SHEET, WHY_FORM).content.decode()
    refused = client.post(f"/ban-lam-viec/thua-dat/{HAM_TIEN.rsplit('-', 2)[0]}/1/1/", WHY_FORM)
    assert refused.status_code == 403
    assert "hết hạn mức" in refused.content.decode() and OWNER not in refused.content.decode()


@pytest.mark.parametrize("address", PRIVATE)
def test_the_public_is_sent_to_sign_in_and_nothing_is_kept(land, address):
    answer = Client().get(address)
    if address.endswith(".json"):
        assert answer.status_code == 401 and answer["Content-Type"] == "application/problem+json"
    else:
        assert answer.status_code == 302 and "dang-nhap" in answer["Location"]
    assert answer["Cache-Control"] == "private, no-store"
    alice()
    assert signed_in("alice").get(address)["Cache-Control"] == "private, no-store"


def test_posts_of_the_public_and_without_a_token_do_nothing(land):
    alice()
    for client in (Client(), Client(enforce_csrf_checks=True)):
        for address in (SHEET, EXTRACT):
            answer = client.post(address, WHY_FORM)
            assert answer.status_code in (302, 403)
            assert OWNER not in answer.content.decode()
    assert not looks(action="reveal")


def test_a_membership_that_ended_reveals_nothing(land):
    alice()
    client = signed_in("alice")
    Membership.objects.update(valid_to="2025-07-02")
    assert client.post(SHEET, WHY_FORM)["Location"] == "/ban-lam-viec/co-quan/"


def test_owners_that_cannot_be_read_leave_the_sheet_standing(land):
    alice()
    client = signed_in("alice")
    with connection.cursor() as cursor:
        cursor.execute("ALTER FUNCTION layers_owners_masked(jsonb) RENAME TO gone_masked")
    answer = client.get(SHEET)
    assert answer.status_code == 200
    assert "Chưa đọc được dữ liệu người sử dụng đất" in answer.content.decode()


def test_nothing_of_a_reveal_reaches_public_pages_or_logs(land, caplog):
    alice()
    client = signed_in("alice")
    client.post(SHEET, WHY_FORM)
    for address in ("/thua-dat/22915-2015/45/123/", "/thua-dat/22915-2015/45/123.json", "/tim/?q=45/123 mũi né",
                    f"/collections/parcels/items/{MUI_NE}", f"/collections/parcels/items/{PHUOC_HOI}"):  # fmt: skip
        page = client.get(address).content.decode()
        assert OWNER not in page and OWNER_NO not in page and "ban-lam-viec/thua-dat" not in page, address
    assert OWNER not in caplog.text and OWNER_NO not in caplog.text
    assert OWNER not in str(client.session.items())
