"""What only planning zones are asked: since when anything is known of plans."""

from __future__ import annotations

from datetime import date

from django.db import connection


def first_day() -> date | None:
    """The first day on which any plan was displayed, decided or in force; None where no plan has a day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(least(displayed_from, decision_date, valid_from)) FROM layers_planning_zone")
        return cursor.fetchone()[0]
