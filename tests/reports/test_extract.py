"""Extracts: their words, their paper, and what is said of copies."""

import io
import json
import math
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pytest
import segno
import shapely
from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from layers import geo
from layers.access.reader import PUBLIC, Reader, Territory
from layers.access.roles import Role
from layers.collections.areas.models import Area
from layers.collections.parcels.models import LandUse, Parcel, ParcelLineage
from layers.errors import Gone, NotAllowed, NotFound
from layers.reports import paper
from layers.reports.frame import SCALES, frame_for
from layers.reports.issue import issue_extract, specimen, verify
from layers.reports.models import Extract
from layers.reports.paper import code_image, font_path
from layers.reports.parcel_facts import corner_table, table_area
from layers.reports.pdf import render_pdf
from tests.extracts import tampering
from tests.factories import PHAN_THIET, given, rectangle
from tests.reports.conftest import KEY

pytestmark = pytest.mark.django_db

OFFICER = Reader("can-bo-mau", staff=True, role=Role.OFFICER, territory=Territory(whole=True))
ADDRESS = "https://ban-do.example/trich-luc/{number}/{hash}"
EAST, NORTH = PHAN_THIET


@pytest.fixture
def land():
    """A field with a pond in it, a neighbour in the east, one that touches at a corner, one far off."""
    pond = rectangle(6, 8, (EAST + 7, NORTH + 20))
    field = Polygon(rectangle(20, 50).exterior_ring, pond.exterior_ring, srid=geo.VN2000)
    given(
        Parcel,
        {"geom": field, "land_use_before": "CLN", "survey_area_m2": 952.0, "legal_area_m2": 950},
        {"key": "pond", "geom": pond, "parcel_no": 124, "geohash": "w3uy5vt93w86"},
        {"key": "east", "geom": rectangle(20, 30, (EAST + 20, NORTH)), "parcel_no": 125, "geohash": "w3uy5vt93w87"},
        {"key": "corner", "geom": rectangle(9, 9, (EAST - 9, NORTH + 50)), "parcel_no": 126, "geohash": "w3uy5vt93w88"},
        {"key": "far", "geom": rectangle(9, 9, (EAST + 900, NORTH)), "parcel_no": 127, "geohash": "w3uy5vt93w89"},
    )
    given(LandUse, {}, {"code": "CLN", "name_vi": "Đất trồng cây lâu năm"})
    given(
        Area, {"key": "22915-2015", "code": "22915", "full_name_vi": "Phường Mũi Né", "valid_from": date(2015, 5, 16)}
    )
    return KEY


def words(extract: Extract) -> dict:
    return json.loads(extract.content)["facts"]


def pdf_of(extract: Extract) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render_pdf(extract, verify_at=ADDRESS)))


