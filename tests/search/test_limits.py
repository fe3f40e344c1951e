"""What search must never find, what must not break it, and what it may cost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given as for_all
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from layers.access.reader import PUBLIC, Reader, visible_fields
from layers.collections.tourism_sites.models import TourismSite
from layers.errors import Invalid
from layers.reading.grammar import fold, telex, understand
from layers.reading.search import search
from layers.reading.search_sql import names_statement
from layers.reading.searchable import SEARCHABLES
from tests.factories import given
from tests.search.asking import OWNER, TODAY, keys, look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


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
    given(TourismSite, {"key": "doi-cat-do", "number": 1, "name_vi": "Đồi Xyzzy"})
    assert "doi-cat-do" in keys("xyzzy")
    state = connection.cursor()
    state.execute("SELECT state FROM layers_version WHERE record_type = 'tourismsite'")
    assert "search_key" not in str(state.fetchone()[0])


def test_house_sources_of_search_name_no_personal_table():
    for path in Path(settings.BASE_DIR, "layers", "reading").glob("*.py"):
        assert not re.search(r"\b(Party|Right|layers_party|layers_right)\b", path.read_text(encoding="utf-8")), path
