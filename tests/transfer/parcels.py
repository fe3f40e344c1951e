"""Parcels to be written out: the cast's, one with a hole, one retired, one with hostile texts."""

from __future__ import annotations

from datetime import UTC, datetime

import shapely
from django.contrib.gis.geos import GEOSGeometry

from layers import geo
from layers.access.reader import Reader, Territory
from layers.access.roles import Role
from layers.collections.parcels.models import Parcel
from layers.reading.statement import About
from tests.cast import HAM_TIEN, MUI_NE, given_land
from tests.factories import PHAN_THIET, given

FIELD, OLD, HOSTILE = "22915-2015-45-200", "22915-2015-45-201", "22915-2015-45-202"
KEYS = (HOSTILE, MUI_NE, FIELD, OLD, HAM_TIEN)  # in no order of the tables
FORMULA = '=HYPERLINK("https://evil.example";"Bấm đây")'
EAST, NORTH = PHAN_THIET
ABOUT = About("Đất ở chưa cấp giấy", "Xã: Mũi Né; Loại đất: ODT, <b>NTS</b>", datetime(2026, 11, 25, 2, 30, tzinfo=UTC),
              "https://ban-do.example/ban-lam-viec/chon/7/")  # fmt: skip

OFFICER = Reader("can-bo-mau", staff=True, role=Role.OFFICER, territory=Territory(whole=True))


def field_with_pond() -> shapely.Polygon:
    """Corners with all the digits a surveyed coordinate may have."""
    outline = [(0.123456, 100.000001), (60.9876543, 100.25), (61.5, 149.3333333), (30.1, 161.7), (-0.75, 150.0)]
    pond = [(20.5, 120.25), (20.5, 130.125), (31.0625, 130.0), (31.0, 120.3)]
    return shapely.Polygon(*([(EAST + x, NORTH + y) for x, y in ring] for ring in (outline,)),
                           [[(EAST + x, NORTH + y) for x, y in pond]])  # fmt: skip


def placed(west: float, south: float) -> GEOSGeometry:
    return stored(shapely.box(EAST + west, NORTH + south, EAST + west + 11.11, NORTH + south + 22.22))


def stored(polygon: shapely.Polygon) -> GEOSGeometry:
    return GEOSGeometry(memoryview(polygon.wkb), srid=geo.VN2000)


def given_parcels() -> None:
    given_land()
    given(
        Parcel,
        {"key": FIELD, "parcel_no": 200, "geohash": "w3uy5vt93x01", "geom": stored(field_with_pond()),
         "survey_area_m2": 3071.123456789, "legal_area_m2": 1234567890.5, "certificate": None,
         "land_use_now": "NTS", "land_use_legal": None, "land_use_before": "LUC"},
        {"key": OLD, "parcel_no": 201, "geohash": "w3uy5vt93x02", "geom": placed(-30, 0), "status": "retired",
         "legal_area_m2": None, "certificate": "none"},
        {"key": HOSTILE, "parcel_no": 202, "geohash": "w3uy5vt93x03", "geom": placed(-60, 0),
         "land_use_now": FORMULA, "land_use_before": "-1+1", "land_use_legal": "<img src=x onerror=alert(1)>",
         "synthetic": False},
    )  # fmt: skip
