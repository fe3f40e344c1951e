"""Extracts on the desk: issuing one, and its paper, as often as it is asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from layers.access.reader import Reader
from layers.pages.desk import desk
from layers.pages.desk_parcels import held
from layers.reading.features import FeatureView
from layers.reports.issue import issue_extract, issued
from layers.reports.pdf import render_pdf

SOURCE_LANGUAGE = "vi"  # of the paper, and of the page its code leads to


@desk("POST")
@held
def extract(request: HttpRequest, reader: Reader, view: FeatureView) -> HttpResponse:
    """Issue an extract of today and lead to its paper, so that a second download is no second extract."""
    return redirect("desk:extract_pdf", issue_extract(view.key, reader).number)


@desk("GET")
def extract_pdf(request: HttpRequest, reader: Reader, number: str) -> HttpResponse:
    found = issued(number, reader)
    paper = render_pdf(found, verify_at=verify_at(request))
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return response


def verify_at(request: HttpRequest) -> str:
    """Address of the verifying page with `{number}` and `{hash}` in it."""
    with translation.override(SOURCE_LANGUAGE):
        address = request.build_absolute_uri(reverse("pages:verify", args=["-"]))
    return address.removesuffix("-/") + "{number}/?h={hash}"
