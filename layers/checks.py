"""The house checks itself: each declaration has all it needs, and the database the indexes they rely on."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from layers.collections.base import Collection
from layers.collections.registry import COLLECTIONS
from layers.reading import styles

HINT = "Compare with layers/collections/tourism_sites/, the collection to copy."


@register(Tags.models)
def check_declarations(**kwargs) -> list[CheckMessage]:
    """Style, titles in both languages, fields that exist, source: what a new collection is likely to miss."""
    path = settings.DATA_DIR / "sources.toml"
    sources = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return [
        Warning(f"Collection {collection.id}: {fault}", hint=HINT, id="layers.W001")
        for collection in COLLECTIONS
        for fault in _faults(collection, sources)
    ]


def _faults(collection: Collection, sources: dict) -> Iterator[str]:
    columns = {field.name for field in collection.model._meta.concrete_fields}
    for name in ("title_vi", "title_en", "description_vi", "description_en"):
        if not getattr(collection, name).strip():
            yield f"{name} is empty."
    for field in collection.fields:
        if field.name not in columns:
            yield f"the field {field.name!r} is not a column of {collection.table}."
        if not (field.title_vi and field.title_en):
            yield f"the field {field.name!r} lacks a title."
    if collection.source not in sources:
        yield f"data/sources.toml has no entry {collection.source!r}."
    if not styles.style_path(collection).exists():
        yield "it has no style.json."


@register(Tags.database)
def check_indexes(databases: list[str] | None = None, **kwargs) -> list[CheckMessage]:
    """Each collection's geometry columns and key are indexed; without that a tile reads the whole table."""
    found = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT tablename || ':' || indexdef FROM pg_indexes WHERE schemaname = current_schema()")
            definitions = [row[0] for row in cursor.fetchall()]
        for collection in COLLECTIONS:
            if not any(d.startswith(f"{collection.table}:") for d in definitions):
                continue  # no table yet: its migration is still to run, which Django says itself
            for wanted in ("gist (geom)", "gist (geom_3857)", "btree (key)"):
                if not any(d.startswith(f"{collection.table}:") and wanted in d for d in definitions):
                    found.append(
                        Warning(
                            f"{collection.table} has no index {wanted}.",
                            hint="Run ./run manage migrate; if it stays, the migration that made it was undone.",
                            id="layers.W002",
                        )
                    )
    return found
