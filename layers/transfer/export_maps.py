"""Parcels as map files for machines: GeoJSON, GeoPackage, Shapefile, GeoParquet.

Field names never change with language. Coordinates are those of the cadastral sheets (`geo.VN2000`) as stored; GeoJSON
alone is WGS 84, as RFC 7946 wants.
"""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from django.utils.translation import get_language, gettext
from pyarrow import parquet
from pyproj import CRS

from layers import geo
from layers.collections.base import Kind
from layers.reading.parcel_rows import ParcelRows
from layers.reading.statement import Statement, vn2000_words, wgs84_words
from layers.transfer.export_tables import stamped

LAYER = "thua_dat"
DEGREE_DECIMALS = 9  # a tenth of a millimetre
DBF_NAME = 10  # bytes
OWN_KEY = b"binhthuan"  # beside "geo", in the file's metadata
TYPES = {Kind.TEXT: pa.string(), Kind.INTEGER: pa.int32(), Kind.NUMBER: pa.float64(), Kind.DATE: pa.date32(),
         Kind.BOOLEAN: pa.bool_()}  # fmt: skip


def geojson(found: ParcelRows, said: Statement) -> bytes:
    """RFC 7946: WGS 84, outer rings counterclockwise, a feature a line; what the file says are foreign members."""
    moved = geo.transform_geometry(_geometries(found), geo.VN2000, geo.WGS84)
    rounded = shapely.transform(moved, lambda degrees: np.round(degrees, DEGREE_DECIMALS))
    shapes = shapely.to_geojson(shapely.orient_polygons(rounded))
    head = {"type": "FeatureCollection", "name": LAYER, **said.machine(wgs84_words())}
    features = []
    names, columns = zip(*_columns(found).items(), strict=True)
    for shape, *values in zip(shapes, *columns, strict=True):
        known = dict(zip(names, map(_plain, values), strict=True))
        words = json.dumps(known, ensure_ascii=False)
        features.append(
            f'{{"type": "Feature", "id": {json.dumps(known["key"])}, "properties": {words}, "geometry": {shape}}}'
        )
    opening = json.dumps(head, ensure_ascii=False).removesuffix("}")
    lines = ",\n".join(features)
    return f'{opening}, "features": [\n{lines}\n]}}\n'.encode()


