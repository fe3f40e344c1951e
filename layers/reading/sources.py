"""Where each table came from: `data/sources.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True)
class Source:
    """One table's provenance. `date` is of the facts, `crs` the EPSG code it came in or None."""

    key: str
    title_vi: str
    title_en: str
    owner: str
    licence: str
    obtained: str
    status: str
    date: date | None
    crs: int | None

    @property
    def title(self) -> str:
        return self.title_en if get_language() == "en" else self.title_vi


@lru_cache
def sources() -> dict[str, Source]:
    """By key, in the order of the file."""
    found = tomllib.loads((settings.DATA_DIR / "sources.toml").read_text(encoding="utf-8"))
    return {key: _source(key, entry) for key, entry in found.items() if isinstance(entry, dict)}


def _source(key: str, entry: dict) -> Source:
    day, crs = entry.get("date"), entry.get("crs")
    return Source(
        key=key,
        title_vi=entry.get("title_vi", key),
        title_en=entry.get("title_en", key),
        owner=entry.get("owner", ""),
        licence=entry.get("licence", ""),
        obtained=entry.get("obtained", ""),
        status=entry.get("status", ""),
        date=day if isinstance(day, date) else None,
        crs=crs if isinstance(crs, int) else None,
    )
