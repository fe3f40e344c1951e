"""Do the work that people asked for, one job after the other. `./run` keeps one such worker beside the web server."""

import logging
import signal
import time
from types import FrameType

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connections

from layers.jobs import queue, worker
from layers.reports import batch_pack, batches

log = logging.getLogger(__name__)
HANDLERS = {
    batches.LOOKUP: batches.look_up,
    batches.PACK: batch_pack.make_pack,
}
POLL_S = 1.0
AGAIN_S = 3.0  # after the database was gone
TIDY_S = 3600.0


class Command(BaseCommand):
    help = "Do the jobs that wait, oldest first, until TERM or Ctrl-C; with --once only those that wait now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, remove what is old, and end")

    def handle(self, *args, **options) -> None:
        signal.signal(signal.SIGTERM, _end)
        signal.signal(signal.SIGINT, _end)
        try:
            if options["once"]:
                self._all_that_waits()
                _tidy()
            else:
                self._for_ever()
        except worker.Ending:
            return

    def _all_that_waits(self) -> int:
        worker.be_seen()
        done = 0
        while job := worker.run_next(HANDLERS):
            job.refresh_from_db()
            self.stdout.write(f"{job.kind} {job.uuid}: {job.state}")
            done += 1
        return done

    def _for_ever(self) -> None:
        tidied = -TIDY_S
        while True:
            try:
                worker.be_seen()
                while True:
                    if worker.run_next(HANDLERS) is None:
                        time.sleep(POLL_S)
                    if time.monotonic() - tidied > TIDY_S:
                        _tidy()
                        tidied = time.monotonic()
            except (OperationalError, InterfaceError) as fault:
                log.error("the database does not answer the worker (%s); trying again", type(fault).__name__)
                connections.close_all()
                time.sleep(AGAIN_S)


def _tidy() -> None:
    jobs, lists = queue.remove_old(), batches.remove_old()
    if jobs or lists:
        log.info("removed %s old jobs and %s old batches", jobs, lists)


def _end(number: int, frame: FrameType | None) -> None:
    """Once: a second signal must not break what the first has begun to put back."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise worker.Ending
