"""Administrative units as other things name them, and what former ones are today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from layers.collections.areas.collection import AREAS
from layers.collections.areas.models import Succession
from layers.collections.validity import valid_sql

SUCCESSIONS = Succession._meta.db_table


@dataclass(frozen=True)
class UnitName:
    """`valid_to` is half-open; None: it exists today."""

    key: str
    name_vi: str
    name_en: str
    valid_to: date | None = None

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi


def named(rows: list[list] | None) -> tuple[UnitName, ...]:
    """Units from rows of `unit_json`, as SQL gives them."""
    return tuple(
        UnitName(key, name_vi, name_en or "", date.fromisoformat(valid_to) if valid_to else None)
        for key, name_vi, name_en, valid_to in rows or ()
    )


def unit_json(alias: str) -> str:
    """SQL: a unit as a JSON row for `named`. `alias` is a table alias of ours, never text from outside."""
    return f"json_build_array({alias}.key, {alias}.full_name_vi, {alias}.name_en, {alias}.valid_to)"


def becomes_sql(origins: str) -> str:
    """SQL of the recursive CTEs `becomes` and `today(origin, units)`; `origins` selects the column `key`.

    Follows each unit through all reforms to the units of `%(day)s`; a unit that stands itself has no row.
    """
    return (
        f"becomes(origin, key) AS (SELECT key, key FROM ({origins}) o UNION "
        f"SELECT b.origin, s.to_key FROM becomes b JOIN {SUCCESSIONS} s ON s.from_key = b.key "
        "WHERE s.to_key IS NOT NULL), "
        f"today AS (SELECT b.origin, json_agg({unit_json('a')} ORDER BY a.key) AS units "
        f"FROM becomes b JOIN {AREAS.table} a ON a.key = b.key "
        f"WHERE a.key <> b.origin AND {valid_sql('a')} GROUP BY b.origin)"
    )
