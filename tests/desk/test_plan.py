"""The planning fact sheet on the desk: page and JSON print the same numbers, on any day."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

import pytest

from layers.collections.planning_zones.models import PlanningZone
from tests.cast import alice, signed_in
from tests.desk.conftest import PLAN, PLAN_JSON, SHEET, square
from tests.factories import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(land):
    alice()
    return signed_in("alice")


def printed(page: str) -> Counter:
    return Counter(re.findall(r'<data value="([^"]*)"', page.split("</form>")[-1]))


def numbers(sheet: dict) -> Counter:
    """Every number that the page prints, as the JSON has it."""
    heads = (sheet["drawn_area_m2"], sheet["register_area_m2"], sheet["drawn_to_register"])
    found = Counter(head for head in heads if head is not None)
    for theme in sheet["themes"]:
        if theme["unchecked_m2"] not in (None, "0.0"):
            found[theme["unchecked_m2"]] += 1
        for section in theme["sections"]:
            sizes = [row["size"] for row in section["rows"]] + [section["not_covered"], section["total"]]
            sizes += [overlap["counted_again"] for overlap in section["overlaps"]]
            sizes += [section["unchecked"]] if Decimal(section["unchecked"]["area_m2"]) else []
            for size in sizes:
                found.update(size.values())
            for row in section["rows"]:
                found.update([row["measured_m2"], row["mean_width_m"]])
    return found


@pytest.mark.parametrize("day", ["2026-11-24", "2019-01-01"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_page_and_json_print_the_same_numbers(officer, day, language):
    sheet = officer.get(PLAN_JSON, {"ngay": day}).json()
    page = officer.get(language + PLAN, {"ngay": day}).content.decode()
    assert sheet["on"] == day
    assert printed(page) == numbers(sheet)
    assert len(numbers(sheet)) > 5


def test_the_sheet_of_today_prints_them_too(officer):
    page = officer.get(SHEET).content.decode()
    assert printed(page.split('id="quy-hoach"')[1].split('id="giap-ranh"')[0]) == numbers(officer.get(PLAN_JSON).json())


def test_rows_less_overlaps_close_on_the_parcel(officer):
    page = officer.get(PLAN).content.decode()
    table = page.split("Trừ phần chồng nhau của các dòng 1, 2")[0].split("<tbody>")[-1]
    assert "Không nằm trong vùng nào" in table
    section = next(t for t in officer.get(PLAN_JSON).json()["themes"] if t["sections"])["sections"][0]
    for unit in ("area_m2", "share_percent"):
        total = sum(Decimal(row["size"][unit]) for row in section["rows"]) + Decimal(section["not_covered"][unit])
        total -= sum(Decimal(overlap["counted_again"][unit]) for overlap in section["overlaps"])
        assert total == Decimal(section["total"][unit])
    assert section["total"] == {"area_m2": "1000.0", "share_percent": "100.0"}


def test_the_four_answers_are_told_apart(officer):
    given(PlanningZone, {"key": "far", "plan_id": "p", "geom": square(5, 5, (300, 300))})
    page = officer.get(PLAN).content.decode()
    assert 'id="state-concerned"' in page and 'id="state-no_data"' in page
    assert 'id="state-not_concerned"' not in page
    PlanningZone.objects.exclude(key="far").delete()
    page = officer.get(PLAN).content.decode()
    assert 'id="state-not_concerned"' in page and 'id="state-concerned"' not in page
    assert "Không được hiểu là không liên quan" in page


def test_a_source_that_does_not_answer_is_undetermined_and_the_rest_stands(officer, monkeypatch):
    from dataclasses import replace

    from layers.collections.planning_zones.themes import THEMES
    from layers.reports import fact_sheet

    broken = (replace(THEMES[0], table="layers_no_such_table"), *THEMES[1:])
    monkeypatch.setattr(fact_sheet.fact_sheet, "__kwdefaults__", {"themes": broken, "tolerance_m": 0.1})
    page = officer.get(PLAN).content.decode()
    assert 'id="state-could_not_be_determined"' in page and 'id="state-no_data"' in page


@pytest.mark.parametrize("day", ["2026-13-01", "x", "0001-01-01", "99999-01-01", "\x00"])
def test_a_day_that_is_none_gets_a_sentence(officer, day):
    for address in (PLAN, PLAN_JSON):
        answer = officer.get(address, {"ngay": day})
        assert answer.status_code == 400 and "không phải là một ngày" in answer.content.decode()


def test_a_day_before_the_first_plan_concludes_nothing(officer):
    given(PlanningZone, {"key": "zone-a", "plan_id": "plan-a", "valid_from": "2021-01-01", "geom": square(12.3, 60)})
    assert "trước quy hoạch đầu tiên" in officer.get(PLAN, {"ngay": "1990-01-01"}).content.decode()
    assert "trước quy hoạch đầu tiên" not in officer.get(PLAN, {"ngay": "2021-01-01"}).content.decode()
