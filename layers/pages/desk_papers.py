"""Papers of a parcel on the desk that are no extracts: the planning fact sheet, the sheet to fill a procedure from."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from layers.access.reader import Reader
from layers.pages import parameters
from layers.pages.desk import desk
from layers.pages.desk_parcels import held, identity
from layers.reading.features import FeatureView
from layers.reports import prefill as sheets
from layers.reports.canonical import plain
from layers.reports.paper import LANGUAGE
from layers.reports.plan_paper import plan_document, render_plan
from layers.reports.prefill import Prefill


@desk("GET")
@held
def plan_pdf(request: HttpRequest, reader: Reader, view: FeatureView) -> HttpResponse:
    """The planning fact sheet on `?ngay=` as PDF."""
    on = parameters.day(request)
    document = plan_document(view.key, on, reader, made_on=timezone.localdate())
    return _pdf(render_plan(document), f"quy-hoach-{view.key}-{on.isoformat()}")


@desk("GET")
@held
def prefill_page(request: HttpRequest, reader: Reader, view: FeatureView) -> HttpResponse:
    """What to type into, or attach to, the procedure `?thu-tuc=`; without one for any procedure."""
    sheet = _sheet(request, reader, view)
    place = (view.get("area_key"), view.get("sheet_no"), view.get("parcel_no"))
    query = "?" + urlencode({"thu-tuc": sheet.procedure.code}) if sheet.procedure else ""
    with translation.override(LANGUAGE):
        context = {
            "lines": sheets.lines(sheet),
            "rings": sheets.corners(sheet),
            "text": sheets.as_text(sheet),
            "heads": sheets.HEADS,
        }
    context |= identity(view) | {
        "reader": reader,
        "sheet": sheet,
        "rows": min(context["text"].count("\n") + 1, 40),
        "pdf_url": reverse("desk:prefill_pdf", args=place) + query,
        "json_url": reverse("desk:prefill_json", args=place) + query,
    }
    return render(request, "desk/prefill.html", context)


@desk("GET")
@held
def prefill_json(request: HttpRequest, reader: Reader, view: FeatureView) -> HttpResponse:
    sheet = _sheet(request, reader, view)
    return JsonResponse(plain(sheet), json_dumps_params={"ensure_ascii": False})


@desk("GET")
@held
def prefill_pdf(request: HttpRequest, reader: Reader, view: FeatureView) -> HttpResponse:
    sheet = _sheet(request, reader, view)
    code = f"-{sheet.procedure.code}" if sheet.procedure else ""
    return _pdf(sheets.render_prefill(sheet), f"dien-san-{view.key}{code}")


def _sheet(request: HttpRequest, reader: Reader, view: FeatureView) -> Prefill:
    code = parameters.free_text(request, "thu-tuc")
    return sheets.prefill(view.key, code or None, reader, made_on=timezone.localdate())


def _pdf(paper: bytes, name: str) -> HttpResponse:
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
