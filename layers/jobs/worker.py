"""Doing the work that was asked for. Doors: `run_next`, `run_now`, `Work`, `be_seen`, `somebody_works`.

A worker holds a session advisory lock on the job it does. When its process dies the database frees the lock at once,
and the next worker takes the job up again. So handlers commit as they go, begin where the rows say that the last one
stopped, and may be run again at any point. The lock lives in the connection: a pooler that hands a connection on after
each transaction (pgbouncer's transaction mode) must not stand between.
"""

from __future__ import annotations

import hashlib
import logging
import time
import traceback
from collections.abc import Callable, Iterable, Mapping

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from layers.access import people
from layers.access.reader import Reader
from layers.errors import Fault
from layers.jobs.models import Job, JobFile, JobPart

log = logging.getLogger(__name__)
MOST_TRIES = 3
SAID_EVERY_S = 1.0
PART = 1 << 20
_JOB_LOCKS, _WORKER_LOCK = 7301, 7302  # the first halves of our advisory locks' names


class Stopped(Exception):
    """The job is not this worker's any more: stopped by its person, or taken up by another worker."""


class Ending(BaseException):
    """This process was asked to end. Raised by its signal handler, at any point of a handler."""


class Work:
    """What a handler gets: its job, and the ways to say how far it is and to keep what it made."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._said = 0.0

    def step(self, done: int, total: int, stage: str = "", *, now: bool = False) -> None:
        """Say how far it is; written at most once a second unless `now`. Outside transactions only.

        Raises Stopped, which a handler lets through.
        """
        if not now and time.monotonic() - self._said < SAID_EVERY_S:
            return
        self._said = time.monotonic()
        self._update(done=done, total=total, stage=stage, heard_at=timezone.now())

    def keep(self, name: str, media_type: str, content: Iterable[bytes]) -> None:
        """Keep a result under `name`, in place of an earlier one of that name."""
        digest, size = hashlib.sha256(), 0
        with transaction.atomic():
            JobFile.objects.filter(job=self.job, name=name).delete()
            file = JobFile.objects.create(job=self.job, name=name, media_type=media_type, size=0, sha256="")
            for number, piece in enumerate(_cut(content)):
                digest.update(piece)
                size += len(piece)
                JobPart.objects.create(file=file, number=number, content=piece)
            file.size, file.sha256 = size, digest.hexdigest()
            file.save(update_fields=["size", "sha256"])
            self._update(heard_at=timezone.now())

    def _update(self, **fields: object) -> None:
        ours = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, tries=self.job.tries)
        if not ours.update(**fields):
            raise Stopped


Handler = Callable[[Work, Reader, Mapping[str, object]], None]


def run_next(handlers: Mapping[str, Handler]) -> Job | None:
    """Take the oldest job that nobody is doing and do it; None when there is none.

    Faults and errors of the job end in its row. Raises OperationalError or InterfaceError when the database is gone
    (the job then waits for the next worker), and lets `Ending` through after putting the job back.
    """
    job = _take()
    if job is None:
        return None
    try:
        with translation.override(job.language):
            _do(job, handlers)
    finally:
        _release(job)
    return job


def run_now(job: Job, handlers: Mapping[str, Handler]) -> None:
    """Do this job here and now, unless a worker has it already: for work so short that waiting would take longer."""
    with transaction.atomic():
        waiting = Job.objects.select_for_update(skip_locked=True).filter(pk=job.pk, state=Job.State.WAITING).first()
        if waiting is None or not _lock(waiting) or not _begin(waiting):
            return
    try:
        _do(waiting, handlers)
    finally:
        _release(waiting)


def be_seen() -> None:
    """Let `somebody_works` be true for as long as this connection lives. To be called again after each reconnection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s, 0)", [_WORKER_LOCK])


def somebody_works() -> bool:
    """Whether a worker is connected to this database: one that died is gone from here at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = 0 "
            "AND objsubid = 2 AND granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [_WORKER_LOCK],
        )
        return cursor.fetchone()[0]


def _take() -> Job | None:
    passed: list[int] = []
    while True:
        with transaction.atomic():
            job = (
                Job.objects.select_for_update(skip_locked=True)
                .filter(state__in=(Job.State.WAITING, Job.State.RUNNING))
                .exclude(pk__in=passed)
                .order_by("pk")
                .first()
            )
            if job is None:
                return None
            if _lock(job) and _begin(job):
                return job
            passed.append(job.pk)


def _begin(job: Job) -> bool:
    """Mark the locked job as ours. One that died with MOST_TRIES workers fails here instead of looping."""
    now = timezone.now()
    if job.tries >= MOST_TRIES:
        with translation.override(job.language):
            job.fault = gettext(
                "Máy làm việc này đã dừng giữa chừng %(n)s lần, nên không thử nữa. Phần đã làm vẫn còn. "
                "Hãy báo quản trị viên, kèm mã việc."
            ) % {"n": job.tries}
        job.state, job.ended_at = Job.State.FAILED, now
        job.save(update_fields=["fault", "state", "ended_at"])
        log.error("job %s (%s) was left unfinished by %s workers", job.uuid, job.kind, job.tries)
        _release(job)
        return False
    job.state, job.tries, job.heard_at = Job.State.RUNNING, job.tries + 1, now
    job.started_at = job.started_at or now
    job.save(update_fields=["state", "tries", "heard_at", "started_at"])
    return True


def _do(job: Job, handlers: Mapping[str, Handler]) -> None:
    try:
        reader = people.reader_of(job.user_id, job.membership_id)
        handlers[job.kind](Work(job), reader, job.parameters)
    except Stopped:
        return
    except Ending:
        _end(job, state=Job.State.WAITING, tries=job.tries - 1)
        raise
    except Fault as fault:
        _end(job, state=Job.State.FAILED, fault=fault.message, ended_at=timezone.now())
    except Exception as fault:
        if isinstance(fault, (OperationalError, InterfaceError)) and not connection.is_usable():
            raise
        _end(job, state=Job.State.FAILED, fault=_unexpected(), ended_at=timezone.now())
        log.error("job %s (%s) failed: %s", job.uuid, job.kind, _where(fault))
    else:
        _end(job, state=Job.State.DONE, ended_at=timezone.now())


def _unexpected() -> str:
    return gettext("Có lỗi ngoài dự kiến; phần đã làm vẫn còn. Hãy thử lại, hoặc báo quản trị viên, kèm mã việc.")


def _where(fault: BaseException) -> str:
    """Kind and place of an error. Its text may quote what somebody typed, so it goes nowhere."""
    frames = traceback.extract_tb(fault.__traceback__)
    places = [f"{frame.filename.rpartition('layers/')[2]}:{frame.lineno}" for frame in frames]
    return f"{type(fault).__name__} at {' < '.join(reversed(places[-4:]))}"


def _end(job: Job, **fields: object) -> None:
    """Unless it is not ours any more."""
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, tries=job.tries).update(**fields)


def _lock(job: Job) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_JOB_LOCKS, job.pk % 2**31])
        return cursor.fetchone()[0]


def _release(job: Job) -> None:
    """A connection that is gone holds no lock."""
    if connection.connection is not None and connection.is_usable():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_JOB_LOCKS, job.pk % 2**31])


def _cut(content: Iterable[bytes]) -> Iterable[bytes]:
    """The same bytes in pieces of at most PART."""
    for piece in content:
        for at in range(0, len(piece), PART):
            yield piece[at : at + PART]
