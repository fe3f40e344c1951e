"""A selection of parcels as one HTML file with a map, to be opened from disk, mailed or printed: door `shared_map`.

The file asks no host for anything: Leaflet stands in it as text, the ground is the outline of the land. Only the
scripts and styles that were put in here may run; the policy names them by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

import folium
import numpy as np
import shapely
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from layers import geo, written
from layers.access.reader import Reader
from layers.collections.parcels.queries import LandUseName, land_use_names
from layers.errors import Unavailable
from layers.reading.parcel_rows import ParcelRow, ParcelRows, parcel_rows
from layers.reading.statement import About, statement, vn2000_words
from layers.reports.land_colours import colour_of, land_colours

MOST_PARCELS = 5_000
DEGREE_DECIMALS = 8  # a millimetre
LAND_TOLERANCE = 0.0005  # degrees
NEAREST_ZOOM = 21
MAP_ID = "map_parcels"
STYLE, SCRIPT = (Path(__file__).with_name(f"shared_map.{kind}") for kind in ("css", "js"))


@dataclass(frozen=True)
class Sight:
    """A parcel in the list and its popup. `short`: sheet/number; `cells`: (words, whether they are a number)."""

    anchor: str
    name: str
    short: str
    code: str
    retired: bool
    cells: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class UseLine:
    """A line of the legend."""

    code: str
    name: str
    color: str
    count: str
    area: str


def shared_map(keys: Sequence[str], about: About, reader: Reader) -> bytes:
    """The parcels of `keys` as HTML (UTF-8) in the active language. Reads only.

    Raises what `parcel_rows` raises (NotAllowed, Invalid, NotFound), and Unavailable without the built front end.
    """
    found = parcel_rows(keys, reader, MOST_PARCELS)
    said = statement(about, found)
    rows = [_sight(n, row, found) for n, row in enumerate(found.rows, 1)]
    colours = land_colours()
    scripts = [_asset("leaflet.js"), _map_script(found, rows, colours)]
    styles = [_asset("leaflet.css"), STYLE.read_text(encoding="utf-8")]
    context = {
        "language": get_language() or "vi",
        "policy": _policy(scripts, styles),
        "said": said,
        "lines": [line for line in said.lines(vn2000_words()) if line[1] not in (said.title, said.notice)],
        "map_id": MAP_ID,
        "legend": _legend(found, colours),
        "total": _sums(found.column("survey_area_m2")),
        "retired": any(row.retired for row in rows),
        "heads": _heads(),
        "rows": rows,
        "scripts": _elements("script", scripts),
        "styles": _elements("style", styles),
    }
    return render_to_string("reports/shared_map.html", context).encode()


# --- what is said of each parcel ------------------------------------------------------------------------------------


def _heads() -> tuple[tuple[str, bool], ...]:
    return (
        (gettext("Thửa"), False),
        (gettext("Tên xã, phường"), False),
        (gettext("Mã thửa đất"), False),
        (gettext("Diện tích pháp lý (m²)"), True),
        (gettext("Diện tích đo đạc (m²)"), True),
        (gettext("Hiện trạng"), False),
        (gettext("Loại đất trên giấy"), False),
        (gettext("Giấy chứng nhận"), False),
        (gettext("Trạng thái"), False),
        (gettext("X – bắc (m)"), True),
        (gettext("Y – đông (m)"), True),
    )


def _sight(number: int, row: ParcelRow, found: ParcelRows) -> Sight:
    known = {field.name: (field, value) for field, value in zip(found.fields, row.values, strict=True)}

    def words(name: str) -> tuple[str, bool]:
        field, value = known[name]
        return field.label(value), False

    def area(name: str) -> tuple[str, bool]:
        value = known[name][1]
        return ("" if value is None else _number(value, 1)), True

    east, north = row.point
    cells = (
        (row.area_name, False), words("geohash"), area("legal_area_m2"), area("survey_area_m2"),
        words("land_use_now"), words("land_use_legal"), words("certificate"), words("status"),
        (_number(north, 2), True), (_number(east, 2), True),
    )  # fmt: skip
    sheet, no = known["sheet_no"][1], known["parcel_no"][1]
    name = gettext("Thửa %(number)s, tờ %(sheet)s") % {"number": no, "sheet": sheet}
    return Sight(
        f"thua-{number}", name, f"{sheet}/{no}", code=str(known["land_use_now"][1]),
        retired=known["status"][1] == "retired", cells=cells,
    )  # fmt: skip


def _legend(found: ParcelRows, colours: dict[str, str]) -> list[UseLine]:
    """Land types as they are now, the largest first."""
    codes, areas = found.column("land_use_now"), found.column("survey_area_m2")
    by_code: dict[str, list[float]] = {}
    for code, area in zip(codes, areas, strict=True):
        by_code.setdefault(str(code), []).append(area)
    names = land_use_names(tuple(by_code))
    largest_first = sorted(by_code.items(), key=lambda item: (-sum(item[1]), item[0]))
    return [
        UseLine(code, _name(names.get(code)), colour_of(code, colours), **_sums(areas))
        for code, areas in largest_first
    ]  # fmt: skip


def _sums(areas: Sequence[float]) -> dict[str, str]:
    return {"count": _number(len(areas), 0), "area": _number(sum(areas), 1)}


def _name(use: LandUseName | None) -> str:
    if use is None:
        return gettext("mã không có trong danh mục")
    return use.name_en if get_language() == "en" else use.name_vi


def _number(value: float, decimals: int) -> str:
    return written.number(value, get_language() or "vi", decimals)


# --- the map --------------------------------------------------------------------------------------------------------


def _map_script(found: ParcelRows, rows: list[Sight], colours: dict[str, str]) -> str:
    """What folium writes for the map, without the page and the addresses it would put around it."""
    moved = geo.transform_geometry(np.array([row.geometry for row in found.rows]), geo.VN2000, geo.WGS84)
    shapes = shapely.transform(moved, lambda degrees: np.round(degrees, DEGREE_DECIMALS))
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    drawn = folium.Map(
        location=((south + north) / 2, (west + east) / 2), tiles=None, zoom_control=False, attributionControl=False,
        zoomSnap=0.5,
    )  # fmt: skip
    drawn._id = MAP_ID.removeprefix("map_")
    ground = {"fillColor": "#f6f1e6", "fillOpacity": 1, "stroke": False}
    folium.GeoJson(_land(), style_function=lambda _: ground, interactive=False).add_to(drawn)
    parcels = _parcel_layer(shapes, rows, colours).add_to(drawn)
    drawn.fit_bounds([[south, west], [north, east]], padding=(20, 20), max_zoom=NEAREST_ZOOM)
    figure = drawn.get_root()
    figure.render()
    words = json.dumps({"in": gettext("Phóng to"), "out": gettext("Thu nhỏ"), "nearest": NEAREST_ZOOM})
    parts = [
        "var L_NO_TOUCH = false, L_DISABLE_3D = false;",
        figure.script.render(),
        SCRIPT.read_text(encoding="utf-8"),
        f"tend({MAP_ID}, {parcels.get_name()}, {words});",
    ]
    return "\n".join(parts)


def _parcel_layer(shapes: Sequence, rows: list[Sight], colours: dict[str, str]) -> folium.GeoJson:
    """Every text is escaped here: folium puts properties into the page as they are."""
    titles = [title for title, _ in _heads()]
    names = [f"c{n}" for n in range(len(titles))]
    features = [
        {
            "type": "Feature",
            "id": row.anchor,
            "geometry": shapely.geometry.mapping(shape),
            "properties": {
                names[0]: f'<a href="#{row.anchor}">{escape(row.name)}</a>',
                **{name: escape(words) for name, (words, _) in zip(names[1:], row.cells, strict=True)},
                "label": f"{escape(row.short)}<br>{escape(row.code)}",
                "colour": colour_of(row.code, colours),
                "dash": "6 4" if row.retired else "",
            },
        }
        for shape, row in zip(shapes, rows, strict=True)
    ]
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: {
            "fillColor": feature["properties"]["colour"], "fillOpacity": 0.75, "color": "#3b2f1e", "weight": 0.7,
            "dashArray": feature["properties"]["dash"],
        },
        highlight_function=lambda _: {"weight": 3},
    )  # fmt: skip
    folium.GeoJsonPopup(fields=names, aliases=list(map(escape, titles)), localize=False, maxWidth=360).add_to(layer)
    return layer


@lru_cache
def _land() -> dict[str, object]:
    """The outline that the site's own base map has, simplified. Raises Unavailable where it was not built."""
    features = json.loads(_built("land.geojson"))["features"]
    shapes = shapely.from_geojson([json.dumps(each["geometry"]) for each in features])
    land = shapely.make_valid(shapely.union_all(shapely.simplify(shapes, LAND_TOLERANCE)))
    return json.loads(shapely.to_geojson(shapely.set_precision(land, 0.00001)))


