"""Synthetic history of parcel numbers: some parcels came from a split or a merge, some from a merge and then a split.

The parcels of today stay as the fabric laid them out; what is made here is retired and lies on the same ground. The
parent of a split is the union of its two parts. Parents of a merge are the two parts that a double lot is made of.
Before some splits two parcels, cut the other way, had been merged. Documents are called MẪU and name no real agency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from layers import geo
from layers.transfer.fabric import LABEL_TOLERANCE_M, Pieces, Role
from layers.transfer.lattice import noise

LINEAGE_COLUMNS = ("parent_key", "child_key", "kind", "effective", "document_key", "note", "synthetic")
DOCUMENT_COLUMNS = ("key", "kind", "number", "title_vi", "issued_on", "issued_by", "archive_ref", "synthetic")
PARCEL_DOCUMENT_COLUMNS = ("parcel_key", "document_key", "did", "synthetic")

SPLIT_SHARE, MERGED_BEFORE_SHARE, MERGE_SHARE = 0.013, 0.3, 0.15
LAST_DAY = np.datetime64("2024-12-20")  # the communes of 2015 ended in the middle of 2025
OFFICE = "Cơ quan mẫu (dữ liệu tổng hợp)"
_QUAD, _DOUBLE = 5, 7  # coordinates of the closed ring of a lot, and of two lots joined


@dataclass(frozen=True)
class Past:
    """What stood before. Parcels are named by their place: first those of today, then `retired`, in order.

    `parent`, `child` and `event` are the links; `split` says of each event whether it split (else it merged), `place`
    which parcel of today lies there, `second` whether it followed another event on the same ground.
    """

    retired: Pieces
    parent: np.ndarray
    child: np.ndarray
    event: np.ndarray
    split: np.ndarray
    place: np.ndarray
    second: np.ndarray

    def made_by(self, total: int) -> np.ndarray:
        """The event each of `total` parcels began with, -1 for those that were there from the first survey."""
        return _spread(total, self.child, self.event)

    def ended_by(self, total: int) -> np.ndarray:
        """The event each parcel ended with, -1 for those of today."""
        return _spread(total, self.parent, self.event)


def past_of(seed: int, pieces: Pieces) -> Past:
    """The history of one commune's parcels: the same for the same seed and fabric."""
    made = _Making(len(pieces.polygons))
    corners = shapely.get_num_coordinates(pieces.polygons)
    lot = (pieces.role == Role.LOT) | (pieces.role == Role.FIELD)
    left, right = _pairs(pieces, np.nonzero(lot & (corners == _QUAD))[0])
    chosen = noise(seed, 110, pieces.column[left], pieces.row[left], pieces.serial[left]) < SPLIT_SHARE
    for a, b in zip(left[chosen].tolist(), right[chosen].tolist(), strict=True):
        before = noise(seed, 111, pieces.column[a], pieces.row[a], pieces.serial[a]) < MERGED_BEFORE_SHARE
        made.split(pieces, a, b, merged_before=bool(before))
    double = np.nonzero((pieces.role == Role.LOT) & (corners == _DOUBLE))[0]
    draw = noise(seed, 112, pieces.column[double], pieces.row[double], pieces.serial[double])
    for whole in double[draw < MERGE_SHARE].tolist():
        made.merge(pieces, whole)
    return made.past(pieces)


