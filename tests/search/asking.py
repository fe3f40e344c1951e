"""How tests ask: with a fixed day, as the public."""

from __future__ import annotations

from datetime import date

from layers.reading.search import Found, search

TODAY = date(2026, 11, 24)
OWNER = "Nguyễn Thị Chủ Đất Mẫu"


def look(text: str, **how) -> Found:
    return search(text, day=TODAY, **how)


def hits(text: str, group: str = "", **how) -> list:
    return [hit for found in look(text, **how).groups if group in ("", found.id) for hit in found.hits]


def keys(text: str, group: str = "", **how) -> list[str]:
    return [hit.key for hit in hits(text, group, **how)]
