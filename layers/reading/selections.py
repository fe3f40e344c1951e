"""Selections of parcels: asked by question, changed in steps, undone, saved, shared with the agency. They belong to a
person and change nothing that is published.

Doors: `start`, `ask`, `clear`, `undo`, `redo`, `save`, `discard`; `mine`, `selection`, `held`. What is in one is read
by `selection_rows`. At most MOST parcels are held; a question that meets more is refused in words, never cut.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction
from django.db.utils import OperationalError
from django.utils import timezone
from django.utils.translation import gettext
from psycopg2.errors import QueryCanceled

from layers.access.reader import Reader, readable_rows, require, require_read
from layers.access.roles import Action
from layers.collections.parcels.collection import PARCELS
from layers.errors import Conflict, Invalid, NotAllowed, NotFound
from layers.reading.cql import mentions, parse
from layers.reading.cql_sql import condition
from layers.reading.cql_words import words
from layers.reading.models import Selection, SelectionStep

MOST = 20_000
MOST_STEPS = 50
MOST_KEPT = 100  # selections of one person
SCRATCH_DAYS = 30
LONGEST_TITLE = 120


class Mode(StrEnum):
    NEW = "new"
    ADD = "add"
    REMOVE = "remove"
    KEEP = "keep"


@dataclass(frozen=True)
class Step:
    """One step in words. `question`: CQL2 JSON, empty for clearing."""

    number: int
    mode: str
    words: str
    question: str
    found: int
    count: int


@dataclass(frozen=True)
class Picked:
    """A selection as its reader may see it, with the steps up to the one shown."""

    id: uuid.UUID
    title: str
    shared: bool
    own: bool
    by: str
    changed_at: datetime
    steps: tuple[Step, ...]
    can_undo: bool
    can_redo: bool

    @property
    def count(self) -> int:
        return self.steps[-1].count if self.steps else 0

    @property
    def question(self) -> str:
        """How it came about, in words."""
        signs = {
            "new": "",
            "clear": "",
            "add": gettext("thêm: "),
            "remove": gettext("bớt: "),
            "keep": gettext("chỉ giữ: "),
        }
        begin = max((place for place, step in enumerate(self.steps) if step.mode in ("new", "clear")), default=0)
        return "; ".join(signs[step.mode] + step.words for step in self.steps[begin:])


@dataclass(frozen=True)
class Kept:
    """A line in the list of selections."""

    id: uuid.UUID
    title: str
    shared: bool
    own: bool
    by: str
    count: int
    changed_at: datetime


def start(by: Reader, title: str = "") -> uuid.UUID:
    """A new, empty selection. Old scratch work of the person goes. Raises NotAllowed, Invalid, Conflict (too many)."""
    _require(by)
    _tidy(by)
    if Selection.objects.filter(user_id=by.user_id).count() >= MOST_KEPT:
        raise Conflict(gettext("Bạn đã có 100 lựa chọn. Hãy xóa bớt trước khi tạo lựa chọn mới."))
    made = Selection(id=uuid.uuid4(), user_id=by.user_id, agency_key=by.agency_key, title=_title(title, empty=True))
    made.save()
    return made.id


def ask(selection_id: object, question: str, mode: Mode, by: Reader) -> None:
    """Let a question (CQL2 JSON) change the selection. Raises NotAllowed, NotFound, Invalid (question, too many)."""
    with _changing(selection_id, by) as row:
        found = _ids(question, by)
        before = set(shown_ids(row))
        after = {
            Mode.NEW: found, Mode.ADD: before | found, Mode.REMOVE: before - found, Mode.KEEP: before & found,
        }[mode]  # fmt: skip
        _require_few(len(after))
        _add(row, mode.value, question, len(found), after)


def clear(selection_id: object, by: Reader) -> None:
    with _changing(selection_id, by) as row:
        _add(row, "clear", "", 0, set())


def undo(selection_id: object, by: Reader) -> None:
    """Back by one step; before the first there is nothing more to undo, which is no fault."""
    with _changing(selection_id, by) as row:
        first = row.steps.order_by("number").values_list("number", flat=True).first() or 0
        row.step = max(row.step - 1, first - 1, 0)


def redo(selection_id: object, by: Reader) -> None:
    with _changing(selection_id, by) as row:
        last = row.steps.order_by("-number").values_list("number", flat=True).first() or 0
        row.step = min(row.step + 1, last)


def save(selection_id: object, title: str, *, shared: bool, by: Reader) -> None:
    """Keep it under a title, seen by the agency's others where `shared`. Raises Invalid without a title."""
    with _changing(selection_id, by) as row:
        row.title, row.shared = _title(title), shared


def discard(selection_id: object, by: Reader) -> None:
    with _changing(selection_id, by) as row:
        row.delete()


def mine(reader: Reader) -> tuple[Kept, ...]:
    """The reader's own selections and those that colleagues of the agency share, the latest first."""
    _require(reader)
    own = Selection.objects.filter(user_id=reader.user_id)
    shared = Selection.objects.filter(agency_key=reader.agency_key, shared=True).exclude(title="")
    found = (own | shared).select_related("user").order_by("-changed_at", "id")[: 2 * MOST_KEPT]
    counts = _counts([row.id for row in found])
    return tuple(
        Kept(row.id, row.title, row.shared, row.user_id == reader.user_id, row.user.get_username(),
             counts.get(row.id, 0), row.changed_at)
        for row in found
    )  # fmt: skip


