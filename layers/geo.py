"""Coordinate systems, tiles and parcel identifiers: the only file of the house with SRID numbers.

Doors: the constants and `VN2000_ZONES`; `transform`; `require_sane`; `tile_bounds`, `tile_range`;
`label_points`, `parcel_identifiers`, `geohash_encode`, `geohash_bounds`. Coordinates are always (x, y) =
(easting, northing) or (longitude, latitude), whatever the order people write. What people type is read by
`layers.geo_typed`. Nothing here touches the database.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

import numpy as np
import shapely
from django.conf import settings
from pyproj import Transformer

WGS84 = 4326
WEB_MERCATOR = 3857
VN2000_GEOGRAPHIC = 4756
VN2000 = 9218  # TM-3 108°30′: the cadastral sheets of former Bình Thuận. Other datasets keep their own SRID.

# QĐ 05/2007/QĐ-BTNMT = EPSG:6960, written for `towgs84`, whose rotations have the opposite sign
# (position vector instead of coordinate frame). Signs left as published put everything 0.54 m off.
VN2000_TOWGS84 = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"


class OutOfRange(ValueError):
    """A coordinate, tile or box is not finite or lies outside what its system can hold."""


@dataclass(frozen=True)
class Zone:
    """A projected VN-2000 system. `central_meridian` in degrees; false easting 500,000 m, false northing 0."""

    srid: int
    name: str
    central_meridian: float
    scale: float = 0.9999


VN2000_ZONES: tuple[Zone, ...] = (
    Zone(3405, "VN-2000 / UTM zone 48N", 105, 0.9996),
    Zone(3406, "VN-2000 / UTM zone 49N", 111, 0.9996),
    Zone(5896, "VN-2000 / TM-3 zone 481", 102),
    Zone(5897, "VN-2000 / TM-3 zone 482", 105),
    Zone(5898, "VN-2000 / TM-3 zone 491", 108),
    Zone(5899, "VN-2000 / TM-3 107-45", 107.75),
    Zone(9205, "VN-2000 / TM-3 103-00", 103),
    Zone(9206, "VN-2000 / TM-3 104-00", 104),
    Zone(9207, "VN-2000 / TM-3 104-30", 104.5),
    Zone(9208, "VN-2000 / TM-3 104-45", 104.75),
    Zone(9209, "VN-2000 / TM-3 105-30", 105.5),
    Zone(9210, "VN-2000 / TM-3 105-45", 105.75),
    Zone(9211, "VN-2000 / TM-3 106-00", 106),
    Zone(9212, "VN-2000 / TM-3 106-15", 106.25),
    Zone(9213, "VN-2000 / TM-3 106-30", 106.5),
    Zone(9214, "VN-2000 / TM-3 107-00", 107),
    Zone(9215, "VN-2000 / TM-3 107-15", 107.25),
    Zone(9216, "VN-2000 / TM-3 107-30", 107.5),
    Zone(9217, "VN-2000 / TM-3 108-15", 108.25),
    Zone(9218, "VN-2000 / TM-3 108-30", 108.5),
)
ZONE_BY_SRID = {zone.srid: zone for zone in VN2000_ZONES}
ZONES_POSTGIS_LACKS = tuple(zone for zone in VN2000_ZONES if zone.srid >= 9205)  # true of PostGIS 3.3

MERCATOR_HALF_M = 20_037_508.342789244
MERCATOR_MAX_LATITUDE = 85.0511287798066
MAX_ZOOM = 22

# Where a coordinate may lie at all, per system: (min x, min y, max x, max y). VN-2000 boxes hold all of Viet Nam
# in any of its zones; UTM and TM-3 eastings never reach the northings, so swapped columns are certain to be seen.
_PLANAR_LIMITS = (0.0, 800_000.0, 1_000_000.0, 2_700_000.0)
_LIMITS = {
    WGS84: (-180.0, -90.0, 180.0, 90.0),
    VN2000_GEOGRAPHIC: (-180.0, -90.0, 180.0, 90.0),
    WEB_MERCATOR: (-MERCATOR_HALF_M, -MERCATOR_HALF_M, MERCATOR_HALF_M, MERCATOR_HALF_M),
    **{zone.srid: _PLANAR_LIMITS for zone in VN2000_ZONES},
}
PROVINCE_EXTENT_VN2000 = (379_031.0, 1_159_330.0, 551_191.0, 1_277_946.0)  # former Bình Thuận, EPSG:9218

LABEL_TOLERANCE_M = 0.1  # of polylabel, in an identifier; another tolerance gives another identifier
GEOHASH_LENGTH = 12
GEOHASH_PREFIXES = ("w3u", "w3v", "w6h", "w6j")  # every point of former Bình Thuận begins with one of these
_GEOHASH_ALPHABET = np.frombuffer(b"0123456789bcdefghjkmnpqrstuvwxyz", dtype=np.uint8)


# --- the province, as data/site.toml states it --------------------------------------------------------------------


def province_bounds() -> tuple[float, float, float, float]:
    """West, south, east, north of the province in degrees (WGS 84), from data/site.toml."""
    return tuple(settings.SITE["extent"]["wgs84"])


def province_view() -> tuple[float, float, float, float]:
    """What a visitor sees first: the mainland and the main island, without the farthest islets (WGS 84)."""
    return tuple(settings.SITE["view"]["wgs84"])


def province_name() -> str:
    return settings.SITE["province"]["name_vi"]


# --- transforms -------------------------------------------------------------------------------------------------

_local = threading.local()


def transform(x, y, source: int, target: int):
    """Move coordinates (floats or arrays, x = easting or longitude) from one SRID to another.

    VN-2000 ↔ WGS 84 goes by EPSG:6960 (±1 m by its own statement). Raises OutOfRange before PROJ sees nonsense:
    a coordinate of 1e18 would keep some readers busy for ever.
    """
    require_sane(x, y, source)
    return _transformer(source, target).transform(x, y)


def transform_geometry(geometry, source: int, target: int):
    """The shapely geometry (or array of them) in the target system, with its SRID set."""
    moved = shapely.transform(
        geometry, lambda c: np.column_stack(transform(c[:, 0], c[:, 1], source, target)), include_z=False
    )
    return shapely.set_srid(moved, target)


def _transformer(source: int, target: int) -> Transformer:
    """One per thread and pair: PROJ objects are not shared between threads."""
    cache = _local.__dict__.setdefault("transformers", {})
    if (source, target) not in cache:
        for srid in (source, target):
            if srid not in _LIMITS:
                raise OutOfRange(f"EPSG:{srid} is not one of the systems in use here.")
        cache[source, target] = Transformer.from_crs(source, target, always_xy=True)
    return cache[source, target]


def require_sane(x, y, srid: int) -> None:
    """Raise OutOfRange unless every coordinate is finite and within what the system can hold."""
    if srid not in _LIMITS:
        raise OutOfRange(f"EPSG:{srid} is not one of the systems in use here.")
    min_x, min_y, max_x, max_y = _LIMITS[srid]
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    inside = (x >= min_x) & (x <= max_x) & (y >= min_y) & (y <= max_y)  # false for NaN
    if not inside.all():
        raise OutOfRange(
            f"Coordinate outside EPSG:{srid}: x must lie in {min_x:g}…{max_x:g}, y in {min_y:g}…{max_y:g}."
        )


def require_sane_box(bounds: tuple[float, float, float, float], srid: int) -> None:
    """Raise OutOfRange unless (min x, min y, max x, max y) is sane and in order."""
    min_x, min_y, max_x, max_y = bounds
    require_sane([min_x, max_x], [min_y, max_y], srid)
    if min_x > max_x or min_y > max_y:
        raise OutOfRange("A box has its smaller corner first: min x, min y, max x, max y.")


def validity_fault(geometry) -> str | None:
    """Why a shapely geometry cannot be stored (GEOS' reason with the place), or None when it can."""
    if geometry is None or geometry.is_empty:
        return "Empty geometry"
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return "Coordinate not finite"
    return None if geometry.is_valid else shapely.is_valid_reason(geometry)


# --- rows for spatial_ref_sys -----------------------------------------------------------------------------------


def spatial_ref_sys_row(zone: Zone) -> tuple[int, str, int, str, str]:
    """(srid, auth_name, auth_srid, srtext, proj4text) in the words PostGIS uses for the zones it has."""
    meridian = f"{zone.central_meridian:g}"
    srtext = (
        f'PROJCS["{zone.name}",GEOGCS["VN-2000",DATUM["Vietnam_2000",'
        'SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
        f'TOWGS84[{VN2000_TOWGS84}],AUTHORITY["EPSG","6756"]],'
        'PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
        'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
        f'AUTHORITY["EPSG","{VN2000_GEOGRAPHIC}"]],PROJECTION["Transverse_Mercator"],'
        f'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{meridian}],'
        f'PARAMETER["scale_factor",{zone.scale:g}],PARAMETER["false_easting",500000],'
        'PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],'
        f'AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","{zone.srid}"]]'
    )
    proj4text = (
        f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k={zone.scale:g} +x_0=500000 +y_0=0 +ellps=WGS84 "
        f"+towgs84={VN2000_TOWGS84} +units=m +no_defs"
    )
    return zone.srid, "EPSG", zone.srid, srtext, proj4text


# --- tiles of WebMercatorQuad, in the order of OGC: z/row/col ----------------------------------------------------


@dataclass(frozen=True)
class TileRange:
    """Rows and columns at one zoom, both ends included."""

    z: int
    min_row: int
    max_row: int
    min_col: int
    max_col: int

    def __len__(self) -> int:
        return (self.max_row - self.min_row + 1) * (self.max_col - self.min_col + 1)

    def __contains__(self, row_col: tuple[int, int]) -> bool:
        row, col = row_col
        return self.min_row <= row <= self.max_row and self.min_col <= col <= self.max_col

    def __iter__(self):
        for row in range(self.min_row, self.max_row + 1):
            for col in range(self.min_col, self.max_col + 1):
                yield row, col


def require_tile(z: int, row: int, col: int) -> None:
    """Raise OutOfRange unless the tile exists."""
    if not 0 <= z <= MAX_ZOOM:
        raise OutOfRange(f"Zoom must lie in 0…{MAX_ZOOM}.")
    if not (0 <= row < 2**z and 0 <= col < 2**z):
        raise OutOfRange(f"At zoom {z} rows and columns run from 0 to {2**z - 1}.")


def tile_bounds(z: int, row: int, col: int, srid: int = WEB_MERCATOR) -> tuple[float, float, float, float]:
    """(min x, min y, max x, max y) of a tile, in EPSG:3857 or 4326."""
    require_tile(z, row, col)
    side = 2 * MERCATOR_HALF_M / 2**z
    min_x, max_y = -MERCATOR_HALF_M + col * side, MERCATOR_HALF_M - row * side
    box = (min_x, max_y - side, min_x + side, max_y)
    return box if srid == WEB_MERCATOR else _mercator_box_to_degrees(box)


def tile_range(bounds: tuple[float, float, float, float], z: int, srid: int = WGS84) -> TileRange:
    """The tiles that a box (EPSG:4326 or 3857) touches at one zoom."""
    require_sane_box(bounds, srid)
    require_tile(z, 0, 0)
    min_x, min_y, max_x, max_y = bounds if srid == WEB_MERCATOR else _degree_box_to_mercator(bounds)
    side, last = 2 * MERCATOR_HALF_M / 2**z, 2**z - 1
    return TileRange(
        z,
        min_row=_clamp(math.floor((MERCATOR_HALF_M - max_y) / side), last),
        max_row=_clamp(math.floor((MERCATOR_HALF_M - min_y) / side), last),
        min_col=_clamp(math.floor((min_x + MERCATOR_HALF_M) / side), last),
        max_col=_clamp(math.floor((max_x + MERCATOR_HALF_M) / side), last),
    )


def _clamp(number: int, last: int) -> int:
    return min(max(number, 0), last)


def _mercator_box_to_degrees(box):
    min_x, min_y, max_x, max_y = (value / MERCATOR_HALF_M * 180 for value in box)
    latitude = [math.degrees(2 * math.atan(math.exp(math.radians(y))) - math.pi / 2) for y in (min_y, max_y)]
    return min_x, latitude[0], max_x, latitude[1]


def _degree_box_to_mercator(box):
    min_lat, max_lat = (min(max(lat, -MERCATOR_MAX_LATITUDE), MERCATOR_MAX_LATITUDE) for lat in (box[1], box[3]))
    metres = MERCATOR_HALF_M / 180
    y = [math.degrees(math.log(math.tan(math.radians(45 + lat / 2)))) * metres for lat in (min_lat, max_lat)]
    return box[0] * metres, y[0], box[2] * metres, y[1]


# --- parcel identifiers (Thông tư 19/2026/TT-BNNMT, Appendix I) --------------------------------------------------


def label_points(polygons, tolerance_m: float = LABEL_TOLERANCE_M) -> np.ndarray:
    """Step 1: the point deepest inside each polygon (polylabel), as an (n, 2) array of (x, y).

    GEOS solves triangles and convex quadrilaterals exactly; the tolerance counts for all other shapes, and its
    cost grows fast for long narrow ones (a street: 0.1 ms at 1 m, 0.9 ms at 0.1 m, 4 ms at 0.01 m).
    """
    circles = shapely.maximum_inscribed_circle(np.atleast_1d(polygons), tolerance=tolerance_m)
    return shapely.get_coordinates(shapely.get_point(circles, 0))


def parcel_identifiers(polygons, srid: int = VN2000) -> np.ndarray:
    """A 12-character GeoHash for each polygon in a VN-2000 system, as an array of str.

    Use it to ISSUE an identifier, never to look one up: a moved vertex of 1 cm, another tolerance or another
    version of GEOS gives another code. What was issued is stored and stays.
    """
    points = label_points(polygons)
    longitude, latitude = transform(points[:, 0], points[:, 1], srid, WGS84)
    return geohash_encode(longitude, latitude)


def geohash_encode(longitude, latitude, length: int = GEOHASH_LENGTH) -> np.ndarray:
    """GeoHash of points in degrees (floats or arrays), as an array of str. `length` ≤ 12."""
    require_sane(longitude, latitude, WGS84)
    x = _thirty_bits(np.atleast_1d(np.asarray(longitude, dtype=float)), 180.0)
    y = _thirty_bits(np.atleast_1d(np.asarray(latitude, dtype=float)), 90.0)
    code = (_spread(x) << np.uint64(1)) | _spread(y)
    shifts = np.arange(55, 55 - 5 * length, -5, dtype=np.uint64)
    letters = _GEOHASH_ALPHABET[((code[:, None] >> shifts) & np.uint64(31)).astype(np.intp)]
    return np.ascontiguousarray(letters).view(f"S{length}").ravel().astype(f"U{length}")


def geohash_bounds(code: str) -> tuple[float, float, float, float]:
    """(min lon, min lat, max lon, max lat) of a cell. Raises ValueError for a letter that GeoHash has not."""
    alphabet = _GEOHASH_ALPHABET.tobytes().decode()
    box, even = [[-180.0, 180.0], [-90.0, 90.0]], 0
    for letter in code:
        bits = alphabet.index(letter)
        for bit in (16, 8, 4, 2, 1):
            middle = sum(box[even]) / 2
            box[even][0 if bits & bit else 1] = middle
            even ^= 1
    return box[0][0], box[1][0], box[0][1], box[1][1]


def _thirty_bits(degrees: np.ndarray, half: float) -> np.ndarray:
    cells = np.floor((degrees + half) / (2 * half) * 2**30)
    return np.minimum(cells, 2**30 - 1).astype(np.uint64)


def _spread(bits: np.ndarray) -> np.ndarray:
    """Put a zero between all bits (30 bits become 59), so that two numbers can be interleaved."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits
