"""Unit, then sheet, then number: three fields that fill one after the other, by one form or by a script."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from layers.access.reader import Reader, require
from layers.access.roles import Action
from layers.collections.areas import queries as areas
from layers.collections.parcels.queries import Number
from layers.errors import Invalid, NotFound
from layers.pages import cards, parameters, wording
from layers.pages.desk import desk
from layers.pages.parameters import Window
from layers.reading import sheets
from layers.reading.parcel_numbers import Missing, Outcome
from layers.reading.parcel_words import missing
from layers.reading.search import Found, parcel_in
from layers.reading.sheets import Sheets
from layers.reading.units import UnitName

PAGE_SIZE = 240  # numbers
FIELDS = ("xa", "to", "thua")


@dataclass(frozen=True)
class Option:
    key: str
    title: str
    held: bool


@dataclass(frozen=True)
class OptionGroup:
    """Units of one time."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class SheetChoice:
    number: int
    url: str
    parcels: str


@dataclass(frozen=True)
class SheetGroup:
    """The sheets of one commune, by the name it had when they were made."""

    title: str
    sheets: tuple[SheetChoice, ...]


@dataclass(frozen=True)
class NumberChoice:
    number: int
    url: str
    retired: bool


@dataclass(frozen=True)
class SheetPage:
    """The numbers of one sheet, a page of them."""

    title: str
    numbers: tuple[NumberChoice, ...]
    window: Window
    base: str


@dataclass(frozen=True)
class Picker:
    """The three fields and what the next one offers. `fault` stands at `field`; `lines` say why there is nothing."""

    groups: tuple[OptionGroup, ...]
    unit: str = ""
    sheet: str = ""
    number: str = ""
    unit_title: str = ""
    sheets: tuple[SheetGroup, ...] = ()
    page: SheetPage | None = None
    lines: tuple[str, ...] = ()
    fault: str = ""
    field: str = ""
    found: Found | None = None


def picker(request: HttpRequest, reader: Reader) -> Picker:
    """As far as `?xa=&to=&thua=` go. With all three, `found` is what bears that number. Raises NotFound for a page."""
    unit, sheet, number = (parameters.free_text(request, name) for name in FIELDS)
    blank = {"groups": _groups(reader), "unit": unit, "sheet": sheet, "number": number}
    if not any(name in request.GET for name in FIELDS):
        return Picker(**blank)
    try:
        return Picker(**blank | _step(request, reader, unit, sheet, number))
    except Invalid as fault:
        return Picker(**blank, fault=fault.message, field=fault.parameter or "")


def _step(request: HttpRequest, reader: Reader, unit: str, sheet: str, number: str) -> dict[str, object]:
    offered = sheets.sheets_of(unit, reader)
    if not offered:
        raise Invalid(gettext("Hãy chọn một xã, phường trong danh sách."), parameter="xa")
    area = areas.by_keys((unit,))[unit]
    if not sheet:
        if number:
            raise Invalid(gettext("Hãy chọn số tờ trước số thửa."), parameter="to")
        return {"unit_title": _title(area), "sheets": _sheet_groups(offered), "lines": _not_digitised(offered, area)}
    sheet_no = _whole(sheet, "to")
    if number:
        return {"found": parcel_in(unit, sheet_no, _whole(number, "thua"), reader)}
    held = [each for each in offered if any(one.number == sheet_no for one in each.sheets)]
    shown: dict[str, object] = {"unit_title": _title(area)}
    if len(held) == 1:
        return shown | {"page": _sheet_page(request, sheets.numbers_on(held[0].unit.key, sheet_no, reader)[0])}
    if held:
        only = [Sheets(each.unit, tuple(s for s in each.sheets if s.number == sheet_no)) for each in held]
        several = gettext("Tờ %(sheet)s có ở mấy xã, phường. Hãy chọn đúng nơi.") % {"sheet": sheet_no}
        return shown | {"sheets": _sheet_groups(only), "lines": (several,)}
    return shown | {"lines": tuple(_no_sheet(each, area, sheet_no) for each in offered)}


def _whole(text: str, field: str) -> int:
    found = parameters.whole_number(text)
    if found is None:
        raise Invalid(gettext("Số tờ và số thửa là số nguyên, ví dụ tờ 45, thửa 123."), parameter=field)
    return found


def _groups(reader: Reader) -> tuple[OptionGroup, ...]:
    """The units of today, then those that ended, by the day they ended."""
    units, today = sheets.units(reader), timezone.localdate()
    parents = areas.by_keys(tuple({unit.area.parent_key for unit in units if unit.area.valid_to}))
    groups = []
    for ended, members in groupby(units, key=lambda unit: unit.area.valid_to):
        title = gettext("Đơn vị hiện nay")
        if ended and ended <= today:
            title = gettext("Đơn vị trước ngày %(day)s") % {"day": wording.day(ended)}
        groups.append(OptionGroup(title, tuple(_option(each, parents) for each in members)))
    return tuple(groups)


def _option(unit: sheets.Unit, parents: dict[str, areas.AreaRow]) -> Option:
    parent = parents.get(unit.area.parent_key or "")
    title = _title(unit.area) + (f", {cards.local(parent.name_vi, parent.name_en)}" if parent else "")
    return Option(unit.area.key, title, unit.held)


