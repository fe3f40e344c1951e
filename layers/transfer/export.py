"""Parcels out as a file: door `export_parcels`. Each format states, inside the file, what it holds and since when.

Personal fields cannot leave: columns are the collection's, by `visible_fields`, and owners are no part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.text import slugify

from layers.access.reader import Reader
from layers.reading.parcel_rows import ParcelRows, parcel_rows
from layers.reading.statement import About, Statement, statement
from layers.transfer.export_dxf import dxf
from layers.transfer.export_maps import geojson, geopackage, geoparquet, shapefile
from layers.transfer.export_tables import csv_table, xlsx

MOST_PARCELS = 20_000
__all__ = ["MOST_PARCELS", "About", "Exported", "Format", "export_parcels"]


class Format(StrEnum):
    """Values as addresses name them."""

    CSV = "csv"
    XLSX = "xlsx"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    SHP = "shp"
    DXF = "dxf"
    GEOPARQUET = "parquet"


@dataclass(frozen=True)
class Exported:
    file_name: str
    media_type: str
    content: bytes
    count: int


@dataclass(frozen=True)
class _Writer:
    ending: str
    media_type: str
    write: Callable[[ParcelRows, Statement], bytes]


WRITERS = {
    Format.CSV: _Writer("csv", "text/csv; charset=utf-8", csv_table),
    Format.XLSX: _Writer("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    Format.GEOJSON: _Writer("geojson", "application/geo+json", geojson),
    Format.GPKG: _Writer("gpkg", "application/geopackage+sqlite3", geopackage),
    Format.SHP: _Writer("shp.zip", "application/zip", shapefile),
    Format.DXF: _Writer("dxf", "image/vnd.dxf", dxf),
    Format.GEOPARQUET: _Writer("parquet", "application/vnd.apache.parquet", geoparquet),
}


def export_parcels(keys: Sequence[str], form: Format, about: About, reader: Reader) -> Exported:
    """The parcels of `keys`, in that order, as one file in the active language. Reads only; may take seconds.

    Raises what `parcel_rows` raises: NotAllowed, Invalid for none or too many, NotFound naming unknown keys.
    """
    found = parcel_rows(keys, reader, MOST_PARCELS)
    said = statement(about, found)
    writer = WRITERS[form]
    content = writer.write(found, said)
    return Exported(f"{_name(said)}.{writer.ending}", writer.media_type, content, len(found.rows))


def _name(said: Statement) -> str:
    """ASCII, so that no browser or archive has to guess: chon-cua-toi-2026-11-25."""
    title = slugify(said.title.replace("đ", "d").replace("Đ", "D"))[:60].strip("-")
    return f"{title or 'thua-dat'}-{said.exported_on}"
