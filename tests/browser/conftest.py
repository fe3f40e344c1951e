"""A real browser against the real server: granian on a database of its own, loaded by the commands people run.

Every page is watched: a console error, an uncaught exception, a failed request or a request to another host fails
the test that caused it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from playwright.sync_api import BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 360, "height": 800}
DESKTOP = {"width": 1366, "height": 768}
# Software rendering says this on every screenshot; it is about the test machine, not the page.
HARMLESS = ("GPU stall due to ReadPixels", "Automatic fallback to software WebGL")
ACCOUNTS: dict[str, str] = {}


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """Base address of a server on freshly loaded data."""
    url, name = _database_of_its_own()
    environment = {**os.environ, "DATABASE_URL": url, "STATEMENT_TIMEOUT_MS": "5000", "DEBUG": "0"}
    environment.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
    try:
        for command in (["migrate"], ["load_demo", "--commit", "--parcels=4000"]):
            _manage(*command, environment=environment | {"STATEMENT_TIMEOUT_MS": "0"})
        environment |= _role_of_its_own(url, environment)
        made = _manage("make_demo_accounts", "--commit", environment=environment)
        ACCOUNTS.update(line.split()[:2] for line in made.splitlines() if line.startswith("mau."))
        with _server(environment) as address:
            yield address
    finally:
        _drop(name)


@pytest.fixture(scope="session")
def accounts(served: str) -> dict[str, str]:
    """Passwords of the demo accounts by name: mau.canbo, mau.quyhoach, mau.thamdinh, mau.giamsat, mau.quantri."""
    return ACCOUNTS


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
def page(context: BrowserContext, served: str) -> Iterator[Page]:
    """A page whose faults fail the test."""
    page, faults = context.new_page(), []
    host = urlsplit(served).netloc
    page.on("console", lambda m: _note(faults, m.type, m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: faults.append(f"uncaught: {fault}"))
    page.on("request", lambda r: _foreign(faults, r.url, host))
    page.set_default_timeout(15_000)
    yield page
    assert not faults, faults


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def idle_map(page: Page) -> None:
    """Wait until the map has drawn all it has."""
    page.locator("html[data-map=idle]").wait_for(state="attached")  # a script text would break the page's policy


def _note(faults: list[str], kind: str, text: str) -> None:
    if not any(harmless in text for harmless in HARMLESS):
        faults.append(f"console {kind}: {text}")


def _foreign(faults: list[str], url: str, host: str) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
        faults.append(f"request to another host: {url}")


def _database_of_its_own() -> tuple[str, str]:
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"{parts.path[1:]}_served_{os.getpid()}"
    with closing(_connected()) as connection, connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(parts._replace(path=f"/{name}")), name


def _role_of_its_own(url: str, environment: dict) -> dict[str, str]:
    """The server works as the role `web`, as `./run` has it, where this database has or lets us make one."""
    parts = urlsplit(url)
    if parts.password:
        return {}  # a server elsewhere: we know no password of `web`
    command = [sys.executable, "manage.py", "grant_web_role", "--role=web"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True)
    return (
        {}
        if done.returncode
        else {"WEB_DATABASE_URL": urlunsplit(parts._replace(netloc=f"web@{parts.netloc.rpartition('@')[2]}"))}
    )


def _drop(name: str) -> None:
    with closing(_connected()) as connection, connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _connected():
    from django.conf import settings

    database = settings.DATABASES["default"]
    connection = psycopg2.connect(
        dbname="postgres",
        user=database["USER"],
        password=database["PASSWORD"],
        host=database["HOST"],
        port=database["PORT"],
    )
    connection.autocommit = True
    return connection


def _manage(*command: str, environment: dict) -> str:
    """Run a command of the project; returns what it printed."""
    line = [sys.executable, "manage.py", *command]
    return subprocess.run(line, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


class _server:
    """granian as `./run` starts it, on a free port."""

    def __init__(self, environment: dict) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = environment

    def __enter__(self) -> str:
        command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--port", str(self.port)]
        command += ["--workers", "1", "--blocking-threads", "4", "gis_app.wsgi:application"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment)
        address = f"http://127.0.0.1:{self.port}"
        for _ in range(150):
            try:
                with urllib.request.urlopen(f"{address}/conformance", timeout=2):
                    return address
            except (URLError, OSError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.process.kill()
        raise AssertionError("the server did not start")

    def __exit__(self, *fault: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
