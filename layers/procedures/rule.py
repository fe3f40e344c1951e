"""A rule is data: spatial test, attribute test, audience, intent and validity lead to a procedure, with its reason.

Written in YAML (data/procedures/rules/), stored as JSON, parsed here into frozen values. Parsing is strict: every
fault is an Invalid that names file, rule and field, and an unknown word is refused, never ignored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from layers.collections.validity import is_valid
from layers.errors import Invalid


class Outcome(StrEnum):
    """What follows for the person. The order of writing is the published precedence, strongest first."""

    PROHIBITED = "prohibited"
    MISSING_INFORMATION = "missing_information"
    PERMIT = "permit"
    NOTIFY = "notify"
    EXEMPT = "exempt"
    INFORMATION = "information"
    OUT_OF_SCOPE = "out_of_scope"


PRECEDENCE: Mapping[Outcome, int] = {outcome: place for place, outcome in enumerate(Outcome)}

AUDIENCES = (
    "citizen",
    "overseas_vietnamese",
    "foreigner",
    "household_business",
    "business",
    "foreign_invested",
    "cooperative",
    "organisation",
    "foreign_organisation",
    "official",
    "party_member",
)
TARGETS = ("tourism_sites", "parcels", "planning_zones", "agencies", "areas")
RELATIONS = ("overlaps", "disjoint", "contains_point")
OPERATORS = ("eq", "ne", "in", "ge", "gt", "le", "lt", "exists", "eq_attr", "ne_attr", "gt_attr")
EXPECTATIONS = ("applies", "does_not_apply", "not_enough_data", "borders", "not_in_force")
LARGEST = 1_000_000  # of revision and priority
CASE_KINDS = ("positive", "negative", "boundary", "unknown")


@dataclass(frozen=True)
class Leaf:
    """One comparison of one attribute. `by` is the least difference that counts for gt_attr."""

    attribute: str
    operator: str
    wanted: Any
    by: float = 0.0


@dataclass(frozen=True)
class Not:
    part: Test


@dataclass(frozen=True)
class And:
    parts: tuple[Test, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Test, ...]


Test = Leaf | Not | And | Or


@dataclass(frozen=True)
class Where:
    """A spatial test against a layer. A site polygon must reach both thresholds for a decisive overlap; less is
    `borders`. A site point closer than `tolerance_m` (or its own precision) to a deciding line is `borders` too.
    `filter` chooses among the layer's features; in it `site.x` is attribute x of the feature asked about."""

    layer: str
    relation: str
    min_area_m2: float = 1.0
    min_share: float = 0.005
    tolerance_m: float = 5.0
    filter: Test | None = None


@dataclass(frozen=True)
class Law:
    """A legal basis. `article` is empty when only the document is known; `status` unverified is shown as such."""

    document: str
    article: str
    title_vi: str
    title_en: str
    status: str


@dataclass(frozen=True)
class Case:
    """A test case of the rule, run by the house's tests: what is observed, and the answer expected."""

    name: str
    kind: str
    expect: str
    day: date
    site: Mapping[str, Any]
    layers: Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    id: str
    revision: int
    valid_from: date | None
    valid_to: date | None
    intents: tuple[str, ...]
    audience: tuple[str, ...]
    targets: tuple[str, ...]
    where: Where | None
    when: Test | None
    set: str
    outcome: Outcome
    procedure: str
    priority: int
    because_vi: str
    because_en: str
    law: tuple[Law, ...]
    cases: tuple[Case, ...]

    def in_force(self, on: date) -> bool:
        """Half-open: valid on its first day, not on its last."""
        return is_valid(self.valid_from, self.valid_to, on)


def leaves(test: Test | None) -> Iterator[Leaf]:
    """Every comparison of a test tree, in the order of writing."""
    if isinstance(test, Leaf):
        yield test
    elif isinstance(test, Not):
        yield from leaves(test.part)
    elif isinstance(test, And | Or):
        for part in test.parts:
            yield from leaves(part)


