"""The door for the web server. Web queries get a time limit; commands do not."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_app.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "5000")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
