"""One box: a number in old or new units, an identifier, coordinates; what is not there is told apart."""

from __future__ import annotations

import pytest

from layers.collections.parcels.models import Parcel
from layers.editing.publish import publish
from tests.cast import HAM_TIEN, MUI_NE, alice, signed_in
from tests.desk.conftest import FIND, FIND_JSON, HAM_TIEN_SHEET, SHEET
from tests.factories import changeset, given, rectangle, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(land):
    alice()
    return signed_in("alice")


def found(officer, text: str) -> str:
    return officer.get(FIND, {"q": text}).content.decode()


@pytest.mark.parametrize(
    "text",
    ["45/123 mũi né", "tờ 45 thửa 123 mui ne", "45/123 phường mũi né", "w3uy5vt93w85", "22915-45-123"],
)
def test_one_parcel_leads_straight_to_its_sheet(officer, text):
    answer = officer.get(FIND, {"q": text})
    assert (answer.status_code, answer["Location"]) == (302, SHEET)


def test_a_parcel_is_found_by_the_unit_of_today_and_by_that_of_its_sheet(officer):
    for text in ("1/1 hàm tiến", "tờ 1 thửa 1 phường hàm tiến"):
        assert officer.get(FIND, {"q": text})["Location"] == HAM_TIEN_SHEET


def test_the_same_number_in_several_former_communes_is_asked(officer):
    given(
        Parcel,
        {"key": "22915-2015-1-1", "sheet_no": 1, "parcel_no": 1, "geohash": "w3uy5vt93w90",
         "geom": rectangle(at=(456800.0, 1208622.0))},
    )  # fmt: skip

    page = found(officer, "1/1 mũi né")

    assert "Chọn đúng thửa" in page
    assert HAM_TIEN_SHEET in page and "/ban-lam-viec/thua-dat/22915-2015/1/1/" in page
    answer = officer.get(FIND_JSON, {"q": "1/1 mũi né"}).json()
    assert answer["question"] and {each["key"] for each in answer["parcels"]} == {"22915-2015-1-1", HAM_TIEN}


def test_no_sheet_no_parcel_and_not_digitised_are_three_answers(officer):
    assert "không có tờ bản đồ số 999" in found(officer, "999/1 hàm tiến")
    assert "tờ 1 không có thửa 77" in found(officer, "1/77 hàm tiến")
    Parcel.objects.filter(area_key="22918-2015").delete()
    assert "chưa số hóa" in found(officer, "1/1 hàm tiến")


def test_coordinates_lead_to_the_parcel_there(officer):
    answer = officer.get(FIND, {"q": "1208640 456320"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert SHEET in page and "VN-2000" in page
    assert "không có thửa đất nào" in found(officer, "1300000 456320")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("mũi né", "Không nhận ra"), ("45/x mũi né", "Không nhận ra"), ("45/1 xyzxyz", "Không nhận ra tên xã")],
)
def test_what_is_no_parcel_is_told_with_examples(officer, text, sentence):
    page = found(officer, text)
    assert sentence in page and "Có thể gõ" in page


@pytest.mark.parametrize("text", ["x" * 300, "\x00"])
def test_text_that_cannot_be_used_gets_a_sentence_in_place(officer, text):
    answer = officer.get(FIND, {"q": text})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'role="alert"' in page and 'aria-invalid="true"' in page
    assert officer.get(FIND_JSON, {"q": text}).status_code == 400


def test_absent_and_retired_parcels_answer_with_what_is_there(officer):
    absent = officer.get("/ban-lam-viec/thua-dat/22918-2015/1/77/")
    assert absent.status_code == 404 and "không có thửa 77" in absent.content.decode()
    assert officer.get("/ban-lam-viec/thua-dat/22918-2015/1/77.json").json()["status"] == 404
    assert officer.get("/ban-lam-viec/thua-dat/22918-2015/x/77/").status_code == 400

    gone = {"key": "22915-2015-45-9", "parcel_no": 9, "geohash": "w3uy5vt93w91", "status": "retired"}
    publish(changeset(), [rows(Parcel, gone)])
    retired = officer.get("/ban-lam-viec/thua-dat/22915-2015/45/9/")

    assert retired.status_code == 410
    assert f'href="{SHEET}"' in retired.content.decode(), MUI_NE
