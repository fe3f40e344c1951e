"""The pages of batches and jobs, as officers use them, and as others try to."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client

from layers.access.models import Membership
from layers.jobs.models import Job
from layers.reports.models import BatchLine, Extract, ReferenceBatch
from tests.cast import HAM_TIEN, MUI_NE, OWNER, alice, bob, charlie, signed_in
from tests.factories import PHAN_THIET, given, rectangle

pytestmark = pytest.mark.django_db
START, JOBS = "/ban-lam-viec/tra-cuu-loat/", "/ban-lam-viec/viec/"


@pytest.fixture
def officer(land) -> Client:
    from layers.collections.parcels.models import Parcel

    east, north = PHAN_THIET
    given(Parcel, {"key": "22915-2015-1-1", "sheet_no": 1, "parcel_no": 1, "geohash": "w3uy5vt93wb4",
                   "geom": rectangle(at=(east + 700, north))})  # fmt: skip
    alice()
    return signed_in("alice")


@pytest.fixture(autouse=True)
def worker_within(monkeypatch, db):
    """`work` is called in this process here: pytest's own handlers stay, and no worker is seen after a test."""
    monkeypatch.setattr("layers.management.commands.work.signal.signal", lambda *args: None)
    monkeypatch.setattr("layers.reports.batches.SMALL", 0)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def begun(client: Client, lines: str, **more: object) -> str:
    answer = client.post(START, {"lines": lines, **more})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    return answer.content.decode()


def test_from_pasting_to_choosing_to_the_table_and_the_pack(officer):
    address = begun(officer, "Tham chiếu\nw3uy5vt93w85\n1/1\n\n45/999\nw3uy5vt93w85", place="Mũi Né")
    waiting = page(officer, address)
    assert "Đang tra cứu danh sách" in waiting and "Xem tiến độ" in waiting
    assert "tiêu đề, đã bỏ qua: “Tham chiếu”" in waiting and "1 dòng trống" in waiting
    polled = json.loads(officer.get(re.search(r'data-progress="([^"]+)"', waiting)[1]).content)
    assert polled["unfinished"] and polled["state"] == "waiting"

    call_command("work", "--once")
    asked = page(officer, address)
    assert re.findall(r'chip__count">(\d)', asked) == ["2", "1", "1"] and "chọn đúng nơi" in asked
    assert asked.count("Chọn cho dòng 3") == 2 and "tên cũ, nay thuộc" in asked
    assert "Các thửa trên tờ này" in page(officer, address + "?nhom=khong")
    assert "Trùng dòng 2" in page(officer, address + "?nhom=thay")

    chosen = officer.post(address + "chon/", {"line": "3", "key": HAM_TIEN, "nhom": "chon"}, follow=True)
    assert "Đã ghi lựa chọn" in chosen.content.decode()
    assert BatchLine.objects.get(number=3).parcel_key == HAM_TIEN
    assert "chọn bằng tay" in page(officer, address + "?nhom=thay")

    table = officer.get(address + "ket-qua.xlsx")
    assert [row[0].value for row in openpyxl.load_workbook(io.BytesIO(table.content))["Kết quả"]] == [
        "Dòng",
        2,
        3,
        5,
        6,
    ]

    assert officer.post(address + "goi/").status_code == 302
    call_command("work", "--once")
    files = re.findall(rf'href="({JOBS}[^"]+\.pdf)"', page(officer, address))
    assert files == re.findall(rf'href="({JOBS}[^"]+\.pdf)"', page(officer, JOBS)) and len(files) == 1
    paper = officer.get(files[0])
    content = b"".join(paper.streaming_content)
    assert paper["Content-Type"] == "application/pdf" and int(paper["Content-Length"]) == len(content)
    assert paper["Cache-Control"] == "private, no-store"
    text = "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(content)).pages).replace("\n", "")
    assert Extract.objects.count() == 2 and OWNER not in text
    code = re.search(r"http://testserver(/kiem-chung/TL-[\d-]+/\?h=[0-9a-f]{64})", text)[1]
    assert 'data-verdict="authentic"' in Client().get(code).content.decode()


def test_a_short_list_waits_for_nobody(officer, monkeypatch):
    monkeypatch.setattr("layers.reports.batches.SMALL", 100)
    assert "Kết quả tra cứu danh sách" in page(officer, begun(officer, "w3uy5vt93w85"))
    assert (Job.objects.get().state, Job.objects.get().tries) == ("done", 1)


