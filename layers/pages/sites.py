"""Home, the list of places, and the page of one place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from layers.collections.areas import queries as areas
from layers.collections.tourism_sites import queries
from layers.collections.tourism_sites.collection import TOURISM_SITES
from layers.pages import cards, map_config, parameters, wording
from layers.pages.answers import page, public, text_page
from layers.pages.cards import Badge, Card, Disc
from layers.pages.features import Fact, answer, as_json, facts, find, position_fact
from layers.pages.links import feature_url
from layers.reading.features import FeatureView, listing
from layers.reading.query import FeatureQuery

CATEGORY = TOURISM_SITES.field("category")
NEAR_M = 5000


@dataclass(frozen=True)
class Chip:
    """A filter as a link: it adds or takes away one category."""

    text: str
    url: str
    count: int
    current: bool
    disc: Disc | None = None


@public
def home(request: HttpRequest) -> HttpResponse:
    """Map and list in step. `?loc=beach,natural` chooses categories, `?trang=2` the page."""
    context = _places(request, reverse("pages:home"), parameters.PAGE_SIZE)
    chosen = {"category": list(context["chosen"])} if context["chosen"] else None
    context |= {
        "map_state": map_config.dumped(map_config.state(chosen=chosen)),
        "map_config": map_config.config(chosen=chosen),
    }
    return page(request, "public/home.html", context, fragment="public/home_panel.html")


@public
def sites(request: HttpRequest) -> HttpResponse:
    """The same places as a page of words."""
    return text_page(request, "public/sites.html", _places(request, reverse("pages:sites"), size=30))


def _places(request: HttpRequest, base: str, size: int) -> dict:
    chosen = parameters.choices(request, "loc", CATEGORY)
    counts = queries.counts_by_category()
    total = sum(count for code, count in counts.items() if not chosen or code in chosen)
    window = parameters.window(request, total, size)
    filters = (("category", ",".join(chosen)),) if chosen else ()
    order = "name_en" if cards.english() else "name_vi"
    found = listing(TOURISM_SITES, FeatureQuery(filters=filters, limit=size), offset=window.offset, order=order)
    return {
        "chosen": chosen,
        "chips": _chips(base, chosen, counts),
        "cards": site_cards(found),
        "window": window,
        "page_base": f"{base}?loc={','.join(chosen)}&" if chosen else f"{base}?",
        "count_text": ngettext("%(n)s địa điểm", "%(n)s địa điểm", total) % {"n": total},
    }


def _chips(base: str, chosen: tuple[str, ...], counts: dict[str, int]) -> tuple[Chip, ...]:
    found = [Chip(gettext("Tất cả"), base, sum(counts.values()), current=not chosen)]
    for code, _, _ in CATEGORY.choices:
        codes = [other for other, _, _ in CATEGORY.choices if (other in chosen) != (other == code)]
        url = f"{base}?loc={','.join(codes)}" if codes else base
        disc = Disc(code, cards.CATEGORY_ICONS[code])
        found.append(Chip(CATEGORY.label(code), url, counts.get(code, 0), code in chosen, disc))
    return tuple(found)


def site_cards(views: list[FeatureView]) -> tuple[Card, ...]:
    """Cards that say the kind and today's commune. One SQL statement for all of them."""
    units = areas.of_codes(tuple(view.get("area_2025_code") for view in views), timezone.localdate())
    return tuple(_site_card(view, units.get(str(view.get("area_2025_code")))) for view in views)


def _site_card(view: FeatureView, unit: areas.AreaRow | None) -> Card:
    kind = cards.kind_of(view)
    return replace(
        cards.card(view, meta=f"{kind} · {cards.area_title(unit)}" if unit else kind), badges=cards.badges(view)
    )


@public
def site(request: HttpRequest, key: str) -> HttpResponse:
    view = find("tourism_sites", key)
    today = timezone.localdate()
    unit = areas.of_codes((view.get("area_2025_code"),), today).get(str(view.get("area_2025_code")))
    former = _former(view, unit)
    context = {
        "unit": cards.area_card(unit) if unit else None,
        "former": former,
        "facts": _site_facts(view),
        "near": _near(view),
        "structured": _structured(request, view, unit),
    }
    return answer(request, view, "public/site.html", context)


@public
def site_json(request: HttpRequest, key: str) -> HttpResponse:
    return as_json(request, find("tourism_sites", key))


@dataclass(frozen=True)
class Former:
    """The unit the place was in before: “Phường Hàm Tiến, Thành phố Phan Thiết”, until its last day."""

    title: str
    url: str
    until: str


def _former(view: FeatureView, unit: areas.AreaRow | None) -> Former | None:
    """The commune of 2015 with its district; None when it is the unit of today."""
    key = str(view.get("commune_2015_key") or "")
    old = areas.by_keys((key,)).get(key)
    if old is None or old.valid_to is None or (unit and unit.key == old.key):
        return None
    parent = areas.by_keys((old.parent_key,)).get(str(old.parent_key))
    title = ", ".join(cards.area_title(area) for area in (old, parent) if area)
    return Former(title, feature_url("areas", old.key), wording.last_day(old.valid_to))


def _site_facts(view: FeatureView) -> tuple[Fact, ...]:
    """What is known of the place. Opening hours and prices nobody confirmed are said to be missing, not shown."""
    found = list(facts(view, "other_names_vi", "category"))
    if view.get("relic_rank"):
        checked = view.get("rank_status") == "verified"
        badge = None if checked else Badge("unverified", gettext("chưa kiểm chứng"))
        found.append(
            Fact(
                gettext("Xếp hạng di tích"),
                view.collection.field("relic_rank").label(view.get("relic_rank")),
                badge=badge,
            )
        )
    if view.point:
        found.append(position_fact(view))
    unknown = Badge("unverified", gettext("chưa có thông tin được kiểm chứng"))
    found.append(Fact(gettext("Giờ mở cửa, giá vé"), "", badge=unknown))
    return tuple(found)


def _near(view: FeatureView) -> tuple[Card, ...]:
    """At most five other places within five kilometres, nearest first."""
    if view.point is None:
        return ()
    found = queries.near(*view.point, within_m=NEAR_M, without=view.key, limit=5)
    views = (
        {other.key: other for other in listing(TOURISM_SITES, FeatureQuery(keys=tuple(n.key for n in found)))}
        if found
        else {}
    )
    return tuple(cards.card(views[n.key], aside=wording.distance(n.distance_m)) for n in found if n.key in views)


def _structured(request: HttpRequest, view: FeatureView, unit: areas.AreaRow | None) -> dict:
    """schema.org TouristAttraction for search engines: only what the page says too."""
    found = {
        "@context": "https://schema.org",
        "@type": "TouristAttraction",
        "name": view.name,
        "alternateName": view.get("name_en"),
        "url": request.build_absolute_uri(request.path),
        "geo": view.point and {"@type": "GeoCoordinates", "longitude": view.point[0], "latitude": view.point[1]},
        "address": {
            "@type": "PostalAddress",
            "addressLocality": unit.full_name_vi if unit else None,
            "addressRegion": "Lâm Đồng",
            "addressCountry": "VN",
        },
    }
    return {name: value for name, value in found.items() if value}
