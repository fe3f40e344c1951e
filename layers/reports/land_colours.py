"""Colours of land types as the circulars give them, for maps that are handed out."""

from __future__ import annotations

import re

from layers.collections.parcels.models import LandUse

UNKNOWN = "#e9e4d8"


def land_colours() -> dict[str, str]:
    """#rrggbb by code; codes without a proper colour are left out."""
    rows = LandUse.objects.exclude(color_hex=None).values_list("code", "color_hex")
    return {code: colour.lower() for code, colour in rows if re.fullmatch("#[0-9A-Fa-f]{6}", colour)}


def colour_of(code: str, colours: dict[str, str]) -> str:
    return colours.get(code, UNKNOWN)
