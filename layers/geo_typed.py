"""Coordinates as people type them: WGS 84 in degrees, VN-2000 in metres, links of Google Maps and OpenStreetMap.

Door: `parse_point(text)`. It says what it understood, so that a page can say it back; it never guesses where
the text allows two readings. No link is ever opened.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from layers import geo


class Written(StrEnum):
    """How the coordinate stood in the text."""

    DECIMAL = "decimal"
    DMS = "dms"
    VN2000 = "vn2000"
    URL = "url"


class Order(StrEnum):
    LAT_LON = "lat_lon"
    LON_LAT = "lon_lat"
    NORTH_EAST = "north_east"  # X then Y, as Vietnamese surveyors write
    EAST_NORTH = "east_north"


@dataclass(frozen=True)
class TypedPoint:
    """A place, and how it was understood. `x`, `y` are easting/longitude and northing/latitude in `srid`.

    `in_province`: the point lies in the extent of former Bình Thuận. For VN-2000 without it, the zone is doubtful.
    """

    longitude: float
    latitude: float
    written: Written
    order: Order
    srid: int
    x: float
    y: float

    @property
    def in_province(self) -> bool:
        try:
            east, north = geo.transform(self.longitude, self.latitude, geo.WGS84, geo.VN2000)
        except geo.OutOfRange:
            return False
        min_e, min_n, max_e, max_n = geo.PROVINCE_EXTENT_VN2000
        return bool(min_e <= east <= max_e and min_n <= north <= max_n)


MAX_TEXT = 2000
_VIETNAM_LONGITUDES = (102.0, 118.0)
_VIETNAM_LATITUDES = (6.0, 24.0)
_NORTHINGS = (880_000.0, 2_650_000.0)
_EASTINGS = (150_000.0, 850_000.0)

_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_URLS = tuple(
    re.compile(pattern.replace("N", f"({_NUMBER})"), re.IGNORECASE)
    for pattern in (
        r"!3dN!4dN",  # Google: the place itself, before the view
        r"[?&;]mlat=N[&;]mlon=N",  # OpenStreetMap: the marker, before the view
        r"[?&](?:q|query|ll|sll|daddr|destination|center|cbll)=(?:loc:)?N,\+?\s*N",
        r"/(?:place|search|dir)/N,\+?\s*N",
        r"@N,N",
        r"#map=[\d.]+/N/N",
        r"^geo:N,N",
        r"[?&]cp=N~N",
    )
)
_DEGREES = re.compile(
    r"(?P<a>[NSEWBĐTO])?\s*(?P<d>\d{1,3}(?:\.\d+)?)\s*°\s*(?:(?P<m>\d{1,2}(?:\.\d+)?)\s*')?\s*"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*\")?\s*(?P<b>[NSEWBĐTO])?"
)
_POSITIVE, _NEGATIVE, _NORTH_SOUTH = "NBEĐ", "SWTO", "NSB"
_LABEL = re.compile(
    r"(?<!\w)(?:vn-?2000|latitude|longitude|lat|lon|lng|vĩ độ|kinh độ|[xynebđ])(?=[\s:=\d]|$)\s*[:=]?", re.IGNORECASE
)


def parse_point(text: str, srid: int = geo.VN2000) -> TypedPoint | None:
    """The point a text names, or None when it names none for certain. `srid`: the zone to take VN-2000 in.

    Two whole numbers like `45 123` are a sheet and a parcel, not degrees: degrees need a decimal part or a sign °.
    """
    text = unicodedata.normalize("NFC", text[:MAX_TEXT]).strip()
    if "://" in text or text.lower().startswith("geo:"):
        return _from_url(text)
    if "°" in text or "º" in text:
        return _from_dms(text)
    pair = _two_numbers(text)
    if pair is None:
        return None
    (first, first_text), (second, second_text) = pair
    if max(abs(first), abs(second)) > 1000:
        return _from_planar(first, second, srid)
    return _from_decimals(first, second, ("." in first_text) + ("." in second_text))


def _from_decimals(first: float, second: float, fractions: int) -> TypedPoint | None:
    """`fractions`: how many of the two had a decimal part. One is enough in Viet Nam, elsewhere it takes both."""
    point = _from_degrees(first, second, Written.DECIMAL) if fractions else None
    if point is None or fractions == 2:
        return point
    in_viet_nam = _within(point.longitude, _VIETNAM_LONGITUDES) and _within(point.latitude, _VIETNAM_LATITUDES)
    return point if in_viet_nam else None


def _from_url(text: str) -> TypedPoint | None:
    decoded = unquote(text)
    for pattern in _URLS:
        if found := pattern.search(decoded):
            return _wgs84(float(found[2]), float(found[1]), Written.URL, Order.LAT_LON)
    return None


def _from_dms(text: str) -> TypedPoint | None:
    text = re.sub("[′’‘´`]", "'", text.upper().replace("º", "°"))
    text = re.sub("''|[″”“]", '"', re.sub(r"(?<=\d),(?=\d)", ".", text))
    found = list(_DEGREES.finditer(text))
    if len(found) != 2 or re.sub(r"[\s,;]", "", _DEGREES.sub("", text)):
        return None
    values = []
    for part in found:
        minutes, seconds = float(part["m"] or 0), float(part["s"] or 0)
        if minutes >= 60 or seconds >= 60:
            return None
        letter = part["a"] or part["b"] or ""
        sign = -1 if letter and letter in _NEGATIVE else 1
        values.append((sign * (float(part["d"]) + minutes / 60 + seconds / 3600), letter))
    (first, first_letter), (second, second_letter) = values
    if not first_letter or not second_letter:
        return _from_degrees(first, second, Written.DMS)
    first_is_lat, second_is_lat = first_letter in _NORTH_SOUTH, second_letter in _NORTH_SOUTH
    if first_is_lat == second_is_lat:
        return None
    if first_is_lat:
        return _wgs84(second, first, Written.DMS, Order.LAT_LON)
    return _wgs84(first, second, Written.DMS, Order.LON_LAT)


def _from_degrees(first: float, second: float, written: Written) -> TypedPoint | None:
    """Latitude first, as maps and people write, unless the numbers can only be Viet Nam the other way round."""
    swapped = _within(first, _VIETNAM_LONGITUDES) and _within(second, _VIETNAM_LATITUDES)
    if swapped or abs(first) > 90:
        return _wgs84(first, second, written, Order.LON_LAT)
    return _wgs84(second, first, written, Order.LAT_LON)


def _from_planar(first: float, second: float, srid: int) -> TypedPoint | None:
    """Eastings and northings of Viet Nam never overlap, so the order is certain whichever way it was typed."""
    if _within(first, _NORTHINGS) and _within(second, _EASTINGS):
        north, east, order = first, second, Order.NORTH_EAST
    elif _within(second, _NORTHINGS) and _within(first, _EASTINGS):
        east, north, order = first, second, Order.EAST_NORTH
    else:
        return None
    longitude, latitude = geo.transform(east, north, srid, geo.WGS84)
    return TypedPoint(float(longitude), float(latitude), Written.VN2000, order, srid, east, north)


def _wgs84(longitude: float, latitude: float, written: Written, order: Order) -> TypedPoint | None:
    try:
        geo.require_sane(longitude, latitude, geo.WGS84)
    except geo.OutOfRange:
        return None
    return TypedPoint(longitude, latitude, written, order, geo.WGS84, longitude, latitude)


def _within(number: float, span: tuple[float, float]) -> bool:
    return span[0] <= number <= span[1]


def _two_numbers(text: str) -> tuple[tuple[float, str], tuple[float, str]] | None:
    """Two numbers with their text, point as decimal mark. Handles `10,93 108,1` and `1.208.745,12; 456.084,55`."""
    text = _LABEL.sub(" ", text).strip(" ()[];,")
    parts = [part for part in re.split(r"\s*[;|/]\s*|,?\s+", text) if part]
    if len(parts) == 1:
        parts = text.split(",")
    if len(parts) != 2:
        return None
    numbers = [_plain_number(part) for part in parts]
    if None in numbers:
        return None
    return tuple((float(number), number) for number in numbers)


def _plain_number(part: str) -> str | None:
    """`456.084,55`, `456084.55` and `456084,55` become `456084.55`; anything else that is no number becomes None."""
    if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}", part):
        return part.replace(".", "").replace(",", ".")
    if re.fullmatch(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}", part):
        return part.replace(",", "")
    part = part.replace(",", ".")
    return part if re.fullmatch(r"[-+]?\d{1,8}(\.\d{1,12})?", part) else None
