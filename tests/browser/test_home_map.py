"""The home page: a drawn map, a list in step with it, layers with their legend."""

import re

from playwright.sync_api import Page, expect

from tests.browser.serving import Database
from tests.browser.sight import card_key, card_place, cards_on_map, drawn, idle_map, keys_drawn, place, until, view_of

# A parcel with a zone in force over it, and a position inside both.
ZONED = """
    SELECT p.key, z.key, ST_X(at), ST_Y(at) FROM layers_parcel p
    JOIN layers_planning_zone z ON z.status = 'in_force' AND ST_Covers(z.geom_3857, p.geom_3857)
    CROSS JOIN ST_Transform(ST_PointOnSurface(p.geom_3857), 4326) at
    WHERE p.valid_to IS NULL AND ST_Area(p.geom_3857) BETWEEN 300 AND 3000 ORDER BY p.id LIMIT 1
"""


def test_drawn_with_the_sites_and_vietnamese_letters(page: Page, watch):
    page.goto("/")
    idle_map(page)
    assert len(cards_on_map(page)) >= 5
    layers = {hit["layer"] for card in cards_on_map(page) for hit in drawn(page, *card_place(card))}
    assert any(name.startswith("tourism_sites") for name in layers), layers
    fonts = page.evaluate("performance.getEntriesByType('resource').map(r => r.name).filter(n => n.includes('woff2'))")
    assert any("vietnamese" in name for name in fonts), "labels would be drawn in a font of the machine"
    assert page.evaluate("document.fonts.check('600 14px \"Be Vietnam Pro\"', 'Mũi Né – Đồi ẵ ặ ẩ ỗ ữ ự ỵ')")


def test_names_are_drawn_below_their_markers(page: Page):
    page.goto("/#map=13/10.9493/108.2964")
    idle_map(page)
    words = until(
        page, lambda: [h for h in drawn(page, 108.29635, 10.949296, up=-18) if h["key"] == "doi-cat-do"], "a name"
    )
    assert words[0]["layer"].startswith("tourism_sites")


def test_a_marker_opens_its_card_and_back_leads_to_the_list(page: Page):
    page.goto("/")
    idle_map(page)
    card = cards_on_map(page)[0]
    name, key = card.locator(".card__title").inner_text(), card_key(card)
    page.mouse.click(*place(page, *card_place(card)))
    expect(page.locator("#panel h1")).to_have_text(name)
    expect(page).to_have_url(re.compile(f"/doi-tuong/tourism_sites/{key}/|/dia-diem/{key}/"))
    expect(page.locator("#status")).to_have_text(name)
    page.go_back()
    expect(page.locator("#panel h1")).to_have_text("Khám phá Bình Thuận")
    expect(page.locator("#list .card")).to_have_count(20)
    assert page.locator(".map__canvas canvas").count() == 1, "going back keeps the map"
    page.go_forward()
    expect(page.locator("#panel h1")).to_have_text(name)


def test_a_card_opened_from_the_map_survives_reloading(page: Page):
    page.goto("/")
    idle_map(page)
    card = cards_on_map(page)[0]
    name = card.locator(".card__title").inner_text()
    page.mouse.click(*place(page, *card_place(card)))
    expect(page.locator("#panel h1")).to_have_text(name)
    page.reload()
    expect(page.locator("h1")).to_have_text(name)


def test_chips_filter_list_and_map_together_and_say_how_many(page: Page):
    page.goto("/")
    idle_map(page)
    chip = page.locator(".chip[href*='loc=beach']")
    number = int(chip.locator(".chip__count").inner_text())
    other = next(card for card in cards_on_map(page) if not card.locator(".disc--beach").count())
    other_key, other_place = card_key(other), card_place(other)
    chip.click()
    expect(page).to_have_url(re.compile(r"\?loc=beach"))
    expect(page.locator("#list .card")).to_have_count(number)
    expect(page.locator("#status")).to_contain_text(str(number))
    expect(page.locator(".chip[aria-current=true]")).to_contain_text("Biển")
    until(page, lambda: other_key not in keys_drawn(page, *other_place), "the other kinds leaving the map")
    idle_map(page)
    assert {card_key(card) for card in cards_on_map(page)}, "beaches stay drawn"
    page.go_back()
    expect(page.locator("#list .card")).to_have_count(20)
    until(page, lambda: other_key in keys_drawn(page, *other_place), "the other kinds coming back")


def test_list_and_map_light_each_other(page: Page):
    page.goto("/")
    idle_map(page)
    card = cards_on_map(page)[0]
    at = card_place(card)
    calm = {hit["layer"] for hit in drawn(page, *at)}
    card.hover()
    lit = until(page, lambda: {hit["layer"] for hit in drawn(page, *at)} - calm, "a ring around the marker")
    assert any("highlight" in layer for layer in lit), lit
    page.mouse.move(*place(page, *at))
    expect(page.locator(f"[data-feature='tourism_sites/{card_key(card)}']")).to_have_attribute("data-active", "")
    expect(page.locator(".map__tip")).to_have_text(card.locator(".card__title").inner_text())


def test_layers_are_switched_with_legend_and_mark_of_what_is_invented(page: Page, served_database: Database):
    key, zone, lng, lat = served_database.rows(ZONED)[0]
    page.goto(f"/#map=17/{lat}/{lng}")
    idle_map(page)
    until(page, lambda: key in keys_drawn(page, lng, lat), "the parcel")
    page.get_by_role("button", name="Lớp bản đồ và chú giải").click()
    rows = page.locator("#map-layers .layer")
    for row in rows.filter(has=page.locator("#layer-parcels, #layer-planning_zones")).all():
        expect(row.locator(".badge--synthetic")).to_have_text("dữ liệu tổng hợp")
    for row in rows.all():
        assert row.locator(".legend li").count() > 0
    page.locator("#layer-parcels").uncheck()
    until(page, lambda: key not in keys_drawn(page, lng, lat), "the parcels leaving")
    page.locator("#layer-planning_zones").check()
    until(page, lambda: zone in keys_drawn(page, lng, lat), "the zone")
    expect(page).to_have_url(re.compile(r"[?&]lop=[^#]*planning_zones"))
    page.keyboard.press("Escape")
    expect(page.locator("#map-layers")).to_be_hidden()
    page.reload()
    idle_map(page)
    assert key not in keys_drawn(page, lng, lat), "the address keeps the choice"
    assert abs(view_of(page).zoom - 17) < 0.01


def test_a_parcel_clicked_on_the_map_says_it_is_invented(page: Page, parcel: dict):
    lng, lat = _inside(parcel)
    page.goto(f"/#map=18/{lat}/{lng}")
    idle_map(page)
    until(page, lambda: parcel["id"] in keys_drawn(page, lng, lat), "the parcel")
    page.mouse.click(*place(page, lng, lat))
    expect(page.locator("#panel h1")).to_contain_text(str(parcel["properties"]["parcel_no"]))
    expect(page.locator("#panel .badge--synthetic").first).to_be_visible()
    expect(page.locator("#panel .procedure").first).to_be_visible()


def _inside(parcel: dict) -> tuple[float, float]:
    """The middle of a parcel's corners: generated parcels are convex enough for it."""
    ring = parcel["geometry"]["coordinates"][0][:-1]
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
