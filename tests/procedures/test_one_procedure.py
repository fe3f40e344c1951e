"""A procedure by its code: in force, replaced (one hop), abolished with its date, unknown; and CPSV-AP."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError

from layers.editing.publish import Batch, publish
from layers.errors import Gone, Invalid, NotFound
from layers.procedures.catalogue import handled_by, procedure, procedures_in_force
from layers.procedures.export import cpsv_ap
from layers.procedures.models import CodeSuccession, Procedure
from tests.factories import changeset

DAY = date(2026, 8, 1)


def successions(*rows: tuple) -> None:
    columns = ("code", "successor", "kind", "effective", "decision", "status", "source")
    publish(changeset(), [Batch.of(CodeSuccession, columns, rows)])


def test_a_procedure_in_force_brings_channels_handlers_rules_and_other_codes(mui_ne):
    page = procedure("1.012784", on=DAY)
    assert page.procedure.decision == "2304/QĐ-BNNMT" and len(page.channels) == 3
    assert page.handlers[0].agency.key == "ld-vpdkdd"
    assert [(seen.code, seen.status) for seen in page.seen_as] == [("1.116400", "unverified")]
    assert {rule.id for rule in page.rules} == {"parcel.split-merge", "agency.land-registry.split-merge"}


def test_a_replaced_code_names_its_successor_in_one_hop(rule_book):
    with pytest.raises(Gone) as caught:
        procedure("1.012752", on=DAY)
    assert caught.value.successors == ("1.013823",) and "chưa kiểm chứng" in caught.value.message
    successions(
        ("1.000001", "1.000002", "replaced", None, "1/QĐ", "verified", "test"),
        ("1.000002", "1.012784", "replaced", date(2026, 1, 1), "2/QĐ", "verified", "test"),
    )
    with pytest.raises(Gone) as caught:
        procedure("1.000001", on=DAY)
    assert caught.value.successors == ("1.012784",)
    with pytest.raises(Gone) as caught:
        procedure("1.000001", on=date(2025, 12, 31))
    assert caught.value.successors == ("1.000002",), "the second change is not in effect yet"


def test_successions_in_a_circle_end(rule_book):
    successions(
        ("1.000001", "1.000002", "replaced", None, "1/QĐ", "verified", "test"),
        ("1.000002", "1.000001", "replaced", None, "2/QĐ", "verified", "test"),
    )
    with pytest.raises(Gone):
        procedure("1.000001", on=DAY)


def test_an_abolished_code_is_gone_with_decision_and_date(rule_book):
    successions(("1.000009", None, "abolished", date(2026, 3, 1), "77/QĐ-BXD", "verified", "test"))
    with pytest.raises(Gone, match=r"01/03/2026, quyết định 77/QĐ-BXD") as caught:
        procedure("1.000009", on=DAY)
    assert caught.value.successors == ()
    with pytest.raises(NotFound):
        procedure("1.000009", on=date(2026, 2, 28))


def test_a_code_never_held_is_not_found_and_a_code_of_another_source_gets_a_hint(rule_book):
    with pytest.raises(NotFound, match=r"no procedure 9\.999999\.$"):
        procedure("9.999999", on=DAY)
    with pytest.raises(NotFound, match=r"for 1\.012784"):
        procedure("1.116400", on=DAY)


def test_of_two_decisions_the_one_in_force_answers(rule_book):
    columns = ("code", "decision", "valid_from", "valid_to", "name_vi", "name_en", "field", "levels",
               "counter_day_kind", "online_day_kind", "post_day_kind", "code_status", "status", "source")  # fmt: skip
    common = ("A", "A", "land", "province", "unknown", "unknown", "unknown", "verified", "active", "test")
    change = date(2026, 1, 1)
    publish(changeset(), [Batch.of(Procedure, columns, [
        ("1.000005", "1/QĐ", None, change, *common),
        ("1.000005", "2/QĐ", change, date(2026, 9, 1), *common)])])  # fmt: skip
    assert procedure("1.000005", on=date(2025, 12, 31)).procedure.decision == "1/QĐ"
    assert procedure("1.000005", on=change).procedure.decision == "2/QĐ"
    with pytest.raises(Gone, match="01/09/2026"):
        procedure("1.000005", on=date(2026, 9, 1))


@pytest.mark.parametrize(
    "row",
    [
        ("1.1", None, "abolished", None, None, "verified", "t"),
        ("1.000001", "1.000002", "abolished", None, None, "verified", "t"),
        ("1.000001", None, "replaced", None, None, "verified", "t"),
        ("1.000001", "1.000001", "replaced", None, None, "verified", "t"),
    ][1:],
)
def test_the_database_refuses_a_succession_that_makes_no_sense(rule_book, row):
    with pytest.raises((Invalid, IntegrityError)):
        successions(row)


def test_the_database_refuses_a_code_of_another_form(rule_book):
    with pytest.raises(Invalid, match="procedure_code_form"):
        publish(changeset(), [Batch.of(
            Procedure, ("code", "decision", "valid_from", "name_vi", "name_en", "field", "levels", "counter_day_kind",
                        "online_day_kind", "post_day_kind", "code_status", "status", "source"),
            [("12784", None, None, "A", "A", "land", "province", "unknown", "unknown", "unknown", "verified", "active",
              "t")])])  # fmt: skip


def test_an_office_lists_what_it_handles_here_and_today(mui_ne):
    ward = {row.code for row in handled_by("ld-22918-ubnd", on=DAY)}
    registry = {row.code for row in handled_by("ld-vpdkdd", on=DAY)}
    assert "1.013225" in ward and "1.012784" not in ward
    assert "1.012784" in registry and "1.013823" not in registry, "allocation is handled by the department"
    assert "1.013823" in {row.code for row in handled_by("ld-snnmt", on=DAY)}
    assert handled_by("bt-vpdkdd", on=DAY) == () and handled_by("none", on=DAY) == ()
    assert "1.012784" in {row.code for row in handled_by("bt-vpdkdd", on=date(2025, 6, 30))}


def test_cpsv_ap_uses_its_own_words_and_never_turns_working_days_into_a_duration(rule_book):
    held = procedures_in_force(DAY)
    split, dispute = cpsv_ap(held["1.012784"]), cpsv_ap(held["1.012805"])
    assert split["@type"] == "cpsv:PublicService" and split["dct:identifier"] == "1.012784"
    assert {title["@language"] for title in split["dct:title"]} == {"vi", "en"}
    assert [channel["dct:type"] for channel in split["cv:hasChannel"]] == ["1", "2", "3"]
    assert all("cv:processingTime" not in channel for channel in split["cv:hasChannel"])
    assert dispute["cv:hasChannel"][0]["cv:processingTime"]["@value"] == "P60D"
    assert all(value is not None for found in map(cpsv_ap, held.values()) for value in found.values())