def _title(area: areas.AreaRow) -> str:
    """Former units say so: today's may bear the same name."""
    title = cards.area_title(area)
    return title if area.held_on(timezone.localdate()) else gettext("%(name)s (cũ)") % {"name": title}


def _unit_title(unit: UnitName) -> str:
    return gettext("%(name)s (cũ)") % {"name": unit.name} if unit.valid_to else unit.name


def _sheet_groups(offered: tuple[Sheets, ...] | list[Sheets]) -> tuple[SheetGroup, ...]:
    """Each sheet leads on in the commune it is of, so that the next step is in no doubt."""
    return tuple(
        SheetGroup(
            _unit_title(each.unit),
            tuple(
                SheetChoice(one.number, _address(each.unit.key, one.number), wording.number(one.parcels))
                for one in each.sheets
            ),
        )
        for each in offered
        if each.sheets
    )


def _address(unit_key: str, sheet_no: int) -> str:
    return f"{reverse('desk:parcels')}?{urlencode({'xa': unit_key, 'to': sheet_no})}"


def _sheet_page(request: HttpRequest, held: sheets.Numbers) -> SheetPage:
    window = parameters.window(request, len(held.numbers), PAGE_SIZE)
    shown = held.numbers[window.offset : window.offset + PAGE_SIZE]
    counted = ngettext("%(n)s thửa", "%(n)s thửa", window.total) % {"n": wording.number(window.total)}
    title = gettext("Tờ %(sheet)s, %(unit)s: %(count)s")
    return SheetPage(
        title % {"sheet": held.sheet_no, "unit": _unit_title(held.unit), "count": counted},
        tuple(_number(held.unit.key, held.sheet_no, each) for each in shown),
        window,
        f"{_address(held.unit.key, held.sheet_no)}&",
    )


def _number(unit_key: str, sheet_no: int, found: Number) -> NumberChoice:
    return NumberChoice(found.number, reverse("desk:parcel", args=[unit_key, sheet_no, found.number]), found.retired)


def _not_digitised(offered: tuple[Sheets, ...], area: areas.AreaRow) -> tuple[str, ...]:
    return tuple(_no_sheet(each, area, 0) for each in offered if not each.sheets)


def _no_sheet(each: Sheets, area: areas.AreaRow, sheet_no: int) -> str:
    now = (UnitName(area.key, area.full_name_vi, area.name_en, area.valid_to),) if each.unit.key != area.key else ()
    numbers = tuple(one.number for one in each.sheets)
    outcome = Outcome.NO_SHEET if numbers else Outcome.NOT_DIGITISED
    span = (min(numbers), max(numbers)) if numbers else None
    return missing(Missing(each.unit, now, outcome, sheet_no, 0, span))


@desk("GET")
def sheets_json(request: HttpRequest, reader: Reader) -> HttpResponse:
    """`?xa=`: the sheets of a unit, and a line that says what there is."""
    require(reader, Action.USE_DESK)
    unit = parameters.free_text(request, "xa")
    offered = sheets.sheets_of(unit, reader)
    if not offered:
        raise NotFound(gettext("Hãy chọn một xã, phường trong danh sách."), parameter="xa")
    options = [
        {"number": one.number, "hint": f"{_unit_title(each.unit)} · {_parcels(one.parcels)}"}
        for each in offered
        for one in each.sheets
    ]
    area = areas.by_keys((unit,))[unit]
    lines = _not_digitised(offered, area)
    if options:
        counted = ngettext("%(n)s tờ bản đồ.", "%(n)s tờ bản đồ.", len(options)) % {"n": wording.number(len(options))}
        lines = (counted, *lines)
    return _json({"options": options, "text": " ".join(lines)})


@desk("GET")
def numbers_json(request: HttpRequest, reader: Reader) -> HttpResponse:
    """`?xa=&to=`: the numbers of a sheet in the unit and in what went into it, and a line that says what there is."""
    require(reader, Action.USE_DESK)
    unit, sheet_no = parameters.free_text(request, "xa"), _whole(parameters.free_text(request, "to"), "to")
    held = sheets.numbers_on(unit, sheet_no, reader)
    if not held:
        found = areas.by_keys((unit,)).get(unit)
        lines = [_no_sheet(each, found, sheet_no) for each in sheets.sheets_of(unit, reader)] if found else []
        return _json({"options": [], "text": " ".join(lines)})
    options = [
        {"number": one.number, "hint": _unit_title(each.unit) if len(held) > 1 else ""}
        for each in held
        for one in each.numbers
    ]
    said = [f"{_unit_title(each.unit)}: {_parcels(len(each.numbers))} ({_span(each)})." for each in held]
    return _json({"options": options, "text": " ".join(said)})


def _parcels(number: int) -> str:
    return ngettext("%(n)s thửa", "%(n)s thửa", number) % {"n": wording.number(number)}


def _span(held: sheets.Numbers) -> str:
    first, last = held.numbers[0].number, held.numbers[-1].number
    return str(first) if first == last else f"{first}–{last}"


def _json(content: dict[str, object]) -> JsonResponse:
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})
