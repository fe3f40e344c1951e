"""The paper of the planning fact sheet: every stage and answer, its form, its map, and what names may do to it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layers.access.reader import PUBLIC
from layers.collections.areas.models import Area
from layers.collections.parcels.models import Parcel
from layers.errors import Gone, NotFound
from layers.reports.canonical import canonical_json
from layers.reports.plan_paper import plan_document, render_plan
from layers.reports.zone_map import draw
from tests.factories import given
from tests.reports.conftest import DAY, box, given_zones
from tests.reports.test_parity import MADE_ON, text_of

pytestmark = pytest.mark.django_db


def test_every_stage_and_answer_stands_on_the_paper(parcel):
    """On display, adopted, in force, expired; a sliver; what is not known; before the first plan."""
    given_zones(
        {"geom": box(0, 0, 20, 20), "plan_id": "a", "displayed_from": date(2026, 1, 10),
         "decision_date": date(2026, 3, 1), "valid_from": date(2026, 6, 1), "valid_to": date(2031, 1, 1)},
        {"geom": box(19.96, 0, 40, 40), "plan_id": "thin", "valid_from": date(2020, 1, 1)},
    )  # fmt: skip
    stages = {date(2026, 1, 10): "Đang lấy ý kiến", date(2026, 3, 1): "Đã duyệt, chưa hiệu lực",
              date(2026, 6, 1): "Đang hiệu lực", date(2031, 1, 1): "Hết hiệu lực"}  # fmt: skip
    for day, title in stages.items():
        text = text_of(render_plan(plan_document(parcel, day, PUBLIC, made_on=MADE_ON)))
        head = f"{title} Số Vùng m² % Căn cứ Nghĩa là"
        assert re.search(f"iểm tra ngày 01/11/2026, test {head} 1 .{{0,9}}ODT", text), day
        assert "Chưa có dữ liệu (24)" in text
        assert "1,600 m², dải mỏng hơn 5 cm" in text
        assert "Phiếu này chỉ để tham khảo" in text and "DỮ LIỆU TỔNG HỢP" in text
    text = text_of(render_plan(plan_document(parcel, date(1990, 1, 1), PUBLIC, made_on=MADE_ON)))
    assert "trước quy hoạch đầu tiên" in text
    assert Parcel.objects.get().key == parcel


def drawn(key: str) -> str:
    return draw(json.loads(canonical_json(plan_document(key, DAY, PUBLIC, made_on=MADE_ON))))


def test_the_map_letters_and_hatches_each_row_within_the_parcel(parcel):
    given_zones(
        {"geom": box(0, 0, 12, 50), "plan_id": "a", "code_land_use": "ODT"},
        {"geom": box(8, 0, 90, 90), "plan_id": "b", "code_land_use": "RPH"},
        {"geom": box(0, 0, 9, 9), "plan_id": "c", "theme": "dyke", "code_land_use": "DTL"},
        {"geom": box(30, 0, 90, 90), "plan_id": "outside"},
    )
    document = plan_document(parcel, DAY, PUBLIC, made_on=MADE_ON)
    assert [(zone.sign, zone.theme, zone.row, zone.code) for zone in document.zones] == [
        ("A", "land_use_plan", 0, "ODT"), ("B", "land_use_plan", 1, "RPH"), ("C", "dyke", 0, "DTL")]  # fmt: skip
    image = drawn(parcel)
    for label in ("A ODT", "B RPH", "C DTL"):
        assert f">{label}</text>" in image
    assert "outside" not in image
    colours = set(re.findall(r'(?:fill|stroke)="(#\w+)"', image))
    assert colours <= {"#222", "#fff", "#000", "#444", "#555", "#b3261e"}, "zones are told apart without colour"
    places = [tuple(map(float, xy)) for xy in re.findall(r'<text x="([\d.]+)" y="([\d.]+)" font-size="2.7"', image)]
    assert len(places) == 3 and all(
        abs(a[1] - b[1]) > 3 or abs(a[0] - b[0]) > 9 for a in places for b in places if a < b
    )


def test_cutting_a_plan_changes_no_printed_word(parcel):
    whole = {"plan_id": "a", "code_land_use": "ODT"}
    given_zones(whole | {"geom": box(-3.3, -2, 7.77, 31.31)})
    before = text_of(render_plan(plan_document(parcel, DAY, PUBLIC, made_on=MADE_ON)))
    given_zones(whole | {"geom": box(-3.3, -2, 7.77, 10)}, whole | {"geom": box(-3.3, 10, 7.77, 31.31)},
                whole | {"geom": box(-3.3, 10, 2, 31.31)})  # fmt: skip
    after = text_of(render_plan(plan_document(parcel, DAY, PUBLIC, made_on=MADE_ON)))
    hashes = re.compile(r"[0-9a-f]{64}")  # of the words, which hold the lines of the map
    assert hashes.sub("", after) == hashes.sub("", before)


def test_the_paper_is_pdf_a_tagged_short_and_small(parcel):
    given_zones({"geom": box(0, 0, 12, 50)})
    paper = render_plan(plan_document(parcel, DAY, PUBLIC, made_on=MADE_ON))
    reader = pypdf.PdfReader(io.BytesIO(paper))
    root = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in xmp and 'pdfaid:conformance="A"' in xmp
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "vi" and "/OutputIntents" in root
    assert len(reader.pages) <= 4 and len(paper) < 1_500_000
    for page in reader.pages:
        text = " ".join(page.extract_text().split())
        assert "DỮ LIỆU TỔNG HỢP – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in text and "tình trạng ngày 24/11/2026" in text


def test_a_failing_theme_is_printed_as_undetermined(parcel):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_coverage RENAME TO gone")
    text = text_of(render_plan(plan_document(parcel, DAY, PUBLIC, made_on=MADE_ON)))
    assert "Không xác định được (25)" in text and "Không liên quan" not in text.split("7. Cách tính")[0]


def test_statements_do_not_grow_with_hits(parcel):
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            plan_document(parcel, DAY, PUBLIC, made_on=MADE_ON)
        return len(seen)

    given_zones({"geom": box(0, 0, 5, 50)})
    few = statements()
    given_zones(*({"key": f"more-{n}", "geom": box(n % 19, 0, n % 19 + 2, 50), "plan_id": f"p{n % 40}"}
                  for n in range(80)))  # fmt: skip
    assert statements() == few <= 24


def test_names_with_marks_of_html_are_printed_and_not_obeyed(parcel):
    given(Area, {"key": "22915-2015", "code": "22915", "full_name_vi": "Xã <b>A & B</b>"})
    given_zones({"geom": box(0, 0, 5, 50), "plan_name": "<script>x</script>", "code_land_use": "<i>",
                 "consequence_vi": "1 < 2"})  # fmt: skip
    text = text_of(render_plan(plan_document(parcel, DAY, PUBLIC, made_on=MADE_ON)))
    for words in ("Xã <b>A & B</b>", "<script>x</script>", "1 < 2", "<i> – <i>"):
        assert words in text
    assert "&lt;i&gt;</text>" in drawn(parcel)


def test_no_such_parcel_and_a_retired_one(parcel):
    with pytest.raises(NotFound):
        plan_document("22915-2015-45-999", DAY, PUBLIC, made_on=MADE_ON)
    given(Parcel, {"status": "retired"})
    with pytest.raises(Gone):
        plan_document(parcel, DAY, PUBLIC, made_on=MADE_ON)


def test_more_zones_than_letters(parcel):
    given_zones(*({"geom": box(n * 0.6, 0, n * 0.6 + 0.6, 50), "plan_id": f"p{n:02}"} for n in range(30)))
    document = plan_document(parcel, DAY, PUBLIC, made_on=MADE_ON)
    assert [zone.sign for zone in document.zones][24:28] == ["Y", "Z", "AA", "AB"]
    assert render_plan(replace(document, made_on=date(2026, 11, 26))).startswith(b"%PDF")
