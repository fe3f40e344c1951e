"""The form that asks for parcels: what was filled in, and the question in CQL2 it means.

Conditions of one group hold together (and); several groups are alternatives (or); the place bounds them all. The form
is the same without scripts; a map only fills in the field of the drawn shape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields

from django.http import QueryDict
from django.utils.translation import gettext

from layers import geo_typed
from layers.access.reader import Reader
from layers.collections import registry
from layers.errors import Fault, Invalid
from layers.pages.cards import english
from layers.reading import named
from layers.reading.cql import FARTHEST_M
from layers.reading.search import search_parcels

MOST_GROUPS = 5
LONGEST = 500  # of a field that is no shape
PLACES = ("", "shape", "feature")
RELATIONS = ("part", "whole", "near")


@dataclass(frozen=True)
class Group:
    """One group of conditions as typed. Empty fields ask nothing."""

    unit: str = ""
    sheet_from: str = ""
    sheet_to: str = ""
    uses: str = ""
    legal_uses: str = ""
    area_from: str = ""
    area_to: str = ""
    legal_from: str = ""
    legal_to: str = ""
    certificate: str = ""
    status: str = ""
    theme: str = ""
    codes: str = ""


@dataclass(frozen=True)
class Form:
    """`shape`: GeoJSON, or corners one a line (one: a point; two: corners of a box). `layer` and `name`: a feature."""

    groups: tuple[Group, ...] = (Group(),)
    place: str = ""
    shape: str = ""
    layer: str = "planning_zones"
    name: str = ""
    relation: str = "part"
    metres: str = ""

    @property
    def numbered(self) -> tuple[tuple[int, Group], ...]:
        return tuple(enumerate(self.groups))

    def address(self) -> dict[str, str]:
        """The filled fields for an address, so that the form is as it was left; a long shape stays behind."""
        filled = {
            f"{number}-{field.name}": value
            for number, group in self.numbered
            for field in fields(Group)
            if (value := getattr(group, field.name))
        }
        for name in ("place", "shape", "layer", "name", "relation", "metres"):
            if self.place and len(value := getattr(self, name)) <= 1500 and value:
                filled[name] = value
        return filled


def read(data: QueryDict) -> Form:
    """What stands in the form; groups are numbered from 0 without a gap. Texts are cut, never refused here."""
    groups = []
    while len(groups) < MOST_GROUPS:
        number = len(groups)
        group = Group(*(data.get(f"{number}-{field.name}", "").strip()[:LONGEST] for field in fields(Group)))
        if group == Group() and number and f"{number}-unit" not in data:
            break
        groups.append(group)
    rest = {name: data.get(name, "").strip()[:LONGEST] for name in ("place", "layer", "name", "relation", "metres")}
    rest = {name: value for name, value in rest.items() if value}
    return Form(groups=tuple(groups), shape=data.get("shape", "").strip(), **rest)


def question(form: Form, reader: Reader) -> dict:
    """The question in CQL2. Raises Invalid; its parameter is the name of the field at fault."""
    groups = [parts for number, group in form.numbered if (parts := list(_conditions(number, group)))]
    parts = [_joined("or", [_joined("and", each) for each in groups])] if groups else []
    if form.place:
        parts.append(_placed(form, reader))
    if not parts:
        message = gettext("Hãy nêu ít nhất một điều kiện: xã, phường, loại đất, diện tích, vùng…")
        raise Invalid(message, parameter="0-unit")
    return _joined("and", parts)


def _joined(op: str, parts: list[dict]) -> dict:
    return parts[0] if len(parts) == 1 else {"op": op, "args": parts}


def _conditions(number: int, group: Group) -> Iterator[dict]:
    if group.unit:
        yield _in("unit", [group.unit])
    yield from _between("sheet_no", number, "sheet", group.sheet_from, group.sheet_to, whole=True)
    for name, text in (("land_use_now", group.uses), ("land_use_legal", group.legal_uses)):
        if codes := _codes(text):
            yield _in(name, codes)
    yield from _between("survey_area_m2", number, "area", group.area_from, group.area_to)
    yield from _between("legal_area_m2", number, "legal", group.legal_from, group.legal_to)
    if group.certificate == "unknown":
        yield {"op": "isNull", "args": [{"property": "certificate"}]}
    elif group.certificate:
        yield _in("certificate", [group.certificate])
    if group.status:
        yield _in("status", [group.status])
    if group.theme:
        yield _in("planning_zone", [f"{group.theme}:{code}" for code in _codes(group.codes) or [""]])
    elif group.codes:
        raise Invalid(gettext("Hãy chọn chuyên đề quy hoạch của các mã này."), parameter=f"{number}-theme")


def _in(name: str, values: list[str]) -> dict:
    return {"op": "in", "args": [{"property": name}, values]}


def _codes(text: str) -> list[str]:
    """`luc, LUK+CLN` → the codes in capitals, each once."""
    return list(dict.fromkeys(re.findall(r"[0-9A-Za-zĐđ]+", text.upper())))[:50]


def _between(name: str, number: int, field: str, low: str, high: str, *, whole: bool = False) -> Iterator[dict]:
    bounds = [_number(text, f"{number}-{field}_{end}", whole) for text, end in ((low, "from"), (high, "to"))]
    if None not in bounds and bounds[0] > bounds[1]:
        message = gettext("“Từ” phải nhỏ hơn hoặc bằng “đến”.")
        raise Invalid(message, parameter=f"{number}-{field}_from")
    target = {"property": name}
    if None not in bounds:
        yield {"op": "between", "args": [target, *bounds]}
    elif bounds[0] is not None:
        yield {"op": ">=", "args": [target, bounds[0]]}
    elif bounds[1] is not None:
        yield {"op": "<=", "args": [target, bounds[1]]}


def _number(text: str, field: str, whole: bool) -> float | int | None:
    """1.000,5 in Vietnamese, 1,000.5 in English; a mark that groups no thousands is the decimal one."""
    if not text:
        return None
    point, comma = (",", ".") if english() else (".", ",")
    plain = text.replace(" ", "")
    if re.fullmatch(rf"\d{{1,3}}(\{point}\d{{3}})+(\{comma}\d+)?", plain):
        plain = plain.replace(point, "")
    plain = plain.replace(",", ".")
    if not re.fullmatch(r"\d{1,9}" if whole else r"\d{1,9}(\.\d{1,6})?", plain):
        raise Invalid(gettext("“%(text)s” không phải là số.") % {"text": text[:40]}, parameter=field)
    return int(plain) if whole else float(plain)


# ---- the place


def _placed(form: Form, reader: Reader) -> dict:
    place = _feature(form, reader) if form.place == "feature" else _shape(form.shape)
    target = {"property": "geometry"}
    if form.relation == "near":
        metres = _number(form.metres, "metres", whole=False)
        if metres is None or metres > FARTHEST_M:
            message = gettext("Hãy ghi khoảng cách từ 0 đến %(most)s m.") % {"most": FARTHEST_M}
            raise Invalid(message, parameter="metres")
        return {"op": "s_dwithin", "args": [target, place, metres]}
    if form.relation == "whole":
        return {"op": "s_within", "args": [target, place]}
    points = place.get("type") == "Point" or (form.place == "feature" and registry.get(form.layer).geometry == "point")
    return {"op": "s_intersects" if points else "s_area_intersects", "args": [target, place]}


def _shape(text: str) -> dict:
    if not text:
        message = gettext("Hãy vẽ trên bản đồ, hoặc ghi tọa độ các đỉnh, mỗi dòng một điểm.")
        raise Invalid(message, parameter="shape")
    if text.startswith("{"):
        try:
            shape = json.loads(text)
        except (ValueError, RecursionError):
            raise Invalid(gettext("Không đọc được hình đã vẽ."), parameter="shape") from None
        if isinstance(shape, dict) and shape.get("type") == "Feature":
            shape = shape.get("geometry")
        return shape if isinstance(shape, dict) else {}
    return _from_corners([line.strip() for line in text.splitlines() if line.strip()])


def _from_corners(lines: list[str]) -> dict:
    corners = []
    for place, line in enumerate(lines[:2001], 1):
        point = geo_typed.parse_point(line)
        if point is None:
            words = {"n": place, "text": line[:40]}
            message = gettext("Dòng %(n)s “%(text)s” không phải là tọa độ. Ví dụ: 1208745 456084, hoặc 10.93, 108.1.")
            raise Invalid(message % words, parameter="shape")
        corners.append([point.longitude, point.latitude])
    if len(corners) == 1:
        return {"type": "Point", "coordinates": corners[0]}
    if len(corners) == 2:
        (west, south), (east, north) = corners
        corners = [[west, south], [east, south], [east, north], [west, north]]
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def _feature(form: Form, reader: Reader) -> dict:
    try:
        collection = registry.get(form.layer)
        found = _parcels(form.name, reader) if form.layer == "parcels" else None
        found = found if found is not None else named.named_features(collection, form.name, reader)
    except Fault as fault:
        raise Invalid(fault.message, parameter="layer") from None
    words = {"title": collection.title, "name": form.name[:60]}
    if not found:
        message = gettext("Lớp “%(title)s” không có đối tượng nào tên hoặc mã là “%(name)s”.")
        raise Invalid(message % words, parameter="name")
    if len(found) > 1:
        listed = "; ".join(f"{each.name} [{each.key}]" for each in found[: named.MOST])
        message = gettext("Nhiều đối tượng có tên gần như vậy. Hãy ghi mã của một trong số: %(listed)s.")
        raise Invalid(message % {"listed": listed}, parameter="name")
    return {"op": "feature", "args": [form.layer, found[0].key]}


def _parcels(text: str, reader: Reader) -> tuple[named.NamedFeature, ...] | None:
    """Parcels as the one box reads them; None where the text is no number of a parcel."""
    answer = search_parcels(text, reader).parcels
    if answer is None:
        return None
    return tuple(named.NamedFeature(hit.key, f"{hit.sheet_no}/{hit.parcel_no} {hit.unit.name}") for hit in answer.found)
