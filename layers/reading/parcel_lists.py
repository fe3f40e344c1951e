"""Many references at once, each answered as `parcel_numbers.lookup` would answer it alone. Door: `lookup_many`.

Six statements for any number of references: the communes their places may mean, the parcels there, the sheets of those
not found, identifiers, coordinates, and what retired numbers became.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from layers import geo
from layers.access.reader import Reader, readable
from layers.collections.areas.collection import AREAS
from layers.collections.parcels.collection import PARCELS
from layers.geo_typed import TypedPoint
from layers.reading.grammar import ParcelAsked, Typed
from layers.reading.parcel_numbers import SHOWN, Answer, Outcome, ParcelHit, answer, hit, patterns, rows_of
from layers.reading.units import SUCCESSIONS, becomes_sql, unit_json

LEAST_M2 = 1.0  # of a retired parcel's land that a successor holds


@dataclass(frozen=True)
class Reply:
    """About one reference. `answer` is None where nothing in the text names a parcel.

    `successors`: what the one parcel found, whose number was retired, became.
    """

    answer: Answer | None
    successors: tuple[ParcelHit, ...] = ()

    @property
    def retired(self) -> bool:
        return self.answer is not None and len(self.answer.found) == 1 and self.answer.found[0].retired


def lookup_many(asked: Sequence[Typed], reader: Reader, day: date) -> tuple[Reply, ...]:
    """One reply for each of `asked`, in their order."""
    if not readable(reader, PARCELS):
        return tuple(Reply(Answer(Outcome.HIDDEN)) for _ in asked)
    answers = (
        _by_number(tuple(dict.fromkeys(t.parcel for t in asked if t.parcel)), day)
        | _by_identifier(tuple({t.identifier for t in asked if t.identifier}), day)
        | _by_point(tuple({t.point for t in asked if t.point}), day)
    )
    found = [answers.get(t.point or t.identifier or t.parcel) for t in asked]
    became = _successors(tuple({a.found[0].key for a in found if Reply(a).retired}), day)
    return tuple(Reply(a, became.get(a.found[0].key, ()) if Reply(a).retired else ()) for a in found)


@dataclass(frozen=True)
class _Commune:
    """A commune that may be meant. `sheets`: lowest and highest held, (None, None) where none is."""

    unit: list
    unit_now: list | None
    sheets: list

    @property
    def key(self) -> str:
        return self.unit[0]

    @property
    def held(self) -> bool:
        return self.sheets[0] is not None


def _by_number(asked: tuple[ParcelAsked, ...], day: date) -> dict[ParcelAsked, Answer]:
    if not asked:
        return {}
    places = tuple(dict.fromkeys((each.code, each.place) for each in asked))
    communes = _communes(places, day)
    wanted = [
        (commune.key, sheet, number)
        for each in asked
        for commune in communes[each.code, each.place]
        if commune.held
        for sheet, number in each.readings
    ]
    parcels = _parcels(list(dict.fromkeys(wanted)))
    ranges = _sheet_ranges({(key, sheet) for key, sheet, number in wanted if (key, sheet, number) not in parcels})
    return {each: answer(_rows(each, communes[each.code, each.place], parcels, ranges), each) for each in asked}


def _rows(asked: ParcelAsked, communes: tuple[_Commune, ...], parcels: dict, ranges: dict) -> list[dict]:
    """As `parcel_numbers` has them from its own statement: by reading, then by commune."""
    nothing = dict.fromkeys(("key", "status", "synthetic", "lon", "lat"))
    return [
        nothing
        | parcels.get((commune.key, sheet, number), {})
        | {
            "unit": commune.unit,
            "unit_now": commune.unit_now,
            "in_unit": commune.sheets,
            "on_sheet": ranges.get((commune.key, sheet), (None, None)),
            "sheet_no": sheet,
            "parcel_no": number,
            "reading": reading,
        }
        for reading, (sheet, number) in enumerate(asked.readings, start=1)
        for commune in communes
    ]


def _communes(places: tuple[tuple[str, str], ...], day: date) -> dict[tuple[str, str], tuple[_Commune, ...]]:
    """By code and name of a place, the communes it may mean with those that went into them, by key."""
    found: dict[tuple[str, str], list[_Commune]] = defaultdict(list)
    named = [n for n, (code, place) in enumerate(places) if place and not code]
    spelled = [(n, pattern, nth) for n in named for nth, pattern in enumerate(patterns(places[n][1]), start=1)]
    params = {
        "day": day,
        "places": list(range(len(places))),
        "codes": [code for code, _ in places],
        "names": [place for _, place in places],
        "spelled": [n for n, _, _ in spelled],
        "patterns": [pattern for _, pattern, _ in spelled],
        "nths": [nth for _, _, nth in spelled],
    }
    for row in rows_of(_COMMUNES, params):
        found[places[row["place"]]].append(_Commune(row["unit"], row["unit_now"], row["sheets"]))
    return {place: tuple(found[place]) for place in places}


def _parcels(wanted: list[tuple[str, int, int]]) -> dict[tuple[str, int, int], dict]:
    keys, sheets, numbers = ([each[n] for each in wanted] for n in range(3))
    rows = rows_of(_PARCELS, {"keys": keys, "sheets": sheets, "numbers": numbers}) if wanted else []
    return {(row.pop("area_key"), row.pop("sheet_no"), row.pop("parcel_no")): row for row in rows}


def _sheet_ranges(wanted: set[tuple[str, int]]) -> dict[tuple[str, int], tuple[int | None, int | None]]:
    """Lowest and highest number on sheets, for those that are held."""
    if not wanted:
        return {}
    keys, sheets = zip(*sorted(wanted), strict=True)
    rows = rows_of(_RANGES, {"keys": list(keys), "sheets": list(sheets)})
    return {(row["key"], row["sheet"]): (row["low"], row["high"]) for row in rows}


def _by_identifier(identifiers: tuple[str, ...], day: date) -> dict[str, Answer]:
    if not identifiers:
        return {}
    found = {row["geohash"]: hit(row) for row in _shown("p.geohash = ANY(%(asked)s)", list(identifiers), day)}
    answers = {}
    for identifier in identifiers:
        if identifier in found:
            answers[identifier] = Answer(Outcome.FOUND, found=(found[identifier],))
        else:
            west, south, east, north = geo.geohash_bounds(identifier)
            answers[identifier] = Answer(Outcome.NO_PARCEL, point=((west + east) / 2, (south + north) / 2))
    return answers


def _by_point(points: tuple[TypedPoint, ...], day: date) -> dict[TypedPoint, Answer]:
    """The active parcels at each point; a point on a common boundary has several."""
    planar = {point: xy for point in points if (xy := _planar(point))}
    there: dict[int, list[str]] = defaultdict(list)
    if planar:
        easts, norths = ([xy[n] for xy in planar.values()] for n in range(2))
        for row in rows_of(_AT, {"easts": easts, "norths": norths, "srid": geo.VN2000}):
            there[row["nth"]].append(row["key"])
    hits = _by_key({key for keys in there.values() for key in keys}, day)
    answers = {point: Answer(Outcome.NO_PARCEL, point=(point.longitude, point.latitude)) for point in points}
    for nth, point in enumerate(planar, start=1):
        if found := tuple(hits[key] for key in there[nth]):
            answers[point] = Answer(Outcome.FOUND, found=found)
    return answers


def _planar(point: TypedPoint) -> tuple[float, float] | None:
    try:
        east, north = map(float, geo.transform(point.longitude, point.latitude, geo.WGS84, geo.VN2000))
        geo.require_sane(east, north, geo.VN2000)
    except geo.OutOfRange:
        return None
    return east, north


def _successors(keys: tuple[str, ...], day: date) -> dict[str, tuple[ParcelHit, ...]]:
    """By retired key, the active parcels on its land, by key."""
    if not keys:
        return {}
    rows = rows_of(_BECAME, {"keys": list(keys), "least": LEAST_M2})
    hits = _by_key({row["key"] for row in rows}, day)
    found: dict[str, list[ParcelHit]] = defaultdict(list)
    for row in rows:
        found[row["retired"]].append(hits[row["key"]])
    return {key: tuple(each) for key, each in found.items()}


def _by_key(keys: set[str], day: date) -> dict[str, ParcelHit]:
    return {row["key"]: hit(row) for row in _shown("p.key = ANY(%(asked)s)", sorted(keys), day)} if keys else {}


def _shown(condition: str, asked: list[str], day: date) -> list[dict]:
    origins = f"SELECT DISTINCT p.area_key AS key FROM {PARCELS.table} p WHERE {condition}"
    sql = (
        f"WITH RECURSIVE {becomes_sql(origins)} SELECT {SHOWN}, p.geohash, p.sheet_no, p.parcel_no, 1 AS reading "
        f"FROM {PARCELS.table} p JOIN {AREAS.table} a ON a.key = p.area_key LEFT JOIN today n ON n.origin = a.key "
        f"WHERE {condition} ORDER BY p.key"
    )
    return rows_of(sql, {"asked": asked, "day": day})


# The same units as parcel_numbers: by code, by the longest beginning of the text that is a name, or all.
_COMMUNES = (
    "WITH RECURSIVE wanted AS (SELECT * FROM unnest(%(places)s::int[], %(codes)s::text[], %(names)s::text[]) "
    "AS w(place, code, name)), "
    "spelled AS (SELECT * FROM unnest(%(spelled)s::int[], %(patterns)s::text[], %(nths)s::int[]) "
    "AS s(place, pattern, nth)), "
    "best AS (SELECT s.place, a.key, rank() OVER (PARTITION BY s.place ORDER BY max(s.nth) DESC) AS nth "
    f"FROM spelled s JOIN {AREAS.table} a ON a.search_key LIKE s.pattern WHERE a.level <> 'province' "
    "GROUP BY s.place, a.key), "
    "before(place, key) AS ("
    f"(SELECT w.place, a.key FROM wanted w JOIN {AREAS.table} a ON a.code = w.code WHERE w.code <> '' "
    f"UNION SELECT w.place, a.key FROM wanted w, {AREAS.table} a "
    "WHERE w.code = '' AND w.name = '' AND a.level = 'commune' "
    f"UNION SELECT b.place, c.key FROM best b JOIN {AREAS.table} c ON (c.key = b.key OR c.parent_key = b.key) "
    "AND c.level = 'commune' WHERE b.nth = 1) "
    f"UNION SELECT b.place, s.from_key FROM before b JOIN {SUCCESSIONS} s ON s.to_key = b.key), "
    f"{becomes_sql('SELECT DISTINCT key FROM before')}, "
    f"units AS (SELECT a.key, {unit_json('a')} AS unit, n.units AS unit_now, json_build_array(u.low, u.high) AS sheets "
    f"FROM (SELECT DISTINCT key FROM before) b JOIN {AREAS.table} a ON a.key = b.key AND a.level = 'commune' "
    f"CROSS JOIN LATERAL (SELECT min(sheet_no) AS low, max(sheet_no) AS high FROM {PARCELS.table} "
    "WHERE area_key = a.key) u LEFT JOIN today n ON n.origin = a.key) "
    "SELECT b.place, u.unit, u.unit_now, u.sheets FROM before b JOIN units u ON u.key = b.key ORDER BY b.place, b.key"
)
_POINT = "ST_Transform(p.label_3857, 4326)"
_PARCELS = (
    "SELECT p.area_key, p.sheet_no, p.parcel_no, p.key, p.status, p.synthetic, "
    f"ST_X({_POINT}) AS lon, ST_Y({_POINT}) AS lat "
    "FROM unnest(%(keys)s::text[], %(sheets)s::int[], %(numbers)s::int[]) AS q(area_key, sheet_no, parcel_no) "
    f"JOIN {PARCELS.table} p USING (area_key, sheet_no, parcel_no)"
)
_RANGES = (
    "SELECT q.key, q.sheet, o.low, o.high FROM unnest(%(keys)s::text[], %(sheets)s::int[]) AS q(key, sheet) "
    f"CROSS JOIN LATERAL (SELECT min(parcel_no) AS low, max(parcel_no) AS high FROM {PARCELS.table} "
    "WHERE area_key = q.key AND sheet_no = q.sheet) o WHERE o.low IS NOT NULL"
)
_AT = (
    "SELECT q.nth, p.key FROM unnest(%(easts)s::float8[], %(norths)s::float8[]) WITH ORDINALITY AS q(east, north, nth) "
    f"JOIN {PARCELS.table} p ON ST_Intersects(p.geom, ST_SetSRID(ST_MakePoint(q.east, q.north), %(srid)s)) "
    "AND p.status = 'active' ORDER BY q.nth, p.key"
)
_BECAME = (
    f"SELECT o.key AS retired, n.key FROM {PARCELS.table} o "
    f"JOIN {PARCELS.table} n ON n.geom && o.geom AND n.key <> o.key "
    "WHERE o.key = ANY(%(keys)s) AND n.status = 'active' AND ST_Area(ST_Intersection(n.geom, o.geom)) >= %(least)s "
    "ORDER BY o.key, n.key"
)
