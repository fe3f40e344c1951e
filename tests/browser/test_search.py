"""The search box: typed without accents, by keys only, with old names, parcels and places; and without scripts."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.sight import card_place, drawn, idle_map, place, until


@pytest.mark.parametrize("typed", ["mui ne", "muine", "Mũi Né"])
def test_found_however_it_is_typed_and_reached_by_keys(page: Page, typed: str):
    page.goto("/tiep-can/")
    _type(page, typed)
    first = page.get_by_role("option").first
    expect(first.locator(".suggest__name")).to_have_text("Phường Mũi Né")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Phường Mũi Né")
    expect(page).to_have_url(re.compile("/don-vi/"))


def test_a_former_name_leads_to_the_unit_with_the_reason(page: Page):
    page.goto("/tiep-can/")
    _type(page, "hàm tiến")
    former = page.get_by_role("option").filter(has_text="Phường Hàm Tiến").first
    expect(former.locator(".suggest__hint")).to_have_text("tên cũ, nay thuộc Phường Mũi Né")
    expect(page.get_by_role("option").filter(has_text="Bãi biển Hàm Tiến")).to_have_count(1)
    expect(page.locator("#status")).to_contain_text("gợi ý")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("hàm tiến")
    expect(page.locator("#panel")).to_contain_text("tên cũ, nay thuộc Phường Mũi Né")


def test_escape_closes_then_clears_and_says_when_nothing_fits(page: Page):
    page.goto("/tiep-can/")
    _type(page, "mui ne")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("combobox")).to_have_value("mui ne")
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).to_have_value("")
    _type(page, "qqqqzzzz")
    page.keyboard.press("Enter")
    expect(page.locator(".empty__title")).to_contain_text("Không thấy")
    expect(page.get_by_role("heading", name="Có thể gõ")).to_be_visible()


def test_a_parcel_is_found_by_sheet_and_number(page: Page, parcel: dict, parcel_path: str):
    known = parcel["properties"]
    page.goto("/tiep-can/")
    _type(page, f"{known['sheet_no']}/{known['parcel_no']} mui ne")
    option = page.get_by_role("option").filter(has_text=f"Thửa {known['parcel_no']}, tờ {known['sheet_no']}")
    expect(option.first).to_have_attribute("data-href", parcel_path)
    option.first.click()
    expect(page).to_have_url(re.compile(re.escape(parcel_path)))


def test_coordinates_show_the_place_its_units_then_and_now(page: Page):
    page.goto("/tim/?q=10.9493, 108.29635")
    expect(page.locator(".facts")).to_contain_text("WGS 84")
    expect(page.locator(".facts a[href^='/don-vi/']")).not_to_have_count(0)
    metres = page.locator(".facts").inner_text()
    north, east = re.search(r"X \(Bắc\) ([\d.]+) m?; ?Y \(Đông\) ([\d.]+)", metres.replace("\n", " ")).groups()
    idle_map(page)
    found = page.locator("[data-lng]").first
    until(page, lambda: _in_sight(page, found), "the place on the map")
    ring = until(page, lambda: drawn(page, *card_place(found)), "a ring around the place")
    assert any(hit["layer"].startswith("bt/selected") for hit in ring)
    page.goto(f"/tim/?q={north} {east}")
    expect(page.locator(".facts")).to_contain_text("VN-2000")
    expect(page.locator(".facts")).to_contain_text(re.compile(r"10\.949\d+, 108\.296\d+"))


def test_results_are_on_list_and_map(page: Page):
    page.goto("/tim/?q=mui ne")
    idle_map(page)
    sites = page.locator(".card[data-feature^='tourism_sites/']").all()
    assert len(sites) >= 4
    shown = [
        card for card in sites if any(h["key"] in (card.get_attribute("data-feature") or "") for h in _hits(page, card))
    ]
    assert len(shown) >= 4, "found sites are drawn"


@pytest.mark.parametrize("typed", ["mui ne", "muine", "Mũi Né"])
def test_the_same_answers_as_pages_without_javascript(visit, watch, typed: str):
    watch.allow("/static/assets/")  # a browser without scripts refuses to preload them
    page = visit(java_script_enabled=False)
    page.goto("/")
    expect(page.locator("#list .card")).to_have_count(20)
    expect(page.locator(".map__note")).to_be_visible()
    page.locator("#q").fill(typed)
    page.locator("#q").press("Enter")
    expect(page.locator("#list .card__link").first).to_have_text("Phường Mũi Né")
    page.locator("#list .card__link").first.click()
    expect(page.locator("h1")).to_have_text("Phường Mũi Né")


def test_parcels_and_filters_work_without_javascript(visit, watch, parcel: dict, parcel_path: str):
    watch.allow("/static/assets/")
    page, known = visit(java_script_enabled=False), parcel["properties"]
    page.goto("/")
    page.locator(".chip[href*='loc=beach']").click()
    expect(page.locator(".chip[aria-current=true]")).to_contain_text("Biển")
    page.goto("/thua-dat/")
    page.locator("#xa").select_option(known["area_key"])
    page.locator("#to").fill(str(known["sheet_no"]))
    page.locator("#thua").fill(str(known["parcel_no"]))
    page.get_by_role("button", name="Tra cứu").click()
    expect(page).to_have_url(re.compile(re.escape(parcel_path)))
    expect(page.locator(".procedure").first).to_be_visible()


def _type(page: Page, text: str) -> None:
    page.locator("#q").focus()
    page.keyboard.type(text)


def _hits(page: Page, card: Locator) -> list[dict]:
    return drawn(page, *card_place(card))


def _in_sight(page: Page, found: Locator) -> bool:
    x, y = place(page, *card_place(found))
    box = page.locator("#map").bounding_box()
    return bool(box) and box["x"] < x < box["x"] + box["width"] and box["y"] < y < box["y"] + box["height"]
