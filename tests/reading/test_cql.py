"""What a question means, against rows in PostGIS, and what is refused."""

from __future__ import annotations

import json

import pytest
from django.utils import translation

from layers.collections.parcels.collection import PARCELS
from layers.errors import Invalid
from layers.reading.cql import MOST_CORNERS, MOST_PARTS, parse
from layers.reading.cql_words import words
from tests.cast import HAM_TIEN, MUI_NE, PHUOC_HOI, alice
from tests.reading.asking import asked, box, call, degrees, ground, is_in, point, prop, text
from tests.reading.conftest import RETIRED, SECOND, THIRD

ALL = {MUI_NE, HAM_TIEN, PHUOC_HOI, SECOND, THIRD}
GEOMETRY = prop("geometry")
ZONE = call("feature", "planning_zones", "zone-a")

QUESTIONS = [
    ("land use", is_in("land_use_now", "LUC"), {SECOND, THIRD}),
    ("not that land use", call("not", is_in("land_use_now", "LUC")), ALL - {SECOND, THIRD}),
    ("area at least", call(">=", prop("survey_area_m2"), 1000), ALL - {SECOND}),
    ("area between", call("between", prop("survey_area_m2"), 400, 600), {SECOND}),
    ("a value not known", call("isNull", prop("legal_area_m2")), {THIRD}),
    ("not below counts what is not known", call("not", call("<", prop("legal_area_m2"), 5000)), {THIRD}),
    ("sheet and number", call("and", call("=", prop("sheet_no"), 45), call("<", prop("parcel_no"), 125)),
     {MUI_NE, SECOND}),
    ("one or the other", call("or", is_in("land_use_now", "LUC"), call("=", prop("sheet_no"), 7)),
     {SECOND, THIRD, PHUOC_HOI}),
    ("commune of the sheet", is_in("area_key", "22918-2015"), {HAM_TIEN}),
    ("unit of today, with all that went into it", is_in("unit", "22918-2025"), ALL - {PHUOC_HOI}),
    ("a town, with its communes", is_in("unit", "594-2015"), {PHUOC_HOI}),
    ("retired ones when asked", call("=", prop("status"), "retired"), {RETIRED}),
    ("named parcels", is_in("key", MUI_NE, RETIRED), {MUI_NE, RETIRED}),
    ("plan zone, not its neighbour by the edge", is_in("planning_zone", "land_use_plan:DGT"), {MUI_NE, SECOND}),
    ("any zone of a theme", is_in("planning_zone", "land_use_plan:"), {MUI_NE, SECOND}),
    ("no such zone", is_in("planning_zone", "land_use_plan:ODT"), set()),
    ("click", call("s_intersects", GEOMETRY, point(30, 25)), {SECOND}),
    ("box", call("s_area_intersects", GEOMETRY, box(5, 5, 35, 10)), {MUI_NE, SECOND}),
    ("box along a boundary does not take the neighbour",
     call("s_area_intersects", GEOMETRY, box(5, 5, 19.99, 10)), {MUI_NE}),
    ("inside", call("s_within", GEOMETRY, box(19, -1, 41, 51)), {SECOND}),
    ("in a feature of another layer", call("s_area_intersects", GEOMETRY, ZONE), {MUI_NE, SECOND}),
    ("within metres of a feature", call("s_dwithin", GEOMETRY, ZONE, 30.01), {MUI_NE, SECOND, THIRD}),
    ("not quite within metres", call("s_dwithin", GEOMETRY, ZONE, 29.9), {MUI_NE, SECOND}),
    ("within metres of a point", call("s_dwithin", GEOMETRY, point(-100, 0), 100.01), {MUI_NE}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "keys"), [row[1:] for row in QUESTIONS], ids=[row[0] for row in QUESTIONS])
def test_a_question_meets(land, question, keys):
    assert asked(question, alice()) == keys


