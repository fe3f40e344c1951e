"""Lines of CSV for synthetic zones and their coverage, and the plan they belong to."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from layers import geo
from layers.collections.planning_zones.themes import LAND_USE_PLAN
from layers.transfer.lattice import Commune

ZONE_COLUMNS = (
    "key", "theme", "plan_id", "name_vi", "name_en", "code_land_use", "plan_name", "decision_no", "decision_date",
    "displayed_from", "valid_from", "valid_to", "status", "law", "law_article", "office_key", "consequence_vi",
    "consequence_en", "synthetic", "geom",
)  # fmt: skip
COVERAGE_COLUMNS = (
    "key", "layer", "name_vi", "name_en", "checked_on", "checked_by", "quality", "valid_from", "synthetic", "geom",
)  # fmt: skip
GRID_M = 0.01


@dataclass(frozen=True)
class Plan:
    """A plan with its decision and ground in law. Dates ISO, "" = none; validity half-open."""

    id: str
    title: str
    decision_no: str
    decision_date: str
    displayed_from: str
    valid_from: str
    valid_to: str
    status: str
    theme: str = LAND_USE_PLAN
    law: str = "Luật Đất đai 31/2024/QH15"
    law_article: str = ""
    office_key: str = "ld-snnmt"
    consequence_vi: str = "Chỉ được chuyển mục đích sử dụng đất sang loại đất của quy hoạch (mẫu)."
    consequence_en: str = "The land may only be turned to the use that is planned (sample)."


def zone_line(key: str, plan: Plan, name_vi: str, name_en: str, code: str, zone: BaseGeometry) -> str:
    cells = (
        key, plan.theme, plan.id, f"{name_vi} (mẫu)", f"{name_en} (sample)", code, plan.title, plan.decision_no,
        plan.decision_date, plan.displayed_from, plan.valid_from, plan.valid_to, plan.status, plan.law,
        plan.law_article, plan.office_key, plan.consequence_vi, plan.consequence_en, "t", _hex(zone),
    )  # fmt: skip
    texts = {
        ZONE_COLUMNS.index(name) for name in ("law", "law_article", "office_key", "consequence_vi", "consequence_en")
    }
    return ",".join(_cell(cell, text=n in texts) for n, cell in enumerate(cells)) + "\n"


def coverage_line(layer: str, title_vi: str, title_en: str, commune: Commune, ground: BaseGeometry) -> str:
    cells = (
        f"MAU-{layer}-{commune.key}", layer,
        f"{title_vi}: {commune.name} (mẫu)", f"{title_en}: {commune.name} (sample)",
        "2025-06-01", "Tổ kiểm tra mẫu", "synthetic", "2025-06-01", "t", _hex(ground),
    )  # fmt: skip
    return ",".join(_cell(cell) for cell in cells) + "\n"


def clean(geometry: BaseGeometry) -> list[BaseGeometry]:
    """The polygons of a geometry of at least 100 m², on a grid of 1 cm, each as a MultiPolygon."""
    parts = shapely.get_parts(shapely.get_parts(shapely.set_precision(geometry, GRID_M)))
    return [shapely.multipolygons([part]) for part in parts if part.geom_type == "Polygon" and part.area >= 100]


def _cell(value: str, *, text: bool = False) -> str:
    """Unquoted and empty means NULL; a text that may not be null is quoted."""
    return f'"{value}"' if text or "," in value else value


def _hex(geometry: BaseGeometry) -> str:
    if geometry.geom_type == "Polygon":
        geometry = shapely.multipolygons([geometry])
    return shapely.to_wkb(shapely.set_srid(geometry, geo.VN2000), hex=True, include_srid=True)
