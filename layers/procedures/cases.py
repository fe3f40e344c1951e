"""A rule tried on its own cases: the answers expected, and every comparison seen true, false and unknown. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from layers.procedures.evaluate import Truth, answer, leaf_truth, spatial
from layers.procedures.observed import Facts, layer_of_case
from layers.procedures.rule import Case, Leaf, Rule, leaves


def facts_of(rule: Rule, case: Case) -> Facts:
    layers = {layer: layer_of_case(body) for layer, body in case.layers.items()}
    return Facts(rule.targets[0], "mau", case.day, case.site, layers)


def found(rule: Rule, case: Case) -> str:
    """The answer in the words of `expect`."""
    return answer(rule, facts_of(rule, case)).verdict.value if rule.in_force(case.day) else "not_in_force"


def faults(rule: Rule) -> tuple[str, ...]:
    """Sentences; none for a rule that may be published."""
    wrong = (
        f"Rule {rule.id}, case “{case.name}”: expected {case.expect}, the rule answers {found(rule, case)}."
        for case in rule.cases
        if found(rule, case) != case.expect
    )
    return (*wrong, *(f"Rule {rule.id}: no case shows {gap}." for gap in _gaps(rule)))


def _gaps(rule: Rule) -> Iterator[str]:
    facts = [facts_of(rule, case) for case in rule.cases]
    for leaf in leaves(rule.when):
        yield from _unseen(leaf, {leaf_truth(leaf, known.attributes) for known in facts})
    if rule.where is None:
        return
    places = [spatial(rule.where, known) for known in facts]
    truths = {place.truth for place in places if not place.borders}
    yield from (f"the layer {rule.where.layer} as {truth.name.lower()}" for truth in Truth if truth not in truths)
    if not any(place.borders for place in places):
        yield f"the layer {rule.where.layer} only bordering"
    for leaf in leaves(rule.where.filter):
        yield from _unseen(leaf, {leaf_truth(leaf, values) for values in _zone_values(facts)})


def _unseen(leaf: Leaf, seen: set[Truth]) -> Iterator[str]:
    yield from (f"{leaf.attribute} {leaf.operator} as {truth.name.lower()}" for truth in Truth if truth not in seen)


def _zone_values(facts: list[Facts]) -> Iterator[dict[str, object]]:
    for known in facts:
        for layer in known.layers.values():
            for overlap in layer.overlaps:
                yield {**overlap.attributes, **{f"site.{name}": value for name, value in known.attributes.items()}}
