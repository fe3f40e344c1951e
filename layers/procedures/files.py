"""The rule book as files: data/procedures/rules/*.yaml and laws.yaml → bodies and rules. No database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from layers.errors import Invalid
from layers.procedures.rule import Rule, parse

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same safe values, in a tenth of the time
MAX_TEXT = 20_000  # letters of an edited rule; the longest of the book has a tenth
MAX_DEPTH = 40


class EditedLoader(yaml.SafeLoader):
    """YAML that somebody typed: no aliases, which let a few lines stand for gigabytes, and no endless nesting."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not taken; write it out")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.YAMLError(f"nested deeper than {MAX_DEPTH} levels")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


@dataclass(frozen=True)
class BookEntry:
    """One rule of the book: parsed, and its body as the database stores it (laws written out, dates as text)."""

    rule: Rule
    body: Mapping[str, Any]


def read_book(folder: Path) -> tuple[BookEntry, ...]:
    """Every rule of `folder` (rules/*.yaml, laws.yaml), by id. Raises Invalid naming file, rule and field."""
    laws = _load(folder / "laws.yaml")
    entries: dict[str, BookEntry] = {}
    for path in sorted((folder / "rules").glob("*.yaml")):
        for body in _bodies(path, laws):
            entry = BookEntry(parse(body, source=path.name), body)
            if entry.rule.id in entries:
                raise Invalid(f"{path.name}, rule {entry.rule.id}: another rule has this id already.")
            entries[entry.rule.id] = entry
    return tuple(entries[name] for name in sorted(entries))


def read_rules(folder: Path) -> tuple[Rule, ...]:
    return tuple(entry.rule for entry in read_book(folder))


def read_text(text: str, *, source: str) -> BookEntry:
    """One rule written as YAML with its laws in full. Raises Invalid naming `source`, rule and field."""
    if len(text) > MAX_TEXT:
        raise Invalid(f"{source}: {len(text)} letters; a rule has at most {MAX_TEXT}.")
    try:
        body = yaml.load(text, Loader=EditedLoader)
    except (yaml.YAMLError, ValueError) as fault:  # ValueError: a date or number that cannot be one
        raise Invalid(f"{source}: not readable as YAML: {fault}.") from fault
    if not isinstance(body, dict):
        raise Invalid(f"{source}: expected the fields of one rule (`id: …`).")
    try:
        plain = json.dumps(body, default=_iso, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as fault:  # binary, sets, infinity
        raise Invalid(f"{source}: a value that a rule cannot hold: {fault}.") from fault
    if "\\u0000" in plain:
        raise Invalid(f"{source}: the text holds the character NUL.")
    stored = json.loads(plain)
    return BookEntry(parse(stored, source=source), stored)


def as_text(body: Mapping[str, Any]) -> str:
    """A stored body as YAML to edit; `read_text` reads it back to the same body."""
    return yaml.safe_dump(_in_order(body), allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)


# The order people read a rule in; jsonb keeps none of its own.
_ORDER = (
    "id", "revision", "valid", "from", "to", "intent", "audience", "targets", "where", "layer", "relation",
    "min_area_m2", "min_share", "tolerance_m", "filter", "when", "attr", "and", "or", "not", "then", "set",
    "outcome", "procedure", "priority", "because_vi", "because_en", "law", "document", "article", "title_vi",
    "title_en", "cases", "name", "kind", "day", "site", "layers", "covered", "failed", "overlaps", "key",
    "area_m2", "share", "edge_m", "inside", "attributes", "expect",
)  # fmt: skip


def _in_order(value: Any) -> Any:
    if isinstance(value, Mapping):
        places = {name: place for place, name in enumerate(_ORDER)}
        return {name: _in_order(value[name]) for name in sorted(value, key=lambda name: places.get(name, len(places)))}
    return [_in_order(part) for part in value] if isinstance(value, list) else value


def _bodies(path: Path, laws: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    bodies = _load(path)
    if not isinstance(bodies, list):
        raise Invalid(f"{path.name}: expected a list of rules (`- id: …`).")
    for body in bodies:
        yield json.loads(json.dumps(_with_laws(body, laws, path.name), default=_iso, ensure_ascii=False))


def _with_laws(body: Any, laws: Mapping[str, Any], file: str) -> dict[str, Any]:
    if not isinstance(body, dict) or not isinstance(body.get("law"), list):
        raise Invalid(
            f"{file}, rule {body.get('id') if isinstance(body, dict) else body!r}, field law: "
            "needs a list of names from laws.yaml."
        )
    for name in body["law"]:
        if name not in laws:
            raise Invalid(
                f"{file}, rule {body.get('id')}, field law: {name!r} is not in laws.yaml. Add it there, "
                "with its status.",
                parameter="law",
            )
    return {**body, "law": [laws[name] for name in body["law"]]}


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be stored")


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _LOADER)
    except yaml.YAMLError as fault:
        raise Invalid(f"{path.name}: not readable as YAML: {fault}.") from fault
