"""One box for everything: places, offices, procedures, parcels, coordinates.

Doors: `search`; `search_parcels` and `parcel_in`, of parcels only.

Names are found by one statement over all declarations of `searchable`. A typed parcel, a place on the ground, and
the nearest names when nothing was found cost one statement each, and none of these grows with what is found.
The tables of parties and rights are read by nothing here, for no reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language

from layers.access.reader import PUBLIC, Reader, readable
from layers.collections.tourism_sites.collection import CATEGORIES
from layers.reading import parcel_numbers, whereabouts
from layers.reading.grammar import ParcelAsked, Typed, Words, fold, telex, understand
from layers.reading.search_sql import Statement, names_statement, near_statement
from layers.reading.searchable import SEARCHABLES, Searchable
from layers.reading.units import UnitName, named

MAX_PAGE = 500
NEAREST = 3
LOOKED_AT = 30  # names like the one typed by trigrams, of which the nearest by letters are shown


@dataclass(frozen=True)
class Hit:
    """One thing found by its name. `group` is the id of its declaration.

    `former`: it has ended. `now`: the units of today a former unit passed into. `alias`: the other name it was found
    by. `place`: it was found because it lies in this unit; `place_now`: what that is today, when the unit is former.
    `lies_in`: the unit that holds it, whatever was typed.
    """

    group: str
    key: str
    name_vi: str
    name_en: str
    details: dict[str, str]
    valid_from: date | None
    valid_to: date | None
    former: bool
    point: tuple[float, float] | None
    alias: str = ""
    now: tuple[UnitName, ...] = ()
    place: UnitName | None = None
    place_now: tuple[UnitName, ...] = ()
    lies_in: UnitName | None = None

    @property
    def name(self) -> str:
        """In the active language; plain words where the legal name is too long for a heading."""
        english = self.details.get("short_en") or self.name_en
        return english if get_language() == "en" and english else self.details.get("short_vi") or self.name_vi


@dataclass(frozen=True)
class Group:
    """Hits of one kind, best first. `total` counts all of them; `offset` precede those here."""

    id: str
    hits: tuple[Hit, ...]
    total: int
    offset: int


@dataclass(frozen=True)
class Found:
    """The answer. `read_as` is the text Telex keys stood for, when only that was found."""

    typed: Typed
    groups: tuple[Group, ...] = ()
    categories: tuple[str, ...] = ()
    parcels: parcel_numbers.Answer | None = None
    place: whereabouts.Answer | None = None
    near: tuple[Hit, ...] = ()
    read_as: str = ""

    @property
    def total(self) -> int:
        """How many things were found, of all kinds."""
        parcels = len(self.parcels.found) if self.parcels else 0
        return sum(group.total for group in self.groups) + len(self.categories) + parcels + bool(self.place)

    @property
    def more(self) -> bool:
        """Whether a further page would show something."""
        return any(group.offset + len(group.hits) < group.total for group in self.groups)


def search(
    text: str,
    reader: Reader = PUBLIC,
    *,
    limit: int = 10,
    page: int = 1,
    day: date | None = None,
    near: bool = True,
) -> Found:
    """Everything `text` may mean that `reader` may see, at most `limit` of each kind from page `page` (from 1).

    `near`: when nothing is found, the nearest names. Raises Invalid for text that cannot be used.
    """
    typed = understand(text)
    day = day or timezone.localdate()
    if typed.empty:
        return Found(typed)
    if typed.point:
        return Found(typed, place=whereabouts.at(typed.point, reader, day))
    parcels = parcel_numbers.lookup(typed, reader, day)
    offset = (min(page, MAX_PAGE) - 1) * limit
    groups, read_as = _by_name(typed.words, reader, limit, offset, day), ""
    categories = _categories(typed.words) if page == 1 else ()
    heard = bool(groups or categories or (parcels and parcels.found))
    if not heard and (decoded := telex(typed.words)):
        groups = _by_name(decoded, reader, limit, offset, day)
        read_as = decoded.phrase if groups else ""
    nothing = not (heard or groups or (parcels and parcels.place_known))
    nearest = _nearest(typed.words, reader, day) if near and nothing and page == 1 else ()
    return Found(typed, groups, categories, parcels, near=nearest, read_as=read_as)


def search_parcels(text: str, reader: Reader = PUBLIC, *, day: date | None = None) -> Found:
    """Only what `text` says of a parcel: sheet and number, identifier, coordinates. Raises Invalid."""
    typed = understand(text)
    day = day or timezone.localdate()
    if typed.point:
        return Found(typed, place=whereabouts.at(typed.point, reader, day))
    return Found(typed, parcels=parcel_numbers.lookup(typed, reader, day))


def parcel_in(unit_key: str, sheet_no: int, parcel_no: int, reader: Reader, *, day: date | None = None) -> Found:
    """That sheet and number in one unit of any time and in all that went into it. Numbers have at most 9 digits."""
    typed = Typed("", Words("", ()), parcel=ParcelAsked(((sheet_no, parcel_no),), key=unit_key))
    return Found(typed, parcels=parcel_numbers.lookup(typed, reader, day or timezone.localdate()))


def _by_name(words: Words, reader: Reader, limit: int, offset: int, day: date) -> tuple[Group, ...]:
    """Groups, the one with the best hit first."""
    if len(words.compact) < 2:
        return ()
    rows = _rows(names_statement(_readable(reader), words, limit, offset, day))
    groups: dict[str, list[tuple]] = {}
    for row in sorted(rows, key=lambda row: -row[1]):
        groups.setdefault(row[0], []).append(row)
    return tuple(
        Group(name, tuple(_hit(row, words) for row in members), members[0][2], offset)
        for name, members in groups.items()
    )


def _nearest(words: Words, reader: Reader, day: date) -> tuple[Hit, ...]:
    """The names most like what was typed, for a page that has nothing else to say."""
    statement = near_statement(_readable(reader), words, LOOKED_AT, day)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.4")
        cursor.execute(statement.sql, statement.params)
        hits = [_hit(row, words) for row in cursor.fetchall()]
    return tuple(sorted(hits, key=lambda hit: -_likeness(hit, words))[:NEAREST])


def _likeness(hit: Hit, words: Words) -> float:
    """0–1 by letters in order: trigrams alone give nothing for two letters that changed places."""
    names = (fold(hit.name_vi), fold(hit.name_en))
    compared = (name for full in names for name in (full, full.partition(" ")[2]) if name)
    return max((SequenceMatcher(None, words.phrase, name).ratio() for name in compared), default=0.0)


def _readable(reader: Reader) -> list[Searchable]:
    return [one for one in SEARCHABLES if one.collection is None or readable(reader, one.collection)]


def _rows(statement: Statement) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.params)
        return cursor.fetchall()


def _hit(row: tuple, words: Words) -> Hit:
    group, _score, _total, key, names, details, valid_from, valid_to, ended, lon, lat, *units = row
    now, place, place_now, lies_in = units
    unit = named([place])[0] if place else None
    return Hit(
        group=group,
        key=key,
        name_vi=names[0],
        name_en=names[1] or "",
        details=details or {},
        valid_from=valid_from,
        valid_to=valid_to,
        former=ended,
        point=None if lon is None else (lon, lat),
        alias="" if unit else _alias(names, words),
        now=named(now),
        place=unit,
        place_now=named(place_now),
        lies_in=named([lies_in])[0] if lies_in else None,
    )


def _alias(names: list[str | None], words: Words) -> str:
    """The other name that holds what was typed, empty when a title holds it too."""
    wanted = words.phrases
    for number, column in enumerate(names):
        for name in (column or "").split(";"):
            folded = fold(name)
            if any(phrase in folded or phrase in folded.replace(" ", "") for phrase in wanted):
                return "" if number < 2 else name.strip()
    return ""


def _categories(words: Words) -> tuple[str, ...]:
    """Categories of sites called what was typed: their whole list is a better answer than a name."""
    return tuple(code for code, vi, en in CATEGORIES if {fold(vi), fold(en)} & set(words.phrases))
