"""What the pages of all features share: heading, facts, map, fragment, JSON; and the way from a map click to them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from layers.collections import registry
from layers.collections.base import Field, Kind
from layers.errors import NotFound
from layers.pages import cards, links, map_config, related, wording
from layers.pages.answers import document, is_fragment, page, public
from layers.pages.cards import Badge, Disc
from layers.reading import items
from layers.reading.features import FeatureView, feature


@dataclass(frozen=True)
class Fact:
    """One line of what is known. `note` says how well; `url` leads on, `badge` warns."""

    title: str
    value: str
    note: str = ""
    url: str = ""
    badge: Badge | None = None


@dataclass(frozen=True)
class Heading:
    title: str
    other: str
    kind: str
    disc: Disc
    badges: tuple[Badge, ...]


def find(collection_id: str, key: str) -> FeatureView:
    """The feature as the public sees it. Raises NotFound in the reader's language, NotAllowed."""
    collection = registry.get(collection_id)
    try:
        return feature(collection, key)
    except NotFound:
        raise NotFound(
            gettext("%(collection)s: không có “%(key)s”.") % {"collection": collection.title, "key": key[:80]}
        ) from None


def heading(view: FeatureView) -> Heading:
    return Heading(
        cards.title(view), cards.other_title(view), cards.kind_of(view), cards.disc(view), cards.badges(view)
    )


def facts(view: FeatureView, *names: str) -> tuple[Fact, ...]:
    """The named fields that hold something, in that order."""
    found = []
    for name in names:
        field, value = view.collection.field(name), view.get(name)
        if field and value not in (None, ""):
            found.append(Fact(field.title, written(field, value)))
    return tuple(found)


def written(field: Field, value: object) -> str:
    """A stored value as people read it."""
    if field.choices:
        return field.label(value)
    if field.unit == "m²":
        return wording.area(value)
    if field.kind is Kind.DATE:
        return wording.day(str(value))
    if field.kind is Kind.BOOLEAN:
        return gettext("có") if value else gettext("không")
    if field.kind in (Kind.INTEGER, Kind.NUMBER):
        return f"{wording.number(value)} {field.unit}".strip()
    return str(value)


def position_fact(view: FeatureView) -> Fact:
    """Where it is: degrees, and how near the truth."""
    lon, lat = view.point
    field, precision = view.collection.field("position_status"), view.get("precision_m")
    note = field.label(view.get("position_status")) if field else ""
    if precision:
        note = " · ".join(
            part for part in (note, gettext("sai số khoảng %(m)s") % {"m": wording.distance(precision)}) if part
        )
    return Fact(gettext("Tọa độ (WGS 84)"), f"{lat:.5f}, {lon:.5f}", note=note, url=f"geo:{lat:.6f},{lon:.6f}")


def answer(request: HttpRequest, view: FeatureView, template: str, context: dict) -> HttpResponse:
    """The page of one feature beside its map, or its card for a script."""
    fragment = is_fragment(request)
    common = {
        "view": view,
        "heading": heading(view),
        "facts": (),
        "url": links.feature_url(view.collection.id, view.key),
        "json_url": links.json_url(view.collection.id, view.key),
        "map_state": map_config.dumped(map_config.state(selected=view)),
        "recorded_on": wording.day(view.recorded_on),
        "procedures": related.block(view),
        "source": source_of(view),
    }
    if not fragment:
        common["map_config"] = map_config.config(selected=view, shown=(view.collection.id,))
    return page(request, template, common | context, fragment="public/feature_panel.html")


def source_of(view: FeatureView) -> str:
    """The row's own words on where it comes from."""
    text = str(view.get("source") or "")
    return gettext("ghi theo trí nhớ, chưa kiểm chứng") if text == "memory" else text


def as_json(request: HttpRequest, view: FeatureView) -> HttpResponse:
    """The same content for machines: the collection's item and the procedures it leads to."""
    item = json.loads(items.item(view.collection, view.key))
    return document(
        {
            "feature": item,
            "collection": view.collection.id,
            "synthetic": view.collection.synthetic,
            "approximate": view.collection.approximate,
            "page": request.build_absolute_uri(links.feature_url(view.collection.id, view.key)),
            "related": related.as_json(view),
        }
    )


@public
def anywhere(request: HttpRequest, collection_id: str, key: str) -> HttpResponse:
    """`/doi-tuong/<collection>/<key>/`: from a click on the map to the feature's page.

    For a script the page itself answers its card, and `HX-Push-Url` tells the address to show.
    """
    view = find(collection_id, key)
    url = links.feature_url(collection_id, view.key)
    if not is_fragment(request) or collection_id == "coverage":
        response = HttpResponseRedirect(url)
        patch_vary_headers(response, ("HX-Request",))
        return response
    match = resolve(url)
    response = match.func(request, *match.args, **match.kwargs)
    response["HX-Push-Url"] = url
    return response
