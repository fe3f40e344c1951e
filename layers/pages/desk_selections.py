"""Selections of parcels on the desk: the list of them, the workbench of one, and what its buttons do."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from layers.access.reader import Reader
from layers.collections import registry
from layers.collections.areas import queries as areas
from layers.collections.parcels.collection import CERTIFICATES, STATUSES
from layers.collections.parcels.queries import land_use_names
from layers.collections.planning_zones.themes import THEMES
from layers.errors import Fault, Invalid, NotFound
from layers.pages import cards, desk_files, desk_question, map_config, parameters, wording
from layers.pages.answers import STATUS, is_fragment
from layers.pages.desk import desk
from layers.pages.desk_question import Form, Group
from layers.pages.links import desk_parcel_url
from layers.reading import selection_rows, selections
from layers.reading.selection_rows import ORDERS, Row, Totals
from layers.reading.selections import Mode, Picked

PAGE_SIZE = 50


@dataclass(frozen=True)
class ParcelRow:
    url: str
    key: str
    title: str
    unit: str
    sheet_no: int
    parcel_no: int
    land_use: str
    legal_use: str
    area: str
    legal_area: str
    zone: str
    certificate: str
    status: str
    point: tuple[float, float]


@dataclass(frozen=True)
class UseRow:
    code: str
    name: str
    count: str
    area: str
    share: str


@dataclass(frozen=True)
class Column:
    """A heading of the table that sorts by itself. `url` sorts; `sorted` is ascending, descending or empty. A phone has
    no room for those that are `minor`: they stand on the parcel's sheet."""

    title: str
    url: str
    sorted: str
    number: bool = False
    minor: bool = False


@dataclass(frozen=True)
class UnitGroup:
    title: str
    units: tuple[tuple[str, str], ...]


@desk("GET", "POST")
def selections_page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """One's selections and the agency's shared ones; POST starts a new one and leads to it."""
    if request.method == "POST":
        return redirect("desk:selection", selections.start(reader))
    kept = selections.mine(reader)
    context = {
        "reader": reader,
        "own": [each for each in kept if each.own and each.title],
        "scratch": [each for each in kept if each.own and not each.title],
        "shared": [each for each in kept if not each.own],
        "days": selections.SCRATCH_DAYS,
    }
    return render(request, "desk/selections.html", context)


@desk("GET")
def selection_page(request: HttpRequest, reader: Reader, selection_id: str) -> HttpResponse:
    """The workbench: what is picked, and the form that asks."""
    return _workbench(request, reader, selection_id, desk_question.read(request.GET))


@desk("POST")
def ask(request: HttpRequest, reader: Reader, selection_id: str) -> HttpResponse:
    """Let the form change the selection. What cannot be asked stays in the form, with the reason at its field.

    `more-groups` only shows a form with one more group. A map may give the whole question as CQL2 in `question`.
    """
    form = desk_question.read(request.POST)
    if "more-groups" in request.POST:
        wider = replace(form, groups=(*form.groups, Group())[: desk_question.MOST_GROUPS])
        if is_fragment(request):
            context = {"picked": selections.selection(selection_id, reader), "form": wider, **_choices()}
            return render(request, "desk/selection_form.html", context)
        return _workbench(request, reader, selection_id, wider)
    try:
        mode = _mode(request.POST.get("mode", "new"))
        asked = request.POST.get("question") or json.dumps(desk_question.question(form, reader))
        selections.ask(selection_id, asked, mode, reader)
    except Invalid as fault:
        return _workbench(request, reader, selection_id, form, fault=fault)
    if is_fragment(request):
        return _workbench(request, reader, selection_id, form)
    return _to(selection_id, form)


@desk("POST")
def step(request: HttpRequest, reader: Reader, selection_id: str, verb: str) -> HttpResponse:
    """`lui` (undo), `lam-lai` (redo) or `xoa-chon` (clear); the form stays as it was."""
    verbs = {"lui": selections.undo, "lam-lai": selections.redo, "xoa-chon": selections.clear}
    if verb not in verbs:
        raise NotFound(gettext("Không có việc này."))
    verbs[verb](selection_id, reader)
    form = desk_question.read(request.POST)
    if is_fragment(request):
        return _workbench(request, reader, selection_id, form)
    return _to(selection_id, form)


@desk("POST")
def save(request: HttpRequest, reader: Reader, selection_id: str) -> HttpResponse:
    try:
        shared = request.POST.get("shared") == "yes"
        selections.save(selection_id, request.POST.get("title", ""), shared=shared, by=reader)
    except Invalid as fault:
        return _workbench(request, reader, selection_id, Form(), fault=fault)
    return redirect("desk:selection", selection_id)


