"""Rules and facts → answers. Pure: no clock, no cache, no database; the same in any order.

Logic has three values (Kleene): unknown stays unknown through NOT, and only a false part makes AND false. The spatial
test has a fourth, `borders` (giáp ranh): something of the layer is there, below the threshold, shown, not decisive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from itertools import combinations
from typing import Any

from layers.procedures.observed import NOT_ASKED, Facts, LayerSeen, Overlap
from layers.procedures.rule import PRECEDENCE, And, Law, Leaf, Not, Or, Outcome, Rule, Test, Where, leaves


class Truth(Enum):
    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


class Verdict(StrEnum):
    APPLIES = "applies"
    BORDERS = "borders"
    NOT_ENOUGH_DATA = "not_enough_data"
    DOES_NOT_APPLY = "does_not_apply"


@dataclass(frozen=True)
class Observation:
    """One test and the value it saw. `source` is a collection id, `source_key` the feature the value was read from."""

    attribute: str
    operator: str
    wanted: Any
    value: Any
    truth: Truth
    source: str
    source_key: str
    data_date: date | None


@dataclass(frozen=True)
class Seen:
    """The feature of a layer that decided, and who checked the layer when."""

    layer: str
    key: str
    attributes: Mapping[str, Any]
    area_m2: float
    share: float
    edge_m: float | None
    data_date: date | None
    checked_on: date | None
    checked_by: str


@dataclass(frozen=True, order=True)
class Missing:
    """What would have to be known. kind: attribute (of the feature), coverage (layer not checked here), layer
    (it did not answer), zone_attribute (of a feature of the layer)."""

    kind: str
    name: str
    layer: str = ""


@dataclass(frozen=True)
class Answer:
    """The stored reason of one rule for one feature."""

    rule_id: str
    rule_revision: int
    verdict: Verdict
    set: str
    outcome: Outcome
    procedure: str
    priority: int
    intents: tuple[str, ...]
    audience: tuple[str, ...]
    observations: tuple[Observation, ...]
    seen: tuple[Seen, ...]
    missing: tuple[Missing, ...]
    law: tuple[Law, ...]
    because_vi: str
    because_en: str


@dataclass(frozen=True)
class Spatial:
    """Result of a spatial test: a truth, or borders; with the features of the layer that made it so."""

    truth: Truth
    borders: bool = False
    overlaps: tuple[Overlap, ...] = ()
    missing: tuple[Missing, ...] = ()


def negate(truth: Truth) -> Truth:
    return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(truth, Truth.UNKNOWN)


def truth_of(test: Test | None, values: Mapping[str, Any]) -> Truth:
    """An absent test is true. AND is the least of its parts, OR the greatest, in FALSE < UNKNOWN < TRUE."""
    if test is None:
        return Truth.TRUE
    if isinstance(test, Leaf):
        return leaf_truth(test, values)
    if isinstance(test, Not):
        return negate(truth_of(test.part, values))
    parts = [truth_of(part, values) for part in test.parts]
    if isinstance(test, And):
        return min(parts, key=lambda truth: truth.value)
    assert isinstance(test, Or)
    return max(parts, key=lambda truth: truth.value)


def leaf_truth(leaf: Leaf, values: Mapping[str, Any]) -> Truth:
    """Absent or null is unknown. `exists` asks just that: null is false, only an attribute never read is unknown."""
    if leaf.operator == "exists":
        if leaf.attribute not in values:
            return Truth.UNKNOWN
        return _truth(values[leaf.attribute] not in (None, ""))
    value = values.get(leaf.attribute)
    wanted = values.get(leaf.wanted) if leaf.operator.endswith("_attr") else leaf.wanted
    if value is None or wanted is None or value == "":
        return Truth.UNKNOWN
    return _truth(_COMPARE[leaf.operator](value, wanted, leaf.by))


_COMPARE = {
    "eq": lambda value, wanted, by: value == wanted,
    "ne": lambda value, wanted, by: value != wanted,
    "in": lambda value, wanted, by: value in wanted,
    "ge": lambda value, wanted, by: value >= wanted,
    "gt": lambda value, wanted, by: value > wanted,
    "le": lambda value, wanted, by: value <= wanted,
    "lt": lambda value, wanted, by: value < wanted,
    "eq_attr": lambda value, wanted, by: value == wanted,
    "ne_attr": lambda value, wanted, by: value != wanted,
    "gt_attr": lambda value, wanted, by: float(value) - float(wanted) >= by and value > wanted,
}


def _truth(value: bool) -> Truth:
    return Truth.TRUE if value else Truth.FALSE


def spatial(where: Where, facts: Facts) -> Spatial:
    """Decide a spatial test. A layer that failed or does not cover the site whole can never say no."""
    layer = facts.layers.get(where.layer, NOT_ASKED)
    if layer.failed:
        return Spatial(Truth.UNKNOWN, missing=(Missing("layer", where.layer, where.layer),))
    result = _meets(where, facts, layer)
    return _opposite(result) if where.relation == "disjoint" else result


def _meets(where: Where, facts: Facts, layer: LayerSeen) -> Spatial:
    kinds = defaultdict(list)
    unread: set[str] = set()
    for overlap in layer.overlaps:
        values = {**overlap.attributes, **{f"site.{name}": value for name, value in facts.attributes.items()}}
        chosen = truth_of(where.filter, values)
        if chosen is Truth.FALSE:
            continue
        if chosen is Truth.UNKNOWN:
            unread |= {leaf.attribute for leaf in leaves(where.filter) if leaf_truth(leaf, values) is Truth.UNKNOWN}
        near = _reach(where, facts, overlap)
        if near is not None:
            kinds[chosen, near].append(overlap)
    if kinds[Truth.TRUE, True]:
        return Spatial(Truth.TRUE, overlaps=_sorted(kinds[Truth.TRUE, True]))
    missing = () if layer.complete else (Missing("coverage", where.layer, where.layer),)
    missing += tuple(Missing("zone_attribute", name, where.layer) for name in sorted(unread))
    if missing:
        return Spatial(Truth.UNKNOWN, missing=missing)
    if kinds[Truth.TRUE, False]:
        return Spatial(Truth.TRUE, borders=True, overlaps=_sorted(kinds[Truth.TRUE, False]))
    return Spatial(Truth.FALSE)


def _reach(where: Where, facts: Facts, overlap: Overlap) -> bool | None:
    """True: decisive. False: touches or near the line. None: too far away to matter."""
    if where.relation == "contains_point" or overlap.edge_m is not None:
        tolerance_m = max(where.tolerance_m, float(facts.attributes.get("precision_m") or 0))
        if (overlap.edge_m or 0.0) < tolerance_m:
            return False
        return True if overlap.inside else None
    return overlap.area_m2 >= where.min_area_m2 and overlap.share >= where.min_share


def _sorted(overlaps: Iterable[Overlap]) -> tuple[Overlap, ...]:
    return tuple(sorted(overlaps, key=lambda overlap: (-overlap.area_m2, overlap.key)))


def _opposite(result: Spatial) -> Spatial:
    if result.borders:
        return result
    return Spatial(negate(result.truth), overlaps=result.overlaps, missing=result.missing)


def verdict_of(where: Spatial | None, when: Truth) -> Verdict:
    """Join the two tests. Only a false part says no; borders count only when the attributes are sure."""
    place = where.truth if where else Truth.TRUE
    if Truth.FALSE in (place, when):
        return Verdict.DOES_NOT_APPLY
    if Truth.UNKNOWN in (place, when):
        return Verdict.NOT_ENOUGH_DATA
    return Verdict.BORDERS if where and where.borders else Verdict.APPLIES


def answer(rule: Rule, facts: Facts) -> Answer:
    """One rule, one feature. The rule's validity is not looked at here: `evaluate` does."""
    place = spatial(rule.where, facts) if rule.where else None
    when = truth_of(rule.when, facts.attributes)
    verdict = verdict_of(place, when)
    observations = tuple(_observe(leaf, facts) for leaf in leaves(rule.when))
    missing = place.missing if place else ()
    if when is Truth.UNKNOWN:
        missing += tuple(Missing("attribute", seen.attribute) for seen in observations if seen.truth is Truth.UNKNOWN)
    return Answer(
        rule_id=rule.id,
        rule_revision=rule.revision,
        verdict=verdict,
        set=rule.set,
        outcome=rule.outcome,
        procedure=rule.procedure,
        priority=rule.priority,
        intents=rule.intents,
        audience=rule.audience,
        observations=observations,
        seen=_seen(rule, facts, place),
        law=rule.law,
        missing=tuple(sorted(set(missing))) if verdict is Verdict.NOT_ENOUGH_DATA else (),
        because_vi=rule.because_vi,
        because_en=rule.because_en,
    )


