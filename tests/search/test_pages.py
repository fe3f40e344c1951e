"""The search page and the suggestions, as a browser without scripts and as the search box ask for them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.html import escape

from tests.search.asking import OWNER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


class Tags(HTMLParser):
    """Start tags with their attributes, and the text, of a document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def having(self, **wanted: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.tags if all(attrs.get(name) == value for name, value in wanted.items())]


def ask(client, text: str, path: str = "/tim/", status: int = 200, **more) -> Tags:
    response = client.get(path, {"q": text, **more})
    assert response.status_code == status, response.content[:500]
    return Tags(response.content.decode())


def options(client, text: str, path: str = "/tim/goi-y/") -> list[dict[str, str | None]]:
    return ask(client, text, path).having(role="option")


# --- the page ---


def test_the_page_lists_what_was_found_with_its_reason(client):
    page = ask(client, "hàm tiến")
    assert "tên cũ, nay thuộc Phường Mũi Né" in page.text
    assert "ở Phường Hàm Tiến (tên cũ, nay thuộc Phường Mũi Né)" in page.text
    assert page.having(href="/don-vi/22918/2015/")
    assert [attrs["value"] for attrs in page.having(name="q")] == ["hàm tiến"]


def test_every_link_of_a_result_leads_to_a_page(client):
    page = ask(client, "phan thiet")
    links = {attrs["href"] for tag, attrs in page.tags if tag == "a" and "card__link" in (attrs.get("class") or "")}
    assert len(links) > 10
    links |= {attrs["href"] for tag, attrs in ask(client, "tờ 45 thửa 123 mũi né").tags
              if tag == "a" and "card__link" in (attrs.get("class") or "")}  # fmt: skip
    links |= {attrs["data-href"] for attrs in options(client, "1.012784")}
    for link in links:
        assert client.get(link).status_code == 200, link


def test_a_script_gets_the_panel_only_and_caches_know_the_difference(client):
    response = client.get("/tim/", {"q": "mui ne"}, headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert b"data-map-state=" in response.content
    assert "HX-Request" in response["Vary"]
    assert "data-announce" in response.content.decode()


def test_further_pages_are_links(client):
    first = ask(client, "phan thiet")
    (following,) = first.having(rel="next")
    assert parse_qs(urlsplit(following["href"]).query) == {"q": ["phan thiet"], "trang": ["2"]}
    second = Tags(client.get(following["href"]).content.decode())
    assert second.having(rel="prev")
    shown = [{a["href"] for tag, a in page.tags if a.get("class") == "card__link"} for page in (first, second)]
    assert not shown[0] & shown[1]
    ask(client, "phan thiet", status=404, trang="400")


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "501", "9" * 30, "²", "1\x00"])
def test_a_page_number_that_is_none_is_refused(client, number):
    ask(client, "phan thiet", status=400, trang=number)


def test_nothing_found_says_so_and_offers_what_is_near(client):
    page = ask(client, "ham tein")
    assert "Không thấy “ham tein”." in page.text
    assert "Gần giống nhất" in page.text
    assert page.having(href="/don-vi/22918/2015/")
    assert "Không thấy" not in ask(client, "").text


def test_a_coordinate_is_told_in_both_systems_with_a_way_to_the_map(client):
    page = ask(client, "10.95, 108.29")
    assert "10.950000, 108.290000" in page.text
    assert "X (Bắc) 1210936.01 m; Y (Đông) 476853.30 m" in page.text
    assert "Phường Mũi Né, Thành phố Phan Thiết" in page.text
    assert page.having(href="/#map=17/10.950000/108.290000")
    assert page.having(href="geo:10.950000,108.290000")
    assert "ngoài phạm vi" in ask(client, "2.2945, 48.8584").text


