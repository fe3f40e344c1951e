"""A square of parcels 20 × 50 m: three in Mũi Né, one in Hàm Tiến beside them, one far away in La Gi, and a zone."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import MultiPolygon

from layers import geo
from layers.collections.parcels.models import LandUse, Parcel
from layers.collections.planning_zones.models import PlanningZone
from tests.cast import given_land
from tests.factories import PHAN_THIET, given, rectangle

SECOND, THIRD, RETIRED = "22915-2015-45-124", "22915-2015-45-125", "22915-2015-45-99"


@pytest.fixture
def land(db):
    """MUI_NE (ODT, 1000 m²); SECOND east of it (LUC, 500); THIRD north of SECOND (LUC, 1500); RETIRED on MUI_NE."""
    east, north = PHAN_THIET
    given_land()
    given(LandUse, {}, {"code": "LUC", "name_vi": "Đất chuyên trồng lúa", "name_en": "Rice land"})
    given(
        Parcel,
        _parcel(124, "w3uy5vt93w88", (20, 0), land_use_now="LUC", survey_area_m2=500.0),
        _parcel(125, "w3uy5vt93w89", (20, 50), land_use_now="LUC", survey_area_m2=1500.0, legal_area_m2=None),
        _parcel(99, "w3uy5vt93w90", (0, 0), status="retired"),
    )
    zone = rectangle(30, 20, at=(east, north))
    given(PlanningZone, {"key": "zone-a", "code_land_use": "DGT", "geom": MultiPolygon(zone, srid=geo.VN2000)})


def _parcel(number: int, geohash: str, at: tuple[float, float], **fields: object) -> dict[str, object]:
    place = (PHAN_THIET[0] + at[0], PHAN_THIET[1] + at[1])
    return {"key": f"22915-2015-45-{number}", "parcel_no": number, "geohash": geohash, "geom": rectangle(at=place),
            **fields}  # fmt: skip
