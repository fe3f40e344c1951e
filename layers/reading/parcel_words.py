"""What is said of a parcel that was asked for by its number: which it is, and why it is not there."""

from __future__ import annotations

from django.utils.translation import gettext

from layers.reading.parcel_numbers import Answer, Missing, Outcome, ParcelHit
from layers.reading.units import UnitName


def parcel_title(parcel: ParcelHit) -> str:
    return gettext("Thửa %(number)s, tờ %(sheet)s") % {"number": parcel.parcel_no, "sheet": parcel.sheet_no}


def unit_and_today(unit: UnitName, now: tuple[UnitName, ...]) -> str:
    """“Phường Hàm Tiến (tên cũ, nay thuộc Phường Mũi Né)”; a unit of today stands alone."""
    if unit.valid_to is None or not now:
        return unit.name
    return gettext("%(unit)s (tên cũ, nay thuộc %(units)s)") % {"unit": unit.name, "units": listed(now)}


def listed(units: tuple[UnitName, ...]) -> str:
    return ", ".join(unit.name for unit in units)


def missing(line: Missing) -> str:
    """Why one commune has no such parcel."""
    words = {
        "unit": unit_and_today(line.unit, line.unit_now),
        "sheet": line.sheet_no,
        "parcel": line.parcel_no,
        "numbers": "–".join(map(str, sorted(set(line.numbers or ())))),
    }
    if line.outcome is Outcome.NOT_DIGITISED:
        return gettext("%(unit)s: chưa số hóa, trong dữ liệu chưa có thửa nào.") % words
    if line.outcome is Outcome.NO_SHEET:
        return gettext("%(unit)s: không có tờ bản đồ số %(sheet)s. Các tờ có: %(numbers)s.") % words
    text = gettext("%(unit)s: tờ %(sheet)s không có thửa %(parcel)s. Các thửa trên tờ này: %(numbers)s.")
    return text % words


def nowhere(answer: Answer, identifier: str) -> str:
    """Why no commune at all has it."""
    if identifier:
        return gettext("Không có thửa nào mang mã %(code)s.") % {"code": identifier}
    sheet, parcel = answer.asked.readings[0]
    words = {"sheet": sheet, "parcel": parcel}
    if answer.outcome is Outcome.NO_PARCEL:
        return gettext("Không xã, phường nào đã số hóa có thửa %(parcel)s trên tờ %(sheet)s.") % words
    if answer.outcome is Outcome.NO_SHEET:
        return gettext("Không xã, phường nào đã số hóa có tờ bản đồ số %(sheet)s.") % words
    return gettext("Chưa xã, phường nào được số hóa thửa đất.")
