"""The shared map opened from disk without a network: drawn, quiet, and harmless."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from layers.reports.shared_map import shared_map
from tests.transfer.parcels import ABOUT, KEYS, OFFICER, given_parcels

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(db, tmp_path) -> Path:
    given_parcels()
    path = tmp_path / "ban-do.html"
    path.write_bytes(shared_map(KEYS, ABOUT, OFFICER))
    return path


@pytest.fixture
def opened(browser: Browser, file: Path):
    """Opens the file, and fails where the page complained or asked for anything but itself."""
    contexts, faults = [], []

    def visit(**settings) -> Page:
        context = browser.new_context(offline=True, locale="vi-VN", **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda fault: faults.append(f"uncaught: {fault}"))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: faults.append(request.url) if _strange(request.url, file) else None)
        page.goto(file.as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not faults, faults


def _strange(url: str, file: Path) -> bool:
    return not url.startswith(("data:", "blob:")) and url.partition("#")[0] != file.as_uri()


def test_parcels_are_drawn_and_tell_of_themselves(opened):
    page = opened(viewport={"width": 1366, "height": 768})
    drawn = page.locator("path.leaflet-interactive")
    expect(drawn).to_have_count(len(KEYS))
    assert all(box["width"] > 2 and box["height"] > 2 for box in (each.bounding_box() for each in drawn.all()))
    drawn.first.click()
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("=HYPERLINK")
    expect(popup).to_contain_text("<img src=x onerror=alert(1)>")  # as text
    expect(popup.locator("img")).to_have_count(0)
    popup.get_by_role("link", name="Thửa 202, tờ 45").click()
    expect(page.locator("tr:target")).to_contain_text("Thửa 202, tờ 45")
    page.get_by_role("button", name="Phóng to").click()
    expect(page.locator(".leaflet-tooltip.named").first).to_be_visible()


def test_it_fits_a_phone_and_prints(opened):
    page = opened(viewport={"width": 360, "height": 800})
    expect(page.locator("path.leaflet-interactive")).to_have_count(len(KEYS))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 703, "height": 1000})  # what A4 with its margins leaves, 186 mm
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 703, "the table would be cut off on paper"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_without_javascript_the_tables_are_there(opened):
    page = opened(java_script_enabled=False)
    expect(page.locator("#parcels tbody tr")).to_have_count(len(KEYS))
    expect(page.get_by_text("Bản đồ cần JavaScript")).to_be_visible()
    expect(page.locator("#legend")).to_contain_text("Tổng cộng")


def test_it_is_accessible(opened):
    assert Axe().run(opened(viewport={"width": 1366, "height": 768}))["violations"] == []
