"""The catalogue, competence and rules of `data/procedures/` as batches for the one door."""

from __future__ import annotations

import json
from pathlib import Path

from layers.collections import registry
from layers.editing.publish import Batch
from layers.errors import Invalid, NotFound
from layers.procedures import cases
from layers.procedures.evaluate import ties
from layers.procedures.files import BookEntry, read_book, read_text
from layers.procedures.models import CodeSuccession, Competence, Procedure, Rule
from layers.procedures.rule import parse_text
from layers.transfer.tables import Table, batch

TABLES = (
    Table("procedures/catalogue.csv", Procedure),
    Table("procedures/successions.csv", CodeSuccession),
    Table("procedures/competence.csv", Competence),
)
COLUMNS = ("key", "revision", "targets", "procedure", "set", "outcome", "priority", "valid_from", "valid_to", "body")


def procedure_batches(data_dir: Path) -> list[Batch]:
    """Everything of this folder. Raises Invalid naming file, rule or row; for a rule that fails its own cases; and for
    rules that tie."""
    book = read_book(data_dir / "procedures")
    faults = [fault for entry in book for fault in cases.faults(entry.rule)]
    if faults := [*faults, *ties([entry.rule for entry in book])]:
        raise Invalid(faults[0])
    return [*(batch(data_dir, table) for table in TABLES), Batch.of(Rule, COLUMNS, (_row(entry) for entry in book))]


def edited_rule(text: str) -> BookEntry:
    """A rule as its editor wrote it: YAML with the laws written out, as `files.as_text` gives it. Raises Invalid."""
    entry = read_text(text, source="editor")
    if not Procedure.objects.filter(code=entry.rule.procedure).exists():
        raise Invalid(f"The catalogue has no procedure {entry.rule.procedure}.", parameter="procedure")
    if entry.rule.where is not None:
        _require_layer(entry.rule.where.layer)
    others = [
        parse_text(json.dumps(body, sort_keys=True), key)
        for key, body in Rule.objects.exclude(key=entry.rule.id).values_list("key", "body")
    ]
    if faults := (*cases.faults(entry.rule), *ties([*others, entry.rule])):
        raise Invalid(" ".join(faults))
    return entry


def _require_layer(name: str) -> None:
    try:
        registry.get(name)
    except NotFound as fault:
        raise Invalid(f"field where: {fault.message}", parameter="layer") from fault


def rule_batch(entry: BookEntry) -> Batch:
    """One checked rule for the one door."""
    return Batch.of(Rule, COLUMNS, [_row(entry)])


def _row(entry: BookEntry) -> tuple[object, ...]:
    rule = entry.rule
    return (
        rule.id,
        rule.revision,
        " ".join(rule.targets),
        rule.procedure,
        rule.set,
        rule.outcome.value,
        rule.priority,
        rule.valid_from,
        rule.valid_to,
        dict(entry.body),
    )
