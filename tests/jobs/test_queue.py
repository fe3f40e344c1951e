"""Asking for work and doing it, in one process."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone, translation

from layers.access.models import Membership
from layers.access.reader import PUBLIC
from layers.errors import Conflict, Invalid, NotAllowed, NotFound
from layers.jobs import queue, worker
from layers.jobs.models import Job, JobPart
from layers.jobs.worker import Work, run_next
from tests.cast import bob

pytestmark = pytest.mark.django_db


def done_by(handler, officer, **parameters) -> Job:
    job = queue.enqueue("toy", parameters, officer)
    assert run_next({"toy": handler}).pk == job.pk
    job.refresh_from_db()
    return job


def test_a_job_runs_as_its_person_and_keeps_what_it_made(officer):
    seen = []

    def handler(work: Work, reader, parameters):
        seen.append((reader, parameters))
        work.step(1, 2, "nửa chừng", now=True)
        work.keep("kết quả.bin", "application/octet-stream", [b"a" * worker.PART, b"b" * 5])
        work.step(2, 2, "xong", now=True)

    job = done_by(handler, officer, batch="x")
    assert seen == [(officer, {"batch": "x"})]
    assert (job.state, job.done, job.total, job.stage, job.tries) == ("done", 2, 2, "xong", 1)
    file = queue.job_file(job.uuid, "kết quả.bin", officer)
    assert b"".join(queue.pieces(file)) == b"a" * worker.PART + b"b" * 5
    assert file.size == worker.PART + 5 and JobPart.objects.count() == 2
    assert run_next({}) is None


def test_a_file_kept_again_takes_the_place_of_the_first(officer):
    def handler(work: Work, reader, parameters):
        work.keep("a", "text/plain", [b"one"])
        work.keep("a", "text/plain", [b"two"])

    job = done_by(handler, officer)
    assert [b"".join(queue.pieces(file)) for file in queue.files_of(job)] == [b"two"]


def test_a_fault_is_told_and_an_error_is_not(officer, caplog):
    def invalid(work, reader, parameters):
        raise Invalid("Danh sách trống.")

    def broken(work, reader, parameters):
        raise ValueError("Nguyễn Văn Bí Mật")

    assert (done_by(invalid, officer).state, Job.objects.get().fault) == ("failed", "Danh sách trống.")
    job = done_by(broken, officer)
    assert job.state == "failed" and job.fault.startswith("Có lỗi ngoài dự kiến")
    assert "ValueError" in caplog.text and "Bí Mật" not in caplog.text


def test_sentences_are_in_the_language_of_who_asked(officer):
    with translation.override("en"):
        queue.enqueue("toy", {}, officer)

    def broken(work, reader, parameters):
        raise ValueError

    run_next({"toy": broken})
    assert Job.objects.get().fault.startswith("Something unexpected")


def test_a_post_that_has_ended_meanwhile_ends_the_job(officer):
    job = queue.enqueue("toy", {}, officer)
    Membership.objects.filter(pk=officer.membership_id).update(valid_to=date(2025, 7, 2))
    run_next({"toy": lambda *args: pytest.fail("must not run")})
    job.refresh_from_db()
    assert job.state == "failed" and "không còn hiệu lực" in job.fault


def test_another_persons_job_is_not_there(officer):
    job = queue.enqueue("toy", {}, officer)
    other = bob()
    assert queue.jobs_of(other) == [] and queue.jobs_of(officer) == [job]
    for door in (queue.job, queue.stop):
        with pytest.raises(NotFound):
            door(job.uuid, other)
    with pytest.raises(NotFound):
        queue.job("không phải mã", officer)
    with pytest.raises(NotFound):
        queue.job(uuid.uuid4(), officer)
    with pytest.raises(NotAllowed):
        queue.enqueue("toy", {}, PUBLIC)


def test_at_most_five_are_unfinished(officer):
    jobs = [queue.enqueue("toy", {}, officer) for _ in range(5)]
    with pytest.raises(Conflict, match="5 việc chưa xong"):
        queue.enqueue("toy", {}, officer)
    queue.enqueue("toy", {}, bob())
    queue.stop(jobs[0].uuid, officer)
    queue.enqueue("toy", {}, officer)


def test_a_stopped_job_is_left_at_its_next_step(officer):
    steps = []

    def handler(work: Work, reader, parameters):
        for n in range(3):
            work.step(n, 3, now=True)
            steps.append(n)
            if n == 1:
                queue.stop(work.job.uuid, officer)

    job = done_by(handler, officer)
    assert (job.state, steps) == ("stopped", [0, 1])


def test_progress_is_written_at_most_once_a_second(officer, django_assert_num_queries):
    def handler(work: Work, reader, parameters):
        with django_assert_num_queries(1):
            for n in range(50):
                work.step(n, 50)

    assert done_by(handler, officer).done == 0


def test_a_worker_asked_to_end_puts_the_job_back(officer):
    def handler(work, reader, parameters):
        raise worker.Ending

    job = queue.enqueue("toy", {}, officer)
    with pytest.raises(worker.Ending):
        run_next({"toy": handler})
    job.refresh_from_db()
    assert (job.state, job.tries) == ("waiting", 0)
    assert run_next({"toy": lambda *args: None}) == job


def test_a_job_that_died_with_three_workers_fails_in_words(officer):
    job = queue.enqueue("toy", {}, officer)
    Job.objects.update(state="running", tries=3)
    assert run_next({"toy": lambda *args: pytest.fail("must not run")}) is None
    job.refresh_from_db()
    assert job.state == "failed" and "3 lần" in job.fault


def test_results_go_after_the_days_they_are_kept(officer):
    job = done_by(lambda work, *args: work.keep("a", "text/plain", [b"x"]), officer)
    waiting = queue.enqueue("toy", {}, officer)
    assert queue.remove_old() == 0
    with override_settings(JOB_KEPT_DAYS=7):
        Job.objects.filter(pk=job.pk).update(ended_at=timezone.now() - timedelta(days=8))
        assert queue.remove_old() == 1
    assert list(Job.objects.all()) == [waiting] and not JobPart.objects.exists()


def test_that_nobody_works_is_said_only_when_somebody_waits(officer):
    job = queue.enqueue("toy", {}, officer)
    assert not queue.nobody_works([job]), "it has just begun to wait"
    job.created_at -= timedelta(seconds=31)
    assert queue.nobody_works([job]) and not worker.somebody_works()
    worker.be_seen()
    try:
        assert not queue.nobody_works([job])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
