"""A small province that every page can be asked about."""

from datetime import date

import pytest
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from layers import geo
from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area, Succession
from layers.collections.coverage.models import Coverage
from layers.collections.parcels.models import LandUse, Parcel, Party, Right
from layers.collections.planning_zones.models import PlanningZone
from layers.collections.tourism_sites.models import TourismSite
from layers.editing.publish import publish
from layers.transfer.rule_book import procedure_batches
from tests.factories import FIRST_LIST, REFORM, changeset, given, rectangle

OLD = {"valid_from": FIRST_LIST, "valid_to": REFORM, "ended_by": "1671/NQ-UBTVQH15"}


def area(key: str, name: str, kind: str = "Phường", **more: object) -> dict[str, object]:
    code, _, _ = key.partition("-")
    level = {"Tỉnh": "province", "Thành phố": "district"}.get(kind, "commune")
    english = {"Phường": "Ward", "Xã": "Commune", "Tỉnh": "Province", "Thành phố": "City"}[kind]
    return {"key": key, "code": code, "level": level, "type_vi": kind, "type_en": english, "name_vi": name,
            "name_en": f"{name} {english}", "full_name_vi": f"{kind} {name}", **more}  # fmt: skip


@pytest.fixture
def province(db):
    """Two wards of 2015 that became one of today with the code of one of them; a split commune; sites and offices."""
    box = MultiPolygon(Polygon.from_bbox((108.19, 10.90, 108.30, 11.05)), srid=geo.WGS84)
    given(
        Area,
        area("60-2015", "Bình Thuận", "Tỉnh", **OLD, geom=None),
        area("68-2025", "Lâm Đồng", "Tỉnh", geom=None),
        area("593-2015", "Phan Thiết", "Thành phố", parent_key="60-2015", **OLD, geom=None),
        area("22915-2015", "Mũi Né", parent_key="593-2015", **OLD, geom=box),
        area("22918-2015", "Hàm Tiến", parent_key="593-2015", **OLD, geom=box),
        area("22918-2025", "Mũi Né", parent_key="68-2025"),
        area("23053-2015", "Hòa Thắng", "Xã", **OLD, geom=None),
        area("23053-2025", "Hòa Thắng", "Xã", parent_key="68-2025", geom=None),
        area("23041-2025", "Hồng Thái", "Xã", parent_key="68-2025", geom=None),
    )
    given(
        Succession,
        {"from_key": "22915-2015", "to_key": "22918-2025", "resolution": "1671/NQ-UBTVQH15"},
        {"from_key": "22918-2015", "to_key": "22918-2025", "resolution": "1671/NQ-UBTVQH15"},
        {"from_key": "23053-2015", "to_key": "23053-2025", "kind": "split", "share": None},
        {"from_key": "23053-2015", "to_key": "23041-2025", "kind": "split", "share": None},
        {"from_key": "593-2015", "to_key": None, "kind": "abolish", "share": None},
        {"from_key": "60-2015", "to_key": "68-2025"},
    )
    here = {"area_2025_code": "22918", "commune_2015_key": "22918-2015"}
    given(
        TourismSite,
        here | {"source": "<b>list</b>"},
        here | {"key": "bai-rang", "name_vi": "Bãi Rạng", "name_en": "Rang Beach", "category": "beach",
                "position_status": "memory", "geom": Point(108.29, 10.945, srid=geo.WGS84),
                "opening_hours": "07:00–17:00", "ticket": "99999 VND", "practical_status": "unverified"},
        {"key": "noi-nao", "name_vi": "Đâu Đó", "name_en": "Somewhere", "category": "craft", "geom": None},
    )  # fmt: skip
    given(
        Agency,
        {"area_key": "68-2025"},
        {"key": "bt-593-ubnd", "code": "BT-593-UBND", "name_vi": "Ủy ban nhân dân thành phố Phan Thiết",
         "name_en": "People's Committee of Phan Thiet", "kind": "people_committee", "level": "district",
         "area_key": "593-2015", "valid_from": None, "valid_to": REFORM, "status": "memory", "source": "memory"},
        {"key": "bt-ubnd", "code": "BT-UBND", "name_vi": "Ủy ban nhân dân tỉnh Bình Thuận",
         "name_en": "People's Committee of Binh Thuan", "kind": "people_committee", "area_key": "60-2015",
         "valid_from": None, "valid_to": REFORM},
        {"key": "ld-ubnd", "code": "LD-UBND", "name_vi": "Ủy ban nhân dân tỉnh Lâm Đồng",
         "name_en": "People's Committee of Lam Dong", "kind": "people_committee", "area_key": "68-2025",
         "website": "https://lamdong.gov.vn", "website_status": "unverified",
         "geom": Point(108.44, 11.94, srid=geo.WGS84)},
    )  # fmt: skip
    given(
        Parcel,
        {"land_use_before": "CLN", "legal_area_m2": 990.0},
        {"key": "22915-2015-45-124", "parcel_no": 124, "geohash": "w3uy5vt93w86", "status": "retired",
         "valid_to": date(2026, 3, 1), "geom": rectangle(20, 50, (456413.0, 1208622.0))},
        {"key": "22915-2015-45-125", "parcel_no": 125, "geohash": "w3uy5vt93w87", "legal_area_m2": None,
         "certificate": None, "geom": rectangle(10, 50, (456413.0, 1208622.0))},
    )  # fmt: skip
    given(LandUse, {}, {"code": "CLN", "name_vi": "Đất trồng cây lâu năm", "name_en": "Perennial crops"})
    for model in (Party, Right, PlanningZone, Coverage):
        given(model)


@pytest.fixture
def catalogue(province):
    """The procedures and rules of the project."""
    publish(changeset("Catalogue"), procedure_batches(settings.DATA_DIR))
