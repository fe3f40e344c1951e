"""Work in the background, as its person sees it: how far it is, what it left, and a way to stop it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from layers.access.reader import Reader
from layers.jobs import queue
from layers.jobs.models import Job
from layers.pages import wording
from layers.pages.cards import Badge
from layers.pages.desk import desk
from layers.reports import batches


@dataclass(frozen=True)
class FileLink:
    name: str
    url: str
    size: str


@dataclass(frozen=True)
class JobCard:
    """A job in words. `about` leads to what it is about; `percent` is None before it is known how much there is."""

    uuid: str
    title: str
    about: str
    badge: Badge
    stage: str
    fault: str
    percent: int | None
    unfinished: bool
    created: str
    ended: str
    kept_until: str
    files: tuple[FileLink, ...]
    url: str


@desk("GET")
def jobs(request: HttpRequest, reader: Reader) -> HttpResponse:
    """One's own, the newest first."""
    found = queue.jobs_of(reader)
    context = {"reader": reader, "jobs": tuple(map(card, found)), "nobody_works": queue.nobody_works(found)}
    return render(request, "desk/jobs.html", context)


@desk("GET")
def job_json(request: HttpRequest, reader: Reader, job_id: str) -> HttpResponse:
    """What a page that waits for it asks again and again."""
    found = queue.job(job_id, reader)
    shown = card(found)
    return JsonResponse(
        {
            "state": found.state,
            "words": shown.badge.text,
            "stage": shown.stage,
            "done": found.done,
            "total": found.total,
            "unfinished": found.unfinished,
            "nobody_works": queue.nobody_works([found]),
        },
        json_dumps_params={"ensure_ascii": False},
    )


@desk("POST")
def stop(request: HttpRequest, reader: Reader, job_id: str) -> HttpResponse:
    queue.stop(job_id, reader)
    return redirect("desk:jobs")


@desk("GET")
def file(request: HttpRequest, reader: Reader, job_id: str, name: str) -> HttpResponse:
    """A result, a piece at a time, as it was kept."""
    found = queue.job_file(job_id, name, reader)
    response = StreamingHttpResponse(queue.pieces(found), content_type=found.media_type)
    response["Content-Length"] = found.size
    response["Content-Encoding"] = "identity"  # it is compressed already
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return response


def card(job: Job) -> JobCard:
    title, about = _about(job)
    return JobCard(
        uuid=str(job.uuid),
        title=title,
        about=about,
        badge=_badge(job),
        stage=job.stage,
        fault=job.fault,
        percent=min(100, 100 * job.done // job.total) if job.total else None,
        unfinished=job.unfinished,
        created=_moment(job.created_at),
        ended=_moment(job.ended_at),
        kept_until=wording.day(timezone.localdate(queue.kept_until(job))) if job.ended_at else "",
        files=tuple(_link(job, each) for each in job.files.all()),
        url=reverse("desk:job_json", args=[job.uuid]),
    )


def _about(job: Job) -> tuple[str, str]:
    """What it is called, and the page it belongs to."""
    titles = {
        batches.LOOKUP: gettext("Tra cứu danh sách thửa"),
        batches.PACK: gettext("Gói trích lục (PDF)"),
    }
    batch = job.parameters.get("batch")
    return titles.get(job.kind, job.kind), reverse("desk:batch", args=[batch]) if batch else ""


def _badge(job: Job) -> Badge:
    return {
        Job.State.WAITING: Badge("info", gettext("đang chờ")),
        Job.State.RUNNING: Badge("info", gettext("đang làm")),
        Job.State.DONE: Badge("success", gettext("đã xong")),
        Job.State.FAILED: Badge("danger", gettext("không xong")),
        Job.State.STOPPED: Badge("former", gettext("đã dừng")),
    }[Job.State(job.state)]


def _moment(value: datetime | None) -> str:
    """Day and time in the province."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{wording.day(local.date())} {local:%H:%M}"


def _link(job: Job, file) -> FileLink:
    size = wording.number(file.size / 1_000_000, 1) + " MB" if file.size >= 1e5 else f"{max(1, file.size // 1000)} kB"
    return FileLink(file.name, reverse("desk:job_file", args=[job.uuid, file.name]), size)
