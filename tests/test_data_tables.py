"""The tables of data/ keep their promises: units of any day, codes that resolve, sources, shapes."""

from __future__ import annotations

import csv
import json
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
import shapely

DATA = Path(__file__).resolve().parent.parent / "data"
CSV_FILES = {
    "areas/areas.csv": 189,
    "areas/successions.csv": 145,
    "tourism_sites.csv": 109,
    "agencies.csv": 178,
    "codes/landuse.csv": 80,
    "codes/dossier_states.csv": 10,
}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
REFORM = "2025-07-01"
SUCCESSION_KINDS = {"merge", "enlarge", "split", "abolish"}
SITE_CATEGORIES = {
    "natural", "beach", "heritage", "religious", "museum", "recreation", "craft", "market", "agritourism"
}  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def areas() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in table("areas/areas.csv")}


@pytest.fixture(scope="module")
def successors() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in table("areas/successions.csv"):
        if row["to_key"]:
            found[row["from_key"]].append(row["to_key"])
    return found


@pytest.fixture(scope="module")
def outlines() -> dict[str, shapely.MultiPolygon]:
    features = json.loads((DATA / "areas/outlines.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == len({feature["properties"]["key"] for feature in features})
    return {item["properties"]["key"]: shapely.geometry.shape(item["geometry"]) for item in features}


def valid_on(row: dict[str, str], day: str) -> bool:
    return row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])


def extent() -> shapely.Polygon:
    return shapely.box(*tomllib.loads((DATA / "site.toml").read_text(encoding="utf-8"))["extent"]["wgs84"])


# --- every table


@pytest.mark.parametrize(("name", "rows"), CSV_FILES.items())
def test_table_has_its_rows_each_as_wide_as_the_header(name: str, rows: int) -> None:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        header, *body = csv.reader(lines)
    assert len(header) == len(set(header))
    assert len(body) == rows
    assert {len(row) for row in body} == {len(header)}


@pytest.mark.parametrize("name", CSV_FILES)
def test_text_is_nfc_and_trimmed_and_every_row_names_its_source(name: str) -> None:
    for row in table(name):
        for column, text in row.items():
            assert text == unicodedata.normalize("NFC", text), (name, column, text)
            assert text == text.strip(), (name, column, text)
        assert row["source"], row


@pytest.mark.parametrize("name", ["areas/areas.csv", "agencies.csv"])
def test_validity_is_half_open(name: str) -> None:
    for row in table(name):
        for column in ("valid_from", "valid_to"):
            assert not row[column] or DATE.fullmatch(row[column]), row["key"]
        assert not row["valid_to"] or row["valid_from"] < row["valid_to"], row["key"]
        assert not row["valid_to"].endswith(("-30", "-31", "-28")), f"{row['key']}: looks like a last day"


@pytest.mark.parametrize("name", ["areas/areas.csv", "agencies.csv", "tourism_sites.csv"])
def test_keys_are_unique_and_fit_for_an_address(name: str) -> None:
    keys = [row["key"] for row in table(name)]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) and len(key) <= 50 for key in keys)


@pytest.mark.parametrize("name", ["areas/areas.csv", "agencies.csv", "tourism_sites.csv"])
def test_positions_lie_in_the_province_and_say_where_they_come_from(name: str) -> None:
    box = extent()
    elsewhere = {"68-2025", "ld-ubnd"}  # the new province and its seat, Đà Lạt
    for row in table(name):
        assert bool(row["lat"]) == bool(row["lon"]) == bool(row["position_source"]), row["key"]
        if row["lat"] and row["key"] not in elsewhere:
            assert box.contains(shapely.Point(float(row["lon"]), float(row["lat"]))), row["key"]


def test_sources_describe_every_table() -> None:
    sources = tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))
    described = {file for source in sources.values() for file in source["files"]}
    assert {*CSV_FILES, "areas/outlines.geojson"} <= described
    for name, source in sources.items():
        for item in ("title_vi", "title_en", "owner", "licence", "date", "crs", "obtained", "status"):
            assert item in source, (name, item)
        assert source["status"] in {"verified", "partly", "approximate", "synthetic"}
        for file in source["files"]:
            assert (DATA / file).exists(), file


# --- areas and time


