"""The fact tables of `data/` as batches for the one door. The header of each file names the model's columns."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.gis.db.models import BooleanField
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point

from layers import geo
from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area, Succession
from layers.collections.base import Versioned
from layers.collections.parcels.models import LandUse
from layers.collections.tourism_sites.models import TourismSite
from layers.editing.publish import Batch
from layers.errors import Invalid

Row = dict[str, str]
YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Table:
    """One file of `data/`. `without` are its columns the database does not hold; `computed` adds columns."""

    file: str
    model: type[Versioned]
    without: tuple[str, ...] = ()
    computed: dict[str, Callable[[Row], object]] = field(default_factory=dict)


@dataclass(frozen=True)
class Outline:
    geom: MultiPolygon | None
    approximate: bool
    source: str | None


NO_OUTLINE = Outline(None, True, None)
COMPUTED = "computed from commune positions and a coastline (data/areas/outlines.geojson)"


def _point(row: Row) -> Point | None:
    """The row's lat and lon (WGS 84) as a point; None when its place is not known."""
    if not row["lat"]:
        return None
    lon, lat = float(row["lon"]), float(row["lat"])
    west, south, east, north = geo.province_bounds()
    if not (west - 2 <= lon <= east + 2 and south - 2 <= lat <= north + 2):
        raise ValueError(f"lat {lat:g}, lon {lon:g} lies far from the province")
    return Point(lon, lat, srid=geo.WGS84)


def fact_tables(data_dir: Path) -> list[Table]:
    """Every fact table in the order it must be published."""
    outlines = _outlines(data_dir / "areas" / "outlines.geojson") | _surveyed()
    return [
        Table(
            "areas/areas.csv",
            Area,
            without=("lat", "lon"),
            computed={
                "geom": lambda row: outlines.get(row["key"], NO_OUTLINE).geom,
                "approximate": lambda row: outlines.get(row["key"], NO_OUTLINE).approximate,
                "outline_source": lambda row: outlines.get(row["key"], NO_OUTLINE).source,
            },
        ),
        Table("areas/successions.csv", Succession),
        Table("agencies.csv", Agency, without=("lat", "lon"), computed={"geom": _point}),
        Table("tourism_sites.csv", TourismSite, without=("lat", "lon"), computed={"geom": _point}),
        Table("codes/landuse.csv", LandUse),
    ]


def batch(data_dir: Path, table: Table) -> Batch:
    """The rows of one file. Raises Invalid naming file and row when a row is broken."""
    path = data_dir / table.file
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    columns = [name for name in header if name not in table.without] + list(table.computed)
    return Batch.of(table.model, columns, _rows(path, table, columns))


def _rows(path: Path, table: Table, columns: list[str]) -> Iterator[list[object]]:
    booleans = {f.name for f in table.model._meta.concrete_fields if isinstance(f, BooleanField)}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            if None in row or None in row.values():
                raise Invalid(f"{table.file}, row {number}: the row has another number of cells than the header.")
            try:
                yield [_value(table, row, name, booleans) for name in columns]
            except (ValueError, KeyError) as fault:
                raise Invalid(f"{table.file}, row {number}: {fault}.") from fault


def _value(table: Table, row: Row, name: str, booleans: set[str]) -> object:
    if name in table.computed:
        return table.computed[name](row)
    text = row[name].strip()
    if name in booleans and text:
        return YES_NO[text]
    return text or None


def _outlines(path: Path) -> dict[str, Outline]:
    """The approximate outlines of areas by key, WGS 84."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {
        feature["properties"]["key"]: Outline(_multipolygon(feature["geometry"]), True, COMPUTED)
        for feature in features
    }


def _surveyed() -> dict[str, Outline]:
    """Outlines that `load_boundaries` has put in place of computed ones: loading the tables again keeps them."""
    rows = Area.objects.filter(approximate=False).values_list("key", "geom", "outline_source")
    return {key: Outline(geom, False, source) for key, geom, source in rows}


def _multipolygon(geometry: dict) -> MultiPolygon:
    shape = GEOSGeometry(json.dumps(geometry), srid=geo.WGS84)
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon(shape, srid=geo.WGS84)
