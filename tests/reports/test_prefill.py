"""The sheet to fill procedures from: text, JSON and PDF are one value, and it names nobody."""

from __future__ import annotations

import io
import json
from datetime import date

import pypdf
import pytest

from layers.access.reader import PUBLIC
from layers.collections.agencies.models import Agency
from layers.collections.parcels.models import Parcel
from layers.editing.publish import Batch, publish
from layers.errors import Gone, NotFound
from layers.procedures.models import CodeSuccession, Competence, Procedure
from layers.reports.canonical import canonical_json, plain
from layers.reports.prefill import Prefill, as_text, corners, lines, prefill, render_prefill
from tests.cast import HAM_TIEN, MUI_NE, OWNER, OWNER_NO, given_land
from tests.factories import changeset, given

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)
CODE = "1.012784"


UNKNOWN = {f"{channel}_day_kind": "unknown" for channel in ("counter", "online", "post")}


def rows(model, *values: dict) -> None:
    columns = sorted({name for row in values for name in row} | set(model.natural_key))
    publish(changeset(), [Batch.of(model, columns, [[row.get(name) for name in columns] for row in values])])


@pytest.fixture
def land(db):
    given_land()
    given(Agency, {"key": "ld-vpdk", "code": "V", "name_vi": "Văn phòng Đăng ký đất đai", "area_code": None})
    rows(
        Procedure,
        {"code": CODE, "name_vi": "Tách thửa hoặc hợp thửa đất", "name_en": "Split", "field": "land",
         "levels": "province", "decision": "2304/QĐ-BNNMT", "code_status": "verified", "status": "active",
         "detail_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/abc", "source": "test", **UNKNOWN},
    )  # fmt: skip
    rows(Competence, {"field": "land", "level": "province", "agency_key": "ld-vpdk", "status": "verified",
                      "source": "test"})  # fmt: skip
    rows(CodeSuccession, {"code": "1.000001", "successor": CODE, "kind": "replaced", "status": "verified",
                          "source": "test"})  # fmt: skip


def pdf_of(sheet: Prefill) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render_prefill(sheet)))


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("code", [CODE, None])
@pytest.mark.parametrize("key", [MUI_NE, HAM_TIEN])
def test_text_json_and_paper_say_the_same(land, key, code):
    sheet = prefill(key, code, PUBLIC, made_on=DAY)
    reader = pdf_of(sheet)
    paper, text = squeezed("".join(page.extract_text() for page in reader.pages)), as_text(sheet)
    (name,) = reader.attachments
    assert reader.attachments[name] == [canonical_json(sheet)]
    for line in lines(sheet):
        assert f"{line.label}: {line.value}\n" in text
        assert squeezed(line.label) in paper and squeezed(line.value) in paper
    for ring in corners(sheet):
        for row in ring:
            assert "\t".join(row) + "\n" in text
            assert squeezed("".join(row)) in paper
    assert numbers(json.loads(canonical_json(sheet))) <= set(text.replace("\t", " ").replace("\n", " ").split(" "))


def numbers(words: dict) -> set[str]:
    """Areas, lengths and coordinates of the JSON, as it writes them."""
    found = {words[name] for name in ("register_area_m2", "survey_area_m2", "table_area_m2", "perimeter_m")}
    for ring in words["rings"]:
        for corner in ring["corners"]:
            found |= {corner["x_m"], corner["y_m"]} | ({corner["edge_m"]} if corner["edge_m"] else set())
    return {each for each in found if each is not None}


def test_the_sheet_names_units_then_and_now_the_procedure_and_where_to_file(land):
    text = as_text(prefill(HAM_TIEN, CODE, PUBLIC, made_on=DAY))
    for words in ("Thủ tục: 1.012784 – Tách thửa hoặc hợp thửa đất",
                  "Nơi giải quyết, cấp tỉnh: Văn phòng Đăng ký đất đai",
                  "Cổng dịch vụ công: https://dichvucong.gov.vn/thu-tuc-hanh-chinh/abc",
                  "Đơn vị khi lập bản đồ: Phường Hàm Tiến (mã 22918, 16/05/2015 – 30/06/2025)",
                  "Đơn vị hành chính hiện nay: Phường Mũi Né (mã 22918)", "Tờ bản đồ số: 1\n", "Thửa đất số: 1\n",
                  "DỮ LIỆU TỔNG HỢP", "VN-2000, kinh tuyến trục 108°30'", "Mã thửa đất: w3uy5vt93w86",
                  "Số hiệu điểm\tX (m)\tY (m)\tChiều dài cạnh S (m)\n1\t1208672.00\t456400.00\t20.00\n"):  # fmt: skip
        assert words in text, words


def test_no_owner_stands_on_it(land):
    sheet = prefill(MUI_NE, CODE, PUBLIC, made_on=DAY)
    whole = as_text(sheet) + json.dumps(plain(sheet), ensure_ascii=False)
    whole += "".join(page.extract_text() for page in pdf_of(sheet).pages)
    for words in (OWNER, OWNER_NO):
        assert words not in whole and squeezed(words) not in squeezed(whole)


def test_what_is_not_there_is_said_by_name(land):
    with pytest.raises(NotFound, match=r"9\.999999"):
        prefill(MUI_NE, "9.999999", PUBLIC, made_on=DAY)
    with pytest.raises(NotFound):
        prefill(MUI_NE, "x\x00" * 100, PUBLIC, made_on=DAY)
    with pytest.raises(NotFound):
        prefill("22915-2015-1-1", None, PUBLIC, made_on=DAY)
    with pytest.raises(Gone) as fault:
        prefill(MUI_NE, "1.000001", PUBLIC, made_on=DAY)
    assert fault.value.successors == (CODE,)


def test_a_register_without_area_and_a_commune_that_is_not_held(db):
    given(Parcel, {"legal_area_m2": None, "certificate": "none"})
    text = as_text(prefill(MUI_NE, None, PUBLIC, made_on=DAY))
    assert "Diện tích theo hồ sơ: chưa có số liệu" in text
    assert "Đơn vị khi lập bản đồ: 22915-2015 (mã 22915)" in text
    assert "Đơn vị hành chính hiện nay: chưa rõ" in text
