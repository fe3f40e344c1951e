"""Coordinate systems, tiles and identifiers against published control values; PostGIS and Python must agree."""

import importlib
import math
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from django.apps import apps
from django.db import connection
from pyproj import CRS
from pyproj.transformer import TransformerGroup

from layers import geo
from layers.geo_typed import Order, Written, parse_point

# easting, northing (EPSG:9218) → latitude, longitude by EPSG:6960, printed to 8 decimals (about 1 mm)
CONTROL = [
    (500000.0, 1200000.0, 10.85119596, 108.50178078),
    (456000.0, 1208000.0, 10.92326435, 108.09924030),
    (478000.0, 1209000.0, 10.93250307, 108.30050344),
    (420000.0, 1180000.0, 10.66951688, 107.77051398),
    (548000.0, 1164000.0, 10.52539704, 108.94034016),
]
PHAN_THIET = (456313.406, 1208622.921)
PHAN_THIET_IN = {5899: (538290.729, 1208616.225), 3406: (183026.487, 1209753.202)}
MM = 0.001
DEGREE_M = 111_195.0


def metres_apart(lon_a, lat_a, lon_b, lat_b) -> float:
    return math.hypot((lon_a - lon_b) * DEGREE_M * math.cos(math.radians(lat_a)), (lat_a - lat_b) * DEGREE_M)


def postgis_transform(x, y, source, target):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), %s), %s) p",
            [x, y, source, target],
        )
        return cursor.fetchone()


# --- transforms ---


@pytest.mark.parametrize(("east", "north", "lat", "lon"), CONTROL)
def test_python_meets_the_control_values_to_a_millimetre(east, north, lat, lon):
    longitude, latitude = geo.transform(east, north, geo.VN2000, geo.WGS84)
    assert metres_apart(longitude, latitude, lon, lat) <= MM


@pytest.mark.django_db
@pytest.mark.parametrize(("east", "north", "lat", "lon"), CONTROL)
def test_postgis_meets_the_control_values_to_a_millimetre(east, north, lat, lon):
    longitude, latitude = postgis_transform(east, north, geo.VN2000, geo.WGS84)
    assert metres_apart(longitude, latitude, lon, lat) <= MM


@pytest.mark.django_db
@pytest.mark.parametrize(("srid", "expected"), PHAN_THIET_IN.items())
def test_zones_agree_with_each_other(srid, expected):
    assert geo.transform(*PHAN_THIET, geo.VN2000, srid) == pytest.approx(expected, abs=MM)
    assert postgis_transform(*PHAN_THIET, geo.VN2000, srid) == pytest.approx(expected, abs=MM)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", geo.VN2000_ZONES, ids=lambda zone: str(zone.srid))
def test_every_zone_is_the_same_in_postgis_and_python(zone):
    east, north = 480_000.0, 1_250_000.0
    here = geo.transform(east, north, zone.srid, geo.WGS84)
    there = postgis_transform(east, north, zone.srid, geo.WGS84)
    assert metres_apart(*here, *there) <= MM
    assert geo.transform(*here, geo.WGS84, zone.srid) == pytest.approx((east, north), abs=MM)


def test_proj_takes_the_official_parameters_by_default():
    best = TransformerGroup(geo.VN2000, geo.WGS84, always_xy=True).transformers[0]
    assert "VN-2000 to WGS 84 (2)" in best.description


def test_the_shift_is_neither_ignored_nor_turned_round():
    east, north, lat, lon = CONTROL[0]
    bare = geo.transform(east, north, geo.VN2000, geo.VN2000_GEOGRAPHIC)
    assert metres_apart(*bare, lon, lat) == pytest.approx(225.5, abs=1)


@pytest.mark.parametrize("zone", geo.VN2000_ZONES, ids=lambda zone: str(zone.srid))
def test_the_zone_table_is_that_of_the_register(zone):
    crs = CRS.from_epsg(zone.srid)
    parameters = [parameter.value for parameter in crs.coordinate_operation.params]
    assert crs.name == zone.name
    assert parameters == [0, zone.central_meridian, zone.scale, 500_000, 0]


# --- the rows that PostGIS lacks ---


def row_counts() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM spatial_ref_sys WHERE srid BETWEEN 9205 AND 9218")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_migration_can_be_repeated_and_keeps_zones_in_use():
    migration = importlib.import_module("layers.migrations.0001_vn2000")
    editor = SimpleNamespace(connection=connection)
    migration.add_zones(apps, editor)
    assert row_counts() == 14
    migration.remove_zones(apps, editor)
    assert row_counts() == 1  # 9218 is the system of parcels
    migration.add_zones(apps, editor)
    assert row_counts() == 14


