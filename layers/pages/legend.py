"""The legend of each collection: the same marks as its style draws, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from layers.collections.base import Collection
from layers.pages.cards import CATEGORY_ICONS

CATEGORY_COLORS = {
    "beach": "#0e7490", "natural": "#2e6b2a", "heritage": "#8a4b08", "religious": "#7c3a9a", "museum": "#3b4ba8",
    "recreation": "#b4440e", "market": "#a3155a", "agritourism": "#b3261e", "craft": "#37474f",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line of a legend. With `icon` a disc, else a patch drawn as `pattern`."""

    label: str
    color: str
    icon: str = ""
    pattern: str = ""
    disc: str = ""  # suffix of the class disc--, for pages without map


def of(collection: Collection) -> tuple[Entry, ...]:
    if collection.id == "tourism_sites":
        field = collection.field("category")
        return tuple(
            Entry(field.label(code), CATEGORY_COLORS[code], icon=CATEGORY_ICONS[code], disc=code)
            for code, _, _ in field.choices
        )
    return _ENTRIES[collection.id]() if collection.id in _ENTRIES else ()


_ENTRIES = {
    "agencies": lambda: (Entry(gettext("Cơ quan"), "#10242b", icon="town-hall", disc="agency"),),
    "areas": lambda: (Entry(gettext("Ranh giới gần đúng"), "#07617a", pattern="dashed"),),
    "parcels": lambda: (Entry(gettext("Thửa đất, tô theo loại đất hiện trạng"), "#ffd0ff", pattern="fill"),),
    "planning_zones": lambda: (Entry(gettext("Vùng quy hoạch"), "#7a5417", pattern="hatch"),),
    "coverage": lambda: (Entry(gettext("Phạm vi đã kiểm tra"), "#1b6e35", pattern="outline"),),
}
