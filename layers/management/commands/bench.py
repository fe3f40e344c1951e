"""Measure what requests cost, in CPU ms per request: PostgreSQL and Python apart. Never part of the tests."""

from __future__ import annotations

import random
import statistics
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import Client

from layers import geo
from layers.collections import registry
from layers.errors import Fault
from layers.reading import cost

# Zooms of simulated sessions; views beyond the deepest tiles ask for those (clients overzoom).
WEIGHTS = {14: 18, 15: 24, 16: 28, 17: 20, 18: 11}
ROUNDS = 5


class Command(BaseCommand):
    help = "Measure CPU ms per request: tiles (weighted list of 500), items (1 km² boxes), item."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["tiles", "items", "item"])
        parser.add_argument("--count", type=int, default=500)
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args, **options) -> None:
        paths = {"tiles": _tiles, "items": _items, "item": _item}[options["what"]]
        settings.ALLOWED_HOSTS = ["testserver"]
        try:
            asked = paths(options["count"], options["seed"])
            self._report(options["what"], asked)
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
        raise CommandError("There are no parcels to measure with. Load some: ./run manage make_parcels --commit")
    return points