@pytest.mark.django_db
@pytest.mark.parametrize("zone", geo.ZONES_POSTGIS_LACKS, ids=lambda zone: str(zone.srid))
def test_the_written_definitions_alone_give_the_same_place(zone):
    """PostGIS asks PROJ for EPSG:9218 first; where PROJ does not know it, srtext and proj4text must do."""
    _, _, _, srtext, proj4text = geo.spatial_ref_sys_row(zone)
    east, north = 480_000.0, 1_250_000.0
    expected = geo.transform(east, north, zone.srid, geo.WGS84)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) "
            "VALUES (%s, NULL, NULL, %s, ''), (%s, NULL, NULL, '', %s)",
            [900_000 + zone.srid, srtext, 950_000 + zone.srid, proj4text],  # PostGIS remembers a number it has met
        )
    for srid in (900_000 + zone.srid, 950_000 + zone.srid):
        assert metres_apart(*postgis_transform(east, north, srid, geo.WGS84), *expected) <= MM


# --- bounds ---


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e18, 1e300])
@pytest.mark.parametrize("srid", [geo.WGS84, geo.WEB_MERCATOR, geo.VN2000])
def test_nonsense_is_refused_before_any_transform(value, srid):
    with pytest.raises(geo.OutOfRange):
        geo.transform(value, 1.0, srid, geo.WGS84)
    with pytest.raises(geo.OutOfRange):
        geo.tile_range((value, 0, value, 0), 5)


def test_a_box_has_its_smaller_corner_first():
    geo.require_sane_box((108, 10, 109, 11), geo.WGS84)
    with pytest.raises(geo.OutOfRange):
        geo.require_sane_box((109, 10, 108, 11), geo.WGS84)


def test_an_unknown_system_is_refused():
    with pytest.raises(geo.OutOfRange):
        geo.transform(1.0, 1.0, 2000, geo.WGS84)


def test_validity_is_told_with_its_place():
    bow = shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))")
    assert "0.5 0.5" in geo.validity_fault(bow)
    assert geo.validity_fault(shapely.box(0, 0, 1, 1)) is None
    assert geo.validity_fault(shapely.from_wkt("POLYGON EMPTY"))
    assert geo.validity_fault(None)


def test_a_parcel_has_its_planar_area_in_vn2000():
    assert shapely.box(456000, 1208000, 456020, 1208050).area == 1000.0


# --- tiles ---


@pytest.mark.django_db
@pytest.mark.parametrize(("z", "row", "col"), [(0, 0, 0), (5, 14, 25), (14, 7690, 13110), (22, 1968640, 3356160)])
def test_tile_bounds_are_those_of_postgis(z, row, col):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM ST_TileEnvelope(%s, %s, %s) e", [z, col, row]
        )
        assert geo.tile_bounds(z, row, col) == pytest.approx(cursor.fetchone(), abs=1e-6)


def test_a_tile_s_own_middle_lies_in_it_alone():
    min_x, min_y, max_x, max_y = geo.tile_bounds(14, 7690, 13110, geo.WGS84)
    x, y = (min_x + max_x) / 2, (min_y + max_y) / 2
    tiles = geo.tile_range((x, y, x, y), 14)
    assert list(tiles) == [(7690, 13110)]
    assert (7690, 13110) in tiles and (7690, 13111) not in tiles


def test_the_whole_world_is_all_tiles():
    assert len(geo.tile_range((-180, -90, 180, 90), 3)) == 64


@pytest.mark.parametrize(("z", "row", "col"), [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, -1)])
def test_tiles_that_do_not_exist_are_refused(z, row, col):
    with pytest.raises(geo.OutOfRange):
        geo.tile_bounds(z, row, col)


# --- identifiers ---

IDENTIFIERS = [
    (500000.0, 1200000.0, "w3vjtp2sf9x9"),
    (*PHAN_THIET, "w3uy5vt93w85"),
    (420000.0, 1180000.0, "w3ussqk46ype"),
    (548000.0, 1164000.0, "w3v7yupfvujn"),
]


@pytest.mark.parametrize(("east", "north", "code"), IDENTIFIERS)
def test_identifiers_meet_the_control_values(east, north, code):
    square = shapely.box(east - 5, north - 5, east + 5, north + 5)
    assert geo.parcel_identifiers(square).tolist() == [code]
    assert code.startswith(geo.GEOHASH_PREFIXES)
    min_lon, min_lat, max_lon, max_lat = geo.geohash_bounds(code)
    lon, lat = geo.transform(east, north, geo.VN2000, geo.WGS84)
    assert min_lon <= lon <= max_lon and min_lat <= lat <= max_lat


