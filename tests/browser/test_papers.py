"""An officer fills a procedure from a parcel: opens the sheet, copies its text, downloads its paper and the plan's."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_desk import DESK, sign_in
from tests.browser.test_officer import OWNERS


def paper(page: Page, link: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    reader = pypdf.PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
    return "".join("".join(each.extract_text() for each in reader.pages).split())


def test_from_a_procedure_of_the_parcel_to_its_text_and_papers(visit, watch, accounts, served_database):
    watch.allow("cookie: session", "cookie: csrf")
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    sheet_no, parcel_no, owner = served_database.rows(OWNERS)[0]
    sign_in(page, "mau.canbo", accounts["mau.canbo"])
    page.goto(f"{DESK}thua-dat/22915-2015/{sheet_no}/{parcel_no}/")
    procedure = page.locator("#thu-tuc .procedure").first
    code = procedure.locator(".badge--code").inner_text()
    procedure.get_by_role("link", name="Điền sẵn").click()

    expect(page.get_by_role("heading", name="Phiếu thông tin thửa để nộp kèm")).to_be_visible()
    assert Axe().run(page)["violations"] == []
    page.get_by_role("button", name="Chép nội dung").click()
    expect(page.get_by_role("status").filter(has_text="Đã chép nội dung phiếu")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == page.get_by_label("Văn bản để chép").input_value().strip()
    assert f"Thủ tục: {code}" in copied and f"Thửa đất số: {parcel_no}\n" in copied.replace("\r\n", "\n")
    assert "DỮ LIỆU TỔNG HỢP" in copied and owner not in copied
    text = paper(page, "Tải PDF")
    assert code in text and "".join(owner.split()) not in text

    page.goto(f"{DESK}thua-dat/22915-2015/{sheet_no}/{parcel_no}/quy-hoach/")
    page.get_by_text("Cách đo").first.click()
    expect(page.get_by_text("bề rộng trung bình 2A/P").first).to_be_visible()
    assert Axe().run(page)["violations"] == []
    text = paper(page, "Phiếu thông tin quy hoạch (PDF)")
    assert "Phiếuthôngtinquyhoạch" in text and "".join(owner.split()) not in text


def test_the_sheet_is_copied_without_scripts_and_fits_a_phone(visit, watch, accounts, served_database):
    watch.allow("cookie: session", "cookie: csrf", ".js csp")  # scripts are off, so their preloading is refused
    page = visit(java_script_enabled=False, viewport={"width": 360, "height": 800})
    sheet_no, parcel_no, _ = served_database.rows(OWNERS)[0]
    page.goto(DESK)
    page.get_by_label("Tên đăng nhập").fill("mau.canbo")
    page.get_by_label("Mật khẩu").fill(accounts["mau.canbo"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DESK}")
    page.goto(f"{DESK}thua-dat/22915-2015/{sheet_no}/{parcel_no}/dien-san/")
    expect(page.get_by_role("button", name="Chép nội dung")).to_have_count(0)
    assert f"Tờ bản đồ số: {sheet_no}\n" in page.get_by_label("Văn bản để chép").input_value()
    box = page.locator("main").bounding_box()
    assert box is not None and box["width"] <= 360
