"""Every kind of public page, at the size of a phone and of a desk, in both languages."""

import re

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP
from tests.browser.sight import PHONE, idle_map, overflow_px

PAGES = {
    "home": "/",
    "search": "/tim/?q=mui+ne",
    "search for nothing": "/tim/?q=qqqqzzzz",
    "sites": "/dia-diem/",
    "site": "/dia-diem/doi-cat-do/",
    "agencies": "/co-quan/",
    "agency": "/co-quan/ld-22918-ubnd/",
    "areas": "/don-vi/",
    "area": "/don-vi/22915/2015/",
    "parcels": "/thua-dat/",
    "parcel": "",
    "zones": "/quy-hoach/",
    "zone": "",
    "procedures": "/thu-tuc/",
    "procedure": "/thu-tuc/1.012784/",
    "layers": "/lop-du-lieu/",
    "help": "/tro-giup/",
    "open data": "/tro-giup/du-lieu-mo/",
    "accessibility": "/tiep-can/",
    "verification": "/kiem-chung/TL-2026-999999/?h=00",
}
AXE = Axe()
# Letters that Vietnamese has and English has not.
VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
# What the interface itself says, as against the names and laws it shows.
CHROME = (
    ".header__nav .header__link--wide, .skip, button, .button, label, h2.section__title, .facts dt, .notice p, "
    ".footer p:not(:first-child), .panel-links a, .badge:not(.badge--code), .actions, .lead, caption, thead th, "
    ".empty__title"
)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", PAGES)
def test_fits_is_sound_and_accessible(page: Page, answer, parcel_path: str, kind: str, language: str):
    page.set_viewport_size(PHONE)
    page.goto(("/en" if language == "en" else "") + _path(kind, answer, parcel_path))
    _sound(page, language)
    assert overflow_px(page) == 0, "scrolls sideways on a phone"
    page.set_viewport_size(DESKTOP)
    if page.locator("[data-map-config]").count():
        idle_map(page)
    assert overflow_px(page) == 0, "scrolls sideways on a desk"
    assert not _serious(page)
    if language == "en":
        assert not _vietnamese(page), "the English interface is English"


def test_a_missing_page_says_what_now(page: Page, watch):
    watch.allow("404 (Not Found)")
    for path, language in (("/dia-diem/khong-co/", "vi"), ("/en/dia-diem/khong-co/", "en")):
        page.goto(path)
        _sound(page, language)
        expect(page.locator("#panel .actions a")).not_to_have_count(0)
        assert not _serious(page)


def test_languages_lead_to_each_other(page: Page):
    page.goto("/dia-diem/doi-cat-do/")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile("/en/dia-diem/doi-cat-do/"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page).to_have_url(re.compile("[0-9]/dia-diem/doi-cat-do/"))


def _path(kind: str, answer, parcel_path: str) -> str:
    if kind == "parcel":
        return parcel_path
    if kind == "zone":
        return f"/quy-hoach/{answer('/collections/planning_zones/items?limit=1')['features'][0]['id']}/"
    return PAGES[kind]


def _sound(page: Page, language: str) -> None:
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", language)
    skip = page.locator("a.skip").first
    target = page.locator(skip.get_attribute("href") or "#")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(target).to_be_focused()


def _serious(page: Page) -> list[str]:
    """Serious and critical faults that axe sees, with their elements."""
    found = AXE.run(page, options={"resultTypes": ["violations"]})["violations"]
    bad = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    return [f"{fault['id']}: {[node['html'][:160] for node in fault['nodes'][:3]]}" for fault in bad]


def _vietnamese(page: Page) -> list[str]:
    """Texts of the interface with Vietnamese letters, but for names, which stay as they are."""
    texts = page.locator(f"body :is({CHROME})").evaluate_all(
        """all => all.filter(one => !one.closest('[lang=vi]')).map(one => one.textContent.trim())"""
    )
    return [text[:90] for text in texts if VIETNAMESE.search(_without_names(text))]


def _without_names(text: str) -> str:
    return re.sub(r"Bình Thuận|Lâm Đồng|Mũi Né|Phan Thiết|Tiếng Việt", "", text)
