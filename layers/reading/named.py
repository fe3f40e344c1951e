"""Features of one collection by key or by a piece of their name, accents aside; for forms that ask which one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from layers.access.reader import Reader, require_read
from layers.collections.base import Collection
from layers.collections.validity import valid_sql

MOST = 10


@dataclass(frozen=True)
class NamedFeature:
    key: str
    name: str


def named_features(collection: Collection, text: str, reader: Reader) -> tuple[NamedFeature, ...]:
    """The feature of that key, else up to MOST + 1 that are valid today and whose name holds `text`, shortest first.

    Only features with a place. Collections without names are asked by key alone. Raises NotAllowed.
    """
    require_read(reader, collection)
    text = " ".join(text.replace("\x00", "").split())[:200]
    if not text:
        return ()
    exact = _rows(collection, "t.key = %(text)s", {"text": text})
    if exact or collection.field("name_vi") is None:
        return exact
    return _rows(
        collection,
        f"layers_fold(t.name_vi) LIKE '%%' || layers_fold(%(text)s) || '%%' AND {valid_sql('t')}",
        {"text": text, "day": timezone.localdate()},
    )


def _rows(collection: Collection, condition: str, params: dict[str, object]) -> tuple[NamedFeature, ...]:
    name = "t.name_vi" if collection.field("name_vi") else "t.key"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.key, {name} FROM {collection.table} t WHERE t.geom IS NOT NULL AND {condition} "
            f"ORDER BY length({name}), t.key LIMIT {MOST + 1}",
            params,
        )
        return tuple(NamedFeature(*row) for row in cursor.fetchall())
