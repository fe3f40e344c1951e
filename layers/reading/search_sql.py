"""The statements of search by name. Names of tables and columns come from declarations, all values are parameters.

Folded text holds only letters a–z, digits, points and spaces, so nothing typed can be a sign of LIKE.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from layers.collections.areas.collection import AREAS
from layers.collections.validity import valid_sql
from layers.reading.grammar import ABBREVIATIONS, Words, place_name
from layers.reading.searchable import Searchable
from layers.reading.units import becomes_sql, unit_json

COMPACT_FROM = 4  # letters: shorter ones stand inside too many names
MAX_SPLITS = 6
MAX_PLACES = 120


@dataclass(frozen=True)
class Statement:
    sql: str
    params: dict[str, object]


def names_statement(searchables: Iterable[Searchable], words: Words, limit: int, offset: int, day: date) -> Statement:
    """One statement over all kinds: `limit` rows of each from `offset`, best first, with the count of each kind.

    Score: a whole name 500, its beginning 400, whole words in it 300, the beginning of one 200, all words in any
    order 100, letters without spaces 0; in the place named 50, with other words fitting 150; ten for each point of
    weight; 40 less for what has ended.
    """
    params: dict[str, object] = {"day": day, "limit": limit, "offset": offset}
    params["exact"] = [f"%| {phrase} |%" for phrase in words.phrases]
    params["begins"] = [f"%| {phrase}%" for phrase in words.phrases]
    params["whole"], params["phrase"] = f"% {words.phrase} %", f"% {words.phrase}%"
    all_words = _all_words(words, params)
    matching = _matching(words, all_words, params)
    places = _places(words, params)
    branches = [_branch(one, matching, all_words, has_places=bool(places)) for one in searchables]
    sql = (
        f"WITH RECURSIVE place AS MATERIALIZED ({places or _NO_PLACE}), "
        f"found AS MATERIALIZED ({' UNION ALL '.join(branches)}), {_BECOMES} {_RESULT} "
        "ORDER BY f.score DESC, f.length, f.key"
    )
    return Statement(sql, params)


def near_statement(searchables: Iterable[Searchable], words: Words, limit: int, day: date) -> Statement:
    """The names most like the phrase, by trigrams of words."""
    branches = [
        f"(SELECT '{one.id}'::text AS kind, t.id, (100 * word_similarity(%(typed)s, t.search_key))::int AS score, "
        f"1 AS total, NULL::text AS place, length(t.{one.names[0]}) AS length FROM {one.table} t "
        f"WHERE %(typed)s <%% t.search_key ORDER BY 3 DESC, 6 LIMIT %(limit)s)"
        for one in searchables
    ]
    found = " UNION ALL ".join(_columns(one, f"SELECT * FROM near WHERE kind = '{one.id}'") for one in searchables)
    sql = (
        f"WITH RECURSIVE near AS MATERIALIZED ({' UNION ALL '.join(branches)} ORDER BY 3 DESC, 6 LIMIT %(limit)s), "
        f"found AS MATERIALIZED ({found}), {_BECOMES} {_RESULT} ORDER BY f.score DESC, f.length, f.key"
    )
    return Statement(sql, {"typed": words.phrase, "limit": limit, "day": day})


def _all_words(words: Words, params: dict[str, object]) -> str:
    """Condition over `t.search_key`: each word begins some word of it."""
    return f"({' AND '.join(_word(f'word{n}', word, params) for n, word in enumerate(words.words))})"


def _matching(words: Words, all_words: str, params: dict[str, object]) -> str:
    """All words are there, or the letters without spaces."""
    if len(words.compact) < COMPACT_FROM:
        return all_words
    params["letters"] = f"%{words.compact}%"
    return f"({all_words} OR t.search_key LIKE %(letters)s)"


def _word(name: str, word: str, params: dict[str, object]) -> str:
    params[name] = f"% {word}%"
    if word not in ABBREVIATIONS:
        return f"t.search_key LIKE %({name})s"
    params[f"{name}_long"] = f"% {ABBREVIATIONS[word]}%"
    return f"(t.search_key LIKE %({name})s OR t.search_key LIKE %({name}_long)s)"


def _places(words: Words, params: dict[str, object]) -> str:
    """Units whose whole name ends what was typed (`chùa | phan thiết`), with patterns for the words before it."""
    found = []
    typed = words.phrase.split()
    for start in range(min(len(typed), MAX_SPLITS)):
        name = place_name(" ".join(typed[start:]))
        heads = [word for word in typed[:start] if word in words.words]
        if not name or (start and not heads):
            continue
        params[f"place{start}"] = f"%| {name} |%"
        params[f"heads{start}"] = [f"% {ABBREVIATIONS.get(word, word)}%" for word in heads]
        found.append(
            f"(SELECT %(heads{start})s::text[] AS heads, c.key, c.code, a.key AS named, "
            f"({valid_sql('c')}) AS today FROM {AREAS.table} a "
            f"JOIN {AREAS.table} c ON c.key = a.key OR c.parent_key = a.key "
            f"WHERE a.search_key LIKE %(place{start})s AND a.level <> 'province' LIMIT {MAX_PLACES})"
        )
    return " UNION ALL ".join(found)


_NO_PLACE = (
    "SELECT NULL::text[] AS heads, NULL::text AS key, NULL::text AS code, NULL::text AS named, "
    "NULL::boolean AS today LIMIT 0"
)

_SCORE = (
    "CASE WHEN t.search_key LIKE ANY(%(exact)s) THEN 500 WHEN t.search_key LIKE ANY(%(begins)s) THEN 400 "
    "WHEN t.search_key LIKE %(whole)s THEN 300 WHEN t.search_key LIKE %(phrase)s THEN 200 "
    "WHEN {all_words} THEN 100 ELSE 0 END"
)


def _branch(one: Searchable, matching: str, all_words: str, *, has_places: bool) -> str:
    """The best of one kind: those whose names match, and those in a place that was named."""
    common = (
        f"length(t.{one.names[0]}) AS length, {10 * one.weight} - CASE WHEN {one.ended} THEN 40 ELSE 0 END AS weight"
    )
    parts = [
        f"SELECT t.id, {_SCORE.format(all_words=all_words)} AS score, NULL::text AS place, {common} "
        f"FROM {one.table} t WHERE {matching}"
    ]
    for column, holds in one.within if has_places else ():
        condition = f't."{column}" = p.{holds}' + (" AND p.today" if holds == "code" else "")
        if one.table == AREAS.table:
            condition += " AND cardinality(p.heads) > 0"
        parts.append(
            "SELECT t.id, CASE WHEN cardinality(p.heads) > 0 THEN 150 ELSE 50 END AS score, p.named AS place, "
            f"{common} FROM place p JOIN {one.table} t ON {condition} "
            "WHERE t.search_key LIKE ALL(p.heads)"
        )
    best = (
        f"SELECT '{one.id}'::text AS kind, id, max(score + weight) AS score, count(*) OVER () AS total, "
        "CASE WHEN bool_or(place IS NULL) THEN NULL ELSE min(place) END AS place, min(length) AS length "
        f"FROM ({' UNION ALL '.join(parts)}) m GROUP BY id "
        "ORDER BY 3 DESC, 6, id LIMIT %(limit)s OFFSET %(offset)s"
    )
    return _columns(one, best)


def _columns(one: Searchable, rows: str) -> str:
    """What is shown of the rows found, read for these only."""
    names = ", ".join(f't."{name}"::text' for name in one.names)
    details = ", ".join(f"""'{name}', t."{name}\"""" for name in one.details)
    return (
        f'SELECT r.kind, r.score, r.total, r.place, r.length, t."{one.key}"::text AS key, ARRAY[{names}] AS names, '
        f"json_build_object({details}) AS details, t.valid_from, t.valid_to, "
        f"coalesce({one.ended}, FALSE) AS ended, {one.lies_in} AS lies_in, ST_Transform({one.point}, 4326) AS point "
        f"FROM ({rows}) r JOIN {one.table} t ON t.id = r.id"
    )


_BECOMES = becomes_sql(
    "SELECT key FROM found WHERE kind = 'areas' UNION SELECT place FROM found WHERE place IS NOT NULL"
)
_RESULT = (
    "SELECT f.kind, f.score, f.total, f.key, f.names, f.details, f.valid_from, f.valid_to, f.ended, "
    "ST_X(f.point), ST_Y(f.point), n.units, "
    f"CASE WHEN p.key IS NOT NULL THEN {unit_json('p')} END, pn.units, "
    f"CASE WHEN l.key IS NOT NULL THEN {unit_json('l')} END "
    "FROM found f LEFT JOIN today n ON f.kind = 'areas' AND n.origin = f.key "
    f"LEFT JOIN {AREAS.table} p ON p.key = f.place LEFT JOIN today pn ON pn.origin = f.place "
    f"LEFT JOIN {AREAS.table} l ON l.key = f.lies_in"
)
