"""Search on the province's own tables: names old and new, parcels, coordinates, and what must never be found."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given as for_all
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from layers.access.reader import PUBLIC, Reader, visible_fields
from layers.collections.parcels.models import Parcel, Party, Right
from layers.editing.publish import publish
from layers.errors import Invalid
from layers.reading.grammar import fold, telex, understand
from layers.reading.parcel_numbers import Outcome
from layers.reading.search import Found, search
from layers.reading.search_sql import names_statement
from layers.reading.searchable import SEARCHABLES
from layers.transfer import rule_book, tables
from tests.factories import changeset, given, rectangle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]

TODAY = date(2026, 11, 24)
OWNER = "Nguyễn Thị Chủ Đất Mẫu"
SHEETS = (  # commune of the sheet, sheet, parcel, identifier
    ("22915-2015", 45, 123, "w3vjtp2sf9x1"),
    ("22918-2015", 45, 123, "w3vjtp2sf9x2"),
    ("22918-2015", 45, 7, "w3vjtp2sf9x3"),
    ("22957-2015", 9, 1, "w3vjtp2sf9x4"),
    ("22927-2015", 123, 45, "w3vjtp2sf9x5"),
    ("23143-2015", 12, 45, "w3vjtp2sf9x6"),
    ("23140-2015", 12, 45, "w3vjtp2sf9x7"),
)


@pytest.fixture(scope="module")
def province(django_db_setup, django_db_blocker):
    """The fact tables and a few parcels, once for all tests here; nothing of it stays."""
    with django_db_blocker.unblock():
        facts = [tables.batch(settings.DATA_DIR, table) for table in tables.fact_tables(settings.DATA_DIR)]
        publish(changeset(), [*facts, *rule_book.procedure_batches(settings.DATA_DIR)])
        parcels = [
            {"key": f"{area}-{sheet}-{number}", "area_key": area, "sheet_no": sheet, "parcel_no": number,
             "geohash": code, "geom": rectangle(at=(456313.0 + 100 * place, 1208622.0))}
            for place, (area, sheet, number, code) in enumerate(SHEETS)
        ]  # fmt: skip
        given(Parcel, *parcels)
        given(Party, {"name": OWNER, "identity_no": "060099123456"})
        given(Right, {"parcel_key": "22918-2015-45-123"})
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE layers_changeset, layers_layer_state CASCADE")


def look(text: str, **how) -> Found:
    return search(text, day=TODAY, **how)


def hits(text: str, group: str = "", **how) -> list:
    return [hit for found in look(text, **how).groups if group in ("", found.id) for hit in found.hits]


def keys(text: str, group: str = "", **how) -> list[str]:
    return [hit.key for hit in hits(text, group, **how)]


# --- names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["mui ne", "Mũi Né", "MŨI NÉ", "muine", "MuiNe", "  mũi   né ", "mũi-né", unicodedata.normalize("NFD", "Mũi Né"),
     "muix nes", "muxi nes", "MUIX NES", "phường mũi né", "p. mũi né", "Mui Ne Ward"],
)  # fmt: skip
def test_every_way_of_writing_mui_ne_finds_the_ward_of_today_first(text):
    first = hits(text)[0]
    assert (first.group, first.key) == ("areas", "22918-2025")


def test_a_former_name_says_what_it_is_today():
    found = hits("Hàm Tiến", "areas")[0]
    assert found.key == "22918-2015"
    assert found.former
    assert [unit.name_vi for unit in found.now] == ["Phường Mũi Né"]


def test_a_former_name_finds_what_lies_there():
    found = hits("ham tien", "tourism_sites", limit=50)
    assert found[0].key == "bai-bien-ham-tien" or "Hàm Tiến" in found[0].name_vi
    there = [hit for hit in found if hit.place]
    assert len(there) >= 3
    assert {hit.place.key for hit in there} == {"22918-2015"}
    assert {unit.name_vi for hit in there for unit in hit.place_now} == {"Phường Mũi Né"}


def test_a_unit_is_followed_through_every_reform():
    """Hòa Phú became Phan Rí Cửa in 2020, which is another Phan Rí Cửa since 2025."""
    found = {hit.key: hit for hit in hits("hòa phú", "areas")}["23002-2015"]
    assert [unit.key for unit in found.now] == ["22972-2025"]


def test_a_unit_that_was_split_names_both():
    found = {hit.key: hit for hit in hits("phong phú", "areas")}["22978-2015"]
    assert {unit.name_vi for unit in found.now} == {"Xã Tuy Phong", "Xã Phan Rí Cửa"}


def test_a_code_that_changed_its_meaning_finds_both_units_today_first():
    assert keys("22918", "areas") == ["22918-2025", "22918-2015"]
    assert hits("22918", "areas")[0].alias == "22918"


def test_a_district_whose_name_a_commune_now_bears_is_told_apart():
    first, second = hits("hàm thuận bắc", "areas")[:2]
    assert (first.details["type_vi"], first.former) == ("Xã", False)
    assert (second.details["type_vi"], second.former) == ("Huyện", True)


def test_two_former_communes_of_one_name_are_told_apart_by_their_district():
    found = [hit for hit in hits("xã tân hà", "areas") if hit.name_vi == "Xã Tân Hà"]
    assert {hit.lies_in.name_vi for hit in found} == {"Huyện Đức Linh", "Huyện Hàm Tân"}


@pytest.mark.parametrize(
    ("text", "key"),
    [("Phú Quí", "23272-2025"), ("Phú Quý", "23272-2025"), ("phu qui", "23272-2025"), ("phuquy", "23272-2025"),
     ("Phú Thuỷ", "22924-2025"), ("Phú Thủy", "22924-2025")],
)  # fmt: skip
def test_spellings_meet(text, key):
    assert keys(text)[0] == key


@pytest.mark.parametrize(
    ("text", "name"),
    [("doi cat bay", "Đồi Cát Đỏ"), ("doi hong", "Đồi Cát Đỏ"), ("po sah inu", "Tháp Chăm Pô Sah Inư"),
     ("bau trang", "Đồi cát trắng Bàu Trắng"), ("red sand dunes", "Đồi Cát Đỏ"), ("ddoofi cats ddor", "Đồi Cát Đỏ"),
     ("chợ phan thiết", "Chợ Phan Thiết")],
)  # fmt: skip
def test_sites_are_found(text, name):
    assert name in [hit.name_vi for hit in hits(text, "tourism_sites")][:5]


def test_another_name_is_given_as_the_reason():
    assert hits("doi hong", "tourism_sites")[0].alias == "Đồi Hồng"


@pytest.mark.parametrize(
    ("text", "name"),
    [("ubnd mũi né", "Ủy ban nhân dân phường Mũi Né"), ("van phong dang ky dat dai", "Văn phòng Đăng ký đất đai"),
     ("bhxh la gi", "Bảo hiểm xã hội thị xã La Gi"), ("LD-22918-UBND", "Ủy ban nhân dân phường Mũi Né"),
     ("sở xây dựng", "Sở Xây dựng")],
)  # fmt: skip
def test_agencies_are_found(text, name):
    assert hits(text, "agencies")[0].name_vi.startswith(name)


@pytest.mark.parametrize("text", ["1.012784", "012784", "1.01278"])
def test_a_procedure_is_found_by_its_code_or_part_of_it(text):
    assert "1.012784" in keys(text, "procedures")


def test_a_procedure_is_found_by_words_of_its_name():
    assert all("thua dat" in fold(hit.name_vi) for hit in hits("tách thửa đất", "procedures"))
    assert hits("tach thua", "procedures")


def test_what_has_ended_stands_behind_what_is():
    found = hits("sở xây dựng", "agencies")
    assert [hit.former for hit in found] == sorted(hit.former for hit in found)


def test_words_before_a_place_look_inside_it():
    found = hits("chùa phan thiết", "tourism_sites", limit=50)
    assert len(found) >= 5
    assert found[0].name_vi.startswith("Chùa")
    assert {hit.place.key for hit in found} <= {"593-2015", "22945-2025"}


def test_a_category_is_an_answer_of_its_own():
    assert look("bảo tàng").categories == ("museum",)
    assert look("Beach").categories == ("beach",)


def test_pages_follow_each_other_without_doubles():
    first, second = (look("phan thiet", limit=5, page=page) for page in (1, 2))
    assert first.more
    seen = [hit.key for found in (first, second) for group in found.groups for hit in group.hits]
    assert len(seen) == len(set(seen))
    sites = [next(g for g in found.groups if g.id == "tourism_sites") for found in (first, second)]
    assert sites[0].total == sites[1].total > 10
    assert (sites[1].offset, len(sites[1].hits)) == (5, 5)


def test_when_nothing_is_found_the_nearest_three_are_offered():
    found = look("ham tein")
    assert not found.groups
    assert len(found.near) == 3
    assert found.near[0].name_vi == "Phường Hàm Tiến"
    assert look("ham tein", near=False).near == ()


def test_telex_is_read_only_when_nothing_else_is_found():
    assert look("muix nes").read_as == "mui ne"
    assert look("mui ne").read_as == ""


# --- parcels -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["45/123 hàm tiến", "45/123 Hàm Tiến, Phan Thiết", "ham tien 45/123", "tờ 45 thửa 123 phường hàm tiến",
     "thửa đất số 123, tờ bản đồ số 45, p. Hàm Tiến", "t45 th123 hamtien", "45-123 hàm tiến", "45 123 hàm tiến"],
)  # fmt: skip
def test_a_parcel_of_a_former_commune_is_one(text):
    found = look(text).parcels
    assert [hit.key for hit in found.found] == ["22918-2015-45-123"]
    assert [unit.name_vi for unit in found.found[0].unit_now] == ["Phường Mũi Né"]


def test_a_number_in_several_former_communes_offers_all_of_them():
    found = look("tờ 45 thửa 123 mũi né").parcels
    assert {hit.key for hit in found.found} == {"22915-2015-45-123", "22918-2015-45-123"}
    assert found.ambiguous
    assert [(line.unit.key, line.outcome) for line in found.missing if line.unit.key == "22957-2015"] == [
        ("22957-2015", Outcome.NO_SHEET)
    ]


def test_without_a_commune_every_place_is_offered_the_less_usual_reading_last():
    found = look("45/123").parcels.found
    assert [hit.key for hit in found] == ["22915-2015-45-123", "22918-2015-45-123", "22927-2015-123-45"]
    assert [hit.swapped for hit in found] == [False, False, True]
    assert [hit.key for hit in look("thửa 123 tờ 45").parcels.found] == ["22915-2015-45-123", "22918-2015-45-123"]


def test_a_code_that_named_two_communes_offers_the_parcels_of_both():
    found = look("23143-12-45").parcels
    assert {hit.key for hit in found.found} == {"23143-2015-12-45", "23140-2015-12-45"}


@pytest.mark.parametrize(
    ("text", "outcome", "numbers"),
    [("tờ 45 thửa 8 hàm tiến", Outcome.NO_PARCEL, (7, 123)), ("tờ 46 thửa 1 hàm tiến", Outcome.NO_SHEET, (45, 45)),
     ("tờ 1 thửa 1 liên hương", Outcome.NOT_DIGITISED, None)],
)  # fmt: skip
def test_why_there_is_no_parcel_are_three_answers(text, outcome, numbers):
    found = look(text).parcels
    assert found.found == ()
    assert found.outcome is outcome
    assert (found.missing[0].outcome, found.missing[0].numbers) == (outcome, numbers)


def test_a_commune_nobody_knows_is_said_so():
    assert look("tờ 1 thửa 1 atlantis").parcels.outcome is Outcome.NO_PLACE


def test_an_identifier_finds_its_parcel_and_an_unknown_one_its_place():
    assert [hit.key for hit in look("W3VJTP2SF9X2").parcels.found] == ["22918-2015-45-123"]
    unknown = look("w3vjtp2sf9x9").parcels
    assert unknown.outcome is Outcome.NO_PARCEL
    assert unknown.point == pytest.approx((108.501780776, 10.851195961), abs=1e-6)


def test_a_province_that_hides_its_parcels_hides_them_here(settings):
    settings.PUBLIC_PARCELS = False
    assert look("45/123 hàm tiến").parcels.outcome is Outcome.HIDDEN
    assert look("w3vjtp2sf9x2").parcels.found == ()
    assert look("10.9289, 108.1021").place.parcels == ()
    assert search("45/123 hàm tiến", Reader("officer", staff=True)).parcels.found


# --- coordinates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["10.9500, 108.2900", "108.29, 10.95", "10,95 108,29", "10°57'00\"N 108°17'24\"E", "1210936.01 476853.30",
     "476853.30 1210936.01", "X=1210936.01 Y=476853.30", "https://www.openstreetmap.org/#map=15/10.95/108.29",
     "https://www.google.com/maps/@10.95,108.29,15z"],
)  # fmt: skip
def test_a_coordinate_tells_both_systems_and_the_units_of_today_and_of_2015(text):
    place = look(text).place
    assert (place.point.longitude, place.point.latitude) == pytest.approx((108.29, 10.95), abs=1e-6)
    assert (place.east_m, place.north_m) == pytest.approx((476853.30, 1210936.01), abs=0.1)
    assert [there.unit.name_vi for there in place.today] == ["Phường Mũi Né"]
    assert [there.unit.key for there in place.in_2015] == ["22915-2015"]
    assert place.in_2015[0].within.name_vi == "Thành phố Phan Thiết"


def test_a_coordinate_on_a_parcel_names_it():
    assert [p.key for p in look("1208650 456320").place.parcels] == ["22915-2015-45-123"]


def test_a_coordinate_far_away_is_a_place_without_units():
    place = look("48.8584, 2.2945").place
    assert (place.today, place.in_2015, place.point.in_province) == ((), (), False)


# --- what must not be found, and what must not break -----------------------------------------------------------------


@pytest.mark.parametrize("text", [OWNER, "chủ đất mẫu", "Nguyen Thi Chu Dat", "060099123456", "0600991"])
@pytest.mark.parametrize("reader", [PUBLIC, Reader("officer", staff=True)])
def test_nobody_is_found_by_name_or_number(text, reader):
    with CaptureQueriesContext(connection) as asked:
        found = search(text, reader, day=TODAY)
    told = repr(found.groups) + repr(found.parcels) + repr(found.near)
    assert "Chủ Đất" not in told
    assert "060099" not in told
    assert not [query for query in asked if re.search(r"layers_(party|right)", query["sql"])]


def test_search_keys_hold_only_what_everybody_may_see():
    for one in SEARCHABLES:
        if one.collection is None:
            continue
        key = one.collection.model._meta.get_field("search_key")
        columns = {expression.name for expression in key.expression.get_source_expressions()}
        public = {field.name for field in visible_fields(PUBLIC, one.collection)}
        assert columns | set(one.names) | set(one.details) <= public


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "!!!???", "%", "_", "%%%%", "___", "' OR 1=1 --", "\\", "a\\%b", "| mui ne |", "$$", "); DROP TABLE",
     "🏖️🌊🏝️", "🏖️ mui ne", "مدينة فان ثيت", "\u202emui ne", "潘切", "Фантьет", "\t\n\r", "1/0", "0/0 0/0", "°'\"",
     "9999999999999999999999/1", "1e999, 1e999", "nan, nan", "{0} %s %(x)s", "x" * 200, "à " * 100, "1 " * 100,
     "45/" + "9" * 150, "geo:999,999", "http://" + "a" * 190, "w3u" + "0" * 9, "1.2.3.4", "...", ". . .", "ß ſ ﬁ ½ ①"],
)  # fmt: skip
def test_awkward_text_is_answered(text):
    for page in (1, 7):
        assert look(text, page=page).total >= 0


def test_signs_of_like_mean_nothing():
    assert look("%").groups == ()
    assert keys("m_i n_") == keys("m i n ")
    assert keys("mui% ne") == keys("mui ne")


@pytest.mark.parametrize("text", ["x" * 201, "x" * 10_000, "mui\x00ne", "https://" + "a" * 3000])
def test_text_that_cannot_be_used_is_refused(text):
    with pytest.raises(Invalid) as fault:
        look(text)
    assert fault.value.parameter == "q"


@hypothesis_settings(max_examples=150, deadline=None)
@for_all(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯY ̣́̀̉̃ắằẳẵặéèẽẹíỹỵ.,-/()'0123456789", max_size=40))
def test_python_and_postgresql_fold_alike(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT layers_fold(%s)", [text])
        assert cursor.fetchone()[0] == fold(text)


@hypothesis_settings(max_examples=60, deadline=None)
@for_all(st.text(max_size=60))
def test_any_text_is_answered_or_refused_by_name(text):
    try:
        look(text)
    except Invalid:
        assert "\x00" in text


@pytest.mark.parametrize(
    ("typed", "read"),
    [("muix nes", "mui ne"), ("phan thieets", "phan thiet"), ("ddoofi cats bay", "doi cat bai"),
     ("hafm tieens", "ham tien"),
     ("hwowng", "huong"), ("dduwcs linh", "duc linh"), ("quys", "qui")],
)  # fmt: skip
def test_telex_keys_are_decoded(typed, read):
    assert telex(understand(typed).words).phrase == read


def test_the_number_of_statements_does_not_grow_with_what_is_found():
    counts = {}
    for text in ("mui ne", "phan", "tourism", "xã"):
        with CaptureQueriesContext(connection) as asked:
            look(text, limit=100)
        counts[text] = len(asked)
    assert set(counts.values()) == {1}
    with CaptureQueriesContext(connection) as asked:
        look("muix xyzzyx 45/123")
    assert len(asked) <= 7  # parcel, name, Telex, and the nearest within its own transaction


def test_each_kind_is_found_by_its_index():
    """With scans of whole tables made dear, the plan of a name must use the trigram index of every kind."""
    statement = names_statement(SEARCHABLES, understand("bay mui").words, 10, 0, TODAY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(f"EXPLAIN {statement.sql}", statement.params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    for one in SEARCHABLES:
        index = one.table.removeprefix("layers_").replace("_", "") + "_search"
        assert f"Bitmap Index Scan on {index} " in plan, plan


def test_a_changed_name_is_found_at_once_and_the_old_one_no_more():
    from layers.collections.tourism_sites.models import TourismSite

    given(TourismSite, {"key": "doi-cat-do", "number": 1, "name_vi": "Đồi Xyzzy"})
    assert "doi-cat-do" in keys("xyzzy")
    state = connection.cursor()
    state.execute("SELECT state FROM layers_version WHERE record_type = 'tourismsite'")
    assert "search_key" not in str(state.fetchone()[0])


def test_house_sources_of_search_name_no_personal_table():
    for path in Path(settings.BASE_DIR, "layers", "reading").glob("*.py"):
        assert not re.search(r"\b(Party|Right|layers_party|layers_right)\b", path.read_text(encoding="utf-8")), path