def days_of(seed: int, past: Past, surveyed: np.ndarray) -> np.ndarray:
    """The day of each event: after its ground was `surveyed` (datetime64, by parcel of today), before LAST_DAY."""
    begin = surveyed[past.place] + np.timedelta64(60, "D")
    share = noise(seed, 113, past.place)
    day = begin + ((LAST_DAY - begin).astype(int) * (0.4 + 0.6 * share)).astype("timedelta64[D]")
    first = begin + ((day - begin).astype(int) // 2).astype("timedelta64[D]")
    followed = np.isin(past.place, past.place[past.second]) & ~past.second
    return np.where(followed, first, day)


def lineage_rows(
    past: Past, days: np.ndarray, keys: Sequence[str], sheets: np.ndarray, numbers: np.ndarray, area_key: str
) -> tuple[bytes, bytes, bytes]:
    """CSV of the lineage, of the documents, and of what each document did; `keys` and numbers by place."""
    links, documents, deeds = [], [], []
    when = days.astype(str).tolist()
    for event in range(len(past.split)):
        mine = past.event == event
        parents, children = np.unique(past.parent[mine]).tolist(), np.unique(past.child[mine]).tolist()
        document, plan = f"MAU-QD-{area_key}-{event + 1}", f"MAU-BV-{area_key}-{event + 1}"
        kind, word = ("split", "tách") if past.split[event] else ("merge", "hợp")
        links += [
            f"{keys[parent]},{keys[child]},{kind},{when[event]},{document},,t\n"
            for parent in parents
            for child in children
        ]
        title = f"{word} thửa {_listed(numbers, parents)} thành thửa {_listed(numbers, children)}"
        title = f"{title} – tờ bản đồ số {sheets[parents[0]]}"
        number = f"MẪU-{event + 1:03d}-{area_key[:5]}"
        documents.append(
            f"{document},decision,{number}/QĐ,Quyết định mẫu về việc {title},{when[event]},{OFFICE},{number}/HS,t\n"
        )
        deeds += [f"{keys[one]},{document},retired,t\n" for one in parents]
        deeds += [f"{keys[one]},{document},created,t\n" for one in children]
        if past.split[event]:
            drawn = (days[event] - np.timedelta64(21, "D")).astype(str)
            documents.append(f"{plan},plan,{number}/BV,Bản vẽ mẫu {title},{drawn},{OFFICE},{number}/HS,t\n")
            deeds += [f"{keys[one]},{plan},created,t\n" for one in children]
    return "".join(links).encode(), "".join(documents).encode(), "".join(deeds).encode()


def joined(pieces: Pieces, retired: Pieces) -> Pieces:
    """Both, in order."""
    names = ("polygons", "role", "column", "row", "serial", "stamp", "label")
    return Pieces(**{name: np.concatenate([getattr(pieces, name), getattr(retired, name)]) for name in names})


class _Making:
    """Collects what was: rings of retired parcels with the parcel of today that lies there, events and links."""

    def __init__(self, standing: int) -> None:
        self.standing = standing
        self.rings: list[np.ndarray] = []
        self.stand_in: list[int] = []
        self.links: list[tuple[int, int, int]] = []
        self.events: list[tuple[bool, int, bool]] = []

    def split(self, pieces: Pieces, a: int, b: int, *, merged_before: bool) -> None:
        """Two lots side by side were one; with `merged_before` that one had been two, cut the other way."""
        left, right = _ring(pieces, a), _ring(pieces, b)
        whole = np.stack([left[0], left[1], right[1], right[2], left[2], left[3]])
        middles = np.round([(left[0] + left[3]) / 2, (right[1] + right[2]) / 2], 3)
        front = np.stack([whole[0], whole[1], whole[2], middles[1], middles[0]])
        back = np.stack([middles[0], middles[1], whole[3], whole[4], whole[5]])
        rings = [whole, front, back] if merged_before else [whole]
        if not shapely.is_valid([shapely.Polygon(ring) for ring in rings]).all():
            return
        parent = self._retire(whole, a)
        if merged_before:
            self._event(False, a, False, [self._retire(front, a), self._retire(back, b)], [parent])
        self._event(True, a, merged_before, [parent], [a, b])

    def merge(self, pieces: Pieces, whole: int) -> None:
        ring = _ring(pieces, whole)
        parts = [ring[[0, 1, 4, 5]], ring[[1, 2, 3, 4]]]
        if shapely.is_valid([shapely.Polygon(part) for part in parts]).all():
            self._event(False, whole, False, [self._retire(part, whole) for part in parts], [whole])

    def _retire(self, ring: np.ndarray, stand_in: int) -> int:
        self.rings.append(ring)
        self.stand_in.append(stand_in)
        return self.standing + len(self.rings) - 1

    def _event(self, split: bool, place: int, second: bool, parents: list[int], children: list[int]) -> None:
        self.links += [(parent, child, len(self.events)) for parent in parents for child in children]
        self.events.append((split, place, second))

    def past(self, pieces: Pieces) -> Past:
        """Retired parcels take role, cell and stamp of the parcel of today in their place: so also its land type."""
        at = np.array(self.stand_in, dtype=int)
        polygons = np.array([shapely.Polygon(ring) for ring in self.rings], dtype=object)
        label = geo.label_points(polygons, LABEL_TOLERANCE_M) if len(polygons) else np.empty((0, 2))
        retired = Pieces(
            polygons, pieces.role[at], pieces.column[at], pieces.row[at], pieces.serial[at], pieces.stamp[at], label
        )
        links = np.array(self.links, dtype=int).reshape(-1, 3)
        split, place, second = (np.array(part) for part in zip(*self.events, strict=True)) if self.events else ((),) * 3
        return Past(
            retired, links[:, 0], links[:, 1], links[:, 2], np.array(split, bool), np.array(place, int),
            np.array(second, bool),
        )  # fmt: skip


def _pairs(pieces: Pieces, lots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Neighbours along a row of lots: each even one with the next, where both are there."""
    name = (
        (pieces.column[lots].astype(np.int64) << 40) + (pieces.row[lots].astype(np.int64) << 16) + pieces.serial[lots]
    )
    order = np.argsort(name, kind="stable")
    name, lots = name[order], lots[order]
    at = np.nonzero((name[1:] == name[:-1] + 1) & (name[:-1] % 2 == 0))[0]
    return lots[at], lots[at + 1]


def _ring(pieces: Pieces, which: int) -> np.ndarray:
    return shapely.get_coordinates(pieces.polygons[which])[:-1]


def _spread(total: int, places: np.ndarray, values: np.ndarray) -> np.ndarray:
    result = np.full(total, -1)
    result[places] = values
    return result


def _listed(numbers: np.ndarray, places: Sequence[int]) -> str:
    return " và ".join(str(numbers[place]) for place in places)
