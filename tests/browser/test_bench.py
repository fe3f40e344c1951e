"""The workbench in a real browser: tools of the map by pointer and by keys, form and table in step, and no scripts."""

from __future__ import annotations

import json
import math
import re

import pytest
import shapely
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP
from tests.browser.sight import PHONE, drawn, focused, idle_map, overflow_px, place, tab_to, until, view_of
from tests.browser.test_desk import DESK, sign_in

SLIVER = 1e-13  # square degrees, a thousandth of a square metre: whoever computes may round it either way
FABRIC = """
SELECT key, ST_AsText(ST_Transform(geom, 4326)), land_use_now FROM layers_parcel t WHERE status = 'active'
"""
# A parcel of ordinary size inside a planning zone, with many others around it.
MIDDLE = """
SELECT ST_X(p.at), ST_Y(p.at) FROM layers_parcel t
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(t.geom), 4326) AS at) p
WHERE t.status = 'active' AND ST_Area(t.geom) BETWEEN 300 AND 3000
AND EXISTS (SELECT FROM layers_planning_zone z WHERE z.theme = 'land_use_plan' AND ST_Contains(z.geom, t.geom)
            AND z.valid_from <= current_date AND coalesce(z.valid_to > current_date, true))
ORDER BY (SELECT count(*) FROM layers_parcel o WHERE ST_DWithin(o.geom, t.geom, 150)) DESC, t.key LIMIT 1
"""


class Fabric:
    """All parcels, computed with by shapely and nothing of the product's."""

    def __init__(self, rows: list[tuple[str, str, str]]) -> None:
        self.shapes = {key: shapely.from_wkt(wkt) for key, wkt, _ in rows}
        self.uses = {key: use for key, _, use in rows}

    def at(self, lng: float, lat: float) -> str:
        return next(key for key, shape in self.shapes.items() if shape.contains(shapely.Point(lng, lat)))

    def sharing(self, area: shapely.Polygon) -> tuple[set[str], set[str]]:
        """Keys of parcels that share ground with the area, and of those for which rounding decides."""
        shared = {key: shape.intersection(area).area for key, shape in self.shapes.items() if shape.intersects(area)}
        return {key for key, m in shared.items() if m > SLIVER}, {key for key, m in shared.items() if m <= SLIVER}


@pytest.fixture(scope="module")
def fabric(served_database) -> Fabric:
    return Fabric(served_database.rows(FABRIC))


@pytest.fixture(scope="module")
def middle(served_database) -> tuple[float, float]:
    return served_database.rows(MIDDLE)[0]


@pytest.fixture(autouse=True)
def a_desk_has_a_session(watch):
    watch.allow("cookie: session", "cookie: csrf")


@pytest.fixture
def bench(page: Page, accounts, middle) -> Page:
    """A new selection, and the map where there are parcels."""
    begin(page, accounts)
    idle_map(page)
    go(page, *middle)
    page.evaluate("window.stays = true")
    return page


def begin(page: Page, accounts) -> None:
    sign_in(page, "mau.canbo", accounts["mau.canbo"])
    page.goto(f"{DESK}chon/")
    page.get_by_role("button", name="Bắt đầu lựa chọn mới").click()
    page.wait_for_url(re.compile(r"/chon/[0-9a-f-]{36}/"))


def go(page: Page, lng: float, lat: float, zoom: float = 17.5) -> None:
    page.evaluate("hash => { location.hash = hash }", f"#map={zoom}/{lat}/{lng}")
    until(page, lambda: math.dist((view_of(page).lng, view_of(page).lat), (lng, lat)) < 1e-3, "the view asked for")
    until(page, lambda: any(hit["layer"] == "parcels/fill" for hit in drawn(page, lng, lat)), "parcels drawn")


def picked(page: Page) -> set[str]:
    """As the server has it."""
    home = re.match(r".*/chon/[0-9a-f-]{36}/", page.url)[0]
    return {key for key, _, _ in page.request.get(f"{home}vi-tri.json").json()["places"]}


def becomes(page: Page, wanted: set[str]) -> None:
    until(page, lambda: picked(page) == wanted, f"{sorted(wanted)[:5]}… picked")


