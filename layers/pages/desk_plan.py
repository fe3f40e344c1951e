"""The planning fact sheet in words: the numbers of `reports.fact_sheet`, the same for page and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext

from layers.access.reader import Reader
from layers.collections.planning_zones import queries
from layers.collections.planning_zones.themes import STATUSES
from layers.pages import parameters, wording
from layers.pages.cards import english, local
from layers.reports.canonical import plain
from layers.reports.fact_sheet import (
    CONCERNED,
    NO_DATA,
    NOT_CONCERNED,
    UNDETERMINED,
    FactSheet,
    Section,
    Size,
    Suppressed,
    ThemeSheet,
    ZoneRow,
    fact_sheet,
)


@dataclass(frozen=True)
class Number:
    """A printed number: `value` as in the JSON, `text` as people of the language write it."""

    value: str
    text: str


@dataclass(frozen=True)
class Amount:
    area: Number
    share: Number


@dataclass(frozen=True)
class Row:
    """One plan and code. `number` is its place in the table, by which overlaps name it."""

    number: int
    code: str
    title: str
    plan: str
    decision: str
    days: str
    law: str
    office: str
    consequence: str
    synthetic: bool
    amount: Amount


@dataclass(frozen=True)
class Overlap:
    rows: str
    counted_again: Amount


@dataclass(frozen=True)
class Standing:
    """The closed account of one status: rows + not covered − overlaps = total."""

    title: str
    rows: tuple[Row, ...]
    overlaps: tuple[Overlap, ...]
    not_covered: Amount
    unchecked: Amount | None
    total: Amount


@dataclass(frozen=True)
class Theme:
    id: str
    title: str
    office: str
    law: str
    checked: str
    unchecked: Number | None
    standings: tuple[Standing, ...]
    suppressed: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Themes of one answer, in the order of the law book."""

    state: str
    title: str
    meaning: str
    badge: str
    themes: tuple[Theme, ...]


@dataclass(frozen=True)
class Plan:
    """`warning`: a sentence about the day, empty when there is nothing to say."""

    on: date
    day: str
    warning: str
    groups: tuple[Group, ...]
    drawn: Number
    register: Number | None
    ratio: Number | None
    synthetic: bool


def of_request(request: HttpRequest, key: str, reader: Reader) -> Plan:
    """On the day `?ngay=`, today without it. Raises Invalid."""
    return plan(key, parameters.day(request), reader)


def as_json(request: HttpRequest, key: str, reader: Reader) -> dict[str, object]:
    return plain(fact_sheet(key, parameters.day(request), reader))


def plan(key: str, on: date, reader: Reader) -> Plan:
    sheet = fact_sheet(key, on, reader)
    return Plan(
        on=on,
        day=wording.day(on),
        warning=_warning(on),
        groups=tuple(group for state in (CONCERNED, UNDETERMINED, NO_DATA, NOT_CONCERNED)
                     if (group := _group(state, sheet)).themes),
        drawn=_number(sheet.drawn_area_m2),
        register=_number(sheet.register_area_m2, 1),
        ratio=_number(sheet.drawn_to_register, 4),
        synthetic=sheet.synthetic,
    )  # fmt: skip


def _warning(on: date) -> str:
    first = queries.first_day()
    if first is None or on >= first:
        return ""
    words = {"on": wording.day(on), "first": wording.day(first)}
    return gettext("Ngày %(on)s trước quy hoạch đầu tiên trong dữ liệu (%(first)s): không thể kết luận gì.") % words


