"""Parcels for everybody: the search form and the public page. Never the user of the land."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from layers.access.reader import PUBLIC, Reader, require_read
from layers.collections.areas import queries as areas
from layers.collections.areas.queries import AreaRow
from layers.collections.parcels import lineage, queries
from layers.collections.parcels.collection import PARCELS
from layers.errors import Invalid
from layers.pages import cards, parameters, parcel_history, wording
from layers.pages.answers import failure, public, text_page
from layers.pages.cards import Card
from layers.pages.features import Fact, answer, as_json, find
from layers.pages.links import public_parcel_url
from layers.reading import items
from layers.reading.features import FeatureView, listing
from layers.reading.query import FeatureQuery

PAGE_SIZE = 60
LAND_USES = ("land_use_now", "land_use_legal", "land_use_before")


@dataclass(frozen=True)
class Way:
    """For whom a parcel is looked up, and where the answer leads: a parcel's page by key, the name of the search."""

    reader: Reader
    link: Callable[[str], str]
    search: str


PUBLIC_WAY = Way(PUBLIC, public_parcel_url, "pages:parcels")


@dataclass(frozen=True)
class LandUse:
    """A land type of the parcel: what it is of, code and name from the code list."""

    title: str
    code: str
    name: str


@dataclass(frozen=True)
class Option:
    """A commune in the form."""

    key: str
    title: str
    chosen: bool


@public
def parcels(request: HttpRequest) -> HttpResponse:
    """Form: commune, sheet, number. With all three it leads to the parcel; with fewer it lists what can be chosen."""
    require_read(PUBLIC, PARCELS)
    area_key, sheet, number = (parameters.free_text(request, name).replace("/", "") for name in ("xa", "to", "thua"))
    if area_key and sheet and number:
        numbers(sheet, number)
        return HttpResponseRedirect(reverse("pages:parcel", args=[area_key, sheet, number]))
    held = queries.communes()
    units = areas.by_keys(held)
    options = [Option(key, dated(unit), key == area_key) for key, unit in units.items()]
    context = {
        "communes": sorted(options, key=lambda option: option.title),
        "area": dated(units[area_key]) if area_key in units else "",
        "area_key": area_key,
        "sheet": sheet,
        "sheets": queries.sheets(area_key) if area_key and not sheet else (),
        "field_error": _unknown_commune(area_key, units),
    }
    if area_key and sheet:
        context |= _sheet(request, area_key, sheet)
    return text_page(request, "public/parcels.html", context)


def numbers(sheet: str, number: str) -> tuple[int, int]:
    found = parameters.whole_number(sheet), parameters.whole_number(number)
    if None in found:
        raise Invalid(gettext("Số tờ và số thửa là số nguyên, ví dụ tờ 45, thửa 123."), parameter="thua")
    return found


def _unknown_commune(area_key: str, units: dict[str, AreaRow]) -> str:
    if not area_key or area_key in units:
        return ""
    return gettext("Xã, phường này chưa được số hóa trên bản đồ.")


def _sheet(request: HttpRequest, area_key: str, sheet: str) -> dict:
    """Parcels of today of one sheet, a page of them."""
    numbers(sheet, "0")
    query = FeatureQuery(filters=(("area_key", area_key), ("sheet_no", sheet), ("status", "active")), limit=PAGE_SIZE)
    window = parameters.window(request, items.count(PARCELS, query), PAGE_SIZE)
    found = listing(PARCELS, query, offset=window.offset, order="parcel_no")
    return {
        "parcels": tuple(replace(parcel_card(view), meta=wording.area(view.get("survey_area_m2"))) for view in found),
        "window": window,
        "page_base": f"{reverse('pages:parcels')}?xa={area_key}&to={sheet}&",
        "sheet_text": ngettext("Tờ %(sheet)s: %(n)s thửa", "Tờ %(sheet)s: %(n)s thửa", window.total)
        % {"sheet": sheet, "n": wording.number(window.total)},
    }


