"""Selections: steps, undo, totals, pages, who sees them, and limits that are said."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layers.access.reader import PUBLIC
from layers.errors import Conflict, Invalid, NotAllowed, NotFound
from layers.reading import selection_rows, selections
from layers.reading.models import Selection
from layers.reading.selections import Mode
from tests.cast import HAM_TIEN, LA_GI, MUI_NE, PHAN_THIET, PHUOC_HOI, alice, bob, charlie, membership, person
from tests.reading.asking import call, is_in, prop, text
from tests.reading.conftest import RETIRED, SECOND, THIRD

RICE = text(is_in("land_use_now", "LUC"))
SHEET_45 = text(call("=", prop("sheet_no"), 45))
HOMES = text(is_in("land_use_now", "ODT"))


def held(picked, reader) -> set[str]:
    return set(selection_rows.keys(picked, reader))


def test_new_add_remove_keep_undo_redo(land):
    officer = alice()
    picked = selections.start(officer)
    selections.ask(picked, RICE, Mode.NEW, officer)
    assert held(picked, officer) == {SECOND, THIRD}
    selections.ask(picked, HOMES, Mode.ADD, officer)
    assert held(picked, officer) == {SECOND, THIRD, MUI_NE, HAM_TIEN, PHUOC_HOI}
    selections.ask(picked, text(is_in("unit", "594-2015")), Mode.REMOVE, officer)
    selections.ask(picked, SHEET_45, Mode.KEEP, officer)
    assert held(picked, officer) == {MUI_NE, SECOND, THIRD}
    selections.undo(picked, officer)
    selections.undo(picked, officer)
    assert PHUOC_HOI in held(picked, officer)
    selections.redo(picked, officer)
    assert held(picked, officer) == {SECOND, THIRD, MUI_NE, HAM_TIEN}
    selections.clear(picked, officer)
    assert held(picked, officer) == set()
    assert not selections.selection(picked, officer).can_redo  # what was undone went when something new was done
    for _ in range(9):
        selections.undo(picked, officer)
    assert not selections.selection(picked, officer).can_undo
    assert held(picked, officer) == set()


def test_its_steps_say_how_it_came_about(land):
    officer = alice()
    picked = selections.start(officer)
    selections.ask(picked, HOMES, Mode.NEW, officer)
    selections.ask(picked, RICE, Mode.NEW, officer)
    selections.ask(picked, SHEET_45, Mode.KEEP, officer)
    found = selections.selection(picked, officer)
    assert found.question == "Hiện trạng: LUC (Đất chuyên trồng lúa); chỉ giữ: Tờ bản đồ số: 45"
    assert [(step.mode, step.found, step.count) for step in found.steps] == [
        ("new", 3, 3), ("new", 2, 2), ("keep", 3, 2),
    ]  # fmt: skip


def test_totals_are_of_all_whatever_page_is_shown(land):
    officer = alice()
    picked = selections.start(officer)
    selections.ask(picked, SHEET_45, Mode.NEW, officer)
    totals = selection_rows.totals(picked, officer)
    assert (totals.count, totals.area_m2) == (3, 3000.0)
    assert [(use.code, use.count, use.area_m2) for use in totals.uses] == [("LUC", 2, 2000.0), ("ODT", 1, 1000.0)]
    west, south, east, north = totals.box
    assert 108.10 < west < east < 108.11 and 10.92 < south < north < 10.94


def test_a_page_is_in_the_order_asked_for(land):
    officer = alice()
    picked = selections.start(officer)
    selections.ask(picked, SHEET_45, Mode.NEW, officer)
    by_area = selection_rows.rows(picked, officer, order="area", descending=True)
    assert [row.key for row in by_area] == [THIRD, MUI_NE, SECOND]
    assert [row.key for row in selection_rows.rows(picked, officer, offset=1, limit=1)] == [SECOND]
    first = selection_rows.rows(picked, officer)[0]
    assert (first.unit_vi, first.zone, round(first.zone_percent, 1)) == ("Phường Mũi Né", "DGT", 40.0)
    with pytest.raises(Invalid, match="owner"):
        selection_rows.rows(picked, officer, order="owner")


def test_a_page_costs_the_same_statements_whatever_it_holds(land):
    officer = alice()
    counts = []
    for question in (RICE, text(call(">", prop("survey_area_m2"), 1))):
        picked = selections.start(officer)
        selections.ask(picked, question, Mode.NEW, officer)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            selection_rows.rows(picked, officer)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3


def test_named_parcels_may_be_retired(land):
    officer = alice()
    picked = selections.start(officer)
    selections.ask(picked, text(is_in("key", RETIRED, MUI_NE)), Mode.NEW, officer)
    assert held(picked, officer) == {RETIRED, MUI_NE}


def test_a_refused_question_leaves_the_selection_as_it_was(land, monkeypatch):
    officer = alice()
    picked = selections.start(officer)
    selections.ask(picked, RICE, Mode.NEW, officer)
    monkeypatch.setattr(selections, "MOST", 2)
    for question, mode in ((text(call(">", prop("survey_area_m2"), 1)), Mode.NEW), (HOMES, Mode.ADD), ("{", Mode.NEW)):
        with pytest.raises(Invalid):
            selections.ask(picked, question, mode, officer)
    assert held(picked, officer) == {SECOND, THIRD}
    assert len(selections.selection(picked, officer).steps) == 1


def test_a_question_too_heavy_is_told_so(land, settings):
    officer = alice()
    picked = selections.start(officer)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_parcel RENAME TO layers_parcel_real")
        cursor.execute("CREATE VIEW layers_parcel AS SELECT r.* FROM layers_parcel_real r, pg_sleep(5)")
        cursor.execute("SET LOCAL statement_timeout = 200")
    with pytest.raises(Invalid, match="quá nặng"):
        selections.ask(picked, RICE, Mode.NEW, officer)


def test_only_the_last_steps_are_kept(land, monkeypatch):
    monkeypatch.setattr(selections, "MOST_STEPS", 3)
    officer = alice()
    picked = selections.start(officer)
    for _ in range(5):
        selections.ask(picked, RICE, Mode.NEW, officer)
    for _ in range(5):
        selections.undo(picked, officer)
    found = selections.selection(picked, officer)
    assert not found.can_undo and found.can_redo
    selections.redo(picked, officer)
    assert held(picked, officer) == {SECOND, THIRD}


# ---- who


def test_another_person_is_not_told_that_it_exists(land):
    officer, other = alice(), charlie()
    picked = selections.start(officer, "Lúa Mũi Né")
    for see in (selections.selection, selection_rows.rows, selection_rows.keys, selection_rows.totals,
                selection_rows.places, selections.undo, selections.clear, selections.discard):  # fmt: skip
        with pytest.raises(NotFound):
            see(picked, other)
    with pytest.raises(NotFound):
        selections.ask(picked, RICE, Mode.NEW, other)
    with pytest.raises(NotFound):
        selections.selection(uuid.uuid4(), officer)
    with pytest.raises(NotFound):
        selections.selection("../etc", officer)


def test_a_colleague_sees_what_is_shared_and_changes_nothing(land):
    officer, colleague, stranger = alice(), bob(), charlie()
    picked = selections.start(officer)
    selections.ask(picked, RICE, Mode.NEW, officer)
    with pytest.raises(NotFound):
        selections.selection(picked, colleague)
    selections.save(picked, "  Lúa \n Mũi Né ", shared=True, by=officer)
    found = selections.selection(picked, colleague)
    assert (found.title, found.own, found.by) == ("Lúa Mũi Né", False, "alice")
    assert held(picked, colleague) == {SECOND, THIRD}
    for change in (selections.undo, selections.clear, selections.discard):
        with pytest.raises(NotAllowed):
            change(picked, colleague)
    assert [kept.title for kept in selections.mine(colleague)] == ["Lúa Mũi Né"]
    assert selections.mine(stranger) == ()


def test_the_public_has_none(land):
    with pytest.raises(NotAllowed):
        selections.start(PUBLIC)
    with pytest.raises(NotAllowed):
        selections.mine(PUBLIC)


def test_where_parcels_are_not_public_the_territory_bounds_what_is_found_and_seen(land, settings):
    officer = alice()
    picked = selections.start(officer)
    selections.ask(picked, HOMES, Mode.NEW, officer)
    assert PHUOC_HOI in held(picked, officer)  # public parcels may be picked anywhere
    settings.PUBLIC_PARCELS = False
    assert held(picked, officer) == {MUI_NE, HAM_TIEN}
    assert selection_rows.totals(picked, officer).count == 2
    assert {row.key for row in selection_rows.rows(picked, officer)} == {MUI_NE, HAM_TIEN}
    selections.ask(picked, HOMES, Mode.NEW, officer)
    assert selections.selection(picked, officer).steps[-1].found == 2


def test_a_title_is_needed_to_save(land):
    officer = alice()
    picked = selections.start(officer)
    for title in ("", " \n ", "x" * 121):
        with pytest.raises(Invalid, match="120"):
            selections.save(picked, title, shared=False, by=officer)


def test_scratch_work_goes_after_weeks_and_kept_work_stays(land):
    officer = alice()
    scratch, kept = selections.start(officer), selections.start(officer, "Giữ lại")
    Selection.objects.update(changed_at=timezone.now() - timedelta(days=31))
    selections.start(officer)
    assert Selection.objects.filter(id=kept).exists()
    assert not Selection.objects.filter(id=scratch).exists()


def test_too_many_selections_are_refused(land, monkeypatch):
    monkeypatch.setattr(selections, "MOST_KEPT", 2)
    officer = alice()
    selections.start(officer)
    selections.start(officer)
    with pytest.raises(Conflict):
        selections.start(officer)


def test_of_two_agencies_a_person_shares_with_the_one_acted_for(land):
    from layers.access import people
    from layers.access.roles import Role

    user = person("hai")
    here, there = (membership(user, agency, Role.OFFICER) for agency in (PHAN_THIET, LA_GI))
    picked = selections.start(people.reader_of(user.pk, here.pk))
    selections.save(picked, "Chung", shared=True, by=people.reader_of(user.pk, here.pk))
    assert selections.selection(picked, bob()).title == "Chung"
    with pytest.raises(NotFound):
        selections.selection(picked, charlie())
    assert selections.selection(picked, people.reader_of(user.pk, there.pk)).own


def test_discarding_removes_it(land):
    officer = alice()
    picked = selections.start(officer)
    selections.ask(picked, RICE, Mode.NEW, officer)
    selections.discard(picked, officer)
    with pytest.raises(NotFound):
        selections.selection(picked, officer)


def test_places_lie_in_their_parcels(land):
    officer = alice()
    picked = selections.start(officer)
    selections.ask(picked, RICE, Mode.NEW, officer)
    (key, lon, lat), _ = selection_rows.places(picked, officer)
    assert key == SECOND
    assert abs(lon - 108.1021) < 0.002 and abs(lat - 10.9289) < 0.002
