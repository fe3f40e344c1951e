"""Batches: references looked up together, chosen from, and made into a table and a pack of extracts.

Doors: `begin`, `batch`, `batches_of`, `counts`, `lines`, `choose`, `accept_only_ones`, `found_keys`, `want_pack`, and
`look_up`, which a worker does. A batch is its person's alone: for everybody else it is not there.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext

from layers.access.reader import Reader, require
from layers.access.roles import Action
from layers.errors import Conflict, Invalid, NotFound
from layers.jobs import queue
from layers.jobs.models import Job
from layers.jobs.worker import Work, run_now
from layers.reading.grammar import Typed, fold, understand
from layers.reading.parcel_lists import lookup_many
from layers.reports import batch_lines
from layers.reports.batch_lines import Line, Result
from layers.reports.models import BatchLine, ReferenceBatch

LOOKUP, PACK = "batch_lookup", "batch_pack"  # kinds of jobs
MOST_LINES = 500
MOST_LETTERS = 200
SMALL = 100  # lines that are not worth waiting for a worker, who may be at a large pack
AT_ONCE = 100  # lines looked up in one go and written together
State = BatchLine.State


@dataclass(frozen=True)
class Reference:
    """A line of what was given, counted from 1. `cut`: the text was longer than is kept."""

    number: int
    text: str
    cut: bool = False


@dataclass(frozen=True)
class Counts:
    waiting: int
    found: int
    ambiguous: int
    missing: int
    only_ones: int

    @property
    def total(self) -> int:
        return self.waiting + self.found + self.ambiguous + self.missing


def begin(
    references: Sequence[Reference], place: str, by: Reader, *, empty_lines: int = 0, header: str = ""
) -> ReferenceBatch:
    """Keep the references and let a worker look them up; up to SMALL are looked up before this returns.

    Raises Invalid when there are none or too many, Conflict when too many jobs of the person are unfinished; then
    nothing is kept.
    """
    require(by, Action.USE_DESK)
    if not references:
        raise Invalid(gettext("Chưa có dòng nào. Hãy dán hoặc chọn tệp có mỗi dòng một thửa."), parameter="lines")
    if len(references) > MOST_LINES:
        raise Invalid(
            gettext("Có %(n)s dòng; mỗi lần tra cứu nhiều nhất %(most)s. Chưa tra dòng nào: hãy chia nhỏ danh sách.")
            % {"n": len(references), "most": MOST_LINES},
            parameter="lines",
        )
    with transaction.atomic():
        made = ReferenceBatch.objects.create(
            user_id=by.user_id, user_name=by.name, agency_key=by.agency_key, place=_usable_place(place),
            empty_lines=empty_lines, header=header[:MOST_LETTERS],
        )  # fmt: skip
        _write(made, references)
        job = queue.enqueue(LOOKUP, {"batch": str(made.uuid)}, by)
    if len(references) <= SMALL:
        run_now(job, {LOOKUP: look_up})
    return made


def batch(batch_id: str | uuid.UUID, reader: Reader) -> ReferenceBatch:
    """Raises NotFound, also for another person's."""
    require(reader, Action.USE_DESK)
    try:
        return ReferenceBatch.objects.get(uuid=batch_id, user_id=reader.user_id)
    except (ReferenceBatch.DoesNotExist, ValidationError, ValueError) as fault:
        raise NotFound(gettext("Không có danh sách này trong các danh sách của bạn.")) from fault


def batches_of(reader: Reader, most: int = 10) -> list[ReferenceBatch]:
    """The person's own, the newest first."""
    require(reader, Action.USE_DESK)
    return list(ReferenceBatch.objects.filter(user_id=reader.user_id).order_by("-id")[:most])


def counts(found: ReferenceBatch) -> Counts:
    by_state = dict(found.lines.values_list("state").annotate(n=Count("id")))
    return Counts(
        *(by_state.get(state, 0) for state in (State.WAITING, State.FOUND, State.AMBIGUOUS, State.MISSING)),
        only_ones=_only_ones(found).count(),
    )


def lines(found: ReferenceBatch, state: str = "", *, offset: int = 0, limit: int = MOST_LINES) -> tuple[Line, ...]:
    """In the order given; of one state when named."""
    rows = found.lines.filter(state=state) if state else found.lines.all()
    return tuple(map(batch_lines.line_of, rows.order_by("number")[offset : offset + limit]))


def choose(batch_id: str, number: int, parcel_key: str, by: Reader) -> None:
    """Say which of its candidates line `number` means; those that say the same follow. Empty: undo a choice.

    Raises NotFound for no such line, Invalid for a parcel that is none of its candidates, Conflict while a pack is
    made.
    """
    held = batch(batch_id, by)
    with transaction.atomic():
        row = held.lines.select_for_update().filter(number=number).first()
        if row is None or row.state == State.WAITING:
            raise NotFound(gettext("Danh sách không có dòng %(number)s.") % {"number": number})
        line = batch_lines.line_of(row)
        if parcel_key and parcel_key not in {hit.key for hit in line.candidates}:
            raise Invalid(gettext("Thửa này không nằm trong các thửa của dòng %(number)s.") % {"number": number})
        if not parcel_key and not row.by_hand:
            raise Invalid(gettext("Dòng %(number)s chưa được chọn bằng tay.") % {"number": number})
        _refuse_while_packing(held, by)
        undone = State.MISSING if row.outcome == batch_lines.RETIRED else State.AMBIGUOUS
        _same(held, row).update(
            state=State.FOUND if parcel_key else undone, parcel_key=parcel_key, by_hand=bool(parcel_key),
            extract_number="", extract_job=None, no_extract="",
        )  # fmt: skip