def selection(selection_id: object, reader: Reader) -> Picked:
    """Raises NotAllowed, or NotFound for what is not there or is another person's."""
    row = held(selection_id, reader)
    steps = tuple(_step(step, reader) for step in row.steps.order_by("number"))
    shown = tuple(step for step in steps if step.number <= row.step)
    return Picked(
        id=row.id,
        title=row.title,
        shared=row.shared,
        own=row.user_id == reader.user_id,
        by=row.user.get_username(),
        changed_at=row.changed_at,
        steps=shown,
        can_undo=bool(shown),
        can_redo=len(shown) < len(steps),
    )


def _require(reader: Reader) -> None:
    require(reader, Action.USE_DESK)
    require_read(reader, PARCELS)


def held(selection_id: object, reader: Reader) -> Selection:
    """The row itself, for this room. Raises NotAllowed, or NotFound for what is not there or is another person's."""
    _require(reader)
    found = Selection.objects.select_related("user").filter(id=_uuid(selection_id)).first()
    own = found is not None and found.user_id == reader.user_id
    if not own and not (found and found.shared and found.title and found.agency_key == reader.agency_key):
        raise NotFound(gettext("Không có lựa chọn này, hoặc người tạo chưa chia sẻ với cơ quan bạn."))
    return found


def _uuid(given: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(given))
    except ValueError:
        return None


@contextlib.contextmanager
def _changing(selection_id: object, by: Reader) -> Iterator[Selection]:
    """The selection, locked, and saved at the end unless it was deleted. Raises NotAllowed for a colleague's."""
    with transaction.atomic():
        row = held(selection_id, by)
        if row.user_id != by.user_id:
            raise NotAllowed(
                gettext("Đây là lựa chọn của %(name)s: bạn xem được, không đổi được.") % {"name": row.user}
            )
        row = Selection.objects.select_for_update().get(id=row.id)
        yield row
        if row.pk is not None:
            row.changed_at = timezone.now()
            row.save()


def _ids(question: str, reader: Reader) -> set[int]:
    """Row ids that the question meets. Only active parcels, unless it asks for a status or names parcels."""
    node = parse(question, PARCELS, reader)
    sql, params = condition(node, PARCELS, reader, timezone.localdate())
    readable, more = readable_rows(reader, PARCELS)
    active = "TRUE" if mentions(node, "status", "key") else "t.status = 'active'"
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT t.id FROM layers_parcel t WHERE {active} AND {readable} AND {sql} LIMIT {MOST + 1}",
                params | more,
            )
            found = {row[0] for row in cursor.fetchall()}
    except OperationalError as fault:
        if isinstance(fault.__cause__, QueryCanceled):
            message = gettext("Câu hỏi này quá nặng. Hãy giới hạn theo xã, phường hoặc theo vùng rồi hỏi lại.")
            raise Invalid(message, parameter="filter") from None
        raise
    _require_few(len(found))
    return found


def _require_few(count: int) -> None:
    if count > MOST:
        message = gettext("Hơn 20.000 thửa. Một lựa chọn giữ nhiều nhất 20.000: hãy thu hẹp vùng hoặc thêm điều kiện.")
        raise Invalid(message, parameter="filter")


def shown_ids(row: Selection) -> list[int]:
    """Row ids of the parcels in the selection as it stands."""
    return row.steps.filter(number=row.step).values_list("ids", flat=True).first() or []


def _add(row: Selection, mode: str, question: str, found: int, ids: set[int]) -> None:
    """A step after the one shown. Steps that were undone go, and so does the first beyond MOST_STEPS."""
    row.steps.filter(number__gt=row.step).delete()
    row.step += 1
    row.steps.create(number=row.step, mode=mode, question=question, found=found, ids=sorted(ids))
    row.steps.filter(number__lte=row.step - MOST_STEPS).delete()


def _step(step: SelectionStep, reader: Reader) -> Step:
    said = words(parse(step.question, PARCELS, reader)) if step.question else gettext("bỏ chọn tất cả")
    return Step(step.number, step.mode, said, step.question, step.found, len(step.ids))


def _title(text: str, *, empty: bool = False) -> str:
    title = " ".join("".join(letter for letter in text if letter.isprintable()).split())
    if len(title) > LONGEST_TITLE or not (title or empty):
        raise Invalid(gettext("Hãy đặt tên cho lựa chọn, không quá 120 ký tự."), parameter="title")
    return title


def _tidy(by: Reader) -> None:
    old = timezone.now() - timedelta(days=SCRATCH_DAYS)
    Selection.objects.filter(user_id=by.user_id, title="", changed_at__lt=old).delete()


def _counts(ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, coalesce(cardinality(p.ids), 0) FROM layers_selection s LEFT JOIN layers_selection_step p "
            "ON p.selection_id = s.id AND p.number = s.step WHERE s.id = ANY(%s::uuid[])",
            [[str(each) for each in ids]],
        )
        return dict(cursor.fetchall())