@pytest.mark.parametrize(
    ("day", "communes", "districts"),
    [
        ("2015-05-15", 0, 0),
        ("2015-05-16", 127, 10),
        ("2019-12-31", 127, 10),
        ("2020-01-01", 124, 10),
        ("2024-11-30", 124, 10),
        ("2024-12-01", 121, 10),
        ("2025-06-30", 121, 10),
        ("2025-07-01", 45, 0),
        ("2026-11-24", 45, 0),
    ],
)
def test_any_day_gives_the_units_of_that_day(
    areas: dict[str, dict[str, str]], day: str, communes: int, districts: int
) -> None:
    levels = Counter(row["level"] for row in areas.values() if valid_on(row, day))
    assert (levels["commune"], levels["district"]) == (communes, districts)
    assert levels["province"] == (1 if day >= "2015-05-16" else 0)


def test_types_of_both_lists(areas: dict[str, dict[str, str]]) -> None:
    def kinds(day: str) -> Counter[str]:
        rows = (row for row in areas.values() if row["level"] == "commune" and valid_on(row, day))
        return Counter(row["type_vi"] for row in rows)

    assert kinds("2015-05-16") == {"Xã": 96, "Phường": 19, "Thị trấn": 12}
    assert kinds(REFORM) == {"Xã": 36, "Phường": 8, "Đặc khu": 1}


def test_key_is_code_and_year_and_periods_of_a_code_do_not_overlap(areas: dict[str, dict[str, str]]) -> None:
    by_code: dict[str, list[dict[str, str]]] = defaultdict(list)
    for key, row in areas.items():
        assert key == f"{row['code']}-{row['valid_from'][:4]}"
        assert row["full_name_vi"] == f"{row['type_vi']} {row['name_vi']}"
        assert row["name_en"].isascii()
        by_code[row["code"]].append(row)
    for rows in by_code.values():
        rows.sort(key=lambda row: row["valid_from"])
        for earlier, later in pairwise(rows):
            assert earlier["valid_to"], earlier["key"]
            assert earlier["valid_to"] <= later["valid_from"], (earlier["key"], later["key"])


def test_a_unit_is_part_of_one_that_lives_as_long(areas: dict[str, dict[str, str]]) -> None:
    above = {"commune": {"district", "province"}, "district": {"province"}}
    for row in areas.values():
        if row["level"] == "province":
            assert not row["parent_key"]
            continue
        parent = areas[row["parent_key"]]
        assert parent["level"] in above[row["level"]]
        assert parent["valid_from"] <= row["valid_from"]
        assert not parent["valid_to"] or row["valid_to"] <= parent["valid_to"] != ""


def test_districts_of_2015_have_their_communes(areas: dict[str, dict[str, str]]) -> None:
    found = Counter(row["parent_key"][:3] for row in areas.values() if valid_on(row, "2015-05-16"))
    counts = {key: found[key] for key in ("593", "594", "595", "596", "597", "598", "599", "600", "601", "602")}
    assert list(counts.values()) == [18, 9, 12, 18, 17, 13, 14, 13, 10, 3]


def test_every_unit_of_2015_resolves_to_today(
    areas: dict[str, dict[str, str]], successors: dict[str, list[str]]
) -> None:
    def today(key: str) -> set[str]:
        following = successors.get(key)
        return {key} if not following else set().union(*(today(item) for item in following))

    first = [row for row in areas.values() if row["level"] == "commune" and row["valid_from"] == "2015-05-16"]
    resolved = {row["key"]: today(row["key"]) for row in first}
    assert len(resolved) == 127
    assert all(not areas[key]["valid_to"] for keys in resolved.values() for key in keys)
    assert len(set().union(*resolved.values())) == 45
    divided = {key: keys for key, keys in resolved.items() if len(keys) > 1}
    assert divided == {"22978-2015": {"22978-2025", "22972-2025"}, "23053-2015": {"23053-2025", "23041-2025"}}
    assert resolved["22918-2015"] == {"22918-2025"}  # Hàm Tiến is in Mũi Né, which has its code
    assert resolved["22915-2015"] == {"22918-2025"}
    assert resolved["23155-2015"] == {"23152-2025"}  # by way of Măng Tố of 2020
    assert resolved["22939-2015"] == {"22945-2025"}  # by way of Bình Hưng of 2024


def test_successions_join_rows_that_end_and_begin_that_day(areas: dict[str, dict[str, str]]) -> None:
    rows = table("areas/successions.csv")
    ended = {key for key, row in areas.items() if row["valid_to"]}
    assert {row["from_key"] for row in rows} == ended
    for row in rows:
        assert row["kind"] in SUCCESSION_KINDS
        assert areas[row["from_key"]]["valid_to"] == row["effective"]
        assert (row["kind"] == "abolish") == (not row["to_key"])
        assert row["share"] == ("1" if row["kind"] in {"merge", "enlarge"} else "")
        if row["to_key"]:
            assert areas[row["to_key"]]["valid_from"] == row["effective"]
            assert areas[row["to_key"]]["level"] == areas[row["from_key"]]["level"]
    begun = {key for key, row in areas.items() if row["valid_from"] > "2015-05-16"}
    assert begun == {row["to_key"] for row in rows if row["to_key"]}


