"""The one door through which a published row changes. Loads, imports, the admin and reviewed edits all end here.

One call is one transaction: rows go by COPY into a staging table, are compared by natural key with what stands,
and only what differs is written. The state that was becomes a `Version`; each row touched is a `Change`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from django.db.utils import DataError, IntegrityError, InternalError, OperationalError

from layers.collections.base import Versioned
from layers.editing.models import Changeset
from layers.errors import Invalid

MANY_ROWS = 50_000  # into an empty table: indexes are built afterwards
PUBLISH_LOCK = 20_250_701  # advisory lock: one publication at a time, so that counts and versions are exact


@dataclass(frozen=True)
class Batch:
    """Rows for one table. `csv` is PostgreSQL's CSV, without header, in chunks: unquoted empty means NULL.

    Geometry columns hold hex EWKB. Use `Batch.of` for rows of Python values.
    """

    model: type[Versioned]
    columns: Sequence[str]
    csv: Iterable[bytes]

    @classmethod
    def of(cls, model: type[Versioned], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Batch:
        return cls(model, columns, (_csv_line(row) for row in rows))


@dataclass(frozen=True)
class Counts:
    """What a publication did to one table. `missing` rows stand in the table but not in the batch; they stay.

    `kept` rows differ, but people edited them here after they were loaded: a load never undoes an edit.
    """

    created: int
    replaced: int
    unchanged: int
    kept: int
    missing: int


def publish(changeset: Changeset, batches: Iterable[Batch]) -> dict[str, Counts]:
    """Make the batches public under `changeset` (unsaved), all or nothing. One batch for a table.

    Where nothing differs nothing is written, and `changeset.pk` is None afterwards. Returns counts by record type.
    Raises Invalid naming the table and the fault; then nothing was written.
    """
    counts: dict[str, Counts] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISH_LOCK])
        cursor.execute("SELECT clock_timestamp()")  # now() is when the transaction began, before it waited its turn
        changeset.published_at = cursor.fetchone()[0]
        changeset.save()
        for batch in batches:
            name = batch.model._meta.model_name
            if name in counts:
                raise Invalid(f"{name}: two batches for one table. Put all its rows into one.")
            counts[name] = _publish_batch(cursor, changeset, batch)
        changeset.counts = {name: vars(count) for name, count in counts.items()}
        if any(count.created or count.replaced for count in counts.values()):
            changeset.save(update_fields=["counts"])
        else:
            transaction.set_rollback(True)  # cheaper than a delete, which asks every table for rows of the changeset
            changeset.pk = None
    return counts


def _publish_batch(cursor, changeset: Changeset, batch: Batch) -> Counts:
    table = _Table(batch.model, tuple(batch.columns))
    try:
        staged = _stage(cursor, table, batch.csv)
        _refuse_bad_keys(cursor, table)
        return _apply(cursor, changeset, table, staged)
    except (DataError, IntegrityError, InternalError) as fault:
        raise Invalid(f"{table.record_type}: {str(fault).strip().splitlines()[0]}") from fault


class _Table:
    """SQL names of one table, all from the model and quoted: no text from outside becomes a name."""

    def __init__(self, model: type[Versioned], columns: tuple[str, ...]) -> None:
        fields = {field.column: field for field in model._meta.concrete_fields}
        unknown = [column for column in columns if column not in fields]
        missing = [name for name in model.natural_key if name not in columns]
        if unknown or missing:
            raise Invalid(f"{model._meta.model_name}: unknown columns {unknown}, missing key columns {missing}.")
        self.name = f'"{model._meta.db_table}"'
        self.record_type = model._meta.model_name
        self.columns = [f'"{column}"' for column in columns]
        self.key = [f'"{name}"' for name in model.natural_key]
        self.nullable_key = [f'"{name}"' for name in model.natural_key if fields[name].null]
        self.values = [column for column in self.columns if column not in self.key]
        self.has_geom = "geom" in fields

    def listed(self, prefix: str = "", columns: Sequence[str] | None = None) -> str:
        return ", ".join(f"{prefix}{column}" for column in (self.columns if columns is None else columns))

    @property
    def same_key(self) -> str:
        """Plain `=` wherever a column cannot be null: PostgreSQL can hash that, and compares pair by pair otherwise."""
        return " AND ".join(
            f"t.{column} {'IS NOT DISTINCT FROM' if column in self.nullable_key else '='} s.{column}"
            for column in self.key
        )


def _stage(cursor, table: _Table, chunks: Iterable[bytes]) -> int:
    """COPY the rows into the temporary table `staged`; returns how many."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.staged, pg_temp.matched")
    cursor.execute(f"CREATE TEMP TABLE staged ON COMMIT DROP AS SELECT {table.listed()} FROM {table.name} WITH NO DATA")
    cursor.execute("ALTER TABLE staged ADD COLUMN staged_no bigint GENERATED ALWAYS AS IDENTITY")
    stream = _Stream(chunks)
    try:
        with connection.wrap_database_errors:
            cursor.copy_expert(
                f"COPY staged ({table.listed()}) FROM STDIN (FORMAT csv)", io.BufferedReader(stream, 1 << 20)
            )
    except OperationalError as fault:
        raise stream.fault or fault from None
    cursor.execute("ANALYZE staged")
    cursor.execute("SELECT count(*) FROM staged")
    return cursor.fetchone()[0]


