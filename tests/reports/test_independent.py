"""The fact sheet against a computation of its own: random parcels and zones, measured by counting faces in shapely.

The product clips and unions in PostGIS and cuts piece by piece; here all lines are noded and polygonised at once, and
each face is asked which zones it lies in.
"""

from decimal import Decimal

import numpy as np
import pytest
import shapely

from layers.collections.coverage.models import Coverage
from layers.collections.parcels.models import Parcel
from layers.collections.planning_zones.models import PlanningZone
from layers.reports.canonical import canonical_json
from tests.factories import PHAN_THIET, given
from tests.reports.conftest import box, given_zones, shape, sheet, theme
from tests.reports.test_fact_sheet import closes

pytestmark = pytest.mark.django_db


def blob(random: np.random.Generator, corners: int, radius: float, spread: float) -> shapely.Polygon:
    """A star round a random point near the parcel; never crosses itself."""
    centre = np.array(PHAN_THIET) + random.uniform(-spread, spread, 2)
    angles = np.sort(random.uniform(0, 2 * np.pi, corners))
    reach = radius * random.uniform(0.5, 1.2, corners)
    return shapely.Polygon(centre + np.column_stack([np.cos(angles) * reach, np.sin(angles) * reach])).buffer(0)


def fabric(seed: int):
    random = np.random.default_rng(seed)
    parcel = blob(random, 9, 30, 0)
    while parcel.geom_type != "Polygon":
        parcel = blob(random, 9, 30, 0)
    plans = [("a", "ODT"), ("a", "TMD"), ("b", "ODT"), ("c", "RPH")]
    zones = [(*plans[random.integers(4)], blob(random, random.integers(3, 12), 28, 35)) for _ in range(7)]
    return parcel, [zone for zone in zones if zone[2].area > 1]


def faces_of(parcel, groups):
    """(area, the groups it lies in) of every face of the arrangement within the parcel."""
    lines = shapely.union_all([parcel.boundary, *(ground.boundary for ground in groups.values())])
    for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))):
        inside = face.representative_point()
        if parcel.contains(inside):
            yield face.area, frozenset(name for name, ground in groups.items() if ground.contains(inside))


@pytest.mark.parametrize("seed", range(20))
def test_rows_overlaps_and_rest_agree_with_faces_counted_apart(seed):
    parcel, zones = fabric(seed)
    given(Parcel, {"geom": shape(parcel)[0].clone(), "survey_area_m2": parcel.area})
    given(Coverage, {"layer": "planning_zones", "geom": box(-500, -500, 500, 500)})
    given_zones(*({"plan_id": plan, "code_land_use": code, "geom": shape(ground)} for plan, code, ground in zones))
    found = theme(sheet())
    suppressed = {(each.plan_id, each.code) for each in found.suppressed}
    names = {(plan, code) for plan, code, _ in zones} - suppressed
    groups = {
        name: shapely.union_all([ground for plan, code, ground in zones if (plan, code) == name]) for name in names
    }
    faces = list(faces_of(parcel, groups))
    expected = {name: sum(area for area, within in faces if name in within) for name in names}
    (section,) = found.sections
    closes(section)
    assert {(row.plan_id, row.code) for row in section.rows} == {name for name, area in expected.items() if area > 0}
    for row in section.rows:
        area = expected[row.plan_id, row.code]
        assert float(row.measured_m2) == pytest.approx(area, abs=6e-4)
        assert float(row.size.area_m2) == pytest.approx(area, abs=0.1 * 8)
        assert float(row.size.share_percent) == pytest.approx(area / parcel.area * 100, abs=0.1 * 8)
    rest = sum(area for area, within in faces if not within)
    assert float(section.not_covered.area_m2) == pytest.approx(rest, abs=0.1)
    keys = [(row.plan_id, row.code) for row in section.rows]
    overlaps = {frozenset(keys[n] for n in each.rows): float(each.size.area_m2) for each in section.overlaps}
    for within in {within for _, within in faces if len(within) > 1}:
        assert overlaps.get(within, 0.0) == pytest.approx(sum(a for a, w in faces if w == within), abs=0.1)


def test_the_same_ground_far_cut_up_gives_the_same_bytes():
    """Each zone in many pieces, given in another order."""
    parcel, zones = fabric(3)
    given(Parcel, {"geom": shape(parcel)[0].clone(), "survey_area_m2": parcel.area})
    given_zones(*({"plan_id": plan, "code_land_use": code, "geom": shape(ground)} for plan, code, ground in zones))
    before = canonical_json(sheet())
    PlanningZone.objects.all().delete()
    pieces = []
    for plan, code, ground in zones:
        west, south, east, north = ground.bounds
        for n in range(12):
            strip = shapely.box(west + (east - west) * n / 12, south, west + (east - west) * (n + 1) / 12, north)
            for part in shapely.get_parts(ground.intersection(strip)):
                if part.geom_type == "Polygon" and part.area > 0:
                    pieces.append({"plan_id": plan, "code_land_use": code, "geom": shape(part)})
    given_zones(*reversed(pieces))
    assert len(pieces) > 50
    assert canonical_json(sheet()) == before


def test_the_column_is_never_more_than_a_tenth_off_for_disjoint_zones():
    """Where nothing overlaps, each printed row is its area to the last decimal, up or down."""
    parcel, _ = fabric(5)
    given(Parcel, {"geom": shape(parcel)[0].clone(), "survey_area_m2": parcel.area})
    strips = [{"plan_id": f"p{n}", "geom": box(-40 + 9 * n, -60, -31 + 9 * n, 60)} for n in range(9)]
    given_zones(*strips)
    (section,) = theme(sheet()).sections
    closes(section)
    assert all(abs(row.size.area_m2 - row.measured_m2) < Decimal("0.1") for row in section.rows)
