"""Parcels by sheet and number, or by identifier. Doors: `lookup`; for many at once see parcel_lists.

A number names a parcel only within the commune as it was when its sheet was made, so the same sheet and number may
stand in several former communes of one unit of today: all are given, none is chosen. That a commune is not digitised,
has no such sheet, or has the sheet without the number are three different answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import connection

from layers import geo
from layers.access.reader import Reader, readable
from layers.collections.areas.collection import AREAS
from layers.collections.parcels.collection import PARCELS
from layers.reading.grammar import ParcelAsked, Typed
from layers.reading.units import SUCCESSIONS, UnitName, becomes_sql, named, unit_json


class Outcome(StrEnum):
    FOUND = "found"
    NO_PARCEL = "no_parcel"  # the sheet is held, this number is not on it
    NO_SHEET = "no_sheet"  # the commune is held, this sheet is not
    NOT_DIGITISED = "not_digitised"  # no parcel of the commune is held
    NO_PLACE = "no_place"  # no commune is called that
    HIDDEN = "hidden"  # this reader may not read parcels


@dataclass(frozen=True)
class ParcelHit:
    """`unit` is the commune of its sheet, `unit_now` what that is today. `swapped`: found by the less usual reading."""

    key: str
    sheet_no: int
    parcel_no: int
    unit: UnitName
    unit_now: tuple[UnitName, ...]
    retired: bool
    swapped: bool
    synthetic: bool
    point: tuple[float, float] | None


@dataclass(frozen=True)
class Missing:
    """Why a commune has no such parcel. `numbers`: lowest and highest sheet there, or parcel on that sheet."""

    unit: UnitName
    unit_now: tuple[UnitName, ...]
    outcome: Outcome
    sheet_no: int
    parcel_no: int
    numbers: tuple[int, int] | None


@dataclass(frozen=True)
class Answer:
    """`missing` speaks of the communes asked for only. `point`: where an identifier lies that no parcel has."""

    outcome: Outcome
    asked: ParcelAsked | None = None
    found: tuple[ParcelHit, ...] = ()
    missing: tuple[Missing, ...] = ()
    point: tuple[float, float] | None = None

    @property
    def place_known(self) -> bool:
        return self.outcome is not Outcome.NO_PLACE

    @property
    def ambiguous(self) -> bool:
        return len(self.found) > 1


def lookup(typed: Typed, reader: Reader, day: date) -> Answer | None:
    """The parcels that `typed` names, None when it names none."""
    if not (typed.parcel or typed.identifier):
        return None
    if not readable(reader, PARCELS):
        return Answer(Outcome.HIDDEN)
    return _by_identifier(typed.identifier, day) if typed.identifier else _by_number(typed.parcel, day)


def _by_number(asked: ParcelAsked, day: date) -> Answer:
    return answer(rows_of(_NUMBERS.replace("{places}", _places(asked)), _number_params(asked, day)), asked)


def answer(rows: list[dict], asked: ParcelAsked) -> Answer:
    """What `rows` say of the sheet and parcel asked for: each reading in each commune that may be meant, as `_NUMBERS`
    gives them, in that order."""
    if not rows:
        return Answer(Outcome.NO_PLACE, asked)
    found = tuple(hit(row) for row in rows if row["key"])
    missing = _missing(rows, asked) if asked.place or asked.code or asked.key else ()
    return Answer(Outcome.FOUND if found else _worst(rows), asked, found, missing)


def _by_identifier(identifier: str, day: date) -> Answer:
    rows = rows_of(_IDENTIFIER, {"identifier": identifier, "day": day})
    if rows:
        return Answer(Outcome.FOUND, found=tuple(hit(row) for row in rows))
    west, south, east, north = geo.geohash_bounds(identifier)
    return Answer(Outcome.NO_PARCEL, point=((west + east) / 2, (south + north) / 2))


def _places(asked: ParcelAsked) -> str:
    """SQL of the units named: by key, by code, by the longest beginning of the text that is a name, or all."""
    if asked.key:
        return f"SELECT key FROM {AREAS.table} WHERE key = %(key)s"
    if asked.code:
        return f"SELECT key FROM {AREAS.table} WHERE code = %(code)s"
    if asked.place:
        return _NAMED
    return f"SELECT key FROM {AREAS.table} WHERE level = 'commune'"


def _number_params(asked: ParcelAsked, day: date) -> dict[str, object]:
    return {
        "day": day,
        "sheets": [sheet for sheet, _ in asked.readings],
        "numbers": [number for _, number in asked.readings],
        "code": asked.code,
        "key": asked.key,
        "patterns": patterns(asked.place),
    }


def patterns(place: str) -> list[str]:
    """What a name that `place` begins with looks like in `search_key`, the longest last: it counts most."""
    words = place.split()[:8]
    wholes = [f"%| {' '.join(words[:count])} |%" for count in range(1, len(words) + 1)]
    return [f"%| {' '.join(words)}%", *wholes]  # the beginning of a name counts least


def _missing(rows: list[dict], asked: ParcelAsked) -> tuple[Missing, ...]:
    """One line for each commune that has none of the readings; of two readings the first speaks.

    A unit of today whose land is on the sheets of those that went into it is not itself said to lack sheets.
    """
    silent = {row["unit"][0] for row in rows if row["key"]}
    went_into = {unit.key for row in rows for unit in named(row["unit_now"])}
    silent |= {row["unit"][0] for row in rows if row["in_unit"][0] is None} & went_into
    return tuple(
        Missing(
            unit=named([row["unit"]])[0],
            unit_now=named(row["unit_now"]),
            outcome=_outcome(row),
            sheet_no=row["sheet_no"],
            parcel_no=row["parcel_no"],
            numbers=_numbers(row),
        )
        for row in rows
        if row["reading"] == 1 and row["unit"][0] not in silent
    )


def _numbers(row: dict) -> tuple[int, int] | None:
    low, high = row["on_sheet"] if row["on_sheet"][0] is not None else row["in_unit"]
    return None if low is None else (low, high)


def _outcome(row: dict) -> Outcome:
    if row["key"]:
        return Outcome.FOUND
    if row["on_sheet"][0] is not None:
        return Outcome.NO_PARCEL
    return Outcome.NOT_DIGITISED if row["in_unit"][0] is None else Outcome.NO_SHEET


def _worst(rows: list[dict]) -> Outcome:
    """The answer for several communes at once: the one that came nearest to the parcel."""
    outcomes = {_outcome(row) for row in rows if row["reading"] == 1}
    return next(o for o in (Outcome.NO_PARCEL, Outcome.NO_SHEET, Outcome.NOT_DIGITISED) if o in outcomes)


def hit(row: dict) -> ParcelHit:
    return ParcelHit(
        key=row["key"],
        sheet_no=row["sheet_no"],
        parcel_no=row["parcel_no"],
        unit=named([row["unit"]])[0],
        unit_now=named(row["unit_now"]),
        retired=row["status"] == "retired",
        swapped=row["reading"] > 1,
        synthetic=row["synthetic"],
        point=None if row["lon"] is None else (row["lon"], row["lat"]),
    )


def rows_of(sql: str, params: dict[str, object]) -> list[dict]:
    """Rows as dicts by the names of their columns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_NAMED = (
    "SELECT c.key FROM (SELECT a.key, rank() OVER (ORDER BY max(p.place) DESC) AS nth "
    f"FROM {AREAS.table} a JOIN unnest(%(patterns)s) WITH ORDINALITY AS p(pattern, place) "
    "ON a.search_key LIKE p.pattern WHERE a.level <> 'province' GROUP BY a.key) b "
    f"JOIN {AREAS.table} c ON (c.key = b.key OR c.parent_key = b.key) AND c.level = 'commune' WHERE b.nth = 1"
)

