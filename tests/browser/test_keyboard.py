"""With keys alone: from the top of the page to a site, to the map, over it, and out again."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.sight import cards_on_map, focused, idle_map, place, tab_to, view_of


def test_from_the_top_of_the_page_to_a_site(page: Page):
    page.goto("/")
    idle_map(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Bỏ qua bản đồ, xem danh sách")
    page.keyboard.press("Enter")
    first = page.locator("#list .card__link").first
    tab_to(page, first, most=3)
    assert _ring(first), "the focus is seen"
    name = first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


def test_the_map_moves_by_keys_and_says_where_it_is(page: Page):
    page.goto("/#map=11/10.95/108.2")
    idle_map(page)
    canvas = page.locator(".map__canvas canvas")
    tab_to(page, canvas)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#status")).to_contain_text("Khung bản đồ rộng")
    assert _ring(canvas) or _ring(page.locator(".map")), "the focus is seen"
    moved = view_of(page)
    assert moved.lng > 108.2 and abs(moved.lat - 10.95) < 0.001
    said = page.locator("#status").inner_text()
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile(r"#map=12/"))
    expect(page.locator("#status")).not_to_have_text(said)
    page.keyboard.press("-")
    expect(page).to_have_url(re.compile(r"#map=11/"))
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_focused()


def test_enter_opens_what_lies_in_the_middle(page: Page):
    page.goto("/#map=15/10.949296/108.29635")
    idle_map(page)
    page.locator(".map__canvas canvas").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel h1")).to_have_text("Đồi Cát Đỏ")
    expect(page.locator("#panel h1")).to_be_focused()


def test_layers_and_help_open_and_close_by_key(page: Page):
    page.goto("/")
    idle_map(page)
    page.locator(".map__canvas canvas").focus()
    page.keyboard.press("l")
    expect(page.locator("#map-layers-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Lớp bản đồ và chú giải")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


def test_each_gesture_has_a_button(page: Page):
    page.goto("/#map=11/10.95/108.2")
    idle_map(page)
    page.get_by_role("button", name="Phóng to").click()
    expect(page).to_have_url(re.compile(r"#map=12/"))
    page.get_by_role("button", name="Di chuyển bản đồ").click()
    page.get_by_role("button", name="Lên phía bắc").click()
    expect(page).not_to_have_url(re.compile(r"#map=12/10\.950*/"))
    assert view_of(page).lat > 10.95
    page.get_by_role("button", name="Xem toàn tỉnh").click()
    expect(page).to_have_url(re.compile(r"#map=[78]"))
    assert cards_on_map(page), "the province is in sight"


def test_letters_in_the_search_box_are_letters(page: Page):
    page.goto("/")
    idle_map(page)
    page.locator("#q").focus()
    page.keyboard.type("l?g")
    expect(page.locator("#q")).to_have_value("l?g")
    expect(page.locator("#map-layers")).to_be_hidden()
    assert place(page, 108, 11)


def _ring(element: Locator) -> bool:
    """An outline or a shadow around what has the focus."""
    return element.evaluate(
        """one => [null, '::before', '::after'].map(part => getComputedStyle(one, part)).some(style =>
          (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none')"""
    )
