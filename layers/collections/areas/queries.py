"""What only areas are asked: units of a day, units of a code, where a unit came from and what it became.

Each function is one SQL statement. `today` is given by the caller: nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from layers.collections.validity import is_valid, valid_sql

LONGEST_KEY = 40
MAX_STEPS = 10  # reforms a unit passed through; a guard against a cycle in the data


@dataclass(frozen=True)
class AreaRow:
    """A unit during its period `valid_from` ≤ day < `valid_to`. `point` is lon, lat inside it, or None."""

    key: str
    code: str
    level: str
    type_vi: str
    type_en: str
    name_vi: str
    name_en: str
    full_name_vi: str
    parent_key: str | None
    valid_from: date | None
    valid_to: date | None
    approximate: bool
    point: tuple[float, float] | None

    def held_on(self, day: date) -> bool:
        return is_valid(self.valid_from, self.valid_to, day)


@dataclass(frozen=True)
class Step:
    """One passage of territory. `distance` counts reforms from the unit asked about; `share` 1 is whole.

    `area` is the unit at the other end: an earlier one in `predecessors`, a later one in `successors`; None when the
    unit ended without one. `via_key` is the unit at the near end.
    """

    area: AreaRow | None
    via_key: str
    effective: date
    kind: str
    share: float | None
    resolution: str | None
    distance: int


@dataclass(frozen=True)
class History:
    predecessors: tuple[Step, ...]
    successors: tuple[Step, ...]


_COLUMNS = (
    "a.key, a.code, a.level, a.type_vi, a.type_en, a.name_vi, a.name_en, a.full_name_vi, a.parent_key, "
    "a.valid_from, a.valid_to, a.approximate, "
    "ST_X(ST_Transform(a.label_3857, 4326)), ST_Y(ST_Transform(a.label_3857, 4326))"
)
_HELD = valid_sql("a")
_BY_NAME = 'ORDER BY a.name_vi COLLATE "vi-x-icu", a.key'


def on_date(day: date, level: str | None = None) -> tuple[AreaRow, ...]:
    """The units of one day by name; of one level when given."""
    return _areas(
        f"WHERE {_HELD} AND (%(level)s::text IS NULL OR a.level = %(level)s) {_BY_NAME}",
        {"day": day, "level": level},
    )


def communes() -> tuple[AreaRow, ...]:
    """The communes of all times, those of today first, then by the day they ended, each by name."""
    order = 'a.valid_to DESC NULLS FIRST, a.name_vi COLLATE "vi-x-icu", a.key'
    return _areas(f"WHERE a.level = 'commune' ORDER BY {order}", {})


def of_code(code: str) -> tuple[AreaRow, ...]:
    """Every unit that ever had this code, earliest first."""
    if not usable(code):
        return ()
    return _areas("WHERE a.code = %(code)s ORDER BY a.valid_from NULLS FIRST, a.key", {"code": code})


def by_keys(keys: tuple[str | None, ...]) -> dict[str, AreaRow]:
    """Units by key; those not held are left out."""
    wanted = [key for key in keys if key and usable(key)]
    return {area.key: area for area in _areas("WHERE a.key = ANY(%(keys)s)", {"keys": wanted})} if wanted else {}


def of_codes(codes: tuple[object, ...], day: date) -> dict[str, AreaRow]:
    """The unit that bore each code on that day; codes nobody bore are left out."""
    wanted = [str(code) for code in codes if code and usable(str(code))]
    if not wanted:
        return {}
    found = _areas(f"WHERE a.code = ANY(%(codes)s) AND {_HELD}", {"codes": wanted, "day": day})
    return {area.code: area for area in found}


def children(*keys: str) -> tuple[AreaRow, ...]:
    """Units that were part of any of these, by name; some of them only for a part of their time."""
    wanted = [key for key in keys if usable(key)]
    return _areas(f"WHERE a.parent_key = ANY(%(keys)s) {_BY_NAME}", {"keys": wanted}) if wanted else ()


def change_dates() -> tuple[date, ...]:
    """Days from which the list of units differs, earliest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT valid_from FROM layers_area WHERE valid_from IS NOT NULL ORDER BY 1")
        return tuple(row[0] for row in cursor.fetchall())


