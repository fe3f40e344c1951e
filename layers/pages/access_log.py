"""The supervisor's pages: the log of looks at personal data, who looked at a parcel, and the unusual of a month."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from layers.access import log, people, unusual
from layers.access.log import Wanted
from layers.access.personal import Purpose
from layers.access.reader import Reader, may
from layers.access.roles import Action, Role
from layers.collections.areas import queries as areas
from layers.errors import Invalid
from layers.pages import cards, parameters, search_words
from layers.pages.desk import desk
from layers.pages.links import desk_parcel_url
from layers.pages.private import address_of
from layers.pages.search import parcel_card
from layers.reading.search import search_parcels

_KEY = re.compile(r"\d{5}-\d{4}-\d+-\d+")


@dataclass(frozen=True)
class Row:
    """One log entry in words. `url`: who else looked at its parcel."""

    entry: log.AccessEntry
    role: str
    agency: str
    action: str
    parcel: str
    url: str
    purpose: str
    outcome: str


@desk("GET")
def access_log(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The newest entries of the agency, as `?ai=&tu=&den=&viec=&tu-choi=1` narrow them; `?truoc=` goes back in time.

    `?thua=` is one parcel, from any agency.
    """
    if text := parameters.free_text(request, "thua")[:100]:
        return _of_parcel(request, reader, text)
    wanted, fault = _wanted(request)
    entries = log.recent(reader, address_of(request), before=_before(request), wanted=wanted)
    context = {
        "reader": reader,
        "rows": _rows(entries),
        "wanted": wanted,
        "fault": fault,
        "narrowed": wanted != log.EVERYTHING,
        "people": log.watched(reader),
        "actions": _filters(),
        "newest": f"?{_query(wanted)}" if "truoc" in request.GET else "",
        "older": f"?{_query(wanted, truoc=entries[-1].id)}" if len(entries) == log.PAGE else "",
    }
    return render(request, "desk/access_log.html", context, status=400 if fault else 200)


def _of_parcel(request: HttpRequest, reader: Reader, text: str) -> HttpResponse:
    """By key, or by what the desk's box for parcels understands; several are asked. Who may not read is refused, and
    that is logged."""
    key = text
    if may(reader, Action.READ_ACCESS_LOG) and not _KEY.fullmatch(text):
        found = search_parcels(text, reader)
        hits = found.parcels.found if found.parcels else ()
        if len(hits) != 1:
            choices = tuple(replace(parcel_card(hit), url=_looks_url(hit.key)) for hit in hits)
            lines = search_words.parcel_lines(found) or (
                gettext("Không nhận ra thửa nào. Hãy gõ như 45/123 hàm tiến."),
            )
            context = {"reader": reader, "parcel": text, "choices": choices, "lines": lines}
            return render(request, "desk/access_log.html", context, status=200 if hits else 404)
        key = hits[0].key
    rows = _rows(log.of_parcel(reader, key, address_of(request)))
    title, unit = _parcel_words({key})[key]
    context = {"reader": reader, "parcel": text, "rows": rows, "title": title, "unit": unit}
    if _KEY.fullmatch(key):
        context["sheet_url"] = desk_parcel_url(key)
    return render(request, "desk/access_log.html", context)


