"""Synthetic parcels, parties and rights: invented, deterministic for a seed, and marked as synthetic in every row.

Real parcels of the province are not open data, so the map is shown on these. Doors: `read_communes`, `choose`,
`batches` (what `editing.publish` takes). Communes are worked on side by side in processes, and rows leave as
CSV text for COPY, so memory stays with a few communes however many parcels are asked for.
"""

from __future__ import annotations

import contextlib
import csv
import json
import multiprocessing
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import shapely
from shapely.geometry import shape

from layers import geo
from layers.collections.coverage.models import Coverage
from layers.collections.documents.models import Document, ParcelDocument
from layers.collections.parcels.models import Parcel, ParcelLineage, Party, Right
from layers.collections.planning_zones.models import PlanningZone
from layers.editing.models import Changeset
from layers.editing.publish import Batch
from layers.errors import Conflict, Invalid
from layers.transfer import plan_lines, synthetic_lineage, synthetic_rows
from layers.transfer.lattice import Commune, Lattice, plan
from layers.transfer.synthetic_rows import CommuneRows, rows_of

DEFAULT_COUNT, DEFAULT_SEED = 20_000, 2015
CITY = "593-2015"  # Thành phố Phan Thiết: its 18 communes hold the default load
FIRST = ("22918-2015", "22915-2015", "22951-2015")  # Hàm Tiến, Mũi Né, Bình Hưng: in even the smallest load
HEART = (466_000.0, 1_209_500.0)  # between Phan Thiết and Mũi Né, EPSG:9218
PARCELS_PER_COMMUNE = 8_000  # above this mean more communes of the province are drawn in
PEOPLE_FOR_ALL = 100_000
SMALL_LOAD_PER_COMMUNE = 1_000
READ_BACK_BYTES = 1 << 20
AHEAD = 2  # finished communes that may wait for the database, per process


@dataclass(frozen=True)
class Fabric:
    """A plan of what to make; nothing is computed per parcel before `batches` is read."""

    lattice: Lattice
    count: int
    seed: int
    people_share: float

    @property
    def source(self) -> str:
        """Names the load in its changeset: the same text means the same rows."""
        people = "" if self.people_share == 1 else f", people share {self.people_share:g}"
        return f"synthetic fabric with lineage, seed {self.seed}, count {self.count}{people}"


def fabric(communes: Sequence[Commune], count: int, seed: int, people_share: float | None = None) -> Fabric:
    """Lay out about `count` parcels over the communes. Raises Invalid for a count that cannot be laid out.

    `people_share` of the parcels have land users and rights: by default all, of a large load one in ten, since
    what is measured on a million parcels is the map.
    """
    if not communes:
        raise Invalid("No commune of 2015 with an outline to lay parcels out in.")
    if not 50 * len(communes) <= count <= 5_000_000:
        raise Invalid(f"count must lie between {50 * len(communes)} and 5,000,000, not {count}.", parameter="count")
    if people_share is None:
        people_share = 1.0 if count <= PEOPLE_FOR_ALL else 0.1
    return Fabric(plan(communes, count, seed), count, seed, people_share)


def read_communes(outlines: Path, areas: Path) -> list[Commune]:
    """Communes as of 2015 that have an outline. `outlines`: GeoJSON in degrees, properties.key; `areas`: CSV."""
    geometry = {f["properties"]["key"]: f["geometry"] for f in json.loads(outlines.read_text("utf-8"))["features"]}
    communes = []
    with areas.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["level"] != "commune" or not row["key"].endswith("-2015") or row["key"] not in geometry:
                continue
            outline = geo.transform_geometry(shape(geometry[row["key"]]), geo.WGS84, geo.VN2000)
            centre = geo.transform(float(row["lon"]), float(row["lat"]), geo.WGS84, geo.VN2000)
            urban = row["type_vi"] in ("Phường", "Thị trấn")
            communes.append(Commune(row["key"], row["full_name_vi"], urban, centre, outline, row["parent_key"]))
    return communes