def parcel_card(view: FeatureView) -> Card:
    return cards.card(view, aside=str(view.get("land_use_now")))


def dated(unit: AreaRow) -> str:
    """Name with its period when the unit is no more: codes and names were given again later."""
    title = cards.area_title(unit)
    if unit.held_on(timezone.localdate()):
        return title
    return gettext("%(name)s (cũ, đến hết %(day)s)") % {"name": title, "day": wording.last_day(unit.valid_to)}


@public
def parcel(request: HttpRequest, area_key: str, sheet: str, number: str) -> HttpResponse:
    require_read(PUBLIC, PARCELS)
    sheet_no, parcel_no = numbers(sheet, number)
    place = queries.place(area_key, sheet_no, parcel_no)
    if place.key is None:
        return not_held(request, area_key, sheet_no, parcel_no, place)
    view = find("parcels", place.key)
    if view.get("status") == "retired":
        return retired(request, view)
    then, now = units_of(view)
    context = {
        "facts": facts_of(view),
        "uses": land_uses(view),
        "then": cards.area_card(then, meta=wording.period(then.valid_from, then.valid_to)) if then else None,
        "now": tuple(cards.area_card(unit) for unit in now),
    }
    return answer(request, view, "public/parcel.html", context)


@public
def parcel_json(request: HttpRequest, area_key: str, sheet: str, number: str) -> HttpResponse:
    require_read(PUBLIC, PARCELS)
    place = queries.place(area_key, *numbers(sheet, number))
    if place.key is None:
        return failure(request, HTTPStatus.NOT_FOUND, _absence(area_key, int(sheet), int(number), place))
    view = find("parcels", place.key)
    return retired(request, view) if view.get("status") == "retired" else as_json(request, view)


def units_of(view: FeatureView) -> tuple[AreaRow | None, tuple[AreaRow, ...]]:
    """The commune when the sheet was made, and the units of today on its land."""
    key = str(view.get("area_key"))
    return areas.by_keys((key,)).get(key), areas.today_of((key,), timezone.localdate()).get(key, ())


def facts_of(view: FeatureView) -> tuple[Fact, ...]:
    legal, survey = view.get("legal_area_m2"), view.get("survey_area_m2")
    found = [
        Fact(gettext("Thửa đất số"), str(view.get("parcel_no"))),
        Fact(gettext("Tờ bản đồ số"), str(view.get("sheet_no"))),
        Fact(
            gettext("Mã thửa đất"),
            str(view.get("geohash")),
            note=gettext("12 ký tự, cấp một lần theo Thông tư 19/2026"),
        ),
    ]
    if legal is None:
        found.append(Fact(gettext("Diện tích pháp lý"), gettext("chưa có số liệu")))
    else:
        found.append(Fact(gettext("Diện tích pháp lý"), wording.area(legal), note=gettext("trên giấy tờ")))
    found.append(Fact(gettext("Diện tích đo đạc"), wording.area(survey), note=_difference(legal, survey)))
    certificate = PARCELS.field("certificate").label(view.get("certificate"))
    found.append(Fact(gettext("Giấy chứng nhận"), certificate or gettext("chưa rõ")))
    return tuple(found)


def _difference(legal: object, survey: object) -> str:
    """How far the surveyed area is from the legal one, in words."""
    if legal is None:
        return ""
    gap = round(float(survey) - float(legal), 1)
    if gap == 0:
        return gettext("bằng diện tích pháp lý")
    percent = wording.number(abs(gap) / float(legal) * 100) if float(legal) else "–"
    text = (
        gettext("lớn hơn diện tích pháp lý %(m2)s (%(percent)s %%)")
        if gap > 0
        else gettext("nhỏ hơn diện tích pháp lý %(m2)s (%(percent)s %%)")
    )
    return text % {"m2": wording.area(abs(gap)), "percent": percent}