def text_of(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


# --- the table of corners ---


def test_the_table_closes_on_point_one_and_gives_the_geometry_back(land):
    facts = words(issue_extract(land, OFFICER))
    outer, inner = facts["rings"]
    assert [ring["corners"][0]["number"] for ring in (outer, inner)] == [1, 5]
    for ring in (outer, inner):
        first, last = ring["corners"][0], ring["corners"][-1]
        assert (last["number"], last["x_m"], last["y_m"], last["edge_m"]) == (
            first["number"], first["x_m"], first["y_m"], None)  # fmt: skip
        for here, following in zip(ring["corners"], ring["corners"][1:], strict=False):
            gap = math.hypot(*(float(here[k]) - float(following[k]) for k in ("x_m", "y_m")))
            assert float(here["edge_m"]) == pytest.approx(gap, abs=0.006)
    lines = [[(float(c["y_m"]), float(c["x_m"])) for c in ring["corners"]] for ring in (outer, inner)]
    drawn = shapely.Polygon(lines[0], lines[1:])
    assert drawn.equals(shapely.from_wkb(bytes(Parcel.objects.get(key=land).geom.wkb)))
    assert (facts["closure_m"], facts["table_area_m2"], facts["perimeter_m"]) == ("0.00", "952.0", "140.00")


def test_point_one_is_in_the_north_west_and_the_rest_follow_clockwise():
    ring = corner_table(shapely.Polygon([(0, 0), (30, 5), (28, 40), (3, 50)]))[0]
    assert [(corner.y_m, corner.x_m) for corner in ring.corners] == [(3, 50), (28, 40), (30, 5), (0, 0), (3, 50)]
    assert shapely.LinearRing([(float(c.y_m), float(c.x_m)) for c in ring.corners]).is_ccw is False


def test_the_table_of_a_slanted_parcel_is_its_area_within_the_centimetre_of_its_corners():
    ground = shapely.affinity.rotate(shapely.box(EAST, NORTH, EAST + 20, NORTH + 50), 33.3)
    assert table_area(corner_table(ground)) == pytest.approx(ground.area, abs=0.0071 * ground.length)


# --- the rest of the words ---


def test_neighbours_are_those_that_touch_with_the_length_they_share(land):
    facts = words(issue_extract(land, OFFICER))
    assert {each["parcel_no"]: each["shared_m"] for each in facts["neighbours"]} == {
        124: "28.00", 125: "30.00", 126: "0.00"}  # fmt: skip


def test_land_types_unit_areas_and_the_day_of_the_data_are_stored_facts(land):
    facts = words(issue_extract(land, OFFICER))
    assert [(each["kind"], each["code"]) for each in facts["land_types"]] == [
        ("now", "ODT"), ("legal", "ODT"), ("before", "CLN")]  # fmt: skip
    assert (facts["unit_then"], facts["register_area_m2"], facts["drawn_area_m2"]) == (
        "Phường Mũi Né",
        "950.0",
        "952.0",
    )
    assert facts["data_date"] == Parcel.objects.get(key=land).lifespan_begin.date().isoformat()


@pytest.mark.parametrize(("side", "scale"), [(20, 500), (9, 200), (60, 1000), (400, 5000), (60_000, SCALES[-1])])
def test_the_map_has_a_standard_scale_at_which_the_parcel_fits(side, scale):
    frame = frame_for((EAST, NORTH, EAST + side, NORTH + side))
    assert frame.scale == scale
    if side < 10_000:
        assert frame.west_m < EAST and frame.north_m > NORTH + side


# --- the paper ---


def test_every_number_on_paper_is_that_of_the_words(land):
    extract = issue_extract(land, OFFICER)
    facts, text = words(extract), text_of(pdf_of(extract))
    for ring in facts["rings"]:
        for corner in ring["corners"]:
            assert f"{corner['number']} {corner['x_m']} {corner['y_m']} {corner['edge_m'] or '–'}" in text
    for each in facts["neighbours"]:
        assert f"{each['sheet_no']}/{each['parcel_no']} {each['land_use']} {each['shared_m']}" in text
    for name in ("register_area_m2", "drawn_area_m2", "table_area_m2", "perimeter_m", "closure_m"):
        assert facts[name] in text
    for sentence in ("Trích lục bản đồ địa chính", "Hệ tọa độ VN-2000, kinh tuyến trục 108°30'", "Phường Mũi Né",
                     "không xác lập quyền sử dụng đất", "Số hiệu điểm X (m) Y (m) Chiều dài cạnh S (m)"):  # fmt: skip
        assert sentence in text
    assert "Trần Văn" not in text


def test_the_mark_of_synthetic_data_and_the_number_stand_on_every_page(land):
    extract = issue_extract(land, OFFICER)
    for page in pdf_of(extract).pages:
        text = " ".join(page.extract_text().split())
        assert "DỮ LIỆU TỔNG HỢP – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in text
        assert extract.number in text


def test_the_paper_is_pdf_a_tagged_in_vietnamese_with_its_words_attached(land):
    extract = issue_extract(land, OFFICER)
    reader = pdf_of(extract)
    root = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in xmp and 'pdfaid:conformance="A"' in xmp
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "vi"
    assert "/OutputIntents" in root
    kinds = set()

    def walk(node):
        node = node.get_object()
        if isinstance(node, dict):
            kinds.add(node.get("/S"))
            children = node.get("/K", [])
            for child in children if isinstance(children, list) else [children]:
                walk(child)

    walk(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/TR", "/TH", "/TD", "/Figure"} <= kinds
    assert reader.attachments[f"{extract.number}.json"] == [extract.content.encode()]


def test_letters_are_drawn_from_both_files_of_the_font(land):
    """One family of two files prints wrong letters while the selectable text stays right: so two families."""
    assert font_path("latin", 400), "build the front end first: ./run test does"
    reader = pdf_of(issue_extract(land, OFFICER))
    fonts = {str(font["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert any("BVP-latin" in font for font in fonts) and any("BVP-vietnamese" in font for font in fonts)
    assert not any("Noto" in font or "DejaVu" in font for font in fonts)


def test_the_paper_is_small(land):
    assert len(render_pdf(issue_extract(land, OFFICER), verify_at=ADDRESS)) < 1_500_000


def test_paper_is_made_from_the_words_alone(land):
    extract = issue_extract(land, OFFICER)
    before = text_of(pdf_of(extract))
    given(Parcel, {"geom": rectangle(3, 3), "survey_area_m2": 9.0})
    assert text_of(pdf_of(Extract.objects.get(pk=extract.pk))) == before


# --- issuing and verifying ---


def test_a_true_copy_is_authentic_and_one_altered_digit_is_seen(land):
    extract = issue_extract(land, OFFICER)
    verdict = verify(extract.number, extract.sha256)
    assert (verdict.result, verdict.parcel_key, verdict.changed_since) == ("authentic", land, False)
    flipped = ("0" if extract.sha256[0] != "0" else "1") + extract.sha256[1:]
    assert verify(extract.number, flipped).result == "altered"
    assert verify("TL-2026-999999", extract.sha256).result == "unknown"
    assert verify("\x00", "").result == "unknown"


@pytest.mark.parametrize("field", ["content", "sha256", "number", "signature"])
def test_a_row_changed_behind_our_back_is_no_longer_authentic(land, field):
    extract = issue_extract(land, OFFICER)
    changed = {"content": extract.content.replace("950.0", "960.0"), "sha256": "0" * 64, "number": "TL-2026-777777",
               "signature": "x" * 43}[field]  # fmt: skip
    with tampering():
        Extract.objects.filter(pk=extract.pk).update(**{field: changed})
    row = Extract.objects.get(pk=extract.pk)
    assert verify(row.number, row.sha256).result == "altered"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE layers_extract SET content = replace(content, '950.0', '960.0') WHERE id = %(old)s",
        "UPDATE layers_extract SET number = 'TL-2026-777777' WHERE id = %(old)s",
        "UPDATE layers_extract SET sha256 = repeat('0', 64), issued_by = 'x' WHERE id = %(new)s",
        "UPDATE layers_extract SET issued_at = now() WHERE id = %(new)s",
        "UPDATE layers_extract SET superseded_by_id = NULL, superseded_at = NULL WHERE id = %(old)s",
        "UPDATE layers_extract SET superseded_at = now() + interval '1 day' WHERE id = %(old)s",
        "UPDATE layers_extract SET superseded_by_id = %(old)s, superseded_at = now() WHERE id = %(new)s",
        "UPDATE layers_extract SET superseded_by_id = id, superseded_at = now() WHERE id = %(new)s",
        "UPDATE layers_extract SET superseded_by_id = %(other)s, superseded_at = now() WHERE id = %(new)s",
        "DELETE FROM layers_extract WHERE id = %(old)s",
        "DELETE FROM layers_extract",
        "TRUNCATE layers_extract",
        "TRUNCATE layers_extract CASCADE",
    ],
)
def test_the_database_keeps_what_was_issued(land, statement):
    """`old` was superseded by `new`; `other` is of another parcel. The role here owns the table."""
    old = issue_extract(land, OFFICER)
    given(Parcel, {"legal_area_m2": 951, "geom": Parcel.objects.get(key=land).geom, "survey_area_m2": 952.0})
    new, other = issue_extract(land, OFFICER), issue_extract("far", OFFICER)
    before = list(Extract.objects.order_by("id").values())
    with (
        pytest.raises(DatabaseError, match="never changed or removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit would refuse TRUNCATE by itself
        cursor.execute(statement, {"old": old.pk, "new": new.pk, "other": other.pk})
    assert list(Extract.objects.order_by("id").values()) == before
    assert verify(old.number, old.sha256).result == "superseded"


def test_django_does_not_empty_the_table(land):
    assert "layers_extract" not in connection.introspection.django_table_names()


def test_a_row_signed_with_another_key_is_no_longer_authentic(land):
    extract = issue_extract(land, OFFICER)
    key = settings.SECRET_KEY
    with override_settings(SECRET_KEY="another key, long enough to be one" * 2):
        assert verify(extract.number, extract.sha256).result == "altered"
        with override_settings(SECRET_KEY_FALLBACKS=[key]):
            assert verify(extract.number, extract.sha256).result == "authentic"


def test_a_change_is_noticed_and_a_new_extract_supersedes_the_old(land):
    old = issue_extract(land, OFFICER)
    given(Parcel, {"land_use_now": "CLN", "survey_area_m2": 952.0, "geom": Parcel.objects.get(key=land).geom})
    assert verify(old.number, old.sha256).changed_since is True
    new = issue_extract(land, OFFICER)
    verdict = verify(old.number, old.sha256)
    assert (verdict.result, verdict.superseded_by, verdict.superseded_on) == (
        "superseded", new.number, verdict.issued_on)  # fmt: skip
    assert verify(new.number, new.sha256).result == "authentic"


def test_two_extracts_that_say_the_same_are_both_authentic(land):
    first, second = issue_extract(land, OFFICER), issue_extract(land, OFFICER)
    assert first.number != second.number
    assert {verify(each.number, each.sha256).result for each in (first, second)} == {"authentic"}


def test_who_may_not_issue_and_what_cannot_be_extracted(land):
    with pytest.raises(NotAllowed):
        issue_extract(land, PUBLIC)
    with pytest.raises(NotFound):
        issue_extract("22915-2015-1-1", OFFICER)
    given(Parcel, {"status": "retired"})
    with pytest.raises(Gone):
        issue_extract(land, OFFICER)
    assert not Extract.objects.exists()


def test_what_is_gone_names_what_took_its_place(land):
    given(Parcel, {"status": "retired"}, {"key": "22915-2015-45-200", "parcel_no": 200, "geohash": "w3uy5vt93wc0"})
    given(ParcelLineage, {"parent_key": land, "child_key": "22915-2015-45-200"})
    with pytest.raises(Gone, match="thửa thay thế: 22915-2015-45-200") as fault:
        issue_extract(land, OFFICER)
    assert fault.value.successors == ("22915-2015-45-200",)


def test_names_with_marks_of_html_are_printed_and_not_obeyed(land):
    given(
        Area, {"key": "22915-2015", "code": "22915", "full_name_vi": "Xã <b>A & B</b>", "valid_from": date(2015, 5, 16)}
    )
    extract = issue_extract(land, replace(OFFICER, name="<script>x</script>"))
    text = text_of(pdf_of(extract))
    assert "Xã <b>A & B</b>" in text and "<script>x</script>" in text


def test_the_code_is_printed_large_enough_for_a_camera(land):
    """At 20 mm a module is still over 0.3 mm, four dots of a 300 dpi printer; ours is printed at 30 mm."""
    extract = issue_extract(land, OFFICER)
    address = f"https://ban-do.binhthuan.example/kiem-chung/{extract.number}/?h={extract.sha256}"
    modules = int(re.search(r'viewBox="0 0 (\d+) ', code_image(address, "QR"))[1])  # the quiet zone is within
    assert 20 / modules > 0.3
    assert ".code svg { width: 30mm; height: 30mm;" in (Path(paper.__file__).with_name("extract.css")).read_text()
    assert segno.make(address, error="m", micro=False).error == "M"


def test_a_specimen_is_no_extract(land):
    """What the paper costs is measured without a number being spent."""
    drawn = specimen(land)
    assert drawn.number == "TL-0000-000000" and not Extract.objects.exists()
    assert verify(drawn.number, drawn.sha256).result == "unknown"
