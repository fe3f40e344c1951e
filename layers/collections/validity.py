"""What is valid on a day: `valid_from` ≤ day < `valid_to` (half-open), null is open. The one place that says it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def valid_sql(alias: str, day: str = "%(day)s") -> str:
    """Condition over the rows of `alias`, a table alias of ours; `day` is the placeholder of a parameter."""
    return (
        f"({alias}.valid_from IS NULL OR {alias}.valid_from <= {day}) "
        f"AND ({alias}.valid_to IS NULL OR {alias}.valid_to > {day})"
    )


def valid_on(day: date) -> Q:
    """The same for a queryset."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gt=day))


def is_valid(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """The same for values."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day < valid_to)
