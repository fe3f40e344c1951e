"""What every test may use: the real PostGIS, the client, rows by `tests.factories`, people by `tests.cast`."""

import os
import subprocess
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_app.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API keeps a loop in the thread


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """The real hash takes 0.3 s on purpose; tests make hundreds."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_sessionstart(session):
    """Compile the English catalogue when it is older than its source: .mo files are not committed."""
    for source in (Path(__file__).parent.parent / "layers" / "locale").glob("*/LC_MESSAGES/django.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["msgfmt", "--check-format", "-o", str(compiled), str(source)], check=True)
