from layers.collections.agencies.models import Agency
from layers.collections.base import Collection, Field, Kind

KINDS = (
    ("people_committee", "Ủy ban nhân dân", "People's Committee"),
    ("one_stop", "Bộ phận một cửa", "One-stop unit"),
    ("department", "Sở, ban, ngành", "Department"),
    ("land_registry", "Văn phòng đăng ký đất đai", "Land registration office"),
    ("land_registry_branch", "Chi nhánh đăng ký đất đai", "Land registration branch"),
    ("land_service", "Phát triển quỹ đất", "Land fund centre"),
    ("social_insurance", "Bảo hiểm xã hội", "Social insurance"),
    ("court", "Tòa án", "Court"),
    ("tourism_service", "Xúc tiến du lịch", "Tourism promotion"),
    ("museum", "Bảo tàng", "Museum"),
)
LEVELS = (
    ("province", "Cấp tỉnh", "Province"),
    ("region", "Khu vực", "Region"),
    ("district", "Cấp huyện (đến 30/6/2025)", "District (until 30 June 2025)"),
    ("commune", "Cấp xã", "Commune"),
)
CHECKS = (
    ("verified", "Đã kiểm chứng", "Verified"),
    ("unverified", "Chưa kiểm chứng", "Unverified"),
)
STATUSES = (
    ("verified", "Đã kiểm chứng", "Verified"),
    ("partly", "Kiểm chứng một phần", "Partly verified"),
    ("memory", "Chưa kiểm chứng", "Unverified"),
)

AGENCIES = Collection(
    id="agencies",
    model=Agency,
    title_vi="Cơ quan",
    title_en="Agencies",
    description_vi="Nơi tiếp nhận và giải quyết thủ tục, trước và sau ngày 01/7/2025.",
    description_en="Offices that receive and decide procedures, before and after 1 July 2025.",
    geometry="point",
    zooms=(5, 14),
    source="agencies",
    fields=(
        Field("code", "Mã", "Code", filterable=True),
        Field("name_vi", "Tên", "Name", in_tiles=True),
        Field("name_en", "Tên tiếng Anh", "English name", in_tiles=True),
        Field("kind", "Loại", "Kind", filterable=True, in_tiles=True, choices=KINDS),
        Field("level", "Cấp", "Level", filterable=True, in_tiles=True, choices=LEVELS),
        Field("area_code", "Mã đơn vị hành chính", "Area code", filterable=True),
        Field("area_key", "Đơn vị hành chính", "Administrative area", filterable=True),
        Field("serves_keys", "Phục vụ", "Serves"),
        Field("address_vi", "Địa chỉ", "Address"),
        Field("precision_m", "Độ chính xác vị trí", "Precision of the position", Kind.INTEGER, unit="m"),
        Field("website", "Trang web", "Website"),
        Field("website_status", "Kiểm chứng trang web", "Check of the website", choices=CHECKS),
        Field("phone", "Điện thoại", "Telephone"),
        Field("status", "Kiểm chứng", "Check", filterable=True, choices=STATUSES),
        Field("source", "Nguồn", "Source"),
    ),
)
