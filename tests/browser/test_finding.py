"""Ways to a parcel in a real browser: three fields by keys alone and without a script, the key /, and land users."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.test_desk import DESK, faults, sign_in

FIND, SEARCH = f"{DESK}thua-dat/", f"{DESK}chu-su-dung/"
UNIT, SHEET = "Xã, phường, mới hay cũ", "22915-2015"  # Mũi Né as it was
ALONE = """
SELECT sheet_no, min(parcel_no) FROM layers_parcel WHERE area_key = '22915-2015' AND status = 'active'
GROUP BY sheet_no ORDER BY sheet_no LIMIT 1
"""
OWNER = """
SELECT o.name FROM layers_parcel p JOIN layers_right r ON r.parcel_key = p.key
JOIN layers_party o ON o.key = r.party_key WHERE o.kind = 'person' AND p.status = 'active' ORDER BY o.name LIMIT 1
"""


@pytest.fixture(autouse=True)
def a_desk_has_a_session(watch):
    watch.allow("cookie: session", "cookie: csrf", "status of 400")  # 400 is tried on purpose


@pytest.fixture
def numbers(served_database) -> tuple[int, int]:
    return served_database.rows(ALONE)[0]


def test_by_keys_alone_each_field_fills_the_next(page: Page, accounts, numbers):
    sheet, number = numbers
    sign_in(page, "mau.canbo", accounts["mau.canbo"])
    page.goto(FIND)
    page.get_by_label("Tìm thửa đất").focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    unit = page.get_by_role("combobox", name=UNIT)
    expect(unit).to_be_focused()
    page.keyboard.type("mui ne")
    options = page.get_by_role("option")
    expect(options.first).to_have_text("Phường Mũi Né")
    assert options.count() >= 2, "of today and of before"
    expect(page.get_by_role("group", name="Đơn vị trước ngày 01/07/2025")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(unit).to_have_value(re.compile(r"^Phường Mũi Né \(cũ\)"))
    expect(page.locator("#picker-hint")).to_contain_text("tờ bản đồ")
    assert page.locator("#pick-sheets option").count() >= 1

    page.keyboard.press("Tab")
    expect(page.get_by_label("Tờ", exact=True)).to_be_focused()
    page.keyboard.type(str(sheet))
    page.keyboard.press("Tab")
    expect(page.locator("#picker-hint")).to_contain_text("Phường Mũi Né (cũ):")
    assert page.locator("#pick-numbers option").count() >= 1
    page.keyboard.type(str(number))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Thửa {number}, tờ {sheet}")


def test_what_was_not_chosen_means_nothing(page: Page, accounts):
    sign_in(page, "mau.canbo", accounts["mau.canbo"])
    page.goto(FIND)
    unit = page.get_by_role("combobox", name=UNIT)
    unit.fill("qqqq")
    expect(page.locator("#status")).to_have_text("Không có xã, phường nào tên như thế")
    page.keyboard.press("Tab")
    expect(unit).to_have_value("")


def test_without_a_script_the_form_leads_step_by_step(visit: Callable[..., Page], watch, accounts, numbers):
    watch.allow(".js csp")  # scripts are preloaded all the same, and then refused
    sheet, number = numbers
    page = visit(java_script_enabled=False)
    sign_in(page, "mau.canbo", accounts["mau.canbo"])
    page.goto(FIND)
    page.get_by_label(UNIT).select_option(SHEET)
    page.get_by_role("button", name="Chọn", exact=True).click()
    expect(page.get_by_role("heading", name="Các tờ bản đồ của Phường Mũi Né (cũ)")).to_be_visible()
    page.get_by_role("link", name=re.compile(rf"^Tờ {sheet} ")).click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(f"Tờ {sheet}, Phường Mũi Né (cũ)")
    page.get_by_role("link", name=f"Thửa {number}", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Thửa {number}, tờ {sheet}")


def test_the_slash_leads_to_the_box_and_can_be_switched_off(page: Page, accounts):
    sign_in(page, "mau.canbo", accounts["mau.canbo"])
    page.goto(FIND)
    box = page.get_by_label("Tìm thửa đất")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    page.keyboard.type("1/1")
    expect(box).to_have_value("1/1")

    page.goto("/tro-giup/")
    page.get_by_role("button", name="Tắt phím / trên bàn làm việc").click()
    expect(page.get_by_role("button", name="Bật phím / trên bàn làm việc")).to_be_visible()
    page.goto(FIND)
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(box).not_to_be_focused()


def test_land_users_are_found_for_a_purpose_and_gone_after_signing_out(page: Page, watch, accounts, served_database):
    owner = served_database.rows(OWNER)[0][0]
    sign_in(page, "mau.canbo", accounts["mau.canbo"])
    page.get_by_role("link", name="Tìm theo người sử dụng đất").click()
    assert faults(page) == []
    page.get_by_label("Họ tên hoặc số định danh").fill(owner)
    page.get_by_label("Mục đích").select_option("dossier")
    page.get_by_label("Lý do cụ thể").fill("Giải quyết hồ sơ tách thửa")
    page.get_by_label("Mã hồ sơ").fill("?!?!")
    submit = page.locator("main form").get_by_role("button", name="Tìm thửa")
    submit.click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy ghi mã hồ sơ")
    expect(page.get_by_label("Họ tên hoặc số định danh")).to_have_value(owner)
    assert faults(page) == []
    page.get_by_label("Mã hồ sơ").fill("H08.12-251120-0001")
    submit.click()
    expect(page.get_by_role("region", name="Thửa đất tìm thấy")).to_contain_text(owner)
    assert owner not in page.title() and page.url.endswith(SEARCH)
    assert faults(page) == []

    page.get_by_role("region", name="Thửa đất tìm thấy").get_by_role("link").first.click()
    expect(page.locator("#quyen")).to_be_visible()
    assert owner not in page.content()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile("dang-nhap"))
    watch.allow("ERR_CACHE_MISS")  # the browser kept no copy, and does not send the form again by itself
    missed: list[str] = []
    page.on("requestfailed", lambda request: missed.append(request.url))
    for _ in range(6):
        try:
            page.go_back()
        except Error as fault:
            assert "ERR_CACHE_MISS" in fault.message
        page.wait_for_timeout(300)
        assert owner not in page.content(), page.url
    assert any(url.endswith(SEARCH) for url in missed), "the way back led over the answer"


def test_both_pages_fit_a_phone_and_speak_english(phone: Page, accounts):
    sign_in(phone, "mau.canbo", accounts["mau.canbo"])
    for address, heading in ((FIND, "Find a parcel"), (SEARCH, "Search parcels by land user")):
        phone.goto(f"/en{address}")
        expect(phone.get_by_role("heading", level=1)).to_have_text(heading)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360
        assert faults(phone) == []
