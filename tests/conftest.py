"""What every test may use: the real PostGIS, the client, rows by `tests.factories`, people by `tests.cast`."""

import os

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_app.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API keeps a loop in the thread


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """The real hash takes 0.3 s on purpose; tests make hundreds."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
