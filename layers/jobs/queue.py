"""Asking for work, looking at it, stopping it, fetching what it left.

Doors: `enqueue`, `job`, `jobs_of`, `stop`, `files_of`, `job_file`, `pieces`, `nobody_works`, `kept_until`,
`remove_old`. A person sees and stops only their own jobs: for everybody else they are not there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext

from layers.access.reader import Reader, require
from layers.access.roles import Action
from layers.errors import Conflict, NotFound
from layers.jobs.models import Job, JobFile, JobPart
from layers.jobs.worker import somebody_works

MOST_UNFINISHED = 5
SILENT_S = 30
_UNFINISHED = Q(state__in=(Job.State.WAITING, Job.State.RUNNING))


def enqueue(kind: str, parameters: Mapping[str, object], by: Reader) -> Job:
    """Let a worker do it with the rights that `by` has when it runs.

    Raises Conflict when too many jobs of the person are unfinished.
    """
    require(by, Action.USE_DESK)
    with transaction.atomic():
        _one_at_a_time(by)
        if Job.objects.filter(_UNFINISHED, user_id=by.user_id).count() >= MOST_UNFINISHED:
            raise Conflict(
                gettext("Bạn đang có %(n)s việc chưa xong. Hãy chờ một việc xong, hoặc dừng bớt, rồi làm lại.")
                % {"n": MOST_UNFINISHED}
            )
        return Job.objects.create(
            kind=kind,
            parameters=dict(parameters),
            user_id=by.user_id,
            membership_id=by.membership_id,
            agency_key=by.agency_key,
            user_name=by.name,
            language=get_language() or settings.LANGUAGE_CODE,
        )


def job(job_id: str | uuid.UUID, reader: Reader) -> Job:
    """Raises NotFound, also for another person's."""
    require(reader, Action.USE_DESK)
    try:
        return Job.objects.get(uuid=job_id, user_id=reader.user_id)
    except (Job.DoesNotExist, ValidationError, ValueError) as fault:
        raise NotFound(gettext("Không có việc này trong các việc của bạn.")) from fault


def jobs_of(reader: Reader, *, kind: str = "", about: Mapping[str, object] | None = None, most: int = 50) -> list[Job]:
    """The person's own, the newest first. `about`: only those whose parameters say so."""
    require(reader, Action.USE_DESK)
    found = Job.objects.filter(user_id=reader.user_id).order_by("-id")
    if kind:
        found = found.filter(kind=kind)
    if about:
        found = found.filter(parameters__contains=dict(about))
    return list(found.prefetch_related("files")[:most])


def stop(job_id: str | uuid.UUID, by: Reader) -> Job:
    """End it; what it has done stays. A worker notices within a second or at its next step. Raises NotFound."""
    found = job(job_id, by)
    now = timezone.now()
    Job.objects.filter(_UNFINISHED, pk=found.pk).update(state=Job.State.STOPPED, ended_at=now)
    found.refresh_from_db()
    return found


def files_of(found: Job) -> QuerySet[JobFile]:
    """What the job left, by name. `found` is a job that its person was given."""
    return found.files.order_by("name")


def job_file(job_id: str | uuid.UUID, name: str, reader: Reader) -> JobFile:
    """Raises NotFound, also for another person's."""
    found = files_of(job(job_id, reader)).filter(name=name.replace("\x00", "")).first()
    if found is None:
        raise NotFound(gettext("Việc này không có tệp “%(name)s”.") % {"name": name[:80]})
    return found


def pieces(file: JobFile) -> Iterator[bytes]:
    """Its bytes, a megabyte at a time."""
    numbers = list(JobPart.objects.filter(file=file).order_by("number").values_list("pk", flat=True))
    for key in numbers:
        yield bytes(JobPart.objects.values_list("content", flat=True).get(pk=key))


def nobody_works(jobs: list[Job]) -> bool:
    """Whether some of `jobs` have waited for SILENT_S without any worker being there."""
    before = timezone.now() - timedelta(seconds=SILENT_S)
    return any(j.unfinished and (j.heard_at or j.created_at) < before for j in jobs) and not somebody_works()


def kept_until(found: Job) -> datetime:
    """When an ended job and its files go."""
    return found.ended_at + timedelta(days=settings.JOB_KEPT_DAYS)


def remove_old() -> int:
    """Remove jobs that ended JOB_KEPT_DAYS ago, with their files. Returns how many."""
    before = timezone.now() - timedelta(days=settings.JOB_KEPT_DAYS)
    removed, each = Job.objects.filter(ended_at__lt=before).delete()
    return each.get("layers.Job", 0) if removed else 0


def _one_at_a_time(by: Reader) -> None:
    """Two requests of one person wait for each other, so that both count right."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"jobs of {by.user_id}"])