def _observe(leaf: Leaf, facts: Facts) -> Observation:
    return Observation(
        leaf.attribute,
        leaf.operator,
        leaf.wanted,
        facts.attributes.get(leaf.attribute),
        leaf_truth(leaf, facts.attributes),
        facts.collection,
        facts.key,
        facts.data_date,
    )


def _seen(rule: Rule, facts: Facts, place: Spatial | None) -> tuple[Seen, ...]:
    if rule.where is None or place is None:
        return ()
    layer = facts.layers.get(rule.where.layer, NOT_ASKED)
    return tuple(
        Seen(
            rule.where.layer,
            overlap.key,
            overlap.attributes,
            overlap.area_m2,
            overlap.share,
            overlap.edge_m,
            overlap.data_date,
            layer.checked_on,
            layer.checked_by,
        )
        for overlap in place.overlaps
    )


def evaluate(rules: Iterable[Rule], facts: Facts, *, audience: str | None = None) -> tuple[Answer, ...]:
    """Answers of all rules in force for this collection, strongest first, in an order that is the same for any order
    of `rules`."""
    answers = [
        answer(rule, facts)
        for rule in rules
        if facts.collection in rule.targets
        and rule.in_force(facts.on)
        and (audience is None or audience in rule.audience)
    ]
    return tuple(sorted(answers, key=rank))