REFUSED = [
    ("no JSON", "{", "JSON"),
    ("deep JSON", "[" * 100_000, "JSON"),
    ("no operator", "[]", "op"),
    ("unknown operator", text(call("like", prop("key"), "a")), "like"),
    ("unknown property", text(call("=", prop("owner"), "x")), "land_use_now"),
    ("a personal one is unknown too", text(call("=", prop("name"), "x")), "name"),
    ("text for a number", text(call("=", prop("sheet_no"), "45")), "Tờ bản đồ số"),
    ("true is no number", text(call("=", prop("sheet_no"), True)), "true"),
    ("too large", text(call("=", prop("sheet_no"), 2**40)), "10995"),
    ("infinite", '{"op":"<","args":[{"property":"survey_area_m2"},Infinity]}', "Infinity"),
    ("NUL", text(call("=", prop("land_use_now"), "a\x00")), "200"),
    ("empty list", text(call("in", prop("land_use_now"), [])), "200"),
    ("many values", text(call("in", prop("sheet_no"), list(range(201)))), "200"),
    ("nothing joined", text(call("and")), "and"),
    ("many parts", text(call("and", *[is_in("sheet_no", 1)] * MOST_PARTS)), str(MOST_PARTS)),
    ("nested", text(call("not", call("not", call("not", call("not", call("not", call("not", call("not", call(
        "not", is_in("sheet_no", 1)))))))))), "8"),
    ("order of texts", text(call("<", prop("land_use_now"), "M")), "Hiện trạng"),
    ("far away", text(call("s_intersects", GEOMETRY, {"type": "Point", "coordinates": [2.35, 48.85]})), "WGS 84"),
    ("metres for degrees", text(call("s_intersects", GEOMETRY, {"type": "Point", "coordinates": [4e5, 1e6]})), "WGS"),
    ("not finite", '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[NaN,11]}]}',
     "Không đọc được|WGS 84"),
    ("bow-tie", text(call("s_within", GEOMETRY, ground((0, 0), (10, 10), (10, 0), (0, 10)))), "tự cắt"),
    ("flat", text(call("s_within", GEOMETRY, {"type": "Polygon", "coordinates": [[[108, 11], [108.1, 11],
     [108.2, 11], [108, 11]]]})), "Hình|diện tích"),
    ("open ring", text(call("s_within", GEOMETRY, {"type": "Polygon", "coordinates": [[[108, 11], [108, 11.1],
     [108.1, 11]]]})), "khép"),
    ("no coordinates", text(call("s_within", GEOMETRY, {"type": "Polygon", "coordinates": []})), "0 đỉnh"),
    ("collection", text(call("s_within", GEOMETRY, {"type": "GeometryCollection", "geometries": []})), "GeoJSON"),
    ("many corners", text(call("s_intersects", GEOMETRY, {"type": "LineString", "coordinates": [
        [108 + n / 1e5, 11] for n in range(MOST_CORNERS + 1)]})), str(MOST_CORNERS)),
    ("far metres", text(call("s_dwithin", GEOMETRY, point(0, 0), 5001)), "5000"),
    ("negative metres", text(call("s_dwithin", GEOMETRY, point(0, 0), -1)), "5000"),
    ("no such layer", text(call("s_within", GEOMETRY, call("feature", "owners", "1"))), "owners"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "says"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_it_is_refused_in_words(db, given, says):
    with pytest.raises(Invalid, match=says):
        parse(given, PARCELS, alice())


def test_a_feature_that_is_not_there_is_named(land):
    with pytest.raises(Invalid, match="zone-z"):
        asked(call("s_within", GEOMETRY, call("feature", "planning_zones", "zone-z")), alice())


def test_a_feature_without_a_place_is_named(land):
    with pytest.raises(Invalid, match="chưa có vị trí"):
        asked(call("s_within", GEOMETRY, call("feature", "agencies", "bt-593-vpdk")), alice())


def test_values_are_never_sql(land):
    hostile = "'); DROP TABLE layers_parcel; --%s%(day)s"
    officer = alice()
    assert asked(is_in("land_use_now", hostile), officer) == set()
    assert asked(is_in("planning_zone", hostile), officer) == set()


def test_a_question_is_said_in_both_languages(land):
    question = call("and", is_in("land_use_now", "LUC"), call("between", prop("survey_area_m2"), 500, 1000.5),
                    call("or", is_in("unit", "22918-2025"), is_in("planning_zone", "land_use_plan:DGT")),
                    call("s_dwithin", GEOMETRY, ZONE, 50))  # fmt: skip
    node = parse(text(question), PARCELS, alice())
    assert words(node) == (
        "Hiện trạng: LUC (Đất chuyên trồng lúa) và Diện tích đo đạc từ 500 m² đến 1.000,5 m² và "
        "(Xã, phường (trước hay nay): Phường Mũi Né hoặc Vùng quy hoạch đang hiệu lực: Quy hoạch sử dụng đất DGT) và "
        "cách “zone-a” của lớp Quy hoạch sử dụng đất (dữ liệu tổng hợp) không quá 50 m"
    )
    with translation.override("en"):
        said = words(node)
    assert "Land use now: LUC (Rice land) and Surveyed area from 500 m² to 1,000.5 m²" in said
    assert "within 50 m of “zone-a”" in said


def test_a_drawn_area_is_said_with_its_size(db):
    node = parse(text(call("s_area_intersects", GEOMETRY, box(0, 0, 100, 150))), PARCELS, alice())
    assert words(node) == "có phần nằm trong vùng vẽ rộng 1,50 ha"


def test_a_point_is_said_in_vn2000(db):
    lon, lat = degrees(10, 20)
    node = parse(json.dumps(call("s_intersects", GEOMETRY, {"type": "Point", "coordinates": [lon, lat]})), PARCELS,
                 alice())  # fmt: skip
    assert words(node) == "tại điểm X 1208642.00, Y 456323.00 (VN-2000)"
