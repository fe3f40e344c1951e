"""Rows for tests. They go through the same door as everything: `editing.publish`."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from layers import geo
from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area, Succession
from layers.collections.base import Versioned
from layers.collections.coverage.models import Coverage
from layers.collections.documents.models import Document, ParcelDocument
from layers.collections.parcels.models import LandUse, Parcel, ParcelLineage, Party, Right
from layers.collections.planning_zones.models import PlanningZone
from layers.collections.tourism_sites.models import TourismSite
from layers.editing.models import Changeset
from layers.editing.publish import Batch, Counts, publish

REFORM = date(2025, 7, 1)
FIRST_LIST = date(2015, 5, 16)
PHAN_THIET = (456313.0, 1208622.0)  # E, N in EPSG:9218

DEFAULTS: dict[type[Versioned], dict[str, object]] = {
    TourismSite: {
        "key": "doi-cat-do",
        "number": 1,
        "name_vi": "Đồi Cát Đỏ",
        "name_en": "Red Sand Dunes",
        "category": "natural",
        "subcategory": "dunes",
        "position_status": "located",
        "source": "test",
        "geom": Point(108.29635, 10.949296, srid=geo.WGS84),
    },
    Agency: {
        "key": "ld-snnmt",
        "code": "LD-SNNMT",
        "name_vi": "Sở Nông nghiệp và Môi trường tỉnh Lâm Đồng",
        "name_en": "Department of Agriculture and Environment",
        "kind": "department",
        "level": "province",
        "valid_from": REFORM,
        "status": "verified",
        "source": "test",
        "geom": None,
    },
    Area: {
        "key": "22918-2025",
        "code": "22918",
        "level": "commune",
        "type_vi": "Phường",
        "type_en": "Ward",
        "name_vi": "Mũi Né",
        "name_en": "Mui Ne Ward",
        "full_name_vi": "Phường Mũi Né",
        "valid_from": REFORM,
        "approximate": True,
        "source": "test",
        "geom": MultiPolygon(Polygon.from_bbox((108.19, 10.90, 108.36, 11.05)), srid=geo.WGS84),
    },
    Succession: {
        "from_key": "22915-2015",
        "to_key": "22918-2025",
        "effective": REFORM,
        "kind": "merge",
        "share": 1.0,
        "source": "test",
    },
    Parcel: {
        "key": "22915-2015-45-123",
        "area_key": "22915-2015",
        "sheet_no": 45,
        "parcel_no": 123,
        "geohash": "w3uy5vt93w85",
        "legal_area_m2": 1000.0,
        "survey_area_m2": 1000.0,
        "land_use_now": "ODT",
        "land_use_legal": "ODT",
        "certificate": "issued",
        "status": "active",
        "synthetic": True,
    },
    ParcelLineage: {
        "parent_key": "22915-2015-45-100",
        "child_key": "22915-2015-45-123",
        "kind": "split",
        "effective": date(2019, 5, 12),
        "synthetic": True,
    },
    Document: {
        "key": "qd-1",
        "kind": "decision",
        "number": "MẪU-001/QĐ",
        "title_vi": "Quyết định mẫu về việc tách thửa",
        "issued_on": date(2019, 5, 10),
        "issued_by": "Cơ quan mẫu",
        "archive_ref": "MẪU-001/HS",
        "synthetic": True,
    },
    ParcelDocument: {"parcel_key": "22915-2015-45-123", "document_key": "qd-1", "did": "created", "synthetic": True},
    Party: {"key": "p1", "name": "Trần Văn Mẫu Thử", "kind": "person", "identity_no": "000-MAU", "synthetic": True},
    Right: {"key": "r1", "parcel_key": "22915-2015-45-123", "party_key": "p1", "kind": "use",
            "share_numerator": 1, "share_denominator": 1},
    LandUse: {"code": "ODT", "name_vi": "Đất ở tại đô thị", "name_en": "Urban residential land", "group": "PNN",
              "is_group": False, "in_2018_list": True, "in_2024_list": True, "color_hex": "#FFA0FF", "source": "test"},
    PlanningZone: {
        "key": "zone-1",
        "theme": "land_use_plan",
        "name_vi": "Khu dân cư mẫu",
        "name_en": "Sample residential zone",
        "code_land_use": "ODT",
        "plan_name": "Quy hoạch mẫu",
        "decision_no": "MẪU-01/QĐ",
        "status": "in_force",
        "synthetic": True,
    },
    Coverage: {
        "key": "coverage-parcels",
        "layer": "parcels",
        "name_vi": "Phạm vi thửa đất",
        "name_en": "Extent of parcels",
        "checked_on": date(2026, 11, 1),
        "checked_by": "test",
        "quality": "authoritative",
        "synthetic": True,
    },
}  # fmt: skip


def rectangle(width: float = 20, height: float = 50, at: tuple[float, float] = PHAN_THIET) -> Polygon:
    """A rectangle in EPSG:9218 with its south-west corner at `at`; sides in metres."""
    east, north = at
    polygon = Polygon.from_bbox((east, north, east + width, north + height))
    polygon.srid = geo.VN2000
    return polygon


def rows(model: type[Versioned], *changes: dict[str, object]) -> Batch:
    """A batch of rows: the defaults of the model with each dict's changes."""
    shapes = {Parcel: rectangle(), PlanningZone: MultiPolygon(rectangle(200, 200), srid=geo.VN2000),
              Coverage: MultiPolygon(rectangle(2000, 2000), srid=geo.VN2000)}  # fmt: skip
    base = ({"geom": shapes[model]} if model in shapes else {}) | DEFAULTS[model]
    full = [base | change for change in changes or ({},)]
    columns = sorted({name for row in full for name in row})
    return Batch.of(model, columns, [[row.get(name) for name in columns] for row in full])


def given(model: type[Versioned], *changes: dict[str, object]) -> Counts:
    """Publish rows of one table and return its counts."""
    return publish(changeset(), [rows(model, *changes)])[model._meta.model_name]


def changeset(title: str = "Rows of a test") -> Changeset:
    return Changeset(title=title, reason="a test needs them", kind="load", actor_name="test")
