"""Query parameters of the machine face: text in, checked values out, each fault naming its parameter."""

from __future__ import annotations

import math
from datetime import date, timedelta

from django.http import HttpRequest

from layers import geo
from layers.errors import Invalid
from layers.reading.query import MAX_LIMIT, Box, FeatureQuery, Period

BBOX_CRS = {
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84": geo.WGS84,
    f"http://www.opengis.net/def/crs/EPSG/0/{geo.WEB_MERCATOR}": geo.WEB_MERCATOR,
    f"http://www.opengis.net/def/crs/EPSG/0/{geo.VN2000}": geo.VN2000,
}
# Beyond these a coordinate is refused before anything transforms it. Degrees; metres twice the size of the world;
# for VN-2000 a quarter of the globe: PROJ has no answer for places further from the meridian (an error, not a shape).
LIMITS = {geo.WGS84: (180.0, 90.0), geo.WEB_MERCATOR: (4.1e7, 4.1e7), geo.VN2000: (4e6, 9e6)}


def only(request: HttpRequest, *allowed: str) -> dict[str, str]:
    """The request's parameters, each given once. Raises Invalid for an unknown or repeated one."""
    for name, values in request.GET.lists():
        if name not in allowed:
            offered = f"Offered here: {', '.join(allowed)}." if allowed else "This address takes none."
            raise Invalid(f"Unknown parameter {name[:80]!r}. {offered}", parameter=name[:80])
        if len(values) > 1:
            raise Invalid(f"{name} is given {len(values)} times; give it once.", parameter=name)
    return request.GET.dict()


def feature_query(params: dict[str, str], queryables: tuple[str, ...]) -> FeatureQuery:
    return FeatureQuery(
        box=bbox(params.get("bbox"), params.get("bbox-crs")),
        period=period(params.get("datetime")),
        filters=tuple((name, params[name]) for name in queryables if name in params),
        limit=limit(params.get("limit")),
        after=cursor(params.get("cursor")),
    )


def bbox(text: str | None, crs: str | None) -> Box | None:
    """Four (or six) numbers, west, south, east, north. West may exceed east only where the CRS wraps: refused here."""
    srid = _bbox_srid(crs)
    if text is None:
        return None
    numbers = [_number(part, "bbox") for part in text.split(",")] if len(text) < 300 else []
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4:
        raise Invalid("bbox takes four numbers: west,south,east,north.", parameter="bbox")
    west, south, east, north = numbers
    limit_x, limit_y = LIMITS[srid]
    if max(abs(west), abs(east)) > limit_x or max(abs(south), abs(north)) > limit_y:
        raise Invalid(f"bbox goes beyond ±{limit_x:g}, ±{limit_y:g} of its CRS.", parameter="bbox")
    if west > east or south > north:
        raise Invalid("bbox must be west,south,east,north with west ≤ east and south ≤ north.", parameter="bbox")
    if srid == geo.WGS84:
        south, north = max(south, -85.06), min(north, 85.06)
        if south > north:
            raise Invalid("bbox lies beyond 85.06° of latitude, where Web Mercator ends.", parameter="bbox")
    return Box(west, south, east, north, srid)


def _bbox_srid(crs: str | None) -> int:
    if crs is None:
        return geo.WGS84
    if crs not in BBOX_CRS:
        raise Invalid(f"bbox-crs must be one of: {', '.join(BBOX_CRS)}.", parameter="bbox-crs")
    return BBOX_CRS[crs]


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise Invalid(f"{name} holds {text[:40]!r}, which is not a number.", parameter=name) from None
    if not math.isfinite(value):
        raise Invalid(f"{name} must hold finite numbers.", parameter=name)
    return value


def limit(text: str | None) -> int:
    if text is None:
        return 100
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= 1):
        raise Invalid(f"limit must be a whole number from 1 to {MAX_LIMIT}.", parameter="limit")
    return min(int(text), MAX_LIMIT)  # OGC API Features 7.15.2: a larger limit is served with the maximum


def cursor(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid("cursor must come from a next link.", parameter="cursor")
    return int(text)


def period(text: str | None) -> Period | None:
    """`2015-06-01`, `2015-06-01/..`, `../2025-07-01`, `a/b`; time of day is accepted and dropped."""
    if text is None:
        return None
    parts = text.split("/")
    if len(parts) == 1:
        day = _day(parts[0])
        return Period(day, day + timedelta(days=1))
    if len(parts) != 2:
        raise Invalid("datetime takes a date or an interval begin/end.", parameter="datetime")
    begin, end = (None if part in ("", "..") else _day(part) for part in parts)
    if begin and end and begin > end:
        raise Invalid("datetime: the interval ends before it begins.", parameter="datetime")
    return Period(begin, end + timedelta(days=1) if end else None)


def day(text: str | None) -> date | None:
    """One date, for what shows a single day; time of day is accepted and dropped, an interval is refused."""
    if text is not None and "/" in text:
        raise Invalid("datetime takes one date here, like 2025-07-01, not an interval.", parameter="datetime")
    return None if text is None else _day(text)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text[:10])
        if text[10:11] not in ("", "T") or not 1000 <= day.year <= 9998 or len(text) > 40:
            raise ValueError
    except ValueError:
        raise Invalid(f"datetime holds {text[:40]!r}; write dates like 2025-07-01.", parameter="datetime") from None
    return day
