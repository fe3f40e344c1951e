"""The fact sheet's PDF and the prefill sheet on the desk: links, rights, bad input."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from django.test import Client, override_settings
from django.utils.html import escape

from layers.procedures.models import Procedure
from tests.cast import OWNER, OWNER_NO, alice, bob, charlie, signed_in, sue
from tests.desk.conftest import PLAN, SHEET
from tests.factories import given
from tests.reports.test_prefill import UNKNOWN, rows

pytestmark = pytest.mark.django_db
PLAN_PDF, PREFILL = f"{SHEET}quy-hoach.pdf", f"{SHEET}dien-san/"
PREFILL_JSON, PREFILL_PDF = f"{SHEET}dien-san.json", f"{SHEET}dien-san.pdf"
CODE = "1.012784"


@pytest.fixture
def officer(land):
    rows(Procedure, {"code": CODE, "name_vi": "Tách thửa hoặc hợp thửa đất", "name_en": "Split or merge",
                     "field": "land", "levels": "province", "code_status": "verified", "status": "active",
                     "source": "test", **UNKNOWN})  # fmt: skip
    alice()
    return signed_in("alice")


def text_of(answer) -> str:
    return " ".join(" ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split())


def test_the_page_leads_to_the_paper_of_the_same_day(officer):
    page = officer.get(PLAN, {"ngay": "2026-11-24"}).content.decode()
    address = re.search(r'href="([^"]*quy-hoach\.pdf[^"]*)"', page)[1]
    assert address == f"{PLAN_PDF}?ngay=2026-11-24"
    paper = officer.get(address)
    assert paper["Content-Type"] == "application/pdf" and paper["Cache-Control"] == "private, no-store"
    assert paper["Content-Disposition"] == 'attachment; filename="quy-hoach-22915-2015-45-123-2026-11-24.pdf"'
    text = text_of(paper)
    assert "Tình trạng ngày 24/11/2026" in text and "Phường Mũi Né (mã 22915, 16/05/2015 – 30/06/2025)" in text
    assert OWNER not in text and OWNER_NO not in text
    assert PLAN_PDF in officer.get(SHEET).content.decode()


@pytest.mark.parametrize("day", ["2026-13-01", "x", "0001-01-01", "\x00"])
def test_a_day_that_is_none_gets_a_sentence(officer, day):
    answer = officer.get(PLAN_PDF, {"ngay": day})
    assert answer.status_code == 400 and "không phải là một ngày" in answer.content.decode()


def test_page_json_and_paper_of_a_prefill_are_one(officer):
    page = officer.get(PREFILL, {"thu-tuc": CODE}).content.decode()
    words = officer.get(PREFILL_JSON, {"thu-tuc": CODE}).json()
    paper = text_of(officer.get(PREFILL_PDF, {"thu-tuc": CODE}))
    copied = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)[1]
    assert words["procedure"]["code"] == CODE and words["geohash"] == "w3uy5vt93w85"
    for corner in words["rings"][0]["corners"]:
        for number in (corner["x_m"], corner["y_m"], corner["edge_m"] or "–"):
            assert number in copied and f'<td class="number">{number}</td>' in page and number in paper
    for line in re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page.split('lang="vi"><h3>')[1]):
        assert f"{line[0]}: {line[1]}" in copied
        assert line[0] in paper
    for address in (f"{PREFILL_PDF}?thu-tuc={CODE}", f"{PREFILL_JSON}?thu-tuc={CODE}"):
        assert f'href="{address}"' in page
    for whole in (page, str(words), paper):
        assert OWNER not in whole and OWNER_NO not in whole


def test_without_a_procedure_it_serves_any(officer):
    assert officer.get(PREFILL_JSON).json()["procedure"] is None
    assert "Dùng cho mọi thủ tục" in officer.get(PREFILL).content.decode()
    assert "for any procedure" in officer.get(f"/en{PREFILL}").content.decode().lower()
    assert officer.get(PREFILL_PDF).status_code == 200


@pytest.mark.parametrize("code", ["9.999999", "<script>alert(1)</script>", "x" * 5000, "\x00", "1.0127840"])
def test_a_procedure_that_is_none_gets_a_sentence(officer, code):
    for address in (PREFILL, PREFILL_JSON, PREFILL_PDF):
        answer = officer.get(address, {"thu-tuc": code})
        if code == "\x00":  # nothing printable is left: as if none had been asked for
            assert answer.status_code == 200
            continue
        assert answer.status_code == 404
        assert "html" not in answer["Content-Type"] or "<script>alert" not in answer.content.decode()
        assert escape("Danh mục không có thủ tục nào mã") in answer.content.decode()


def test_papers_follow_the_rights_of_the_parcel(land):
    alice(), bob(), charlie(), sue()
    addresses = (PLAN_PDF, PREFILL, PREFILL_JSON, PREFILL_PDF)
    for address in addresses:
        assert Client().get(address).status_code in (302, 401)
        for name in ("alice", "bob", "charlie", "sue"):
            assert signed_in(name).get(address).status_code == 200, (name, address)
        assert signed_in("alice").post(address).status_code == 405
        with override_settings(PUBLIC_PARCELS=False):
            assert signed_in("alice").get(address).status_code == 200
            assert signed_in("charlie").get(address).status_code == 403, "parcels are not public, and not Charlie's"


def test_parcels_that_are_not_there(officer):
    from layers.collections.parcels.models import Parcel

    for name in ("quy-hoach.pdf", "dien-san/", "dien-san.json", "dien-san.pdf"):
        assert officer.get(f"/ban-lam-viec/thua-dat/22915-2015/45/999/{name}").status_code == 404
    given(Parcel, {"status": "retired"})
    for name in ("quy-hoach.pdf", "dien-san/", "dien-san.pdf"):
        assert officer.get(f"{SHEET}{name}").status_code == 410
