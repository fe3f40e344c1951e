"""A list of references to parcels, pasted or in a file: text out, line by line. Doors: `from_text`, `from_file`.

Of a table only what names the parcel is read: the column whose heading says so, sheet and parcel (and commune) in
columns of their own, or else the first. What stands in other columns is not kept.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from layers.errors import Invalid
from layers.reading.grammar import fold

MOST_BYTES = 1_000_000
MOST_LETTERS = 200
LONGEST_LINE = 2000
MOST_UNPACKED = 20_000_000  # of an .xlsx: a thousand rows need a hundredth of it
MOST_ROWS = 100_000
MOST_COLUMNS = 50
REFERENCE = {
    "tham chieu",
    "thua dat",
    "so thua dat",
    "ma thua",
    "ma thua dat",
    "reference",
    "parcel reference",
    "dinh danh",
}
SHEET = {"to", "so to", "to so", "to ban do", "to ban do so", "so to ban do", "sheet", "sheet no"}
PARCEL = {"thua", "so thua", "thua so", "thua dat so", "parcel", "parcel no"}
PLACE = {"xa", "phuong", "xa phuong", "xa phuong thi tran", "don vi", "dia ban", "dia chi", "commune", "ward", "noi"}
_ORDINAL = {"stt", "so thu tu", "tt", "no", "no.", "#"}


@dataclass(frozen=True)
class Given:
    """A line that says something, counted from 1 with all lines. `cut`: it was longer than MOST_LETTERS."""

    number: int
    text: str
    cut: bool


@dataclass(frozen=True)
class ReferenceList:
    """`header`: the first line, where it was taken for headings and passed over."""

    lines: tuple[Given, ...]
    empty_lines: int
    header: str


def from_text(text: str) -> ReferenceList:
    """Pasted text: a line is a reference; lines copied out of a spreadsheet have tabs. Raises Invalid."""
    _refuse_nul(text)
    rows = [line.split("\t") if "\t" in line.strip() else [line] for line in text.splitlines()]
    return _read(rows)


def from_file(name: str, content: bytes) -> ReferenceList:
    """A .txt, .csv or .xlsx by its name; of .xlsx the first sheet. Raises Invalid with what is wrong with it."""
    if len(content) > MOST_BYTES:
        raise Invalid(gettext("Tệp lớn quá: nhiều nhất 1 MB. Hãy chia nhỏ danh sách."), parameter="file")
    kind = name.rpartition(".")[2].lower()
    if kind == "xlsx":
        return _read(_sheet(content))
    if kind == "csv":
        return _read(_table(_decoded(content)))
    if kind == "txt":
        return from_text(_decoded(content))
    raise Invalid(gettext("Chỉ đọc được tệp .txt, .csv hoặc .xlsx."), parameter="file")


def _read(rows: Sequence[Sequence[str]]) -> ReferenceList:
    lines, empty, header = [], 0, ""
    columns: Columns | None = None
    for number, row in enumerate(rows, start=1):
        cells = [" ".join(cell.split()) for cell in row]
        if not any(cells):
            empty += 1
        elif columns is None and (columns := _headings(cells)):
            header = " | ".join(cell for cell in cells if cell)[:MOST_LETTERS]
        else:
            columns = columns or Columns()
            if text := columns.reference(cells):
                lines.append(_given(number, text))
            else:
                empty += 1
    return ReferenceList(tuple(lines), empty, header)


@dataclass(frozen=True)
class Columns:
    """Which cells name the parcel. `first` is where a table without headings has it."""

    one: int | None = None
    sheet: int | None = None
    parcel: int | None = None
    place: int | None = None
    first: int = 0

    def reference(self, cells: Sequence[str]) -> str:
        def cell(place: int | None) -> str:
            return cells[place] if place is not None and place < len(cells) else ""

        if self.sheet is not None and self.parcel is not None:
            if cell(self.sheet) and cell(self.parcel):
                return f"tờ {cell(self.sheet)} thửa {cell(self.parcel)} {cell(self.place)}".strip()
            return " ".join(filter(None, (cell(self.sheet), cell(self.parcel), cell(self.place))))
        if self.one is not None:
            return " ".join(filter(None, (cell(self.one), cell(self.place))))
        first = cell(self.first)
        if re.fullmatch(r"[\d.,]+", first) and len(cells) > 1:  # coordinates, or sheet and parcel, in two columns
            return " ".join(cell for cell in cells[:3] if cell)
        return first


def _headings(cells: Sequence[str]) -> Columns | None:
    """The columns that a first line names; None when it is no line of headings. Headings hold no digits."""
    names = [fold(cell) for cell in cells]
    if any(letter.isdigit() for cell in cells for letter in cell):
        return None

    def place(words: set[str]) -> int | None:
        return next((n for n, name in enumerate(names) if name in words), None)

    sheet, parcel, one = place(SHEET), place(PARCEL), place(REFERENCE)
    if sheet is None and one is None:
        one, parcel = parcel, None
    found = Columns(one, sheet, parcel, place(PLACE), first=1 if names[0] in _ORDINAL and len(names) > 1 else 0)
    known = any(n is not None for n in (found.one, found.sheet, found.parcel, found.place)) or names[0] in _ORDINAL
    return found if known else None


def _given(number: int, text: str) -> Given:
    if len(text) > LONGEST_LINE:
        raise Invalid(
            gettext("Dòng %(number)s dài %(n)s ký tự, không phải là một thửa. Hãy viết mỗi dòng một thửa.")
            % {"number": number, "n": len(text)},
            parameter="lines",
        )
    clean = "".join(letter for letter in text if letter.isprintable())
    return Given(number, clean[:MOST_LETTERS].strip(), len(clean) > MOST_LETTERS)


def _refuse_nul(text: str) -> None:
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise Invalid(
            gettext("Dòng %(n)s có ký tự không dùng được (NUL). Hãy lưu lại danh sách dưới dạng văn bản.")
            % {"n": line},
            parameter="lines",
        )


def _decoded(content: bytes) -> str:
    """UTF-8 or UTF-16, by its mark, else by where its zero bytes stand; nothing is guessed beyond that."""
    encoding = "utf-8-sig"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif len(content) >= 4 and content[1:80:2].count(0) > len(content[1:80:2]) // 2:
        encoding = "utf-16-le"
    elif len(content) >= 4 and content[:80:2].count(0) > len(content[:80:2]) // 2:
        encoding = "utf-16-be"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Invalid(
            gettext("Tệp không phải UTF-8 hay UTF-16. Trong Excel hãy lưu dạng “CSV UTF-8”, hoặc .xlsx."),
            parameter="file",
        ) from None


def _table(text: str) -> list[list[str]]:
    """A CSV whose cells are parted by tab, semicolon or comma, whichever its first lines have most of."""
    _refuse_nul(text)
    start = "\n".join(text.splitlines()[:20])
    delimiter = max("\t;,", key=start.count)
    if not start.count(delimiter):
        return [[line] for line in text.splitlines()]
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        raise Invalid(
            gettext("Tệp CSV này không đọc được: có ô dài quá hoặc thiếu dấu nháy."), parameter="file"
        ) from None


def _sheet(content: bytes) -> list[list[str]]:
    """The first sheet's cells as text. A formula counts by the value that was saved with it."""
    from openpyxl import load_workbook  # half a second, for uploads only

    _refuse_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = _texts(book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True))
        formulas = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        _refuse_unsaved(rows, formulas.iter_rows(max_col=MOST_COLUMNS, max_row=len(rows), values_only=True))
    except Invalid:
        raise
    except Exception:  # a broken archive fails in as many ways as it has parts
        raise Invalid(gettext("Tệp .xlsx này hỏng hoặc có mật khẩu, không đọc được."), parameter="file") from None
    return rows


