"""The rules themselves: their own cases, every comparison seen three ways, no ties, law and procedure held."""

import csv
import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from layers.collections import registry
from layers.procedures.cases import facts_of, faults, found
from layers.procedures.evaluate import Truth, Verdict, answer, evaluate, spatial, ties
from layers.procedures.observed import Facts, LayerSeen, Overlap
from layers.procedures.rule import TARGETS, leaves, placeholders
from tests.procedures.rulebook import CASES, FOLDER, RULES, case_id

CATALOGUE = {row["code"]: row for row in csv.DictReader((FOLDER / "catalogue.csv").open(encoding="utf-8"))}


@pytest.mark.parametrize("pair", CASES, ids=case_id)
def test_a_rule_answers_its_own_cases(pair):
    rule, case = pair
    assert found(rule, case) == case.expect


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_comparison_is_seen_true_false_and_unknown(rule):
    assert faults(rule) == ()


def test_a_case_that_fails_and_a_comparison_never_unknown_are_faults():
    rule = next(rule for rule in RULES if rule.id == "parcel.road-gift")
    first = replace(rule.cases[0], expect="borders")
    assert any("expected borders, the rule answers applies" in fault for fault in faults(replace(rule, cases=(first,))))
    known = replace(rule, cases=tuple(case for case in rule.cases if case.kind != "unknown"))
    assert {fault.partition("shows ")[2] for fault in faults(known)} == {
        "status eq as unknown.",
        "certificate eq as unknown.",
        "the layer planning_zones as unknown.",
        "code_land_use eq as unknown.",
    }


def test_no_two_rules_tie():
    assert ties(RULES) == ()


def test_a_tie_is_found():
    one = next(rule for rule in RULES if rule.id == "parcel.split-merge")
    other = replace(one, id="parcel.other", procedure="1.012783")
    assert len(ties([one, other])) == 1
    assert ties([one, other]) == ties([other, one])
    assert ties([one, replace(other, priority=one.priority - 1)]) == ()
    assert ties([one, replace(other, procedure=one.procedure)]) == ()
    change = date(2026, 1, 1)
    assert ties([replace(one, valid_to=change), replace(other, valid_from=change)]) == ()


def test_the_book_is_wide_enough():
    assert len(RULES) >= 36
    by_target = Counter(target for rule in RULES for target in rule.targets)
    assert set(by_target) == set(TARGETS)
    assert by_target["parcels"] >= 20


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_leads_to_a_procedure_of_the_catalogue_and_cites_law(rule):
    assert CATALOGUE[rule.procedure]["status"] == "active"
    assert rule.law and all(law.document and law.status in ("verified", "unverified") for law in rule.law)
    assert set(placeholders(rule.because_vi)) == set(placeholders(rule.because_en))


@pytest.mark.parametrize("target", TARGETS)
def test_the_order_of_rules_does_not_matter(target):
    """Shuffled 200 times: the answers, their order and their reasons stay the same."""
    sites = [(rule, case) for rule, case in CASES if target in rule.targets]
    merged = {name: value for _rule, case in sites if case.kind == "positive" for name, value in case.site.items()}
    zone = Overlap("z", {"status": "in_force", "code_land_use": "DGT"}, 9.0, 0.4)
    layers = {"planning_zones": LayerSeen(covered=1.0, overlaps=(zone,))}
    facts = Facts(target, "mau", date(2026, 8, 1), merged, layers)
    expected = evaluate(RULES, facts)
    assert any(said.verdict is Verdict.APPLIES for said in expected)
    shuffled, chance = list(RULES), random.Random(20250701)
    for _ in range(200):
        chance.shuffle(shuffled)
        assert evaluate(shuffled, facts) == expected


@pytest.mark.parametrize("pair", [pair for pair in CASES if pair[0].where is not None], ids=case_id)
def test_a_failing_or_unchecked_layer_never_says_no(pair):
    """Fault injection: whatever the case, with its layer failing the spatial part is unknown; only the attributes of
    the feature itself may still say no."""
    rule, case = pair
    facts = facts_of(rule, case)
    for layer in (LayerSeen(failed=True), LayerSeen(covered=0.0), LayerSeen(covered=0.998)):
        broken = Facts(facts.collection, facts.key, facts.on, facts.attributes, {rule.where.layer: layer})
        assert spatial(rule.where, broken).truth is Truth.UNKNOWN
        said = answer(rule, broken)
        if said.verdict is Verdict.DOES_NOT_APPLY:
            assert any(seen.truth is Truth.FALSE for seen in said.observations)
        else:
            assert said.verdict is Verdict.NOT_ENOUGH_DATA
            assert any(missing.layer == rule.where.layer for missing in said.missing)


@pytest.mark.parametrize("pair", CASES, ids=case_id)
def test_an_answer_carries_its_whole_reason(pair):
    rule, case = pair
    said = answer(rule, facts_of(rule, case))
    assert (said.rule_id, said.rule_revision, said.law) == (rule.id, rule.revision, rule.law)
    assert [seen.attribute for seen in said.observations] == [leaf.attribute for leaf in leaves(rule.when)]
    if said.verdict is Verdict.NOT_ENOUGH_DATA:
        assert said.missing
    else:
        assert not said.missing
    if said.verdict in (Verdict.APPLIES, Verdict.BORDERS) and rule.where and rule.where.relation != "disjoint":
        assert said.seen and said.seen[0].checked_on and said.seen[0].checked_by


def words_in_data() -> dict[tuple[str, str], set[str]]:
    """Collection and attribute → the values the data really has, for the attributes whose words the rules repeat."""
    tables = {
        "tourism_sites": ("tourism_sites.csv", ("category", "subcategory", "relic_rank")),
        "agencies": ("agencies.csv", ("kind", "level", "key")),
        "areas": ("areas/areas.csv", ("level",)),
    }
    found = {
        (collection, name): {row[name] for row in csv.DictReader((FOLDER.parent / file).open(encoding="utf-8"))}
        for collection, (file, names) in tables.items()
        for name in names
    }
    codes = csv.DictReader((FOLDER.parent / "codes" / "landuse.csv").open(encoding="utf-8"))
    land_use = {row["code"] for row in codes if row["in_2024_list"] == "yes"}
    found |= {("parcels", name): land_use for name in ("land_use_legal", "land_use_now")}
    return found | {("planning_zones", "code_land_use"): land_use}


def test_rules_name_only_words_the_data_has():
    """A renamed key, kind or code must fail here, not fall silent on the map."""
    known = words_in_data()
    for rule in RULES:
        pairs = [(rule.targets[0], leaf) for leaf in leaves(rule.when)]
        pairs += [(rule.where.layer, leaf) for leaf in leaves(rule.where.filter)] if rule.where else []
        for collection, leaf in pairs:
            if (collection, leaf.attribute) in known and leaf.operator in ("eq", "in"):
                wanted = {leaf.wanted} if leaf.operator == "eq" else set(leaf.wanted)
                assert wanted <= known[collection, leaf.attribute], (rule.id, leaf)
        for attribute in {leaf.attribute for leaf in leaves(rule.when)} - {"in_force", "sheet_area_in_force", "key"}:
            assert registry.get(rule.targets[0]).field(attribute), (rule.id, attribute)