def shape_in_form(page: Page) -> shapely.Polygon:
    return shapely.from_geojson(page.locator("#shape").input_value())


def answered(page: Page, number: int) -> None:
    """Until the server has taken as many steps; what was put into the page is there."""
    expect(page.get_by_text(f"Các bước ({number})")).to_be_visible()
    expect(page.locator("[data-result]")).not_to_have_attribute("aria-busy", "true")


def agrees(page: Page, fabric: Fabric, area: shapely.Polygon) -> set[str]:
    sure, either = fabric.sharing(area)
    found = picked(page)
    assert sure and sure <= found <= sure | either
    return found


def outlined(page: Page, lng: float, lat: float) -> bool:
    return any(hit["layer"] == "bt/picked-fill" and hit["picked"] for hit in drawn(page, lng, lat))


def mode(page: Page, name: str) -> None:
    page.locator(".tools__mode", has_text=name).click()


def test_clicking_adding_drawing_and_going_back(bench: Page, fabric: Fabric, middle):
    x, y = place(bench, *middle)
    one = fabric.at(*middle)
    bench.mouse.click(x, y)
    answered(bench, 1)
    assert picked(bench) == {one}
    until(bench, lambda: outlined(bench, *middle), "the picked parcel outlined")
    row = bench.locator(f'tr[data-feature="parcels/{one}"]')
    expect(row).to_be_visible()

    there = bench.evaluate("at => window.__bt.rendered(at)", [x + 130, y])
    other = next(hit["key"] for hit in there if hit["layer"] == "parcels/fill")
    bench.keyboard.down("Shift")
    bench.mouse.click(x + 130, y)
    bench.keyboard.up("Shift")
    answered(bench, 2)
    assert picked(bench) == {one, other}

    bench.get_by_role("button", name="Khung").click()
    assert bench.get_by_role("button", name="Khung").get_attribute("aria-pressed") == "true"
    bench.mouse.move(x - 120, y - 60)
    bench.mouse.down()
    bench.mouse.move(x, y, steps=3)
    bench.mouse.move(x + 90, y + 50, steps=3)
    bench.mouse.up()
    answered(bench, 3)
    box = shape_in_form(bench)
    west, south, east, north = box.bounds
    assert math.dist(place(bench, west, north), (x - 120, y - 60)) < 2
    assert math.dist(place(bench, east, south), (x + 90, y + 50)) < 2
    in_box = agrees(bench, fabric, box)
    expect(bench.locator(".picked__count")).to_contain_text(f"{len(in_box)} thửa")

    mode(bench, "Bớt")
    bench.get_by_role("button", name="Bấm thửa").click()
    bench.mouse.click(x, y)
    answered(bench, 4)
    assert picked(bench) == in_box - {one}
    until(bench, lambda: not outlined(bench, *middle), "the parcel no longer outlined")

    mode(bench, "Chỉ giữ")
    bench.get_by_role("button", name="Vẽ vùng").click()
    for dx, dy in ((-100, -70), (0, -70), (-10, 60)):
        bench.mouse.click(x + dx, y + dy)
        bench.wait_for_timeout(400)  # two quick clicks would be a double click
    bench.mouse.dblclick(x - 110, y + 40)
    answered(bench, 5)
    drawn_shape = shape_in_form(bench)
    assert len(drawn_shape.exterior.coords) == 5
    sure, either = fabric.sharing(drawn_shape)
    kept = picked(bench)
    assert (in_box - {one}) & sure <= kept <= (in_box - {one}) & (sure | either)

    bench.get_by_role("button", name="Lùi").click()
    becomes(bench, in_box - {one})
    expect(bench.get_by_role("button", name="Lùi")).to_be_focused()
    bench.locator(".picked__table").focus()
    bench.keyboard.press("Control+z")
    becomes(bench, in_box)
    bench.keyboard.press("Control+Shift+z")
    becomes(bench, in_box - {one})
    bench.get_by_role("button", name="Làm lại").click()
    becomes(bench, kept)
    bench.get_by_role("button", name="Bỏ chọn hết").click()
    becomes(bench, set())
    expect(bench.get_by_text("Chưa chọn thửa nào.")).to_be_visible()
    assert bench.evaluate("window.stays"), "the page was never left"


