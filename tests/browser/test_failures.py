"""When a part fails the rest stays, and the page says which part and what now."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sight import cards_on_map, idle_map

BLIND = """
    const get = HTMLCanvasElement.prototype.getContext
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest)
    }
"""
LAYERS = ("tourism_sites", "agencies", "areas", "parcels", "planning_zones")


def test_without_webgl_a_sentence_and_the_list(page: Page):
    page.add_init_script(BLIND)
    page.goto("/")
    expect(page.locator(".map__note")).to_contain_text("không hỗ trợ WebGL 2")
    expect(page.locator(".map__note")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-map", "failed")
    expect(page.locator("#list .card")).to_have_count(20)
    page.locator(".chip[href*='loc=beach']").click()
    expect(page.locator(".chip[aria-current=true]")).to_contain_text("Biển")
    page.locator("#list .card__link").first.click()
    expect(page.locator(".procedure").first).to_be_visible()


@pytest.mark.parametrize("layer", LAYERS)
def test_a_failing_layer_is_named_and_can_be_tried_again(page: Page, watch, parcel: dict, layer: str):
    lng, lat = parcel["geometry"]["coordinates"][0][0]
    tiles = f"**/collections/{layer}/tiles/WebMercatorQuad/**"
    watch.allow(f"/collections/{layer}/tiles/")
    page.route(tiles, lambda route: route.abort("connectionfailed"))
    page.goto(f"/?lop={','.join(LAYERS)}#map=14/{lat}/{lng}")
    message = page.locator(f"[data-message={layer}]")
    expect(message).to_be_visible()
    expect(message).to_contain_text(_title(page, layer))
    idle_map(page)
    expect(page.locator("[data-message]")).to_have_count(1)
    others = _drawn_layers(page)
    assert others and not any(name.startswith(layer) for name in others), others
    page.unroute(tiles)
    message.get_by_role("button", name="Thử lại").click()
    expect(message).to_have_count(0)


def test_tiles_that_are_refused_by_the_server_are_told_too(page: Page, watch):
    watch.allow("/collections/tourism_sites/", "503")
    page.route(
        "**/collections/tourism_sites/tiles/WebMercatorQuad/**",
        lambda route: route.fulfill(status=503, content_type="application/problem+json", body="{}"),
    )
    page.goto("/")
    expect(page.locator("[data-message=tourism_sites]")).to_be_visible()
    expect(page.locator("#list .card")).to_have_count(20)


def test_a_failing_style_and_a_failing_panel(page: Page, watch):
    watch.allow("/collections/areas/styles/", "503")
    page.route("**/collections/areas/styles/**", lambda route: route.fulfill(status=503, body="{}"))
    page.goto("/")
    idle_map(page)
    expect(page.locator("[data-message=areas]")).to_be_visible()
    assert cards_on_map(page), "sites stay drawn"


def test_suggestions_that_fail_leave_the_search(page: Page, watch):
    watch.allow("/tim/goi-y/", "net::ERR_FAILED")
    page.route("**/tim/goi-y/**", lambda route: route.abort())
    page.goto("/tiep-can/")
    page.locator("#q").press_sequentially("mui ne")
    expect(page.locator("#status")).to_contain_text("Chưa lấy được gợi ý")
    page.keyboard.press("Enter")
    expect(page.locator("#list .card__link").first).to_have_text("Phường Mũi Né")


def _title(page: Page, layer: str) -> str:
    return page.evaluate(
        "id => JSON.parse(document.getElementById('map-config').textContent).collections.find(c => c.id === id).title",
        layer,
    )


def _drawn_layers(page: Page) -> set[str]:
    """Layers of ours anywhere on the canvas, by looking at a net of points."""
    return set(
        page.evaluate(
            """() => { const box = document.querySelector('.map__canvas').getBoundingClientRect(), found = new Set()
            for (let x = box.left + 8; x < box.right; x += 16) for (let y = box.top + 8; y < box.bottom; y += 16)
              for (const hit of window.__bt.rendered([x, y])) if (hit.key) found.add(hit.layer)
            return [...found] }"""
        )
    )
