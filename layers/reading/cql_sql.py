"""A question as SQL over the table alias `t`. Names are of declarations, values are parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import shapely
from django.db import connection
from django.utils.translation import gettext

from layers import geo
from layers.access.reader import Reader, require_read
from layers.collections.base import Collection
from layers.errors import Fault, Invalid
from layers.reading.cql import Belongs, Compared, Drawn, Held, Joined, Node, Not, Placed

LONGEST_EDGE_DEGREES = 0.01  # a straight line of the map is drawn through points this near when it is transformed


@dataclass
class Question:
    """SQL of a condition and its named parameters; grows while the tree is walked."""

    collection: Collection
    reader: Reader
    params: dict[str, object] = field(default_factory=dict)

    def given(self, value: object) -> str:
        name = f"q{len(self.params)}"
        self.params[name] = value
        return f"%({name})s"


def condition(node: Node, collection: Collection, reader: Reader, day: date) -> tuple[str, dict[str, object]]:
    """The condition and its parameters. `day`: on which zones count as in force. Raises Invalid for a feature that is
    not there, or that the reader may not read."""
    question = Question(collection, reader, {"day": day})
    return _sql(node, question), question.params


def _sql(node: Node, question: Question) -> str:
    match node:
        case Joined():
            return "(" + f" {node.op.upper()} ".join(_sql(part, question) for part in node.parts) + ")"
        case Not():
            return f"(NOT coalesce({_sql(node.part, question)}, FALSE))"
        case Compared():
            return _compared(node, question)
        case Belongs():
            return node.derived.sql.replace("%(values)s", question.given(list(node.values)))
        case Placed():
            return _placed(node, question)


def _compared(node: Compared, question: Question) -> str:
    column = f't."{node.field.name}"'
    if node.op == "isNull":
        return f"({column} IS NULL)"
    if node.op == "in":
        return f"({column} = ANY({question.given(list(node.values))}))"
    if node.op == "between":
        low, high = map(question.given, node.values)
        return f"({column} BETWEEN {low} AND {high})"
    return f"({column} {node.op} {question.given(node.values[0])})"


def _placed(node: Placed, question: Question) -> str:
    place = _drawn(node.place, question) if isinstance(node.place, Drawn) else _held(node.place, question)
    if node.op == "s_dwithin":
        return f"ST_DWithin(t.geom, {place}, {question.given(node.metres)})"
    if node.op == "s_within":
        return f"ST_CoveredBy(t.geom, {place})"
    if node.op == "s_area_intersects":
        return f"(ST_Intersects(t.geom, {place}) AND NOT ST_Touches(t.geom, {place}))"
    return f"ST_Intersects(t.geom, {place})"


def _drawn(place: Drawn, question: Question) -> str:
    """The literal in the table's CRS: it is transformed, not the column, so the index on geom serves."""
    srid = question.collection.srid
    shape = shapely.segmentize(place.shape, LONGEST_EDGE_DEGREES) if place.shape.length else place.shape
    moved = shape if srid == geo.WGS84 else geo.transform_geometry(shape, geo.WGS84, srid)
    return f"ST_GeomFromWKB({question.given(shapely.to_wkb(moved, include_srid=False))}, {srid})"


def _held(place: Held, question: Question) -> str:
    _require_held(place, question.reader)
    key = question.given(place.key)
    return f"(SELECT ST_Transform(geom, {question.collection.srid}) FROM {place.collection.table} WHERE key = {key})"


def _require_held(place: Held, reader: Reader) -> None:
    try:
        require_read(reader, place.collection)
    except Fault as fault:
        raise Invalid(fault.message, parameter="filter") from None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT geom IS NOT NULL FROM {place.collection.table} WHERE key = %s", [place.key])
        row = cursor.fetchone()
    words = {"title": place.collection.title, "key": place.key[:40]}
    if row is None:
        raise Invalid(gettext("Lớp “%(title)s” không có đối tượng “%(key)s”.") % words, parameter="filter")
    if not row[0]:
        raise Invalid(gettext("“%(key)s” của lớp “%(title)s” chưa có vị trí.") % words, parameter="filter")
