"""The block “related procedures” of every feature page: what `procedures` answers, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from layers import written
from layers.access.reader import PUBLIC, Reader
from layers.pages.links import feature_url
from layers.procedures import catalogue, export, words
from layers.procedures.bodies import Body, Handler
from layers.procedures.cards import Card, Channel, Reason, Related
from layers.procedures.evaluate import Verdict
from layers.procedures.models import LEVELS
from layers.procedures.rule import AUDIENCES
from layers.reading.features import FeatureView


@dataclass(frozen=True)
class Office:
    """Who handles it at one level, here and today; without a name the reason says why."""

    level: str
    name: str
    url: str
    counter: str
    counter_url: str
    reason: str
    unverified: bool


@dataclass(frozen=True)
class Way:
    """Limit and fee of one channel; empty: not known."""

    name: str
    limit: str
    fee: str
    source: str


@dataclass(frozen=True)
class Why:
    sentence: str
    source: str
    laws: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """One procedure on a feature's page."""

    url: str
    code: str
    title: str
    full_title: str
    outcome: str
    audience: str
    borders: bool
    offices: tuple[Office, ...]
    ways: tuple[Way, ...]
    note: str
    reasons: tuple[Why, ...]
    unverified: bool
    checked: str
    portal_url: str
    prefill_url: str = ""  # on the desk only


@dataclass(frozen=True)
class Group:
    """Procedures of one level of authority."""

    level: str
    procedures: tuple[Shown, ...]


@dataclass(frozen=True)
class Block:
    """`top` at most three procedures by level; `groups` all of them under every level that decides."""

    answer: str
    top: tuple[Group, ...]
    groups: tuple[Group, ...]
    total: int
    more: bool
    none_reason: str
    unknown: tuple[str, ...]
    area_approximate: bool


def block(view: FeatureView, reader: Reader = PUBLIC, *, prefill: Callable[[str], str] = lambda _code: "") -> Block:
    """What the feature leads to today. `prefill` gives the address of the page that fills a procedure from it."""

    def shown_with(card: Card) -> Shown:
        return replace(_shown(card), prefill_url=prefill(card.code))

    related = _related(view, reader)
    shown = {card.code: card for card in related.top}
    by_level: dict[str, list[Shown]] = {}
    for card in shown.values():
        by_level.setdefault(card.levels[0] if card.levels else "", []).append(shown_with(card))
    order = [code for code, _, _ in LEVELS]
    return Block(
        answer=related.answer.value,
        top=tuple(Group(level_name(level), tuple(by_level[level])) for level in sorted(by_level, key=order.index)),
        groups=tuple(Group(level_name(level), tuple(map(shown_with, found))) for level, found in related.groups),
        total=related.total,
        more=related.total > len(shown),
        none_reason=related.none_reason(get_language()),
        unknown=tuple(unknown.sentence(get_language()) for unknown in related.unknown),
        area_approximate=related.area_approximate,
    )


def as_json(view: FeatureView, reader: Reader = PUBLIC) -> dict:
    return export.related_json(_related(view, reader), get_language())


def _related(view: FeatureView, reader: Reader) -> Related:
    return catalogue.procedures_of(view.collection.id, view.key, reader, on=timezone.localdate())


def _for_whom(card: Card) -> list[str]:
    """Codes of those the card's rules speak to, in the order of the vocabulary."""
    meant = {code for reason in card.reasons for code in reason.answer.audience}
    return [code for code in AUDIENCES if code in meant]


def _shown(card: Card) -> Shown:
    language = get_language()
    short, full = card.short(language), card.name(language) or card.name_vi
    return Shown(
        url=procedure_url(card.code),
        code=card.code,
        title=short or full,
        full_title=full if full != short else "",
        outcome=outcome(card.outcome.value),
        audience=", ".join(audience(code) for code in _for_whom(card)),
        borders=card.verdict is Verdict.BORDERS,
        offices=offices(card.handlers),
        ways=same_ways(card.channels),
        note=card.limit_note_en if language == "en" else card.limit_note_vi,
        reasons=tuple(_why(reason) for reason in card.reasons),
        unverified=card.code_status != "verified",
        checked=month(card.checked_on),
        portal_url=portal(card.portal_url),
    )


def _why(reason: Reason) -> Why:
    language = get_language()
    return Why(
        reason.sentence(language),
        reason.source_en if language == "en" else reason.source_vi,
        laws(reason.law),
    )


def laws(found: Iterable) -> tuple[str, ...]:
    """Legal bases in words; those nobody compared with the text say so."""
    unverified = gettext("chưa kiểm chứng")
    return tuple(
        words.law_text(law, get_language()) + ("" if law.status == "verified" else f" ({unverified})") for law in found
    )


def offices(handlers: Iterable[Handler]) -> tuple[Office, ...]:
    return tuple(_office(handler) for handler in handlers)


def _office(handler: Handler) -> Office:
    name, url = _body(handler.agency)
    counter, counter_url = _body(handler.counter if handler.counter != handler.agency else None)
    reason = handler.reason_en if get_language() == "en" else handler.reason_vi
    return Office(level_name(handler.level), name, url, counter, counter_url, reason, handler.status != "verified")


def _body(body: Body | None) -> tuple[str, str]:
    return (body.name(get_language()) or body.name_vi, feature_url("agencies", body.key)) if body else ("", "")


def same_ways(channels: Iterable[Channel]) -> tuple[Way, ...]:
    """Limits and fees, channels that agree in one line."""
    lines: dict[tuple[str, str], list[Way]] = {}
    for way in ways(channels):
        lines.setdefault((way.limit, way.fee), []).append(way)
    return tuple(replace(found[0], name=_joined([way.name for way in found])) for found in lines.values())


def _joined(names: list[str]) -> str:
    return ", ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])


def ways(channels: Iterable[Channel]) -> tuple[Way, ...]:
    english = get_language() == "en"
    return tuple(
        Way(
            channel.name_en if english else channel.name_vi,
            channel.limit_en if english else channel.limit_vi,
            channel.fee_en if english else channel.fee_vi,
            channel.source_vi,
        )
        for channel in channels
    )


def procedure_url(code: str) -> str:
    return reverse("pages:procedure", args=[code])


def level_name(level: str) -> str:
    return next(((en if get_language() == "en" else vi) for code, vi, en in LEVELS if code == level), level)


def month(text: str) -> str:
    """“2026-07” as 07/2026 or July 2026; of anything else the part before a dash."""
    year, _, number = text.partition("-")
    if not (year.isdigit() and number.isdigit() and 1 <= int(number) <= 12):
        return text
    return written.month(int(year), int(number), get_language())


def portal(url: str) -> str:
    """Only a web address becomes a link: data never brings another scheme into a page."""
    return url if url.startswith("https://") else ""


def outcome(code: str) -> str:
    return words.outcome_title(code)


def audience(code: str) -> str:
    """Whom a procedure is for, in the active language."""
    names = dict(
        zip(
            AUDIENCES,
            (
                gettext("công dân Việt Nam"),
                gettext("người Việt Nam định cư ở nước ngoài"),
                gettext("người nước ngoài"),
                gettext("hộ kinh doanh"),
                gettext("doanh nghiệp"),
                gettext("doanh nghiệp có vốn đầu tư nước ngoài"),
                gettext("hợp tác xã"),
                gettext("tổ chức"),
                gettext("tổ chức nước ngoài"),
                gettext("cán bộ, công chức"),
                gettext("đảng viên"),
            ),
            strict=True,
        )
    )
    return names.get(code, code)
