from layers.collections.base import Collection, Derived, Field, Kind
from layers.collections.parcels.models import Parcel
from layers.collections.validity import valid_sql

CERTIFICATES = (("issued", "Đã cấp", "Issued"), ("none", "Chưa cấp", "Not issued"))
STATUSES = (("active", "Hiện hành", "Active"), ("retired", "Đã hủy số", "Retired"))

# A unit of any time: a sheet keeps the commune it was made in, so the units named and all that went into them or lay
# in them (a district) are asked.
_IN_UNIT = (
    "t.area_key IN (WITH RECURSIVE within(key) AS (SELECT unnest(%(values)s::text[]) "
    "UNION SELECT x.key FROM within w CROSS JOIN LATERAL ("
    "SELECT s.from_key AS key FROM layers_succession s WHERE s.to_key = w.key "
    "UNION ALL SELECT a.key FROM layers_area a WHERE a.parent_key = w.key) x) SELECT key FROM within)"
)
# Values are `theme:code` or `theme:`, any code. Ground is shared, not only a boundary.
_IN_ZONE = (
    "EXISTS (SELECT FROM layers_planning_zone z WHERE z.geom && t.geom "
    "AND (z.theme || ':' || z.code_land_use = ANY(%(values)s) OR z.theme || ':' = ANY(%(values)s)) "
    f"AND {valid_sql('z')} AND ST_Intersects(z.geom, t.geom) AND NOT ST_Touches(z.geom, t.geom))"
)

# What everybody may see is a judgement on Luật Đất đai 2024 Điều 24 and NĐ 101/2024 Điều 61: number, area and land
# type, never the user of the land. Names live in the tables of parties and rights, which no collection reads.
PARCELS = Collection(
    id="parcels",
    model=Parcel,
    title_vi="Thửa đất (dữ liệu tổng hợp)",
    title_en="Land parcels (synthetic)",
    description_vi="Thửa đất giả lập để thử nghiệm, không phải hồ sơ địa chính thật.",
    description_en="Invented parcels for trying the system; not real cadastral records.",
    geometry="polygon",
    zooms=(14, 16),
    source="parcels",
    synthetic=True,
    label_zoom=15,
    label_sql="t.sheet_no || '/' || t.parcel_no",
    area_precision=8,
    derived=(
        Derived("unit", "Xã, phường (trước hay nay)", "Commune (then or now)", _IN_UNIT),
        Derived("planning_zone", "Vùng quy hoạch đang hiệu lực", "Plan zone in force", _IN_ZONE),
    ),
    drawn_sql="(t.status = 'active' OR t.valid_to IS NOT NULL)",  # retired on an unknown day: on no map of any day
    fields=(
        Field("area_key", "Xã, phường khi lập bản đồ", "Commune when the sheet was made", filterable=True),
        Field("sheet_no", "Tờ bản đồ số", "Sheet number", Kind.INTEGER, filterable=True),
        Field("parcel_no", "Thửa đất số", "Parcel number", Kind.INTEGER, filterable=True),
        Field("geohash", "Mã thửa đất", "Parcel identifier", filterable=True),
        Field("legal_area_m2", "Diện tích pháp lý", "Legal area", Kind.NUMBER, unit="m²"),
        Field("survey_area_m2", "Diện tích đo đạc", "Surveyed area", Kind.NUMBER, unit="m²"),
        Field("land_use_now", "Hiện trạng", "Land use now", filterable=True, in_tiles=True),
        Field("land_use_legal", "Loại đất trên giấy", "Legal land use", filterable=True),
        Field("land_use_before", "Loại đất trước đó", "Land use before"),
        Field("certificate", "Giấy chứng nhận", "Certificate", filterable=True, choices=CERTIFICATES),
        Field("status", "Trạng thái", "Status", filterable=True, choices=STATUSES),
        Field("sheet_scale", "Tỷ lệ tờ bản đồ (mẫu số)", "Scale of the sheet (denominator)", Kind.INTEGER),
        Field("synthetic", "Dữ liệu tổng hợp", "Synthetic", Kind.BOOLEAN),
    ),
)
