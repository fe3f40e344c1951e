"""Where each feature's page is."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.urls import get_script_prefix, reverse

NAMES = {"tourism_sites": "site", "agencies": "agency", "planning_zones": "zone"}


def feature_url(collection_id: str, key: str) -> str:
    """Address of a feature's page in the active language. Any key gives an address; only held ones answer."""
    if collection_id in NAMES:
        return reverse(f"pages:{NAMES[collection_id]}", args=[key])
    if collection_id == "areas":
        code, _, year = key.rpartition("-")
        return reverse("pages:area_period", args=[code, year])
    if collection_id == "parcels":
        return reverse("pages:parcel", args=key.rsplit("-", 2))
    return f"{reverse('pages:layers')}#{collection_id}"


def desk_parcel_url(key: str) -> str:
    """Address of a parcel's sheet on the desk."""
    return reverse("desk:parcel", args=key.rsplit("-", 2))


def desk_prefill_url(key: str, code: str) -> str:
    """Address of the desk's page that fills a procedure from a parcel."""
    return f"{reverse('desk:prefill', args=key.rsplit('-', 2))}?{urlencode({'thu-tuc': code})}"


def desk_feature_url() -> str:
    """Where a click on a map of the desk leads, with places for the collection and the key."""
    return f"{reverse('desk:home')}doi-tuong/{{collection}}/{{key}}/"


def geojson_url(key: str) -> str:
    """Address of a parcel as GeoJSON in WGS 84, public."""
    return f"{get_script_prefix()}collections/parcels/items/{quote(key)}"


def public_parcel_url(key: str) -> str:
    return feature_url("parcels", key)


def json_url(collection_id: str, key: str) -> str:
    """Address of the same page for machines."""
    return feature_url(collection_id, key).rstrip("/") + ".json"
