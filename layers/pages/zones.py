"""Planning zones: the list and the page of one."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from layers.collections.parcels.queries import land_use_names
from layers.collections.planning_zones.collection import PLANNING_ZONES
from layers.pages import cards, parameters, wording
from layers.pages.answers import public, text_page
from layers.pages.cards import Card
from layers.pages.features import Fact, answer, as_json, facts, find
from layers.pages.sites import Chip
from layers.reading import items
from layers.reading.features import FeatureView, listing
from layers.reading.query import FeatureQuery

STATUS = PLANNING_ZONES.field("status")
PAGE_SIZE = 30


@public
def zones(request: HttpRequest) -> HttpResponse:
    """Zones by name; `?tinh-trang=` chooses a status."""
    chosen = parameters.choices(request, "tinh-trang", STATUS)
    filters = (("status", ",".join(chosen)),) if chosen else ()
    query = FeatureQuery(filters=filters, limit=PAGE_SIZE)
    total = items.count(PLANNING_ZONES, query)
    window = parameters.window(request, total, PAGE_SIZE)
    order = "name_en" if cards.english() else "name_vi"
    found = listing(PLANNING_ZONES, query, offset=window.offset, order=order)
    base = reverse("pages:zones")
    context = {
        "statuses": [Chip(gettext("Tất cả"), base, 0, not chosen)]
        + [Chip(STATUS.label(code), f"{base}?tinh-trang={code}", 0, code in chosen) for code, _, _ in STATUS.choices],
        "cards": tuple(_zone_card(view) for view in found),
        "window": window,
        "page_base": f"{base}?tinh-trang={','.join(chosen)}&" if chosen else f"{base}?",
        "count_text": ngettext("%(n)s vùng quy hoạch", "%(n)s vùng quy hoạch", total) % {"n": wording.number(total)},
    }
    return text_page(request, "public/zones.html", context)


def _zone_card(view: FeatureView) -> Card:
    meta = f"{view.get('code_land_use')} · {STATUS.label(view.get('status'))}"
    return replace(cards.card(view, meta=meta), badges=())


@public
def zone(request: HttpRequest, key: str) -> HttpResponse:
    view = find("planning_zones", key)
    context = {"facts": _facts(view), "standing": ""}
    return answer(request, view, "public/zone.html", context)


@public
def zone_json(request: HttpRequest, key: str) -> HttpResponse:
    return as_json(request, find("planning_zones", key))


def _facts(view: FeatureView) -> tuple[Fact, ...]:
    code = str(view.get("code_land_use"))
    name = land_use_names((code,)).get(code)
    found = [
        Fact(
            PLANNING_ZONES.field("code_land_use").title,
            f"{code} – {cards.local(name.name_vi, name.name_en)}" if name else code,
        ),
        *facts(view, "plan_name", "decision_no", "decision_date", "status"),
    ]
    if held := wording.period(view.valid_from, view.valid_to):
        found.append(Fact(gettext("Hiệu lực"), held))
    return tuple(found)
