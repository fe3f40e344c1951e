"""Themes of planning: what may bear on a piece of land, who answers for it and by which law.

A theme is a declaration; its zones are rows of a table with the columns of planning zones, its coverage rows of
`coverage` under the name `checked_as`. A theme whose coverage is nowhere is "no data" everywhere: it is declared
all the same, so that nobody takes silence for freedom. The laws are those of the day of writing; articles that were
not read in the text are left empty.
"""

from __future__ import annotations

from dataclasses import dataclass

LAND_USE_PLAN = "land_use_plan"

# On a day a zone is in one of these; the order is that of the sheet.
STATUSES = (
    ("in_force", "Đang hiệu lực", "In force"),
    ("adopted", "Đã duyệt, chưa hiệu lực", "Adopted, not yet in force"),
    ("on_display", "Đang lấy ý kiến", "On display"),
    ("expired", "Hết hiệu lực", "Expired"),
)


@dataclass(frozen=True)
class Theme:
    """One theme. `office` is the key of the agency that answers for it; `table` holds its zones."""

    id: str
    title_vi: str
    title_en: str
    office: str
    law: str
    law_article: str = ""
    table: str = "layers_planning_zone"

    @property
    def checked_as(self) -> str:
        """The layer's name in the collection `coverage`."""
        return "planning_zones" if self.id == LAND_USE_PLAN else f"planning_zones.{self.id}"


_LAND = "Luật Đất đai 31/2024/QH15"
_TOWN = "Luật Quy hoạch đô thị và nông thôn 47/2024/QH15"
_FOREST = "Luật Lâm nghiệp 16/2017/QH14"
_WATER = "Luật Tài nguyên nước 28/2023/QH15"

THEMES: tuple[Theme, ...] = (
    Theme(LAND_USE_PLAN, "Quy hoạch sử dụng đất", "Land-use plan", "ld-snnmt", _LAND),
    Theme("land_use_programme", "Kế hoạch sử dụng đất hằng năm", "Yearly land-use programme", "ld-snnmt", _LAND),
    Theme("land_recovery", "Thu hồi đất để thực hiện dự án", "Land to be recovered for projects", "ld-snnmt", _LAND),
    Theme("town_plan", "Quy hoạch chung đô thị và nông thôn", "Master plan of towns and villages", "ld-sxd", _TOWN),
    Theme("zoning_plan", "Quy hoạch phân khu", "Zoning plan", "ld-sxd", _TOWN),
    Theme("detailed_plan", "Quy hoạch chi tiết", "Detailed plan", "ld-sxd", _TOWN),
    Theme("road_corridor", "Hành lang an toàn đường bộ", "Road safety corridor", "ld-sxd",
          "Luật Đường bộ 35/2024/QH15"),
    Theme("rail_corridor", "Hành lang an toàn đường sắt", "Railway safety corridor", "ld-sxd", "Luật Đường sắt"),
    Theme("power_corridor", "Hành lang an toàn lưới điện", "Power-line safety corridor", "ld-sct",
          "Luật Điện lực 61/2024/QH15"),
    Theme("airport_height", "Tĩnh không sân bay", "Airport height limits", "ld-sxd", "Luật Hàng không dân dụng"),
    Theme("river_corridor", "Hành lang bảo vệ nguồn nước", "Water-source protection corridor", "ld-snnmt", _WATER),
    Theme("reservoir", "Phạm vi bảo vệ công trình thủy lợi", "Protection of irrigation works", "ld-snnmt",
          "Luật Thủy lợi 08/2017/QH14"),
    Theme("dyke", "Hành lang bảo vệ đê, kè", "Protection of dykes and embankments", "ld-snnmt", "Luật Đê điều"),
    Theme("groundwater", "Vùng hạn chế khai thác nước dưới đất", "Restricted groundwater", "ld-snnmt", _WATER),
    Theme("coast", "Hành lang bảo vệ bờ biển", "Coastal protection corridor", "ld-snnmt",
          "Luật Tài nguyên, môi trường biển và hải đảo 82/2015/QH13"),
    Theme("protection_forest", "Rừng phòng hộ", "Protection forest", "ld-snnmt", _FOREST),
    Theme("special_forest", "Rừng đặc dụng", "Special-use forest", "ld-snnmt", _FOREST),
    Theme("production_forest", "Rừng sản xuất", "Production forest", "ld-snnmt", _FOREST),
    Theme("mineral_reserve", "Dự trữ khoáng sản quốc gia", "National mineral reserve", "ld-snnmt",
          "Luật Địa chất và khoáng sản 54/2024/QH15"),
    Theme("mining_ban", "Khu vực cấm hoạt động khoáng sản", "Areas closed to mining", "ld-snnmt",
          "Luật Địa chất và khoáng sản 54/2024/QH15"),
    Theme("heritage", "Khu vực bảo vệ di tích", "Heritage protection", "ld-svhttdl",
          "Luật Di sản văn hóa 45/2024/QH15"),
    Theme("tourism_area", "Khu du lịch, điểm du lịch", "Tourism areas", "ld-svhttdl", "Luật Du lịch 09/2017/QH14"),
    Theme("industrial_park", "Khu công nghiệp, cụm công nghiệp", "Industrial parks", "ld-sct",
          "Luật Đầu tư 143/2025/QH15"),
    Theme("rice_land", "Đất trồng lúa cần bảo vệ", "Protected rice land", "ld-snnmt", _LAND),
    Theme("landslide", "Khu vực nguy cơ sạt lở, ngập", "Landslide and flood hazard", "ld-snnmt",
          "Luật Phòng, chống thiên tai"),
)  # fmt: skip
