"""Pages that explain, and addresses for machines that look after the site."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from layers.access.reader import PUBLIC, readable
from layers.collections import registry
from layers.collections.base import Collection
from layers.errors import Unavailable
from layers.pages import legend, wording
from layers.pages.answers import public, text_page
from layers.reading import alive, items, sources
from layers.reading.query import FeatureQuery
from layers.reading.sources import Source


@dataclass(frozen=True)
class Layer:
    """One collection as the layers page tells of it. `marks` are parts of the legend, colour as `swatch` class."""

    collection: Collection
    legend: tuple[legend.Entry, ...]
    source: Source | None
    dated: str
    status: str
    count: str
    geojson_url: str
    tilejson_url: str


@dataclass(frozen=True)
class Table:
    """One source entry that is not a layer."""

    source: Source
    dated: str
    status: str


@public
def layers(request: HttpRequest) -> HttpResponse:
    """Every layer the public may read, with legend, source, licence, date and downloads."""
    held = sources.sources()
    shown = tuple(_layer(found, held.get(found.source)) for found in registry.COLLECTIONS if readable(PUBLIC, found))
    used = {found.source for found in registry.COLLECTIONS}
    tables = tuple(_table(source) for key, source in held.items() if key not in used)
    return text_page(request, "public/layers.html", {"layers": shown, "tables": tables})


def _layer(found: Collection, source: Source | None) -> Layer:
    base = f"/collections/{found.id}"
    return Layer(
        collection=found,
        legend=legend.of(found),
        source=source,
        dated=wording.day(source.date) if source else "",
        status=_status(source.status) if source else "",
        count=wording.number(items.count(found, FeatureQuery())),
        geojson_url=f"{base}/items?limit=1000",
        tilejson_url=f"{base}/tiles/WebMercatorQuad",
    )


def _table(source: Source) -> Table:
    return Table(source, wording.day(source.date), _status(source.status))


def _status(code: str) -> str:
    names = {
        "verified": gettext("đã kiểm chứng"),
        "partly": gettext("kiểm chứng một phần"),
        "approximate": gettext("xấp xỉ"),
        "synthetic": gettext("dữ liệu tổng hợp"),
    }
    return names.get(code, code)


@public
def help_page(request: HttpRequest) -> HttpResponse:
    return text_page(request, "public/help.html")


@public
def open_data(request: HttpRequest) -> HttpResponse:
    shown = [found for found in registry.COLLECTIONS if readable(PUBLIC, found)]
    return text_page(request, "public/open_data.html", {"collections": shown})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return text_page(request, "public/accessibility.html")


@public
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read except the desk, and papers, each of which is somebody's; searches are endless."""
    lines = [
        "User-agent: *",
        "Disallow: /quan-tri/",
        *(f"Disallow: {prefix}/{page}/" for page in ("ban-lam-viec", "kiem-chung", "tim") for prefix in ("", "/en")),
        "Disallow: /collections/*/tiles/",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def alive_check(request: HttpRequest) -> HttpResponse:
    """`/song/`: 200 when the database answers, else 503; for whoever watches the service."""
    try:
        alive.require_database()
    except Unavailable:
        response = HttpResponse("database: no answer\n", status=503, content_type="text/plain; charset=utf-8")
    else:
        response = HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
