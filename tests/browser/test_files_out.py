"""An officer takes a selection away: files opened with GDAL and openpyxl, the map opened with no server there."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyogrio
import pytest
from playwright.sync_api import Page, expect

from tests.browser.sight import idle_map
from tests.browser.test_bench import begin, picked


@pytest.fixture(autouse=True)
def a_desk_has_a_session(watch):
    watch.allow("cookie: session", "cookie: csrf")


@pytest.fixture
def chosen(page: Page, accounts, served_database) -> Page:
    """A sheet of Mũi Né's picked by the form."""
    sheet = served_database.rows(
        "SELECT sheet_no FROM layers_parcel WHERE area_key = '22915-2015' AND status = 'active' "
        "GROUP BY 1 ORDER BY count(*) LIMIT 1"
    )[0][0]
    begin(page, accounts)
    idle_map(page)
    page.locator("[name='0-unit']").select_option("22915-2015")
    page.locator("[name='0-sheet_from']").fill(str(sheet))
    page.locator("[name='0-sheet_to']").fill(str(sheet))
    page.get_by_role("button", name="Chọn mới").click()
    expect(page.locator(".picked__count")).not_to_contain_text("0 thửa")
    return page


def taken(page: Page, form: str, to: Path) -> Path:
    page.locator("#tep > summary").click()
    with page.expect_download() as waiting:
        page.locator("#tep").get_by_role("button", name=form).click()
    path = to / waiting.value.suggested_filename
    waiting.value.save_as(path)
    page.locator("#tep > summary").click()
    return path


def test_tables_and_map_files_hold_what_is_picked(chosen: Page, tmp_path: Path):
    keys = picked(chosen)
    book = openpyxl.load_workbook(taken(chosen, "XLSX", tmp_path))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert len(rows) == len(keys) + 1
    said = " ".join(str(cell.value) for row in book["Thông tin"].iter_rows() for cell in row)
    assert "Tờ bản đồ số" in said and "VN-2000" in said and "TỔNG HỢP" in said

    for form in ("GeoPackage", "Shapefile"):
        path = taken(chosen, form, tmp_path)
        table = pyogrio.read_dataframe(f"/vsizip/{path}" if path.suffix == ".zip" else path)
        assert set(table["key"]) == keys and table.crs.to_epsg() == 9218, form


def test_the_html_map_opens_from_disk_without_a_network(chosen: Page, tmp_path: Path, watch):
    keys = picked(chosen)
    path = taken(chosen, "HTML", tmp_path)
    watch.allow(path.as_uri())
    chosen.context.set_offline(True)
    chosen.goto(path.as_uri())
    expect(chosen.locator(".leaflet-interactive").first).to_be_visible()
    assert chosen.locator("path.leaflet-interactive").count() >= len(keys)
    expect(chosen.get_by_text("DỮ LIỆU TỔNG HỢP").first).to_be_visible()
