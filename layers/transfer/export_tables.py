"""Parcels as tables for people: CSV and XLSX, titles and words in the active language, numbers and days typed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from layers.collections.base import Field
from layers.reading.parcel_rows import ParcelRow, ParcelRows
from layers.reading.statement import Statement, vn2000_words

Cell = str | int | float | Decimal | date | None

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width ones too: some readers fold them
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SAVED_AT = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
WIDTHS = {str: 18, bool: 10, int: 10, float: 14, Decimal: 14, date: 13}
HEAD_FILL = PatternFill("solid", start_color="E9E4D8")


def csv_table(found: ParcelRows, said: Statement) -> bytes:
    """RFC 4180 with a byte order mark, so that spreadsheets see UTF-8. What the file says stands in each row."""
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n").writerow
    crs = vn2000_words()
    about = {
        gettext("Điều kiện chọn"): said.question,
        gettext("Ngày xuất"): said.exported_on,
        gettext("Số thửa trong tệp"): said.count,
        gettext("Hệ tọa độ"): crs,
        gettext("Nguồn, giấy phép"): f"{said.source}; {said.licence}",
        gettext("Lưu ý"): said.notice,
    }
    write([*titles(found), *about])
    tail = [csv_cell(value) for value in about.values()]
    for row in found.rows:
        write([*map(csv_cell, cells(found, row)), *tail])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx(found: ParcelRows, said: Statement) -> bytes:
    """A sheet of parcels with a frozen head and a filter, and a sheet that says what they are."""
    book = Workbook(write_only=True)
    book.properties.creator = said.source
    book.properties.title = said.title
    book.properties.created = datetime.combine(said.exported_on, time())
    _parcel_sheet(book, found)
    _info_sheet(book, said)
    out = io.BytesIO()
    book.save(out)
    return _same_times(out.getvalue(), said.exported_on)


def titles(found: ParcelRows) -> list[str]:
    """Heads of the columns, each once, with the unit in them."""
    return [
        gettext("Mã bản ghi"),
        gettext("Tên xã, phường"),
        *(f"{field.title} ({field.unit})" if field.unit else field.title for field in found.fields),
        gettext("X – bắc (m)"),
        gettext("Y – đông (m)"),
        gettext("Ngày ghi nhận"),
    ]


def cells(found: ParcelRows, row: ParcelRow) -> list[Cell]:
    """A row under `titles`: the point lies inside the parcel; X is north, as in Vietnamese surveying."""
    east, north = row.point
    values = map(_in_words, found.fields, row.values)
    return [row.key, row.area_name, *values, north, east, row.recorded_on]


def _in_words(field: Field, value: object) -> Cell:
    if isinstance(value, bool):
        return gettext("có") if value else gettext("không")
    if isinstance(value, float):
        return round(value, 3)
    return field.label(value) if field.choices else value


def harmless(text: str) -> str:
    """`text` so that no spreadsheet runs it: what would begin a formula gets an apostrophe."""
    return f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(FORMULA) or text.startswith(FORMULA) else text


def csv_cell(value: Cell) -> object:
    """Numbers stay numbers, negative ones too; days as ISO 8601; texts harmless and without NUL."""
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value.replace("\x00", "")) if isinstance(value, str) else value


def _parcel_sheet(book: Workbook, found: ParcelRows) -> None:
    sheet = book.create_sheet(gettext("Thửa đất"))
    heads = titles(found)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(found.rows) + 1}"
    rows = [cells(found, row) for row in found.rows]
    for n, head in enumerate(heads):
        kind = next((type(row[n]) for row in rows if row[n] is not None), str)
        longest = max((len(row[n]) for row in rows if isinstance(row[n], str)), default=0)
        wide = min(max(WIDTHS.get(kind, 12) if kind is not str else longest + 2, len(head) * 0.6 + 4), 45)
        sheet.column_dimensions[get_column_letter(n + 1)].width = wide
    sheet.row_dimensions[1].height = 48
    sheet.append([_head(sheet, head) for head in heads])
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])


def _info_sheet(book: Workbook, said: Statement) -> None:
    sheet = book.create_sheet(gettext("Thông tin"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 100
    for what, words in said.lines(vn2000_words()):
        value = _text(sheet, words)
        value.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([_head(sheet, what), value])


def _head(sheet, words: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, words)
    cell.font, cell.fill = Font(bold=True), HEAD_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _xlsx_cell(sheet, value: Cell) -> object:
    """Texts are stored as texts; one that would begin a formula is also quoted, for when it is saved as CSV."""
    if isinstance(value, str):
        return _text(sheet, value) if harmless(value) != value or NOT_IN_XML.search(value) else value
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "dd/mm/yyyy"
        return cell
    return value


def _text(sheet, words: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, NOT_IN_XML.sub("", harmless(words)))
    cell.data_type = "s"
    return cell


def _same_times(content: bytes, day: date) -> bytes:
    """The archive with the day of export as the time of saving and of each member: the same rows, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = old.read(name)
            if name == "docProps/core.xml":
                member = SAVED_AT.sub(rb"\g<1>%sT00:00:00Z" % str(day).encode(), member)
            new.writestr(stamped(name, day), member)
    return out.getvalue()


def stamped(name: str, day: date) -> zipfile.ZipInfo:
    """An archive's member dated `day`, compressed."""
    info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
