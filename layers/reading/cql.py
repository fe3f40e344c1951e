"""Questions in CQL2 (OGC 21-065r2), its JSON form: text from outside in, a checked tree out. Door: `parse`.

Held are and, or, not; =, <>, <, <=, >, >=, in, between, isNull; s_intersects and s_within. Beside the standard stand
two operators that officers need and CQL2 lacks: `s_area_intersects` (ground is shared, not only a boundary) and
`s_dwithin` (geometry, another geometry, metres). A geometry is GeoJSON in WGS 84, or a feature we hold:
`{"op": "feature", "args": ["planning_zones", "zone-1"]}`. `key` is every collection's natural key.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date

import shapely
from django.utils.translation import gettext
from shapely.geometry.base import BaseGeometry

from layers import geo
from layers.access.reader import Reader, visible_fields
from layers.collections import registry
from layers.collections.base import Collection, Derived, Field, Kind
from layers.errors import Fault, Invalid

LONGEST = 200_000  # letters of the whole question
DEEPEST = 8
MOST_PARTS = 60
MOST_VALUES = 200
MOST_KEYS = 20_000
MOST_CORNERS = 2_000
FARTHEST_M = 5_000
KEY = Field("key", "Khóa", "Key")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
PLACES = ("s_intersects", "s_within", "s_area_intersects", "s_dwithin")
_AROUND_DEGREES = 3.0  # a geometry farther from the province than this is a mistake


@dataclass(frozen=True)
class Joined:
    """Parts joined by `and` or `or`."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    part: Node


@dataclass(frozen=True)
class Compared:
    """A stored field; `op` is one of COMPARISONS, `in`, `between` or `isNull`. Values are of the field's kind."""

    field: Field
    op: str
    values: tuple[object, ...]


@dataclass(frozen=True)
class Belongs:
    """A derived property is any of the values."""

    derived: Derived
    values: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """A geometry in WGS 84."""

    shape: BaseGeometry


@dataclass(frozen=True)
class Held:
    """A feature of ours, by collection and key. Whether it is there is seen when the question is asked."""

    collection: Collection
    key: str


@dataclass(frozen=True)
class Placed:
    """Where the feature must lie: `op` is one of PLACES, `metres` only for s_dwithin."""

    op: str
    place: Drawn | Held
    metres: float = 0.0


Node = Joined | Not | Compared | Belongs | Placed


def parse(text: str, collection: Collection, reader: Reader) -> Node:
    """The question about `collection`. Raises Invalid (parameter `filter`), whose sentence names the part at fault."""
    if len(text) > LONGEST:
        raise _fault(gettext("Câu hỏi dài quá 200.000 ký tự."))
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise _fault(gettext("Câu hỏi không phải là JSON theo CQL2.")) from None
    return _Parser(collection, reader).node(given, 1)


def mentions(node: Node, *names: str) -> bool:
    """Whether the question speaks of any of these properties."""
    match node:
        case Joined():
            return any(mentions(part, *names) for part in node.parts)
        case Not():
            return mentions(node.part, *names)
        case Compared():
            return node.field.name in names
        case Belongs():
            return node.derived.name in names
    return False


def _fault(message: str) -> Invalid:
    return Invalid(message, parameter="filter")


class _Parser:
    def __init__(self, collection: Collection, reader: Reader) -> None:
        self.collection = collection
        self.fields = {field.name: field for field in (KEY, *visible_fields(reader, collection))}
        self.parts = 0

    def node(self, given: object, depth: int) -> Node:
        self.parts += 1
        if depth > DEEPEST or self.parts > MOST_PARTS:
            message = gettext("Câu hỏi có hơn %(parts)s điều kiện hoặc lồng nhau hơn %(depth)s tầng.")
            raise _fault(message % {"parts": MOST_PARTS, "depth": DEEPEST})
        op, args = _call(given)
        if op in ("and", "or"):
            if len(args) < 1:
                raise _fault(gettext("“%(op)s” cần ít nhất một điều kiện.") % {"op": op})
            return Joined(op, tuple(self.node(arg, depth + 1) for arg in args))
        if op == "not":
            return Not(self.node(_only(args, 1, op)[0], depth + 1))
        if op in PLACES:
            return self.placed(op, args)
        return self.compared(op, args)

    def compared(self, op: str, args: list) -> Compared | Belongs:
        if op not in (*COMPARISONS, "in", "between", "isNull"):
            raise _fault(gettext("Không có phép “%(op)s”.") % {"op": op[:40]})
        name = _property(args[0] if args else None)
        if derived := self.collection.derived_property(name):
            return Belongs(derived, tuple(map(_word, _belonging(op, args))))
        field = self.fields.get(name)
        if field is None:
            known = ", ".join([*self.fields, *(each.name for each in self.collection.derived)])
            raise _fault(
                gettext("Không hỏi được theo “%(name)s”. Có: %(known)s.") % {"name": name[:40], "known": known}
            )
        return Compared(field, op, tuple(_typed(field, value) for value in _operands(op, args, field)))

    def placed(self, op: str, args: list) -> Placed:
        _only(args, 3 if op == "s_dwithin" else 2, op)
        if _property(args[0]) != "geometry":
            raise _fault(gettext("“%(op)s” hỏi về “geometry”.") % {"op": op})
        return Placed(op, _place(args[1]), _metres(args[2]) if op == "s_dwithin" else 0.0)


