"""The site's own URL table, and addresses that break while they hold an owner: for the tests of error pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from gis_app import urls
from gis_app.urls import handler400, handler403, handler404, handler500  # noqa: F401
from layers.access.personal import reveal_owners
from layers.pages.answers import public
from layers.pages.desk import desk
from tests.cast import MUI_NE, WHY


@desk("GET", "POST")
def officer_page(request: HttpRequest, reader) -> HttpResponse:
    """Has an owner in clear in its hands, and breaks over her."""
    owner = reveal_owners(reader, MUI_NE, WHY).owners[0]
    raise RuntimeError(f"no such thing as {owner.name}, {owner.identity_no}")


@public
def public_page(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


urlpatterns = [
    path("ban-lam-viec/hong/", officer_page),
    path("en/ban-lam-viec/hong/", officer_page),
    path("hong/", public_page),
    *urls.urlpatterns,
]
