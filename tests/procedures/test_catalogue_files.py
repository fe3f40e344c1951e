"""The catalogue as data: keys, channels, levels, and who handles each field at each level."""

import csv
import re
from collections import Counter

from layers.procedures.models import DAY_KINDS, FIELDS, LEVELS
from layers.procedures.rule import AUDIENCES
from tests.procedures.rulebook import FOLDER, RULES


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CATALOGUE, SUCCESSIONS, COMPETENCE = (table(f"{name}.csv") for name in ("catalogue", "successions", "competence"))


def test_there_are_140_procedures_each_once_by_code_decision_and_validity():
    keys = Counter((row["code"], row["decision"], row["valid_from"]) for row in CATALOGUE)
    assert len(CATALOGUE) == 140 and set(keys.values()) == {1}
    assert all(re.fullmatch(r"\d\.\d{6}", row["code"]) for row in CATALOGUE)
    assert Counter(row["code_status"] for row in CATALOGUE) == {"verified": 127, "memory": 13}


def test_every_code_in_the_table_is_a_known_word():
    for row in CATALOGUE:
        assert row["field"] in {code for code, *_ in FIELDS}
        assert row["levels"] and set(row["levels"].split()) <= {code for code, *_ in LEVELS}
        assert set(row["audience"].split()) <= set(AUDIENCES)
        assert {row[f"{channel}_day_kind"] for channel in ("counter", "online", "post")} <= {
            code for code, *_ in DAY_KINDS
        }


def test_names_stand_in_both_languages_and_a_long_one_used_by_a_rule_has_plain_words():
    used = {rule.procedure for rule in RULES}
    for row in CATALOGUE:
        assert row["name_vi"] and row["name_en"] and row["name_vi"] != row["name_en"]
        assert bool(row["short_vi"]) == bool(row["short_en"])
        if row["code"] in used and len(row["name_vi"]) > 120:
            assert row["short_vi"] and len(row["short_vi"]) <= 90, row["code"]


def test_an_amount_comes_with_its_source_text_and_a_working_day_says_so():
    for row in CATALOGUE:
        for channel in ("counter", "online", "post"):
            amount, kind, text = (row[f"{channel}_{part}"] for part in ("amount", "day_kind", "limit_vi"))
            assert bool(amount) == bool(text), row["code"]
            assert (kind == "working") == text.endswith("ngày làm việc"), row["code"]
            assert amount or kind == "unknown", row["code"]


def test_the_portal_address_is_data_and_holds_no_code():
    addresses = [row["detail_url"] for row in CATALOGUE if row["detail_url"]]
    assert len(addresses) > 100 and len(set(addresses)) == len(addresses)
    for row in CATALOGUE:
        if row["detail_url"]:
            assert row["detail_url"].startswith("https://dichvucong.gov.vn/") and row["code"] not in row["detail_url"]
            assert row["checked_on"], row["code"]
        if row["code_status"] == "memory":
            assert not row["detail_url"] and not row["checked_on"]


def test_every_field_and_level_says_who_handles_it_or_why_nobody_on_the_map_does():
    held = {(row["field"], row["level"]) for row in COMPETENCE if not row["procedure"] and not row["valid_to"]}
    assert {(row["field"], level) for row in CATALOGUE for level in row["levels"].split()} <= held
    for row in COMPETENCE:
        assert row["agency_key"] or row["agency_kind"] or (row["none_vi"] and row["none_en"]), row


def test_competence_names_agencies_and_procedures_that_exist():
    with (FOLDER.parent / "agencies.csv").open(encoding="utf-8", newline="") as file:
        agencies = {row["key"]: row for row in csv.DictReader(file)}
    kinds = {row["kind"] for row in agencies.values()}
    codes = {row["code"] for row in CATALOGUE}
    for row in COMPETENCE:
        for key in filter(None, (row["agency_key"], row["counter_key"])):
            assert key in agencies, key
            assert (agencies[key]["valid_from"] or "") <= (row["valid_from"] or "9999"), row
            ends = agencies[key]["valid_to"]
            assert not ends or (row["valid_to"] and row["valid_to"] <= ends), row
        assert {row["agency_kind"], row["counter_kind"]} - {""} <= kinds
        assert not row["procedure"] or row["procedure"] in codes


def test_successions_lead_to_the_catalogue_without_loops():
    codes = {row["code"] for row in CATALOGUE}
    for row in SUCCESSIONS:
        assert row["source"] and row["status"] in ("verified", "unverified")
        if row["kind"] == "replaced":
            assert row["code"] not in codes and row["successor"] in codes
        if row["kind"] == "seen_as":
            assert row["code"] in codes and row["successor"] not in codes
