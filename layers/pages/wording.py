"""Dates, numbers, areas and periods in words of the active language."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import get_language, gettext

from layers import written

HECTARE_M2 = 10_000


def day(value: date | str | None) -> str:
    """A day, or the day of an ISO text; empty for none."""
    if not value:
        return ""
    return written.day(date.fromisoformat(value[:10]) if isinstance(value, str) else value, get_language())


def last_day(valid_to: date | None) -> str:
    """The last day of a half-open period."""
    return day(valid_to - timedelta(days=1)) if valid_to else ""


def number(value: float | int | str | None, decimals: int | None = None) -> str:
    """As many decimals as asked, or at most one; empty for none."""
    return "" if value is None or value == "" else written.number(float(value), get_language(), decimals)


def area(value_m2: float | str | None) -> str:
    """512,4 m²; from 10.000 m² on in hectares with two decimals."""
    if value_m2 is None or value_m2 == "":
        return ""
    amount = float(value_m2)
    return f"{number(amount / HECTARE_M2, 2)} ha" if amount >= HECTARE_M2 else f"{number(amount)} m²"


def distance(metres: float) -> str:
    return f"{number(metres / 1000)} km" if metres >= 1000 else f"{number(round(metres, -1))} m"


def period(valid_from: date | None, valid_to: date | None) -> str:
    """“từ 01/7/2025”, “đến hết 30/6/2025”, “16/5/2015 – 30/6/2025”; empty when nothing is known."""
    if valid_from and valid_to:
        return f"{day(valid_from)} – {last_day(valid_to)}"
    if valid_from:
        return gettext("từ %(day)s") % {"day": day(valid_from)}
    if valid_to:
        return gettext("đến hết %(day)s") % {"day": last_day(valid_to)}
    return ""


def party(kind: str) -> str:
    """What a land user is."""
    names = {
        "person": gettext("cá nhân"),
        "household": gettext("hộ gia đình"),
        "organisation": gettext("tổ chức"),
        "state": gettext("Nhà nước"),
    }
    return names.get(kind, kind)
