"""The closed account of a parcel: zones + not covered − overlaps = parcel, in print too, and 100.0 %.

The zones cut the parcel into pieces, each within a certain set of zones. The pieces part the parcel, so rounding them
by largest remainders to the parcel's printed area closes every sum made of them: a zone is the sum of its pieces, an
overlap a piece within several zones, "not covered" the piece within none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from layers.reports.rounding import AREA_UNIT, SHARE_UNIT, in_units, largest_remainders

NOISE_M2 = 1e-5  # a piece smaller than this is arithmetic, not land
WHOLE_SHARE = in_units(100, SHARE_UNIT)


@dataclass(frozen=True)
class Units:
    """A printed area in tenths of m² and its share in tenths of a per cent."""

    area: int = 0
    share: int = 0

    def __add__(self, other: Units) -> Units:
        return Units(self.area + other.area, self.share + other.share)

    def times(self, factor: int) -> Units:
        return Units(self.area * factor, self.share * factor)


@dataclass(frozen=True)
class Shared:
    """Ground within several zones (their places in the list)."""

    zones: tuple[int, ...]
    units: Units


@dataclass(frozen=True)
class Balance:
    """Zones in the order given. `unchecked` is the part of `not_covered` where nobody looked."""

    zones: tuple[Units, ...]
    overlaps: tuple[Shared, ...]
    not_covered: Units
    unchecked: Units
    parcel: Units

    @property
    def counted_again(self) -> Units:
        """What the zones' column counts more than once: to be taken off."""
        return sum((shared.units.times(len(shared.zones) - 1) for shared in self.overlaps), Units())


def balance(parcel: BaseGeometry, zones: Sequence[BaseGeometry], checked: BaseGeometry | None) -> Balance:
    """The account of one status. Zones are unions within the parcel, in a stable order, same CRS (metres)."""
    pieces = _pieces(parcel, zones)
    rest = pieces.pop((), None)
    seen, unseen = _checked(rest, checked)
    keys = sorted(pieces)
    areas = [*(pieces[key].area for key in keys), seen, unseen]
    whole = Units(in_units(parcel.area, AREA_UNIT), WHOLE_SHARE)
    rounded = zip(
        _closed(areas, parcel.area / float(AREA_UNIT), whole.area),
        _closed(areas, WHOLE_SHARE, whole.share),
        strict=True,
    )
    units = [Units(*pair) for pair in rounded]
    by_key = dict(zip(keys, units, strict=False))
    return Balance(
        zones=tuple(
            sum((units for key, units in by_key.items() if index in key), Units()) for index in range(len(zones))
        ),
        overlaps=tuple(
            Shared(key, by_key[key]) for key in keys if len(key) > 1 and by_key[key] != Units()
        ),
        not_covered=units[-2] + units[-1],
        unchecked=units[-1],
        parcel=whole,
    )  # fmt: skip


def _closed(areas: Sequence[float], scale: float, total: int) -> list[int]:
    """Areas as whole units that add up to `total`; what arithmetic left over or under is shared out first."""
    together = sum(areas)
    return largest_remainders([area / together * scale for area in areas], total)


def _pieces(parcel: BaseGeometry, zones: Sequence[BaseGeometry]) -> dict[tuple[int, ...], BaseGeometry]:
    """The parcel cut by all zones: for each set of zones (places, ascending) the ground within exactly those."""
    pieces: dict[tuple[int, ...], BaseGeometry] = {(): parcel}
    for index, zone in enumerate(zones):
        cut: dict[tuple[int, ...], BaseGeometry] = {}
        for key, piece in pieces.items():
            for part_key, part in ((key, piece.difference(zone)), ((*key, index), piece.intersection(zone))):
                if part.area >= NOISE_M2:
                    cut[part_key] = part
        pieces = cut
    return pieces


def _checked(rest: BaseGeometry | None, checked: BaseGeometry | None) -> tuple[float, float]:
    """Area of the uncovered ground that was checked, and that was not."""
    if rest is None:
        return 0.0, 0.0
    unseen = rest.area if checked is None else shapely.difference(rest, checked).area
    unseen = unseen if unseen >= NOISE_M2 else 0.0
    return rest.area - unseen, unseen
