"""Questions as text, and what a selection holds."""

from __future__ import annotations

import json

from layers import geo
from layers.access.reader import Reader
from layers.reading import selection_rows, selections
from layers.reading.selections import Mode
from tests.factories import PHAN_THIET


def call(op: str, *args: object) -> dict:
    return {"op": op, "args": list(args)}


def prop(name: str) -> dict:
    return {"property": name}


def text(question: dict) -> str:
    return json.dumps(question)


def is_in(name: str, *values: object) -> dict:
    return call("in", prop(name), list(values))


def ground(*corners: tuple[float, float]) -> dict:
    """A GeoJSON polygon through points in metres from MUI_NE's south-west corner."""
    ring = [list(degrees(*corner)) for corner in (*corners, corners[0])]
    return {"type": "Polygon", "coordinates": [ring]}


def degrees(x: float, y: float) -> tuple[float, float]:
    lon, lat = geo.transform(PHAN_THIET[0] + x, PHAN_THIET[1] + y, geo.VN2000, geo.WGS84)
    return float(lon), float(lat)


def point(x: float, y: float) -> dict:
    return {"type": "Point", "coordinates": list(degrees(x, y))}


def box(west: float, south: float, east: float, north: float) -> dict:
    return ground((west, south), (east, south), (east, north), (west, north))


def asked(question: dict, reader: Reader, mode: Mode = Mode.NEW) -> set[str]:
    """Keys that a question alone picks."""
    picked = selections.start(reader)
    selections.ask(picked, text(question), mode, reader)
    return set(selection_rows.keys(picked, reader))
