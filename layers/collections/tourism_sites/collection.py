from layers.collections.base import Collection, Field, Kind
from layers.collections.tourism_sites.models import TourismSite

CATEGORIES = (
    ("beach", "Biển", "Beach"),
    ("natural", "Thiên nhiên", "Nature"),
    ("heritage", "Di tích", "Heritage"),
    ("religious", "Tôn giáo", "Religious"),
    ("museum", "Bảo tàng", "Museum"),
    ("recreation", "Vui chơi", "Recreation"),
    ("craft", "Làng nghề", "Craft village"),
    ("market", "Chợ", "Market"),
    ("agritourism", "Nông trại", "Farm visit"),
)
POSITIONS = (
    ("located", "Có vị trí từ nguồn", "Located by a source"),
    ("approximate", "Vị trí gần đúng", "Approximate position"),
    ("commune_centre", "Chỉ biết xã: đặt ở trung tâm xã", "Only the commune is known: shown at its centre"),
    ("memory", "Vị trí chưa kiểm chứng", "Unverified position"),
)
RANKS = (
    ("national", "Di tích cấp quốc gia", "National relic"),
    ("provincial", "Di tích cấp tỉnh", "Provincial relic"),
    ("listed", "Đã xếp hạng, chưa rõ cấp", "Listed, rank not known"),
)

TOURISM_SITES = Collection(
    id="tourism_sites",
    model=TourismSite,
    title_vi="Điểm du lịch",
    title_en="Tourism sites",
    description_vi="Bãi biển, đồi cát, di tích, chùa, bảo tàng và những nơi khác để ghé thăm.",
    description_en="Beaches, dunes, relics, pagodas, museums and other places to visit.",
    geometry="point",
    zooms=(5, 14),
    source="tourism_sites",
    fields=(
        Field("name_vi", "Tên", "Name", in_tiles=True),
        Field("name_en", "Tên tiếng Anh", "English name", in_tiles=True),
        Field("other_names_vi", "Tên khác", "Other names"),
        Field("category", "Loại", "Category", filterable=True, in_tiles=True, choices=CATEGORIES),
        Field("subcategory", "Nhóm", "Subcategory", filterable=True, in_tiles=True),
        Field("area_2025_code", "Mã xã, phường", "Commune code", filterable=True),
        Field("commune_2015_key", "Xã, phường năm 2015", "Commune of 2015", filterable=True),
        Field("precision_m", "Độ chính xác vị trí", "Precision of the position", Kind.INTEGER, unit="m"),
        Field("position_status", "Vị trí", "Position", choices=POSITIONS),
        Field("relic_rank", "Xếp hạng di tích", "Relic rank", filterable=True, choices=RANKS),
        Field("rank_status", "Kiểm chứng xếp hạng", "Check of the rank"),
        Field("source", "Nguồn", "Source"),
        Field("checked_on", "Ngày kiểm tra", "Checked on", Kind.DATE),
    ),
)
