"""Five hundred references in a real browser: paste, watch, choose, take the table and a pack; a real worker does it."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pypdf
import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.serving import ROOT, Database, server_environment
from tests.browser.test_desk import sign_in

START = "/ban-lam-viec/tra-cuu-loat/"
SAMPLE = """
SELECT a.name_vi, p.sheet_no, p.parcel_no, p.geohash, p.key FROM layers_parcel p
JOIN layers_area a ON a.key = p.area_key
WHERE p.status = 'active' ORDER BY md5(p.key) LIMIT 494
"""


@pytest.fixture
def worker(served_database: Database) -> Iterator[subprocess.Popen]:
    """As `./run` keeps it: as the server's own database role."""
    environment = server_environment(served_database) | {"STATEMENT_TIMEOUT_MS": "0"}
    environment["DATABASE_URL"] = environment.pop("WEB_DATABASE_URL", "") or environment["DATABASE_URL"]
    process = subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT, env=environment)
    yield process
    process.terminate()
    assert process.wait(timeout=20) == 0


def references(database: Database) -> list[str]:
    """In all spellings; the first ones stand in several communes, or nowhere."""
    found = []
    for n, (name, sheet, number, geohash, key) in enumerate(database.rows(SAMPLE)):
        found.append((f"{sheet}/{number} {name}", f"tờ {sheet} thửa {number} {name}", geohash, key)[n % 4])
    return ["1/1", "1/1 mũi né", "99/99999 mũi né", "1/1 nơi không có", "xin chào", "1/1 mũi né", *found]


def test_five_hundred_references(page: Page, watch, accounts, served_database, worker):
    watch.allow("cookie: session", "cookie: csrf")
    sign_in(page, "mau.canbo", accounts["mau.canbo"])
    page.get_by_role("link", name="Tra cứu nhiều thửa").click()
    assert Axe().run(page)["violations"] == []
    page.get_by_label("Các thửa, mỗi dòng một thửa").fill("\n".join(references(served_database)))
    began = time.monotonic()
    page.get_by_role("button", name="Tra cứu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kết quả tra cứu danh sách")  # the page comes by itself
    print(f"500 references: {time.monotonic() - began:.1f} s from click to result")
    assert Axe().run(page)["violations"] == []
    counts = [int(text) for text in page.locator(".chip__count").all_text_contents()]
    assert sum(counts) == 500 and counts[1] >= 3 and counts[2] >= 3

    page.get_by_role("button", name="Chọn cho dòng 1:").first.click()
    expect(page.get_by_text("Đã ghi lựa chọn.")).to_be_visible()
    expect(page.locator(".chip__count").nth(1)).to_have_text(str(counts[1] - 1))
    page.get_by_role("link", name="Không thấy").click()
    expect(page.locator("table")).to_contain_text("Không nhận ra tên xã, phường nào")
    assert Axe().run(page)["violations"] == []

    with page.expect_download() as download:
        page.get_by_role("link", name="Bảng kết quả (XLSX)").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    rows = list(book["Kết quả"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == 500 and [row[2] for row in rows].count("Đã chọn") == 1


def test_a_pack_is_watched_and_taken(page: Page, watch, accounts, served, served_database, worker):
    watch.allow("cookie: session", "cookie: csrf")
    sign_in(page, "mau.canbo", accounts["mau.canbo"])
    page.goto(START)
    inside = [row[4] for row in served_database.rows(SAMPLE) if row[4].startswith("22915-2015-")][:8]
    page.get_by_label("Các thửa, mỗi dòng một thửa").fill("\n".join(inside))
    page.get_by_role("button", name="Tra cứu", exact=True).click()
    page.get_by_role("button", name="Làm gói trích lục (PDF)").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert Axe().run(page)["violations"] == []
    link = page.get_by_role("link", name="trich-luc-")
    expect(link).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Việc đang chạy").click()
    assert Axe().run(page)["violations"] == []
    with page.expect_download() as download:
        link.first.click()
    paper = pypdf.PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert len(paper.attachments) == 8
    text = "".join(each.extract_text() for each in paper.pages).replace("\n", "")
    assert f"{urlsplit(served).netloc}/kiem-chung/TL-" in text


def test_without_scripts_progress_is_a_link(visit, watch, accounts, served_database):
    watch.allow("cookie: session", "cookie: csrf", ".js csp")  # a browser without scripts refuses them
    page = visit(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.goto(START)
    page.get_by_label("Tên đăng nhập").fill("mau.canbo")
    page.get_by_label("Mật khẩu").fill(accounts["mau.canbo"])
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_label("Các thửa, mỗi dòng một thửa").fill("\n".join(references(served_database)))
    page.get_by_role("button", name="Tra cứu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đang tra cứu danh sách")
    page.get_by_role("link", name="Xem tiến độ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đang tra cứu danh sách")
    page.get_by_role("button", name="Dừng việc này").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc đang chạy")
    expect(page.get_by_text("đã dừng").first).to_be_visible()