def _refuse_bad_keys(cursor, table: _Table) -> None:
    cursor.execute(
        f"SELECT {table.listed('', table.key)}, count(*) FROM staged GROUP BY {table.listed('', table.key)} "
        "HAVING count(*) > 1 LIMIT 1"
    )
    if twice := cursor.fetchone():
        raise Invalid(f"{table.record_type}: the key {twice[:-1]} stands {twice[-1]} times in the rows to publish.")


def _apply(cursor, changeset: Changeset, table: _Table, staged: int) -> Counts:
    """Compare, keep the old states, write the new ones. All set-based; nothing is read into Python."""
    cursor.execute(f"SELECT count(*) FROM {table.name}")
    standing = cursor.fetchone()[0]
    replaced = same = kept = 0
    if standing:
        same, replaced, kept = _match(cursor, table, load=changeset.kind == Changeset.Kind.LOAD)
        if replaced:
            _keep_old_states(cursor, changeset, table)
            _replace(cursor, changeset, table)
    created = _create_all(cursor, changeset, table, staged) if not standing else _create(cursor, changeset, table)
    if created or replaced:
        _raise_layer_version(cursor, changeset, table)
    return Counts(created, replaced, same, kept, standing - same - replaced - kept)


def _match(cursor, table: _Table, *, load: bool) -> tuple[int, int, int]:
    """Make the table `matched`: which staged row is which standing row, and whether it replaces it."""
    differs = f"({table.listed('t.', table.values)}) IS DISTINCT FROM ({table.listed('s.', table.values)})"
    cursor.execute(
        "CREATE TEMP TABLE matched ON COMMIT DROP AS "
        "SELECT id, staged_no, differs AND NOT edited AS differs, differs AND edited AS kept FROM ("
        f"SELECT t.id, s.staged_no, {differs} AS differs, %s AND c.kind = %s AS edited FROM {table.name} t "
        f"JOIN layers_changeset c ON c.id = t.changeset_id JOIN staged s ON {table.same_key}) pairs",
        [load, Changeset.Kind.EDIT],
    )
    cursor.execute("CREATE INDEX ON matched (staged_no)")
    cursor.execute("ANALYZE matched")
    cursor.execute(
        "SELECT count(*) FILTER (WHERE NOT differs AND NOT kept), count(*) FILTER (WHERE differs), "
        "count(*) FILTER (WHERE kept) FROM matched"
    )
    return cursor.fetchone()


def _keep_old_states(cursor, changeset: Changeset, table: _Table) -> None:
    geom = "t.geom" if table.has_geom else "NULL"
    without = (
        "- ARRAY['geom', 'geom_3857', 'label_3857', 'search_key', 'id', 'version', 'changeset_id', 'lifespan_begin']"
    )
    cursor.execute(
        "INSERT INTO layers_version (record_type, record_id, version, changeset_id, lifespan_begin, lifespan_end, "
        "state, geom) "
        f"SELECT %s, t.id, t.version, t.changeset_id, t.lifespan_begin, %s, to_jsonb(t) {without}, {geom} "
        f"FROM {table.name} t JOIN matched m ON m.id = t.id WHERE m.differs",
        [table.record_type, changeset.published_at],
    )


