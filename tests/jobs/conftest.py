"""Alice on the cast's land, and workers that are real processes on the test's database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from layers.access.reader import Reader
from tests.cast import alice, given_land
from tests.extracts import forget_extracts

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., subprocess.Popen]


@pytest.fixture
def officer(db) -> Reader:
    given_land()
    return alice()


@pytest.fixture
def start_worker() -> Iterator[Start]:
    """Starts `manage.py work ARGUMENTS` on the test's database. Those still alive at the end are killed."""
    url = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
    environment = {**os.environ, "DATABASE_URL": url, "WEB_DATABASE_URL": "", "STATEMENT_TIMEOUT_MS": "0"}
    environment.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
    started: list[subprocess.Popen] = []

    def start(*arguments: str) -> subprocess.Popen:
        command = [sys.executable, "manage.py", "work", *arguments]
        started.append(
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        )
        return started[-1]

    forget_extracts()
    yield start
    for process in started:
        process.kill()
        process.wait()
    forget_extracts()
