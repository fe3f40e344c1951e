"""Where a parcel's number came from and what became of it. Doors: `ancestors`, `descendants`, `family`, `successors`.

All go by recorded lineage, in one statement each. A chain is followed for MAX_DEPTH steps and no further: rows that
lead round in a circle end there too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext

from layers.collections.parcels.queries import on_land_of
from layers.errors import Gone

MAX_DEPTH = 20
MAX_LINKS = 200  # of one family: more could not be read on a page

_LINK = "l.parent_key, l.child_key, l.kind, l.effective, l.document_key, l.note, l.synthetic"
_UP = """up(key, depth) AS (
    SELECT %(key)s::text, 0
    UNION SELECT l.parent_key, u.depth + 1 FROM up u JOIN layers_parcel_lineage l ON l.child_key = u.key
    WHERE u.depth < %(most)s)"""
_DOWN = """down(key, depth) AS (
    SELECT %(key)s::text, 0
    UNION SELECT l.child_key, d.depth + 1 FROM down d JOIN layers_parcel_lineage l ON l.parent_key = d.key
    WHERE d.depth < %(most)s)"""


@dataclass(frozen=True)
class Link:
    """`parent_key` passed into `child_key` on `effective`. `kind` is one of ParcelLineage.Kind."""

    parent_key: str
    child_key: str
    kind: str
    effective: date
    document_key: str | None
    note: str | None
    synthetic: bool


@dataclass(frozen=True)
class Relative:
    """A parcel of the family as it is held; `held` is False for a number that is known from the lineage alone."""

    key: str
    area_key: str
    sheet_no: int | None
    parcel_no: int | None
    survey_area_m2: float | None
    land_use: str
    active: bool
    valid_from: date | None
    valid_to: date | None
    held: bool


@dataclass(frozen=True)
class Family:
    """Everything one recorded step away from a parcel, its ancestors or its descendants: siblings are among them.

    `cut`: there were more than MAX_LINKS links, the first of which are here.
    """

    key: str
    links: tuple[Link, ...]
    relatives: tuple[Relative, ...]
    cut: bool = False


def ancestors(key: str, most: int = MAX_DEPTH) -> tuple[str, ...]:
    """Keys that passed into this one, the nearest first, each once."""
    return _keys(_UP, "up", key, most)


def descendants(key: str, most: int = MAX_DEPTH) -> tuple[str, ...]:
    """Keys that this one passed into, the nearest first, each once."""
    return _keys(_DOWN, "down", key, most)


def successors(key: str) -> tuple[str, ...]:
    """Keys of the active parcels that took this one's place: by lineage, else those that lie on its land."""
    statement = f"""WITH RECURSIVE {_DOWN}
        SELECT p.key FROM layers_parcel p WHERE p.key IN (SELECT key FROM down WHERE depth > 0) AND p.key <> %(key)s
        AND p.status = 'active' ORDER BY p.area_key, p.sheet_no, p.parcel_no LIMIT 50"""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"key": _clean(key), "most": MAX_DEPTH})
        found = tuple(row[0] for row in cursor.fetchall())
    return found or on_land_of(_clean(key))


def gone(key: str) -> Gone:
    """The fault to raise for a retired number: it names what took the number's place."""
    found = successors(key)
    message = gettext("Thửa %(key)s đã hủy số.") % {"key": key}
    if found:
        message += " " + gettext("Hãy dùng các thửa thay thế: %(keys)s.") % {"keys": ", ".join(found)}
    return Gone(message, successors=found)


def ends_of(key: str) -> tuple[Link, ...]:
    """The links by which this number ended, the earliest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_LINK} FROM layers_parcel_lineage l WHERE l.parent_key = %s "
            "ORDER BY l.effective, l.child_key LIMIT 50",
            [_clean(key)],
        )
        return tuple(Link(*row) for row in cursor.fetchall())


def family(key: str) -> Family:
    """The links, the earliest first, and the parcels they name, in two statements. Without lineage: no links."""
    statement = f"""WITH RECURSIVE {_UP}, {_DOWN}, line AS (SELECT key FROM up UNION SELECT key FROM down)
        SELECT {_LINK} FROM line JOIN layers_parcel_lineage l ON l.parent_key = line.key
        UNION SELECT {_LINK} FROM line JOIN layers_parcel_lineage l ON l.child_key = line.key
        ORDER BY effective, parent_key, child_key LIMIT {MAX_LINKS + 1}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"key": _clean(key), "most": MAX_DEPTH})
        links = tuple(Link(*row) for row in cursor.fetchall())
    kept = links[:MAX_LINKS]
    return Family(key, kept, _relatives(kept), cut=len(links) > MAX_LINKS)


def _relatives(links: tuple[Link, ...]) -> tuple[Relative, ...]:
    keys = sorted({key for link in links for key in (link.parent_key, link.child_key)})
    if not keys:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, area_key, sheet_no, parcel_no, survey_area_m2, land_use_now, status = 'active', valid_from, "
            "valid_to, TRUE FROM layers_parcel WHERE key = ANY(%s)",
            [keys],
        )
        held = {row[0]: Relative(*row) for row in cursor.fetchall()}
    return tuple(held.get(key) or _unheld(key) for key in keys)


def _unheld(key: str) -> Relative:
    """A number we know of, though its parcel is not held: sheet and number as its key says them, where it does."""
    area_key, *numbers = key.rsplit("-", 2)
    known = len(numbers) == 2 and all(number.isdecimal() and len(number) < 10 for number in numbers)
    sheet, number = map(int, numbers) if known else (None, None)
    return Relative(key, area_key if known else "", sheet, number, None, "", False, None, None, held=False)


def _keys(recursion: str, name: str, key: str, most: int) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE {recursion} SELECT key FROM {name} WHERE depth > 0 AND key <> %(key)s "
            "GROUP BY key ORDER BY min(depth), key",
            {"key": _clean(key), "most": most},
        )
        return tuple(row[0] for row in cursor.fetchall())


def _clean(key: str) -> str:
    return key.replace("\x00", "")