# --- scripts, styles, policy ----------------------------------------------------------------------------------------


def _asset(name: str) -> str:
    """Leaflet's text without what would ask for other files: its images and its source map."""
    text = re.sub(r"url\(images/[^)]*\)", "none", _built(f"leaflet/{name}"))
    return re.sub(r"\n//# sourceMappingURL=.*", "", text)


def _built(name: str) -> str:
    path = settings.FRONTEND_DIST / name
    if not path.exists():
        raise Unavailable(f"The front end is not built: {name} is missing. Run npm run build in layers/frontend.")
    return path.read_text(encoding="utf-8")


def _elements(tag: str, texts: Sequence[str]) -> SafeString:
    """Elements with exactly these texts: a letter more, and the policy would not let them run."""
    for text in texts:
        if re.search(rf"</{tag}|<!--", text, re.IGNORECASE):
            raise ValueError(f"a text that ends its own <{tag}>")  # ours are escaped; this must never happen
    return mark_safe("\n".join(f"<{tag}>{text}</{tag}>" for text in texts))


def _policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Nothing may be loaded; only these texts may run. Leaflet sets styles by script, which needs no leave."""
    hashes = {"script-src": scripts, "style-src": styles}
    named = [f"{kind} {' '.join(map(_hash, texts))}" for kind, texts in hashes.items()]
    return "; ".join(["default-src 'none'", *named, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
