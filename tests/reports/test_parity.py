"""One sheet, three papers: every number of the JSON stands on the page and in the PDF, and every column closes.

The corpus is a synthetic fabric with its plans. JSON and page of all parcels chosen (200) are compared; a PDF takes a
second of drawing each, so the five with the most rows and three others are printed, and their whole text is compared.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation

from layers.access.reader import PUBLIC
from layers.editing.publish import publish
from layers.reports.canonical import canonical_json, plain
from layers.reports.fact_sheet import FactSheet, fact_sheet
from layers.reports.follow import what_follows
from layers.reports.plan_paper import plan_document, render_plan
from layers.reports.plan_words import in_words, shown_rows
from layers.transfer import synthetic
from tests.desk.test_plan import numbers, printed
from tests.factories import changeset
from tests.reports.test_fact_sheet import closes
from tests.test_synthetic import invented_communes

DAY, MADE_ON = date(2026, 11, 24), date(2026, 11, 25)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def corpus(django_db_setup, django_db_blocker):
    """Keys of 200 parcels, those with the most zones first. One load for the module, taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = synthetic.fabric(invented_communes(), 900, 7)
        publish(changeset("corpus"), synthetic.batches(made, 1))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.key FROM layers_parcel p LEFT JOIN layers_planning_zone z ON ST_Intersects(z.geom, p.geom) "
                "WHERE p.status = 'active' GROUP BY p.key ORDER BY count(z.key) DESC, p.key LIMIT 200"
            )
            keys = [row[0] for row in cursor.fetchall()]
        assert len(keys) == 200
        yield keys
        transaction.set_rollback(True)


def page_of(sheet: FactSheet) -> str:
    """The part of the desk's pages that shows the sheet, in Vietnamese."""
    plan = in_words(sheet, what_follows(sheet, PUBLIC), None)
    place = (sheet.area_key, sheet.sheet_no, sheet.parcel_no)
    return render_to_string("desk/plan_groups.html", {"plan": plan, "place": place})


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def vietnamese(value: str) -> str:
    return f"{Decimal(value):,}".translate(str.maketrans(",.", ".,"))


def test_json_and_page_say_the_same_numbers_for_every_parcel(corpus):
    rows = 0
    with translation.override("vi"):
        for key in corpus:
            sheet = fact_sheet(key, DAY, PUBLIC)
            words, page = plain(sheet), page_of(sheet)
            assert printed(page) == numbers(words), key
            for value, text in re.findall(r'<data value="([^"]*)">−?([^<]*)</data>', page):
                assert text == vietnamese(value), key
            for theme in sheet.themes:
                rows += sum(len(section.rows) for section in theme.sections)
                for section in theme.sections:
                    closes(section)
                for each in theme.suppressed:
                    assert vietnamese(str(each.measured_m2)) in page
    assert rows > 300, "the corpus has too few zones to show anything"


def test_the_paper_says_them_too(corpus):
    with translation.override("vi"):
        for key in [*corpus[:5], *corpus[50:200:50]]:
            document = plan_document(key, DAY, PUBLIC, made_on=MADE_ON)
            pdf = render_plan(document)
            reader = pypdf.PdfReader(io.BytesIO(pdf))
            (name,) = reader.attachments
            attached = json.loads(reader.attachments[name][0])
            assert reader.attachments[name][0] == canonical_json(document)
            assert attached["sheet"] == plain(fact_sheet(key, DAY, PUBLIC))
            same_numbers(text_of(pdf), attached["sheet"], document)


def same_numbers(text: str, words: dict, document) -> None:
    """Whole columns as they are printed, and every number as often as the JSON has it, at least."""
    plan = in_words(document.sheet, document.follow, document.first_plan)
    for _, standing, row in shown_rows(plan):
        assert f"đo được {row.measured.text} m², bề rộng trung bình {row.width.text} m" in text
        assert f"{row.amount.area.text} {row.amount.share.text}" in text
        for amount in (standing.not_covered, standing.total):
            assert f"{amount.area.text} {amount.share.text}" in text
        for overlap in standing.overlaps:
            assert f"−{overlap.counted_again.area.text} " in text
    found = Counter(re.findall(r"(?<![\d.,])\d{1,3}(?:\.\d{3})*,\d+", text))
    wanted = Counter(vietnamese(value) for value in numbers(words).elements())
    assert not wanted - found, wanted - found
    for theme in words["themes"]:
        for each in theme["suppressed"]:
            assert f"{vietnamese(each['measured_m2'])} m²" in text


def test_the_page_in_english_has_the_same_values(corpus):
    sheet = fact_sheet(corpus[0], DAY, PUBLIC)
    pages = []
    for language in ("vi", "en"):
        with translation.override(language):
            pages.append(page_of(sheet))
    assert printed(pages[0]) == printed(pages[1])
    assert pages[0] != pages[1]


def test_sheets_keep_nothing_of_each_other(corpus):
    """Asked in another order, the same bytes."""
    one = {key: canonical_json(fact_sheet(key, DAY, PUBLIC)) for key in corpus[:50]}
    assert {key: canonical_json(fact_sheet(key, DAY, PUBLIC)) for key in reversed(corpus[:50])} == one
