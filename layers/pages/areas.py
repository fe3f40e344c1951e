"""Administrative units: the list of a day, what a code named over time, and one unit during one period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from layers.collections.agencies import queries as agencies_asked
from layers.collections.agencies.collection import AGENCIES
from layers.collections.areas import queries
from layers.collections.areas.collection import AREAS
from layers.collections.areas.queries import AreaRow, Step
from layers.collections.tourism_sites import queries as sites_asked
from layers.collections.tourism_sites.collection import TOURISM_SITES
from layers.errors import NotFound
from layers.pages import cards, links, parameters, wording
from layers.pages.agencies import agency_card
from layers.pages.answers import public, text_page
from layers.pages.cards import Card
from layers.pages.features import Fact, answer, as_json, facts, find
from layers.reading.features import FeatureView, listing
from layers.reading.query import FeatureQuery

LEVEL = AREAS.field("level")
LEVELS = ("province", "district", "commune")
INSIDE = 12  # places and agencies shown on a unit's page


@dataclass(frozen=True)
class Group:
    """Units of one level, for the list of a day."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Passage:
    """One line of a unit's history: when, what, which unit, by which act."""

    when: str
    what: str
    card: Card | None
    resolution: str


@dataclass(frozen=True)
class Period:
    """One unit a code named, with its time."""

    card: Card
    current: bool


@public
def areas(request: HttpRequest) -> HttpResponse:
    """The units of a day, `?ngay=2015-06-01`, today's when none is given."""
    day = parameters.day(request)
    found = queries.on_date(day)
    communes = sum(unit.level == "commune" for unit in found)
    context = {
        "day": day.isoformat(),
        "is_today": day == timezone.localdate(),
        "day_text": wording.day(day),
        "groups": tuple(group for level in LEVELS if (group := _group(level, found)).cards),
        "count": communes,
        "count_text": ngettext("%(n)s xã, phường, thị trấn, đặc khu", "%(n)s xã, phường, thị trấn, đặc khu", communes)
        % {"n": communes},
        "days": tuple((change.isoformat(), wording.day(change)) for change in queries.change_dates()),
        "parents": {unit.key: unit for unit in found},
    }
    return text_page(request, "public/areas.html", context)


def _group(level: str, units: Iterable[AreaRow]) -> Group:
    by_key = {unit.key: unit for unit in units}
    chosen = [unit for unit in by_key.values() if unit.level == level]
    return Group(LEVEL.label(level), tuple(_unit_card(unit, by_key.get(str(unit.parent_key))) for unit in chosen))


def _unit_card(unit: AreaRow, parent: AreaRow | None) -> Card:
    place = f" · {cards.area_title(parent)}" if parent and parent.level == "district" else ""
    return cards.area_card(unit, meta=f"{gettext('mã')} {unit.code}{place}")


@public
def area_code(request: HttpRequest, code: str) -> HttpResponse:
    """The unit a code names; where it named several over time, a page that tells them apart."""
    found = queries.of_code(code)
    if not found:
        raise NotFound(
            gettext("Không có đơn vị hành chính nào mang mã “%(code)s”.") % {"code": parameters.printable(code)}
        )
    if len(found) == 1:
        return HttpResponseRedirect(links.feature_url("areas", found[0].key))
    today = timezone.localdate()
    context = {
        "code": code,
        "periods": tuple(
            Period(cards.area_card(unit, meta=wording.period(unit.valid_from, unit.valid_to)), unit.held_on(today))
            for unit in found
        ),
        "names": len({unit.full_name_vi for unit in found}),
    }
    return text_page(request, "public/area_code.html", context)


@public
def area_period(request: HttpRequest, code: str, year: str) -> HttpResponse:
    view = find("areas", f"{code}-{year}")
    today = timezone.localdate()
    history = queries.history(view.key)
    same_code = [unit for unit in queries.of_code(code) if unit.key != view.key]
    children = queries.children(view.key)
    context = {
        "facts": _facts(view),
        "parent": _parent(view),
        "ended": view.valid_to is not None and view.valid_to <= today,
        "standing": _standing(view, today),
        "held": wording.period(view.valid_from, view.valid_to),
        "predecessors": _passages(history.predecessors, later=False),
        "successors": _passages(history.successors, later=True),
        "same_code": tuple(
            cards.area_card(unit, meta=wording.period(unit.valid_from, unit.valid_to)) for unit in same_code
        ),
        "children": tuple(_child_card(unit) for unit in children),
        "agencies": _agencies(view.key),
        "sites": _sites(view, children, today),
    }
    return answer(request, view, "public/area.html", context)


