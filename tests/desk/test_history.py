"""Lineage, documents, areas, corners and the map on an officer's sheet; what a retired number answers."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.test import Client

from layers.collections.documents.models import Document, ParcelDocument
from layers.collections.parcels.models import Parcel, ParcelLineage
from tests.cast import MUI_NE, alice, signed_in
from tests.desk.conftest import PLAN, SHEET
from tests.factories import PHAN_THIET, given, rectangle

pytestmark = pytest.mark.django_db
JSON = SHEET.rstrip("/") + ".json"
OLD, OLDEST = "22915-2015-45-100", "22915-2015-45-99"
OLD_SHEET = "/ban-lam-viec/thua-dat/22915-2015/45/100/"
NEXT = "22915-2015-45-124"


@pytest.fixture
def officer(land) -> Client:
    """100 was 99, drawn anew; it was split into Mũi Né's parcel and the one beside it."""
    east, north = PHAN_THIET
    ended = {"status": "retired", "valid_from": date(2012, 1, 1), "valid_to": date(2019, 5, 12)}
    given(
        Parcel,
        {"key": OLD, "parcel_no": 100, "geohash": "w3uy5vt93wb0", "geom": rectangle(40, 50, (east, north))} | ended,
    )  # fmt: skip
    given(Document)
    given(ParcelDocument, {}, {"parcel_key": OLD, "did": "retired"})
    given(
        ParcelLineage,
        {"document_key": "qd-1"},
        {"child_key": NEXT, "document_key": "qd-1"},
        {"parent_key": OLDEST, "child_key": OLD, "kind": "renumber", "effective": date(2012, 1, 1)},
    )
    alice()
    return signed_in("alice")


def links(page: str, tag: str) -> set[tuple[str, str]]:
    return set(re.findall(rf'<{tag}[^>]* data-from="([^"]+)" data-to="([^"]+)"', page))


def test_the_graph_and_the_table_say_the_same(officer):
    page = officer.get(SHEET).content.decode()

    wanted = {(OLD, MUI_NE), (OLD, NEXT), (OLDEST, OLD)}
    assert links(page, "path") == links(page, "tr") == wanted
    boxes = dict(re.findall(r'<(?:a|g)[^>]* data-key="([^"]+)"[^>]*>(.*?)</(?:a|g)>', page))
    assert set(boxes) == {MUI_NE, NEXT, OLD, OLDEST}
    assert "thửa đang xem" in boxes[MUI_NE] and "hiện hành" in boxes[NEXT]
    assert "đã hủy số" in boxes[OLD] and "từ 01/01/2012" in boxes[OLD] and "đến hết 11/05/2019" in boxes[OLD]
    assert "không có trong dữ liệu" in boxes[OLDEST]
    assert f'href="{OLD_SHEET}"' in page and "45/99/" not in page, "nothing leads to what is not held"
    for words in ("tách thửa 12/05/2019", "đổi số thửa 01/01/2012", "Quyết định MẪU-001/QĐ", "tạo lập thửa",
                  "MẪU-001/HS", "Cơ quan mẫu", "10/05/2019"):  # fmt: skip
        assert words in page, words


def test_days_fit_their_boxes_in_english_too(officer):
    page = officer.get("/en" + SHEET).content.decode()
    box = re.search(rf'data-key="{OLD}".*?</a>', page, flags=re.S)[0]
    assert "from 2012-01-01" in box and "2019-05-11" in box and "number retired" in box
    assert "split 2019-05-12" in page and "12 May 2019" in page, "short in the graph, in words in the table"


def test_a_parcel_without_history_says_so(land):
    alice()
    page = signed_in("alice").get(SHEET).content.decode()
    assert "Chưa ghi nhận tách, hợp" in page and "Chưa có văn bản nào" in page and '<svg class="lineage' not in page


def test_names_in_documents_are_printed_and_not_obeyed(officer):
    given(Document, {"title_vi": "<script>x</script>", "number": "<b>1</b>"})
    page = officer.get(SHEET).content.decode()
    assert "<script>x" not in page and "&lt;script&gt;x" in page and "<b>1</b>" not in page


def test_the_json_tells_lineage_documents_areas_and_corners(officer):
    told = officer.get(JSON).json()

    assert {(each["parent_key"], each["child_key"], each["kind"]) for each in told["lineage"]["links"]} == {
        (OLD, MUI_NE, "split"), (OLD, NEXT, "split"), (OLDEST, OLD, "renumber"),
    }  # fmt: skip
    assert told["lineage"]["ancestors"] == [OLD, OLDEST] and told["lineage"]["descendants"] == []
    assert {each["key"]: each["active"] for each in told["lineage"]["parcels"]}[OLD] is False
    assert [(each["did"], each["number"]) for each in told["documents"]] == [("created", "MẪU-001/QĐ")]
    assert (told["area"]["difference_m2"], told["area"]["limit_m2"], told["area"]["within"]) == ("0.0", None, None)
    corners = told["corners"][0]
    assert len(corners) == 5 and corners[0]["number"] == corners[-1]["number"] == 1
    assert [corner["edge_m"] for corner in corners] == ["20.00", "50.00", "20.00", "50.00", None]