def _group(state: str, sheet: FactSheet) -> Group:
    titles = {
        CONCERNED: gettext("Có liên quan"),
        UNDETERMINED: gettext("Không xác định được"),
        NO_DATA: gettext("Chưa có dữ liệu"),
        NOT_CONCERNED: gettext("Không liên quan"),
    }
    meanings = {
        CONCERNED: gettext("Thửa đất nằm trong vùng quy hoạch, hành lang hoặc khu vực sau."),
        UNDETERMINED: gettext("Nguồn dữ liệu chưa trả lời. Không được hiểu là không liên quan; hãy thử lại."),
        NO_DATA: gettext("Chưa ai kiểm tra toàn bộ thửa. Không được hiểu là không liên quan; hãy hỏi cơ quan nêu tên."),
        NOT_CONCERNED: gettext("Đã kiểm tra toàn bộ thửa: không có gì đang hiệu lực, sắp hiệu lực hoặc lấy ý kiến."),
    }
    badges = {CONCERNED: "info", UNDETERMINED: "danger", NO_DATA: "unverified", NOT_CONCERNED: "verified"}
    themes = tuple(_theme(theme) for theme in sheet.themes if theme.state == state)
    return Group(state, titles[state], meanings[state], badges[state], themes)


def _theme(theme: ThemeSheet) -> Theme:
    checked = ""
    if theme.data_date:
        words = {"day": wording.day(theme.data_date), "by": theme.checked_by}
        checked = gettext("kiểm tra ngày %(day)s, %(by)s") % words if theme.checked_by else words["day"]
    return Theme(
        id=theme.id,
        title=local(theme.title_vi, theme.title_en),
        office=local(theme.office.name_vi, theme.office.name_en),
        law=_law(theme.law, theme.law_article),
        checked=checked,
        unchecked=_number(theme.unchecked_m2) if theme.unchecked_m2 else None,
        standings=tuple(map(_standing, theme.sections)),
        suppressed=tuple(map(_suppressed, theme.suppressed)),
    )


def _standing(section: Section) -> Standing:
    rows = tuple(_row(number, row) for number, row in enumerate(section.rows, 1))
    return Standing(
        title=next((en if english() else vi) for status, vi, en in STATUSES if status == section.status),
        rows=rows,
        overlaps=tuple(
            Overlap(", ".join(str(place + 1) for place in overlap.rows), _amount(overlap.counted_again))
            for overlap in section.overlaps
        ),
        not_covered=_amount(section.not_covered),
        unchecked=_amount(section.unchecked) if section.unchecked.area_m2 else None,
        total=_amount(section.total),
    )


def _row(number: int, row: ZoneRow) -> Row:
    return Row(
        number=number,
        code=row.code,
        title=local(row.title_vi, row.title_en),
        plan=row.plan_name,
        decision=" ".join(part for part in (row.decision_no, _on_day(row.decision_date)) if part),
        days=_days(row),
        law=_law(row.law, row.law_article),
        office=local(row.office.name_vi, row.office.name_en),
        consequence=local(row.consequence_vi, row.consequence_en),
        synthetic=row.synthetic,
        amount=_amount(row.size),
    )


def _on_day(day: date | None) -> str:
    return gettext("ngày %(day)s") % {"day": wording.day(day)} if day else ""


def _days(row: ZoneRow) -> str:
    if row.valid_from or row.valid_to:
        return gettext("hiệu lực %(period)s") % {"period": wording.period(row.valid_from, row.valid_to)}
    if row.displayed_from:
        return gettext("lấy ý kiến từ %(day)s") % {"day": wording.day(row.displayed_from)}
    return ""


def _law(law: str, article: str) -> str:
    return ", ".join(part for part in (law, article) if part)


def _suppressed(contact: Suppressed) -> str:
    reasons = {
        "small": gettext("nhỏ hơn 1 m²"),
        "thin": gettext("dải mỏng hơn 5 cm"),
        "touching": gettext("chỉ chạm ranh"),
        "near": gettext("ở ngoài ranh, cách %(m)s m") % {"m": wording.number(contact.distance_m, 3)},
    }
    words = {
        "code": contact.code,
        "plan": contact.plan_id,
        "m2": wording.number(contact.measured_m2, 3),
        "why": reasons[contact.reason],
    }
    return gettext("%(code)s (%(plan)s): %(m2)s m², %(why)s") % words


def _amount(size: Size) -> Amount:
    return Amount(_number(size.area_m2), _number(size.share_percent))


def _number(value: Decimal | float | None, decimals: int = 1) -> Number | None:
    return None if value is None else Number(str(value), wording.number(value, decimals))
