"""What every test may use: the real PostGIS, the client, and rows by `tests.factories`."""

import os
import subprocess
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_app.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API keeps a loop in the thread


def pytest_configure(config):
    """Passwords of tests are hashed quickly: the real way is slow on purpose, a second for each signed-in client."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_sessionstart(session):
    """Compile the English catalogue when it is older than its source: .mo files are not committed."""
    for source in (Path(__file__).parent.parent / "layers" / "locale").glob("*/LC_MESSAGES/django.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["msgfmt", "--check-format", "-o", str(compiled), str(source)], check=True)
