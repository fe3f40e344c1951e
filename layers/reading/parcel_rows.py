"""The parcels of a list of keys, as files and shared maps need them: one statement, in the order given.

Door: `parcel_rows`. What a file says of its parcels is in `layers.reading.statement`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.db import connection
from django.utils.translation import get_language, gettext
from shapely.geometry import Polygon

from layers import geo, written
from layers.access.reader import PUBLIC, Reader, readable, require, require_read, visible_fields, within_territory
from layers.access.roles import Action
from layers.collections.base import Field
from layers.collections.parcels.collection import PARCELS
from layers.errors import Invalid, NotFound

NAMED = 5  # so many keys at most stand in the sentence about unknown ones
LONGEST_KEY = 40
LABEL_TOLERANCE_M = 0.5  # for reading; identifiers are issued with a finer one


@dataclass(frozen=True)
class ParcelRow:
    """`values` in the order of the table's fields. `geometry` in the CRS of the cadastral sheets, as stored.

    `point` (east, north; metres) is about the deepest inside. `recorded_on`: since when the register says so.
    """

    key: str
    area_name: str
    values: tuple[object, ...]
    recorded_on: date
    geometry: Polygon
    point: tuple[float, float]


@dataclass(frozen=True)
class ParcelRows:
    """Parcels in the order asked for, with the fields their reader may see."""

    fields: tuple[Field, ...]
    rows: tuple[ParcelRow, ...]

    def column(self, name: str) -> list[object]:
        """The values of one field. Raises KeyError for a field this reader does not see."""
        at = {field.name: n for n, field in enumerate(self.fields)}[name]
        return [row.values[at] for row in self.rows]


def parcel_rows(keys: Sequence[str], reader: Reader, most: int) -> ParcelRows:
    """The parcels of `keys`, retired ones too; a key given twice counts once.

    Raises NotAllowed (role), Invalid (none, or more than `most`) or NotFound, naming the first unknown keys: nothing
    is left out in silence. Where parcels are not public, those outside the reader's territory are unknown as well.
    """
    require(reader, Action.USE_DESK)
    require_read(reader, PARCELS)
    wanted = list(dict.fromkeys(keys))
    _require_number(len(wanted), most)
    fields = visible_fields(reader, PARCELS)
    found = _read(wanted, fields, reader)
    held = {row[0] for row in found}
    if missing := [key for key in wanted if key not in held]:
        raise NotFound(_unknown(missing), parameter="keys")
    geometries = shapely.from_wkb([bytes(row[3]) for row in found])
    points = geo.label_points(geometries, LABEL_TOLERANCE_M).tolist()
    rows = (
        ParcelRow(row[0], row[1], row[4:], row[2], geometry, (round(point[0], 3), round(point[1], 3)))
        for row, geometry, point in zip(found, geometries, points, strict=True)
    )
    return ParcelRows(fields, tuple(rows))


def _read(keys: Sequence[str], fields: Sequence[Field], reader: Reader) -> list[tuple]:
    """(key, name of the commune, recorded on, WKB, *fields) of the keys that are held and may be read, in order."""
    columns = ", ".join(f't."{field.name}"' for field in fields)
    name = "coalesce(a.name_en, a.full_name_vi)" if get_language() == "en" else "a.full_name_vi"
    rule = None if readable(PUBLIC, PARCELS) else within_territory(reader)
    statement = f"""
        SELECT t.key, coalesce({name}, t.area_key), t.lifespan_begin::date, ST_AsBinary(t.geom), {columns}
        FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (key, place)
        JOIN {PARCELS.table} t ON t.key = wanted.key LEFT JOIN layers_area a ON a.key = t.area_key
        WHERE {rule.sql if rule else "TRUE"} ORDER BY wanted.place
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [[key for key in keys if "\x00" not in key], *(rule.params if rule else ())])
        return cursor.fetchall()


def _require_number(count: int, most: int) -> None:
    if not count:
        raise Invalid(gettext("Chưa chọn thửa đất nào. Hãy chọn ít nhất một thửa."), parameter="keys")
    if count > most:
        language = get_language() or "vi"
        raise Invalid(
            gettext("Đã chọn {count} thửa, nhiều hơn giới hạn {most} thửa của một tệp. Hãy thu hẹp lựa chọn.").format(
                count=written.number(count, language), most=written.number(most, language)
            ),
            parameter="keys",
        )


def _unknown(missing: Sequence[str]) -> str:
    named = ", ".join(key[:LONGEST_KEY].replace("\x00", "�") for key in missing[:NAMED])
    more = len(missing) - NAMED
    if readable(PUBLIC, PARCELS):
        sentence = gettext("Không có thửa đất: {keys}.")
    else:
        sentence = gettext("Không có, hoặc nằm ngoài địa bàn của bạn: {keys}.")
    sentence = sentence.format(keys=named)
    if more > 0:
        sentence += " " + gettext("Và {count} thửa nữa.").format(count=more)
    return sentence + " " + gettext("Hãy bỏ các thửa này rồi làm lại.")
