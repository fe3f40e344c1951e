"""The planning fact sheet of a parcel: for every theme on a day, concerned, not concerned, no data, or not determined.

Door: `fact_sheet`. The parcel's printed area is the drawn one (planar, source CRS); the register's stands beside it
with the ratio. Rules: areas of unions, unrounded until print; rows, "not covered" and overlaps close exactly; slivers
are listed as suppressed and count as not covered; a tolerance chooses what is looked at and never enters an area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import shapely
from django.db import connection
from shapely.geometry.base import BaseGeometry

from layers import geo
from layers.access.reader import Reader, require_read
from layers.collections.parcels.collection import PARCELS
from layers.collections.parcels.lineage import gone
from layers.collections.parcels.queries import land_use_names
from layers.collections.planning_zones.themes import STATUSES, THEMES, Theme
from layers.errors import NotFound
from layers.reports.balance import Units, balance
from layers.reports.measure import MeasuredTheme, MeasuredZone, measure
from layers.reports.rounding import AREA_UNIT, SHARE_UNIT, printed

TOLERANCE_M = 0.1  # zones this near are looked at
SLIVER_AREA_M2 = 1.0
SLIVER_WIDTH_M = 0.05  # mean width 2A/P: boundary lines drawn twice differ by centimetres

CONCERNED, NOT_CONCERNED = "concerned", "not_concerned"
NO_DATA, UNDETERMINED = "no_data", "could_not_be_determined"


@dataclass(frozen=True)
class Office:
    key: str
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class Size:
    """As printed: m² and per cent of the drawn area, one decimal each."""

    area_m2: Decimal
    share_percent: Decimal


@dataclass(frozen=True)
class ZoneRow:
    """One plan, code and status. `measured_m2` and `mean_width_m` are the proof: measured on the union, 3 decimals."""

    plan_id: str
    plan_name: str
    code: str
    title_vi: str
    title_en: str
    decision_no: str
    decision_date: date | None
    displayed_from: date | None
    valid_from: date | None
    valid_to: date | None
    law: str
    law_article: str
    office: Office
    consequence_vi: str
    consequence_en: str
    synthetic: bool
    size: Size
    measured_m2: Decimal
    mean_width_m: Decimal


@dataclass(frozen=True)
class OverlapRow:
    """Ground within several rows (their places in the section). `counted_again`: to be taken off the column."""

    rows: tuple[int, ...]
    size: Size
    counted_again: Size


@dataclass(frozen=True)
class Section:
    """The closed account of one status: Σ rows + not covered − Σ counted again = parcel."""

    status: str
    rows: tuple[ZoneRow, ...]
    overlaps: tuple[OverlapRow, ...]
    not_covered: Size
    unchecked: Size  # the part of `not_covered` where nobody looked
    total: Size


@dataclass(frozen=True)
class Suppressed:
    """A contact that is not counted, and why: small, thin, touching (no area), near (outside, within tolerance)."""

    status: str
    plan_id: str
    code: str
    reason: str
    measured_m2: Decimal
    mean_width_m: Decimal
    distance_m: Decimal


@dataclass(frozen=True)
class ThemeSheet:
    id: str
    title_vi: str
    title_en: str
    state: str
    office: Office
    law: str
    law_article: str
    data_date: date | None  # when the ground was checked: a stored fact
    checked_by: str
    unchecked_m2: Decimal | None  # None: not determined
    sections: tuple[Section, ...]
    suppressed: tuple[Suppressed, ...]


@dataclass(frozen=True)
class FactSheet:
    """`drawn_to_register` is the drawn over the register's area, None where the register states none."""

    parcel_key: str
    area_key: str
    sheet_no: int
    parcel_no: int
    geohash: str
    parcel_version: int
    parcel_recorded_on: date
    synthetic: bool
    on: date
    crs: str
    register_area_m2: Decimal | None
    drawn_area_m2: Decimal
    drawn_to_register: Decimal | None
    tolerance_m: Decimal
    sliver_area_m2: Decimal
    sliver_width_m: Decimal
    themes: tuple[ThemeSheet, ...]


