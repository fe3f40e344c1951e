"""What is observed at one feature: plain values, gathered by facts.py or written in a case of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Overlap:
    """One feature of a layer that meets the site. Areas in the CRS of the layer (VN-2000), never Web Mercator.

    For a site polygon: `area_m2` and `share` of the site. For a site point: `edge_m`, the distance to the boundary of
    the layer's feature, and `inside`."""

    key: str
    attributes: Mapping[str, Any]
    area_m2: float = 0.0
    share: float = 0.0
    edge_m: float | None = None
    inside: bool = True
    data_date: date | None = None


@dataclass(frozen=True)
class LayerSeen:
    """A layer as far as it can be seen at the site. `covered` is the share of the site that somebody has checked."""

    failed: bool = False
    covered: float = 0.0
    checked_on: date | None = None
    checked_by: str = ""
    quality: str = ""
    overlaps: tuple[Overlap, ...] = ()

    @property
    def complete(self) -> bool:
        """Coverage counts as complete from 99.9 %: the rest is the width of a line."""
        return not self.failed and self.covered >= 0.999


NOT_ASKED = LayerSeen()


@dataclass(frozen=True)
class Facts:
    """Everything the rules may look at for one feature on one day. A name absent from `attributes` is unknown."""

    collection: str
    key: str
    on: date
    attributes: Mapping[str, Any]
    layers: Mapping[str, LayerSeen] = field(default_factory=dict)
    name: str = ""
    data_date: date | None = None
    area_code: str | None = None
    area_approximate: bool = False


def layer_of_case(body: Mapping[str, Any]) -> LayerSeen:
    """The `layers` entry of a case → LayerSeen. Raises TypeError on a word it does not know."""
    known = dict(body)
    overlaps = tuple(
        Overlap(
            key=entry.get("key", "khu-mau"),
            attributes=entry.get("attributes", {}),
            area_m2=entry.get("area_m2", 0.0),
            share=entry.get("share", 0.0),
            edge_m=entry.get("edge_m"),
            inside=entry.get("inside", True),
            data_date=date(2026, 1, 1),
        )
        for entry in known.pop("overlaps", ())
    )
    return LayerSeen(overlaps=overlaps, checked_on=date(2026, 1, 1), checked_by="ví dụ", **known)
