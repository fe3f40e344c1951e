from layers.collections.base import Collection, Field, Kind
from layers.collections.planning_zones.models import PlanningZone

STATUSES = (
    ("in_force", "Đang hiệu lực", "In force"),
    ("on_display", "Đang lấy ý kiến", "On display"),
    ("adopted", "Đã duyệt, chưa hiệu lực", "Adopted, not yet in force"),
    ("expired", "Hết hiệu lực", "Expired"),
)

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
        Field("code_land_use", "Loại đất quy hoạch", "Planned land use", filterable=True, in_tiles=True),
        Field("plan_name", "Quy hoạch", "Plan"),
        Field("decision_no", "Quyết định số", "Decision", filterable=True),
        Field("decision_date", "Ngày quyết định", "Date of the decision", Kind.DATE),
        Field("status", "Tình trạng", "Status", filterable=True, in_tiles=True, choices=STATUSES),
        Field("synthetic", "Dữ liệu tổng hợp", "Synthetic", Kind.BOOLEAN),
    ),
)