def history(key: str) -> History:
    """All units this one came from and all it passed into, nearest reform first."""
    if not usable(key):
        return History((), ())
    statement = f"""
        WITH RECURSIVE back AS (
            SELECT from_key AS other, to_key AS via, effective, kind, share, resolution, 1 AS distance
            FROM layers_succession WHERE to_key = %(key)s
            UNION ALL
            SELECT s.from_key, s.to_key, s.effective, s.kind, s.share, s.resolution, b.distance + 1
            FROM layers_succession s JOIN back b ON s.to_key = b.other WHERE b.distance < {MAX_STEPS}
        ), forth AS (
            SELECT to_key AS other, from_key AS via, effective, kind, share, resolution, 1 AS distance
            FROM layers_succession WHERE from_key = %(key)s
            UNION ALL
            SELECT s.to_key, s.from_key, s.effective, s.kind, s.share, s.resolution, f.distance + 1
            FROM layers_succession s JOIN forth f ON s.from_key = f.other WHERE f.distance < {MAX_STEPS}
        )
        SELECT DISTINCT true, back.via, back.effective, back.kind, back.share, back.resolution, back.distance,
            {_COLUMNS}
        FROM back LEFT JOIN layers_area a ON a.key = back.other
        UNION ALL
        SELECT DISTINCT false, forth.via, forth.effective, forth.kind, forth.share, forth.resolution, forth.distance,
            {_COLUMNS}
        FROM forth LEFT JOIN layers_area a ON a.key = forth.other
        ORDER BY 7, 3, 8
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {"key": key})
        rows = cursor.fetchall()
    return History(tuple(_step(row[1:]) for row in rows if row[0]), tuple(_step(row[1:]) for row in rows if not row[0]))


def today_of(keys: tuple[str, ...], today: date) -> dict[str, tuple[AreaRow, ...]]:
    """For each unit of any time, the units that hold its territory on `today`; itself when it still stands."""
    wanted = [key for key in keys if usable(key)]
    if not wanted:
        return {}
    statement = f"""
        WITH RECURSIVE walk AS (
            SELECT k AS start, k AS key, 0 AS distance FROM unnest(%(keys)s::text[]) AS k
            UNION
            SELECT w.start, s.to_key, w.distance + 1 FROM walk w
            JOIN layers_succession s ON s.from_key = w.key WHERE w.distance < {MAX_STEPS}
        )
        SELECT DISTINCT w.start, {_COLUMNS} FROM walk w JOIN layers_area a ON a.key = w.key
        WHERE {_HELD} ORDER BY 1, 2
    """
    found: dict[str, list[AreaRow]] = {key: [] for key in wanted}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"keys": wanted, "day": today})
        for start, *row in cursor.fetchall():
            found[start].append(_area(row))
    return {key: tuple(areas) for key, areas in found.items()}


def usable(key: str) -> bool:
    """Whether text can be a key or code at all: PostgreSQL has no NUL, and keys are short."""
    return 0 < len(key) <= LONGEST_KEY and "\x00" not in key


def _areas(condition: str, params: dict[str, object]) -> tuple[AreaRow, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM layers_area a {condition}", params)
        return tuple(_area(row) for row in cursor.fetchall())


def _area(row) -> AreaRow:
    *values, lon, lat = row
    return AreaRow(*values, None if lon is None else (lon, lat))


def _step(row: tuple) -> Step:
    via, effective, kind, share, resolution, distance, *area = row
    return Step(
        area=_area(area) if area[0] is not None else None,
        via_key=via,
        effective=effective,
        kind=kind,
        share=share,
        resolution=resolution,
        distance=distance,
    )
