"""Gathers what the rules look at, in two statements for any number of rules and features.

One statement reads attributes and the commune of the day; one reads, for every layer that any rule asks, what meets
the site and how far the layer was checked there. Areas are computed in the layer's CRS (VN-2000), never in 3857.
A layer that fails is asked again alone, each in its own savepoint, and comes back as failed: it never says no.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.gis.db.models import GeometryField
from django.db import DatabaseError, connection, transaction

from layers import geo
from layers.access.reader import Reader, readable, require_read, visible_fields
from layers.collections import registry
from layers.collections.base import Collection
from layers.collections.planning_zones.themes import LAND_USE_PLAN
from layers.collections.validity import valid_sql
from layers.procedures.observed import Facts, LayerSeen, Overlap
from layers.procedures.rule import Rule

ON = "%(on)s"  # in every statement here: the day asked about
BATCH = 2_000
# Rules that ask planning_zones mean the land-use plan. Zones of other themes stand in the same table.
_ONLY = {"planning_zones": f" AND z.theme = '{LAND_USE_PLAN}'"}

# How the commune of the day is found: by what the row says, and only else by its place.
_HEIR = "(SELECT h.codes[1] FROM heirs h WHERE h.origin = t.area_key AND cardinality(h.codes) = 1)"
_PLACE = f"ST_Covers(a.geom, ST_Transform(ST_PointOnSurface(t.geom), {geo.WGS84}))"
_AREA_CONDITION = {
    "tourism_sites": "a.key = t.commune_2015_key OR (a.code = t.area_2025_code AND a.valid_from >= '2025-07-01')",
    "agencies": "a.key = t.area_key",
    "areas": "a.key = t.key",
    "parcels": f"a.code = {_HEIR} OR ({_HEIR} IS NULL AND {_PLACE})",
    "planning_zones": _PLACE,
}
_FOUND_BY_PLACE = {"parcels": f"{_HEIR} IS NULL", "planning_zones": "true"}
_HEIRS = f"""
follow(origin, current) AS (
    SELECT key, key FROM layers_area
    UNION SELECT f.origin, s.to_key FROM follow f
    JOIN layers_succession s ON s.from_key = f.current AND s.effective <= %(on)s AND s.to_key IS NOT NULL),
heirs AS (
    SELECT f.origin, array_agg(DISTINCT a.code) AS codes FROM follow f JOIN layers_area a ON a.key = f.current
    WHERE a.level = 'commune' AND {valid_sql("a", ON)} GROUP BY f.origin)"""


@dataclass(frozen=True)
class Asked:
    """What a set of rules asks of layers: for each layer, the widest tolerance of a point test in metres."""

    layers: Mapping[str, float]

    @classmethod
    def by(cls, rules: Sequence[Rule], collection_id: str) -> Asked:
        layers: dict[str, float] = {}
        for rule in rules:
            if rule.where is not None and collection_id in rule.targets:
                layers[rule.where.layer] = max(layers.get(rule.where.layer, 0.0), rule.where.tolerance_m)
        return cls(dict(sorted(layers.items())))


def gather(collection_id: str, keys: Sequence[str], *, on: date, asked: Asked, reader: Reader) -> list[Facts]:
    """Facts of the features with these keys, in key order; a key that is not held is left out.

    Two SQL statements (and one savepoint when a layer is asked). Fields this reader may not see are not read: rules
    that look at them answer `not enough data`."""
    collection = registry.get(collection_id)
    require_read(reader, collection)
    columns = _columns(collection, reader)
    rows = _attribute_rows(collection, columns, list(keys), on)
    layers = _layers(collection, [row[0] for row in rows], on, asked, reader)
    return [_facts(collection, columns, row, on, layers.get(row[0], {}), asked) for row in rows]


def all_keys(collection_id: str) -> list[str]:
    """Every key of a collection, sorted."""
    return list(registry.get(collection_id).model._default_manager.order_by("key").values_list("key", flat=True))


def gather_batches(
    collection_id: str, keys: Sequence[str], *, on: date, asked: Asked, reader: Reader
) -> Iterator[list[Facts]]:
    """Facts of many features, a batch at a time: the same two statements for each."""
    for start in range(0, len(keys), BATCH):
        yield gather(collection_id, keys[start : start + BATCH], on=on, asked=asked, reader=reader)


def _columns(collection: Collection, reader: Reader) -> list[str]:
    held = {field.column for field in collection.model._meta.concrete_fields if not isinstance(field, GeometryField)}
    return [field.name for field in visible_fields(reader, collection) if field.name in held]


def _attribute_rows(collection: Collection, columns: list[str], keys: list[str], on: date) -> list[tuple]:
    """key, data date, in force, sheet area in force, commune code, whether an approximate outline told it, columns."""
    parcels = collection.id == "parcels"
    sheet = f"(SELECT {valid_sql('s', ON)} FROM layers_area s WHERE s.key = t.area_key)" if parcels else "NULL"
    by_place = _FOUND_BY_PLACE.get(collection.id, "false")
    sql = f"""
        WITH RECURSIVE {_HEIRS if parcels else "unused AS (SELECT 1)"}
        SELECT t.key, t.lifespan_begin::date, {valid_sql("t", ON)}, {sheet},
               area.code, area.approximate AND {by_place},
               {", ".join(f't."{name}"' for name in columns)}
        FROM {collection.table} t LEFT JOIN LATERAL (
            SELECT a.code, a.approximate FROM layers_area a
            WHERE a.level = 'commune' AND {valid_sql("a", ON)} AND ({_AREA_CONDITION[collection.id]})
            ORDER BY a.code LIMIT 1) area ON true
        WHERE t.key = ANY(%(keys)s) ORDER BY t.key"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": on, "keys": keys})
        return cursor.fetchall()