def test_all_of_it_by_keys_alone(bench: Page, fabric: Fabric, middle):
    tab_to(bench, bench.locator(".map canvas"))
    bench.keyboard.press("Enter")
    answered(bench, 1)
    centre = view_of(bench)
    assert picked(bench) == {fabric.at(centre.lng, centre.lat)} or picked(bench) == {fabric.at(*middle)}
    expect(bench.locator("#status")).to_contain_text("1 thửa")

    bench.keyboard.press("2")
    assert bench.locator("input[name=map-mode]:checked").get_attribute("value") == "add"
    bench.keyboard.press("v")
    expect(bench.get_by_role("button", name="Vẽ vùng")).to_have_attribute("aria-pressed", "true")
    before = picked(bench)
    for arrow in ("", "ArrowRight", "ArrowDown"):
        if arrow:
            bench.keyboard.press(arrow)
            bench.wait_for_timeout(700)  # the map glides there
        bench.keyboard.press("Space")
    expect(bench.locator(".drawing__count")).to_have_text("3 đỉnh")
    bench.keyboard.press("ArrowLeft")
    bench.wait_for_timeout(700)
    bench.keyboard.press("Space")
    bench.keyboard.press("Backspace")
    expect(bench.locator(".drawing__count")).to_have_text("3 đỉnh")
    bench.keyboard.press("Enter")
    answered(bench, 2)
    sure, either = fabric.sharing(shape_in_form(bench))
    assert sure | before <= picked(bench) <= sure | before | either

    bench.keyboard.press("Escape")
    assert bench.locator(".tools [aria-pressed=true]").count() == 0
    bench.keyboard.press("?")
    expect(bench.get_by_role("dialog")).to_contain_text("Lần chọn tới: mới, thêm, bớt, chỉ giữ")
    bench.keyboard.press("Escape")
    bench.locator(".map canvas").focus()
    bench.keyboard.press("Escape")
    expect(bench.locator("#panel")).to_be_focused()

    bench.locator(".picked__table").focus()
    bench.keyboard.press("j")
    first = focused(bench).inner_text()
    bench.keyboard.press("j")
    second = focused(bench).inner_text()
    assert first != second
    bench.keyboard.press("k")
    assert focused(bench).inner_text() == first
    bench.keyboard.press("Enter")
    expect(bench.get_by_role("heading", level=1)).to_have_text(first)


def test_form_map_and_table_are_in_step(bench: Page, fabric: Fabric, middle):
    use = fabric.uses[fabric.at(*middle)]
    bench.locator("[name='0-uses']").fill(use)
    bench.get_by_role("button", name="Chọn mới").click()
    answered(bench, 1)
    all_of_it = {key for key, each in fabric.uses.items() if each == use}
    assert picked(bench) == all_of_it
    assert f"0-uses={use}" in bench.url
    view = until(bench, lambda: view_of(bench) if view_of(bench).zoom < 14 else None, "the map shows all of them")
    until(bench, lambda: any(hit["layer"] == "bt/picked-dots" for hit in drawn(bench, *middle)), "dots from afar")

    posts: list[str] = []
    bench.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    bench.get_by_role("link", name="Đo đạc (m²)").click()
    expect(bench.locator("th[aria-sort=ascending]")).to_have_text("Đo đạc (m²)")
    expect(bench.get_by_role("link", name="Đo đạc (m²)")).to_be_focused()
    smallest = bench.locator("[data-rows] tbody th").first.inner_text()
    bench.get_by_role("link", name="Trang sau").click()
    until(bench, lambda: bench.locator("[data-rows] tbody th").first.inner_text() != smallest, "the second page")
    assert "trang=2" in bench.url and "xep=area" in bench.url
    bench.go_back()
    until(bench, lambda: bench.locator("[data-rows] tbody th").first.inner_text() == smallest, "the first page again")
    assert posts == [] and view_of(bench) == view and bench.evaluate("window.stays")
    assert bench.locator("[name='0-uses']").input_value() == use

    row = bench.locator("[data-rows] tbody tr").first
    lng, lat = (float(row.get_attribute(f"data-{name}") or "nan") for name in ("lng", "lat"))
    row.locator("td").nth(1).hover()
    until(bench, lambda: any(hit["layer"] == "bt/highlight-ring" for hit in drawn(bench, lng, lat, up=17)), "a ring")

    go(bench, *middle)
    bench.get_by_role("button", name="Khung").click()
    x, y = place(bench, *middle)
    bench.mouse.click(x - 80, y - 60)
    bench.wait_for_timeout(400)
    bench.mouse.click(x + 80, y + 60)
    answered(bench, 2)
    sure, either = fabric.sharing(shape_in_form(bench))
    assert sure & all_of_it <= picked(bench) <= (sure | either) & all_of_it, "conditions and shape hold together"
    bench.reload()
    idle_map(bench)
    assert bench.locator("#shape").input_value() and bench.locator("[name='0-uses']").input_value() == use

    bench.get_by_role("button", name="Bấm thửa").click()  # pressed at first, so released: a click only shows
    before = picked(bench)
    x, y = place(bench, *middle)
    bench.mouse.click(x, y)
    expect(bench.locator(f'tr[data-feature="parcels/{fabric.at(*middle)}"]')).to_have_attribute("data-found", "")
    assert picked(bench) == before