def _replace(cursor, changeset: Changeset, table: _Table) -> None:
    assignments = ", ".join(f"{column} = s.{column}" for column in table.values)
    cursor.execute(
        f"WITH done AS (UPDATE {table.name} t SET {assignments}, version = t.version + 1, changeset_id = %s, "
        "lifespan_begin = %s FROM staged s JOIN matched m ON m.staged_no = s.staged_no AND m.differs "
        "WHERE t.id = m.id RETURNING t.id, t.version) "
        "INSERT INTO layers_change (changeset_id, record_type, record_id, action, version) "
        "SELECT %s, %s, id, 'replace', version FROM done",
        [changeset.pk, changeset.published_at, changeset.pk, table.record_type],
    )


def _create_all(cursor, changeset: Changeset, table: _Table, staged: int) -> int:
    """Fill an empty table. Many rows go in bare; indexes and foreign keys are then made in one pass each.

    Row by row they cost more than all the rest. Nothing is left unchecked: the constraints are back before the
    transaction ends. Meanwhile readers of the (empty) table and of changesets wait.
    """
    if staged < MANY_ROWS:
        return _create(cursor, changeset, table, everything=True)
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
    rebuild = _take_off(cursor, table.name)
    cursor.execute("SELECT count(*) FROM (SELECT FROM layers_change LIMIT %s) few", [MANY_ROWS])
    if cursor.fetchone()[0] < MANY_ROWS:
        rebuild += _take_off(cursor, "layers_change")
    created = _create(cursor, changeset, table, everything=True)
    for statement in rebuild:
        cursor.execute(statement)
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cursor.execute(f"ANALYZE {table.name}")
    return created


def _take_off(cursor, table_name: str) -> list[str]:
    """Drop a table's indexes (not the primary key) and foreign keys; returns what makes them again, in order."""
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname), "
        "format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)), "
        "CASE contype WHEN 'f' THEN 3 ELSE 2 END AS turn, conname AS name "
        "FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('u', 'f') "
        "UNION ALL "
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid), 1, "
        "indexrelid::regclass::text "
        "FROM pg_index i WHERE indrelid = %s::regclass AND NOT indisprimary "
        "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('u', 'p', 'x')) "
        "ORDER BY turn, name",
        [table_name, table_name],
    )
    found = cursor.fetchall()
    for drop, *_ in found:
        cursor.execute(drop)
    return [make for _, make, *_ in found]


def _create(cursor, changeset: Changeset, table: _Table, *, everything: bool = False) -> int:
    new = "" if everything else "WHERE NOT EXISTS (SELECT FROM matched m WHERE m.staged_no = s.staged_no)"
    cursor.execute(
        f"WITH done AS (INSERT INTO {table.name} ({table.listed()}, version, changeset_id, lifespan_begin) "
        f"SELECT {table.listed('s.')}, 1, %s, %s FROM staged s {new} ORDER BY s.staged_no RETURNING id) "
        "INSERT INTO layers_change (changeset_id, record_type, record_id, action, version) "
        "SELECT %s, %s, id, 'create', 1 FROM done",
        [changeset.pk, changeset.published_at, changeset.pk, table.record_type],
    )
    return cursor.rowcount


def _raise_layer_version(cursor, changeset: Changeset, table: _Table) -> None:
    cursor.execute(
        "INSERT INTO layers_layer_state (record_type, version, changed_at) VALUES (%s, 1, %s) "
        "ON CONFLICT (record_type) DO UPDATE "
        "SET version = layers_layer_state.version + 1, changed_at = excluded.changed_at",
        [table.record_type, changeset.published_at],
    )


class _Stream(io.RawIOBase):
    """A readable file over chunks, as COPY wants it; holds one chunk at a time."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._rest = memoryview(b"")
        self.fault: Exception | None = None  # what the source raised: psycopg2 would only quote it

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._rest:
            try:
                chunk = next(self._chunks, None)
            except Exception as fault:
                self.fault = fault
                raise
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _csv_line(row: Sequence[object]) -> bytes:
    """One line of PostgreSQL's CSV. None is unquoted and empty; every text is quoted, so '' stays ''."""
    return (",".join(_csv_cell(value) for value in row) + "\n").encode()


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, GEOSGeometry):
        return value.hexewkb.decode()
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    return '"' + str(value).replace('"', '""') + '"'