def test_a_file_is_read_like_pasted_text(officer):
    upload = SimpleUploadedFile("a.csv", "Tờ;Thửa;Xã;Hồ sơ\n45;123;22915;H08-MẬT".encode("utf-8-sig"))
    begun(officer, "", file=upload)
    assert BatchLine.objects.get().text == "tờ 45 thửa 123 22915"
    assert "H08" not in str(ReferenceBatch.objects.values().get() | Job.objects.values().get()).replace("Hồ sơ", "")


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"lines": ""}, 400, "Chưa có dòng nào"),
        ({"lines": "1/1\n" * 100_000}, 400, "Có 100000 dòng"),
        ({"lines": "1/1\x00"}, 400, "NUL"),
        ({"lines": "x" * 900_000}, 400, "dài 900000 ký tự"),
        ({"lines": "x" * 1_100_000}, 413, "nhiều nhất 1 MB"),
        ({"lines": "1/1", "file": SimpleUploadedFile("a.txt", b"1/2")}, 400, "Hãy chỉ giữ một"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, 400, "Chỉ đọc được"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK")}, 400, "hỏng"),
        ({"lines": "1/1", "place": "x" * 300}, 400, "nơi chung"),
    ],
)
def test_what_cannot_be_looked_up_is_a_sentence_and_begins_nothing(officer, sent, status, sentence):
    answer = officer.post(START, sent)
    assert answer.status_code == status and sentence in answer.content.decode()
    assert not ReferenceBatch.objects.exists() and not Job.objects.exists()


def test_what_was_typed_is_still_there_after_a_refusal(officer):
    answer = officer.post(START, {"lines": "45/1 <b>\n" * 501, "place": "Mũi Né"}).content.decode()
    assert "45/1 &lt;b&gt;" in answer and 'value="Mũi Né"' in answer


def test_nothing_of_it_is_there_for_others(officer):
    address = begun(officer, "w3uy5vt93w85")
    job = Job.objects.get()
    charlie()
    other = signed_in("charlie")
    for each in (address, address + "ket-qua.xlsx", f"{JOBS}{job.uuid}.json", f"{JOBS}{job.uuid}/tep/x.pdf",
                 f"{START}x/", f"{JOBS}x.json"):  # fmt: skip
        assert other.get(each).status_code == 404, each
    for each in (address + "chon/", address + "nhan/", address + "goi/", f"{JOBS}{job.uuid}/dung/"):
        assert other.post(each, {"line": "1", "key": MUI_NE}).status_code == 404, each
    assert "Chưa có việc nào" in page(other, JOBS) and address not in page(other, START)
    assert Client().get(address).status_code == 302 and Client().get(f"{JOBS}{job.uuid}.json").status_code == 401


def test_a_job_is_stopped_by_its_button(officer):
    address = begun(officer, "w3uy5vt93w85")
    form = re.search(r'action="([^"]+/dung/)"', page(officer, JOBS))[1]
    assert officer.get(form).status_code == 405
    assert "đã dừng" in officer.post(form, follow=True).content.decode()
    call_command("work", "--once")
    assert "đã dừng" in page(officer, address) and BatchLine.objects.get().state == "waiting"


def test_that_nobody_works_is_said(officer):
    begun(officer, "w3uy5vt93w85")
    assert "không có tiến trình nào" not in page(officer, JOBS)
    Job.objects.update(created_at="2026-01-01T00:00:00Z")
    assert "không có tiến trình nào đang làm việc" in page(officer, JOBS)


def test_a_post_that_ended_before_the_work_began_is_told(officer):
    begun(officer, "w3uy5vt93w85")
    Membership.objects.update(valid_to="2025-07-02")
    call_command("work", "--once")
    assert Job.objects.get().state == "failed" and "không còn hiệu lực" in Job.objects.get().fault


def test_a_reviewer_looks_up_but_packs_nothing(land):
    bob()
    client = signed_in("bob")
    address = begun(client, "w3uy5vt93w85")
    call_command("work", "--once")
    shown = page(client, address)
    assert "Làm gói trích lục" not in shown and "XLSX" in shown
    assert client.post(address + "goi/").status_code == 403


def test_in_english(officer):
    officer.post("/en" + START, {"lines": "1/1 mũi né\nxin chào"})
    call_command("work", "--once")
    address = "/en" + START + f"{ReferenceBatch.objects.get().uuid}/"
    assert "To be chosen" in page(officer, address) and "2 parcels bear this number" in page(officer, address)
    assert "can be read in it" in page(officer, address + "?nhom=khong")
    assert "All 2 lines looked up" in page(officer, "/en" + JOBS)