def zones_drawn(page: Page, at: tuple[float, float]) -> list[str]:
    return [hit["key"] for hit in drawn(page, *at) if hit["layer"].startswith("planning_zones/")]


def test_within_a_feature_and_within_metres(bench: Page, fabric: Fabric, middle, answer):
    bench.get_by_role("button", name="Trong đối tượng").click()
    x, y = place(bench, *middle)
    zones = until(bench, lambda: zones_drawn(bench, middle), "zones drawn")
    bench.mouse.click(x, y)
    answered(bench, 1)
    assert bench.locator("#layer").input_value() == "planning_zones"
    zone = bench.locator("#name").input_value()
    assert zone in zones
    geometry = answer(f"/collections/planning_zones/items/{zone}")["geometry"]
    agrees(bench, fabric, shapely.from_geojson(json.dumps(geometry)))

    bench.get_by_role("button", name="Bấm thửa").click()
    bench.get_by_label("Cách không quá bao nhiêu mét").fill("25")
    bench.keyboard.press("Enter")
    expect(bench.locator("#relation")).to_have_value("near")
    bench.mouse.click(x, y)
    answered(bench, 2)
    near = picked(bench)
    metre = 1 / 111_320
    far = {key: shape.distance(shapely.Point(*middle)) / metre for key, shape in fabric.shapes.items()}
    assert {key for key, m in far.items() if m < 24} <= near <= {key for key, m in far.items() if m < 26}


def test_what_cannot_be_asked_is_said_at_the_form_and_on_the_map(bench: Page, watch, middle):
    watch.allow("status of 400", "failed: ", "Failed to load resource")
    x, y = place(bench, *middle)
    bench.mouse.click(x, y)
    answered(bench, 1)
    before = picked(bench)
    bench.get_by_role("button", name="Vẽ vùng").click()
    for dx, dy in ((-60, -40), (60, 40), (60, -40), (-60, 40)):
        bench.mouse.click(x + dx, y + dy)
        bench.wait_for_timeout(400)
    bench.get_by_role("button", name="Xong").click()
    alert = bench.locator("#ask-fault")
    expect(alert).to_contain_text("tự cắt")
    expect(bench.locator("[data-message=bench]")).to_contain_text("tự cắt")
    assert picked(bench) == before

    bench.locator("[name='0-area_from']").fill("nhiều")
    bench.get_by_role("button", name="Chọn mới").click()
    expect(alert).to_contain_text("“nhiều” không phải là số")
    expect(bench.locator("[name='0-area_from']")).to_have_attribute("aria-invalid", "true")
    assert bench.locator("[name='0-area_from']").input_value() == "nhiều"
    assert serious(bench) == []

    bench.route("**/hoi/**", lambda route: route.abort())
    bench.locator("[name='0-area_from']").fill("10")
    bench.get_by_role("button", name="Chọn mới").click()
    expect(alert).to_contain_text("máy chủ không trả lời")
    bench.unroute("**/hoi/**")
    bench.locator("label", has_text="Bất kỳ").click()
    bench.get_by_role("button", name="Chọn mới").click()
    answered(bench, 2)
    expect(alert).to_be_empty()
    assert bench.locator("[data-message=bench]").count() == 0 and bench.locator("[aria-invalid=true]").count() == 0


