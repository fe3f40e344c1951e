"""Real boundaries in place of the approximate outlines of areas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from layers import geo
from layers.collections.areas.models import Area
from layers.collections.validity import valid_on
from layers.editing.publish import Batch
from layers.errors import Invalid
from layers.transfer.accepted import require_plain

COLUMNS = ("key", "geom", "approximate", "outline_source")
MAX_FEATURES = 5000


def batch(path: Path, *, code_field: str, on: date, source: str) -> tuple[Batch, int]:
    """Rows that give the units valid on `on` the outlines of `path`, and the CRS (SRID) the file came in.

    The file (GeoJSON, GeoPackage or Shapefile, see `accepted`) must state its CRS and hold one feature per unit, with
    its code in `code_field`. Raises Invalid naming the feature at fault: unknown code, doubled code, invalid or
    foreign shape.
    """
    frame = _read(path, code_field)
    units = _units(on)
    rows, seen = [], set()
    for number, (code, shape) in enumerate(zip(frame[code_field], frame.geometry, strict=True), start=1):
        code = str(code).strip()
        if code not in units:
            raise Invalid(f"{path.name}, feature {number}: no unit had the code {code!r} on {on}.")
        if code in seen:
            raise Invalid(f"{path.name}, feature {number}: the code {code} stands twice.")
        seen.add(code)
        rows.append((units[code], _outline(shape, path, number), False, source))
    return Batch.of(Area, COLUMNS, rows), frame.attrs["srid"]


def _read(path: Path, code_field: str) -> geopandas.GeoDataFrame:
    require_plain(path)
    try:
        frame = geopandas.read_file(path, max_features=MAX_FEATURES + 1)
    except Exception as fault:  # pyogrio and GDAL raise a dozen kinds
        raise Invalid(f"{path.name} cannot be read as a map file: {fault}") from fault
    if len(frame) > MAX_FEATURES:
        raise Invalid(f"{path.name} holds more than {MAX_FEATURES} features; boundaries of units are fewer.")
    if code_field not in frame.columns:
        names = ", ".join(str(name) for name in frame.columns if name != "geometry")
        raise Invalid(f"{path.name} has no field {code_field!r}. It has: {names}.")
    if frame.crs is None:
        raise Invalid(f"{path.name} does not say its coordinate system; add it (a .prj, or the layer's CRS).")
    srid = frame.crs.to_epsg() or 0
    frame = frame.to_crs(geo.WGS84)
    frame.attrs["srid"] = srid
    return frame


def _units(on: date) -> dict[str, str]:
    """Key of each unit by its code, for units valid on that day."""
    return dict(Area.objects.filter(valid_on(on)).values_list("code", "key"))


def _outline(shape: shapely.Geometry | None, path: Path, number: int) -> MultiPolygon:
    if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise Invalid(f"{path.name}, feature {number}: a boundary must be a polygon.")
    if not shape.is_valid:
        raise Invalid(f"{path.name}, feature {number}: {shapely.is_valid_reason(shape)}. Correct it and try again.")
    west, south, east, north = shape.bounds
    limit = geo.province_bounds()
    if east < limit[0] - 2 or west > limit[2] + 2 or north < limit[1] - 2 or south > limit[3] + 2:
        raise Invalid(f"{path.name}, feature {number}: it lies far outside the province. Is its CRS right?")
    found = GEOSGeometry(memoryview(shapely.to_wkb(shapely.force_2d(shape))), srid=geo.WGS84)
    return found if isinstance(found, MultiPolygon) else MultiPolygon(found, srid=geo.WGS84)
