"""Measure what requests and papers cost, in CPU ms: PostgreSQL and Python apart. Never part of the tests."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import Client
from django.utils import timezone

from layers import geo
from layers.access.reader import PUBLIC
from layers.collections import registry
from layers.collections.planning_zones.themes import THEMES
from layers.errors import Fault
from layers.reading import cost
from layers.reports.canonical import canonical_json
from layers.reports.fact_sheet import fact_sheet
from layers.reports.follow import what_follows
from layers.reports.issue import specimen
from layers.reports.pdf import render_pdf

# Zooms of simulated sessions; views beyond the deepest tiles ask for those (clients overzoom).
WEIGHTS = {14: 18, 15: 24, 16: 28, 17: 20, 18: 11}
ROUNDS = 5
NO_PARCELS = "There are no parcels to measure with. Load some: ./run manage make_parcels --commit"


class Command(BaseCommand):
    help = (
        "Measure CPU ms per request: tiles (weighted list of 500), items (1 km² boxes), item; "
        "CPU, time and statements of what a parcel becomes: fact_sheet, extract."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=[*PATHS, *MADE])
        parser.add_argument("--count", type=int, default=500)
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args, **options) -> None:
        what, count, seed = options["what"], options["count"], options["seed"]
        settings.ALLOWED_HOSTS = ["testserver"]
        try:
            if what in PATHS:
                self._report(what, PATHS[what](count, seed))
            else:
                self._report_made(what, count, seed)
        except Fault as fault:
            raise CommandError(fault.message) from fault

    def _report(self, what: str, paths: list[str]) -> None:
        client = Client(headers={"accept-encoding": "gzip"})
        sizes = [len(client.get(path).content) for path in paths]  # first round warms caches and is not counted
        rounds = [_measured(client, paths) for _ in range(ROUNDS)]
        python, postgres = (statistics.median(column) for column in zip(*rounds, strict=True))
        floor = _measured(client, ["/collections/parcels/tiles/WebMercatorQuad/0/0/0"] * len(paths))
        self.stdout.write(
            f"{what}: {len(paths)} requests, {ROUNDS} rounds, median CPU ms per request: "
            f"PostgreSQL {postgres:.2f}, Python {python:.2f}; mean size {statistics.mean(sizes) / 1000:.1f} kB"
        )
        self.stdout.write(
            f"In this run a request refused before any SQL costs Python {floor[0]:.2f}: ratio {python / floor[0]:.1f}."
        )
        self.stdout.write(f"Rounds (Python, PostgreSQL): {[(round(a, 2), round(b, 2)) for a, b in rounds]}")

    def _report_made(self, what: str, count: int, seed: int) -> None:
        keys = cost.random_keys(registry.get("parcels").table, count, seed)
        if not keys:
            raise CommandError(NO_PARCELS)
        MADE[what](keys[0])  # fonts and style sheets are read once a process
        seen = [_once(MADE[what], key) for key in keys]
        for name, values in zip(("ms", "Python CPU ms", "PostgreSQL CPU ms", "statements", "kB"),
                                zip(*seen, strict=True), strict=True):  # fmt: skip
            shown = f"mean {statistics.mean(values):.1f}, p95 {_at(values, 0.95):.1f}, most {max(values):.1f}"
            self.stdout.write(f"{what}, {name}: {shown}")
        self.stdout.write(f"{len(keys)} parcels of this database, one after the other; {len(THEMES)} themes.")


def _once(make: Callable[[str], bytes], key: str) -> tuple[float, float, float, int, float]:
    """Wall ms, CPU ms of Python and of PostgreSQL, statements, and size in kB of one thing made."""
    postgres, python, wall = cost.backend_cpu_ms(), time.process_time(), time.perf_counter()
    with cost.statements() as seen:
        made = make(key)
    wall, python = (time.perf_counter() - wall) * 1000, (time.process_time() - python) * 1000
    return wall, python, cost.backend_cpu_ms() - postgres, seen.count, len(made) / 1000


def _at(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


def _fact_sheet(key: str) -> bytes:
    """The JSON of the sheet of today, with what follows."""
    sheet = fact_sheet(key, timezone.localdate(), PUBLIC)
    return canonical_json({"sheet": sheet, "follow": what_follows(sheet, PUBLIC)})


def _extract(key: str) -> bytes:
    """Facts and paper of an extract that is not issued."""
    return render_pdf(specimen(key), verify_at="https://ban-do.example/kiem-chung/{number}/?h={hash}")


def _measured(client: Client, paths: list[str]) -> tuple[float, float]:
    """CPU ms per request in this process and in the database's, without what the measuring client costs itself."""
    before, begin = cost.backend_cpu_ms(), time.process_time()
    for path in paths:
        client.get(path)
    python = (time.process_time() - begin) * 1000
    return python / len(paths), (cost.backend_cpu_ms() - before) / len(paths)


def _tiles(count: int, seed: int) -> list[str]:
    chosen = random.Random(seed)
    collection = registry.get("parcels")
    paths = []
    for x, y in _points(count, seed):
        zoom = min(chosen.choices(list(WEIGHTS), list(WEIGHTS.values()))[0], collection.zooms[1])
        size = 2 * geo.MERCATOR_HALF_M / 2**zoom
        row, column = int((geo.MERCATOR_HALF_M - y) / size), int((x + geo.MERCATOR_HALF_M) / size)
        row, column = row + chosen.randint(-2, 2), column + chosen.randint(-2, 2)  # a view is 5 × 3.5 tiles
        paths.append(f"/collections/parcels/tiles/WebMercatorQuad/{zoom}/{row}/{column}")
    return paths


def _items(count: int, seed: int) -> list[str]:
    crs = f"http://www.opengis.net/def/crs/EPSG/0/{geo.WEB_MERCATOR}"
    return [
        f"/collections/parcels/items?limit=1000&bbox-crs={crs}&bbox={x - 500},{y - 500},{x + 500},{y + 500}"
        for x, y in _points(count, seed)
    ]


def _item(count: int, seed: int) -> list[str]:
    client = Client()
    found = client.get(f"/collections/parcels/items?limit={min(count, 1000)}").json()
    return [f"/collections/parcels/items/{feature['id']}" for feature in found["features"]]


def _points(count: int, seed: int) -> list[tuple[float, float]]:
    points = cost.random_points(registry.get("parcels").table, count, seed)
    if not points:
        raise CommandError(NO_PARCELS)
    return points


PATHS = {"tiles": _tiles, "items": _items, "item": _item}
MADE = {"fact_sheet": _fact_sheet, "extract": _extract}
