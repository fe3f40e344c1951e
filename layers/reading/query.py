"""What is asked of a collection, and the SQL clauses it becomes. Names are declared, values are parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from layers.access.reader import Reader, visible_fields
from layers.collections.base import Collection, Kind
from layers.errors import Invalid

MAX_LIMIT = 1000


@dataclass(frozen=True)
class Period:
    """Half-open span of days, `begin` ≤ day < `end`; None is open."""

    begin: date | None
    end: date | None


@dataclass(frozen=True)
class Box:
    """A rectangle in the CRS `srid`, whose corners the caller has bounded: nothing transforms 1e18."""

    west: float
    south: float
    east: float
    north: float
    srid: int


@dataclass(frozen=True)
class FeatureQuery:
    """Everything asked at once. `filters` are (field, value as text); `after` the id of the last feature seen."""

    box: Box | None = None
    period: Period | None = None
    filters: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()
    limit: int = 100
    after: int | None = None


@dataclass(frozen=True)
class Clauses:
    sql: str
    params: list[object]


def where(collection: Collection, query: FeatureQuery, reader: Reader) -> Clauses:
    """The condition over the table alias `t`. Raises Invalid for a field that is not there or a value not its kind."""
    parts, params = ["TRUE"], []
    for clause in (
        *_box(query.box),
        *_period(query.period),
        *_filters(collection, query.filters, reader),
    ):
        parts.append(clause.sql)
        params.extend(clause.params)
    if query.keys:
        parts.append("t.key = ANY(%s)")
        params.append([key for key in query.keys if "\x00" not in key])  # PostgreSQL has no NUL: nothing matches
    return Clauses(" AND ".join(parts), params)


def _box(box: Box | None) -> list[Clauses]:
    """The literal is transformed, not the column, so the index on geom_3857 serves."""
    if box is None:
        return []
    envelope = "ST_Transform(ST_MakeEnvelope(%s, %s, %s, %s, %s), 3857)"
    corners: list[object] = [box.west, box.south, box.east, box.north, box.srid]
    return [
        Clauses(
            f"t.geom_3857 && {envelope} AND ST_Intersects(t.geom_3857, {envelope})",
            corners + corners,
        )
    ]


def _period(period: Period | None) -> list[Clauses]:
    if period is None:
        return []
    found = []
    if period.end is not None:
        found.append(Clauses("(t.valid_from IS NULL OR t.valid_from < %s)", [period.end]))
    if period.begin is not None:
        found.append(Clauses("(t.valid_to IS NULL OR t.valid_to > %s)", [period.begin]))
    return found


def _filters(collection: Collection, filters: tuple[tuple[str, str], ...], reader: Reader) -> list[Clauses]:
    fields = {f.name: f for f in visible_fields(reader, collection) if f.filterable}
    found = []
    for name, text in filters:
        if name not in fields:
            raise Invalid(
                f"{collection.id} has no queryable {name!r}. It has: {', '.join(fields) or 'none'}.",
                parameter=name,
            )
        values = [_typed(fields[name].kind, name, value) for value in text.split(",")]
        found.append(Clauses(f't."{name}" = ANY(%s)', [values]))
    return found


def _typed(kind: Kind, name: str, text: str) -> object:
    if kind is Kind.INTEGER:
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise Invalid(f"{name} must be a whole number, not {text!r}.", parameter=name)
        return int(text)
    if "\x00" in text or len(text) > 200:
        raise Invalid(f"{name} must be text of at most 200 characters, without NUL.", parameter=name)
    return text
