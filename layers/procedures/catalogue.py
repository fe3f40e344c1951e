"""The doors of this room: what leads from a feature to its procedures, and one procedure by its code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language, gettext

from layers.access.reader import Reader
from layers.collections.agencies.models import Agency
from layers.collections.validity import valid_on
from layers.errors import Gone, NotFound
from layers.procedures import models
from layers.procedures.bodies import Handler, load_bodies
from layers.procedures.cards import Channel, Related, channels, relate
from layers.procedures.evaluate import evaluate
from layers.procedures.facts import Asked, gather
from layers.procedures.models import CodeSuccession, Procedure
from layers.procedures.rule import Rule, parse_text
from layers.written import day


@dataclass(frozen=True)
class SeenAs:
    """Another code under which a source names the same procedure; not verified unless `status` says so."""

    code: str
    status: str
    note_vi: str
    note_en: str


@dataclass(frozen=True)
class ProcedurePage:
    """One procedure in force, for its own page."""

    procedure: Procedure
    channels: tuple[Channel, ...]
    handlers: tuple[Handler, ...]
    seen_as: tuple[SeenAs, ...]
    rules: tuple[Rule, ...]


def rules_in_force(on: date, collection_id: str | None = None) -> tuple[Rule, ...]:
    """The stored rule book of a day, by id. One SQL statement; bodies are parsed once per content."""
    rows = models.Rule.objects.filter(valid_on(on), targets__contains=collection_id or "").order_by("key")
    texts = rows.annotate(text=Cast("body", TextField())).values_list("key", "targets", "text")
    return tuple(
        parse_text(text, key)
        for key, targets, text in texts
        if collection_id is None or collection_id in targets.split()
    )


def procedures_of(collection_id: str, key: str, reader: Reader, *, on: date, audience: str | None = None) -> Related:
    """What a feature leads to on a day. Raises NotFound when the feature is not held, NotAllowed when it may not be
    read. At most eight SQL statements, whatever the number of rules."""
    rules = rules_in_force(on, collection_id)
    found = gather(collection_id, [key], on=on, asked=Asked.by(rules, collection_id), reader=reader)
    if not found:
        raise NotFound(f"There is no {key!r} in {collection_id}.", parameter="featureId")
    facts = found[0]
    answers = evaluate(rules, facts, audience=audience)
    procedures = procedures_in_force(on, {answer.procedure for answer in answers})
    return relate(facts, answers, procedures, load_bodies(on, facts.area_code))


def procedures_in_force(on: date, codes: Iterable[str] | None = None) -> Mapping[str, Procedure]:
    """By code; of several rows of one code the one that began last. None asks for the whole catalogue."""
    rows = Procedure.objects.filter(valid_on(on), status=Procedure.Status.ACTIVE)
    if codes is not None:
        rows = rows.filter(code__in=set(codes))
    rows = rows.order_by("code", F("valid_from").asc(nulls_first=True), F("decision_date").asc(nulls_first=True))
    return {row.code: row for row in rows}


def procedure(code: str, *, on: date, area_code: str | None = None) -> ProcedurePage:
    """The procedure of that code in force on `on`.

    Raises Gone with the final successor for a replaced code (a page answers 301, one hop), Gone without successors for
    an abolished one (410, the message gives the decision and its date), NotFound for a code never held."""
    page = procedures_in_force(on, [code]).get(code)
    successions = {}
    for row in CodeSuccession.objects.order_by("code", "successor"):
        successions.setdefault(row.code, []).append(row)
    if page is None:
        raise _what_became(code, successions, on)
    bodies = load_bodies(on, area_code)
    return ProcedurePage(
        page,
        channels(page),
        bodies.handlers(page.field, page.levels.split(), code),
        tuple(
            SeenAs(row.successor, row.status, row.note_vi or "", row.note_en or "")
            for row in successions.get(code, ())
            if row.kind == CodeSuccession.Kind.SEEN_AS
        ),
        tuple(rule for rule in rules_in_force(on) if rule.procedure == code),
    )


def handled_by(agency_key: str, *, on: date) -> tuple[Procedure, ...]:
    """Procedures of the catalogue that this agency handles on a day, by field and code: what an office page lists.
    Empty for an agency that is not held or not in force on the day."""
    bodies = load_bodies(on, _commune_served(agency_key, on))
    return tuple(
        sorted(
            (
                row
                for row in procedures_in_force(on).values()
                if any(
                    handler.agency and handler.agency.key == agency_key
                    for handler in bodies.handlers(row.field, row.levels.split(), row.code)
                )
            ),
            key=lambda row: (row.field, row.code),
        )
    )


def _commune_served(agency_key: str, on: date) -> str | None:
    return (
        Agency.objects.filter(valid_on(on), key=agency_key, level="commune").values_list("area_code", flat=True).first()
    )


def _what_became(code: str, successions: Mapping[str, list[CodeSuccession]], on: date) -> Gone | NotFound:
    last, row = code, None
    visited = {code}
    while step := next((found for found in successions.get(last, ()) if _has_effect(found, on)), None):
        row = step
        if step.successor is None or step.successor in visited:
            break
        last = step.successor
        visited.add(last)
    if row is None:
        return _ended(code, on) or _not_found(code, successions)
    if row.kind == CodeSuccession.Kind.ABOLISHED:
        return Gone(
            gettext("Thủ tục %(code)s đã bị bãi bỏ (ngày %(day)s, quyết định %(decision)s).") % _ending(code, row)
        )
    return Gone(
        gettext("Thủ tục %(code)s đã được thay bằng %(last)s (quyết định %(decision)s).")
        % (_ending(code, row) | {"last": last}),
        successors=(last,),
    )


def _ending(code: str, row: CodeSuccession) -> dict[str, str]:
    """Values of a message, in the active language; what is not recorded is said."""
    missing = gettext("chưa rõ")
    unverified = "" if row.status == "verified" else f", {gettext('chưa kiểm chứng')}"
    return {
        "code": code,
        "day": day(row.effective, get_language()) if row.effective else missing,
        "decision": (row.decision or missing) + unverified,
    }


def _ended(code: str, on: date) -> Gone | None:
    """Held once, its validity over, and nothing recorded that follows it."""
    row = Procedure.objects.filter(code=code, valid_to__lte=on).order_by("-valid_to").first()
    if row is None:
        return None
    return Gone(
        gettext("Thủ tục %(code)s hết hiệu lực từ ngày %(day)s (quyết định %(decision)s).")
        % {"code": code, "day": day(row.valid_to, get_language()), "decision": row.decision or "–"}
    )


def _has_effect(row: CodeSuccession, on: date) -> bool:
    return row.kind != CodeSuccession.Kind.SEEN_AS and (row.effective is None or row.effective <= on)


def _not_found(code: str, successions: Mapping[str, list[CodeSuccession]]) -> NotFound:
    ours = [
        row.code
        for rows in successions.values()
        for row in rows
        if row.successor == code and row.kind == CodeSuccession.Kind.SEEN_AS
    ]
    hint = f" Another source uses this code for {ours[0]}." if ours else ""
    return NotFound(f"The catalogue has no procedure {code}.{hint}", parameter="code")
