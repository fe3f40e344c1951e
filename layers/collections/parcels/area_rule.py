"""How far the surveyed area is from the one on paper, and how far it may be. Pure.

The limit is the table "Giới hạn sai diện tích thửa đất", Phụ lục số 04 of the rules for cadastral mapping (Thông tư
26/2024/TT-BTNMT, consolidated text 34/VBHN-BNNMT). NOT VERIFIED: the appendix itself could not be read; its figures are
taken from a published program of surveyors that names it. Older rules gave other figures. It limits measuring; what the
area legally is, where boundaries did not change and nobody disputes, follows Luật Đất đai 2024 Điều 135 khoản 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SOURCE = "Phụ lục số 04, Thông tư 26/2024/TT-BTNMT (34/VBHN-BNNMT)"
LAW = "Luật Đất đai 31/2024/QH15, Điều 135 khoản 6"
VERIFIED = False

# By the scale's denominator: up to the first area (m²) the limit in m²; from there on, up to each area, what each
# further 10 m² adds. The last step has no end.
_TABLE = {
    200: ((30, "0.23"), (100, "0.07"), (300, "0.05"), (500, "0.04"), (1_000, "0.03"), (2_000, "0.02"), (None, "0.01")),
    500: ((30, "0.25"), (100, "0.08"), (300, "0.05"), (500, "0.04"), (1_000, "0.03"), (2_000, "0.02"), (None, "0.01")),
    1_000: ((40, "0.35"), (300, "0.08"), (1_000, "0.05"), (2_000, "0.04"), (5_000, "0.03"), (10_000, "0.02"),
            (None, "0.01")),
    2_000: ((40, "0.40"), (300, "0.09"), (1_000, "0.05"), (2_000, "0.04"), (5_000, "0.03"), (10_000, "0.02"),
            (None, "0.01")),
    5_000: ((50, "0.50"), (300, "0.09"), (1_000, "0.05"), (2_000, "0.04"), (5_000, "0.03"), (10_000, "0.02"),
            (None, "0.01")),
    10_000: ((50, "0.50"), (300, "0.09"), (1_000, "0.06"), (2_000, "0.05"), (5_000, "0.04"), (10_000, "0.03"),
             (None, "0.02")),
}  # fmt: skip


@dataclass(frozen=True)
class AreaDifference:
    """`difference_m2` is surveyed less legal, of areas with one decimal; `percent` of the legal area, two decimals.

    `limit_m2` and `within` are None where the scale of the sheet is not known or has no row in the table.
    """

    legal_m2: Decimal
    survey_m2: Decimal
    difference_m2: Decimal
    percent: Decimal
    scale: int | None
    limit_m2: Decimal | None
    within: bool | None


def area_limit_m2(area_m2: Decimal, scale: int | None) -> Decimal | None:
    """The largest difference for an area (m², above 0) on a sheet of 1:`scale`, two decimals; None without a rule."""
    if scale not in _TABLE or area_m2 <= 0:
        return None
    (start, first), *steps = _TABLE[scale]
    limit = Decimal(first)
    for end, added in steps:
        if area_m2 <= start:
            break
        reached = area_m2 if end is None else min(area_m2, Decimal(end))
        limit += (reached - start) / 10 * Decimal(added)
        start = reached
    return limit.quantize(Decimal("0.01"), ROUND_HALF_UP)


def area_difference(legal: object, survey: object, scale: int | None) -> AreaDifference | None:
    """The comparison of a parcel's areas, None where paper states none."""
    if legal is None or survey is None or (on_paper := _printed(legal)) <= 0:
        return None
    measured = _printed(survey)
    gap = measured - on_paper
    limit = area_limit_m2(measured, scale)
    percent = (gap / on_paper * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return AreaDifference(on_paper, measured, gap, percent, scale, limit, None if limit is None else abs(gap) <= limit)


def _printed(value: object) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
