"""What a test sees of a page: waits, what the map has drawn and where, whether it fits."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from playwright.sync_api import Locator, Page

PHONE = {"width": 360, "height": 800}
PATIENCE_S = 30
Seen = TypeVar("Seen")


@dataclass(frozen=True)
class View:
    """Of the address: `#map=zoom/lat/lng`."""

    zoom: float
    lat: float
    lng: float


def idle_map(page: Page) -> None:
    """Wait until the map has drawn all it has."""
    page.locator("html[data-map=idle]").wait_for(state="attached")  # a script text would break the page's policy


def until(page: Page, look: Callable[[], Seen], what: str) -> Seen:
    """The first true answer of `look`."""
    end = time.monotonic() + PATIENCE_S
    while not (seen := look()):
        assert time.monotonic() < end, f"not seen: {what}"
        page.wait_for_timeout(60)
    return seen


def place(page: Page, lng: float, lat: float) -> tuple[float, float]:
    """Where a position lies in the window, in CSS pixels."""
    at = page.evaluate("at => window.__bt.project(at)", [lng, lat])
    return at["x"], at["y"]


def drawn(page: Page, lng: float, lat: float, up: int = 0) -> list[dict]:
    """Layers and keys drawn there, topmost first; `up` pixels above it."""
    x, y = place(page, lng, lat)
    return page.evaluate("at => window.__bt.rendered(at)", [x, y - up])


def keys_drawn(page: Page, lng: float, lat: float) -> set[str]:
    return {hit["key"] for hit in drawn(page, lng, lat)}


def card_place(card: Locator) -> tuple[float, float]:
    return float(card.get_attribute("data-lng") or "nan"), float(card.get_attribute("data-lat") or "nan")


def card_key(card: Locator) -> str:
    return (card.get_attribute("data-feature") or "").partition("/")[2]


def cards_on_map(page: Page) -> list[Locator]:
    """Cards of the list whose marker is drawn, uncovered by other markers."""
    found = []
    for card in page.locator("#list .card[data-lng]").all():
        hits = drawn(page, *card_place(card))
        if hits and hits[0]["key"] == card_key(card):
            found.append(card)
    return found


def view_of(page: Page) -> View:
    """Of the address, once the map has written it."""
    pattern = re.compile(r"#map=([\d.]+)/(-?[\d.]+)/(-?[\d.]+)")
    found = until(page, lambda: pattern.search(page.url), "the view in the address")
    return View(*(float(part) for part in found.groups()))


def overflow_px(page: Page) -> int:
    """How far the page scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def focused(page: Page) -> Locator:
    return page.locator("*:focus")


def tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    """Only by the tabulator, as a reader without pointer gets there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{most} tabulators do not lead to {wanted}")
