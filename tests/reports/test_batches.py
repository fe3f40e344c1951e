"""References looked up together, chosen from, made into a table and a pack."""

from __future__ import annotations

import io

import openpyxl
import pypdf
import pytest
from django.test import override_settings
from django.utils import timezone

from layers.access.reader import Reader
from layers.collections.parcels.models import Parcel
from layers.errors import Conflict, Invalid, NotAllowed, NotFound
from layers.jobs import queue, worker
from layers.jobs.models import Job
from layers.reading.grammar import understand
from layers.reading.parcel_lists import lookup_many
from layers.reading.parcel_numbers import lookup
from layers.reports import batch_pack, batch_table, batches
from layers.reports.batches import Reference
from layers.reports.issue import verify
from layers.reports.models import BatchLine, Extract, ReferenceBatch
from tests.cast import HAM_TIEN, MUI_NE, PHUOC_HOI, alice, bob, charlie, given_land
from tests.factories import PHAN_THIET, given, rectangle

pytestmark = pytest.mark.django_db
HANDLERS = {batches.LOOKUP: batches.look_up, batches.PACK: batch_pack.make_pack}
VERIFY = "https://ban-do.example/kiem-chung/{number}/?h={hash}"
EAST, NORTH = PHAN_THIET


@pytest.fixture(autouse=True)
def by_a_worker(monkeypatch):
    monkeypatch.setattr(batches, "SMALL", 0)


@pytest.fixture
def officer() -> Reader:
    """Alice, on the cast's land with a number that was retired, one that stands in two communes, and a formula."""
    given_land()
    given(
        Parcel,
        {"key": "22915-2015-9-1", "sheet_no": 9, "parcel_no": 1, "geohash": "w3uy5vt93wb1", "status": "retired",
         "geom": rectangle(at=(EAST + 500, NORTH))},
        {"key": "22915-2015-9-2", "sheet_no": 9, "parcel_no": 2, "geohash": "w3uy5vt93wb2",
         "geom": rectangle(10, 50, (EAST + 500, NORTH))},
        {"key": "22915-2015-9-3", "sheet_no": 9, "parcel_no": 3, "geohash": "w3uy5vt93wb3",
         "geom": rectangle(10, 50, (EAST + 510, NORTH))},
        {"key": "22915-2015-1-1", "sheet_no": 1, "parcel_no": 1, "geohash": "w3uy5vt93wb4",
         "geom": rectangle(at=(EAST + 700, NORTH))},
    )  # fmt: skip
    return alice()


def looked_up(officer: Reader, *texts: str, place: str = "") -> ReferenceBatch:
    held = batches.begin([Reference(n, text) for n, text in enumerate(texts, start=1)], place, officer)
    assert worker.run_next(HANDLERS)
    assert Job.objects.latest("id").state == "done", Job.objects.latest("id").fault
    return held


def states(held: ReferenceBatch) -> list[tuple[str, str]]:
    return [(line.state, line.parcel.key if line.parcel else "") for line in batches.lines(held)]


# --- finding ---

TEXTS = (
    "45/123 phường mũi né", "tờ 1 thửa 1 hàm tiến", "1/1", "w3uy5vt93w85", "000000000000", "22915-2015-45-123",
    "45/999 mũi né",
    "99/1 mũi né", "1/1 xyz", "7/8 phước hội", "thửa 8 tờ 7", "8/7 phước hội", "1208640 456410", "10.93, 108.1",
    "9/1 mũi né", "chợ phan thiết", "", "???", "1/1 phan thiết", "45/123 la gi", "1/1 xã không có",
)  # fmt: skip


def test_many_at_once_are_answered_as_each_alone(officer):
    day = timezone.localdate()
    typed = [understand(text) for text in TEXTS]
    for each, reply in zip(typed, lookup_many(typed, officer, day), strict=True):
        if not each.point:
            assert reply.answer == lookup(each, officer, day), each.text


def test_statements_do_not_grow_with_the_references(officer, django_assert_max_num_queries):
    typed = [understand(f"{n}/{n} mũi né") for n in range(1, 200)] + [understand(text) for text in TEXTS]
    with django_assert_max_num_queries(8):
        lookup_many(typed, officer, timezone.localdate())


