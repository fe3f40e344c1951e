"""Which map files are opened at all. GDAL chooses its driver by content, and some of its formats read other files of
this machine or call addresses; so a file must be one of three formats by its own bytes before GDAL sees it.

Door: `require_plain(path)`: GeoJSON, GeoPackage or Shapefile.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from urllib.parse import quote

from layers.errors import Invalid

MAX_BYTES = 200_000_000
_SQLITE, _SHAPEFILE = b"SQLite format 3\x00", b"\x00\x00\x27\x0a"
_VIRTUAL_TABLES_ALLOWED = "CREATE VIRTUAL TABLE %USING rtree%"


def require_plain(path: Path) -> None:
    """Raise Invalid, naming the file, unless it is a file here of a format that holds its own data."""
    if not path.is_file():
        raise Invalid(f"{path} is not a file on this machine.")
    if path.stat().st_size > MAX_BYTES:
        raise Invalid(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB.")
    with path.open("rb") as file:
        start = file.read(16)
    suffix = path.suffix.lower()
    if suffix in (".geojson", ".json"):
        _require_geojson(path)
    elif suffix == ".gpkg" and start == _SQLITE:
        _require_plain_tables(path)
    elif not (suffix == ".shp" and start.startswith(_SHAPEFILE)):
        raise Invalid(f"{path.name} is none of GeoJSON (.geojson), GeoPackage (.gpkg) and Shapefile (.shp).")


def _require_geojson(path: Path) -> None:
    """A `crs` member may name a system, never an address: GDAL would call it."""

    def checked(members: list[tuple[str, object]]) -> dict[str, object]:  # each of them: a name may stand twice
        for name, value in members:
            if name == "crs" and isinstance(value, dict) and not _is_named(value):
                raise Invalid(f"{path.name}: `crs` must name a coordinate system (urn:ogc:def:crs:…), nothing else.")
        return dict(members)

    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=checked)
    except (ValueError, RecursionError) as fault:
        raise Invalid(f"{path.name} cannot be read as GeoJSON: {fault}.") from fault
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise Invalid(f"{path.name} is not a GeoJSON FeatureCollection.")


def _is_named(crs: dict) -> bool:
    properties = crs.get("properties")
    name = properties.get("name", "") if isinstance(properties, dict) else ""
    return crs.get("type") == "name" and str(name).upper().startswith(("URN:OGC:DEF:CRS:", "EPSG:", "OGC:CRS84"))


def _require_plain_tables(path: Path) -> None:
    """Views, triggers of strangers and virtual tables can read other files: none but the spatial index's."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'view' OR (sql LIKE 'CREATE VIRTUAL TABLE%' AND sql NOT LIKE ?) "
        "OR (type = 'trigger' AND NOT (name LIKE 'rtree%' OR name LIKE 'gpkg%' OR name LIKE 'trigger_%feature_count%'))"
    )
    try:
        database = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
        try:
            found = database.execute(query, [_VIRTUAL_TABLES_ALLOWED]).fetchone()
        finally:
            database.close()
    except sqlite3.Error as fault:
        raise Invalid(f"{path.name} is not a GeoPackage: {fault}.") from fault
    if found:
        raise Invalid(f"{path.name} holds {found[0]!r}, which is no plain table. Save the boundaries as a new file.")