def parse(body: Mapping[str, Any], *, source: str) -> Rule:
    """Body of one rule (as YAML or JSON gives it) → Rule. Raises Invalid naming `source`, the rule and the field."""
    reader = _Reader(body, f"{source}, rule {body.get('id', '(no id)') if isinstance(body, Mapping) else body!r}")
    then = reader.part("then", ("set", "outcome", "procedure", "priority"))
    valid = reader.part("valid", ("from", "to"))
    rule = Rule(
        id=reader.match("id", r"[a-z0-9]+([.-][a-z0-9]+)*"),
        revision=reader.whole("revision", least=1),
        valid_from=valid.day("from"),
        valid_to=valid.day("to"),
        intents=reader.words("intent"),
        audience=reader.words("audience", among=AUDIENCES),
        targets=reader.words("targets", among=TARGETS),
        where=_where(reader),
        when=_test(reader.get("when"), reader, "when"),
        set=then.text("set"),
        outcome=Outcome(then.one("outcome", tuple(Outcome))),
        procedure=then.match("procedure", r"\d\.\d{6}"),
        priority=then.whole("priority", least=0),
        because_vi=reader.text("because_vi"),
        because_en=reader.text("because_en"),
        law=tuple(_law(reader, entry, place) for place, entry in enumerate(reader.rows("law", least=1))),
        cases=tuple(_case(reader, entry, place) for place, entry in enumerate(reader.rows("cases", least=4))),
    )
    reader.no_more("id revision valid intent audience targets where when then because_vi because_en law cases")
    _whole_rule(rule, reader)
    return rule


@lru_cache(maxsize=2048)
def parse_text(body_json: str, source: str) -> Rule:
    """Same, from stored JSON text. Cached by content, so a changed rule is never answered from an old one."""
    return parse(json.loads(body_json), source=source)