_POINT = "ST_Transform(p.label_3857, 4326)"
SHOWN = (
    f"p.key, p.status, p.synthetic, ST_X({_POINT}) AS lon, ST_Y({_POINT}) AS lat, "
    f"{unit_json('a')} AS unit, n.units AS unit_now"
)

# `before`: the units named and all that went into them, for a sheet keeps the name of the commune it was made in.
_NUMBERS = (
    "WITH RECURSIVE before(key) AS (SELECT key FROM ({places}) named UNION "
    f"SELECT s.from_key FROM before b JOIN {SUCCESSIONS} s ON s.to_key = b.key), "
    f"{becomes_sql('SELECT key FROM before')} "
    f"SELECT {SHOWN}, q.sheet_no, q.parcel_no, q.reading, "
    "json_build_array(u.low, u.high) AS in_unit, json_build_array(o.low, o.high) AS on_sheet "
    f"FROM before b JOIN {AREAS.table} a ON a.key = b.key AND a.level = 'commune' "
    "CROSS JOIN unnest(%(sheets)s, %(numbers)s) WITH ORDINALITY AS q(sheet_no, parcel_no, reading) "
    f"LEFT JOIN {PARCELS.table} p ON p.area_key = a.key AND p.sheet_no = q.sheet_no AND p.parcel_no = q.parcel_no "
    f"CROSS JOIN LATERAL (SELECT min(sheet_no) AS low, max(sheet_no) AS high FROM {PARCELS.table} "
    "WHERE area_key = a.key) u "
    f"CROSS JOIN LATERAL (SELECT min(parcel_no) AS low, max(parcel_no) AS high FROM {PARCELS.table} "
    "WHERE area_key = a.key AND sheet_no = q.sheet_no) o "
    "LEFT JOIN today n ON n.origin = a.key ORDER BY q.reading, a.key"
)
_IDENTIFIER = (
    f"WITH RECURSIVE {becomes_sql(f'SELECT area_key AS key FROM {PARCELS.table} WHERE geohash = %(identifier)s')} "
    f"SELECT {SHOWN}, p.sheet_no, p.parcel_no, 1 AS reading FROM {PARCELS.table} p "
    f"JOIN {AREAS.table} a ON a.key = p.area_key LEFT JOIN today n ON n.origin = a.key "
    "WHERE p.geohash = %(identifier)s"
)
