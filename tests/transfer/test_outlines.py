"""Cells round positions: coherent, clipped to land, unioned by level and date, and never invented."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command
from shapely import MultiPolygon, Point

from layers.errors import Unavailable
from layers.transfer import outlines
from layers.transfer.outlines import AreaRow, Place, SuccessionRow

LAND = MultiPolygon([shapely.box(108.0, 11.0, 108.3, 11.2), shapely.box(108.4, 11.05, 108.42, 11.07)])
PLACES = [
    Place("00001", "60", 108.05, 11.1),
    Place("00002", "60", 108.15, 11.1),
    Place("00003", "60", 108.25, 11.15),
    Place("00004", "60", 108.41, 11.06),  # an island
    Place("00005", "68", 108.25, 11.02),
    Place("00006", "58", 108.05, 11.01),  # a neighbour that only bounds the others
]


def commune(code: str, start: str, end: str, parent: str, lon: str = "", lat: str = "") -> AreaRow:
    return AreaRow(f"{code}-{start[:4]}", code, "commune", parent, start, end, lon, lat)


AREAS = [
    AreaRow("60-2015", "60", "province", "", "2015-05-16", "2025-07-01", "", ""),
    AreaRow("68-2025", "68", "province", "", "2025-07-01", "", "", ""),
    AreaRow("500-2015", "500", "district", "60-2015", "2015-05-16", "2025-07-01", "", ""),
    AreaRow("501-2015", "501", "district", "60-2015", "2015-05-16", "2025-07-01", "", ""),
    commune("00009", "2015-05-16", "2020-01-01", "500-2015"),  # merged early: its ground is unknown
    commune("00001", "2015-05-16", "2020-01-01", "500-2015"),
    commune("00001", "2020-01-01", "2025-07-01", "500-2015"),
    commune("00002", "2015-05-16", "2025-07-01", "500-2015"),
    commune("00003", "2015-05-16", "2025-07-01", "501-2015"),
    commune("00004", "2015-05-16", "2025-07-01", "501-2015"),
    commune("00001", "2025-07-01", "", "68-2025"),
    commune("00003", "2025-07-01", "", "68-2025"),
]
SUCCESSIONS = [
    SuccessionRow("00009-2015", "00001-2020", "2020-01-01"),
    SuccessionRow("00001-2015", "00001-2020", "2020-01-01"),
    SuccessionRow("00001-2020", "00001-2025", "2025-07-01"),
    SuccessionRow("00002-2015", "00001-2025", "2025-07-01"),
    SuccessionRow("00003-2015", "00003-2025", "2025-07-01"),  # split: keeps the code
    SuccessionRow("00003-2015", "00001-2025", "2025-07-01"),
    SuccessionRow("00004-2015", "00003-2025", "2025-07-01"),
    SuccessionRow("500-2015", "", "2025-07-01"),
    SuccessionRow("60-2015", "68-2025", "2025-07-01"),
]


@pytest.fixture(scope="module")
def fabric() -> dict[str, MultiPolygon]:
    return outlines.build_fabric(PLACES, LAND)


def test_cells_are_one_coverage_on_land_and_hold_their_own_place(fabric: dict[str, MultiPolygon]) -> None:
    assert set(fabric) == {"00001", "00002", "00003", "00004", "province:68"}
    assert shapely.coverage_is_valid(list(fabric.values()))
    for place in PLACES[:4]:
        assert fabric[place.code].contains(Point(place.lon, place.lat))
    assert shapely.union_all(list(fabric.values())).difference(LAND.buffer(1e-5)).is_empty
    assert not any(shape.contains(Point(108.05, 11.005)) for shape in fabric.values())  # the neighbour's ground


def test_a_border_lies_half_way_between_two_places(fabric: dict[str, MultiPolygon]) -> None:
    shared = fabric["00001"].intersection(fabric["00002"])
    assert shared.bounds[0] == pytest.approx(108.10, abs=2e-5)
    assert shared.bounds[2] == pytest.approx(108.10, abs=2e-5)


def test_areas_of_all_levels_are_unions_of_cells(fabric: dict[str, MultiPolygon]) -> None:
    found = outlines.build_outlines(AREAS, SUCCESSIONS, fabric)
    assert found["00001-2020"].equals(fabric["00001"])
    assert found["00001-2025"].equals(shapely.union(fabric["00001"], fabric["00002"]))
    assert found["500-2015"].equals(found["00001-2025"])
    assert found["60-2015"].equals(shapely.union(found["500-2015"], found["501-2015"]))
    assert found["68-2025"].equals(shapely.union(found["60-2015"], fabric["province:68"]))


def test_what_cannot_be_known_gets_no_outline(fabric: dict[str, MultiPolygon]) -> None:
    found = outlines.build_outlines(AREAS, SUCCESSIONS, fabric)
    assert "00009-2015" not in found  # ended before the list with positions
    assert "00001-2015" not in found  # its later cell holds the other's ground too


def test_the_ground_of_a_split_commune_stays_with_the_code(fabric: dict[str, MultiPolygon]) -> None:
    found = outlines.build_outlines(AREAS, SUCCESSIONS, fabric)
    assert found["00003-2025"].contains(Point(108.25, 11.15))
    assert found["00003-2025"].contains(Point(108.41, 11.06))
    assert not found["00001-2025"].contains(Point(108.25, 11.15))


def test_a_position_in_the_table_wins_over_the_package() -> None:
    areas = [
        commune("00002", "2015-05-16", "2025-07-01", "500-2015", "108.19", "11.11"),
        commune("00001", "2015-05-16", "2020-01-01", "500-2015", "108.01", "11.01"),  # not of that day
    ]
    moved = {place.code: place for place in outlines.with_positions(PLACES, areas)}
    assert (moved["00002"].lon, moved["00002"].lat) == (108.19, 11.11)
    assert moved["00001"] == PLACES[0]
    assert moved["00006"] == PLACES[5]


def test_land_is_read_by_level_and_cut_to_the_window(tmp_path: Path) -> None:
    rings = [
        (1, [(107.9, 10.9), (108.1, 10.9), (108.1, 11.1), (107.9, 11.1), (107.9, 10.9)]),
        (2, [(107.95, 10.95), (108.0, 10.95), (108.0, 11.0), (107.95, 10.95)]),  # a lake
        (1, [(10.0, 50.0), (11.0, 50.0), (11.0, 51.0), (10.0, 50.0)]),  # elsewhere
    ]
    lines, data = [], b""
    for level, ring in rings:
        raw = np.array(ring, dtype="<f4").tobytes()
        south, north = min(lat for _, lat in ring), max(lat for _, lat in ring)
        lines.append(f"{level} 1.0 {len(ring)} {south} {north} {len(data)} {len(raw)} 7-E")
        data += raw
    (tmp_path / "meta").write_text("\n".join(lines) + "\n", encoding="ascii")
    (tmp_path / "data").write_bytes(data)
    land = outlines.read_land(tmp_path / "meta", tmp_path / "data", (108.0, 10.0, 109.0, 12.0))
    assert land.bounds == pytest.approx((108.0, 10.9, 108.1, 11.1), abs=1e-5)
    assert land.area == pytest.approx(0.02, abs=1e-5)


def test_places_that_share_a_position_are_read_once(tmp_path: Path) -> None:
    database = tmp_path / "dataset.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE admin_units_legacy (wardCode, provinceCode, wardLon, wardLat)")
        connection.executemany(
            "INSERT INTO admin_units_legacy VALUES (?, ?, ?, ?)",
            [
                ("00002", "60", 108.1, 11.1),
                ("00001", "60", 108.1, 11.1),
                ("00003", "60", None, None),
                ("00004", "01", 105.8, 21.0),
                (None, "48", 108.2, 11.2),
            ],
        )
    connection.close()
    assert outlines.read_places(database) == [Place("00001", "60", 108.1, 11.1)]


def test_documents_name_their_sources_and_the_outlines_are_called_approximate(
    fabric: dict[str, MultiPolygon],
) -> None:
    document = json.loads(json.dumps(outlines.outlines_document({"00004-2015": fabric["00004"]})))
    assert document["metadata"]["approximate"] is True
    assert any("GSHHG" in source for source in document["metadata"]["sources"])
    assert document["features"][0]["properties"] == {"key": "00004-2015"}
    land = json.loads(json.dumps(outlines.land_document(outlines.land_window(LAND))))
    assert land["features"][0]["geometry"]["type"] == "MultiPolygon"


def test_a_missing_package_is_a_sentence() -> None:
    with pytest.raises(Unavailable, match=r"no-such-package.*--group outlines"):
        outlines.package_file("no-such-package", "dataset.db")


def test_the_command_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlines, "PLACES_PACKAGE", "no-such-package")
    with pytest.raises(CommandError, match="no-such-package, which is not installed"):
        call_command("make_outlines")
