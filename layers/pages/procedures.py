"""The list of procedures and the page of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from layers.collections import registry
from layers.errors import Gone, NotFound
from layers.pages import cards, parameters, related, wording
from layers.pages.answers import document, public, text_page
from layers.pages.related import Office, Way
from layers.pages.sites import Chip
from layers.procedures import catalogue, export, words
from layers.procedures.models import FIELDS, Procedure
from layers.procedures.rule import Rule
from layers.reading.grammar import fold

PAGE_SIZE = 30
FIELD_ORDER = {code: place for place, (code, _vi, _en) in enumerate(FIELDS)}  # land first: most come for it
CODE = re.compile(r"[0-9]\.[0-9]{6}")
LD_JSON = "application/ld+json"


@dataclass(frozen=True)
class Line:
    """One procedure in a list."""

    url: str
    code: str
    title: str
    full_title: str
    field: str
    levels: str
    unverified: bool


@dataclass(frozen=True)
class LeadsHere:
    """A rule that leads to the procedure: what it is of, its sentence, its law."""

    rule_id: str
    outcome: str
    targets: str
    sentence: str
    laws: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Everything the page of one procedure says."""

    line: Line
    decision: str
    decided: str
    held: str
    audience: str
    agency: str
    result: str
    note: str
    ways: tuple[Way, ...]
    offices: tuple[Office, ...]
    rules: tuple[LeadsHere, ...]
    seen_as: tuple[tuple[str, str], ...]
    checked: str
    portal_url: str
    source: str


@public
def procedures(request: HttpRequest) -> HttpResponse:
    """The catalogue in force; `?linh-vuc=` chooses a field, `?q=` words or a code, with or without accents."""
    chosen, text = request.GET.get("linh-vuc", ""), parameters.free_text(request)
    names = {code: cards.local(vi, en) for code, vi, en in FIELDS}
    if chosen and chosen not in names:
        raise NotFound(gettext("Không có lĩnh vực “%(field)s”.") % {"field": parameters.printable(chosen)})
    rows = [row for row in catalogue.procedures_in_force(timezone.localdate()).values() if _fits(row, text)]
    counts = {code: sum(row.field == code for row in rows) for code in names}
    rows = [row for row in rows if not chosen or row.field == chosen]
    rows.sort(key=lambda row: (FIELD_ORDER.get(row.field, len(FIELD_ORDER)), row.code))
    window = parameters.window(request, len(rows), PAGE_SIZE)
    query = f"q={quote(text)}&" if text else ""
    base = reverse("pages:procedures")
    context = {
        "text": text,
        "chosen": chosen,
        "fields": [Chip(gettext("Tất cả"), f"{base}?{query}".rstrip("?&"), sum(counts.values()), not chosen)]
        + [Chip(names[code], f"{base}?{query}linh-vuc={code}", counts[code], code == chosen) for code in names],
        "lines": tuple(line(row) for row in rows[window.offset : window.last]),
        "window": window,
        "page_base": f"{base}?{query}" + (f"linh-vuc={chosen}&" if chosen else ""),
        "count_text": ngettext("%(n)s thủ tục", "%(n)s thủ tục", len(rows)) % {"n": len(rows)},
    }
    return text_page(request, "public/procedures.html", context)


def _fits(row: Procedure, text: str) -> bool:
    """Whether every word asked for stands in the code or a name, without regard to accents."""
    held = fold(f"{row.code} {row.name_vi} {row.name_en} {row.short_vi or ''} {row.short_en or ''}")
    return all(word in held for word in fold(text).split())


def line(row: Procedure) -> Line:
    """The procedure as lists show it."""
    full = cards.local(row.name_vi, row.name_en)
    short = cards.local(row.short_vi, row.short_en) or full
    return Line(
        url=related.procedure_url(row.code),
        code=row.code,
        title=short,
        full_title=full if full != short else "",
        field=next((cards.local(vi, en) for code, vi, en in FIELDS if code == row.field), row.field),
        levels=", ".join(related.level_name(level) for level in row.levels.split()),
        unverified=row.code_status != "verified",
    )


@public
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure; a replaced code leads on in one hop, an abolished one is a dated 410."""
    try:
        found = _held(code)
    except Gone as gone:
        if gone.successors:
            return HttpResponsePermanentRedirect(related.procedure_url(gone.successors[-1]))
        raise
    context = {"sheet": _sheet(found), "structured": export.cpsv_ap(found.procedure, page_url=_absolute(request, code))}
    return text_page(request, "public/procedure.html", context)


@public
def procedure_jsonld(request: HttpRequest, code: str) -> HttpResponse:
    """The procedure in the words of CPSV-AP."""
    try:
        found = _held(code)
    except Gone as gone:
        if gone.successors:
            return HttpResponsePermanentRedirect(reverse("pages:procedure_jsonld", args=[gone.successors[-1]]))
        raise
    return document(export.cpsv_ap(found.procedure, page_url=_absolute(request, code)), LD_JSON)


def _held(code: str) -> catalogue.ProcedurePage:
    """The procedure in force. Raises NotFound in the reader's language, and Gone as the catalogue does."""
    try:
        if CODE.fullmatch(code):
            return catalogue.procedure(code, on=timezone.localdate())
    except NotFound:
        pass
    raise NotFound(gettext("Danh mục không có thủ tục nào mã “%(code)s”.") % {"code": parameters.printable(code)})


def _absolute(request: HttpRequest, code: str) -> str:
    return request.build_absolute_uri(related.procedure_url(code))


def _sheet(found: catalogue.ProcedurePage) -> Sheet:
    row = found.procedure
    english = get_language() == "en"
    return Sheet(
        line=line(row),
        decision=row.decision or "",
        decided=wording.day(row.decision_date),
        held=wording.period(row.valid_from, row.valid_to),
        audience=", ".join(related.audience(code) for code in (row.audience or "").split()),
        agency=row.agency_vi or "",
        result=row.result_vi or "",
        note=(row.limit_note_en if english else row.limit_note_vi) or "",
        ways=related.ways(found.channels),
        offices=related.offices(found.handlers),
        rules=tuple(_leads_here(rule) for rule in found.rules),
        seen_as=tuple((seen.code, seen.note_en if english else seen.note_vi) for seen in found.seen_as),
        checked=related.month(row.checked_on or ""),
        portal_url=related.portal(row.detail_url or ""),
        source=row.source,
    )


def _leads_here(rule: Rule) -> LeadsHere:
    return LeadsHere(
        rule.id,
        related.outcome(rule.outcome.value),
        ", ".join(registry.get(target).title for target in rule.targets),
        words.rule_text(rule, get_language()),
        related.laws(rule.law),
    )
