"""Procedures: the catalogue's pages, codes that were replaced or abolished, and what every feature leads to."""

import json
import re

import pytest

from layers.editing.publish import Batch, publish
from layers.procedures.models import CodeSuccession, Procedure
from tests.factories import changeset
from tests.pages.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue(catalogue):
    pass


def test_the_list_is_searched_without_accents_and_by_field(client):
    found = text(client.get("/thu-tuc/?q=tach+thua"))
    assert "1.012784" in found
    assert "Tách thửa" in found
    assert "1.012784" in text(client.get("/thu-tuc/?q=1.012784"))
    assert "1.012784" not in text(client.get("/thu-tuc/?q=tach+thua&linh-vuc=tourism"))
    assert "Không thấy “zzz”" in text(client.get("/thu-tuc/?q=zzz"))


def test_a_procedure_page_tells_limit_and_fee_of_each_channel(client):
    read = text(client.get("/thu-tuc/1.012784/"))
    assert "Trực tiếp 22 ngày làm việc" in read
    assert "Trực tuyến 12 ngày làm việc" in read
    assert "Quyết định công bố 2304/QĐ-BNNMT" in read
    assert "Đối chiếu với Cổng 07/2026" in read
    assert "Điều 220 Luật Đất đai 31/2024/QH15" in read
    html = client.get("/thu-tuc/1.012784/").content.decode()
    assert re.search(r'<a [^>]*href="https://dichvucong.gov.vn/[^"]+" rel="noopener external"', html)
    assert "{" not in read


def test_the_portal_is_linked_only_by_a_web_address(client):
    row = Procedure.objects.values().get(code="1.012784")
    del row["id"], row["version"], row["changeset_id"], row["lifespan_begin"], row["search_key"]
    given_procedure(row | {"detail_url": "javascript:alert(1)"})
    html = client.get("/thu-tuc/1.012784/").content.decode()
    assert "javascript:" not in html.split('<script type="application/ld+json">')[0]


def given_procedure(row: dict) -> None:
    publish(changeset(), [Batch.of(Procedure, list(row), [list(row.values())])])


def test_a_replaced_code_leads_on_and_an_abolished_one_is_gone(client):
    moved = client.get("/en/thu-tuc/1.012752/")
    assert (moved.status_code, moved["Location"]) == (301, "/en/thu-tuc/1.013823/")
    assert client.get("/thu-tuc/1.012752.jsonld")["Location"] == "/thu-tuc/1.013823.jsonld"
    columns = ("code", "successor", "kind", "effective", "decision", "status", "source")
    row = ("1.999999", None, "abolished", "2026-02-01", "01/QĐ-TEST", "verified", "test")
    publish(changeset(), [Batch.of(CodeSuccession, columns, [row])])
    gone = client.get("/thu-tuc/1.999999/")
    assert gone.status_code == 410
    assert "01/02/2026" in text(gone)
    assert "01/QĐ-TEST" in text(gone)


def test_a_procedure_for_machines_is_json_ld(client):
    response = client.get("/thu-tuc/1.012784.jsonld")
    assert response["Content-Type"] == "application/ld+json"
    assert response.json()["dct:identifier"] == "1.012784"
    assert response.json()["foaf:page"] == "http://testserver/thu-tuc/1.012784/"


FEATURES = ("/dia-diem/doi-cat-do", "/co-quan/ld-ubnd", "/don-vi/22918/2025", "/thua-dat/22915-2015/45/123",
            "/quy-hoach/zone-1")  # fmt: skip


@pytest.mark.parametrize("address", FEATURES)
def test_every_feature_leads_to_procedures_or_says_why_not(client, address):
    html = client.get(f"{address}/").content.decode()
    block = html[html.index('class="procedures"') :]
    related = client.get(f"{address}.json").json()["related"]
    assert related["answer"] in ("applies", "not_enough_data", "does_not_apply")
    assert len(re.findall(r'<article class="procedure">', block)) == min(3, related["total"])
    if related["total"]:
        assert "Vì sao hiện:" in block
        assert all(code in block for code in related["top"])
    else:
        assert related["noneReason"] in block
    if related["total"] > 3:
        assert f"Xem tất cả ({related['total']})" in block
    for missing in related["notEnoughData"]:
        assert missing["what"] in text(client.get(f"{address}/"))


def test_a_parcel_shows_why_who_and_how_long(client):
    read = text(client.get("/thua-dat/22915-2015/45/123/"))
    assert "Vì sao hiện:" in read
    assert "Luật Đất đai 31/2024/QH15" in read
    assert "ngày làm việc" in read
    english = text(client.get("/en/thua-dat/22915-2015/45/123/"))
    assert "Why it is shown:" in english
    assert "working days" in english


def test_a_former_unit_says_none_in_words(client):
    read = text(client.get("/don-vi/22918/2015/"))
    assert "Thủ tục liên quan" in read
    assert "hãy xem đơn vị kế tục" in read


def test_the_json_of_a_feature_holds_the_item_and_its_procedures(client):
    content = client.get("/thua-dat/22915-2015/45/123.json").json()
    assert content["feature"]["id"] == "22915-2015-45-123"
    assert content["synthetic"] is True
    assert content["page"] == "http://testserver/thua-dat/22915-2015/45/123/"
    assert {"code", "channels", "reasons", "portal"} <= set(content["related"]["procedures"][0])
    assert json.dumps(content).count("Mẫu Thử") == 0
