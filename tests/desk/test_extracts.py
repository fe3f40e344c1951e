"""From the button to the paper to the page that verifies it."""

from __future__ import annotations

import io
import json
import re

import pypdf
import pytest
from django.test import Client

from layers.reports.models import Extract
from tests.cast import HAM_TIEN, MUI_NE, OWNER, OWNER_NO, alice, bob, charlie, signed_in, sue
from tests.desk.conftest import EXTRACT, PHUOC_HOI_SHEET, SHEET
from tests.extracts import tampering
from tests.factories import given

pytestmark = pytest.mark.django_db


def issued(client: Client) -> tuple[Extract, str]:
    """The row and the address of its paper."""
    sent = client.post(EXTRACT)
    assert sent.status_code == 302
    return Extract.objects.latest("id"), sent["Location"]


def verdict(client: Client, number: str, claimed: str, prefix: str = "") -> str:
    page = client.get(f"{prefix}/kiem-chung/{number}/", {"h": claimed}).content.decode()
    return re.search(r'data-verdict="(\w+)"', page)[1]


def test_the_button_issues_and_the_paper_verifies_itself(land):
    alice()
    client = signed_in("alice")

    extract, address = issued(client)
    paper = client.get(address)

    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"] == f'attachment; filename="{extract.number}.pdf"'
    assert paper["Cache-Control"] == "private, no-store"
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages)
    printed = re.search(r"http://testserver(/kiem-chung/TL-[\d-]+/\?h=[0-9a-f]{64})", text.replace("\n", ""))[1]
    told = Client().get(printed)
    assert told.status_code == 200 and 'data-verdict="authentic"' in told.content.decode()
    assert "đến nay không thay đổi" in told.content.decode()
    assert extract.number in client.get(SHEET).content.decode(), "it can be fetched again"
    assert client.get(address).status_code == 200 and Extract.objects.count() == 1


def test_the_four_verdicts(land):
    alice()
    client, public = signed_in("alice"), Client()
    old, _ = issued(client)
    assert verdict(public, old.number, old.sha256) == "authentic"
    assert verdict(public, old.number.lower(), old.sha256.upper()) == "authentic"
    assert verdict(public, old.number, "0" * 64) == "altered"
    assert verdict(public, "TL-2026-999999", old.sha256) == "unknown"

    from layers.collections.parcels.models import Parcel

    given(Parcel, {"key": MUI_NE, "legal_area_m2": 1001.0})
    page = public.get(f"/kiem-chung/{old.number}/", {"h": old.sha256}).content.decode()
    assert "dữ liệu thửa đất đã thay đổi" in page
    new, _ = issued(client)
    assert verdict(public, old.number, old.sha256) == "superseded"
    assert new.number in public.get(f"/kiem-chung/{old.number}/", {"h": old.sha256}).content.decode()
    assert verdict(public, new.number, new.sha256, "/en") == "authentic"


def test_a_row_that_was_tampered_with_is_altered(land):
    alice()
    extract, _ = issued(signed_in("alice"))
    words = json.loads(extract.content)
    words["facts"]["register_area_m2"] = 5000
    with tampering():
        Extract.objects.update(content=json.dumps(words))
    assert verdict(Client(), extract.number, extract.sha256) == "altered"


def test_the_verifying_page_is_the_same_for_everybody_and_names_nobody(land):
    alice()
    client = signed_in("alice")
    extract, _ = issued(client)
    address = f"/kiem-chung/{extract.number}/?h={extract.sha256}"

    pages = [client.get(address), Client().get(address)]

    assert pages[0].content == pages[1].content
    page = pages[0].content.decode()
    for words in (OWNER, OWNER_NO, "alice", "Alice"):
        assert words not in page
    for words in ("45", "123", "1.000,0 m²", "Phường Mũi Né", "w3uy5vt93w85"):
        assert words in page, "what a copy is compared with"
    assert "public" in pages[0]["Cache-Control"] and not pages[1].cookies


def test_altered_and_unknown_say_nothing_of_a_parcel(land):
    alice()
    extract, _ = issued(signed_in("alice"))
    for number, claimed in ((extract.number, "0" * 64), ("TL-2026-999999", "0" * 64), (extract.number, "x" * 5000)):
        page = Client().get(f"/kiem-chung/{number}/", {"h": claimed}).content.decode()
        assert "w3uy5vt93w85" not in page and "22915-2015" not in page


@pytest.mark.parametrize("number", ["TL-2026-000001", "<script>alert(1)</script>", "x" * 3000, "%00", "'--"])
def test_without_its_check_mark_or_with_nonsense_the_page_has_a_sentence(land, number):
    assert Client().get(f"/kiem-chung/{number}/").status_code in (400, 404)
    page = Client().get(f"/kiem-chung/{number}/", {"h": "\x00'--"})
    assert page.status_code in (200, 404) and "<script>alert" not in page.content.decode()
    assert Client().post(f"/kiem-chung/{number}/").status_code in (404, 405)


def test_only_officers_of_the_territory_issue_and_fetch(land):
    alice(), bob(), charlie(), sue()
    _, address = issued(signed_in("alice"))
    for name in ("bob", "sue", "charlie"):
        client = signed_in(name)
        assert client.post(EXTRACT).status_code == 403, name
        assert client.get(address).status_code == 403, name
    assert Extract.objects.count() == 1
    assert "nằm ngoài địa bàn" in signed_in("charlie").get(address).content.decode()
    assert signed_in("charlie").post(f"{PHUOC_HOI_SHEET}trich-luc/").status_code == 302
    assert Client().get(address).status_code == 302 and Client().post(EXTRACT).status_code == 302
    assert Extract.objects.count() == 2


def test_extracts_that_are_not_there(land):
    alice()
    client = signed_in("alice")
    assert client.get("/ban-lam-viec/trich-luc/TL-2026-999999.pdf").status_code == 404
    assert client.get(EXTRACT).status_code == 405
    area, sheet, _ = HAM_TIEN.rsplit("-", 2)
    assert client.post(f"/ban-lam-viec/thua-dat/{area}/{sheet}/99/trich-luc/").status_code == 404
    assert not Extract.objects.exists()