def land_uses(view: FeatureView) -> tuple[LandUse, ...]:
    names = queries.land_use_names(tuple(view.get(field) for field in LAND_USES))
    found = []
    for field in LAND_USES:
        if code := view.get(field):
            name = names.get(str(code))
            text = cards.local(name.name_vi, name.name_en) if name else gettext("mã không có trong danh mục")
            found.append(LandUse(PARCELS.field(field).title, str(code), text))
    return tuple(found)


def _absence(area_key: str, sheet_no: int, parcel_no: int, place: queries.Place) -> str:
    """Which of the three it is: commune not digitised, no such sheet, no such number in the sheet."""
    unit = areas.by_keys((area_key,)).get(area_key)
    words = {"commune": dated(unit) if unit else area_key[:40], "sheet": sheet_no, "number": parcel_no}
    if place.sheet_held:
        return gettext("%(commune)s có tờ %(sheet)s, nhưng trong tờ đó không có thửa %(number)s.") % words
    if place.commune_held:
        return gettext("%(commune)s không có tờ bản đồ số %(sheet)s.") % words
    if unit:
        return gettext("%(commune)s chưa được số hóa: bản đồ chưa có tờ nào của nơi này.") % words
    return gettext("Không có đơn vị hành chính nào là “%(commune)s”.") % words


def not_held(
    request: HttpRequest, area_key: str, sheet_no: int, parcel_no: int, place: queries.Place,
    *, way: Way = PUBLIC_WAY,
) -> HttpResponse:  # fmt: skip
    """404 that says which part is not there, and offers the same number in the communes this one was made from."""
    former = tuple(step.area.key for step in areas.history(area_key).predecessors if step.area)
    found = queries.numbered(former, sheet_no, parcel_no)
    views = listing(PARCELS, FeatureQuery(keys=found), way.reader) if found else []
    links = [{"title": gettext("Tra cứu thửa khác"), "url": reverse(way.search)}]
    if place.commune_held:
        links.insert(
            0, {"title": gettext("Xem các tờ của nơi này"), "url": f"{reverse('pages:parcels')}?xa={area_key}"}
        )
    return failure(
        request,
        HTTPStatus.NOT_FOUND,
        _absence(area_key, sheet_no, parcel_no, place),
        cards=_with_communes(views, way),
        title=gettext("Không tìm thấy thửa đất"),
        advice="",
        cards_title=gettext("Cùng số tờ, số thửa ở đơn vị cũ"),
        links=links,
    )


def retired(request: HttpRequest, view: FeatureView, *, way: Way = PUBLIC_WAY) -> HttpResponse:
    """410 with what took its place: by lineage, else what stands on its land; and by which document it ended."""
    found = lineage.successors(view.key)
    views = listing(PARCELS, FeatureQuery(keys=found), way.reader) if found else []
    since = wording.day(view.valid_to) if view.valid_to else ""
    message = gettext("%(parcel)s đã hủy số%(since)s. Số cũ không dùng lại.") % {
        "parcel": cards.title(view),
        "since": gettext(" từ ngày %(day)s") % {"day": since} if since else "",
    }
    ends = parcel_history.ends(view.key)
    successors = _with_communes(views, way)
    return failure(
        request,
        HTTPStatus.GONE,
        " ".join((message, *ends)),
        title=gettext("Thửa đất này không còn nữa"),
        cards=successors,
        cards_title=gettext("Thửa thay thế") if ends else gettext("Thửa hiện nay trên đất này"),
        problem={"successors": [request.build_absolute_uri(card.url) for card in successors]},
    )


def _with_communes(views: list[FeatureView], way: Way) -> tuple[Card, ...]:
    units = areas.by_keys(tuple(str(view.get("area_key")) for view in views))
    found = []
    for view in views:
        unit = units.get(str(view.get("area_key")))
        found.append(
            replace(
                parcel_card(view), meta=dated(unit) if unit else "", url=way.link(view.key), badges=cards.badges(view)
            )
        )
    return tuple(found)
