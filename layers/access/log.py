"""The log of looks at personal data: added to, read by supervisors, and never changed (the database sees to it)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from layers.access.models import AccessEntry, Membership
from layers.access.reader import PUBLIC, Reader, require
from layers.access.roles import Action
from layers.collections.parcels.models import Parcel
from layers.errors import Fault, NotAllowed

PAGE = 100
LONGEST = 500  # of any text in the log


@dataclass(frozen=True)
class Entry:
    """What is about to be logged; who is told by the reader, when by the database."""

    action: str  # masked, reveal, search, log_read or sign_in
    address: str | None = None
    purpose: str = ""
    purpose_text: str = ""
    dossier_code: str = ""
    parcel_key: str = ""
    asked: str = ""
    fields: tuple[str, ...] = ()
    result_count: int = 0
    exported: bool = False
    allowed: bool = True
    reason: str = ""


def as_json(reader: Reader, entry: Entry) -> str:
    """The entry as the database's functions take it. Texts are cut, NUL left out: no row is refused for them."""
    texts = {
        name: value.replace("\x00", "")[:LONGEST] if isinstance(value, str) else value
        for name, value in asdict(entry).items()
    }
    who = {
        "user_id": reader.user_id,
        "user_name": reader.name,
        "agency_key": reader.agency_key,
        "role": reader.role.value if reader.role else "",
    }
    return json.dumps(texts | who)


def record(reader: Reader, entry: Entry) -> None:
    """Add a row and commit it, so that nothing later can undo it."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT layers_access_record(%s::jsonb)", [as_json(reader, entry)])


@contextmanager
def refusals_logged(reader: Reader, entry: Entry) -> Iterator[None]:
    """A fault raised inside becomes a row `allowed = false` with its reason, and goes on."""
    try:
        yield
    except Fault as fault:
        reason = fault.reason if isinstance(fault, NotAllowed) else f"invalid_{fault.parameter or 'input'}"
        record(reader, replace(entry, allowed=False, reason=reason))
        raise


def record_sign_in(name: str, user_id: int | None, address: str, *, reason: str = "") -> None:
    """Log a sign-in (no reason) or its refusal. `name` only of an account that exists, else empty."""
    reader = replace(PUBLIC, name=name, user_id=user_id)
    record(reader, Entry("sign_in", address, allowed=not reason, reason=reason))


@dataclass(frozen=True)
class Wanted:
    """Which entries of the agency. `first` and `last` are days, both included; what is empty leaves nothing out."""

    person: str = ""
    first: date | None = None
    last: date | None = None
    action: str = ""
    refused: bool = False

    def said(self) -> str:
        """For the log of those who read the log."""
        parts = {"person": self.person, "from": self.first, "to": self.last, "action": self.action}
        return " ".join(["recent", *(f"{name}={value}" for name, value in parts.items() if value), *self._refused()])

    def _refused(self) -> tuple[str, ...]:
        return ("refused",) if self.refused else ()

    def conditions(self) -> dict[str, object]:
        found: dict[str, object] = {"user_name": self.person, "action": self.action}
        if self.first:
            found["at__gte"] = _midnight(self.first)
        if self.last:
            found["at__lt"] = _midnight(self.last + timedelta(days=1))
        if self.refused:
            found["allowed"] = False
        return {name: value for name, value in found.items() if value != ""}


EVERYTHING = Wanted()


def recent(
    reader: Reader, address: str, *, before: int | None = None, wanted: Wanted = EVERYTHING
) -> list[AccessEntry]:
    """Up to PAGE entries of the reader's own agency, newest first. Reading the log is logged too."""
    entry = Entry("log_read", address, asked=wanted.said())
    with refusals_logged(reader, entry):
        require(reader, Action.READ_ACCESS_LOG)
    record(reader, entry)
    found = AccessEntry.objects.filter(agency_key=reader.agency_key, **wanted.conditions()).order_by("-id")
    return list((found.filter(id__lt=before) if before else found)[:PAGE])


def watched(reader: Reader) -> tuple[str, ...]:
    """Names of those who act or acted for the reader's agency. Raises NotAllowed."""
    require(reader, Action.READ_ACCESS_LOG)
    members = Membership.objects.filter(agency_key=reader.agency_key)
    return tuple(members.values_list("user__username", flat=True).distinct().order_by("user__username"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def of_parcel(reader: Reader, parcel_key: str, address: str) -> list[AccessEntry]:
    """Who looked at this parcel, from any agency: up to PAGE entries, newest first. Raises NotAllowed outside the
    supervisor's territory."""
    parcel_key = parcel_key.replace("\x00", "")
    entry = Entry("log_read", address, parcel_key=parcel_key, asked="parcel")
    with refusals_logged(reader, entry):
        require(reader, Action.READ_ACCESS_LOG)
        area_key = Parcel.objects.filter(key=parcel_key).values_list("area_key", flat=True).first()
        require(reader, Action.READ_ACCESS_LOG, area_key=area_key or "")
    record(reader, entry)
    return list(AccessEntry.objects.filter(parcel_key=parcel_key).exclude(action="log_read").order_by("-id")[:PAGE])


@dataclass(frozen=True)
class Chain:
    """State of the chain. `broken_at` is the first row that does not follow from the one before it."""

    rows: int
    head: str
    broken_at: int | None
    head_known: bool = True


_VERIFY = """
SELECT id FROM (
    SELECT l.id, l.hash, l.previous_hash, layers_access_digest(l) AS digest,
           lag(l.hash, 1, '') OVER chain AS hash_before, lag(l.id, 1, 0::bigint) OVER chain AS id_before
    FROM layers_access_log l WINDOW chain AS (ORDER BY l.id)
) rows
WHERE hash <> digest OR previous_hash <> hash_before OR id <> id_before + 1
ORDER BY id LIMIT 1
"""


def verify(expected_head: str = "") -> Chain:
    """Recompute the chain. `expected_head` is a hash noted earlier: a log cut off at its end no longer holds it."""
    with connection.cursor() as cursor:
        cursor.execute(_VERIFY)
        broken = cursor.fetchone()
        cursor.execute(
            "SELECT count(*), coalesce((array_agg(hash ORDER BY id DESC))[1], ''), %s = '' OR bool_or(hash = %s) "
            "FROM layers_access_log",
            [expected_head, expected_head],
        )
        rows, head, known = cursor.fetchone()
    return Chain(rows, head, broken[0] if broken else None, bool(known))
