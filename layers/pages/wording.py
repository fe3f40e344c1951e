"""Dates, numbers, areas and periods in words of the active language."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import get_language, gettext

HECTARE_M2 = 10_000
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def day(value: date | str | None) -> str:
    """23/11/2026 in Vietnamese, 23 November 2026 in English (never a number that could be read two ways)."""
    if not value:
        return ""
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    if get_language() == "en":
        return f"{found.day} {MONTHS[found.month - 1]} {found.year}"
    return f"{found:%d/%m/%Y}"


def last_day(valid_to: date | None) -> str:
    """The last day of a half-open period."""
    return day(valid_to - timedelta(days=1)) if valid_to else ""


def number(value: float | int | str | None, decimals: int | None = None) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; as many decimals as asked, or at most one."""
    if value is None or value == "":
        return ""
    amount = float(value)
    text = f"{amount:,.{1 if decimals is None else decimals}f}"
    if decimals is None:
        text = text.removesuffix(".0")
    return text if get_language() == "en" else text.translate(str.maketrans(",.", ".,"))


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