def fact_sheet(
    parcel_key: str,
    on: date,
    reader: Reader,
    *,
    themes: Sequence[Theme] = THEMES,
    tolerance_m: float = TOLERANCE_M,
) -> FactSheet:
    """The sheet of one parcel on a day, in at most four statements whatever the themes and hits.

    Raises NotAllowed, NotFound, or Gone with the keys of those that took a retired parcel's place.
    """
    require_read(reader, PARCELS)
    facts, geometry = _parcel(parcel_key)
    measured = measure(parcel_key, themes, on, tolerance_m)
    names = _Names(themes, measured)
    register, drawn = facts["register_area_m2"], _fixed(geometry.area, 1)
    return FactSheet(
        **facts,
        on=on,
        crs=f"EPSG:{geo.VN2000}",
        drawn_area_m2=drawn,
        drawn_to_register=_fixed(geometry.area / float(register), 4) if register else None,
        tolerance_m=_fixed(tolerance_m, 3),
        sliver_area_m2=_fixed(SLIVER_AREA_M2, 3),
        sliver_width_m=_fixed(SLIVER_WIDTH_M, 3),
        themes=tuple(_theme(theme, measured[theme.id], geometry, names) for theme in themes),
    )


def _parcel(key: str) -> tuple[dict[str, object], BaseGeometry]:
    statement = """
        SELECT key, area_key, sheet_no, parcel_no, geohash, version, lifespan_begin::date, synthetic, legal_area_m2,
               status, ST_AsBinary(geom) FROM layers_parcel WHERE key = %s"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [key.replace("\x00", "")])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(f"There is no parcel {key!r}.", parameter="parcel")
    if row[9] == "retired":
        raise gone(key)
    names = ("parcel_key", "area_key", "sheet_no", "parcel_no", "geohash", "parcel_version", "parcel_recorded_on",
             "synthetic", "register_area_m2")  # fmt: skip
    return dict(zip(names, row, strict=False)), shapely.from_wkb(bytes(row[10]))


class _Names:
    """Names of offices and land-use codes, one statement each."""

    def __init__(self, themes: Sequence[Theme], measured: dict[str, MeasuredTheme]) -> None:
        zones = [zone for theme in measured.values() for zone in theme.zones]
        keys = {theme.office for theme in themes} | {zone.office_key for zone in zones}
        with connection.cursor() as cursor:
            cursor.execute("SELECT key, name_vi, name_en FROM layers_agency WHERE key = ANY(%s)", [sorted(keys)])
            self._offices = {row[0]: Office(*row) for row in cursor.fetchall()}
        self._codes = land_use_names(tuple(sorted({zone.code for zone in zones})))

    def office(self, key: str, fallback: str) -> Office:
        key = key or fallback
        return self._offices.get(key, Office(key, key, key))

    def code(self, code: str) -> tuple[str, str]:
        found = self._codes.get(code)
        return (found.name_vi, found.name_en) if found else (code, code)


def _theme(theme: Theme, seen: MeasuredTheme, parcel: BaseGeometry, names: _Names) -> ThemeSheet:
    kept = [zone for zone in seen.zones if _why_suppressed(zone) is None]
    sections = tuple(
        _section(theme, status, [zone for zone in kept if zone.status == status], seen.checked, parcel, names)
        for status, *_ in STATUSES
        if any(zone.status == status for zone in kept)
    )
    unchecked = parcel if seen.checked is None else parcel.difference(seen.checked)
    return ThemeSheet(
        id=theme.id,
        title_vi=theme.title_vi,
        title_en=theme.title_en,
        state=_state(seen, kept, unchecked),
        office=names.office("", theme.office),
        law=theme.law,
        law_article=theme.law_article,
        data_date=seen.checked_on,
        checked_by=seen.checked_by,
        unchecked_m2=None if seen.failed else _fixed(unchecked.area, 1),
        sections=sections,
        suppressed=tuple(_suppressed(zone, why) for zone in seen.zones if (why := _why_suppressed(zone))),
    )


def _state(seen: MeasuredTheme, kept: Sequence[MeasuredZone], unchecked: BaseGeometry) -> str:
    """Silence is "not concerned" only where somebody looked: all of the parcel but a sliver."""
    if seen.failed:
        return UNDETERMINED
    if any(zone.status != "expired" for zone in kept):
        return CONCERNED
    return NOT_CONCERNED if is_sliver(unchecked.area, unchecked.length) else NO_DATA


def is_sliver(area_m2: float, perimeter_m: float) -> bool:
    """Too small or too thin to be land rather than a line drawn twice. Mean width is 2 × area / perimeter."""
    return area_m2 < SLIVER_AREA_M2 or 2 * area_m2 < SLIVER_WIDTH_M * perimeter_m


def _why_suppressed(zone: MeasuredZone) -> str | None:
    if zone.area_m2 <= 0:
        return "near" if zone.distance_m > 0 else "touching"
    if zone.area_m2 < SLIVER_AREA_M2:
        return "small"
    return "thin" if is_sliver(zone.area_m2, zone.perimeter_m) else None


def _section(
    theme: Theme,
    status: str,
    zones: Sequence[MeasuredZone],
    checked: BaseGeometry | None,
    parcel: BaseGeometry,
    names: _Names,
) -> Section:
    account = balance(parcel, [zone.geometry for zone in zones], checked)
    return Section(
        status=status,
        rows=tuple(_row(theme, zone, units, names) for zone, units in zip(zones, account.zones, strict=True)),
        overlaps=tuple(
            OverlapRow(shared.zones, _size(shared.units), _size(shared.units.times(len(shared.zones) - 1)))
            for shared in account.overlaps
        ),
        not_covered=_size(account.not_covered),
        unchecked=_size(account.unchecked),
        total=_size(account.parcel),
    )


def _row(theme: Theme, zone: MeasuredZone, units: Units, names: _Names) -> ZoneRow:
    title_vi, title_en = names.code(zone.code)
    return ZoneRow(
        plan_id=zone.plan_id,
        plan_name=zone.plan_name,
        code=zone.code,
        title_vi=title_vi,
        title_en=title_en,
        decision_no=zone.decision_no,
        decision_date=zone.decision_date,
        displayed_from=zone.displayed_from,
        valid_from=zone.valid_from,
        valid_to=zone.valid_to,
        law=zone.law or theme.law,
        law_article=zone.law_article if zone.law else theme.law_article,
        office=names.office(zone.office_key, theme.office),
        consequence_vi=zone.consequence_vi,
        consequence_en=zone.consequence_en,
        synthetic=zone.synthetic,
        size=_size(units),
        measured_m2=_fixed(zone.area_m2, 3),
        mean_width_m=_fixed(zone.mean_width_m, 3),
    )


def _suppressed(zone: MeasuredZone, why: str) -> Suppressed:
    return Suppressed(
        zone.status, zone.plan_id, zone.code, why, _fixed(zone.area_m2, 3), _fixed(zone.mean_width_m, 3),
        _fixed(zone.distance_m, 3),
    )  # fmt: skip


def _size(units: Units) -> Size:
    return Size(printed(units.area, AREA_UNIT), printed(units.share, SHARE_UNIT))


def _fixed(value: float, decimals: int) -> Decimal:
    """With that many decimals, halves up; the noise of coordinates (some 1e-8) is taken off first."""
    unit = Decimal(1).scaleb(-decimals)
    return Decimal(repr(round(value, 6))).quantize(unit, rounding="ROUND_HALF_UP")
