"""A question in words of the active language, as the officer asked it; files and pages say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import get_language, gettext

from layers import geo, written
from layers.collections.areas import queries as areas
from layers.collections.base import Field
from layers.collections.parcels.queries import land_use_names
from layers.collections.planning_zones.themes import THEMES
from layers.reading.cql import Belongs, Compared, Drawn, Held, Joined, Node, Not, Placed

MOST_SAID = 6  # values named one by one; of more the number is said


def words(node: Node) -> str:
    """One sentence without a full stop. Names of units and land uses are looked up."""
    match node:
        case Joined():
            return _joined(node)
        case Not():
            return gettext("không phải (%(part)s)") % {"part": words(node.part)}
        case Compared():
            return _compared(node)
        case Belongs():
            return f"{node.derived.title}: {_listed(_names(node), len(node.values))}"
        case Placed():
            return _placed(node)


def _joined(node: Joined) -> str:
    joiner = gettext(" và ") if node.op == "and" else gettext(" hoặc ")
    parts = [
        f"({words(part)})" if isinstance(part, Joined) and len(part.parts) > 1 and len(node.parts) > 1 else words(part)
        for part in node.parts
    ]
    return joiner.join(parts)


def _compared(node: Compared) -> str:
    title = node.field.title
    if node.field.name == "key":
        return gettext("%(n)s thửa chọn trực tiếp") % {"n": written.number(len(node.values), get_language())}
    if node.op == "isNull":
        return gettext("%(title)s: không có") % {"title": title}
    values = [_value(node.field, value) for value in node.values[:MOST_SAID]]
    if node.op == "between":
        return gettext("%(title)s từ %(low)s đến %(high)s") % {"title": title, "low": values[0], "high": values[1]}
    if node.op in ("in", "="):
        return f"{title}: {_listed(values, len(node.values))}"
    signs = {"<>": "≠", "<=": "≤", ">=": "≥"}
    return f"{title} {signs.get(node.op, node.op)} {values[0]}"


def _value(field: Field, value: object) -> str:
    language = get_language()
    if isinstance(value, bool):
        return gettext("có") if value else gettext("không")
    if isinstance(value, date):
        return written.day(value, language)
    if isinstance(value, float):
        return f"{written.number(value, language)} {field.unit}".strip()
    if field.name.startswith("land_use"):
        name = land_use_names((value,)).get(str(value))
        return f"{value} ({name.name_en if language == 'en' else name.name_vi})" if name else str(value)
    return field.label(value)


def _listed(names: Sequence[str], count: int) -> str:
    said = gettext(" hoặc ").join(names[:MOST_SAID])
    if count <= MOST_SAID:
        return said
    return gettext("%(said)s và %(n)s giá trị khác") % {"said": said, "n": count - MOST_SAID}


def _names(node: Belongs) -> list[str]:
    return list(_units(node.values) if node.derived.name == "unit" else map(_zone, node.values[:MOST_SAID]))


def _units(keys: Sequence[str]) -> Iterator[str]:
    shown = tuple(keys[:MOST_SAID])
    held = areas.by_keys(shown)
    for key in shown:
        unit = held.get(key)
        if unit is None:
            yield key
        elif unit.valid_to:
            until = written.day(unit.valid_to, get_language())
            yield gettext("%(unit)s (trước %(day)s)") % {"unit": unit.full_name_vi, "day": until}
        else:
            yield unit.full_name_vi


def _zone(value: str) -> str:
    theme_id, _, code = value.partition(":")
    theme = next((each for each in THEMES if each.id == theme_id), None)
    if theme is None:
        return value
    title = theme.title_en if get_language() == "en" else theme.title_vi
    return f"{title} {code}" if code else title


def _placed(node: Placed) -> str:
    place = _drawn(node.place) if isinstance(node.place, Drawn) else _held(node.place)
    if node.op == "s_dwithin":
        metres = written.number(node.metres, get_language())
        return gettext("cách %(place)s không quá %(metres)s m") % {"place": place, "metres": metres}
    if node.op == "s_within":
        return gettext("nằm trọn trong %(place)s") % {"place": place}
    if isinstance(node.place, Drawn) and node.place.shape.geom_type == "Point":
        return gettext("tại %(place)s") % {"place": place}
    return gettext("có phần nằm trong %(place)s") % {"place": place}


def _drawn(place: Drawn) -> str:
    shape, language = place.shape, get_language()
    if shape.geom_type == "Point":
        east, north = geo.transform(shape.x, shape.y, geo.WGS84, geo.VN2000)
        return gettext("điểm X %(x)s, Y %(y)s (VN-2000)") % {"x": f"{north:.2f}", "y": f"{east:.2f}"}
    if shape.geom_type == "LineString":
        return gettext("đường vẽ")
    hectares = geo.transform_geometry(shape, geo.WGS84, geo.VN2000).area / 10_000
    return gettext("vùng vẽ rộng %(ha)s ha") % {"ha": written.number(hectares, language, 2)}


def _held(place: Held) -> str:
    return gettext("“%(key)s” của lớp %(title)s") % {"key": place.key, "title": place.collection.title}