def _facts(
    collection: Collection, columns: list[str], row: tuple, on: date, layers: Mapping[str, LayerSeen], asked: Asked
) -> Facts:
    key, data_date, in_force, sheet_in_force, area_code, approximate, *values = row
    attributes = {
        name: float(value) if isinstance(value, Decimal) else value for name, value in zip(columns, values, strict=True)
    }
    attributes |= {"key": key, "in_force": in_force}
    if collection.id == "parcels":
        attributes["sheet_area_in_force"] = sheet_in_force
    return Facts(
        collection.id,
        key,
        on,
        attributes,
        {layer: layers.get(layer, LayerSeen()) for layer in asked.layers},
        data_date=data_date,
        area_code=area_code,
        area_approximate=bool(approximate),
    )


def _layers(
    collection: Collection, keys: list[str], on: date, asked: Asked, reader: Reader
) -> dict[str, dict[str, LayerSeen]]:
    """Per key and layer what is there. A layer that fails, or that the reader may not read, is failed for every key;
    the others stay."""
    if not keys or not asked.layers:
        return {}
    statements = {
        layer: _layer_sql(collection, layer, reader) for layer in asked.layers if readable(reader, registry.get(layer))
    }
    hidden = {layer: LayerSeen(failed=True) for layer in asked.layers if layer not in statements}
    found = _read(statements, keys, on, asked) if statements else {}
    return {key: {**found.get(key, {}), **hidden} for key in keys}


def _read(statements: Mapping[str, str], keys: list[str], on: date, asked: Asked) -> dict[str, dict[str, LayerSeen]]:
    try:
        return _read_layers(list(statements.values()), keys, on, asked)
    except DatabaseError:
        return _read_one_by_one(statements, keys, on, asked)


def _read_one_by_one(statements: Mapping[str, str], keys: list[str], on: date, asked: Asked) -> dict:
    found: dict[str, dict[str, LayerSeen]] = defaultdict(dict)
    for layer, sql in statements.items():
        try:
            for key, layers in _read_layers([sql], keys, on, asked).items():
                found[key].update(layers)
        except DatabaseError:
            for key in keys:
                found[key][layer] = LayerSeen(failed=True)
    return found