def test_codes_that_changed_their_meaning_are_told_apart(areas: dict[str, dict[str, str]]) -> None:
    def bare(key: str) -> str:
        return areas[key]["name_vi"].replace("Quí", "Quý")

    codes = [row["code"] for row in areas.values() if row["level"] == "commune" and row["valid_from"] == REFORM]
    changed = {code for code in codes if bare(f"{code}-2015") != bare(f"{code}-2025")}
    assert len(changed) == 21
    assert {"22918", "22945", "23143", "23272"} <= changed
    assert "22915" not in codes  # Mũi Né of 2015: its code is no longer used
    for code in changed:
        old, new = areas[f"{code}-2015"], areas[f"{code}-2025"]
        assert old["valid_to"] <= new["valid_from"]
        assert old["full_name_vi"] in new["note"]


def test_todays_units_make_up_the_official_area_and_no_broken_population_is_kept(
    areas: dict[str, dict[str, str]],
) -> None:
    today = [row for row in areas.values() if row["level"] == "commune" and valid_on(row, REFORM)]
    assert sum(float(row["area_km2"]) for row in today) == pytest.approx(7942.60, abs=0.005)
    counted = [int(row["population"]) for row in today if row["population"]]
    assert len(counted) == 36
    assert min(counted) > 10_000  # the nine with lost digits or none stay empty
    assert {row["court_region"] for row in today} == {str(region) for region in range(10, 18)}


# --- outlines


def test_outlines_say_that_they_are_approximate() -> None:
    document = json.loads((DATA / "areas/outlines.geojson").read_text(encoding="utf-8"))
    assert document["metadata"]["approximate"] is True
    assert "not a boundary" in document["metadata"]["statement"]
    assert (DATA / "areas/outlines.geojson").stat().st_size < 700_000


def test_every_area_has_an_outline_except_partners_of_the_small_reforms(
    areas: dict[str, dict[str, str]], outlines: dict[str, shapely.MultiPolygon]
) -> None:
    early = {key for key, row in areas.items() if row["valid_to"] in {"2020-01-01", "2024-12-01"}}
    assert len(early) == 11
    assert set(outlines) == set(areas) - early


def test_outlines_are_valid_and_lie_in_the_province(outlines: dict[str, shapely.MultiPolygon]) -> None:
    box = extent()
    for key, shape in outlines.items():
        assert isinstance(shape, shapely.MultiPolygon), key
        assert shape.is_valid and not shape.is_empty, key
        assert key == "68-2025" or box.contains(shape), key


@pytest.mark.parametrize(("level", "day"), [("commune", "2025-06-30"), ("commune", REFORM), ("district", "2025-06-30")])
def test_outlines_of_a_day_share_their_edges_and_fill_the_province(
    areas: dict[str, dict[str, str]], outlines: dict[str, shapely.MultiPolygon], level: str, day: str
) -> None:
    shapes = [outlines[key] for key, row in areas.items() if row["level"] == level and valid_on(row, day)]
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.coverage_union_all(shapes)
    assert whole.symmetric_difference(outlines["60-2015"]).area == pytest.approx(0, abs=1e-9)
    assert sum(shape.area for shape in shapes) == pytest.approx(outlines["60-2015"].area)


def test_the_island_is_drawn_and_the_new_province_holds_the_old(
    outlines: dict[str, shapely.MultiPolygon],
) -> None:
    island = outlines["23272-2025"]
    assert island.contains(shapely.Point(108.94, 10.52))
    assert island.distance(outlines["22918-2025"]) > 0.5
    assert outlines["68-2025"].buffer(1e-6).contains(outlines["60-2015"])


def test_commune_positions_lie_in_their_own_outline(
    areas: dict[str, dict[str, str]], outlines: dict[str, shapely.MultiPolygon]
) -> None:
    for key, row in areas.items():
        if row["level"] == "commune" and valid_on(row, "2025-06-30"):
            spot = shapely.Point(float(row["lon"]), float(row["lat"]))
            assert outlines[key].distance(spot) < 0.01, key  # a geocoder may put a port on the water


# --- sites


