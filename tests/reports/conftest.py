"""A parcel on its ground, and zones of plans beside and over it. Metres from the parcel's south-west corner."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from layers import geo
from layers.access.reader import PUBLIC
from layers.collections.coverage.models import Coverage
from layers.collections.parcels.models import Parcel
from layers.collections.planning_zones.models import PlanningZone
from layers.collections.planning_zones.themes import THEMES, Theme
from layers.reports.fact_sheet import FactSheet, ThemeSheet, fact_sheet
from tests.factories import PHAN_THIET, given, rectangle

KEY = "22915-2015-45-123"
DAY = date(2026, 11, 24)
PLAN = THEMES[0]


def box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    polygon = rectangle(east - west, north - south, (PHAN_THIET[0] + west, PHAN_THIET[1] + south))
    return MultiPolygon(polygon, srid=geo.VN2000)


def shape(geometry) -> GEOSGeometry:
    """A shapely geometry in EPSG:9218 as Django wants it; single polygons become multipolygons."""
    found = GEOSGeometry(memoryview(geometry.wkb), srid=geo.VN2000)
    return found if found.geom_type == "MultiPolygon" else MultiPolygon(found, srid=geo.VN2000)


def given_zones(*changes: dict) -> None:
    plain = [{"key": f"zone-{n}", "plan_id": "plan-1"} | change for n, change in enumerate(changes)]
    given(PlanningZone, *plain)


def sheet(key: str = KEY, on: date = DAY, themes: tuple[Theme, ...] = THEMES, **more) -> FactSheet:
    return fact_sheet(key, on, PUBLIC, themes=themes, **more)


def theme(found: FactSheet, name: str = "land_use_plan") -> ThemeSheet:
    return next(each for each in found.themes if each.id == name)


@pytest.fixture
def parcel(db):
    """20 × 50 m, checked for the land-use plan only."""
    given(Parcel)
    given(Coverage, {"key": "checked", "layer": "planning_zones", "geom": box(-500, -500, 500, 500)})
    return KEY
