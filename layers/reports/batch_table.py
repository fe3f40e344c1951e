"""The results of a batch as one XLSX. Door: `table`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from layers import geo
from layers.access.reader import Reader
from layers.collections.parcels.collection import PARCELS
from layers.reading import parcel_words
from layers.reading.features import FeatureView, listing
from layers.reading.query import FeatureQuery
from layers.reports import batches
from layers.reports.batch_lines import Line, State

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = (7, 34, 16, 50, 8, 8, 18, 26, 26, 14, 14, 10, 14, 12, 18, 22)


def table(batch_id: str, by: Reader) -> bytes:
    """All lines in their order, and a sheet that says what this is. Raises NotFound, also for another person's."""
    held = batches.batch(batch_id, by)
    lines = batches.lines(held)
    views = _views([line.parcel.key for line in lines if line.parcel], by)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext("Kết quả"))
    sheet.freeze_panes = "C2"
    for place, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append(_cells(sheet, _head(), bold=True))
    for line in lines:
        sheet.append(_cells(sheet, _row(line, views.get(line.parcel.key) if line.parcel else None)))
    about = book.create_sheet(gettext("Thông tin"))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 34, 70
    for name, value in _about(held, lines, list(views.values()), by):
        about.append([*_cells(about, [name], bold=True), *_cells(about, [value])])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _views(keys: list[str], by: Reader) -> dict[str, FeatureView]:
    wanted = iter(dict.fromkeys(keys))
    found: dict[str, FeatureView] = {}
    while some := tuple(islice(wanted, 500)):
        found |= {view.key: view for view in listing(PARCELS, FeatureQuery(keys=some, limit=len(some)), by)}
    return found


def _head() -> list[str]:
    return [
        gettext("Dòng"), gettext("Tham chiếu"), gettext("Kết quả"), gettext("Lý do, ghi chú"), gettext("Tờ"),
        gettext("Thửa"), gettext("Mã thửa đất"), gettext("Đơn vị khi lập bản đồ"), gettext("Đơn vị hôm nay"),
        gettext("Diện tích pháp lý (m²)"), gettext("Diện tích đo đạc (m²)"), gettext("Loại đất"),
        gettext("Dữ liệu ghi ngày"), gettext("Dữ liệu tổng hợp"), gettext("Trích lục"), gettext("Khóa trong dữ liệu"),
    ]  # fmt: skip


def _row(line: Line, view: FeatureView | None) -> list[object]:
    start = [line.number, line.text, outcome(line), "\n".join(remarks(line))]
    if line.parcel is None or view is None:
        return start
    legal = view.get("legal_area_m2")
    return [
        *start,
        line.parcel.sheet_no,
        line.parcel.parcel_no,
        view.get("geohash"),
        line.parcel.unit.name,
        parcel_words.listed(line.parcel.unit_now) or line.parcel.unit.name,
        None if legal is None else float(legal),
        float(view.get("survey_area_m2")),
        view.get("land_use_now"),
        view.recorded_on,
        gettext("có") if line.parcel.synthetic else gettext("không"),
        line.extract_number or line.no_extract,
        line.parcel.key,
    ]


def outcome(line: Line) -> str:
    """In a word or two."""
    if line.by_hand:
        return gettext("Đã chọn")
    return {
        State.WAITING: gettext("Chưa tra"),
        State.FOUND: gettext("Tìm thấy"),
        State.AMBIGUOUS: gettext("Cần chọn"),
        State.MISSING: gettext("Không thấy"),
    }[line.state]


def remarks(line: Line) -> Iterator[str]:
    """All there is to say beside the parcel itself."""
    if line.same_as:
        yield gettext("Trùng dòng %(n)s.") % {"n": line.same_as}
    if line.cut:
        yield gettext("Dòng dài quá: chỉ giữ %(n)s ký tự đầu.") % {"n": batches.MOST_LETTERS}
    if line.state != State.FOUND:
        yield from line.reasons()
        for hit in line.candidates:
            where = parcel_words.unit_and_today(hit.unit, hit.unit_now)
            yield f"• {parcel_words.parcel_title(hit)}, {where} ({hit.key})"


def _about(held, lines: tuple[Line, ...], views: list[FeatureView], by: Reader) -> Iterator[tuple[str, object]]:
    days = sorted({view.recorded_on for view in views})
    yield gettext("Danh sách tra cứu"), str(held.uuid)
    yield gettext("Người tra cứu"), f"{by.full_name or by.name}, {by.agency_name}"
    yield gettext("Tra cứu lúc"), timezone.localtime(held.created_at).replace(tzinfo=None)
    yield gettext("Lập bảng này lúc"), timezone.localtime().replace(tzinfo=None, microsecond=0)
    yield gettext("Nơi chung"), held.place or gettext("không nêu")
    yield gettext("Số dòng"), len(lines)
    for state, title in (
        (State.FOUND, gettext("Tìm thấy hoặc đã chọn")), (State.AMBIGUOUS, gettext("Cần chọn")),
        (State.MISSING, gettext("Không thấy")), (State.WAITING, gettext("Chưa tra")),
    ):  # fmt: skip
        yield title, sum(line.state == state for line in lines)
    yield gettext("Dữ liệu thửa đất ghi từ ngày"), days[0] if days else "–"
    yield gettext("Dữ liệu thửa đất ghi đến ngày"), days[-1] if days else "–"
    yield gettext("Hệ tọa độ của thửa đất"), f"VN-2000, EPSG:{geo.VN2000}"
    if any(line.parcel and line.parcel.synthetic for line in lines):
        yield gettext("Lưu ý"), gettext("DỮ LIỆU TỔNG HỢP, tạo ra để thử nghiệm, không có giá trị pháp lý.")


def _cells(sheet, values: Iterable[object], *, bold: bool = False) -> list[WriteOnlyCell]:
    return [_cell(sheet, value, bold) for value in values]


def _cell(sheet, value: object, bold: bool) -> WriteOnlyCell:
    """Numbers and days as such. Text stays text, whatever it begins with, also after somebody edits the cell."""
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
