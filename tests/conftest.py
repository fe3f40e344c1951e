"""What every test may use: the real PostGIS, the client, and rows by `tests.factories`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_app.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API keeps a loop in the thread
