"""Workers as processes: killed half-way, ended in order, two at once, on a database that goes away."""

from __future__ import annotations

import io
import signal
import time

import pypdf
import pytest
from django.db import connection

from layers.collections.parcels.models import Parcel
from layers.jobs import queue, worker
from layers.jobs.models import Job
from layers.reports import batches
from layers.reports.batches import Reference
from layers.reports.models import BatchLine, Extract
from tests.factories import PHAN_THIET, given, rectangle

pytestmark = pytest.mark.django_db(transaction=True)
PARCELS = 12
VERIFY = "https://ban-do.example/kiem-chung/{number}/?h={hash}"


@pytest.fixture(autouse=True)
def by_a_worker(monkeypatch):
    monkeypatch.setattr(batches, "SMALL", 0)


@pytest.fixture
def pack(officer) -> Job:
    """A pack of PARCELS extracts that waits."""
    east, north = PHAN_THIET
    given(
        Parcel,
        *(
            {"key": f"22915-2015-60-{n}", "sheet_no": 60, "parcel_no": n, "geohash": f"w3uy5vt9{n:04d}",
             "geom": rectangle(at=(east + 1000 + 20 * n, north))}
            for n in range(1, PARCELS + 1)
        ),
    )  # fmt: skip
    references = [Reference(n, f"22915-2015-60-{n}") for n in range(1, PARCELS + 1)]
    held = batches.begin(references, "", officer)
    assert worker.run_next({batches.LOOKUP: batches.look_up})
    return batches.want_pack(str(held.uuid), VERIFY, officer)


def until(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def test_a_killed_worker_is_followed_by_one_that_issues_nothing_twice(pack, officer, start_worker):
    first = start_worker()
    until(lambda: Extract.objects.count() >= 4)
    first.kill()
    first.wait()
    pack.refresh_from_db()
    issued = dict(BatchLine.objects.exclude(extract_number="").values_list("number", "extract_number"))
    assert pack.state == "running" and 4 <= len(issued) < PARCELS, "it was killed half-way"

    second = start_worker("--once")
    assert second.wait(timeout=120) == 0
    pack.refresh_from_db()
    assert (pack.state, pack.tries, pack.fault) == ("done", 2, "")
    now = dict(BatchLine.objects.values_list("number", "extract_number"))
    assert Extract.objects.count() == PARCELS == len(set(now.values()))
    assert issued.items() <= now.items(), "what was issued is kept"
    (file,) = queue.files_of(pack)
    paper = pypdf.PdfReader(io.BytesIO(b"".join(queue.pieces(file))))
    assert {name.removesuffix(".json") for name in paper.attachments} == set(now.values())


def test_a_worker_asked_to_end_leaves_the_job_to_the_next_without_counting(pack, start_worker):
    first = start_worker()
    until(lambda: Extract.objects.count() >= 2)
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=20) == 0
    pack.refresh_from_db()
    assert (pack.state, pack.tries) == ("waiting", 0)
    assert start_worker("--once").wait(timeout=120) == 0
    pack.refresh_from_db()
    assert pack.state == "done" and Extract.objects.count() == PARCELS


def test_two_workers_never_do_one_job(pack, start_worker):
    processes = [start_worker("--once") for _ in range(3)]
    said = [process.communicate(timeout=120)[0].decode() for process in processes]
    assert sum(text.count("batch_pack") for text in said) == 1, said
    pack.refresh_from_db()
    assert (pack.state, pack.tries) == ("done", 1) and Extract.objects.count() == PARCELS


def test_a_worker_outlives_its_connection(officer, start_worker):
    process = start_worker()
    until(worker.somebody_works)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    until(lambda: not worker.somebody_works())
    until(worker.somebody_works)
    held = batches.begin([Reference(1, "45/123 mũi né")], "", officer)
    until(lambda: batches.counts(held).waiting == 0)
    assert process.poll() is None


def test_a_worker_that_dies_is_gone_at_once(officer, start_worker):
    process = start_worker()
    until(worker.somebody_works)
    process.kill()
    process.wait()
    until(lambda: not worker.somebody_works(), seconds=5)