def accept_only_ones(batch_id: str, by: Reader) -> int:
    """Take the one candidate of each line that has no other. Returns how many lines."""
    held = batch(batch_id, by)
    numbers = list(_only_ones(held).values_list("number", flat=True))
    with transaction.atomic():
        for number in numbers:
            row = held.lines.get(number=number)
            choose(batch_id, number, row.details["candidates"][0]["key"], by)
    return len(numbers)


def found_keys(batch_id: str, reader: Reader) -> tuple[str, ...]:
    """Keys of the parcels that were found or chosen, each once, in the order of the lines."""
    rows = batch(batch_id, reader).lines.filter(state=State.FOUND).order_by("number")
    return tuple(dict.fromkeys(rows.values_list("parcel_key", flat=True)))


def want_pack(batch_id: str, verify_at: str, by: Reader) -> Job:
    """Let a worker issue an extract for each parcel found and bind them; the one being made, if there is one.

    `verify_at` as for `pdf.render_pdf`. Raises NotAllowed, Invalid when there is nothing to extract, Conflict.
    """
    require(by, Action.ISSUE_EXTRACT)
    held = batch(batch_id, by)
    if not found_keys(batch_id, by):
        raise Invalid(gettext("Chưa dòng nào có thửa để cấp trích lục."))
    with transaction.atomic():
        ReferenceBatch.objects.select_for_update().get(pk=held.pk)  # two clicks wait for each other
        for job in queue.jobs_of(by, kind=PACK, about={"batch": str(held.uuid)}):
            if job.unfinished:
                return job
        return queue.enqueue(PACK, {"batch": str(held.uuid), "verify_at": verify_at}, by)


def look_up(work: Work, reader: Reader, parameters: Mapping[str, object]) -> None:
    """The worker's part: lines that have no answer yet, AT_ONCE at a time."""
    held = batch(str(parameters["batch"]), reader)
    total = held.lines.count()
    while rows := list(held.lines.filter(state=State.WAITING, same_as=None).order_by("number")[:AT_ONCE]):
        results = _results([row.text for row in rows], held.place, reader)
        with transaction.atomic():
            for row, found in zip(rows, results, strict=True):
                _same(held, row).update(
                    state=found.state, outcome=found.outcome, parcel_key=found.parcel_key, details=found.details
                )
        left = held.lines.filter(state=State.WAITING).count()
        work.step(total - left, total, gettext("Đã tra %(n)s/%(all)s dòng") % {"n": total - left, "all": total})
    work.step(total, total, gettext("Đã tra hết %(all)s dòng") % {"all": total}, now=True)


def remove_old() -> int:
    """Remove batches that began JOB_KEPT_DAYS ago. Extracts that were issued stay. Returns how many."""
    before = timezone.now() - timedelta(days=settings.JOB_KEPT_DAYS)
    return ReferenceBatch.objects.filter(created_at__lt=before).delete()[1].get("layers.ReferenceBatch", 0)


def _results(texts: Sequence[str], place: str, reader: Reader) -> list[Result]:
    typed = [_understood(text, place) for text in texts]
    readable = [each for each in typed if each is not None]
    replies = iter(lookup_many(readable, reader, timezone.localdate()))
    return [
        batch_lines.unreadable() if each is None else batch_lines.result(each, next(replies), reader) for each in typed
    ]


def _understood(text: str, place: str) -> Typed | None:
    """A reference that names no commune lies in the common place."""
    try:
        typed = understand(text)
    except Invalid:
        return None
    if place and typed.parcel and not (typed.parcel.place or typed.parcel.code):
        return replace(typed, parcel=replace(typed.parcel, place=fold(place)))
    return typed


def _usable_place(place: str) -> str:
    place = " ".join(place.split())
    if len(place) > MOST_LETTERS or "\x00" in place:
        raise Invalid(gettext("Tên nơi chung không dùng được: nhiều nhất %(n)s ký tự.") % {"n": MOST_LETTERS})
    return place


def _write(made: ReferenceBatch, references: Sequence[Reference]) -> None:
    """All rows in one statement. A text that says the same as an earlier one points to it."""
    first: dict[str, int] = {}
    same = []
    for each in references:
        number = first.setdefault(" ".join(each.text.casefold().split()), each.number)
        same.append(number if number != each.number else None)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {BatchLine._meta.db_table} (batch_id, number, text, cut, same_as, state, outcome, "
            "parcel_key, by_hand, details, extract_number, no_extract) "
            "SELECT %s, number, text, cut, same_as, 'waiting', '', '', false, '{}', '', '' "
            "FROM unnest(%s::int[], %s::text[], %s::bool[], %s::int[]) AS r(number, text, cut, same_as)",
            [made.pk, [r.number for r in references], [r.text for r in references], [r.cut for r in references], same],
        )


def _same(held: ReferenceBatch, row: BatchLine):
    """The row and all that say the same."""
    first = row.same_as or row.number
    return held.lines.filter(Q(number=first) | Q(same_as=first))


def _only_ones(held: ReferenceBatch):
    return held.lines.filter(
        state=State.AMBIGUOUS, same_as=None, details__more=0, details__candidates__0__isnull=False,
        details__candidates__1__isnull=True,
    )  # fmt: skip


def _refuse_while_packing(held: ReferenceBatch, by: Reader) -> None:
    if any(job.unfinished for job in queue.jobs_of(by, kind=PACK, about={"batch": str(held.uuid)})):
        raise Conflict(
            gettext("Gói trích lục của danh sách này đang được làm. Hãy chờ xong, hoặc dừng việc ấy, rồi chọn.")
        )
