"""The desk's entrance in a real browser, by keyboard, on a server that works as a role of its own."""

from __future__ import annotations

import re

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

DESK = "/ban-lam-viec/"


@pytest.fixture(autouse=True)
def a_desk_has_a_session(watch):
    watch.allow("cookie: session", "cookie: csrf")


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto(DESK)
    page.get_by_label("Tên đăng nhập").focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DESK}")


def faults(page: Page) -> list[str]:
    found = Axe().run(page)["violations"]
    return [violation["id"] for violation in found if violation["impact"] in ("serious", "critical")]


def test_a_supervisor_signs_in_reads_the_log_and_signs_out(page, accounts):
    page.goto(DESK)
    assert faults(page) == []
    sign_in(page, "mau.giamsat", accounts["mau.giamsat"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Bàn làm việc")
    assert faults(page) == []

    page.get_by_role("navigation", name="Bàn làm việc").get_by_role("link", name="Nhật ký truy cập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhật ký truy cập dữ liệu cá nhân")
    expect(page.get_by_role("table")).to_contain_text("mau.giamsat")
    assert faults(page) == []

    page.get_by_role("button", name="Đăng xuất").click()
    page.goto(DESK)
    expect(page).to_have_url(re.compile("dang-nhap"))


@pytest.mark.parametrize("name", ["mau.canbo", "mau.quyhoach", "mau.thamdinh", "mau.quantri"])
def test_each_role_has_a_demo_account_with_a_desk_of_its_own(page, accounts, name):
    sign_in(page, name, accounts[name])
    expect(page.get_by_role("heading", name="Bạn được dùng")).to_be_visible()
    assert page.get_by_role("link", name="Nhật ký truy cập").count() == 0
    assert faults(page) == []


def test_the_entrance_fits_a_phone_and_speaks_english(phone, accounts):
    phone.goto("/en/ban-lam-viec/dang-nhap/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sign in to the desk")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