def test_sites_are_in_the_unit_their_commune_became(
    areas: dict[str, dict[str, str]], successors: dict[str, list[str]]
) -> None:
    def today(key: str) -> set[str]:
        return {key} if key not in successors else set().union(*(today(item) for item in successors[key]))

    for row in table("tourism_sites.csv"):
        assert areas[row["commune_2015_key"]]["valid_from"] == "2015-05-16"
        assert f"{row['area_2025_code']}-2025" in today(row["commune_2015_key"]), row["key"]


def test_sites_tell_what_is_known_from_what_is_not() -> None:
    rows = table("tourism_sites.csv")
    assert sorted(int(row["number"]) for row in rows) == list(range(1, 110))
    for row in rows:
        assert row["category"] in SITE_CATEGORIES
        assert row["position_status"] in {"located", "approximate", "commune_centre", "memory"}
        assert (row["position_status"] == "memory") == (row["position_source"] == "memory"), row["key"]
        assert row["position_status"] != "located" or int(row["precision_m"]) <= 300, row["key"]
        assert int(row["precision_m"]) > 0
        assert bool(row["relic_rank"]) == (row["rank_status"] in {"verified", "unverified"}), row["key"]
        if row["rank_source"].startswith("memory"):
            assert row["rank_status"] == "unverified", row["key"]
        practical = row["opening_hours"] or row["ticket"] or row["best_season"]
        assert row["practical_status"] == ("unverified" if practical else ""), row["key"]
        assert bool(row["note_vi"]) == bool(row["note_en"]), row["key"]
        assert "(" not in row["name_vi"] or row["name_vi"].startswith("Bãi biển Đồi Dương"), row["name_vi"]


# --- agencies


def test_agencies_have_living_parents_and_known_areas(areas: dict[str, dict[str, str]]) -> None:
    rows = {row["key"]: row for row in table("agencies.csv")}
    for key, row in rows.items():
        assert key == row["code"].lower()
        if row["parent_key"]:
            assert row["valid_to"] or not rows[row["parent_key"]]["valid_to"], key
        assert bool(row["area_code"]) == bool(row["area_key"])
        if row["area_key"]:
            assert areas[row["area_key"]]["code"] == row["area_code"]
        for served in filter(None, row["serves_keys"].split(";")):
            assert valid_on(areas[served], REFORM)
        assert row["status"] in {"verified", "partly", "memory"}
        assert bool(row["website"]) == (row["website_status"] == "verified")
        assert not row["website"] or row["website"].startswith("https://")


def test_agencies_today_cover_every_unit(areas: dict[str, dict[str, str]]) -> None:
    today = {key for key, row in areas.items() if row["level"] == "commune" and valid_on(row, REFORM)}
    rows = [row for row in table("agencies.csv") if valid_on(row, REFORM)]
    for kind in ("people_committee", "one_stop"):
        assert {row["area_key"] for row in rows if row["kind"] == kind and row["level"] == "commune"} == today
    courts = [key for row in rows if row["kind"] == "court" for key in row["serves_keys"].split(";")]
    assert sorted(courts) == sorted(today)
    before = [row for row in table("agencies.csv") if valid_on(row, "2025-02-28") and row["level"] == "province"]
    assert sum(row["kind"] == "department" for row in before) == 20


# --- codes


def test_land_use_codes_have_known_parents_successors_and_colours() -> None:
    rows = {row["code"]: row for row in table("codes/landuse.csv")}
    assert len(rows) == 80
    for code, row in rows.items():
        assert not row["parent"] or row["parent"] in rows, code
        assert not row["successor"] or rows[row["successor"]]["in_2024_list"] == "yes", code
        assert row["color_status"] in {"sourced", "unverified", "missing"}
        assert bool(row["color_hex"]) == (row["color_status"] != "missing")
        assert not row["color_hex"] or re.fullmatch("#[0-9A-F]{6}", row["color_hex"])
        assert {row["is_group"], row["in_2018_list"], row["in_2024_list"]} <= {"yes", "no"}
        assert (row["in_2024_list"] == "yes") == (row["status_2024"] in {"verified", "memory"}), code
    plain = [row for row in rows.values() if row["in_2024_list"] == "yes" and row["is_group"] == "no"]
    assert {"LUC", "CLN", "ONT", "ODT", "HNK"} <= {row["code"] for row in plain}


def test_dossier_states_are_the_ten_of_the_portal() -> None:
    rows = table("codes/dossier_states.csv")
    assert [row["code"] for row in rows] == [str(code) for code in range(1, 11)]
    assert {row["is_final"] for row in rows} | {row["stops_clock"] for row in rows} == {"yes", "no"}
    assert {row["code"] for row in rows if row["is_final"] == "yes"} == {"3", "7", "8", "9", "10"}