@pytest.mark.parametrize(
    ("parcel", "words"),
    [
        ({}, ("0,0 m² (0,00 %)", "không có ngưỡng", "chưa rõ tỷ lệ tờ bản đồ")),
        ({"sheet_scale": 500, "legal_area_m2": 995.9},
         ("+4,1 m² (+0,41 %)", "4,11 m²", "trong giới hạn", "Phụ lục số 04", "chưa kiểm chứng", "1:500", "tỷ lệ mẫu")),
        ({"sheet_scale": 500, "legal_area_m2": 1004.2}, ("−4,2 m² (−0,42 %)", "vượt giới hạn")),
        ({"sheet_scale": 500, "legal_area_m2": None}, ("không tính được", "chưa có diện tích pháp lý")),
    ],
)  # fmt: skip
def test_the_difference_of_areas_stands_against_its_limit(land, parcel, words):
    given(Parcel, parcel)
    alice()
    section = signed_in("alice").get(SHEET).content.decode().split('id="dien-tich"')[1].split("</section>")[0]
    for each in (*words, "Điều 135 khoản 6"):
        assert each in section, each


def test_the_table_of_corners_is_that_of_the_extract(officer):
    from layers.reports.parcel_facts import parcel_facts

    page = officer.get(SHEET).content.decode().split('id="toa-do"')[1].split("</section>")[0]
    facts = parcel_facts(MUI_NE, date(2026, 11, 25))
    cells = re.findall(r'<td class="number">([^<]*)</td>', page)
    printed = [
        number.replace(".", "").replace(",", ".") for number in cells
    ]  # fmt: skip
    corners = [
        text for corner in facts.rings[0].corners
        for text in (str(corner.x_m), str(corner.y_m), "" if corner.edge_m is None else str(corner.edge_m))
    ]  # fmt: skip
    assert printed == corners and "140,00 m" in page


def test_the_map_shows_the_parcel_and_keeps_clicks_on_the_desk(officer):
    page = officer.get(SHEET).content.decode()
    config = json.loads(re.search(r'<script id="map-config"[^>]*>(.*?)</script>', page)[1])

    assert config["selected"]["key"] == MUI_NE
    assert config["feature_url"] == "/ban-lam-viec/doi-tuong/{collection}/{key}/"
    assert {"parcels": True}.items() <= {each["id"]: each["visible"] for each in config["collections"]}.items()
    assert f'href="/collections/parcels/items/{MUI_NE}"' in page
    to_sheet = officer.get(f"/ban-lam-viec/doi-tuong/parcels/{MUI_NE}/")
    assert (to_sheet.status_code, to_sheet["Location"]) == (302, SHEET)
    elsewhere = officer.get("/ban-lam-viec/doi-tuong/agencies/bt-593-vpdk/")
    assert elsewhere["Location"] == "/doi-tuong/agencies/bt-593-vpdk/"
    for wrong in ("parcels/nothing", "nothing/1", "parcels/a-b-c"):
        assert officer.get(f"/ban-lam-viec/doi-tuong/{wrong}/").status_code == 404, wrong
    assert "dang-nhap" in Client().get(f"/ban-lam-viec/doi-tuong/parcels/{MUI_NE}/")["Location"]


def test_where_parcels_are_not_public_the_sheet_has_no_public_map(officer, settings):
    settings.PUBLIC_PARCELS = False
    page = officer.get(SHEET).content.decode()
    assert "map-config" not in page and "/collections/parcels" not in page and 'id="bien-dong"' in page


def test_a_retired_number_leads_to_what_took_its_place(officer):
    answer = officer.get(OLD_SHEET)
    page = answer.content.decode()

    assert answer.status_code == 410
    assert "đã hủy số từ ngày 12/05/2019" in page
    assert "Tách thửa ngày 12/05/2019 theo Quyết định MẪU-001/QĐ ngày 10/05/2019." in page
    assert "dữ liệu tổng hợp" in page
    assert f'href="{SHEET}"' in page and 'href="/ban-lam-viec/thua-dat/22915-2015/45/124/"' in page
    told = officer.get(OLD_SHEET.rstrip("/") + ".json")
    assert (told.status_code, told["Content-Type"]) == (410, "application/problem+json")
    assert told.json()["successors"] == [f"http://testserver{SHEET}", f"http://testserver{SHEET[:-4]}124/"]
    assert officer.get(f"{OLD_SHEET}quy-hoach/").status_code == 410 and officer.get(PLAN).status_code == 200


def test_an_extract_of_a_retired_number_leads_there_too(officer):
    answer = officer.post(f"{OLD_SHEET}trich-luc/")
    assert answer.status_code == 410
    assert f'href="{SHEET}"' in answer.content.decode()
