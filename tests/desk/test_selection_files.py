"""A selection leaves as a file: at once, or by a worker when it is large; and a looked-up list becomes a selection."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from layers.jobs import worker
from layers.jobs.models import Job
from layers.management.commands.work import HANDLERS
from layers.pages import desk_files
from tests.cast import OWNER, OWNER_NO, alice, bob, charlie, signed_in

LIST = "/ban-lam-viec/chon/"


@pytest.fixture
def bench(land):
    """Alice's client, and a selection of hers with three parcels."""
    alice()
    client = signed_in("alice")
    address = client.post(LIST)["Location"]
    client.post(f"{address}hoi/", {"mode": "new", "0-unit": "22915-2015"})
    return client, address


@pytest.mark.parametrize("form", [form for form, _ in desk_files.FORMS])
def test_each_form_at_once(bench, form):
    client, address = bench
    answer = client.post(f"{address}tep/", {"form": form})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="lua-chon-thua-dat-20')
    assert answer["Cache-Control"] == "private, no-store"
    content = unpacked(answer.content)
    assert b"22915-2015" in content or form in ("parquet", "dxf", "xlsx", "html")
    for personal in (OWNER.encode(), OWNER_NO.encode()):
        assert personal not in content


def unpacked(content: bytes) -> bytes:
    """With everything that is zipped in it."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return content + b"".join(archive.read(name) for name in archive.namelist())


def test_the_file_says_what_was_asked(bench):
    client, address = bench
    answer = client.post(f"{address}tep/", {"form": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    said = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    assert "Phường Mũi Né" in said and "VN-2000" in said and "TỔNG HỢP" in said and address in said


def test_a_large_one_is_a_job_and_its_file_waits_for_the_officer(bench, monkeypatch):
    monkeypatch.setattr(desk_files, "AT_ONCE", 2)
    client, address = bench
    for form, kind in (("csv", "selection_export"), ("html", "selection_map")):
        answer = client.post(f"{address}tep/", {"form": form})
        assert answer["Location"] == "/ban-lam-viec/viec/"
        job = Job.objects.latest("id")
        assert (job.kind, job.state) == (kind, "waiting")
        worker.run_next(HANDLERS)
        job.refresh_from_db()
        assert (job.state, job.fault) == ("done", "")
    page = client.get("/ban-lam-viec/viec/").content.decode()
    assert "Xuất tệp của lựa chọn" in page and address in page
    file = job.files.get()
    given = client.get(f"/ban-lam-viec/viec/{job.uuid}/tep/{file.name}")
    assert b"45/124" in b"".join(given)


def test_a_selection_that_changed_meanwhile_is_not_written(bench, monkeypatch):
    monkeypatch.setattr(desk_files, "AT_ONCE", 2)
    client, address = bench
    client.post(f"{address}tep/", {"form": "csv"})
    client.post(f"{address}hoi/", {"mode": "add", "0-unit": "594-2015"})
    worker.run_next(HANDLERS)
    job = Job.objects.get()
    assert job.state == "failed" and "đã đổi" in job.fault and not job.files.exists()


def test_what_cannot_be_written_is_said(bench):
    client, address = bench
    assert client.post(f"{address}tep/", {"form": "exe"}).status_code == 400
    client.post(f"{address}buoc/xoa-chon/")
    answer = client.post(f"{address}tep/", {"form": "csv"})
    assert answer.status_code == 400 and "chưa có thửa" in answer.content.decode()
    assert client.get(f"{address}tep/").status_code == 405


def test_for_whom(bench):
    client, address = bench
    bob(), charlie()
    colleague, stranger = signed_in("bob"), signed_in("charlie")
    assert colleague.post(f"{address}tep/", {"form": "csv"}).status_code == 404
    client.post(f"{address}luu/", {"title": "Chung", "shared": "yes"})
    assert colleague.post(f"{address}tep/", {"form": "csv"}).status_code == 200
    assert stranger.post(f"{address}tep/", {"form": "csv"}).status_code == 404


def test_a_looked_up_list_becomes_a_selection(land):
    alice()
    client = signed_in("alice")
    lines = "45/123 mũi né\n45/124 mũi né\n45/123 mũi né\n99/1 mũi né"
    address = client.post("/ban-lam-viec/tra-cuu-loat/", {"lines": lines})["Location"]
    selection = client.post(f"{address}lua-chon/")["Location"]
    assert selection.startswith(LIST)
    page = client.get(selection).content.decode()
    assert "2 thửa" in page and "2 thửa chọn trực tiếp" in page
    nothing = client.post("/ban-lam-viec/tra-cuu-loat/", {"lines": "99/1 mũi né"})["Location"]
    assert client.post(f"{nothing}lua-chon/").status_code == 400
