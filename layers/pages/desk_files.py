"""Selections as files: small ones at once, large ones by a worker. And lists that were looked up, as selections."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from layers.access.reader import Reader
from layers.errors import Invalid
from layers.jobs import queue
from layers.pages.desk import desk
from layers.reading import selection_rows, selections
from layers.reading.selection_rows import EXPORT_JOB, MAP_JOB
from layers.reading.selections import Mode
from layers.reading.statement import file_stem
from layers.reports import batches

AT_ONCE = 1_000  # parcels that a web server writes while the officer waits: two seconds at most
MAP = "html"
FORMS = (
    ("xlsx", "XLSX (Excel)"),
    ("csv", "CSV"),
    ("gpkg", "GeoPackage"),
    ("shp", "Shapefile"),
    ("dxf", "DXF"),
    ("geojson", "GeoJSON (WGS 84)"),
    ("parquet", "GeoParquet"),
    (MAP, "HTML"),
)


@desk("POST")
def selection_file(request: HttpRequest, reader: Reader, selection_id: str) -> HttpResponse:
    """The selection in the form of `form`; more than AT_ONCE parcels become a job, and the jobs' page is next."""
    form = request.POST.get("form", "")
    if form not in dict(FORMS):
        raise Invalid(gettext("Không có định dạng tệp “%(form)s”.") % {"form": form[:20]}, parameter="form")
    picked = selections.selection(selection_id, reader)
    if not picked.count:
        raise Invalid(gettext("Lựa chọn này chưa có thửa nào để xuất."), parameter="form")
    page_url = request.build_absolute_uri(reverse("desk:selection", args=[picked.id]))
    if picked.count > AT_ONCE:
        kind = MAP_JOB if form == MAP else EXPORT_JOB
        queue.enqueue(kind, selection_rows.wanted(picked, page_url) | {"form": form}, by=reader)
        return redirect("desk:jobs")
    keys = selection_rows.keys(picked.id, reader)
    name, media_type, content = _written(keys, form, selection_rows.about(picked, page_url), reader)
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@desk("POST")
def batch_selection(request: HttpRequest, reader: Reader, batch_id: str) -> HttpResponse:
    """A new selection of the parcels that a list's lines mean: on the map, in the table, as files."""
    keys = batches.found_keys(batch_id, reader)
    if not keys:
        raise Invalid(gettext("Chưa dòng nào có thửa để đưa vào lựa chọn."))
    made = selections.start(reader)
    question = json.dumps({"op": "in", "args": [{"property": "key"}, list(keys)]})
    selections.ask(made, question, Mode.NEW, reader)
    return redirect("desk:selection", made)


def _written(keys, form: str, about, reader: Reader) -> tuple[str, str, bytes]:
    """Name, media type and bytes. The libraries of files and maps cost 2 s and 130 MB: only who writes loads them."""
    if form == MAP:
        from layers.reports.shared_map import shared_map

        return f"{file_stem(about.title)}.html", "text/html; charset=utf-8", shared_map(keys, about, reader)
    from layers.transfer.export import Format, export_parcels

    made = export_parcels(keys, Format(form), about, reader)
    return made.file_name, made.media_type, made.content