@desk("GET")
def unusual_looks(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What the rules find in `?thang=2026-11` (this month)."""
    month = _month(request)
    findings = unusual.monthly(reader, month, address_of(request))
    this = timezone.localdate().replace(day=1)
    following = (month + timedelta(days=31)).replace(day=1)
    parcels = _parcel_words({finding.parcel_key for finding in findings})
    groups = [
        (
            unusual.rule_title(rule),
            unusual.rule_note(rule),
            [_found(each, *parcels[each.parcel_key]) for each in findings if each.rule == rule],
        )
        for rule in unusual.RULES
    ]
    context = {
        "reader": reader,
        "month": month,
        "this": month == this,
        "previous": (month - timedelta(days=1)).replace(day=1),
        "following": following if following <= this else None,
        "groups": groups,
        "none": not findings,
    }
    return render(request, "desk/unusual.html", context)


def _found(finding: unusual.Finding, title: str, unit: str) -> tuple[unusual.Finding, str, str, str]:
    """A finding with its parcel in words, the parcel's looks, and that day's looks of that person."""
    day = _query(Wanted(finding.user_name, finding.day, finding.day))
    words = f"{title}, {unit}" if unit else title
    return finding, words, _looks_url(finding.parcel_key), f"{reverse('desk:access_log')}?{day}"


def _wanted(request: HttpRequest) -> tuple[Wanted, str]:
    """What the form asks for, and a sentence where a day or an action cannot be; then nothing is left out."""
    try:
        first, last = (parameters.day(request, name) if request.GET.get(name) else None for name in ("tu", "den"))
    except Invalid as fault:
        return log.EVERYTHING, fault.message
    if first and last and last < first:
        return log.EVERYTHING, gettext("Ngày cuối phải sau ngày đầu.")
    action = request.GET.get("viec", "")
    if action and action not in dict(_filters()):
        return log.EVERYTHING, gettext("Không có loại việc này trong danh sách.")
    person = parameters.free_text(request, "ai")[:150]
    return Wanted(person, first, last, action, refused=bool(request.GET.get("tu-choi"))), ""


def _query(wanted: Wanted, **more: object) -> str:
    asked = {"ai": wanted.person, "tu": wanted.first, "den": wanted.last, "viec": wanted.action}
    asked |= {"tu-choi": "1" if wanted.refused else ""} | more
    return urlencode({name: value for name, value in asked.items() if value})


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("truoc", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid(gettext("Số thứ tự trong địa chỉ không đúng."), parameter="truoc")
    return int(text)


def _month(request: HttpRequest) -> date:
    text = request.GET.get("thang", "")
    if not text:
        return timezone.localdate().replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        month = None
    if month is None or not 1900 <= month.year <= 9998:
        raise Invalid(gettext("Tháng phải có dạng 2026-11."), parameter="thang")
    return month


def _looks_url(parcel_key: str) -> str:
    return f"{reverse('desk:access_log')}?{urlencode({'thua': parcel_key})}" if parcel_key else ""


def _parcel_words(keys: set[str]) -> dict[str, tuple[str, str]]:
    """Title and commune by key; what is no key of a parcel stands for itself."""
    parts = {key: key.rsplit("-", 2) for key in keys if _KEY.fullmatch(key)}
    units = areas.by_keys(tuple({area for area, _, _ in parts.values()}))
    found = {key: (key, "") for key in keys}
    for key, (area, sheet, number) in parts.items():
        title = gettext("Thửa %(number)s, tờ %(sheet)s") % {"number": number, "sheet": sheet}
        found[key] = (title, cards.area_title(units[area]) if area in units else area)
    return found


def _rows(entries: list[log.AccessEntry]) -> list[Row]:
    parcels = _parcel_words({entry.parcel_key for entry in entries})
    agencies = people.agency_names({entry.agency_key for entry in entries})
    return [_row(entry, parcels[entry.parcel_key], agencies) for entry in entries]


def _row(entry: log.AccessEntry, parcel: tuple[str, str], agencies: dict[str, str]) -> Row:
    purposes = dict(Purpose.choices)
    return Row(
        entry,
        role=str(dict(Role.choices).get(entry.role, "")),
        agency=agencies.get(entry.agency_key, entry.agency_key),
        action=_actions()[entry.action],
        parcel=", ".join(part for part in parcel if part),
        url=_looks_url(entry.parcel_key),
        purpose=str(purposes.get(entry.purpose, entry.purpose)),
        outcome=gettext("Được") if entry.allowed else _refusal(entry.reason),
    )


def _actions() -> dict[str, str]:
    return {
        "masked": gettext("Xem dạng che bớt"),
        "reveal": gettext("Xem đầy đủ"),
        "search": gettext("Tìm theo tên, số"),
        "log_read": gettext("Xem nhật ký"),
        "sign_in": gettext("Đăng nhập"),
    }


def _filters() -> list[tuple[str, str]]:
    """Signing in is of no agency, so the agency's log has none to choose."""
    return [(action, title) for action, title in _actions().items() if action != "sign_in"]


def _refusal(reason: str) -> str:
    words = {
        "role": gettext("Từ chối: vai trò"),
        "not_signed_in": gettext("Từ chối: chưa đăng nhập"),
        "outside_territory": gettext("Từ chối: ngoài địa bàn"),
        "quota": gettext("Từ chối: hết hạn mức"),
        "brake": gettext("Từ chối: thử sai nhiều lần"),
        "password": gettext("Từ chối: sai mật khẩu"),
    }
    return words.get(reason) or gettext("Từ chối: thiếu hoặc sai thông tin")
