"""What a page shows: cards of procedures with handler, limits, fees and reasons. Plain values, in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from layers.collections import registry
from layers.procedures import words
from layers.procedures.bodies import LEVEL_ORDER, Bodies, Handler
from layers.procedures.evaluate import Answer, Verdict, outcome_of_set, rank
from layers.procedures.models import DAY_KINDS, Procedure
from layers.procedures.observed import Facts
from layers.procedures.rule import PRECEDENCE, Law, Outcome

CHANNELS = (
    (1, "counter", "Trực tiếp", "At the counter"),
    (2, "online", "Trực tuyến", "Online"),
    (3, "post", "Bưu chính", "By post"),
)
SHOWN = 3
_FEES_EN = {
    "Miễn phí": "Free of charge",
    "theo nghị quyết HĐND tỉnh và giá dịch vụ": "By resolution of the provincial People's Council, and service prices",
    "650.000 đ": "VND 650,000",
    "200.000 đ": "VND 200,000",
    "1 sao 1.000.000 – 2.000.000 đ": "1 star: VND 1,000,000 – 2,000,000",
}


@dataclass(frozen=True)
class Channel:
    """Limit and fee of one way to file. Codes 1 counter, 2 online, 3 post as on the portal. Empty text: not known."""

    code: int
    name_vi: str
    name_en: str
    limit_vi: str
    limit_en: str
    fee_vi: str
    fee_en: str
    source_vi: str


@dataclass(frozen=True)
class Reason:
    """Why one rule shows its procedure: the stored answer and its words. `verdict` applies or borders."""

    rule_id: str
    rule_revision: int
    verdict: Verdict
    sentence_vi: str
    sentence_en: str
    source_vi: str
    source_en: str
    law: tuple[Law, ...]
    answer: Answer

    def sentence(self, language: str) -> str:
        return self.sentence_en if language == "en" else self.sentence_vi


@dataclass(frozen=True)
class Card:
    """One procedure as it shows on a feature. `code_status` memory is shown as unverified.

    `checked_on` is year and month of the comparison with the portal, empty when never compared."""

    procedure: Procedure
    code: str
    name_vi: str
    name_en: str
    short_vi: str
    short_en: str
    verdict: Verdict
    outcome: Outcome
    levels: tuple[str, ...]
    handlers: tuple[Handler, ...]
    channels: tuple[Channel, ...]
    limit_note_vi: str
    limit_note_en: str
    reasons: tuple[Reason, ...]
    code_status: str
    checked_on: str
    portal_url: str

    @property
    def handler(self) -> Handler:
        """The nearest level's: the commune before the province."""
        return self.handlers[0]

    def name(self, language: str) -> str:
        """The legal name (Vietnamese) or its translation."""
        return self.name_en if language == "en" else self.name_vi

    def short(self, language: str) -> str:
        """The plain words for a heading; the whole name where it is short enough."""
        return self.short_en if language == "en" else self.short_vi


@dataclass(frozen=True)
class Unknown:
    """Something that would have to be known, and the procedures that wait for it (code, name_vi, name_en)."""

    sentence_vi: str
    sentence_en: str
    procedures: tuple[tuple[str, str, str], ...]

    def sentence(self, language: str) -> str:
        return self.sentence_en if language == "en" else self.sentence_vi


@dataclass(frozen=True)
class Related:
    """The answer for one feature. `answer` is applies, not_enough_data or does_not_apply, never blank.

    `top` has at most three cards, the weightiest of different intents; `groups` has every card under every level that
    decides it, nearest level first, each with the handler of that level; `total` counts procedures once. `sets` gives
    the strongest outcome of each set."""

    collection: str
    key: str
    answer: Verdict
    top: tuple[Card, ...]
    groups: tuple[tuple[str, tuple[Card, ...]], ...]
    total: int
    none_reason_vi: str
    none_reason_en: str
    unknown: tuple[Unknown, ...]
    sets: tuple[tuple[str, Outcome], ...]
    area_code: str | None
    area_approximate: bool

    def none_reason(self, language: str) -> str:
        return self.none_reason_en if language == "en" else self.none_reason_vi


def relate(facts: Facts, answers: Sequence[Answer], procedures: Mapping[str, Procedure], bodies: Bodies) -> Related:
    """Answers of the rules → what the page shows. Pure. A rule whose procedure is not in force shows nothing."""
    shown = [
        answer
        for answer in answers
        if answer.verdict in (Verdict.APPLIES, Verdict.BORDERS) and answer.procedure in procedures
    ]
    waiting = [
        answer for answer in answers if answer.verdict is Verdict.NOT_ENOUGH_DATA and answer.procedure in procedures
    ]
    cards = _cards(facts, shown, procedures, bodies)
    unknown = _unknown(facts, waiting, procedures)
    state = Verdict.APPLIES if cards else Verdict.NOT_ENOUGH_DATA if unknown else Verdict.DOES_NOT_APPLY
    none_vi, none_en = ("", "") if cards else _none_reason(facts, unknown, len(answers))
    return Related(
        facts.collection,
        facts.key,
        state,
        _top(cards),
        _groups(cards),
        len(cards),
        none_vi,
        none_en,
        unknown,
        _sets(answers),
        facts.area_code,
        facts.area_approximate,
    )


