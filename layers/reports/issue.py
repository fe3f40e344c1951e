"""Issuing extracts and verifying copies of them.

Doors: `issue_extract`, `issued`, `issued_of` and `verify`. An issued extract is a row with the exact words of the
paper, and the paper is made from that row alone. What a copy claims is its number and the hash of its words, which
its code carries.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from layers.access.reader import Reader, require, require_read
from layers.access.roles import Action
from layers.collections.parcels.collection import PARCELS
from layers.collections.parcels.lineage import gone
from layers.errors import Fault, NotFound
from layers.reports.canonical import canonical_json, sha256
from layers.reports.models import Extract
from layers.reports.parcel_facts import ParcelFacts, parcel_facts

AUTHENTIC, ALTERED, SUPERSEDED, UNKNOWN = "authentic", "altered", "superseded", "unknown"


@dataclass(frozen=True)
class Content:
    """The words of one extract."""

    number: str
    issued_on: date
    issued_by: str
    facts: ParcelFacts


@dataclass(frozen=True)
class Printed:
    """What the paper says of the parcel, so that whoever holds a copy can compare. Areas are as printed."""

    sheet_no: int
    parcel_no: int
    geohash: str
    unit_then: str
    units_now: tuple[str, ...]
    register_area_m2: str | None
    survey_area_m2: str
    corners: int
    data_date: date
    synthetic: bool


@dataclass(frozen=True)
class Verdict:
    """About one copy. `superseded_*` where a newer extract says otherwise.

    `printed` is None for what is not ours: unknown or altered. `changed_since`: the parcel is recorded differently
    today, though no newer extract was issued; None: not looked at.
    """

    result: str
    number: str
    parcel_key: str = ""
    issued_on: date | None = None
    superseded_on: date | None = None
    superseded_by: str = ""
    changed_since: bool | None = None
    printed: Printed | None = None


def issue_extract(parcel_key: str, by: Reader) -> Extract:
    """A new, signed extract. Earlier ones of the parcel that say something else are superseded by it.

    Writes the row in one transaction. Raises NotAllowed (role, territory), NotFound, or Gone for a retired number,
    with the keys of those that took its place.
    """
    require(by, Action.ISSUE_EXTRACT, area_key=_area_key(parcel_key))
    require_read(by, PARCELS)
    now = timezone.now()
    with transaction.atomic():
        _one_at_a_time(parcel_key)
        facts = parcel_facts(parcel_key, timezone.localdate(now))
        if facts.status == "retired":
            raise gone(parcel_key)
        extract = _row(Content(_next_number(now), timezone.localdate(now), by.name, facts), now)
        extract.save()
        Extract.objects.filter(parcel_key=facts.parcel_key, superseded_by__isnull=True).exclude(
            facts_sha256=extract.facts_sha256
        ).update(superseded_by=extract, superseded_at=now)
    return extract


def specimen(parcel_key: str) -> Extract:
    """An extract that is not issued: with no number of ours and kept nowhere, for measuring what the paper costs."""
    now = timezone.now()
    day = timezone.localdate(now)
    return _row(Content("TL-0000-000000", day, "", parcel_facts(parcel_key, day)), now)


def verify(number: str, sha256_hex: str) -> Verdict:
    """What is to be said of a copy that bears this number and hash. Reads only."""
    number = number.strip().upper().replace("\x00", "")
    row = Extract.objects.select_related("superseded_by").filter(number=number).first()
    if row is None:
        return Verdict(UNKNOWN, number)
    known = {"number": number, "parcel_key": row.parcel_key, "issued_on": timezone.localdate(row.issued_at)}
    if sha256_hex.strip().lower() != row.sha256 or not _untouched(row):
        return Verdict(ALTERED, **known)
    if row.superseded_by is not None:
        on = timezone.localdate(row.superseded_at)
        by = row.superseded_by.number
        return Verdict(SUPERSEDED, **known, superseded_on=on, superseded_by=by, printed=_printed(row))
    return Verdict(AUTHENTIC, **known, changed_since=_changed(row), printed=_printed(row))


def issued(number: str, reader: Reader) -> Extract:
    """An extract that was issued, to be handed out again. Raises NotAllowed (role, territory) or NotFound."""
    require(reader, Action.ISSUE_EXTRACT)
    row = Extract.objects.filter(number=number.replace("\x00", "")).first()
    if row is None:
        raise NotFound(gettext("Không có trích lục số “%(number)s”.") % {"number": number[:40]}, parameter="number")
    require(reader, Action.ISSUE_EXTRACT, area_key=_area_key(row.parcel_key))
    return row


def issued_of(parcel_key: str, reader: Reader, most: int = 10) -> tuple[Extract, ...]:
    """Extracts of a parcel, the newest first; at most `most`. Raises NotAllowed (role, territory)."""
    require(reader, Action.ISSUE_EXTRACT, area_key=_area_key(parcel_key))
    return tuple(Extract.objects.filter(parcel_key=parcel_key).order_by("-id")[:most])


def _area_key(parcel_key: str) -> str:
    """The commune of the parcel's sheet, which its key begins with."""
    return parcel_key.rsplit("-", 2)[0]


def _printed(row: Extract) -> Printed:
    facts = json.loads(row.content)["facts"]
    same = ("sheet_no", "parcel_no", "geohash", "unit_then", "register_area_m2", "survey_area_m2", "synthetic")
    return Printed(
        **{name: facts[name] for name in same},
        units_now=tuple(facts["units_now"]),
        corners=sum(len(ring["corners"]) - 1 for ring in facts["rings"]),
        data_date=date.fromisoformat(facts["data_date"]),
    )


def _row(content: Content, now: datetime) -> Extract:
    words = canonical_json(content)
    return Extract(
        number=content.number,
        parcel_key=content.facts.parcel_key,
        content=words.decode(),
        sha256=sha256(words),
        facts_sha256=_facts_hash(content.facts),
        signature=_signer().signature(f"{content.number}:{sha256(words)}"),
        issued_at=now,
        issued_by=content.issued_by,
    )


def _signer() -> Signer:
    """Its key is derived from SECRET_KEY; keys in SECRET_KEY_FALLBACKS still verify."""
    return Signer(salt="layers.reports.extract")


def _facts_hash(facts: ParcelFacts) -> str:
    return sha256(canonical_json(facts))


def _untouched(row: Extract) -> bool:
    """Whether the row itself still says what was signed: its words, their hash, its number."""
    try:
        _signer().unsign(f"{row.number}:{row.sha256}:{row.signature}")
    except BadSignature:
        return False
    return sha256(row.content.encode()) == row.sha256 and json.loads(row.content)["number"] == row.number


def _changed(row: Extract) -> bool:
    try:
        return _facts_hash(parcel_facts(row.parcel_key, timezone.localdate())) != row.facts_sha256
    except Fault:
        return True


def _next_number(now: datetime) -> str:
    """TL-2026-000123: unique and rising; a number lost to a failed issue is not given again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('layers_extract_number')")
        return f"TL-{timezone.localdate(now).year}-{cursor.fetchone()[0]:06d}"


def _one_at_a_time(parcel_key: str) -> None:
    """Two extracts of one parcel wait for each other, so that neither misses the other when superseding."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"extract {parcel_key}"])