class _Reader:
    """Reads fields of a mapping and names the place of every fault."""

    def __init__(self, body: Any, place: str) -> None:
        self.place = place
        if not isinstance(body, Mapping):
            raise Invalid(f"{place}: expected fields, got {body!r}. Write it as `name: value` lines.")
        self.body = body

    def fault(self, field: str, problem: str) -> Invalid:
        return Invalid(f"{self.place}, field {field}: {problem}", parameter=field)

    def get(self, field: str) -> Any:
        return self.body.get(field)

    def part(self, field: str, allowed: tuple[str, ...]) -> _Reader:
        if field not in self.body:
            raise self.fault(field, "is missing.")
        part = _Reader(self.body[field], f"{self.place}, field {field}")
        part.no_more(" ".join(allowed))
        return part

    def no_more(self, allowed: str) -> None:
        for field in self.body:
            if field not in allowed.split():
                raise self.fault(str(field), f"is not known. Known: {allowed}.")

    def text(self, field: str) -> str:
        value = self.body.get(field)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(field, f"needs a text, got {value!r}.")
        return value.strip()

    def match(self, field: str, pattern: str) -> str:
        value = self.text(field)
        if not re.fullmatch(pattern, value):
            raise self.fault(field, f"{value!r} does not have the form {pattern}.")
        return value

    def one(self, field: str, among: tuple[str, ...]) -> str:
        value = self.text(field)
        if value not in among:
            raise self.fault(field, f"{value!r} is none of {', '.join(among)}.")
        return value

    def whole(self, field: str, *, least: int) -> int:
        value = self.body.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LARGEST:
            raise self.fault(field, f"needs a whole number from {least} to {LARGEST}, got {value!r}.")
        return value

    def number(self, field: str, default: float) -> float:
        value = self.body.get(field, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            raise self.fault(field, f"needs a number from 0, got {value!r}.")
        return float(value)

    def day(self, field: str, default: date | None = None) -> date | None:
        value = self.body.get(field)
        if value is None:
            return default
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.fault(field, f"needs a date like 2025-07-01 or null, got {value!r}.") from None

    def words(self, field: str, among: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self.body.get(field)
        if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
            raise self.fault(field, f"needs a list of words, got {value!r}.")
        for word in value:
            if among is not None and word not in among:
                raise self.fault(field, f"{word!r} is none of {', '.join(among)}.")
        return tuple(value)

    def fields(self, field: str) -> Mapping[str, Any]:
        value = self.body.get(field) or {}
        if not isinstance(value, Mapping):
            raise self.fault(field, f"needs `name: value` lines, got {value!r}.")
        return value

    def rows(self, field: str, *, least: int) -> list[Any]:
        value = self.body.get(field)
        if not isinstance(value, list) or len(value) < least:
            raise self.fault(field, f"needs a list of at least {least}.")
        return value


def _where(reader: _Reader) -> Where | None:
    if reader.get("where") is None:
        return None
    where = reader.part("where", ("layer", "relation", "min_area_m2", "min_share", "tolerance_m", "filter"))
    return Where(
        layer=where.text("layer"),
        relation=where.one("relation", RELATIONS),
        min_area_m2=where.number("min_area_m2", 1.0),
        min_share=where.number("min_share", 0.005),
        tolerance_m=where.number("tolerance_m", 5.0),
        filter=_test(where.get("filter"), where, "filter"),
    )


def _test(body: Any, reader: _Reader, field: str) -> Test | None:
    if body is None:
        return None
    if not isinstance(body, Mapping):
        raise reader.fault(field, f"needs a test like {{attr: x, eq: y}}, got {body!r}.")
    if "attr" in body:
        return _leaf(body, reader, field)
    if len(body) != 1 or next(iter(body)) not in ("and", "or", "not"):
        raise reader.fault(field, f"needs exactly one of attr, and, or, not; got {', '.join(map(str, body))}.")
    word, inner = next(iter(body.items()))
    if word == "not":
        return Not(_test(inner, reader, f"{field}.not") or _empty(reader, f"{field}.not"))
    if not isinstance(inner, list) or len(inner) < 2:
        raise reader.fault(f"{field}.{word}", "needs a list of at least two tests.")
    parts = tuple(
        _test(part, reader, f"{field}.{word}[{place}]") or _empty(reader, f"{field}.{word}[{place}]")
        for place, part in enumerate(inner)
    )
    return And(parts) if word == "and" else Or(parts)


def _empty(reader: _Reader, field: str) -> Test:
    raise reader.fault(field, "is empty.")


def _leaf(body: Mapping[str, Any], reader: _Reader, field: str) -> Leaf:
    words = [word for word in body if word not in ("attr", "by")]
    if len(words) != 1 or words[0] not in OPERATORS:
        raise reader.fault(field, f"needs exactly one operator of {', '.join(OPERATORS)}; got {', '.join(words)}.")
    operator, wanted = words[0], body[words[0]]
    if wanted is None:
        raise reader.fault(field, "compares with nothing; an absent value is `unknown`, ask with exists.")
    if operator == "in" and (not isinstance(wanted, list) or not wanted):
        raise reader.fault(field, "`in` needs a list of values.")
    if operator == "exists" and wanted is not True:
        raise reader.fault(field, "`exists` is written `exists: true`; for the contrary wrap it in not.")
    if operator.endswith("_attr") and not isinstance(wanted, str):
        raise reader.fault(field, f"`{operator}` needs the name of an attribute, got {wanted!r}.")
    by = body.get("by", 0)
    if not isinstance(by, int | float) or isinstance(by, bool):
        raise reader.fault(field, f"`by` needs a number, got {by!r}.")
    return Leaf(str(body["attr"]), operator, tuple(wanted) if operator == "in" else wanted, by=float(by))


def _law(reader: _Reader, entry: Any, place: int) -> Law:
    law = _Reader(entry, f"{reader.place}, field law[{place}]")
    law.no_more("document article title_vi title_en status")
    return Law(
        document=law.text("document"),
        article=str(law.get("article") or "").strip(),
        title_vi=law.text("title_vi"),
        title_en=law.text("title_en"),
        status=law.one("status", ("verified", "unverified")),
    )


def _case(reader: _Reader, entry: Any, place: int) -> Case:
    case = _Reader(entry, f"{reader.place}, field cases[{place}]")
    case.no_more("name kind expect day site layers")
    return Case(
        name=case.text("name"),
        kind=case.one("kind", CASE_KINDS),
        expect=case.one("expect", EXPECTATIONS),
        day=case.day("day") or date(2026, 8, 1),
        site=case.fields("site"),
        layers=case.fields("layers"),
    )


PLACEHOLDER = re.compile(r"\{([a-z0-9_.]+)\}")
SPATIAL_WORDS = ("overlap_m2", "overlap_percent", "edge_m")


def placeholders(template: str) -> tuple[str, ...]:
    return tuple(PLACEHOLDER.findall(template))


def _whole_rule(rule: Rule, reader: _Reader) -> None:
    """What no single field can tell."""
    if rule.valid_from and rule.valid_to and rule.valid_to <= rule.valid_from:
        raise reader.fault("valid", "ends before it begins.")
    if rule.where is None and rule.when is None:
        raise reader.fault("when", "is missing, and so is where: the rule would show on everything.")
    for kind in CASE_KINDS:
        if not any(case.kind == kind for case in rule.cases):
            raise reader.fault("cases", f"has no {kind} case.")
    known = {leaf.attribute for leaf in leaves(rule.when)} | {"key", "name"}
    known |= {leaf.wanted for leaf in leaves(rule.when) if leaf.operator.endswith("_attr")}
    if rule.where is not None:
        known |= set(SPATIAL_WORDS)
    for field, template in (("because_vi", rule.because_vi), ("because_en", rule.because_en)):
        if len(template.split()) > 40:
            raise reader.fault(field, f"has {len(template.split())} words; 40 is the most a reader follows.")
        for word in placeholders(template):
            if word not in known and not (rule.where is not None and word.startswith("zone.")):
                raise reader.fault(field, f"names {{{word}}}, which no test of the rule looks at.")