@desk("POST")
def discard(request: HttpRequest, reader: Reader, selection_id: str) -> HttpResponse:
    selections.discard(selection_id, reader)
    return redirect("desk:selections")


@desk("GET")
def places_json(request: HttpRequest, reader: Reader, selection_id: str) -> HttpResponse:
    """For the map: `[key, longitude, latitude]` of each parcel picked."""
    found = selection_rows.places(selection_id, reader)
    return JsonResponse({"places": found}, json_dumps_params={"separators": (",", ":")})


@desk("GET")
def selection_json(request: HttpRequest, reader: Reader, selection_id: str) -> HttpResponse:
    """The selection for machines: steps as CQL2 (OGC), totals, and a page of keys (`?trang=`)."""
    picked = selections.selection(selection_id, reader)
    totals = selection_rows.totals(selection_id, reader)
    window = parameters.window(request, totals.count, PAGE_SIZE)
    rows = selection_rows.rows(selection_id, reader, offset=window.offset, limit=PAGE_SIZE)
    return JsonResponse(
        {
            "title": picked.title,
            "question": picked.question,
            "steps": [
                {"mode": each.mode, "filter": json.loads(each.question) if each.question else None,
                 "filter-lang": "cql2-json", "numberMatched": each.found, "selected": each.count}
                for each in picked.steps
            ],
            "numberMatched": totals.count,
            "numberReturned": len(rows),
            "area_m2": round(totals.area_m2, 1),
            "land_uses": [
                {"code": use.code, "count": use.count, "area_m2": round(use.area_m2, 1)} for use in totals.uses
            ],
            "synthetic": totals.synthetic,
            "parcels": [row.key for row in rows],
        },
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


def _mode(text: str) -> Mode:
    try:
        return Mode(text)
    except ValueError:
        raise Invalid(gettext("Hãy chọn: chọn mới, thêm, bớt hoặc chỉ giữ."), parameter="mode") from None


def _to(selection_id: str, form: Form) -> HttpResponse:
    address = reverse("desk:selection", args=[selection_id])
    filled = urlencode(form.address())
    return HttpResponseRedirect(f"{address}?{filled}#ket-qua" if filled else f"{address}#ket-qua")


# ---- the page


def _workbench(
    request: HttpRequest, reader: Reader, selection_id: str, form: Form, *, fault: Fault | None = None
) -> HttpResponse:
    picked = selections.selection(selection_id, reader)
    context = _result(request, reader, picked, form) | {
        "form": form,
        "fault": fault.message if fault else "",
        "field": (fault.parameter or "") if fault else "",
    }
    if is_fragment(request):
        template = "desk/selection_result.html"
    else:
        template = "desk/selection.html"
        context |= _choices() | {"map_config": _map(context["totals"])}
    return render(request, template, context, status=STATUS[type(fault)] if fault else HTTPStatus.OK)


def _result(request: HttpRequest, reader: Reader, picked: Picked, form: Form) -> dict[str, object]:
    totals = selection_rows.totals(picked.id, reader)
    order = request.GET.get("xep", "number")
    descending = request.GET.get("giam") == "1"
    window = _window(request, totals.count)
    rows = selection_rows.rows(
        picked.id, reader, order=order if order in ORDERS else "number", descending=descending, offset=window.offset,
        limit=PAGE_SIZE,
    )  # fmt: skip
    base = reverse("desk:selection", args=[picked.id])
    filled = form.address()
    sorting = _sorting(order, descending)
    return {
        "reader": reader,
        "picked": picked,
        "totals": totals,
        "count_text": _count_text(totals),
        "synthetic_text": _synthetic_text(totals),
        "area_text": wording.area(totals.area_m2),
        "uses": _uses(totals),
        "rows": tuple(map(_row, rows)),
        "columns": _columns(base, filled, order, descending),
        "window": window,
        "page_base": f"{base}?{urlencode(filled | sorting)}&" if filled or sorting else f"{base}?",
        "forms": desk_files.FORMS,
        "in_background": totals.count > desk_files.AT_ONCE,
        "state": map_config.dumped(
            {
                "places_url": reverse("desk:selection_places", args=[picked.id]),
                "box": totals.box,
                "step": len(picked.steps),
                "address": urlencode(filled | sorting),
            }
        ),
    }


def _sorting(order: str, descending: bool) -> dict[str, str]:
    """For the address; the usual order needs no words."""
    if order not in ORDERS or (order == "number" and not descending):
        return {}
    return {"xep": order} | ({"giam": "1"} if descending else {})


def _window(request: HttpRequest, total: int) -> parameters.Window:
    """The page asked for; the last one when the selection shrank meanwhile."""
    number = parameters.whole_number(request.GET.get("trang", "")) or 1
    pages = parameters.Window(1, total, PAGE_SIZE).pages
    return parameters.Window(min(number, pages), total, PAGE_SIZE)


def _count_text(totals: Totals) -> str:
    return ngettext("%(n)s thửa", "%(n)s thửa", totals.count) % {"n": wording.number(totals.count)}


def _synthetic_text(totals: Totals) -> str:
    if totals.synthetic == totals.count:
        return gettext("dữ liệu tổng hợp") if totals.count else ""
    return gettext("%(n)s là dữ liệu tổng hợp") % {"n": wording.number(totals.synthetic)} if totals.synthetic else ""


def _uses(totals: Totals) -> tuple[UseRow, ...]:
    names = land_use_names(tuple(use.code for use in totals.uses))
    return tuple(
        UseRow(
            use.code,
            cards.local(names[use.code].name_vi, names[use.code].name_en) if use.code in names else "",
            wording.number(use.count),
            wording.area(use.area_m2),
            f"{wording.number(100 * use.area_m2 / totals.area_m2, 1)} %",
        )
        for use in totals.uses
    )


def _row(row: Row) -> ParcelRow:
    certificates = {code: en if cards.english() else vi for code, vi, en in CERTIFICATES}
    statuses = {code: en if cards.english() else vi for code, vi, en in STATUSES}
    return ParcelRow(
        desk_parcel_url(row.key),
        row.key,
        gettext("Thửa %(number)s, tờ %(sheet)s") % {"number": row.parcel_no, "sheet": row.sheet_no},
        unit=cards.local(row.unit_vi, row.unit_en),
        sheet_no=row.sheet_no,
        parcel_no=row.parcel_no,
        land_use=row.land_use_now,
        legal_use=row.land_use_legal or "",
        area=wording.number(row.survey_area_m2, 1),
        legal_area=wording.number(row.legal_area_m2, 1),
        zone=f"{row.zone} {wording.number(row.zone_percent, 0)} %" if row.zone else "",
        certificate=certificates.get(row.certificate, gettext("chưa rõ")),
        status=statuses.get(row.status, row.status),
        point=row.point,
    )


def _columns(base: str, filled: dict[str, str], order: str, descending: bool) -> tuple[Column, ...]:
    """Headings; their addresses keep what is filled in the form."""
    titles = (
        ("number", gettext("Thửa"), False, False),
        ("unit", gettext("Xã, phường khi lập bản đồ"), False, False),
        ("area", gettext("Đo đạc (m²)"), True, False),
        ("legal_area", gettext("Pháp lý (m²)"), True, True),
        ("land_use", gettext("Hiện trạng"), False, False),
        ("", gettext("Trên giấy"), False, True),
        ("", gettext("Quy hoạch"), False, False),
        ("", gettext("Giấy chứng nhận"), False, True),
        ("status", gettext("Trạng thái"), False, True),
    )
    found = []
    for name, title, number, minor in titles:
        words = {"xep": name} | ({"giam": "1"} if name == order and not descending else {})
        now = ("descending" if descending else "ascending") if name and name == order else ""
        found.append(Column(title, f"{base}?{urlencode(filled | words)}#ket-qua" if name else "", now, number, minor))
    return tuple(found)


def _choices() -> dict[str, object]:
    """What the form offers: units of today and before, code lists, themes, layers that may bound."""
    return {
        "unit_groups": _unit_groups(),
        "certificates": [(code, en if cards.english() else vi) for code, vi, en in CERTIFICATES],
        "statuses": [(code, en if cards.english() else vi) for code, vi, en in STATUSES],
        "themes": [(theme.id, cards.local(theme.title_vi, theme.title_en)) for theme in THEMES],
        "layers": [(each.id, each.title) for each in registry.COLLECTIONS],
        "most_groups": desk_question.MOST_GROUPS,
    }


def _unit_groups() -> tuple[UnitGroup, ...]:
    """Units by the day from which they held, the latest first."""
    groups = []
    for day in sorted(areas.change_dates(), reverse=True):
        began = [unit for unit in areas.on_date(day) if unit.valid_from == day and unit.level != "province"]
        if began:
            title = gettext("Từ %(day)s") % {"day": wording.day(day)}
            groups.append(UnitGroup(title, tuple((unit.key, cards.area_title(unit)) for unit in began)))
    return tuple(groups)


def _map(totals: Totals) -> dict[str, object]:
    """The public map, beginning where the picked parcels lie."""
    config = map_config.config(shown=("planning_zones",))
    if totals.box:
        config["view"] = {"bounds": list(totals.box)}
    return config
