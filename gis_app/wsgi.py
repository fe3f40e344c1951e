"""The door for the web server. Web queries get a time limit and a database role of their own; commands do not."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_app.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "5000")

# The server works as a database role that cannot read personal tables nor change the access log.
if address := os.environ.pop("WEB_DATABASE_URL", ""):
    os.environ["DATABASE_URL"] = address

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
