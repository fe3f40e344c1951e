"""The competent body: a function of field, level, procedure, the commune of the place, and the day. Never a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from layers.collections.agencies.models import Agency
from layers.collections.validity import valid_on
from layers.procedures.models import LEVELS, Competence

LEVEL_ORDER = {code: place for place, (code, _vi, _en) in enumerate(LEVELS)}


@dataclass(frozen=True)
class Body:
    """An agency of the map, by its key."""

    key: str
    name_vi: str
    name_en: str

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_vi


@dataclass(frozen=True)
class Handler:
    """Who handles a procedure at one level here and on the day. Without an `agency` the reason says why.

    `counter` is the one-stop unit that receives the file. `status` unverified is shown beside the name."""

    level: str
    agency: Body | None
    counter: Body | None
    reason_vi: str
    reason_en: str
    status: str


@dataclass(frozen=True)
class Bodies:
    """Everything needed to name the handlers at one place on one day."""

    competence: Mapping[tuple[str, str, str | None], Competence]
    by_key: Mapping[str, Body]
    by_kind: Mapping[str, Body]
    area_code: str | None

    def handlers(self, field: str, levels: Iterable[str], procedure: str) -> tuple[Handler, ...]:
        """One per level that decides, nearest first; no level is ever left out."""
        return tuple(
            self.handler(field, level, procedure)
            for level in sorted(levels, key=lambda level: LEVEL_ORDER.get(level, len(LEVEL_ORDER)))
        )

    def handler(self, field: str, level: str, procedure: str) -> Handler:
        row = self.competence.get((field, level, procedure)) or self.competence.get((field, level, None))
        if row is None:
            return Handler(
                level,
                None,
                None,
                "Chưa có dữ liệu về cơ quan giải quyết ở cấp này vào ngày này",
                "There is no data on who handles this at this level on this day",
                "unverified",
            )
        agency = self._body(row.agency_key, row.agency_kind)
        counter = self._body(row.counter_key, row.counter_kind)
        vi, en = ("", "") if agency else self._why_none(row)
        return Handler(level, agency, counter, vi, en, row.status)

    def _body(self, key: str | None, kind: str | None) -> Body | None:
        return self.by_key.get(key) if key else self.by_kind.get(kind) if kind else None

    def _why_none(self, row: Competence) -> tuple[str, str]:
        if row.none_vi:
            return row.none_vi, row.none_en or row.none_vi
        if row.agency_kind and self.area_code is None:
            return (
                "Chưa xác định được xã, phường của nơi này vào ngày này",
                "The commune of this place on this day is not known",
            )
        return (
            "Cơ quan giải quyết không có trong dữ liệu cơ quan vào ngày này",
            "The handling agency is not in the agency data for this day",
        )


def load_bodies(on: date, area_code: str | None) -> Bodies:
    """Two SQL statements. Agencies and competence are those in force on the day (half-open)."""
    rows = list(Competence.objects.filter(valid_on(on)).order_by("valid_from"))
    keys = {key for row in rows for key in (row.agency_key, row.counter_key) if key}
    kinds = {kind for row in rows for kind in (row.agency_kind, row.counter_kind) if kind}
    here = Q(area_code=area_code, kind__in=kinds, level="commune") if area_code else Q(pk=None)
    agencies = list(
        Agency.objects.filter(valid_on(on))
        .filter(Q(key__in=keys) | here)
        .order_by("-key")
        .values_list("key", "name_vi", "name_en", "kind", "area_code", "level")
    )
    bodies = {key: Body(key, name_vi, name_en) for key, name_vi, name_en, *_ in agencies}
    return Bodies(
        {(row.field, row.level, row.procedure): row for row in rows},
        bodies,
        {
            kind: bodies[key]
            for key, _vi, _en, kind, code, level in agencies
            if level == "commune" and code == area_code
        },
        area_code,
    )