def test_alternatives_are_added_without_leaving_and_an_officer_far_out_is_told(bench: Page, watch):
    bench.locator("[name='0-uses']").fill("ODT")
    bench.get_by_role("button", name="Thêm một nhóm").click()
    expect(bench.locator("[name='1-unit']")).to_be_focused()
    assert bench.locator("[name='0-uses']").input_value() == "ODT"
    bench.locator(".map canvas").focus()
    for _ in range(6):
        bench.keyboard.press("-")
        bench.wait_for_timeout(400)
    until(bench, lambda: view_of(bench).zoom < 14, "far out")
    bench.keyboard.press("Enter")
    expect(bench.locator("[data-message=bench]")).to_contain_text("phóng to")
    assert picked(bench) == set() and bench.evaluate("window.stays")


def test_the_table_takes_a_third_half_or_most_and_stays_so(bench: Page):
    dock = bench.locator(".bench__result")
    heights = []
    for name in ("một phần ba", "một nửa", "hai phần ba"):
        bench.get_by_role("button", name=f"Bảng cao {name}").click()
        heights.append(dock.bounding_box()["height"])
    assert heights[0] < heights[1] < heights[2]
    bench.reload()
    assert abs(dock.bounding_box()["height"] - heights[2]) < 1


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["", "/en"], ids=["vi", "en"])
def test_it_fits_and_is_accessible(page: Page, accounts, size, language):
    begin(page, accounts)
    page.set_viewport_size(size)
    page.goto(language + re.sub(r"^https?://[^/]+", "", page.url.partition("#")[0]))
    idle_map(page)
    assert overflow_px(page) == 0 and serious(page) == []
    if size == PHONE:
        page.locator(".bench__fold > summary").click()
    page.locator("[name='0-uses']").fill("ODT")
    page.locator(".ask__go [value=new]").click()
    expect(page.locator("[data-rows] tbody tr").first).to_be_visible()
    for pop in page.locator(".pop > summary").all():
        pop.click()
        assert overflow_px(page) == 0 and serious(page) == []
        page.keyboard.press("Escape")
    page.goto(f"{language}{DESK}chon/")
    assert overflow_px(page) == 0 and serious(page) == []


def serious(page: Page) -> list[str]:
    found = Axe().run(page)["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def test_the_whole_flow_without_scripts(visit, watch, accounts, fabric: Fabric):
    watch.allow(".js csp")  # scripts are preloaded all the same, and then refused
    page = visit(java_script_enabled=False)
    begin(page, accounts)
    page.locator("[name='0-uses']").fill("ODT")
    page.get_by_role("button", name="Chọn mới").click()
    odt = {key for key, use in fabric.uses.items() if use == "ODT"}
    assert picked(page) == odt
    page.locator("[name='0-uses']").fill("LUC")
    page.get_by_role("button", name="Thêm").last.click()
    luc = {key for key, use in fabric.uses.items() if use == "LUC"}
    assert picked(page) == odt | luc
    page.locator("[name='place'][value=shape]").check(force=True)
    page.locator("#shape").fill("10.0, 107.0\n12.0, 110.0")
    page.locator("[name='0-uses']").fill("")
    page.get_by_role("button", name="Bớt").click()
    assert picked(page) <= odt | luc
    page.get_by_role("button", name="Lùi").click()
    assert picked(page) == odt | luc
    page.get_by_role("link", name="Đo đạc (m²)").click()
    assert "xep=area" in page.url
    page.get_by_role("link", name="Trang sau").click()
    assert "trang=2" in page.url and "xep=area" in page.url
