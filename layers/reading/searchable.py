"""What can be found by name. A searchable thing is a small declaration over a table with a `search_key`."""

from __future__ import annotations

from dataclasses import dataclass

from layers.collections.agencies.collection import AGENCIES
from layers.collections.areas.collection import AREAS
from layers.collections.base import Collection
from layers.collections.tourism_sites.collection import TOURISM_SITES
from layers.collections.validity import valid_sql


@dataclass(frozen=True)
class Searchable:
    """One kind of thing. Column names are of its table; every one of them is shown to everybody.

    `weight` 0–9 breaks ties between kinds: what is looked for most stands first. `names` are what a hit may have been
    found by, the Vietnamese title first, the English second. `within` are (column, what of an area it holds:
    `key`, or `code` of a unit of today), by which the thing is found under the name of the area it lies in; `lies_in`
    is SQL over `t` for the key of that area, shown with a hit. `ended` is SQL over `t`: it is no more.
    """

    id: str
    table: str
    weight: int
    names: tuple[str, ...]
    details: tuple[str, ...] = ()
    within: tuple[tuple[str, str], ...] = ()
    lies_in: str = "NULL::text"
    collection: Collection | None = None
    point: str = "coalesce(t.label_3857, t.geom_3857)"
    ended: str = "t.valid_to <= %(day)s"
    key: str = "key"


UNIT_OF_TODAY = (
    f"(SELECT u.key FROM {AREAS.table} u WHERE u.code = {{code}} AND {valid_sql('u')} ORDER BY u.key DESC LIMIT 1)"
)

SEARCHABLES: tuple[Searchable, ...] = (
    Searchable(
        "areas",
        AREAS.table,
        weight=9,
        names=("full_name_vi", "name_en", "name_vi", "code"),
        details=("level", "type_vi", "type_en", "code"),
        within=(("parent_key", "key"),),
        lies_in="t.parent_key",
        collection=AREAS,
    ),
    Searchable(
        "tourism_sites",
        TOURISM_SITES.table,
        weight=8,
        names=("name_vi", "name_en", "other_names_vi"),
        details=("category", "subcategory"),
        within=(("commune_2015_key", "key"), ("area_2025_code", "code")),
        lies_in=UNIT_OF_TODAY.format(code="t.area_2025_code"),
        collection=TOURISM_SITES,
    ),
    Searchable(
        "agencies",
        AGENCIES.table,
        weight=6,
        names=("name_vi", "name_en", "code"),
        details=("kind",),
        within=(("area_key", "key"), ("area_code", "code")),
        lies_in="t.area_key",
        collection=AGENCIES,
    ),
    Searchable(  # a room beside this one: known by its table only
        "procedures",
        "layers_procedure",
        weight=5,
        names=("name_vi", "name_en", "short_vi", "short_en", "code"),
        details=("code", "short_vi", "short_en"),
        point="NULL::geometry",
        ended="(t.valid_to <= %(day)s OR t.status <> 'active')",
        key="code",
    ),
)
