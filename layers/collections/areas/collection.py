from layers.collections.areas.models import Area
from layers.collections.base import Collection, Field, Kind

LEVELS = (
    ("province", "Tỉnh", "Province"),
    ("district", "Cấp huyện", "District"),
    ("commune", "Cấp xã", "Commune"),
)

AREAS = Collection(
    id="areas",
    model=Area,
    title_vi="Đơn vị hành chính",
    title_en="Administrative areas",
    description_vi="Tỉnh, huyện, xã, phường từ năm 2015 đến nay. Ranh giới gần đúng, tính từ vị trí các xã.",
    description_en="Province, districts and communes since 2015. Outlines are approximate, computed from positions.",
    geometry="polygon",
    zooms=(5, 13),
    source="areas",
    approximate=True,
    fields=(
        Field("code", "Mã", "Code", filterable=True, in_tiles=True),
        Field("level", "Cấp", "Level", filterable=True, in_tiles=True, choices=LEVELS),
        Field("type_vi", "Loại", "Type", in_tiles=True),
        Field("type_en", "Loại (tiếng Anh)", "Type (English)"),
        Field("name_vi", "Tên", "Name", in_tiles=True),
        Field("name_en", "Tên tiếng Anh", "English name", in_tiles=True),
        Field("full_name_vi", "Tên đầy đủ", "Full name"),
        Field("parent_key", "Thuộc", "Part of", filterable=True),
        Field("resolution", "Nghị quyết", "Resolution"),
        Field("ended_by", "Chấm dứt theo", "Ended by"),
        Field("area_km2", "Diện tích", "Area", Kind.NUMBER, unit="km²"),
        Field("population", "Dân số", "Population", Kind.INTEGER),
        Field("seat_vi", "Trụ sở", "Seat"),
        Field("approximate", "Ranh giới gần đúng", "Approximate outline", Kind.BOOLEAN, in_tiles=True),
        Field("outline_source", "Nguồn ranh giới", "Source of the outline"),
        Field("source", "Nguồn", "Source"),
    ),
)
