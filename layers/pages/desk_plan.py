"""The planning fact sheet on the desk, for page and JSON: the numbers of `reports.fact_sheet` in their words."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from layers.access.reader import Reader
from layers.collections.planning_zones import queries
from layers.pages import parameters
from layers.reports.canonical import plain
from layers.reports.fact_sheet import fact_sheet
from layers.reports.follow import what_follows
from layers.reports.plan_words import Plan, in_words


def of_request(request: HttpRequest, key: str, reader: Reader) -> Plan:
    """On the day `?ngay=`, today without it. Raises Invalid."""
    return plan(key, parameters.day(request), reader)


def as_json(request: HttpRequest, key: str, reader: Reader) -> dict[str, object]:
    """The fact sheet, and beside it under `follow` the procedures that follow."""
    sheet = fact_sheet(key, parameters.day(request), reader)
    return {**plain(sheet), "follow": plain(what_follows(sheet, reader))}


def plan(key: str, on: date, reader: Reader) -> Plan:
    sheet = fact_sheet(key, on, reader)
    return in_words(sheet, what_follows(sheet, reader), queries.first_day())
