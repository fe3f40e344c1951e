"""A parcel's units then and now, as every paper names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from layers.collections.areas import queries as areas
from layers.collections.areas.queries import AreaRow


@dataclass(frozen=True)
class Unit:
    """A commune, ward or township during its period `valid_from` ≤ day < `valid_to`."""

    code: str
    name_vi: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Units:
    """`then` is the unit when the sheet was made; `now` are those that hold its land on the day, none if unknown."""

    then: Unit
    now: tuple[Unit, ...]


def units_of(area_key: str, day: date) -> Units:
    """By the key in the parcel's number. A key that is not held names itself. Two statements."""
    then = areas.by_keys((area_key,)).get(area_key)
    now = areas.today_of((area_key,), day).get(area_key, ())
    return Units(
        _unit(then) if then else Unit(area_key.rpartition("-")[0] or area_key, area_key, None, None),
        tuple(map(_unit, now)),
    )


def _unit(area: AreaRow) -> Unit:
    return Unit(area.code, area.full_name_vi, area.valid_from, area.valid_to)