def _texts(rows: Iterable[Sequence[object]]) -> list[list[str]]:
    found = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise Invalid(
                gettext("Trang tính có hơn %(n)s dòng. Hãy chia nhỏ danh sách.") % {"n": MOST_ROWS}, parameter="file"
            )
        found.append([_text(value) for value in row])
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _refuse_unsaved(rows: list[list[str]], formulas: Iterable[Sequence[object]]) -> None:
    for number, (row, other) in enumerate(zip(rows, formulas, strict=False), start=1):
        for text, formula in zip(row, other, strict=False):
            if not text and isinstance(formula, str) and formula.startswith("="):
                raise Invalid(
                    gettext("Dòng %(n)s có công thức chưa tính. Hãy mở tệp, lưu lại, hoặc dán giá trị thay công thức.")
                    % {"n": number},
                    parameter="file",
                )


def _refuse_bomb(content: bytes) -> None:
    """Sizes as the archive states them: more than stated is never unpacked (zipfile)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
                raise Invalid(
                    gettext("Tệp .xlsx này giãn ra quá lớn. Hãy chép danh sách sang tệp mới."), parameter="file"
                )
    except zipfile.BadZipFile:
        raise Invalid(gettext("Tệp .xlsx này hỏng, không đọc được."), parameter="file") from None
