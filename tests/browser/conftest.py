"""A real browser against the real server: granian on a database of its own, loaded by the commands people run.

Every page is watched (`watching.py`): a console error, an uncaught exception, a failed request, a request to another
host, a page without content policy, a cookie or an owner's name fails the test that caused it.
"""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.serving import Database, Server, server_environment
from tests.browser.sight import PHONE
from tests.browser.watching import Owners, Watch

expect.set_options(timeout=20_000)  # two cores, drawn without a graphics card
DESKTOP = {"width": 1366, "height": 768}


@pytest.fixture(scope="session")
def served_database() -> Iterator[Database]:
    with Database() as database:
        yield database


@pytest.fixture(scope="session")
def served(served_database: Database) -> Iterator[str]:
    """Base address of a server on freshly loaded data."""
    with Server(server_environment(served_database)) as address:
        yield address


@pytest.fixture(scope="session")
def owners(served_database: Database) -> Owners:
    found = Owners(served_database.rows("SELECT name, identity_no FROM layers_party WHERE kind = 'person'"))
    assert len(found.words) > 100, "nothing could leak, so nothing would be shown"
    return found


@pytest.fixture(scope="session")
def answer(served: str) -> Callable[[str], dict]:
    """The JSON document at a path."""

    def read(path: str) -> dict:
        with urllib.request.urlopen(served + path, timeout=20) as document:
            return json.load(document)

    return read


@pytest.fixture(scope="session")
def parcel(answer) -> dict:
    """A parcel with a certificate and a land use, as the machines' face gives it."""
    return answer("/collections/parcels/items?limit=1&certificate=issued")["features"][0]


@pytest.fixture(scope="session")
def parcel_path(parcel: dict) -> str:
    known = parcel["properties"]
    return f"/thua-dat/{known['area_key']}/{known['sheet_no']}/{known['parcel_no']}/"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": [*quiet, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict, served: str) -> dict:
    settings = {"base_url": served, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "viewport": DESKTOP}
    return {**browser_context_args, **settings}


@pytest.fixture
def watch(served: str, owners: Owners) -> Iterator[Watch]:
    watch = Watch(served)
    yield watch
    faults = watch.found() + owners.named_in(watch.seen)
    for context in watch.contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def visit(browser: Browser, browser_context_args: dict, watch: Watch) -> Callable[..., Page]:
    """Opens a watched page in a browser context with settings of its own."""

    def open_page(**settings: object) -> Page:
        context: BrowserContext = browser.new_context(**{**browser_context_args, **settings})
        return watch.follow(context.new_page())

    return open_page


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """A page whose faults fail the test."""
    return visit()


@pytest.fixture
def phone(visit: Callable[..., Page]) -> Page:
    return visit(viewport=PHONE, has_touch=True)
