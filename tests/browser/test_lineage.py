"""A parcel's lineage in a real browser: graph and table agree, on a desktop and a phone; the map stands beside it."""

from __future__ import annotations

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.sight import idle_map, overflow_px, until
from tests.browser.test_desk import DESK, sign_in

# A parcel that came of a split of what a merge had made.
DEEP = """
SELECT p.area_key, p.sheet_no, p.parcel_no, o.sheet_no, o.parcel_no, s.kind, m.kind FROM layers_parcel p
JOIN layers_parcel_lineage s ON s.child_key = p.key JOIN layers_parcel_lineage m ON m.child_key = s.parent_key
JOIN layers_parcel o ON o.key = m.parent_key
WHERE p.status = 'active' AND p.area_key = '22915-2015' ORDER BY p.key, o.key LIMIT 1
"""
FAMILY = """
SELECT l.parent_key, l.child_key FROM layers_parcel_lineage l
WHERE l.child_key IN (SELECT s.parent_key FROM layers_parcel_lineage s WHERE s.child_key = '{key}')
   OR l.parent_key IN (SELECT s.parent_key FROM layers_parcel_lineage s WHERE s.child_key = '{key}')
"""


@pytest.mark.parametrize("size", ["page", "phone"])
def test_graph_and_table_agree_and_lead_on(request, watch, accounts, served_database, size):
    watch.allow("cookie: session", "cookie: csrf", "status of 410")  # a retired number is asked for
    page: Page = request.getfixturevalue(size)
    area, sheet, number, _, old, split, merge = served_database.rows(DEEP)[0]
    assert (split, merge) == ("split", "merge")
    recorded = set(served_database.rows(FAMILY.format(key=f"{area}-{sheet}-{number}")))
    sign_in(page, "mau.canbo", accounts["mau.canbo"])

    page.goto(f"{DESK}thua-dat/{area}/{sheet}/{number}/")

    section = page.locator("#bien-dong")
    assert pairs(section.locator("path")) == pairs(section.locator("tr[data-from]")) == recorded
    assert len(recorded) == 4, "two were merged, and two came of the split"
    region = section.get_by_role("region", name="Sơ đồ biến động")
    assert region.evaluate("element => element.scrollWidth <= element.clientWidth"), "readable without scrolling"
    expect(page.locator("#van-ban").get_by_role("row")).to_have_count(3)
    expect(page.locator("#van-ban")).to_contain_text("MẪU-")
    assert overflow_px(page) == 0
    page.locator("#map").scroll_into_view_if_needed()
    idle_map(page)
    until(page, lambda: page.evaluate("Boolean(window.__bt)"), "the map")
    page.get_by_text("Bảng tọa độ và chiều dài cạnh").click()
    expect(page.get_by_role("region", name="Tọa độ đỉnh").get_by_role("row").last).to_contain_text("1")
    assert Axe().run(page)["violations"] == []

    section.get_by_role("link", name=f"Thửa {old}, tờ {sheet}").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thửa đất này không còn nữa")
    expect(page.locator("#panel")).to_contain_text("Hợp thửa ngày")
    assert Axe().run(page)["violations"] == []
    page.get_by_role("link", name=f"Thửa {number}, tờ {sheet}", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Thửa {number}, tờ {sheet}")


def pairs(found) -> set[tuple[str, str]]:
    return {(one.get_attribute("data-from"), one.get_attribute("data-to")) for one in found.all()}
