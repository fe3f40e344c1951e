"""The list of agencies and the page of one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from layers.collections.agencies import queries
from layers.collections.agencies.collection import AGENCIES
from layers.collections.areas import queries as areas
from layers.pages import cards, parameters, wording
from layers.pages.answers import public, text_page
from layers.pages.cards import Badge, Card
from layers.pages.features import Fact, answer, as_json, facts, find, position_fact
from layers.pages.procedures import line
from layers.pages.sites import Chip
from layers.procedures import catalogue
from layers.reading import items
from layers.reading.features import FeatureView, listing
from layers.reading.query import FeatureQuery, Period

KIND = AGENCIES.field("kind")
FOLLOWED = ("people_committee", "one_stop", "land_registry")  # kinds that pass with the territory they serve
PAGE_SIZE = 30


@dataclass(frozen=True)
class Served:
    """Units an agency serves or sits in, and where its work went when it ended."""

    areas: tuple[Card, ...]
    followers: tuple[Card, ...]
    areas_today: tuple[Card, ...]


@public
def agencies(request: HttpRequest) -> HttpResponse:
    """Agencies of today by name; `?loai=` chooses kinds, `?cu=1` shows those that ended too."""
    chosen = parameters.choices(request, "loai", KIND)
    ended = request.GET.get("cu") == "1"
    query = FeatureQuery(
        filters=(("kind", ",".join(chosen)),) if chosen else (),
        period=None if ended else Period(timezone.localdate(), None),
        limit=PAGE_SIZE,
    )
    total = items.count(AGENCIES, query)
    window = parameters.window(request, total, PAGE_SIZE)
    found = listing(AGENCIES, query, offset=window.offset, order="name_en" if cards.english() else "name_vi")
    base = f"{reverse('pages:agencies')}?{'cu=1&' if ended else ''}"
    context = {
        "kinds": [Chip(gettext("Tất cả"), base.rstrip("?&"), 0, not chosen)]
        + [Chip(KIND.label(code), f"{base}loai={code}", 0, code in chosen) for code, _, _ in KIND.choices],
        "cards": tuple(agency_card(view) for view in found),
        "window": window,
        "page_base": f"{base}loai={','.join(chosen)}&" if chosen else base,
        "ended": ended,
        "count_text": ngettext("%(n)s cơ quan", "%(n)s cơ quan", total) % {"n": total},
    }
    return text_page(request, "public/agencies.html", context)


def agency_card(view: FeatureView) -> Card:
    parts = [cards.kind_of(view), standing(view)]
    badges = () if view.point else (Badge("unverified", gettext("chưa rõ vị trí")),)
    return replace(cards.card(view, meta=" · ".join(part for part in parts if part)), badges=badges)


def standing(view: FeatureView) -> str:
    """Whether it still works: empty, or until when it did."""
    today = timezone.localdate()
    if view.valid_to and view.valid_to <= today:
        return gettext("đã kết thúc, hoạt động đến hết %(day)s") % {"day": wording.last_day(view.valid_to)}
    if view.valid_from and view.valid_from > today:
        return gettext("bắt đầu từ %(day)s") % {"day": wording.day(view.valid_from)}
    return ""


@public
def agency(request: HttpRequest, key: str) -> HttpResponse:
    view = find("agencies", key)
    served = _served(view)
    until = wording.last_day(view.valid_to) if _ended(view) else ""
    handled = () if until else catalogue.handled_by(view.key, on=timezone.localdate())
    context = {
        "facts": _facts(view),
        "served": served,
        "standing": standing(view),
        "until": until,
        "handled": tuple(line(row) for row in handled),
    }
    return answer(request, view, "public/agency.html", context)


@public
def agency_json(request: HttpRequest, key: str) -> HttpResponse:
    return as_json(request, find("agencies", key))


def _facts(view: FeatureView) -> tuple[Fact, ...]:
    found = list(facts(view, "kind", "level", "address_vi", "phone"))
    if website := view.get("website"):
        checked = view.get("website_status") == "verified"
        badge = None if checked else Badge("unverified", gettext("chưa kiểm chứng"))
        url = str(website) if str(website).startswith(("https://", "http://")) else ""  # no other scheme becomes a link
        found.append(Fact(gettext("Trang web"), str(website), url=url, badge=badge))
    if held := wording.period(view.valid_from, view.valid_to):
        found.append(Fact(gettext("Thời gian hoạt động"), held))
    if view.point:
        found.append(position_fact(view))
    else:
        found.append(Fact(gettext("Vị trí"), gettext("Chưa rõ vị trí, nên không vẽ trên bản đồ")))
    return tuple(found)


def _served(view: FeatureView) -> Served:
    keys = tuple(dict.fromkeys([view.get("area_key"), *str(view.get("serves_keys") or "").split(";")]))
    units = areas.by_keys(tuple(str(key) for key in keys if key))
    return Served(
        areas=tuple(_unit_card(unit) for unit in units.values()),
        followers=_followers(view, tuple(units)),
        areas_today=_areas_today(view, units),
    )


def _unit_card(unit: areas.AreaRow) -> Card:
    return cards.area_card(unit, meta=wording.period(unit.valid_from, unit.valid_to))


def _followers(view: FeatureView, keys: tuple[str, ...]) -> tuple[Card, ...]:
    """Agencies of the same kind that serve what became of its units; none for kinds that do not pass that way."""
    if not _ended(view) or view.get("kind") not in FOLLOWED:
        return ()
    today = areas.today_of(keys, timezone.localdate())
    wanted = tuple(unit.key for units in today.values() for unit in units)
    found = queries.serving_any(wanted, str(view.get("kind")), str(view.get("level")))
    return tuple(agency_card(other) for other in listing(AGENCIES, FeatureQuery(keys=found))) if found else ()


def _areas_today(view: FeatureView, units: dict[str, areas.AreaRow]) -> tuple[Card, ...]:
    """For an ended agency of a district: the communes of today on its land."""
    if not _ended(view) or view.get("level") != "district":
        return ()
    children = tuple(child.key for child in areas.children(*units))
    today = areas.today_of(children, timezone.localdate())
    found = {unit.key: unit for units_of in today.values() for unit in units_of}
    return tuple(_unit_card(unit) for unit in sorted(found.values(), key=lambda unit: unit.code))


def _ended(view: FeatureView) -> bool:
    return view.valid_to is not None and view.valid_to <= timezone.localdate()
