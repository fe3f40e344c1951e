"""Numbers, dates and sentences as each language writes them."""

from datetime import date

import pytest

from layers.collections import registry
from layers.procedures import words
from layers.procedures.cases import facts_of
from layers.procedures.evaluate import Missing, answer
from tests.procedures.rulebook import RULES

PARCELS = registry.get("parcels")


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [(1234.56, "1.234,6", "1,234.6"), (1000.0, "1.000", "1,000"), (0.04, "0", "0"), (0.4, "0,4", "0.4")],
)
def test_numbers(value, vi, en):
    assert (words.number(value, "vi"), words.number(value, "en")) == (vi, en)


def test_values_read_as_words():
    read = {language: words.value_text(PARCELS, "certificate", "none", language) for language in words.LANGUAGES}
    assert read == {"vi": "Chưa cấp", "en": "Not issued"}
    assert words.value_text(PARCELS, "x", date(2026, 8, 1), "vi") == "01/08/2026"
    assert words.value_text(PARCELS, "x", date(2026, 8, 1), "en") == "1 August 2026"
    assert words.value_text(PARCELS, "in_force", True, "vi") == "có"
    assert words.value_text(PARCELS, "x", None, "en") == "–"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_what_is_missing_is_said_in_words(language):
    for missing in (
        Missing("attribute", "certificate"),
        Missing("attribute", "sheet_area_in_force"),
        Missing("coverage", "planning_zones", "planning_zones"),
        Missing("layer", "planning_zones", "planning_zones"),
        Missing("zone_attribute", "status", "planning_zones"),
    ):
        sentence = words.missing_text(missing, PARCELS, language)
        assert sentence.endswith(".") and "_" not in sentence


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_reads_without_a_feature(rule):
    for language in words.LANGUAGES:
        sentence = words.rule_text(rule, language)
        assert not set("{}_") & set(sentence)


def test_no_sentence_is_left_with_a_hole():
    """Each rule of the book, said about the feature of its own positive cases."""
    for rule in RULES:
        for case in (case for case in rule.cases if case.kind == "positive"):
            facts = facts_of(rule, case)
            for language in words.LANGUAGES:
                sentence = words.because(answer(rule, facts), facts, language)
                assert not set("{–") & set(sentence), sentence
