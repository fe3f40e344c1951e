"""Features as cards and headings: name in the reader's language, disc, place on the map."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from layers.collections.areas.queries import AreaRow
from layers.pages.links import feature_url
from layers.reading.features import FeatureView

CATEGORY_ICONS = {
    "beach": "beach", "natural": "natural", "heritage": "monument", "religious": "worship", "museum": "museum",
    "recreation": "attraction", "craft": "village", "market": "shop", "agritourism": "dragon-fruit",
}  # fmt: skip
# The same glyphs as collections/tourism_sites/style.json and collections/agencies/style.json draw on the map.
SITE_ICONS = {
    "dunes": "dune", "lake": "water", "stream": "water", "island": "island", "hot_spring": "hot-spring",
    "coast": "viewpoint", "cape": "viewpoint", "viewpoint": "viewpoint", "mountain": "mountain",
    "waterfall": "waterfall", "cham_tower": "cham-tower", "cham_temple": "cham-tower", "lighthouse": "lighthouse",
    "revolution_relic": "star", "communal_house": "landmark", "tomb": "cemetery", "landmark": "historic",
    "pagoda": "buddhist", "statue": "buddhist", "church": "christian", "collection": "art-gallery",
    "fishing_village": "fishing", "port": "harbor", "park": "park", "promenade": "park", "adventure": "cactus",
    "cable_car": "gondola", "golf": "golf", "resort": "lodging", "water_sport": "surfing", "farm": "garden",
    "orchard": "dragon-fruit",
}  # fmt: skip
AGENCY_ICONS = {
    "people_committee": "town-hall", "one_stop": "suitcase", "land_registry": "landmark",
    "land_registry_branch": "landmark", "land_service": "landmark", "department": "historic", "court": "monument",
    "social_insurance": "doctor", "tourism_service": "attraction", "museum": "museum",
}  # fmt: skip
LINE_ICONS = {"parcel", "map", "document"}
DISCS = {"areas": ("area", "map"), "parcels": ("parcel", "parcel"), "planning_zones": ("parcel", "document"),
         "coverage": ("area", "map")}  # fmt: skip


@dataclass(frozen=True)
class Disc:
    """The coloured disc of a feature, the same in list and map: CSS class suffix and icon."""

    name: str
    icon: str

    @property
    def line(self) -> bool:
        return self.icon in LINE_ICONS


@dataclass(frozen=True)
class Badge:
    """A word of caution or standing. `kind` is a suffix of the class `badge--`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Card:
    """One entry of a list. `point` is lon, lat; None: it has no place on the map."""

    url: str
    title: str
    disc: Disc
    meta: str = ""
    why: str = ""
    aside: str = ""
    collection: str = ""
    key: str = ""
    point: tuple[float, float] | None = None
    badges: tuple[Badge, ...] = ()


def english() -> bool:
    return get_language() == "en"


def local(vi: object, en: object) -> str:
    """The text of the active language; Vietnamese where there is no English."""
    return str((en if english() else vi) or vi or "")


def title(view: FeatureView) -> str:
    """What people call the feature."""
    if view.collection.id == "parcels":
        return gettext("Thửa %(number)s, tờ %(sheet)s") % {
            "number": view.get("parcel_no"),
            "sheet": view.get("sheet_no"),
        }
    if view.collection.id == "areas":
        return local(view.get("full_name_vi"), view.get("name_en"))
    return local(view.name, view.get("name_en"))


def other_title(view: FeatureView) -> str:
    """The name in the other language, empty when it is the same or missing."""
    vi, en = view.get("full_name_vi") or view.get("name_vi"), view.get("name_en")
    other = vi if english() else en
    return str(other) if vi and en and other != title(view) else ""


def area_title(area: AreaRow) -> str:
    return local(area.full_name_vi, area.name_en)


def disc(view: FeatureView) -> Disc:
    if view.collection.id == "tourism_sites":
        category = str(view.get("category"))
        glyph = SITE_ICONS.get(str(view.get("subcategory")), CATEGORY_ICONS.get(category, "star"))
        return Disc(category, glyph)
    if view.collection.id == "agencies":
        return Disc("agency", AGENCY_ICONS.get(str(view.get("kind")), "town-hall"))
    return Disc(*DISCS.get(view.collection.id, ("area", "pin")))


def card(view: FeatureView, *, meta: str = "", why: str = "", aside: str = "") -> Card:
    return Card(
        url=feature_url(view.collection.id, view.key),
        title=title(view),
        disc=disc(view),
        meta=meta or kind_of(view),
        why=why,
        aside=aside,
        collection=view.collection.id,
        key=view.key,
        point=view.point,
    )


def area_card(area: AreaRow, *, meta: str = "", why: str = "") -> Card:
    return Card(
        url=feature_url("areas", area.key),
        title=area_title(area),
        disc=Disc("area", "map"),
        meta=meta,
        why=why,
        collection="areas",
        key=area.key,
        point=area.point,
    )


def kind_of(view: FeatureView) -> str:
    """The kind in words: category, kind of agency, type of unit, land use."""
    if view.collection.id == "areas":
        return local(view.get("type_vi"), view.get("type_en"))
    if view.collection.id == "parcels":
        return gettext("Thửa đất")
    if view.collection.id == "planning_zones":
        return gettext("Vùng quy hoạch")
    field = view.collection.field("category") or view.collection.field("kind")
    return field.label(view.get(field.name)) if field else view.collection.title


def badges(view: FeatureView) -> tuple[Badge, ...]:
    """What the reader must know before relying on the feature."""
    found = []
    if view.collection.synthetic or view.get("synthetic"):
        found.append(Badge("synthetic", gettext("dữ liệu tổng hợp")))
    if view.get("approximate"):
        found.append(Badge("approximate", gettext("ranh giới xấp xỉ")))
    found += _position_badges(view)
    if view.get("status") == "memory":
        found.append(Badge("unverified", gettext("chưa kiểm chứng")))
    return tuple(found)


def _position_badges(view: FeatureView) -> list[Badge]:
    if view.collection.geometry != "point":
        return []
    if view.point is None:
        return [Badge("unverified", gettext("chưa rõ vị trí"))]
    status, precision_m = view.get("position_status"), view.get("precision_m")
    if status == "memory":
        return [Badge("unverified", gettext("vị trí chưa kiểm chứng"))]
    if status in ("approximate", "commune_centre") or (precision_m or 0) > 500:
        return [Badge("approximate", gettext("vị trí xấp xỉ"))]
    return []