@public
def area_json(request: HttpRequest, code: str, year: str) -> HttpResponse:
    return as_json(request, find("areas", f"{code}-{year}"))


def _standing(view: FeatureView, today: date) -> str:
    if view.valid_to and view.valid_to <= today:
        return gettext("đơn vị cũ, đến hết %(day)s") % {"day": wording.last_day(view.valid_to)}
    return ""


def _facts(view: FeatureView) -> tuple[Fact, ...]:
    found = [Fact(gettext("Mã"), str(view.get("code")), url=reverse("pages:area_code", args=[view.get("code")]))]
    found += facts(view, "type_vi") if not cards.english() else facts(view, "type_en")
    if held := wording.period(view.valid_from, view.valid_to):
        found.append(Fact(gettext("Thời gian"), held))
    found += facts(view, "resolution", "ended_by", "area_km2", "population", "seat_vi")
    if view.get("approximate"):
        note = gettext("Tính từ vị trí các xã, không phải ranh giới đo đạc")
        found.append(Fact(gettext("Ranh giới"), gettext("xấp xỉ"), note=note))
    else:
        found += facts(view, "outline_source")
    return tuple(found)


def _parent(view: FeatureView) -> Card | None:
    key = str(view.get("parent_key") or "")
    unit = queries.by_keys((key,)).get(key)
    return cards.area_card(unit) if unit else None


def _child_card(unit: AreaRow) -> Card:
    return cards.area_card(unit, meta=wording.period(unit.valid_from, unit.valid_to))


KINDS = {
    "merge": lambda: gettext("nhập vào"),
    "enlarge": lambda: gettext("mở rộng thành"),
    "split": lambda: gettext("một phần nhập vào"),
    "abolish": lambda: gettext("kết thúc"),
}
KINDS_BACK = {
    "merge": lambda: gettext("lập từ"),
    "enlarge": lambda: gettext("mở rộng từ"),
    "split": lambda: gettext("lập từ một phần của"),
}


def _passages(steps: tuple[Step, ...], *, later: bool) -> tuple[Passage, ...]:
    """Lines of history, each unit once, the nearest reform first."""
    words = KINDS if later else KINDS_BACK
    lines: dict[tuple, Passage] = {}
    for step in steps:
        card = cards.area_card(step.area, meta=_when(step.area)) if step.area else None
        kind = words.get(step.kind, lambda: gettext("thành") if later else gettext("trước là"))()
        line = Passage(wording.day(step.effective), kind, card, step.resolution or "")
        lines.setdefault((step.effective, step.area.key if step.area else None), line)
    return tuple(lines.values())


def _when(unit: AreaRow) -> str:
    return wording.period(unit.valid_from, unit.valid_to)


def _agencies(key: str) -> tuple[Card, ...]:
    found = agencies_asked.serving(key, limit=INSIDE)
    views = {view.key: view for view in listing(AGENCIES, FeatureQuery(keys=found))} if found else {}
    return tuple(agency_card(views[key]) for key in found if key in views)


def _sites(view: FeatureView, children: tuple[AreaRow, ...], today: date) -> tuple[Card, ...]:
    """Places inside: by code for a unit of today, by the commune of 2015 for a former one."""
    current = view.valid_to is None or view.valid_to > today
    code = str(view.get("code")) if current and view.get("level") == "commune" else None
    former = () if code else (view.key, *(child.key for child in children))
    found = sites_asked.inside(code, former, limit=INSIDE)
    views = {site.key: site for site in listing(TOURISM_SITES, FeatureQuery(keys=found))} if found else {}
    return tuple(replace(cards.card(views[key]), badges=cards.badges(views[key])) for key in found if key in views)