_VERDICT_ORDER = {verdict: place for place, verdict in enumerate(Verdict)}


def rank(answer: Answer) -> tuple[int, int, int, str, str]:
    """Verdict, then the published precedence of outcomes, then priority (higher first), then code and id."""
    return (
        _VERDICT_ORDER[answer.verdict],
        PRECEDENCE[answer.outcome],
        -answer.priority,
        answer.procedure,
        answer.rule_id,
    )


def outcome_of_set(answers: Iterable[Answer]) -> Outcome:
    """The strongest outcome among answers of one set; not enough data counts as missing information, which outranks a
    permit, so partial data is never called free."""
    outcomes = {
        Outcome.MISSING_INFORMATION if found.verdict is Verdict.NOT_ENOUGH_DATA else found.outcome
        for found in answers
        if found.verdict is not Verdict.DOES_NOT_APPLY
    }
    return min(outcomes, key=PRECEDENCE.__getitem__, default=Outcome.OUT_OF_SCOPE)


def ties(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Faults: two rules that send one intent to different procedures with equal outcome and priority. A check of the
    house and of publishing a rule; never decided by chance."""
    return tuple(
        f"Rules {one.id} and {other.id} tie: both answer “{', '.join(sorted(shared))}” for "
        f"{', '.join(sorted(set(one.targets) & set(other.targets)))} with {one.outcome} at priority {one.priority}, "
        f"but lead to {one.procedure} and {other.procedure}. Give one of them another priority."
        for one, other in combinations(sorted(rules, key=lambda rule: rule.id), 2)
        if (shared := set(one.intents) & set(other.intents))
        and set(one.targets) & set(other.targets)
        and (one.set, one.outcome, one.priority) == (other.set, other.outcome, other.priority)
        and one.procedure != other.procedure
        and _meet_in_time(one, other)
    )


def _meet_in_time(one: Rule, other: Rule) -> bool:
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return begins < min(one.valid_to or date.max, other.valid_to or date.max)