@pytest.mark.django_db
def test_geohashes_are_those_of_postgis():
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(-180, 180, 200), rng.uniform(-90, 90, 200)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_GeoHash(ST_SetSRID(ST_MakePoint(x, y), 4326), 12) FROM unnest(%s, %s) AS t (x, y)",
            [lon.tolist(), lat.tolist()],
        )
        assert geo.geohash_encode(lon, lat).tolist() == [code for (code,) in cursor.fetchall()]


def test_the_label_lies_deep_inside_whatever_the_shape():
    corner = shapely.from_wkt("POLYGON ((0 0, 40 0, 40 10, 10 10, 10 40, 0 40, 0 0))")
    holed = shapely.box(0, 0, 30, 30).difference(shapely.box(5, 5, 29, 29))
    for shape in (corner, holed):
        ((x, y),) = geo.label_points(shape)
        assert shape.contains(shapely.Point(x, y))
    ((x, y),) = geo.label_points(corner)
    best = 10 * math.sqrt(2) / (1 + math.sqrt(2))  # in the corner, between two walls and the notch
    assert best - geo.LABEL_TOLERANCE_M <= shapely.Point(x, y).distance(corner.boundary) <= best + MM


# --- what people type ---


@pytest.mark.parametrize(
    ("text", "written", "order"),
    [
        ("10.93,108.1", Written.DECIMAL, Order.LAT_LON),
        ("10.93, 108.1", Written.DECIMAL, Order.LAT_LON),
        ("10,93 108,1", Written.DECIMAL, Order.LAT_LON),
        ("108.1 10.93", Written.DECIMAL, Order.LON_LAT),
        ("N10.93 E108.1", Written.DECIMAL, Order.LAT_LON),
        ("10°55'48\"N 108°6'E", Written.DMS, Order.LAT_LON),
        ("10°55′48″B, 108°6′Đ", Written.DMS, Order.LAT_LON),
        ("108°6'E 10°55'48\"N", Written.DMS, Order.LON_LAT),
        ("1208745 456084", Written.VN2000, Order.NORTH_EAST),
        ("456084 1208745", Written.VN2000, Order.EAST_NORTH),
        ("X=1208745,00 Y=456084,00", Written.VN2000, Order.NORTH_EAST),
        ("1.208.745,0; 456.084,0", Written.VN2000, Order.NORTH_EAST),
        ("https://www.google.com/maps/place/A/@10.0,107.0,15z/data=!3m1!3d10.93!4d108.1", Written.URL, Order.LAT_LON),
        ("https://maps.google.com/?q=10.93%2C108.1", Written.URL, Order.LAT_LON),
        ("https://www.openstreetmap.org/#map=15/10.93/108.1", Written.URL, Order.LAT_LON),
        ("https://www.openstreetmap.org/?mlat=10.93&mlon=108.1#map=9/1.0/2.0", Written.URL, Order.LAT_LON),
        ("geo:10.93,108.1", Written.URL, Order.LAT_LON),
    ],
)
def test_typed_coordinates_name_one_place(text, written, order):
    point = parse_point(text)
    assert (point.written, point.order) == (written, order)
    assert metres_apart(point.longitude, point.latitude, 108.1, 10.93) < 0.2
    assert point.in_province


@pytest.mark.parametrize(
    "text",
    [
        "", "mũi né", "45/123", "45 123", "45/123 hàm tiến", "1.012784", "12 1.012784", "10.93", "10,93,108,1",
        "1e400 3",
        "nan nan", "200.5 300.1", "99999999 99999999", "456084 456084", "10°75'N 108°E", "10°N 11°N", "https://example.vn/",
        "9" * 5000,
    ],
)  # fmt: skip
def test_other_texts_are_no_coordinates(text):
    assert parse_point(text) is None


def test_a_point_elsewhere_is_known_to_be_elsewhere():
    assert not parse_point("48.8584, 2.2945").in_province
    assert not parse_point("2322000 590000").in_province
    assert parse_point("33°52'S 151°12'E").latitude < 0


def test_the_zone_of_typed_vn2000_can_be_another():
    point = parse_point("1208616.225 538290.729", srid=5899)
    east, north = geo.transform(point.longitude, point.latitude, geo.WGS84, geo.VN2000)
    assert (east, north) == pytest.approx(PHAN_THIET, abs=MM)