def test_each_line_is_found_asked_or_missing_with_its_reason(officer):
    held = looked_up(
        officer, "w3uy5vt93w85", "1/1 mũi né", "22915-45-999", "99/1 phước hội", "1/1 atlantis", "9/1 mũi né",
        "xin chào", "1208640 456410", "1200000 400000",
    )  # fmt: skip
    lines = batches.lines(held)
    assert states(held)[0] == ("found", MUI_NE)
    assert lines[1].state == "ambiguous" and {hit.key for hit in lines[1].candidates} == {HAM_TIEN, "22915-2015-1-1"}
    assert [hit.unit_now[0].key for hit in lines[1].candidates] == ["22918-2025"] * 2
    assert [line.state for line in lines[2:7]] == ["missing"] * 5
    told = [" ".join(line.reasons()) for line in lines]
    for n, words in ((2, "Các thửa trên tờ này"), (3, "không có tờ bản đồ số 99"), (4, "Không nhận ra tên xã"),
                     (5, "đã hủy"), (6, "Không nhận ra số tờ"), (8, "Tại điểm này không có")):  # fmt: skip
        assert words in told[n], (n, told[n])
    assert {hit.key for hit in lines[5].candidates} == {"22915-2015-9-2", "22915-2015-9-3"}, "its successors"
    assert states(held)[7] == ("found", HAM_TIEN)
    assert batches.found_keys(held.uuid, officer) == (MUI_NE, HAM_TIEN)


def test_a_common_place_counts_where_a_line_names_none(officer):
    held = looked_up(officer, "7/8", "22915-2015-45-123", place="Phước Hội")
    assert states(held) == [("found", PHUOC_HOI), ("found", MUI_NE)]


def test_what_says_the_same_is_looked_up_once_and_chosen_once(officer):
    held = looked_up(officer, "1/1 Mũi Né", "w3uy5vt93w85", "1/1  MŨI NÉ")
    assert [line.same_as for line in batches.lines(held)] == [None, None, 1]
    batches.choose(held.uuid, 3, HAM_TIEN, officer)
    assert states(held) == [("found", HAM_TIEN), ("found", MUI_NE), ("found", HAM_TIEN)]
    assert batches.found_keys(held.uuid, officer) == (HAM_TIEN, MUI_NE)


def test_a_choice_is_kept_and_can_be_undone(officer):
    held = looked_up(officer, "1/1 mũi né", "9/1 mũi né", "w3uy5vt93w85")
    batches.choose(held.uuid, 1, HAM_TIEN, officer)
    batches.choose(held.uuid, 2, "22915-2015-9-3", officer)
    assert states(held)[:2] == [("found", HAM_TIEN), ("found", "22915-2015-9-3")]
    batches.choose(held.uuid, 1, "", officer)
    batches.choose(held.uuid, 2, "", officer)
    assert [state for state, _ in states(held)] == ["ambiguous", "missing", "found"]
    for number, key in ((1, MUI_NE), (3, "")):
        with pytest.raises(Invalid):
            batches.choose(held.uuid, number, key, officer)
    with pytest.raises(NotFound):
        batches.choose(held.uuid, 4, MUI_NE, officer)


def test_lines_with_one_candidate_are_accepted_together(officer):
    held = looked_up(officer, "8/7 phước hội", "1/1 mũi né")  # read the other way round: asked, not taken
    assert [line.state for line in batches.lines(held)] == ["ambiguous", "ambiguous"]
    assert batches.counts(held).only_ones == 1
    assert batches.accept_only_ones(held.uuid, officer) == 1
    assert states(held) == [("found", PHUOC_HOI), ("ambiguous", "")]


def test_too_many_or_none_begin_nothing(officer):
    for references, sentence in (([], "Chưa có dòng"), ([Reference(n, "1/1") for n in range(501)], "Có 501 dòng")):
        with pytest.raises(Invalid, match=sentence):
            batches.begin(references, "", officer)
    for place in ("x" * 201, "\x00"):
        with pytest.raises(Invalid, match="nơi chung"):
            batches.begin([Reference(1, "1/1")], place, officer)
    for _ in range(5):
        batches.begin([Reference(1, "1/1")], "", officer)
    with pytest.raises(Conflict):
        batches.begin([Reference(1, "1/1")], "", officer)
    assert ReferenceBatch.objects.count() == 5 == Job.objects.count()


