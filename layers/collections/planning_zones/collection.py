from layers.collections.base import Collection, Field, Kind
from layers.collections.planning_zones.models import PlanningZone
from layers.collections.planning_zones.themes import STATUSES, THEMES

PLANNING_ZONES = Collection(
    id="planning_zones",
    model=PlanningZone,
    title_vi="Quy hoạch sử dụng đất (dữ liệu tổng hợp)",
    title_en="Land-use plan zones (synthetic)",
    description_vi="Vùng quy hoạch giả lập để thử nghiệm, số quyết định không có thật.",
    description_en="Invented plan zones for trying the system; the decisions do not exist.",
    geometry="polygon",
    zooms=(10, 15),
    source="planning_zones",
    synthetic=True,
    shown=False,
    label_zoom=13,
    label_sql="t.code_land_use",
    area_precision=8,
    fields=(
        Field("name_vi", "Tên", "Name", in_tiles=True),
        Field("name_en", "Tên tiếng Anh", "English name", in_tiles=True),
        Field(
            "theme",
            "Chuyên đề",
            "Theme",
            filterable=True,
            in_tiles=True,
            choices=tuple((theme.id, theme.title_vi, theme.title_en) for theme in THEMES),
        ),
        Field("code_land_use", "Loại đất quy hoạch", "Planned land use", filterable=True, in_tiles=True),
        Field("plan_name", "Quy hoạch", "Plan"),
        Field("decision_no", "Quyết định số", "Decision", filterable=True),
        Field("decision_date", "Ngày quyết định", "Date of the decision", Kind.DATE),
        Field("displayed_from", "Lấy ý kiến từ ngày", "On display since", Kind.DATE),
        Field("status", "Tình trạng", "Status", filterable=True, in_tiles=True, choices=STATUSES),
        Field("law", "Căn cứ pháp lý", "Legal basis"),
        Field("law_article", "Điều, khoản", "Article"),
        Field("office_key", "Cơ quan trả lời", "Office that answers"),
        Field("consequence_vi", "Hệ quả", "Consequence"),
        Field("consequence_en", "Hệ quả (tiếng Anh)", "Consequence in English"),
        Field("synthetic", "Dữ liệu tổng hợp", "Synthetic", Kind.BOOLEAN),
    ),
)
