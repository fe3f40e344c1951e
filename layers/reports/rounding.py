"""Numbers for print whose column adds up: largest remainders, in whole units of the last decimal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

AREA_UNIT = Decimal("0.1")  # m², as parcel areas are printed on cadastral maps
SHARE_UNIT = Decimal("0.1")  # per cent
NOISE_DECIMALS = 5  # of a unit: what is below came from the arithmetic of coordinates, never from the land


def largest_remainders(parts: Sequence[float], total: int) -> list[int]:
    """Whole numbers near `parts` (same order) whose sum is `total`; a whole part stays as it is.

    `parts` are not negative and add up to `total` when that sum is rounded. Each result differs by less than one from
    its part. Equal remainders go to the larger part, then to the earlier one, so the caller's order must be stable.
    Raises ValueError where the sum cannot be had.
    """
    clean = [round(part, NOISE_DECIMALS) for part in parts]
    result = [math.floor(part) for part in clean]
    missing = total - sum(result)
    open_to_one = [index for index, part in enumerate(clean) if part > result[index]]
    if not 0 <= missing <= len(open_to_one):
        raise ValueError(f"Parts add up to {sum(clean)}, not to {total}.")
    for index in sorted(open_to_one, key=lambda i: (result[i] - clean[i], -clean[i], i))[:missing]:
        result[index] += 1
    return result


def printed(units: int, unit: Decimal) -> Decimal:
    """Whole units as a number with the decimals of the unit: 12345 × 0.1 → 1234.5."""
    return units * unit


def in_units(value: float, unit: Decimal) -> int:
    """The nearest whole number of units, halves up."""
    return math.floor(round(value / float(unit), NOISE_DECIMALS) + 0.5)