def _call(given: object) -> tuple[str, list]:
    if not isinstance(given, dict) or not isinstance(given.get("op"), str) or not isinstance(given.get("args"), list):
        raise _fault(gettext('Mỗi điều kiện phải có dạng {"op": …, "args": […]}.'))
    return given["op"], given["args"]


def _only(args: list, count: int, op: str) -> list:
    if len(args) != count:
        raise _fault(gettext("“%(op)s” cần %(count)s thành phần.") % {"op": op, "count": count})
    return args


def _property(given: object) -> str:
    name = given.get("property") if isinstance(given, dict) else None
    if not isinstance(name, str):
        raise _fault(gettext('Thành phần đầu phải là {"property": …}.'))
    return name


def _belonging(op: str, args: list) -> list:
    if op == "=":
        return [_only(args, 2, op)[1]]
    if op != "in":
        raise _fault(gettext("Với tính chất này chỉ hỏi được bằng “=” hoặc “in”."))
    return _listed(args, MOST_VALUES)


def _operands(op: str, args: list, field: Field) -> list:
    if op == "isNull":
        return _only(args, 1, op)[1:]
    if op == "in":
        return _listed(args, MOST_KEYS if field is KEY else MOST_VALUES)
    values = _only(args, 3 if op == "between" else 2, op)[1:]
    if op not in ("=", "<>") and field.kind in (Kind.TEXT, Kind.BOOLEAN):
        raise _fault(gettext("“%(title)s” không so sánh lớn nhỏ được.") % {"title": field.title})
    return values


def _listed(args: list, most: int) -> list:
    values = _only(args, 2, "in")[1]
    if not isinstance(values, list) or not 1 <= len(values) <= most:
        raise _fault(gettext("“in” cần danh sách từ 1 đến %(most)s giá trị.") % {"most": most})
    return values


def _typed(field: Field, value: object) -> object:
    if field.kind is Kind.INTEGER and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31:
        return value
    if field.kind is Kind.NUMBER and isinstance(value, (int, float)) and not isinstance(value, bool):
        if math.isfinite(value) and abs(value) < 1e12:
            return float(value)
    elif field.kind is Kind.BOOLEAN and isinstance(value, bool):
        return value
    elif field.kind is Kind.DATE and isinstance(value, str):
        return _day(field, value)
    elif field.kind is Kind.TEXT:
        return _word(value)
    message = gettext("Giá trị %(value)s không hợp với “%(title)s”.")
    raise _fault(message % {"value": json.dumps(value, ensure_ascii=False)[:40], "title": field.title})


def _day(field: Field, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _fault(gettext("“%(text)s” không phải là một ngày.") % {"text": text[:40]}) from None


def _word(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 200 or "\x00" in value:
        raise _fault(gettext("Giá trị phải là chữ, không quá 200 ký tự."))
    return value


def _metres(given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 <= given <= FARTHEST_M:
        raise _fault(gettext("Khoảng cách phải từ 0 đến %(most)s m.") % {"most": FARTHEST_M})
    return float(given)


def _place(given: object) -> Drawn | Held:
    if isinstance(given, dict) and given.get("op") == "feature":
        collection_id, key = (_word(arg) for arg in _only(_call(given)[1], 2, "feature"))
        try:
            return Held(registry.get(collection_id), key)
        except Fault as fault:
            raise _fault(fault.message) from None
    return Drawn(_shape(given))


def _shape(given: object) -> BaseGeometry:
    """A GeoJSON geometry, refused where it is none, lies far away, has too many corners, or crosses itself."""
    if not isinstance(given, dict) or given.get("type") not in ("Point", "LineString", "Polygon", "MultiPolygon"):
        raise _fault(gettext("Hình phải là Point, LineString, Polygon hoặc MultiPolygon của GeoJSON."))
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(given)))
    except (shapely.errors.ShapelyError, ValueError):
        raise _fault(gettext("Không đọc được hình: tọa độ thiếu, thừa hoặc vòng không khép.")) from None
    corners = shapely.get_coordinates(shape)
    if not 1 <= len(corners) <= MOST_CORNERS:
        message = gettext("Hình có %(n)s đỉnh; phải từ 1 đến %(most)s.")
        raise _fault(message % {"n": len(corners), "most": MOST_CORNERS})
    _require_near(corners)
    if not shape.is_valid:
        message = gettext("Hình tự cắt hoặc trùng cạnh (%(why)s). Hãy vẽ lại.")
        raise _fault(message % {"why": shapely.is_valid_reason(shape)})
    if shape.geom_type.endswith("Polygon") and shape.area == 0:
        raise _fault(gettext("Vùng này không có diện tích. Hãy vẽ lại."))
    return shape


def _require_near(corners) -> None:
    west, south, east, north = geo.province_bounds()
    x, y = corners[:, 0], corners[:, 1]
    if not (
        (x >= west - _AROUND_DEGREES).all() and (x <= east + _AROUND_DEGREES).all()
        and (y >= south - _AROUND_DEGREES).all() and (y <= north + _AROUND_DEGREES).all()
    ):  # fmt: skip
        raise _fault(gettext("Hình nằm xa tỉnh. Tọa độ phải là kinh độ, vĩ độ (WGS 84)."))
