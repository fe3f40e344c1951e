"""The search page and the suggestions under the search box: parse, ask `reading.search`, put into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from layers.collections import registry
from layers.collections.tourism_sites.collection import TOURISM_SITES
from layers.errors import Invalid, NotFound
from layers.pages import cards, map_config, parameters, search_words
from layers.pages.answers import page, public
from layers.pages.cards import Card, Disc
from layers.pages.links import feature_url
from layers.reading.parcel_numbers import ParcelHit
from layers.reading.parcel_words import parcel_title
from layers.reading.search import MAX_PAGE, Found, Group, Hit, search

PAGE_SIZE = 10  # of each group
OPTIONS = 8
OPTIONS_OF_GROUP = 4
AROUND = 0.01  # degrees shown around what was found
CATEGORY = TOURISM_SITES.field("category")


@dataclass(frozen=True)
class Section:
    """Results of one kind under their heading."""

    id: str
    title: str
    count_text: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Option:
    """One suggestion. `hint` says what it is and why it is offered."""

    url: str
    name: str
    hint: str
    disc: Disc
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class OptionGroup:
    id: str
    title: str
    options: tuple[Option, ...]


@public
def results(request: HttpRequest) -> HttpResponse:
    """`/tim/?q=&trang=`: everything found, by kind, on a list beside the map."""
    number = _page_number(request)
    found = search(request.GET.get("q", ""), limit=PAGE_SIZE, page=number)
    sections = _sections(found, first_page=number == 1)
    if number > 1 and not sections:
        raise NotFound(gettext("Kết quả không có trang này."), parameter="trang")
    state = map_config.state() | _looking_at(found)
    context = {
        "found": found,
        "search_text": found.typed.text,
        "count_text": ngettext("%(n)s kết quả", "%(n)s kết quả", found.total) % {"n": found.total},
        "sections": sections,
        "near": tuple(hit_card(hit) for hit in found.near),
        "parcel_lines": search_words.parcel_lines(found),
        "identifier_url": search_words.map_url(*found.parcels.point) if found.parcels and found.parcels.point else "",
        "place": search_words.place(found.place) if found.place else None,
        "previous_url": _address(found, number - 1) if number > 1 else "",
        "next_url": _address(found, number + 1) if found.more and number < MAX_PAGE else "",
        "map_state": map_config.dumped(state),
        "map_config": map_config.config(),
    }
    if bounds := state.get("bounds"):
        context["map_config"] |= {"view": {"bounds": bounds}, "selected": state["selected"]}
    return page(request, "public/search.html", context, fragment="public/search_panel.html")


@public
def suggestions(request: HttpRequest) -> HttpResponse:
    """`/tim/goi-y/?q=`: at most eight options in groups of at most four, and the way to all results."""
    found = search(request.GET.get("q", ""), limit=OPTIONS_OF_GROUP, near=False)
    groups = _shared_out(_option_groups(found))
    context = {"groups": groups, "text": found.typed.text, "all_url": _address(found, 1)}
    return render(request, "public/suggestions.html", context)


def _page_number(request: HttpRequest) -> int:
    number = parameters.whole_number(request.GET.get("trang", "") or "1")
    if not number or number > MAX_PAGE:
        raise Invalid(gettext("Số trang phải từ 1 đến %(most)s.") % {"most": MAX_PAGE}, parameter="trang")
    return number


def _address(found: Found, number: int) -> str:
    query = {"q": found.typed.text} | ({"trang": number} if number > 1 else {})
    return f"{reverse('pages:search')}?{urlencode(query)}"


def _sections(found: Found, *, first_page: bool) -> tuple[Section, ...]:
    sections = []
    if first_page and found.parcels and found.parcels.found:
        parcels = found.parcels.found
        shown = tuple(parcel_card(parcel) for parcel in parcels)
        sections.append(Section("parcels", gettext("Thửa đất"), str(len(parcels)), shown))
    if first_page and found.categories:
        shown = tuple(category_card(code) for code in found.categories)
        sections.append(Section("categories", gettext("Loại địa điểm"), str(len(shown)), shown))
    for group in found.groups:
        sections.append(Section(group.id, _title(group), _count(group), tuple(hit_card(hit) for hit in group.hits)))
    return tuple(sections)


def _title(group: Group) -> str:
    return gettext("Thủ tục") if group.id == "procedures" else registry.get(group.id).title


def _count(group: Group) -> str:
    """“34”, or “11–20 / 34” when not all are here."""
    if len(group.hits) == group.total:
        return str(group.total)
    return f"{group.offset + 1}–{group.offset + len(group.hits)} / {group.total}"


def hit_card(hit: Hit) -> Card:
    return Card(
        url=hit_url(hit),
        title=hit.name,
        disc=_disc(hit),
        meta=search_words.kind(hit),
        why=search_words.reason(hit),
        collection="" if hit.group == "procedures" else hit.group,
        key=hit.key,
        point=hit.point,
        badges=search_words.badges(hit),
    )


def hit_url(hit: Hit) -> str:
    if hit.group == "procedures":
        return reverse("pages:procedure", args=[hit.key])
    return feature_url(hit.group, hit.key)


def parcel_card(parcel: ParcelHit) -> Card:
    return Card(
        url=feature_url("parcels", parcel.key),
        title=parcel_title(parcel),
        disc=Disc(*cards.DISCS["parcels"]),
        meta=search_words.unit_and_today(parcel.unit, parcel.unit_now),
        why=gettext("đọc ngược: số đầu là thửa, số sau là tờ") if parcel.swapped else "",
        collection="parcels",
        key=parcel.key,
        point=parcel.point,
        badges=search_words.parcel_badges(parcel),
    )


def category_card(code: str) -> Card:
    return Card(
        url=f"{reverse('pages:home')}?loc={code}",
        title=CATEGORY.label(code),
        disc=Disc(code, cards.CATEGORY_ICONS[code]),
        meta=gettext("xem tất cả địa điểm loại này"),
    )


def _disc(hit: Hit) -> Disc:
    """The same disc as the feature's own page has."""
    if hit.group == "tourism_sites":
        category = hit.details.get("category") or "attraction"
        fallback = cards.CATEGORY_ICONS.get(category, "star")
        return Disc(category, cards.SITE_ICONS.get(hit.details.get("subcategory"), fallback))
    if hit.group == "agencies":
        return Disc("agency", cards.AGENCY_ICONS.get(hit.details.get("kind"), "town-hall"))
    if hit.group == "procedures":
        return Disc("procedure", "document")
    return Disc(*cards.DISCS.get(hit.group, ("area", "pin")))