def _read_layers(statements: list[str], keys: list[str], on: date, asked: Asked) -> dict[str, dict[str, LayerSeen]]:
    """Runs in a savepoint: a fault in it leaves the transaction around it usable. Raises DatabaseError."""
    tolerances = {f"tolerance_{layer}": tolerance for layer, tolerance in asked.layers.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), {"on": on, "keys": keys, **tolerances})
        rows = cursor.fetchall()
    overlaps: dict[tuple[str, str], list[Overlap]] = defaultdict(list)
    coverage: dict[tuple[str, str], tuple] = {}
    for kind, layer, key, other, text, area_m2, share, edge_m, inside, data_date in rows:
        attributes = json.loads(text)  # Django leaves jsonb of a raw cursor as text
        if kind == "coverage":
            coverage[key, layer] = (share, data_date, attributes["checked_by"], attributes["quality"])
        else:
            overlaps[key, layer].append(
                Overlap(other, attributes, area_m2 or 0.0, share or 0.0, edge_m, inside, data_date)
            )
    found: dict[str, dict[str, LayerSeen]] = defaultdict(dict)
    for key, layer in {*overlaps, *coverage}:
        covered, checked_on, checked_by, quality = coverage.get((key, layer), (0.0, None, "", ""))
        met = tuple(sorted(overlaps[key, layer], key=lambda overlap: (-overlap.area_m2, overlap.key)))
        found[key][layer] = LayerSeen(False, covered, checked_on, checked_by, quality, met)
    return found


def _layer_sql(collection: Collection, layer_id: str, reader: Reader) -> str:
    """Overlaps and coverage of one layer for the keys asked. Names come from the declarations, values are parameters.

    The site is transformed to the layer's CRS, never the layer. Coverage counts only where its date is not later."""
    layer = registry.get(layer_id)
    fields = [f.name for f in visible_fields(reader, layer) if f.name not in ("synthetic",)]
    attributes = "jsonb_build_object(" + ", ".join(f"'{name}', z.\"{name}\"" for name in fields) + ")"
    point = collection.geometry == "point"
    site = f"""site AS (SELECT t.key, ST_Transform(t.geom, {layer.srid}) AS g,
        {_reach(collection, layer_id)} AS reach FROM {collection.table} t
        WHERE t.key = ANY(%(keys)s) AND t.geom IS NOT NULL)"""
    same = " AND z.key <> s.key" if layer_id == collection.id else ""
    same += _ONLY.get(layer_id, "")
    if point:
        meets, measures = (
            "ST_DWithin(z.geom, s.g, s.reach)",
            ("NULL::float8, NULL::float8, ST_Distance(ST_Boundary(z.geom), s.g), ST_Covers(z.geom, s.g)"),
        )
        site_area = "ST_Buffer(s.g, s.reach)"  # checked where the point may really be, not only where it is drawn
    else:
        meets, measures = (
            "ST_Intersects(z.geom, s.g)",
            ("ST_Area(i.g), ST_Area(i.g) / NULLIF(ST_Area(s.g), 0), NULL::float8, true"),
        )
        site_area = "s.g"
    share = (
        f"CASE WHEN bool_or(ST_Covers(c.geom, {site_area})) THEN 1.0 ELSE coalesce("
        f"ST_Area(ST_Intersection({site_area}, ST_Union(c.geom))) / NULLIF(ST_Area({site_area}), 0), 0) END"
    )
    cut = "" if point else "CROSS JOIN LATERAL (SELECT ST_Intersection(z.geom, s.g) AS g) i"
    return f"""(WITH {site}
        SELECT 'overlap' AS kind, '{layer_id}' AS layer, s.key, z.key, {attributes}, {measures}, z.lifespan_begin::date
        FROM site s JOIN {layer.table} z ON {meets}{same} AND {valid_sql("z", ON)} {cut}
        UNION ALL
        SELECT 'coverage', '{layer_id}', s.key, NULL,
            jsonb_build_object('checked_by', min(c.checked_by), 'quality', min(c.quality)),
            NULL, {share}, NULL, NULL, min(c.checked_on)
        FROM site s JOIN layers_coverage c ON c.layer = '{layer_id}'
            AND ST_Intersects(c.geom, ST_Transform({site_area}, {geo.VN2000})) AND {valid_sql("c", ON)}
        GROUP BY s.key, s.g, s.reach)"""


def _reach(collection: Collection, layer_id: str) -> str:
    """How far around a point a deciding line matters: the rules' tolerance or the position's own precision."""
    tolerance = f"%(tolerance_{layer_id})s::float8"
    return f"greatest({tolerance}, coalesce(t.precision_m, 0))" if collection.field("precision_m") else tolerance