def choose(communes: Sequence[Commune], count: int) -> list[Commune]:
    """The communes a load of that size is laid out in: the city's first, then the nearest to it."""
    city = sum(commune.parent_key == CITY for commune in communes)
    wanted = min(max(count // SMALL_LOAD_PER_COMMUNE, 1), city) if count < 20_000 else city
    wanted = max(wanted, -(-count // PARCELS_PER_COMMUNE), 1)
    return sorted(sorted(communes, key=_preference)[:wanted], key=lambda commune: commune.key)


def _preference(commune: Commune) -> tuple[bool, bool, float]:
    away = np.hypot(commune.centre[0] - HEART[0], commune.centre[1] - HEART[1])
    return commune.key not in FIRST, commune.parent_key != CITY, float(away)


def batches(made: Fabric, processes: int = 2) -> Iterator[Batch]:
    """Everything to publish, table by table.

    Rows of the other tables arise together with parcels and wait in temporary files for their turn.
    """
    with contextlib.ExitStack() as stack:
        later = [stack.enter_context(tempfile.TemporaryFile()) for _ in _LATER]
        yield Batch(Parcel, synthetic_rows.PARCEL_COLUMNS, _parcels(made, processes, later))
        for file, (model, columns, _) in zip(later, _LATER, strict=True):
            yield Batch(model, columns, _read_back(file))


_LATER = (
    (Party, synthetic_rows.PARTY_COLUMNS, "parties"),
    (Right, synthetic_rows.RIGHT_COLUMNS, "rights"),
    (Document, synthetic_lineage.DOCUMENT_COLUMNS, "documents"),
    (ParcelDocument, synthetic_lineage.PARCEL_DOCUMENT_COLUMNS, "deeds"),
    (ParcelLineage, synthetic_lineage.LINEAGE_COLUMNS, "lineage"),
    (PlanningZone, plan_lines.ZONE_COLUMNS, "zones"),
    (Coverage, plan_lines.COVERAGE_COLUMNS, "coverage"),
)


def refuse_another_fabric(made: Fabric) -> None:
    """Two fabrics would lie over each other: raises Conflict when synthetic parcels of another plan stand."""
    loads = Parcel.objects.filter(synthetic=True, changeset__kind=Changeset.Kind.LOAD)
    other = loads.exclude(changeset__source=made.source).first()
    if other is not None:
        raise Conflict(
            f"Synthetic parcels of another plan are in the database ({other.changeset.source}). "
            f"Two fabrics would overlap: give that seed and count, or use an empty database for {made.source}."
        )


def _parcels(made: Fabric, processes: int, later: Sequence[IO[bytes]]) -> Iterator[bytes]:
    for rows in _communes_in_order(made, processes):
        for file, (_, _, name) in zip(later, _LATER, strict=True):
            file.write(getattr(rows, name))
        yield rows.parcels


def _communes_in_order(made: Fabric, processes: int) -> Iterator[CommuneRows]:
    total = len(made.lattice.communes)
    if processes < 2 or total < 2:
        yield from (rows_of(made.lattice, index, made.people_share) for index in range(total))
        return
    global _shared
    _shared = made  # children are forked and see it without a copy
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork")) as pool:
        waiting = deque()
        for index in range(total):
            waiting.append(pool.submit(_rows_in_child, index))
            if len(waiting) > AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_shared: Fabric | None = None


def _rows_in_child(index: int) -> CommuneRows:
    return rows_of(_shared.lattice, index, _shared.people_share)


def _read_back(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(READ_BACK_BYTES):
        yield chunk


def total_area_m2(lattice: Lattice) -> float:
    """Area of all blocks of the lattice: what the parcels together must have."""
    column, row = np.nonzero(lattice.kind > 0)
    nodes = lattice.nodes
    ring = [nodes[column, row], nodes[column + 1, row], nodes[column + 1, row + 1], nodes[column, row + 1]]
    return float(shapely.area(shapely.polygons(np.stack(ring, axis=1))).sum())
