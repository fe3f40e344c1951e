"""The planning fact sheet in words: the numbers of `fact_sheet`, said the same on the page and on paper.

Door: `in_words`, in the active language. Nothing is computed here; a number is written as people of the language write
it, and stands beside its spelling in the JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import get_language, gettext

from layers import written
from layers.collections.planning_zones.themes import STATUSES
from layers.procedures import words
from layers.procedures.models import LEVELS
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
)
from layers.reports.follow import Follow, Following, Place, RowRef, Why


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
    """One plan and code. `number` is its place in the table, by which overlaps name it.

    `measured` (m², of the union) and `width` (mean width, m) are the proof, unrounded to three decimals; `leads_to` are
    codes of the procedures that follow from this row.
    """

    number: int
    code: str
    title: str
    plan: str
    plan_id: str
    decision: str
    days: str
    law: str
    office: str
    consequence: str
    synthetic: bool
    amount: Amount
    measured: Number
    width: Number
    leads_to: tuple[str, ...]


@dataclass(frozen=True)
class Overlap:
    rows: str
    counted_again: Amount


@dataclass(frozen=True)
class Standing:
    """The closed account of one status: rows + not covered − overlaps = total."""

    status: str
    title: str
    rows: tuple[Row, ...]
    overlaps: tuple[Overlap, ...]
    not_covered: Amount
    unchecked: Amount | None
    total: Amount


@dataclass(frozen=True)
class Theme:
    """`checked`: when and by whom the ground was checked, empty where nobody did."""

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
    """Themes of one answer, in the order of the law book. `told`: something stands in them, though not in force."""

    state: str
    title: str
    meaning: str
    badge: str
    themes: tuple[Theme, ...]

    @property
    def told(self) -> bool:
        return any(theme.standings for theme in self.themes)


@dataclass(frozen=True)
class Procedure:
    """A procedure that follows. `rows`: the rows it follows from, in words; empty: from the parcel itself."""

    code: str
    verified: bool
    title: str
    outcome: str
    borders: bool
    reasons: tuple[str, ...]
    laws: tuple[str, ...]
    places: tuple[str, ...]
    rows: str


@dataclass(frozen=True)
class Plan:
    """`warning`: a sentence about the day, empty when there is nothing to say. `none`: why no procedure follows."""

    on: date
    day: str
    warning: str
    groups: tuple[Group, ...]
    drawn: Number
    register: Number | None
    ratio: Number | None
    synthetic: bool
    method: tuple[str, ...]
    procedures: tuple[Procedure, ...]
    none: str
    unknown: tuple[str, ...]


def in_words(sheet: FactSheet, follow: Follow, first_plan: date | None) -> Plan:
    """`first_plan`: the first day any plan in the data speaks of."""
    leads_to = _leads_to(follow)
    groups = (_group(state, sheet, leads_to) for state in (CONCERNED, UNDETERMINED, NO_DATA, NOT_CONCERNED))
    return Plan(
        on=sheet.on,
        day=_day(sheet.on),
        warning=_warning(sheet.on, first_plan),
        groups=tuple(group for group in groups if group.themes),
        drawn=_number(sheet.drawn_area_m2),
        register=_number(sheet.register_area_m2) if sheet.register_area_m2 is not None else None,
        ratio=_number(sheet.drawn_to_register, 4) if sheet.drawn_to_register is not None else None,
        synthetic=sheet.synthetic,
        method=_method(sheet),
        procedures=tuple(_procedure(each, sheet) for each in follow.procedures),
        none=_local(follow.none_vi, follow.none_en),
        unknown=follow.unknown_en if _english() else follow.unknown_vi,
    )


def status_title(status: str) -> str:
    return next((en if _english() else vi) for code, vi, en in STATUSES if code == status)


def _leads_to(follow: Follow) -> dict[RowRef, tuple[str, ...]]:
    found: dict[RowRef, tuple[str, ...]] = {}
    for each in follow.procedures:
        for row in each.rows:
            found[row] = (*found.get(row, ()), each.code)
    return found


def _warning(on: date, first: date | None) -> str:
    if first is None or on >= first:
        return ""
    return gettext("Ngày %(on)s trước quy hoạch đầu tiên trong dữ liệu (%(first)s): không thể kết luận gì.") % {
        "on": _day(on), "first": _day(first)}  # fmt: skip


def _method(sheet: FactSheet) -> tuple[str, ...]:
    """How it was measured, with the limits that were used."""
    limits = {
        "tolerance": _number(sheet.tolerance_m, 3).text,
        "area": _number(sheet.sliver_area_m2, 3).text,
        "width": _number(sheet.sliver_width_m, 3).text,
        "crs": sheet.crs,
    }
    return (
        gettext("Diện tích đo phẳng trong hệ tọa độ của tờ bản đồ (%(crs)s), trên hợp của các vùng, không làm tròn "
                "trước khi in; phần trăm tính từ diện tích chưa làm tròn.") % limits,
        gettext("Làm tròn theo số dư lớn nhất: các dòng, phần không nằm trong vùng nào và phần chồng nhau cộng lại "
                "đúng bằng diện tích vẽ của thửa và 100,0 %%.") % limits,
        gettext("Vùng cách thửa đến %(tolerance)s m được xem xét; khoảng cách này không làm thay đổi diện tích nào.")
        % limits,
        gettext("Phần nhỏ hơn %(area)s m² hoặc mỏng hơn %(width)s m (bề rộng trung bình 2A/P) được nêu ở mục “Chạm "
                "nhưng không tính”, và tính là không nằm trong vùng.") % limits,
    )  # fmt: skip


def _group(state: str, sheet: FactSheet, leads_to: dict[RowRef, tuple[str, ...]]) -> Group:
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
    themes = tuple(_theme(theme, leads_to) for theme in sheet.themes if theme.state == state)
    return Group(state, titles[state], meanings[state], badges[state], themes)


def _theme(theme: ThemeSheet, leads_to: dict[RowRef, tuple[str, ...]]) -> Theme:
    checked = ""
    if theme.data_date:
        said = {"day": _day(theme.data_date), "by": theme.checked_by}
        checked = gettext("kiểm tra ngày %(day)s, %(by)s") % said if theme.checked_by else said["day"]
    return Theme(
        id=theme.id,
        title=_local(theme.title_vi, theme.title_en),
        office=_local(theme.office.name_vi, theme.office.name_en),
        law=_law(theme.law, theme.law_article),
        checked=checked,
        unchecked=_number(theme.unchecked_m2) if theme.unchecked_m2 else None,
        standings=tuple(_standing(theme.id, section, leads_to) for section in theme.sections),
        suppressed=tuple(map(_suppressed, theme.suppressed)),
    )


def _standing(theme: str, section: Section, leads_to: dict[RowRef, tuple[str, ...]]) -> Standing:
    return Standing(
        status=section.status,
        title=status_title(section.status),
        rows=tuple(
            _row(place + 1, row, leads_to.get(RowRef(theme, section.status, place), ()))
            for place, row in enumerate(section.rows)
        ),
        overlaps=tuple(
            Overlap(", ".join(str(place + 1) for place in overlap.rows), _amount(overlap.counted_again))
            for overlap in section.overlaps
        ),
        not_covered=_amount(section.not_covered),
        unchecked=_amount(section.unchecked) if section.unchecked.area_m2 else None,
        total=_amount(section.total),
    )


def _row(number: int, row: ZoneRow, leads_to: tuple[str, ...]) -> Row:
    return Row(
        number=number,
        code=row.code,
        title=_local(row.title_vi, row.title_en),
        plan=row.plan_name,
        plan_id=row.plan_id,
        decision=" ".join(part for part in (row.decision_no, _on_day(row.decision_date)) if part),
        days=_days(row),
        law=_law(row.law, row.law_article),
        office=_local(row.office.name_vi, row.office.name_en),
        consequence=_local(row.consequence_vi, row.consequence_en),
        synthetic=row.synthetic,
        amount=_amount(row.size),
        measured=_number(row.measured_m2, 3),
        width=_number(row.mean_width_m, 3),
        leads_to=leads_to,
    )


def _procedure(each: Following, sheet: FactSheet) -> Procedure:
    return Procedure(
        code=each.code,
        verified=each.code_verified,
        title=_local(each.short_vi, each.short_en),
        outcome=words.outcome_title(each.outcome),
        borders=any(reason.verdict == "borders" for reason in each.reasons),
        reasons=tuple(_local(reason.sentence_vi, reason.sentence_en) for reason in each.reasons),
        laws=tuple(dict.fromkeys(law for reason in each.reasons for law in _laws(reason))),
        places=tuple(map(_place, each.places)),
        rows="; ".join(_row_name(row, sheet) for row in each.rows),
    )


def _laws(reason: Why) -> tuple[str, ...]:
    return reason.law_en if _english() else reason.law_vi


def _place(place: Place) -> str:
    level = next((_local(vi, en) for code, vi, en in LEVELS if code == place.level), place.level)
    office = _local(place.office_vi, place.office_en) or _local(place.reason_vi, place.reason_en)
    counter = _local(place.counter_vi, place.counter_en)
    return f"{level}: {office}" + (f" ({gettext('nộp tại')} {counter})" if counter else "")


def _row_name(row: RowRef, sheet: FactSheet) -> str:
    theme = next(each for each in sheet.themes if each.id == row.theme)
    said = {"theme": _local(theme.title_vi, theme.title_en), "status": status_title(row.status), "row": row.row + 1}
    return gettext("%(theme)s, %(status)s, dòng %(row)s") % said


def _on_day(day: date | None) -> str:
    return gettext("ngày %(day)s") % {"day": _day(day)} if day else ""


def _days(row: ZoneRow) -> str:
    if row.valid_from or row.valid_to:
        return gettext("hiệu lực %(period)s") % {"period": period(row.valid_from, row.valid_to)}
    if row.displayed_from:
        return gettext("lấy ý kiến từ %(day)s") % {"day": _day(row.displayed_from)}
    return ""


def period(valid_from: date | None, valid_to: date | None) -> str:
    """A half-open period with its last day; empty when nothing is known."""
    last = _day(valid_to - timedelta(days=1)) if valid_to else ""
    if valid_from and valid_to:
        return f"{_day(valid_from)} – {last}"
    if valid_from:
        return gettext("từ %(day)s") % {"day": _day(valid_from)}
    return gettext("đến hết %(day)s") % {"day": last} if valid_to else ""


def _law(law: str, article: str) -> str:
    return ", ".join(part for part in (law, article) if part)


def _suppressed(contact: Suppressed) -> str:
    reasons = {
        "small": gettext("nhỏ hơn 1 m²"),
        "thin": gettext("dải mỏng hơn 5 cm"),
        "touching": gettext("chỉ chạm ranh"),
        "near": gettext("ở ngoài ranh, cách %(m)s m") % {"m": _number(contact.distance_m, 3).text},
    }
    return gettext("%(code)s (%(plan)s): %(m2)s m², %(why)s") % {
        "code": contact.code, "plan": contact.plan_id, "m2": _number(contact.measured_m2, 3).text,
        "why": reasons[contact.reason]}  # fmt: skip


def _amount(size: Size) -> Amount:
    return Amount(_number(size.area_m2), _number(size.share_percent))


def _number(value: Decimal, decimals: int = 1) -> Number:
    """Written exactly: a Decimal has the decimals it is printed with."""
    return Number(str(value), written.number(value, get_language(), decimals))


def _day(value: date) -> str:
    return written.day(value, get_language())


def _english() -> bool:
    return get_language() == "en"


def _local(vi: str, en: str) -> str:
    return (en or vi) if _english() else vi


def shown_rows(plan: Plan) -> Sequence[tuple[Theme, Standing, Row]]:
    """Every row of every account, in the order they are printed."""
    return [
        (theme, standing, row)
        for group in plan.groups
        for theme in group.themes
        for standing in theme.standings
        for row in standing.rows
    ]