def _looking_at(found: Found) -> dict[str, object]:
    """`bounds` of everything found, for the map to look there; a place given by coordinates is marked (`selected`)."""
    looking: dict[str, object] = {}
    points = [hit.point for group in found.groups for hit in group.hits if hit.point]
    points += [parcel.point for parcel in (found.parcels.found if found.parcels else ()) if parcel.point]
    if found.place and found.place.point.in_province:
        at = (found.place.point.longitude, found.place.point.latitude)
        points.append(at)
        looking["selected"] = {"collection": "", "key": "", "bbox": [*at, *at]}
    if not points:
        return looking
    lons, lats = zip(*points, strict=True)
    corners = min(lons) - AROUND, min(lats) - AROUND, max(lons) + AROUND, max(lats) + AROUND
    return looking | {"bounds": [round(corner, 5) for corner in corners]}


def _option_groups(found: Found) -> list[OptionGroup]:
    groups = []
    if found.place:
        groups.append(OptionGroup("place", gettext("Tọa độ"), (_place_option(found),)))
    for section in _sections(found, first_page=True):
        options = tuple(_option(card) for card in section.cards[:OPTIONS_OF_GROUP])
        groups.append(OptionGroup(section.id, section.title, options))
    return groups


def _place_option(found: Found) -> Option:
    place = search_words.place(found.place)
    hint = " · ".join(unit.name for unit in place.today) or place.system
    return Option(_address(found, 1), place.degrees, hint, Disc("area", "pin"), place.point)


def _option(card: Card) -> Option:
    return Option(card.url, card.title, card.why or card.meta, card.disc, card.point)


def _shared_out(groups: Iterable[OptionGroup]) -> tuple[OptionGroup, ...]:
    """One more for each group in turn, so that no kind takes all the places from the others."""
    groups = list(groups)
    shares = dict.fromkeys(range(len(groups)), 0)
    for turn in range(1, OPTIONS_OF_GROUP + 1):
        for number, group in enumerate(groups):
            if len(group.options) >= turn and sum(shares.values()) < OPTIONS:
                shares[number] = turn
    return tuple(
        OptionGroup(group.id, group.title, group.options[: shares[number]])
        for number, group in enumerate(groups)
        if shares[number]
    )
