"""How days and numbers are written in each language. Pages and rules say them alike."""

from __future__ import annotations

from datetime import date

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def day(value: date, language: str) -> str:
    """23/11/2026 in Vietnamese, 23 November 2026 in English (never a number that could be read two ways)."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if language == "en" else f"{value:%d/%m/%Y}"


def month(year: int, number: int, language: str) -> str:
    """07/2026 in Vietnamese, July 2026 in English. `number` from 1 to 12."""
    return f"{MONTHS[number - 1]} {year}" if language == "en" else f"{number:02}/{year}"


def number(value: float, language: str, decimals: int | None = None) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; as many decimals as asked, or at most one."""
    text = f"{value:,.{1 if decimals is None else decimals}f}"
    if decimals is None:
        text = text.removesuffix(".0")
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
