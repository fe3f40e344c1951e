"""Which procedures follow for a parcel on the day of its fact sheet, and from which rows of the sheet.

Rules are evaluated for the parcel, not for a row. A row is named only where a rule that applies saw a zone of that very
plan, code and decision; what follows from the parcel itself names no row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from layers.access.reader import Reader
from layers.collections.planning_zones.themes import LAND_USE_PLAN
from layers.procedures import catalogue, words
from layers.procedures.bodies import Handler
from layers.procedures.cards import Card, Related
from layers.procedures.evaluate import Seen
from layers.reports.fact_sheet import FactSheet

ZONES = "planning_zones"  # as rules name the layer; they mean its land-use plan


@dataclass(frozen=True)
class RowRef:
    """A row of the sheet: `row` is its place in the section of that theme and status, from 0."""

    theme: str
    status: str
    row: int


@dataclass(frozen=True)
class Place:
    """Who takes the file at one level. Without a name the reason says why."""

    level: str
    office_vi: str
    office_en: str
    counter_vi: str
    counter_en: str
    reason_vi: str
    reason_en: str


@dataclass(frozen=True)
class Why:
    verdict: str  # applies, or borders
    sentence_vi: str
    sentence_en: str
    law_vi: tuple[str, ...]
    law_en: tuple[str, ...]


@dataclass(frozen=True)
class Following:
    """One procedure, why it is shown, and the rows of the sheet that made it so. `short_*`: its name in plain words."""

    code: str
    code_verified: bool
    name_vi: str
    name_en: str
    short_vi: str
    short_en: str
    outcome: str
    reasons: tuple[Why, ...]
    places: tuple[Place, ...]
    rows: tuple[RowRef, ...]


@dataclass(frozen=True)
class Follow:
    """`answer` is applies, not_enough_data or does_not_apply; `unknown` says what would have to be known."""

    answer: str
    procedures: tuple[Following, ...]
    none_vi: str
    none_en: str
    unknown_vi: tuple[str, ...]
    unknown_en: tuple[str, ...]


def what_follows(sheet: FactSheet, reader: Reader) -> Follow:
    """The rules in force on the sheet's day, for its parcel. Raises NotFound or NotAllowed.

    A constant number of statements (at most eight).
    """
    related = catalogue.procedures_of("parcels", sheet.parcel_key, reader, on=sheet.on)
    return follow(sheet, related)


def follow(sheet: FactSheet, related: Related) -> Follow:
    """Pure. `related` is what the rules answered for the sheet's parcel and day."""
    return Follow(
        related.answer.value,
        tuple(_following(sheet, cards) for cards in _by_code(related)),
        related.none_reason_vi,
        related.none_reason_en,
        tuple(each.sentence_vi for each in related.unknown),
        tuple(each.sentence_en for each in related.unknown),
    )


def _by_code(related: Related) -> list[list[Card]]:
    """Cards of one procedure together; each has the handler of its level. The first shown of each come first."""
    by_code: dict[str, list[Card]] = {card.code: [] for card in related.top}
    for _, cards in related.groups:
        for card in cards:
            by_code.setdefault(card.code, []).append(card)
    return [cards for cards in by_code.values() if cards]


def _following(sheet: FactSheet, cards: list[Card]) -> Following:
    card = cards[0]
    return Following(
        card.code,
        card.code_status == "verified",
        card.name_vi,
        card.name_en or card.name_vi,
        card.short_vi,
        card.short_en or card.short_vi,
        card.outcome.value,
        tuple(
            Why(
                reason.verdict.value,
                reason.sentence_vi,
                reason.sentence_en,
                tuple(words.law_text(law, "vi") for law in reason.law),
                tuple(words.law_text(law, "en") for law in reason.law),
            )
            for reason in card.reasons
        ),
        tuple(place_of(handler) for each in cards for handler in each.handlers),
        _rows(sheet, (seen for reason in card.reasons for seen in reason.answer.seen)),
    )


def place_of(handler: Handler) -> Place:
    office = handler.agency
    counter = handler.counter if handler.counter != office else None
    return Place(
        handler.level,
        office.name_vi if office else "",
        (office.name_en or office.name_vi) if office else "",
        counter.name_vi if counter else "",
        (counter.name_en or counter.name_vi) if counter else "",
        handler.reason_vi,
        handler.reason_en,
    )


def _rows(sheet: FactSheet, seen: Iterable[Seen]) -> tuple[RowRef, ...]:
    """Rows whose plan, code and decision are those of a zone the rules saw; none where two rows could be meant."""
    found: dict[RowRef, None] = {}
    for zone in seen:
        if zone.layer == ZONES:
            meant = list(_rows_of(sheet, zone))
            if len(meant) == 1:
                found[meant[0]] = None
    return tuple(found)


def _rows_of(sheet: FactSheet, zone: Seen) -> Iterable[RowRef]:
    asked = tuple(zone.attributes.get(name) for name in ("code_land_use", "plan_name", "decision_no"))
    for theme in sheet.themes:
        if theme.id != LAND_USE_PLAN:
            continue
        for section in theme.sections:
            for place, row in enumerate(section.rows):
                if asked[:2] == (row.code, row.plan_name) and asked[2] in row.decision_no.split("; "):
                    yield RowRef(theme.id, section.status, place)
