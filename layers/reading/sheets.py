"""From a commune to its sheets to their numbers. Doors: `units`, `sheets_of`, `numbers_on`.

A unit offers its own sheets and those of all that went into it: a sheet keeps the name of the commune it was made in.
Each door is one statement, or one for each commune that holds the sheet asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.db import connection

from layers.access.reader import PUBLIC, Reader, readable, require, require_read
from layers.access.roles import Action
from layers.collections.areas import queries as areas
from layers.collections.areas.collection import AREAS
from layers.collections.areas.queries import AreaRow
from layers.collections.parcels import queries
from layers.collections.parcels.collection import PARCELS
from layers.collections.parcels.queries import HELD, Number, Sheet
from layers.reading.units import SUCCESSIONS, UnitName, named, unit_json


@dataclass(frozen=True)
class Unit:
    """A commune of any time. `held`: there are sheets of it, or of one that went into it."""

    area: AreaRow
    held: bool


@dataclass(frozen=True)
class Sheets:
    """The sheets of one commune; none: it is not digitised."""

    unit: UnitName
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class Numbers:
    """The numbers of one sheet of one commune."""

    unit: UnitName
    sheet_no: int
    numbers: tuple[Number, ...]


_OFFERING = (
    f"WITH RECURSIVE {HELD}, becomes(key) AS (SELECT area_key FROM held WHERE area_key IS NOT NULL UNION "
    f"SELECT s.to_key FROM becomes b JOIN {SUCCESSIONS} s ON s.from_key = b.key WHERE s.to_key IS NOT NULL) "
    "SELECT key FROM becomes"
)

_SHEETS = (
    "WITH RECURSIVE before(key) AS (SELECT %(key)s::text UNION "
    f"SELECT s.from_key FROM before b JOIN {SUCCESSIONS} s ON s.to_key = b.key) "
    f"SELECT {unit_json('a')}, p.sheet_no, p.parcels FROM before b "
    f"JOIN {AREAS.table} a ON a.key = b.key AND a.level = 'commune' "
    f"LEFT JOIN LATERAL (SELECT sheet_no, count(*) AS parcels FROM {PARCELS.table} WHERE area_key = a.key "
    "GROUP BY sheet_no) p ON true "
    'ORDER BY a.valid_to DESC NULLS FIRST, a.name_vi COLLATE "vi-x-icu", a.key, p.sheet_no'
)


def units(reader: Reader) -> tuple[Unit, ...]:
    """The communes of all times, those of today first."""
    require_read(reader, PARCELS)
    with connection.cursor() as cursor:
        cursor.execute(_OFFERING)
        offering = {row[0] for row in cursor.fetchall()}
    return tuple(Unit(area, area.key in offering) for area in areas.communes())


def sheets_of(unit_key: str, reader: Reader) -> tuple[Sheets, ...]:
    """The unit's own sheets, then those of each commune that went into it. Empty: there is no such commune.

    A unit whose land is on the sheets of those that went into it is left out where it has none of its own. Where
    parcels are not public, raises NotAllowed outside the reader's territory.
    """
    require_read(reader, PARCELS)
    if not readable(PUBLIC, PARCELS):
        require(reader, Action.USE_DESK, area_key=unit_key)
    if not areas.usable(unit_key):
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_SHEETS, {"key": unit_key})
        rows = cursor.fetchall()
    found = [
        Sheets(named([unit])[0], tuple(Sheet(number, count) for _, number, count in members if number is not None))
        for unit, members in groupby(rows, key=lambda row: row[0])
    ]
    return tuple(each for each in found if each.sheets or each.unit.key != unit_key or len(found) == 1)


def numbers_on(unit_key: str, sheet_no: int, reader: Reader) -> tuple[Numbers, ...]:
    """The numbers of this sheet in the unit and in each commune that went into it; none where none has the sheet."""
    held = [each.unit for each in sheets_of(unit_key, reader) if any(sheet.number == sheet_no for sheet in each.sheets)]
    return tuple(Numbers(unit, sheet_no, queries.numbers(unit.key, sheet_no)) for unit in held)
