"""The synthetic fabric: no gap, no overlap, numbered by the rule, the same for the same seed, and marked invented."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count

from layers import geo
from layers.collections.coverage.models import Coverage
from layers.collections.documents.models import Document, ParcelDocument
from layers.collections.parcels.models import Parcel, ParcelLineage, Party, Right
from layers.collections.planning_zones.models import PlanningZone
from layers.editing.models import Changeset
from layers.editing.publish import publish
from layers.errors import Conflict, Invalid
from layers.transfer import synthetic
from layers.transfer.fabric import Role, pieces_of
from layers.transfer.lattice import Commune, Kind
from layers.transfer.synthetic_rows import AREA_TOLERANCE, SHEET_BAND_M, SMALL_SHEET_BAND_M, number, number_in_sheets

COUNT, SEED = 3_000, 7
CENTRES = [(456_300, 1_208_600), (458_900, 1_209_900), (457_200, 1_211_500), (460_300, 1_207_600), (454_800, 1_210_900),
           (461_000, 1_211_800)]  # fmt: skip


def invented_communes() -> list[Commune]:
    """Six cells round as many centres, with a slanting shore in the south."""
    land = shapely.from_wkt(
        "POLYGON ((453500 1207800, 458000 1206500, 462000 1207000, 462000 1213000, 453500 1213000, 453500 1207800))"
    )
    cells = shapely.voronoi_polygons(shapely.multipoints(CENTRES), extend_to=land, ordered=True)
    return [
        Commune(
            f"9990{n}-2015",
            f"Phường Mẫu {n}" if n % 2 else f"Xã Mẫu {n}",
            bool(n % 2),
            centre,
            shapely.intersection(cell, land),
        )
        for n, (centre, cell) in enumerate(zip(CENTRES, cells.geoms, strict=True))
    ]


@pytest.fixture(scope="module")
def made():
    return synthetic.fabric(invented_communes(), COUNT, SEED)


@pytest.fixture(scope="module")
def pieces(made):
    return [pieces_of(made.lattice, index) for index in range(len(CENTRES))]


@pytest.fixture(scope="module")
def polygons(pieces):
    return np.concatenate([part.polygons for part in pieces])


@pytest.fixture(scope="module")
def tables(made):
    """Rows of each table as dictionaries, read back from the CSV that COPY gets."""
    found = {}
    for batch in synthetic.batches(made, processes=1):
        text = b"".join(batch.csv).decode()
        found[batch.model] = list(csv.DictReader(io.StringIO(text), fieldnames=batch.columns))
    return found


@pytest.fixture(scope="module")
def parcels(tables):
    return tables[Parcel]


def shapes(rows) -> np.ndarray:
    return shapely.from_wkb([row["geom"] for row in rows])


# --- geometry ---


def test_the_fabric_has_no_gap_and_no_overlap(made, polygons):
    ground = synthetic.total_area_m2(made.lattice)
    assert shapely.area(polygons).sum() == pytest.approx(ground, rel=1e-9)
    assert shapely.union_all(polygons).area == pytest.approx(ground, rel=1e-9)
    assert shapely.coverage_is_valid(polygons)


def test_a_shifted_vertex_would_be_noticed(polygons):
    spoilt = polygons.copy()
    spoilt[40] = shapely.transform(spoilt[40], lambda xy: xy + np.array([0.01, 0]))
    assert not shapely.coverage_is_valid(spoilt)


def test_every_parcel_is_one_valid_polygon_on_a_grid_of_a_millimetre(polygons):
    assert (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON).all()
    assert shapely.is_valid(polygons).all()
    coordinates = shapely.get_coordinates(polygons)
    assert np.abs(coordinates - np.round(coordinates, 3)).max() < 1e-9


def test_the_fabric_keeps_to_the_communes(made, polygons):
    land = shapely.union_all([commune.outline for commune in made.lattice.communes])
    ground = shapely.union_all(polygons)
    assert ground.difference(land.buffer(100)).is_empty
    assert land.buffer(-100).difference(ground).is_empty


def test_some_parcels_have_holes_and_the_holes_are_parcels(pieces):
    part = next(part for part in pieces if (part.role == Role.POND).any())
    ponds = part.polygons[part.role == Role.POND]
    fields = part.polygons[(part.role == Role.FIELD) & (shapely.get_num_interior_rings(part.polygons) == 1)]
    assert len(ponds) == len(fields) > 0
    holes = shapely.polygons(shapely.get_interior_ring(fields, 0))
    assert all(any(hole.normalize().equals(pond) for hole in holes) for pond in ponds)


def test_sizes_are_those_of_the_province(pieces):
    areas = {
        role: np.concatenate([shapely.area(part.polygons[part.role == role]) for part in pieces])
        for role in (Role.LOT, Role.FIELD)
    }
    assert 160 <= np.median(areas[Role.LOT]) <= 220
    assert 1_350 <= np.median(areas[Role.FIELD]) <= 1_850
    assert min(values.min() for values in areas.values()) > 30


def test_the_count_is_about_what_was_asked(polygons):
    assert 0.85 * COUNT <= len(polygons) <= 1.15 * COUNT


@pytest.mark.parametrize(("count", "seed"), [(400, 1), (1_500, 2), (9_000, 3), (40_000, 4)])
def test_other_sizes_and_seeds_are_whole_too(count, seed):
    made = synthetic.fabric(invented_communes(), count, seed)
    polygons = np.concatenate([pieces_of(made.lattice, n).polygons for n in range(len(CENTRES))])
    assert shapely.coverage_is_valid(polygons)
    assert shapely.area(polygons).sum() == pytest.approx(synthetic.total_area_m2(made.lattice), rel=1e-9)
    assert (made.lattice.kind == Kind.URBAN).any()


# --- numbers and identifiers ---


def test_parcels_are_numbered_north_to_south_in_turn_west_and_east(pieces):
    for part in pieces:
        numbers = number(part)
        assert sorted(set(numbers.sheet)) == list(range(1, numbers.sheet.max() + 1))
        for sheet in range(1, numbers.sheet.max() + 1):
            mine = numbers.sheet == sheet
            order = np.argsort(numbers.parcel[mine])
            assert (numbers.parcel[mine][order] == np.arange(1, mine.sum() + 1)).all()
            label = part.label[mine][order]
            assert any(reads_in_turn(label, band) for band in (SMALL_SHEET_BAND_M, SHEET_BAND_M))


def reads_in_turn(label: np.ndarray, band_m: float) -> bool:
    band = np.floor(label[:, 1] / band_m)
    depth = band[0] - band
    if (np.diff(depth) < 0).any():
        return False
    same = np.diff(depth) == 0
    step = np.where(depth[:-1] % 2 == 0, 1, -1) * np.diff(label[:, 0])
    return bool((step[same] >= 0).all())


def test_the_rule_of_numbering_on_six_places():
    places = np.array([[0, 95], [50, 97], [90, 92], [10, 60], [80, 60], [40, 10]], float)
    sheet = np.ones(6, dtype=int)
    assert number_in_sheets(sheet, places, np.full(6, 25.0)).tolist() == [1, 2, 3, 5, 4, 6]


def test_a_number_names_one_parcel(parcels):
    assert len({(row["area_key"], row["sheet_no"], row["parcel_no"]) for row in parcels}) == len(parcels)
    assert all(row["key"] == f"{row['area_key']}-{row['sheet_no']}-{row['parcel_no']}" for row in parcels)


def test_identifiers_are_unique_and_lie_in_their_parcel(parcels):
    codes = [row["geohash"] for row in parcels]
    assert len(set(codes)) == len(codes)
    boxes = np.array([geo.geohash_bounds(code) for code in codes])
    east, north = geo.transform((boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2, geo.WGS84, geo.VN2000)
    assert shapely.contains_xy(shapes(parcels), east, north).all()
    assert all(code.startswith(geo.GEOHASH_PREFIXES) for code in codes)


def test_two_parcels_with_one_label_get_different_identifiers(pieces):
    from layers.transfer.synthetic_rows import _identifiers

    part = pieces[0]
    twin = replace(part, polygons=part.polygons[[0, 0, 1]], label=part.label[[0, 0, 1]])
    codes = _identifiers(twin)
    assert len(set(codes.tolist())) == 3


# --- history ---


@pytest.fixture(scope="module")
def by_key(parcels):
    return {row["key"]: row for row in parcels}


def events(tables) -> dict[str, tuple[set[str], set[str]]]:
    """Parents and children by the document of the event."""
    found = {}
    for row in tables[ParcelLineage]:
        parents, children = found.setdefault(row["document_key"], (set(), set()))
        parents.add(row["parent_key"]), children.add(row["child_key"])
    return found


def number_of(row) -> int:
    return int(row["parcel_no"])


def test_about_one_parcel_in_sixty_has_a_history(tables, parcels):
    active = {row["key"] for row in parcels if row["status"] == "active"}
    made = {row["child_key"] for row in tables[ParcelLineage]} & active
    assert 1 / 120 < len(made) / len(active) < 1 / 30
    assert {row["kind"] for row in tables[ParcelLineage]} == {"split", "merge"}


def test_the_active_fabric_is_whole_without_the_retired(made, parcels):
    land = shapes(row for row in parcels if row["status"] == "active")
    assert shapely.coverage_is_valid(land)
    assert shapely.area(land).sum() == pytest.approx(synthetic.total_area_m2(made.lattice), rel=1e-9)


def test_each_event_keeps_its_ground(tables, by_key):
    for document, (parents, children) in events(tables).items():
        old, new = (shapely.union_all(shapes(by_key[key] for key in keys)) for keys in (parents, children))
        assert old.symmetric_difference(new).area < 0.1, document
        for keys in (parents, children):
            assert shapely.area(shapes(by_key[key] for key in keys)).sum() == pytest.approx(old.area, abs=0.1)
        assert all(shapely.is_valid(shapes(by_key[key] for key in parents)))


def test_a_number_is_retired_and_never_used_again(tables, parcels, by_key):
    ended, begun = {}, {}
    for row in tables[ParcelLineage]:
        ended[row["parent_key"]], begun[row["child_key"]] = row["effective"], row["effective"]
    for row in parcels:
        assert (row["status"] == "retired") == (row["key"] in ended), row["key"]
        assert row["valid_to"] == ended.get(row["key"], "")
        assert row["valid_from"] == begun.get(row["key"], row["valid_from"]) < "2025-01-01"
        assert not row["valid_to"] or row["valid_from"] < row["valid_to"]
    for parents, children in events(tables).values():
        assert max(number_of(by_key[key]) for key in parents) < min(number_of(by_key[key]) for key in children)
        assert len({(by_key[key]["area_key"], by_key[key]["sheet_no"]) for key in parents | children}) == 1


def test_what_was_first_surveyed_has_the_first_numbers_in_turn(tables, parcels):
    later = {row["child_key"] for row in tables[ParcelLineage]}
    sheets = {}
    for row in parcels:
        sheets.setdefault((row["area_key"], row["sheet_no"]), []).append(row)
    for rows in sheets.values():
        rows.sort(key=number_of)
        assert [number_of(row) for row in rows] == list(range(1, len(rows) + 1))
        made = [row["key"] in later for row in rows]
        assert made == sorted(made), "whatever was made later comes after"
        days = [row["valid_from"] for row in rows if row["key"] in later]
        assert days == sorted(days)
        first = [row for row in rows if row["key"] not in later]
        boxes = np.array([geo.geohash_bounds(row["geohash"]) for row in first])
        middle = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        label = np.round(np.column_stack(geo.transform(*middle, geo.WGS84, geo.VN2000)), 1)
        falling = np.diff(label[:, 1]) <= {"500": SMALL_SHEET_BAND_M, "5000": SHEET_BAND_M}[rows[0]["sheet_scale"]] + 1
        assert falling.all()


def test_somewhere_a_split_followed_a_merge(tables):
    split = {row["parent_key"] for row in tables[ParcelLineage] if row["kind"] == "split"}
    merged = {row["child_key"]: row["effective"] for row in tables[ParcelLineage] if row["kind"] == "merge"}
    both = split & set(merged)
    assert both
    for row in tables[ParcelLineage]:
        if row["parent_key"] in both:
            assert merged[row["parent_key"]] < row["effective"]


def test_each_event_has_a_document_marked_as_a_sample(tables):
    documents = {row["key"]: row for row in tables[Document]}
    assert len(documents) == len(tables[Document])
    assert all("MẪU" in row["number"] and "mẫu" in row["title_vi"] for row in documents.values())
    assert all("mẫu" in row["issued_by"] for row in documents.values()), "no real office is said to have decided this"
    did = {(row["parcel_key"], row["document_key"], row["did"]) for row in tables[ParcelDocument]}
    for row in tables[ParcelLineage]:
        assert documents[row["document_key"]]["kind"] == "decision"
        assert (row["parent_key"], row["document_key"], "retired") in did
        assert (row["child_key"], row["document_key"], "created") in did


def test_a_made_parcel_has_no_right_older_than_itself(tables):
    begun = {row["child_key"]: row["effective"] for row in tables[ParcelLineage]}
    for row in tables[Right]:
        assert row["valid_from"] >= begun.get(row["parcel_key"], ""), row["key"]
        assert row["parcel_key"] not in {link["parent_key"] for link in tables[ParcelLineage]}


# --- attributes ---


def test_surveyed_areas_are_planar_areas(parcels):
    surveyed = np.array([float(row["survey_area_m2"]) for row in parcels])
    assert np.abs(surveyed - shapely.area(shapes(parcels))).max() < 1e-3


def test_legal_areas_have_one_decimal_and_few_are_far_off(parcels):
    known = [row for row in parcels if row["legal_area_m2"]]
    legal = np.array([float(row["legal_area_m2"]) for row in known])
    surveyed = np.array([float(row["survey_area_m2"]) for row in known])
    far = np.abs(legal / surveyed - 1) > AREA_TOLERANCE
    assert 0 < far.mean() < 0.06
    assert all(len(row["legal_area_m2"].split(".")[1]) == 1 for row in known)
    assert all(row["certificate"] == "issued" for row in known)


def test_land_types_are_of_the_list(tables):
    with (settings.DATA_DIR / "codes" / "landuse.csv").open(encoding="utf-8") as lines:
        codes = {row["code"]: row for row in csv.DictReader(lines)}
    for row in tables[Parcel]:
        assert codes[row["land_use_now"]]["in_2024_list"] in ("yes", "t", "true", "1"), row["land_use_now"]
        assert not row["land_use_before"] or row["land_use_before"] in codes
        assert not row["land_use_legal"] or row["land_use_legal"] in codes
    assert {row["code_land_use"] for row in tables[PlanningZone]} <= set(codes)


def test_each_state_that_rules_ask_about_occurs(parcels):
    assert {row["certificate"] for row in parcels} == {"issued", "none", ""}
    assert any(row["land_use_legal"] not in ("", row["land_use_now"]) for row in parcels)
    assert any(row["land_use_before"] for row in parcels)


def test_the_same_seed_makes_the_same_bytes_whatever_the_processes(made, tables):
    def text(count_of_processes, fabric):
        return [b"".join(batch.csv) for batch in synthetic.batches(fabric, count_of_processes)]

    once = text(1, made)
    assert once == text(2, synthetic.fabric(invented_communes(), COUNT, SEED))
    assert once != text(1, synthetic.fabric(invented_communes(), COUNT, SEED + 1))


def test_everything_says_that_it_is_invented(tables):
    for model, rows in tables.items():
        if model is not Right:
            assert rows and all(row["synthetic"] == "t" for row in rows), model
    assert all(row["name"].endswith("(mẫu)") for row in tables[Party])
    assert all(row["identity_no"] == "" or row["identity_no"].startswith("MAU") for row in tables[Party])
    assert all(row["decision_no"].startswith("MẪU-") for row in tables[PlanningZone])


def test_rights_are_held_by_parties_in_parcels_and_use_adds_up_to_one(tables):
    keys = {row["key"] for row in tables[Parcel]}
    parties = {row["key"] for row in tables[Party]}
    shares = {}
    for row in tables[Right]:
        assert row["parcel_key"] in keys and row["party_key"] in parties
        if row["kind"] == "use":
            shares.setdefault(row["parcel_key"], []).append(
                (int(row["share_numerator"]), int(row["share_denominator"]))
            )
    assert all(sum(n for n, _ in held) == held[0][1] for held in shares.values())
    assert {len(held) for held in shares.values()} == {1, 2, 3}
    assert {row["kind"] for row in tables[Right]} >= {"use", "mortgage"}


def test_plan_zones_cut_parcels_and_leave_ground_unchecked(tables):
    plan = [row for row in tables[PlanningZone] if row["theme"] == "land_use_plan"]
    zones, land = shapes(plan), shapes(tables[Parcel])
    assert shapely.is_valid(zones).all()
    tree = shapely.STRtree(land)
    zone, parcel = tree.query(zones, predicate="intersects")
    share = shapely.area(shapely.intersection(zones[zone], land[parcel])) / shapely.area(land[parcel])
    assert ((share > 0.05) & (share < 0.95)).sum() > 100
    by_layer = {
        name: shapely.union_all(shapes(row for row in tables[Coverage] if row["layer"] == name))
        for name in ("parcels", "planning_zones")
    }
    assert shapely.union_all(land).symmetric_difference(by_layer["parcels"]).area < 1
    checked = by_layer["planning_zones"].area / by_layer["parcels"].area
    assert 0.4 < checked < 0.9
    assert shapely.union_all(zones).difference(by_layer["planning_zones"].buffer(0.05)).is_empty
    assert {row["status"] for row in plan} == {"in_force", "on_display", "adopted", "expired"}


def test_other_themes_overlap_in_every_state_and_keep_to_where_they_were_checked(tables):
    land = shapely.union_all(shapes(tables[Parcel]))
    others = {row["theme"] for row in tables[PlanningZone]} - {"land_use_plan"}
    assert len(others) >= 5
    for theme in others:
        zones = [row for row in tables[PlanningZone] if row["theme"] == theme]
        checked = shapely.union_all(
            shapes(row for row in tables[Coverage] if row["layer"] == f"planning_zones.{theme}")
        )
        assert shapely.union_all(shapes(zones)).difference(checked.buffer(0.05)).is_empty
        assert 0 < land.difference(checked).area < land.area
        assert all(row["plan_id"] and row["law"] and row["consequence_vi"] for row in zones)
    detailed = [row for row in tables[PlanningZone] if row["theme"] == "detailed_plan"]
    assert {row["status"] for row in detailed} == {"in_force", "on_display", "expired"}
    by_code = [shapely.union_all(shapes(r for r in detailed if r["status"] == "in_force" and r["code_land_use"] == c))
               for c in ("TMD", "DKV")]  # fmt: skip
    assert by_code[0].intersection(by_code[1]).area > 100


# --- through the door ---


def changeset(made) -> Changeset:
    return Changeset(
        title="mẫu",
        reason="test",
        kind=Changeset.Kind.LOAD,
        source=made.source,
        source_srid=geo.VN2000,
        actor_name="test",
    )


@pytest.mark.django_db
def test_published_rows_are_all_there_and_a_second_time_changes_nothing(made, tables):
    counts = publish(changeset(made), synthetic.batches(made, processes=1))
    for model, rows in tables.items():
        assert counts[model._meta.model_name].created == len(rows) == model.objects.count()
    again = publish(changeset(made), synthetic.batches(made, processes=1))
    for model, rows in tables.items():
        assert again[model._meta.model_name].unchanged == len(rows)
    numbers = Parcel.objects.values("area_key").annotate(sheets=Count("sheet_no", distinct=True))
    assert all(row["sheets"] > 1 for row in numbers)


@pytest.mark.django_db
def test_another_fabric_is_refused_over_the_first(made):
    publish(changeset(made), synthetic.batches(made, processes=1))
    synthetic.refuse_another_fabric(made)
    with pytest.raises(Conflict):
        synthetic.refuse_another_fabric(synthetic.fabric(invented_communes(), COUNT, SEED + 1))


@pytest.mark.parametrize("count", [0, 10, 10**9])
def test_a_count_that_cannot_be_laid_out_is_refused(count):
    with pytest.raises(Invalid):
        synthetic.fabric(invented_communes(), count, SEED)


@pytest.mark.django_db
def test_the_command_writes_only_when_told_to(capsys):
    call_command("make_parcels", count=1_000, processes=1)
    assert not Parcel.objects.exists()
    assert "Nothing was written" in capsys.readouterr().out
    call_command("make_parcels", count=1_000, processes=1, commit=True)
    assert Parcel.objects.filter(area_key="22918-2015").count() > 300
    with pytest.raises(CommandError, match="overlap"):
        call_command("make_parcels", count=1_000, seed=1, processes=1, commit=True)


def test_communes_are_those_of_2015_nearest_the_city():
    areas = settings.DATA_DIR / "areas"
    communes = synthetic.read_communes(areas / "outlines.geojson", areas / "areas.csv")
    chosen = synthetic.choose(communes, synthetic.DEFAULT_COUNT)
    assert {"22915-2015", "22918-2015"} <= {commune.key for commune in chosen}
    assert all(commune.parent_key == synthetic.CITY for commune in chosen)
    assert len(synthetic.choose(communes, 1_000_000)) == len(communes) > 100
    outlines = json.loads((areas / "outlines.geojson").read_text("utf-8"))["features"]
    assert {commune.key for commune in communes} <= {feature["properties"]["key"] for feature in outlines}
