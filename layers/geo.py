"""The only SRID numbers of the house."""

from django.conf import settings

WGS84 = 4326
WEB_MERCATOR = 3857
VN2000 = 9218

MAX_ZOOM = 22


def province_bounds() -> tuple[float, float, float, float]:
    """West, south, east, north of the province in degrees (WGS 84), from data/site.toml."""
    return tuple(settings.SITE["extent"]["wgs84"])


def province_name() -> str:
    return settings.SITE["province"]["name_vi"]
MERCATOR_HALF = 20037508.342789244
