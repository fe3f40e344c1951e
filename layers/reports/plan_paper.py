"""The planning fact sheet as a document: one frozen value, and its PDF made from that value alone.

Doors: `plan_document`, `render_plan`. The value's canonical JSON is attached to the PDF; its part `sheet` is the fact
sheet as the JSON door gives it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from string import ascii_uppercase

import shapely
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from shapely.geometry.base import BaseGeometry

from layers.access.reader import Reader
from layers.collections.planning_zones import queries
from layers.collections.planning_zones.themes import THEMES
from layers.reports.canonical import canonical_json, sha256
from layers.reports.fact_sheet import UNDETERMINED, FactSheet, fact_sheet
from layers.reports.follow import Follow, what_follows
from layers.reports.frame import Frame
from layers.reports.identity import Units, units_of
from layers.reports.measure import zones_within
from layers.reports.paper import LANGUAGE, Words, draw_paper, meridian
from layers.reports.parcel_facts import LandType, Neighbour, Ring, parcel_facts
from layers.reports.pdf import KINDS
from layers.reports.plan_words import Plan, Theme, in_words, period, shown_rows, status_title
from layers.reports.zone_map import draw, swatch

CENTIMETRE = Decimal("0.01")
Line = tuple[tuple[Decimal, Decimal], ...]  # east, north


@dataclass(frozen=True)
class DrawnZone:
    """A row of the sheet on the map. `parts`: polygons within the frame, each its outer ring and then the inner."""

    sign: str
    theme: str
    status: str
    row: int
    code: str
    parts: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True)
class PlanDocument:
    """Everything the paper says. `made_on` is the day of printing; the days of the data stand in `sheet`."""

    made_on: date
    units: Units
    land_types: tuple[LandType, ...]
    sheet: FactSheet
    follow: Follow
    first_plan: date | None
    central_meridian: Decimal
    frame: Frame
    rings: tuple[Ring, ...]
    neighbours: tuple[Neighbour, ...]
    zones: tuple[DrawnZone, ...]


def plan_document(parcel_key: str, on: date, reader: Reader, *, made_on: date) -> PlanDocument:
    """The sheet of a parcel on a day with its map. Raises NotAllowed, NotFound, or Gone for a retired number."""
    sheet = fact_sheet(parcel_key, on, reader)
    facts = parcel_facts(parcel_key, made_on)
    return PlanDocument(
        made_on=made_on,
        units=units_of(sheet.area_key, made_on),
        land_types=facts.land_types,
        sheet=sheet,
        follow=what_follows(sheet, reader),
        first_plan=queries.first_day(),
        central_meridian=facts.central_meridian,
        frame=facts.frame,
        rings=facts.rings,
        neighbours=facts.neighbours,
        zones=_zones(sheet, facts.frame),
    )


def render_plan(document: PlanDocument) -> bytes:
    """The PDF, in Vietnamese. Raises Unavailable where Pango is not installed."""
    content = canonical_json(document)
    sheet = document.sheet
    name = f"quy-hoach-{sheet.parcel_key}-{sheet.on.isoformat()}.json"
    at = timezone.make_aware(datetime.combine(document.made_on, time()))
    words = Words(name, "Nội dung gốc của phiếu thông tin quy hoạch (JSON)", content, at)
    with translation.override(LANGUAGE):
        context = _context(document, content)
    return draw_paper("reports/plan.html", context, style="plan.css", words=words)


def _context(document: PlanDocument, content: bytes) -> dict[str, object]:
    sheet = document.sheet
    plan = in_words(sheet, document.follow, document.first_plan)
    signs = {(zone.theme, zone.status, zone.row): zone.sign for zone in document.zones}
    return {
        "document": document,
        "sheet": sheet,
        "plan": plan,
        "groups": [(group, _accounts(group.themes, signs)) for group in plan.groups],
        "touched": [
            (theme.title, line) for group in plan.groups for theme in group.themes for line in theme.suppressed
        ],
        "legend": _legend(document, plan),
        "then_period": period(document.units.then.valid_from, document.units.then.valid_to),
        "land_types": [(KINDS[each.kind], each.code, each.name_vi) for each in document.land_types],
        "meridian": meridian(float(document.central_meridian)),
        "map": mark_safe(draw(json.loads(content))),  # every text in it is escaped there
        "sha256": sha256(content),
    }


def _accounts(themes: Sequence[Theme], signs: Mapping[tuple[str, str, int], str]) -> list[tuple]:
    """Each theme with its accounts, each row with its letter on the map."""
    return [
        (
            theme,
            [
                (standing, [(signs.get((theme.id, standing.status, row.number - 1), ""), row) for row in standing.rows])
                for standing in theme.standings
            ],
        )
        for theme in themes
    ]


@dataclass(frozen=True)
class LegendLine:
    sign: str
    swatch: str
    code: str
    title: str
    theme: str
    status: str


def _legend(document: PlanDocument, plan: Plan) -> list[LegendLine]:
    rows = {(theme.id, standing.status, row.number - 1): (theme, row) for theme, standing, row in shown_rows(plan)}
    lines = []
    for number, zone in enumerate(document.zones):
        theme, row = rows[zone.theme, zone.status, zone.row]
        image = mark_safe(swatch(number, escape(f"Ký hiệu {zone.sign}")))  # an svg of lines
        lines.append(LegendLine(zone.sign, image, row.code, row.title, theme.title, status_title(zone.status)))
    return lines


def _zones(sheet: FactSheet, frame: Frame) -> tuple[DrawnZone, ...]:
    """The ground of each row within the frame, lettered in the order of the sheet."""
    answered = {theme.id for theme in sheet.themes if theme.state != UNDETERMINED and theme.sections}
    box = (frame.west_m, frame.south_m, frame.east_m, frame.north_m)
    ground = zones_within(box, [theme for theme in THEMES if theme.id in answered], sheet.on)
    found: list[DrawnZone] = []
    for theme in sheet.themes:
        for section in theme.sections:
            for place, row in enumerate(section.rows):
                shape = ground.get((theme.id, row.plan_id, row.code, section.status))
                if shape is not None:
                    found.append(DrawnZone(_sign(len(found)), theme.id, section.status, place, row.code, _parts(shape)))
    return tuple(found)


def _sign(number: int) -> str:
    """A, B, … Z, AA, AB, …"""
    first, last = divmod(number, len(ascii_uppercase))
    return (_sign(first - 1) if first else "") + ascii_uppercase[last]


def _parts(shape: BaseGeometry) -> tuple[tuple[Line, ...], ...]:
    return tuple(
        tuple(_line(ring.coords) for ring in (part.exterior, *part.interiors))
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and part.area > 0
    )


def _line(points: Iterable[Sequence[float]]) -> Line:
    return tuple((_centimetres(point[0]), _centimetres(point[1])) for point in points)


def _centimetres(value: float) -> Decimal:
    return Decimal(repr(round(value, 6))).quantize(CENTIMETRE, rounding="ROUND_HALF_UP")
