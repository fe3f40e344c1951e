"""The supervisor's pages: the log of looks at personal data, who looked at a parcel, and the unusual of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from layers.access import log, unusual
from layers.access.personal import Purpose
from layers.access.reader import Reader
from layers.errors import Invalid
from layers.pages.desk import desk
from layers.pages.private import address_of


@dataclass(frozen=True)
class Row:
    """One log entry in words."""

    entry: log.AccessEntry
    action: str
    purpose: str
    outcome: str


@desk("GET")
def access_log(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The newest entries of the agency; `?truoc=` goes back in time; `?thua=` is one parcel, from any agency."""
    parcel = request.GET.get("thua", "").strip()[:100]
    if parcel:
        entries = log.of_parcel(reader, parcel, address_of(request))
    else:
        entries = log.recent(reader, address_of(request), before=_before(request))
    context = {
        "reader": reader,
        "rows": [_row(entry) for entry in entries],
        "parcel": parcel,
        "older": entries[-1].id if len(entries) == log.PAGE and not parcel else None,
    }
    return render(request, "desk/access_log.html", context)


@desk("GET")
def unusual_looks(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What the rules find in `?thang=2026-11` (this month)."""
    month = _month(request)
    findings = unusual.monthly(reader, month, address_of(request))
    groups = [
        (unusual.rule_title(rule), [finding for finding in findings if finding.rule == rule]) for rule in unusual.RULES
    ]
    context = {"reader": reader, "month": month, "groups": groups, "none": not findings}
    return render(request, "desk/unusual.html", context)


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
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid(gettext("Tháng phải có dạng 2026-11."), parameter="thang") from None


def _row(entry: log.AccessEntry) -> Row:
    actions = {
        "masked": gettext("Xem dạng che bớt"),
        "reveal": gettext("Xem đầy đủ"),
        "search": gettext("Tìm theo tên, số"),
        "log_read": gettext("Xem nhật ký"),
        "sign_in": gettext("Đăng nhập"),
    }
    purposes = dict(Purpose.choices)
    return Row(
        entry,
        action=actions[entry.action],
        purpose=str(purposes.get(entry.purpose, entry.purpose)),
        outcome=gettext("Được") if entry.allowed else _refusal(entry.reason),
    )


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