def geopackage(found: ParcelRows, said: Statement) -> bytes:
    """One layer; its description says what it holds, gpkg_metadata the same by fixed names."""
    metadata = {name: str(value) for name, value in said.machine(vn2000_words()).items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parcels.gpkg"
        _write(
            _table(found), path, "GPKG", layer_metadata=metadata, dataset_metadata=metadata,
            layer_options={"IDENTIFIER": said.title, "DESCRIPTION": _words(said)},
        )  # fmt: skip
        _date_geopackage(path, said.exported_on)
        return path.read_bytes()


def shapefile(found: ParcelRows, said: Statement) -> bytes:
    """A .zip of .shp, .shx, .dbf, .prj, .cpg and README.txt, which gives the full names of the shortened fields."""
    table = _table(found)
    short = short_names(table.column_names[:-1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{LAYER}.shp"
        _write(
            table.rename_columns([*short.values(), table.column_names[-1]]), path, "ESRI Shapefile",
            encoding="UTF-8", layer_options={"RESIZE": "YES", "DBF_DATE_LAST_UPDATE":
                                             said.exported_on.isoformat()},
        )  # fmt: skip
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.writestr(stamped(part.name, said.exported_on), part.read_bytes())
            archive.writestr(stamped("README.txt", said.exported_on), _readme(found, said, short))
        return out.getvalue()


def geoparquet(found: ParcelRows, said: Statement) -> bytes:
    """GeoParquet 1.1 with WKB; the CRS as PROJJSON."""
    geometries = _geometries(found)
    column = {
        "encoding": "WKB",
        "geometry_types": ["Polygon"],
        "crs": CRS.from_epsg(geo.VN2000).to_json_dict(),
        "bbox": shapely.total_bounds(geometries).tolist(),
    }
    file_words = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    own = json.dumps(said.machine(vn2000_words()), ensure_ascii=False)
    table = _table(found).replace_schema_metadata({b"geo": json.dumps(file_words), OWN_KEY: own})
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd")
    return out.getvalue()


def short_names(names: list[str]) -> dict[str, str]:
    """A name of ten bytes at most for each, all different whatever their case; a number where two would be the same."""
    short: dict[str, str] = {}
    for name in names:
        taken = {each.lower() for each in short.values()}
        ascii_name = name.encode("ascii", "replace").decode().replace("?", "_")
        tries = [ascii_name[:DBF_NAME], *(f"{ascii_name[: DBF_NAME - len(str(n))]}{n}" for n in range(1, 1000))]
        short[name] = next(each for each in tries if each.lower() not in taken)
    return short


def _columns(found: ParcelRows) -> dict[str, list[object]]:
    """Values by machine name: key and commune first, the day of record last."""
    columns = {"key": [row.key for row in found.rows], "area_name": [row.area_name for row in found.rows]}
    columns |= {field.name: found.column(field.name) for field in found.fields}
    return columns | {"recorded_on": [row.recorded_on for row in found.rows]}


def _plain(value: object) -> object:
    """As JSON has it: a day in ISO 8601, a number of the database as a number."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.isoformat() if isinstance(value, date) else float(value)


def _table(found: ParcelRows) -> pa.Table:
    """Typed columns, geometry as WKB last."""
    kinds = {"key": Kind.TEXT, "area_name": Kind.TEXT, "recorded_on": Kind.DATE}
    kinds |= {field.name: field.kind for field in found.fields}
    columns = {
        name: pa.array(map(float_or_none, values) if kinds[name] is Kind.NUMBER else values, TYPES[kinds[name]])
        for name, values in _columns(found).items()
    }
    return pa.table({**columns, "geometry": pa.array(shapely.to_wkb(_geometries(found)), pa.binary())})


def float_or_none(value: object) -> float | None:
    return None if value is None else float(value)


def _geometries(found: ParcelRows) -> np.ndarray:
    return np.array([row.geometry for row in found.rows])


def _write(table: pa.Table, path: Path, driver: str, **more) -> None:
    pyogrio.write_arrow(
        table, path, layer=LAYER, driver=driver, geometry_name="geometry", geometry_type="Polygon",
        crs=f"EPSG:{geo.VN2000}", **more,
    )  # fmt: skip


def _date_geopackage(path: Path, day: date) -> None:
    """The day of export in place of the second of writing: the same rows give the same bytes."""
    moment = f"{day}T00:00:00.000Z"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE gpkg_contents SET last_change = ?", [moment])
        file.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", [moment])


def _words(said: Statement) -> str:
    return "\n".join(f"{what}: {words}" for what, words in said.lines(vn2000_words()))


def _readme(found: ParcelRows, said: Statement, short: dict[str, str]) -> bytes:
    """UTF-8 with a byte order mark and Windows' line ends: a plain editor shows it right."""
    titles = {"key": gettext("Mã bản ghi"), "area_name": gettext("Tên xã, phường")}
    titles |= {"recorded_on": gettext("Ngày ghi nhận")}
    titles |= {field.name: field.title for field in found.fields}
    lines = [_words(said), "", gettext("Các trường (tên rút gọn, tên đầy đủ, ý nghĩa):")]
    lines += [f"  {name:<10}  {full:<16}  {titles[full]}" for full, name in short.items()]
    choices = [f for f in found.fields if f.choices]
    if choices:
        lines += ["", gettext("Giá trị:")]
        lines += [f"  {short[f.name]}: {code} = {f.label(code)}" for f in choices for code, *_ in f.choices]
    if get_language() != "en":
        lines += ["", "Attributes are UTF-8 (.cpg); coordinates are VN-2000, see .prj."]
    text = "\r\n".join("\n".join(lines).split("\n"))
    return b"\xef\xbb\xbf" + (text + "\r\n").encode()