def _cards(
    facts: Facts,
    shown: Iterable[Answer],
    procedures: Mapping[str, Procedure],
    bodies: Bodies,
) -> tuple[Card, ...]:
    by_code: dict[str, list[Answer]] = defaultdict(list)
    for answer in sorted(shown, key=rank):
        by_code[answer.procedure].append(answer)
    return tuple(_card(facts, found, procedures[code], bodies) for code, found in by_code.items())


def _top(cards: Sequence[Card]) -> tuple[Card, ...]:
    """The few to show first: by the rules' priority, one for each intent before a second for any."""
    by_weight = sorted(cards, key=lambda card: (card.verdict is not Verdict.APPLIES, -_priority(card), card.code))
    first, rest, intents = [], [], set()
    for card in by_weight:
        wanted = {intent for reason in card.reasons for intent in reason.answer.intents}
        (rest if wanted <= intents else first).append(card)
        intents |= wanted
    return tuple((first + rest)[:SHOWN])


def _priority(card: Card) -> int:
    return max(reason.answer.priority for reason in card.reasons)


def _card(facts: Facts, answers: Sequence[Answer], procedure: Procedure, bodies: Bodies) -> Card:
    levels = tuple(sorted(procedure.levels.split(), key=lambda level: LEVEL_ORDER.get(level, len(LEVEL_ORDER))))
    return Card(
        procedure=procedure,
        code=procedure.code,
        name_vi=procedure.name_vi,
        name_en=procedure.name_en,
        short_vi=procedure.short_vi or procedure.name_vi,
        short_en=procedure.short_en or procedure.name_en,
        verdict=answers[0].verdict,
        outcome=min((found.outcome for found in answers), key=PRECEDENCE.__getitem__),
        levels=levels,
        handlers=bodies.handlers(procedure.field, levels, procedure.code),
        channels=channels(procedure),
        limit_note_vi=procedure.limit_note_vi or "",
        limit_note_en=procedure.limit_note_en or "",
        reasons=tuple(_reason(facts, answer) for answer in answers),
        code_status=procedure.code_status,
        checked_on=procedure.checked_on or "",
        portal_url=procedure.detail_url or "",
    )


def _reason(facts: Facts, answer: Answer) -> Reason:
    return Reason(
        answer.rule_id,
        answer.rule_revision,
        answer.verdict,
        words.because(answer, facts, "vi"),
        words.because(answer, facts, "en"),
        words.source_text(answer, facts, "vi"),
        words.source_text(answer, facts, "en"),
        answer.law,
        answer,
    )


def channels(procedure: Procedure) -> tuple[Channel, ...]:
    """The three channels in the portal's order."""
    return tuple(_channel(procedure, *channel) for channel in CHANNELS)


def _channel(procedure: Procedure, code: int, prefix: str, name_vi: str, name_en: str) -> Channel:
    amount, kind = getattr(procedure, f"{prefix}_amount"), getattr(procedure, f"{prefix}_day_kind")
    fee = getattr(procedure, f"{prefix}_fee_vi") or ""
    vi, en = next((vi, en) for name, vi, en in DAY_KINDS if name == kind)
    return Channel(
        code,
        name_vi,
        name_en,
        f"{amount} {vi}" if amount else "",
        f"{amount} {en}" if amount else "",
        fee,
        _FEES_EN.get(fee, fee),
        getattr(procedure, f"{prefix}_limit_vi") or "",
    )


def _groups(cards: Sequence[Card]) -> tuple[tuple[str, tuple[Card, ...]], ...]:
    by_level: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        for handler in card.handlers:
            by_level[handler.level].append(replace(card, handlers=(handler,)))
    return tuple((level, tuple(by_level[level])) for level in LEVEL_ORDER if level in by_level)


def _unknown(facts: Facts, waiting: Iterable[Answer], procedures: Mapping[str, Procedure]) -> tuple[Unknown, ...]:
    collection = registry.get(facts.collection)
    codes = defaultdict(set)
    for answer in waiting:
        for missing in answer.missing:
            codes[missing].add(answer.procedure)
    return tuple(
        Unknown(
            words.missing_text(missing, collection, "vi"),
            words.missing_text(missing, collection, "en"),
            tuple((code, procedures[code].name_vi, procedures[code].name_en) for code in sorted(codes[missing])),
        )
        for missing in sorted(codes)
    )


def _none_reason(facts: Facts, unknown: Sequence[Unknown], rules: int) -> tuple[str, str]:
    if unknown:
        return (
            "Chưa đủ dữ liệu để biết thủ tục nào áp dụng tại đây.",
            "There is not enough data to say which procedures apply here.",
        )
    if facts.attributes.get("in_force") is False:
        return (
            "Đối tượng này không còn vào ngày được hỏi, nên không có thủ tục nào; hãy xem đơn vị kế tục.",
            "This no longer exists on the day asked, so no procedure starts here; see what followed it.",
        )
    return (
        f"Đã xét {rules} quy tắc đang hiệu lực: không có thủ tục nào trong danh mục áp dụng cho đối tượng này.",
        f"{rules} rules in force were considered: no procedure of the catalogue applies to this.",
    )


def _sets(answers: Iterable[Answer]) -> tuple[tuple[str, Outcome], ...]:
    by_set: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_set[answer.set].append(answer)
    return tuple(
        (name, outcome_of_set(by_set[name]))
        for name in sorted(by_set)
        if any(found.verdict is not Verdict.DOES_NOT_APPLY for found in by_set[name])
    )
