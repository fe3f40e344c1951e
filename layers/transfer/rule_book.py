"""The catalogue, competence and rules of `data/procedures/` as batches for the one door."""

from __future__ import annotations

from pathlib import Path

from layers.editing.publish import Batch
from layers.errors import Invalid
from layers.procedures.evaluate import ties
from layers.procedures.files import BookEntry, read_book
from layers.procedures.models import CodeSuccession, Competence, Procedure, Rule
from layers.transfer.tables import Table, batch

TABLES = (
    Table("procedures/catalogue.csv", Procedure),
    Table("procedures/successions.csv", CodeSuccession),
    Table("procedures/competence.csv", Competence),
)
COLUMNS = ("key", "revision", "targets", "procedure", "set", "outcome", "priority", "valid_from", "valid_to", "body")


def procedure_batches(data_dir: Path) -> list[Batch]:
    """Everything of this folder, checked. Raises Invalid naming file, rule or row, and for rules that tie."""
    book = read_book(data_dir / "procedures")
    if faults := ties([entry.rule for entry in book]):
        raise Invalid(faults[0])
    return [*(batch(data_dir, table) for table in TABLES), Batch.of(Rule, COLUMNS, (_row(entry) for entry in book))]


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
