"""Readers who zoom, want less motion, choose their own colours, or print."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sight import idle_map, overflow_px, place

NARROW = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %


@pytest.mark.parametrize("path", ["/", "/tim/?q=mui+ne", "/dia-diem/doi-cat-do/", "/thu-tuc/1.012784/", "parcel"])
def test_nothing_is_lost_at_400_percent(visit, parcel_path: str, path: str):
    page = visit(viewport=NARROW)
    page.goto(parcel_path if path == "parcel" else path)
    assert overflow_px(page) == 0
    page.locator("#q").scroll_into_view_if_needed()
    expect(page.locator("#q")).to_be_in_viewport()
    last = page.locator("main a:visible").last
    last.scroll_into_view_if_needed()
    last.focus()
    expect(last).to_be_in_viewport()
    cut = page.evaluate(
        """() => [...document.querySelectorAll('main :is(h1,h2,h3,p,dd,dt)')].filter(one => {
          const box = one.getBoundingClientRect()
          return box.width > 0 && !one.closest('.chips, .table-scroll, .anchors, .map, .card__aside, .visually-hidden')
            && (box.right > innerWidth + 1 || box.left < -1)
        }).map(one => one.textContent.trim().slice(0, 60))"""
    )
    assert not cut, cut


def test_less_motion_is_respected(visit):
    page = visit(reduced_motion="reduce")
    page.goto("/#map=10/10.95/108.2")
    idle_map(page)
    before = place(page, 108.2, 10.95)
    page.get_by_role("button", name="Phóng to").click()
    page.wait_for_timeout(60)  # with motion the map would still be on its way for 200 ms
    expect(page).to_have_url(re.compile("#map=11/"))
    assert place(page, 108.2, 10.95) == pytest.approx(before, abs=1)
    moving = page.evaluate("document.getAnimations().filter(one => one.playState === 'running').length")
    assert moving == 0


def test_colours_of_the_reader(visit):
    page = visit(forced_colors="active")
    page.goto("/")
    idle_map(page)
    assert len(page.screenshot()) > 10_000
    expect(page.locator(".chip[aria-current=true]")).to_be_visible()
    page.goto("/dia-diem/doi-cat-do/")
    assert len(page.screenshot()) > 10_000


def test_printed_the_words_stay_and_the_furniture_goes(page: Page, parcel_path: str):
    page.goto(parcel_path)
    page.emulate_media(media="print")
    for gone in (".header", ".footer", "#map", ".actions"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".notice--synthetic")).to_be_visible()
    expect(page.locator("#thu-tuc .procedure").first).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_sheet_of_the_phone_opens_by_its_button(phone: Page):
    phone.goto("/")
    idle_map(phone)
    handle = phone.locator(".sheet__handle")
    low = phone.locator(".sheet").bounding_box()["height"]
    handle.click()
    expect(phone.locator(".sheet")).to_have_attribute("data-stop", "full")
    expect(handle).to_have_attribute("aria-label", "Thu gọn danh sách")
    handle.click()
    expect(phone.locator(".sheet")).to_have_attribute("data-stop", "peek")
    expect(handle).to_have_attribute("aria-expanded", "false")
    assert low > 200
    phone.locator("#list .card__link").first.focus()
    expect(phone.locator(".sheet")).to_have_attribute("data-stop", "half")