def test_a_lookup_goes_on_where_the_last_worker_stopped(officer, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    held = batches.begin([Reference(n, f"22915-45-{n}") for n in range(1, 6)], "", officer)
    asked = []

    def counted(typed, *rest):
        asked.append(len(typed))
        if len(asked) == 2:
            raise worker.Ending
        return lookup_many(typed, *rest)

    monkeypatch.setattr(batches, "lookup_many", counted)
    with pytest.raises(worker.Ending):
        worker.run_next(HANDLERS)
    assert batches.counts(held).waiting == 3
    worker.run_next(HANDLERS)
    assert (asked, batches.counts(held).waiting) == ([2, 2, 2, 1], 0)


def test_another_persons_list_is_not_there(officer):
    held, other = looked_up(officer, "w3uy5vt93w85"), charlie()
    assert batches.batches_of(other) == []
    for door in (
        lambda: batches.batch(held.uuid, other), lambda: batches.found_keys(held.uuid, other),
        lambda: batches.choose(held.uuid, 1, MUI_NE, other), lambda: batch_table.table(str(held.uuid), other),
        lambda: batches.want_pack(held.uuid, VERIFY, other), lambda: batches.accept_only_ones(held.uuid, other),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            door()


@override_settings(PUBLIC_PARCELS=False)
def test_where_parcels_are_not_public_only_the_own_territory_is_told(officer):
    held = looked_up(officer, "w3uy5vt93w85", "w3uy5vt93w87", "7/8 phước hội", "7/999 phước hội")
    lines = batches.lines(held)
    assert states(held) == [("found", MUI_NE), ("missing", ""), ("missing", ""), ("missing", "")]
    assert "ngoài địa bàn" in lines[1].reasons()[0] and lines[1].candidates == ()
    assert lines[3].missing == (), "nor which numbers there are"


# --- the table ---


def test_the_table_holds_all_lines_as_numbers_and_text(officer):
    held = looked_up(officer, "w3uy5vt93w85", '=HYPERLINK("http://x")', "+1", "-1", "@x", "1/1 mũi né")
    book = openpyxl.load_workbook(io.BytesIO(batch_table.table(str(held.uuid), officer)))
    rows = list(book["Kết quả"].iter_rows(min_row=2))
    assert [row[0].value for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [(row[1].value, row[1].data_type) for row in rows[1:5]] == [
        ('=HYPERLINK("http://x")', "s"), ("+1", "s"), ("-1", "s"), ("@x", "s")]  # fmt: skip
    assert all(row[1].quotePrefix for row in rows[1:5])
    found = rows[0]
    assert (found[4].value, found[5].value, found[9].value, found[10].value) == (45, 123, 1000, 1000)
    assert found[15].value == MUI_NE and found[12].is_date
    assert HAM_TIEN in rows[5][3].value and rows[5][2].value == "Cần chọn"
    about = {row[0].value: row[1].value for row in book["Thông tin"].iter_rows()}
    assert about["Số dòng"] == 6 and about["Tìm thấy hoặc đã chọn"] == 1
    assert "9218" in about["Hệ tọa độ của thửa đất"] and "TỔNG HỢP" in about["Lưu ý"]
    assert "Alice" in about["Người tra cứu"]


# --- the pack ---


def packed(held: ReferenceBatch, officer: Reader) -> tuple[Job, list[pypdf.PdfReader]]:
    job = batches.want_pack(held.uuid, VERIFY, officer)
    assert worker.run_next(HANDLERS) == job
    job.refresh_from_db()
    assert job.state == "done", job.fault
    return job, [pypdf.PdfReader(io.BytesIO(b"".join(queue.pieces(file)))) for file in queue.files_of(job)]


def text_of(reader: pypdf.PdfReader, *pages: int) -> str:
    chosen = [reader.pages[n] for n in pages] if pages else reader.pages
    return " ".join(" ".join(page.extract_text() for page in chosen).split())


def test_one_paper_holds_all_extracts_of_the_territory(officer):
    held = looked_up(
        officer, "w3uy5vt93w85", "7/8 phước hội", "1/1 hàm tiến", "w3uy5vt93w86", "22915-2015-45-123", "xin chào"
    )
    if batches.counts(held).ambiguous:
        batches.choose(held.uuid, 3, HAM_TIEN, officer)
    _, (paper,) = packed(held, officer)

    extracts = list(Extract.objects.order_by("id"))
    assert [each.parcel_key for each in extracts] == [MUI_NE, HAM_TIEN], "one a parcel, and none outside"
    cover = text_of(paper, 0)
    assert "1, 5 w3uy5vt93w85" in cover and "ngoài địa bàn" in cover and "1 dòng khác" in cover, cover
    assert "DỮ LIỆU TỔNG HỢP" in cover
    titles = [
        (item.title, paper.get_destination_page_number(item)) for item in paper.outline if not isinstance(item, list)
    ]
    assert [title.partition(":")[0] for title, _ in titles] == ["Bìa", *(each.number for each in extracts)]
    for extract, (_, page) in zip(extracts, titles[1:], strict=True):
        assert f"{extract.number} {page + 1}" in cover, "the cover names the page"
        assert f"Số {extract.number}" in text_of(paper, page)
        assert paper.attachments[f"{extract.number}.json"] == [extract.content.encode()]
        assert extract.sha256 in text_of(paper).replace(" ", "")
        assert verify(extract.number, extract.sha256).result == "authentic"
    assert len(paper.pages[0]["/Annots"]) == 2, "the cover leads to each"
    root = paper.trailer["/Root"]
    assert (
        root["/MarkInfo"]["/Marked"] and root["/OutputIntents"] and "/StructTreeRoot" in root and root["/Lang"] == "vi"
    )
    assert b"pdfaid" in root["/Metadata"].get_data()
    assert {line.number: line.extract_number for line in batches.lines(held) if line.extract_number} == {
        1: extracts[0].number, 3: extracts[1].number, 4: extracts[1].number, 5: extracts[0].number}  # fmt: skip
    assert "ngoài địa bàn" in batches.lines(held)[1].no_extract


def test_a_large_pack_becomes_several_files_that_are_not_drawn_twice(officer, monkeypatch):
    monkeypatch.setattr(batch_pack, "PART", 2)
    held = looked_up(officer, "w3uy5vt93w85", "w3uy5vt93w86", "w3uy5vt93wb2")
    drawn = []
    draw = batch_pack.paper.write

    def once(document, words, **more):
        drawn.append(len(words))
        if len(drawn) == 2:
            raise worker.Ending
        return draw(document, words, **more)

    monkeypatch.setattr(batch_pack.paper, "write", once)
    job = batches.want_pack(held.uuid, VERIFY, officer)
    with pytest.raises(worker.Ending):
        worker.run_next(HANDLERS)
    worker.run_next(HANDLERS)
    files = list(queue.files_of(job))
    assert [file.name[-6:] for file in files] == ["-1.pdf", "-2.pdf"] and drawn == [2, 1, 1]
    assert Extract.objects.count() == 3
    second = pypdf.PdfReader(io.BytesIO(b"".join(queue.pieces(files[1]))))
    assert "tệp 2/2" in text_of(second, 0) and len(second.attachments) == 1


def test_two_clicks_are_one_pack_and_nothing_is_chosen_meanwhile(officer):
    held = looked_up(officer, "w3uy5vt93w85", "1/1 mũi né")
    job = batches.want_pack(held.uuid, VERIFY, officer)
    assert batches.want_pack(held.uuid, VERIFY, officer) == job
    with pytest.raises(Conflict):
        batches.choose(held.uuid, 2, HAM_TIEN, officer)
    queue.stop(job.uuid, officer)
    batches.choose(held.uuid, 2, HAM_TIEN, officer)


def test_who_may_not_issue_gets_no_pack(officer):
    reviewer = bob()
    held = looked_up(reviewer, "w3uy5vt93w85")
    with pytest.raises(NotAllowed):
        batches.want_pack(held.uuid, VERIFY, reviewer)
    nothing = looked_up(officer, "xin chào")
    with pytest.raises(Invalid, match="Chưa dòng nào"):
        batches.want_pack(nothing.uuid, VERIFY, officer)


def test_old_lists_go_and_what_was_issued_stays(officer):
    held = looked_up(officer, "w3uy5vt93w85")
    packed(held, officer)
    assert batches.remove_old() == 0
    ReferenceBatch.objects.update(created_at=timezone.now() - timezone.timedelta(days=31))
    assert batches.remove_old() == 1
    assert not BatchLine.objects.exists() and Extract.objects.count() == 1
