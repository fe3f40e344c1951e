"""How much of the map leads somewhere: shares per collection, procedures no feature reaches, and what one rule
would show. Whole collections are evaluated in batches; features whose tests come out alike are counted together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from layers.access.reader import Reader
from layers.procedures.catalogue import procedures_in_force, rules_in_force
from layers.procedures.evaluate import Verdict, leaf_truth, spatial, truth_of, verdict_of
from layers.procedures.facts import Asked, all_keys, gather_batches
from layers.procedures.observed import Facts
from layers.procedures.rule import TARGETS, Rule, leaves


@dataclass(frozen=True)
class Share:
    """Features of one collection by the answer they get. `blank` is a feature without any of the three: never."""

    collection: str
    total: int
    with_procedure: int
    none: int
    not_enough_data: int

    @property
    def answered(self) -> float:
        """Share with a procedure, an explicit none or an explicit not enough data."""
        return (self.with_procedure + self.none + self.not_enough_data) / self.total if self.total else 1.0

    @property
    def blank(self) -> int:
        return self.total - self.with_procedure - self.none - self.not_enough_data


@dataclass(frozen=True)
class Report:
    on: date
    shares: tuple[Share, ...]
    rules: Mapping[str, Mapping[Verdict, int]]
    unreached_rules: tuple[str, ...]
    unreached_procedures: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What one rule would say in one collection of `total` features, of which `considered` were asked."""

    collection: str
    total: int
    considered: int
    counts: Mapping[Verdict, int]

    @property
    def shown(self) -> int:
        return self.counts.get(Verdict.APPLIES, 0) + self.counts.get(Verdict.BORDERS, 0)


def report(on: date, reader: Reader, collections: Sequence[str] = TARGETS) -> Report:
    """Evaluate every feature of the collections on a day. 20,000 parcels take seconds, not minutes."""
    rules = rules_in_force(on)
    held = procedures_in_force(on)
    usable = [rule for rule in rules if rule.procedure in held]
    totals: dict[str, Counter[Verdict]] = {rule.id: Counter() for rule in usable}
    shares = tuple(_share(collection, usable, on, reader, totals) for collection in collections)
    shown = {rule.id for rule in usable if totals[rule.id][Verdict.APPLIES] or totals[rule.id][Verdict.BORDERS]}
    reached = {rule.procedure for rule in usable if rule.id in shown}
    return Report(
        on,
        shares,
        totals,
        tuple(rule.id for rule in usable if rule.id not in shown),
        tuple(code for code in held if code not in reached),
    )


def preview(rule: Rule, on: date, reader: Reader, *, at_most: int | None = None) -> tuple[Preview, ...]:
    """For whoever edits a rule: on how many features of each of its collections it would say what.

    With `at_most` a larger collection is sampled evenly by key, and the preview says how many were considered."""
    return tuple(_preview(rule, collection, on, reader, at_most) for collection in rule.targets)


def _preview(rule: Rule, collection: str, on: date, reader: Reader, at_most: int | None) -> Preview:
    keys = all_keys(collection)
    step = -(-len(keys) // at_most) if at_most else 1
    signatures = Signatures([rule])
    counts: Counter[Verdict] = Counter()
    asked = Asked.by([rule], collection)
    for batch in gather_batches(collection, keys[:: max(step, 1)], on=on, asked=asked, reader=reader):
        counts.update(signatures.verdicts(facts)[0] for facts in batch)
    return Preview(collection, len(keys), sum(counts.values()), counts)


def _share(
    collection: str, rules: Iterable[Rule], on: date, reader: Reader, totals: Mapping[str, Counter[Verdict]]
) -> Share:
    own = [rule for rule in rules if collection in rule.targets]
    signatures = Signatures(own)
    seen: Counter[tuple[Verdict, ...]] = Counter()
    asked = Asked.by(own, collection)
    for batch in gather_batches(collection, all_keys(collection), on=on, asked=asked, reader=reader):
        seen.update(signatures.verdicts(facts) for facts in batch)
    kinds: Counter[Verdict] = Counter()
    for verdicts, count in seen.items():
        kinds[_state(verdicts)] += count
        for rule, verdict in zip(own, verdicts, strict=True):
            totals[rule.id][verdict] += count
    return Share(
        collection,
        sum(seen.values()),
        kinds[Verdict.APPLIES],
        kinds[Verdict.DOES_NOT_APPLY],
        kinds[Verdict.NOT_ENOUGH_DATA],
    )


def _state(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    if found & {Verdict.APPLIES, Verdict.BORDERS}:
        return Verdict.APPLIES
    return Verdict.NOT_ENOUGH_DATA if Verdict.NOT_ENOUGH_DATA in found else Verdict.DOES_NOT_APPLY


class Signatures:
    """Verdicts of a fixed set of rules, remembered by the truth of their distinct tests.

    The memory is a speed-up only: its key holds every truth the verdicts are made of."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._leaves = tuple(dict.fromkeys(leaf for rule in rules for leaf in leaves(rule.when)))
        self._places = tuple(dict.fromkeys(rule.where for rule in rules if rule.where is not None))
        self._known: dict[Hashable, tuple[Verdict, ...]] = {}

    def verdicts(self, facts: Facts) -> tuple[Verdict, ...]:
        """One verdict per rule, in the order of the rules."""
        truths = tuple(leaf_truth(leaf, facts.attributes) for leaf in self._leaves)
        places = tuple((place.truth, place.borders) for place in (spatial(where, facts) for where in self._places))
        key = truths, places
        if key not in self._known:
            self._known[key] = tuple(self._verdict(rule, facts) for rule in self._rules)
        return self._known[key]

    @staticmethod
    def _verdict(rule: Rule, facts: Facts) -> Verdict:
        place = spatial(rule.where, facts) if rule.where else None
        return verdict_of(place, truth_of(rule.when, facts.attributes))
