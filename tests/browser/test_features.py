"""The page of a parcel and of a site: procedures with their reasons, the JSON twin, nothing of owners."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watching import body_of

SITE = "/dia-diem/doi-cat-do/"


@pytest.mark.parametrize("kind", ["parcel", "site"])
def test_leads_to_its_procedures_with_reasons(page: Page, served: str, parcel_path: str, kind: str):
    path = parcel_path if kind == "parcel" else SITE
    page.goto(path)
    block = page.locator("#thu-tuc")
    cards = block.locator(".procedures__group > .procedure")
    assert 1 <= cards.count() <= 3
    for card in cards.all():
        assert card.locator(".reason").first.inner_text().startswith("Vì sao hiện:")
        assert len(card.locator(".reason").first.inner_text()) > 60
        assert card.locator(".reason__source").first.inner_text().strip(), "layer and date"
        assert card.locator(".procedure__facts a").count() >= 1, "who handles it here"
        assert card.locator(".procedure__checked").inner_text().strip()
    assert block.locator(".procedures__authority").count() >= 1
    twin = json.loads(body_of(served + path.rstrip("/") + ".json"))
    total = twin["related"]["total"]
    summary = block.locator(".procedures__all")
    expect(summary).to_have_text(f"Xem tất cả ({total})")
    summary.click()
    codes = block.locator(".procedures__more .badge--code").all_inner_texts()  # some stand under two authorities
    assert set(codes) == {
        one["code"] for one in twin["related"]["procedures"] if one["verdict"] in ("applies", "borders")
    }
    assert len(set(codes)) == total
    assert sorted(cards.locator(".badge--code").all_inner_texts()) == sorted(twin["related"]["top"])
    assert all(one["reasons"] for one in twin["related"]["procedures"])


def test_a_procedure_card_leads_to_its_page_and_its_agency(page: Page, parcel_path: str):
    page.goto(parcel_path)
    link = page.locator("#thu-tuc .procedure__title a").first
    code = page.locator("#thu-tuc .badge--code").first.inner_text()
    link.click()
    expect(page.locator(".badge--code").first).to_have_text(code)
    page.go_back()
    office = page.locator("#thu-tuc .procedure__facts a").first
    name = office.inner_text()
    office.click()
    expect(page.locator("h1")).to_have_text(name)


def test_says_it_is_invented_and_names_no_owner(page: Page, owners, served: str, parcel_path: str):
    page.goto(parcel_path)
    expect(page.locator(".notice--synthetic")).to_contain_text("Dữ liệu tổng hợp")
    expect(page.locator("#panel")).to_contain_text("không được công khai")
    name = sorted(owners.words)[0]
    page.goto(f"/tim/?q={name}")
    expect(page.locator("h1")).to_contain_text(name)  # only what was typed comes back
    assert page.locator("#list .card[data-feature^='parcels/']").count() == 0
    for address in (
        "/collections/parcels/items?limit=1000",
        f"{parcel_path.rstrip('/')}.json",
        "/collections/parcels/queryables",
    ):
        body = body_of(served + address)
        assert not [word for word in owners.words if word in body]


def test_is_the_same_to_everybody_and_sets_no_cookie(page: Page, parcel_path: str):
    answer = page.goto(parcel_path)
    assert "public" in answer.headers["cache-control"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
