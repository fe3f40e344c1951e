"""The cast's land with its land use and a plan, and Alice's address of each page."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import MultiPolygon

from layers import geo
from layers.collections.coverage.models import Coverage
from layers.collections.parcels.models import LandUse, Parcel
from layers.collections.planning_zones.models import PlanningZone
from tests.cast import given_land
from tests.factories import PHAN_THIET, given, rectangle

FIND, FIND_JSON = "/ban-lam-viec/thua-dat/", "/ban-lam-viec/thua-dat.json"
SHEET = "/ban-lam-viec/thua-dat/22915-2015/45/123/"  # MUI_NE
HAM_TIEN_SHEET = "/ban-lam-viec/thua-dat/22918-2015/1/1/"
PHUOC_HOI_SHEET = "/ban-lam-viec/thua-dat/23231-2015/7/8/"
PLAN, PLAN_JSON = f"{SHEET}quy-hoach/", f"{SHEET}quy-hoach.json"
EXTRACT = f"{SHEET}trich-luc/"
WHY_FORM = {"purpose": "dossier", "purpose_text": "Giải quyết hồ sơ tách thửa", "dossier_code": "H08.12-251120-0001"}


@pytest.fixture
def land(db):
    """The cast's parcels, one beside Mũi Né's, one that meets it at a corner, and a plan over a part of it."""
    given_land()
    east, north = PHAN_THIET
    given(LandUse)
    given(
        Parcel,
        {"key": "22915-2015-45-124", "parcel_no": 124, "geohash": "w3uy5vt93w88",
         "geom": rectangle(at=(east + 20, north))},
        {"key": "22915-2015-45-125", "parcel_no": 125, "geohash": "w3uy5vt93w89",
         "geom": rectangle(at=(east + 20, north + 50))},
    )  # fmt: skip
    given(Coverage, {"key": "checked", "layer": "planning_zones", "geom": square(at=(-500, -500))})
    given(
        PlanningZone,
        {"key": "zone-a", "plan_id": "plan-a", "geom": square(12.3, 60)},
        {"key": "zone-b", "plan_id": "plan-b", "geom": square(20, 17.77)},
    )


def square(width: float = 1000, height: float = 1000, at: tuple[float, float] = (0, 0)) -> MultiPolygon:
    """A rectangle in metres from the parcel's south-west corner."""
    corner = PHAN_THIET[0] + at[0], PHAN_THIET[1] + at[1]
    return MultiPolygon(rectangle(width, height, corner), srid=geo.VN2000)