def test_parcels_of_several_communes_are_all_there_with_a_word_of_caution(client):
    page = ask(client, "tờ 45 thửa 123 mũi né")
    assert "Cùng số này có 2 thửa." in page.text
    assert page.having(href="/thua-dat/22915-2015/45/123/")
    assert page.having(href="/thua-dat/22918-2015/45/123/")
    assert "dữ liệu tổng hợp" in page.text


@pytest.mark.parametrize(
    ("text", "words"),
    [("tờ 45 thửa 8 hàm tiến", "tờ 45 không có thửa 8. Các thửa trên tờ này: 7–123."),
     ("tờ 46 thửa 1 hàm tiến", "không có tờ bản đồ số 46. Các tờ có: 45."),
     ("tờ 1 thửa 1 liên hương", "chưa số hóa"), ("tờ 1 thửa 1 atlantis", "Không nhận ra tên xã, phường nào"),
     ("w3vjtp2sf9x9", "Không có thửa nào mang mã w3vjtp2sf9x9."), ("tờ 999 thửa 1", "có tờ bản đồ số 999."),
     ("muix nes", "Hiểu là chữ gõ kiểu Telex: “mui ne”.")],
)  # fmt: skip
def test_each_fault_has_its_own_words(client, text, words):
    assert words in ask(client, text).text


def test_english_is_complete(client):
    page = ask(client, "ham tien", "/en/tim/")
    assert "former name, now part of Mui Ne Ward" in page.text
    assert page.having(href="/en/don-vi/22918/2015/")
    assert "Ham Tien Ward" in page.text


# --- suggestions ---


@pytest.mark.parametrize("text", ["mui ne", "Mũi Né", "muine", "MŨI NÉ", "muix nes"])
def test_the_first_suggestion_is_the_same_however_it_is_typed(client, text):
    assert options(client, text)[0]["data-href"] == "/don-vi/22918/2025/"


@pytest.mark.parametrize("text", ["mui ne", "phan", "th", "45/123", "10.95,108.29", "xyzzy", "chùa"])
def test_at_most_eight_options_in_groups_of_four_and_the_way_to_all(client, text):
    html = client.get("/tim/goi-y/", {"q": text}).content.decode()
    *groups, last = re.findall(r"<ul.*?</ul>", html, re.DOTALL)
    counts = [group.count('role="option"') for group in groups]
    assert sum(counts) <= 8
    assert all(1 <= count <= 4 for count in counts)
    assert "trong tất cả" in last
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_nothing_typed_suggests_nothing(client):
    assert options(client, "") == []


def test_no_kind_takes_all_the_places(client):
    kinds = {attrs["id"].rpartition("-")[0] for attrs in options(client, "phan thiet")}
    assert {"suggest-areas", "suggest-tourism_sites", "suggest-agencies"} <= kinds


# --- what must not happen ---


@pytest.mark.parametrize("path", ["/tim/", "/tim/goi-y/", "/en/tim/", "/en/tim/goi-y/"])
@pytest.mark.parametrize("text", [OWNER, "060099123456", "chu dat mau"])
def test_no_page_tells_of_people(client, path, text):
    html = client.get(path, {"q": text}).content.decode()
    assert "Chủ Đất" not in html.replace(escape(text), "")
    assert "060099" not in html.replace(text, "")


@pytest.mark.parametrize("path", ["/tim/", "/tim/goi-y/"])
@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}", "‮mui ne"]
)
def test_what_is_typed_is_only_text(client, path, text):
    html = client.get(path, {"q": text}).content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html


@pytest.mark.parametrize("path", ["/tim/", "/tim/goi-y/"])
@pytest.mark.parametrize("text", ["x" * 201, "x" * 10_000, "mui\x00ne"])
def test_what_cannot_be_used_is_a_bad_request(client, path, text):
    ask(client, text, path, status=400)


@pytest.mark.parametrize("path", ["/tim/", "/tim/goi-y/"])
def test_only_looking_is_offered(client, path):
    assert client.post(path, {"q": "mui ne"}).status_code in (403, 405)
