"""Lists as offices have them, and as somebody would send who means harm."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from layers.errors import Invalid
from layers.transfer.reference_lists import from_file, from_text


def texts(found) -> list[tuple[int, str]]:
    return [(each.number, each.text) for each in found.lines]


def xlsx(*rows: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_line_is_a_reference_and_empty_ones_are_counted():
    found = from_text("45/123 hàm tiến\r\n\r\n  tờ 45   thửa 123 \n10.93, 108.1\n\n")
    assert texts(found) == [(1, "45/123 hàm tiến"), (3, "tờ 45 thửa 123"), (4, "10.93, 108.1")]
    assert (found.empty_lines, found.header) == (2, "")


@pytest.mark.parametrize(
    ("text", "expected", "header"),
    [
        ("Thửa đất\n45/123 mũi né", [(2, "45/123 mũi né")], "Thửa đất"),
        ("Mũi Né\n45/123", [(1, "Mũi Né"), (2, "45/123")], ""),  # no heading: said to be unreadable, not swallowed
        ("STT\tTờ\tThửa\tXã\n1\t45\t123\tMũi Né", [(2, "tờ 45 thửa 123 Mũi Né")], "STT | Tờ | Thửa | Xã"),
        ("STT\tHồ sơ\n1\tH08", [(2, "H08")], "STT | Hồ sơ"),
        ("Hồ sơ\tTham chiếu\nH08.12\t45/123", [(2, "45/123")], "Hồ sơ | Tham chiếu"),
        ("45/123\tNguyễn Văn A", [(1, "45/123")], ""),
        ("1208745\t456084", [(1, "1208745 456084")], ""),
    ],
)
def test_columns_that_name_the_parcel_are_read_and_no_others(text, expected, header):
    found = from_text(text)
    assert (texts(found), found.header) == (expected, header)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["a.txt", "a.CSV"])
def test_unicode_in_its_spellings(encoding, name):
    assert texts(from_file(name, "45/123 Mũi Né\n1/2 Hàm Tiến".encode(encoding))) == [
        (1, "45/123 Mũi Né"), (2, "1/2 Hàm Tiến")]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_any_delimiter(delimiter):
    content = delimiter.join(["Tờ", "Thửa", "Xã"]) + "\n" + delimiter.join(["45", "123", '"Mũi Né"'])
    assert texts(from_file("a.csv", content.encode())) == [(2, "tờ 45 thửa 123 Mũi Né")]


def test_the_first_sheet_of_a_workbook():
    found = from_file("a.xlsx", xlsx(["Số tờ", "Số thửa", "Phường"], [45.0, 123, "Mũi Né"], [], [None, "45/1", None]))
    assert texts(found) == [(2, "tờ 45 thửa 123 Mũi Né"), (4, "45/1")]
    assert found.empty_lines == 1


def test_a_long_line_is_cut_with_a_word_and_a_monstrous_one_refused():
    (line,) = from_text("x" * 300).lines
    assert (len(line.text), line.cut) == (200, True)
    with pytest.raises(Invalid, match=r"Dòng 2 dài 900000 ký tự"):
        from_text("45/1\n" + "x" * 900_000)


def test_a_hundred_thousand_lines_are_counted():
    assert len(from_text("45/1\n" * 100_000).lines) == 100_000


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return out.getvalue()


def lying(content: bytes) -> bytes:
    """The same archive, saying that its parts are small."""
    return content.replace((60_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.txt", b"45/1\x00\n", "NUL"),
        ("a.csv", "Tờ;Thửa\n1;2\x00".encode(), "Dòng 2 có ký tự"),
        ("a.txt", "Mũi Né".encode("cp1258", "replace") + b"\xff\x81", "không phải UTF-8"),
        ("a.txt", b"x" * 1_000_001, "nhiều nhất 1 MB"),
        ("a.pdf", b"%PDF", "Chỉ đọc được"),
        ("a.xlsx", b"PK nothing", "hỏng"),
        ("a.xlsx", b"", "hỏng"),
        ("a.xlsx", bomb(), "giãn ra quá lớn"),
        ("a.xlsx", lying(bomb()), "hỏng"),
        ("a.xlsx", xlsx(["=1+1"]), "Dòng 1 có công thức chưa tính"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(name, content, sentence):
    with pytest.raises(Invalid, match=sentence):
        from_file(name, content)


def test_entities_of_a_workbook_are_not_unfolded():
    """The billion laughs: each entity ten of the one before."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    sheet = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet><sheetData>&l9;</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(["45/1"]))) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.infolist():
            new.writestr(each.filename, sheet if each.filename.endswith("sheet1.xml") else old.read(each))
    with pytest.raises(Invalid, match="hỏng"):
        from_file("a.xlsx", out.getvalue())
