"""What the map must know, as one JSON block in the page: the contract of `frontend/map/config.ts`."""

from __future__ import annotations

import json

from django.conf import settings
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.translation import get_language

from layers import geo
from layers.access.reader import PUBLIC, readable
from layers.collections import registry
from layers.collections.base import Collection
from layers.pages import legend, map_text
from layers.reading.features import FeatureView

Filter = dict[str, list[str]] | None


def config(
    *,
    selected: FeatureView | None = None,
    chosen: Filter = None,
    shown: tuple[str, ...] = (),
    feature_url: str = "",
) -> dict[str, object]:
    """The map's configuration. `shown` names collections that are on at first besides those that always are.

    `feature_url` is where a click leads, with `{collection}` and `{key}`; the public pages when none is given.
    """
    bounds = selected.bbox if selected and selected.bbox else geo.province_view()
    return {
        "lang": get_language(),
        "view": {"bounds": list(bounds)},
        "basemap": _basemap(),
        "land_url": static("land.geojson"),
        "collections": [
            _collection(found, on=found.shown or found.id in shown)
            for found in registry.COLLECTIONS
            if readable(PUBLIC, found)
        ],
        "selected": _selected(selected),
        "feature_url": feature_url or f"{_prefix()}doi-tuong/{{collection}}/{{key}}/",
        "filter": chosen,
        "text": map_text.texts(),
    }


def state(*, selected: FeatureView | None = None, chosen: Filter = None, fit: bool = False) -> dict[str, object]:
    """What a panel tells the map (`data-map-state`): filter, selection and, with `fit`, where to look."""
    found: dict[str, object] = {"filter": chosen, "selected": _selected(selected)}
    if fit:
        found["bounds"] = list(selected.bbox if selected and selected.bbox else geo.province_view())
    return found


def dumped(value: dict[str, object]) -> str:
    """JSON for an attribute: the template escapes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prefix() -> str:
    return get_script_prefix() + ("" if get_language() == settings.LANGUAGE_CODE else f"{get_language()}/")


def _basemap() -> dict[str, str]:
    basemap = {"kind": settings.BASEMAP_KIND}
    if settings.BASEMAP_URL:
        basemap["url"] = settings.BASEMAP_URL
    if settings.BASEMAP_ATTRIBUTION:
        basemap["attribution"] = settings.BASEMAP_ATTRIBUTION
    return basemap


def _collection(found: Collection, *, on: bool) -> dict[str, object]:
    base = f"{get_script_prefix()}collections/{found.id}"
    return {
        "id": found.id,
        "title": found.title,
        "style_url": f"{base}/styles/default",
        "tilejson_url": f"{base}/tiles/WebMercatorQuad",
        "visible": on,
        "opacity": 1,
        "synthetic": found.synthetic,
        "approximate": found.approximate,
        "legend": [vars_of(entry) for entry in legend.of(found)],
    }


def vars_of(entry: legend.Entry) -> dict[str, str]:
    """A legend entry without its empty parts."""
    parts = {"label": entry.label, "color": entry.color, "icon": entry.icon, "pattern": entry.pattern}
    return {name: value for name, value in parts.items() if value}


def _selected(view: FeatureView | None) -> dict[str, object] | None:
    if view is None or view.bbox is None:
        return None
    return {
        "collection": view.collection.id,
        "key": view.key,
        "geometry_url": f"{get_script_prefix()}collections/{view.collection.id}/items/{view.key}",
        "bbox": list(view.bbox),
    }
