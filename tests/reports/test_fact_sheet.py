"""The planning fact sheet: states, closed accounts, slivers, days, failing themes."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from layers import geo
from layers.access.reader import PUBLIC
from layers.collections.coverage.models import Coverage
from layers.collections.parcels.models import Parcel, ParcelLineage
from layers.collections.planning_zones.models import PlanningZone
from layers.collections.planning_zones.themes import THEMES, Theme
from layers.errors import Gone, NotAllowed, NotFound
from layers.reports.canonical import canonical_json
from layers.reports.fact_sheet import fact_sheet
from tests.factories import given, rectangle
from tests.reports.conftest import DAY, KEY, PHAN_THIET, box, given_zones, sheet, theme

pytestmark = pytest.mark.django_db


def closes(section) -> None:
    """The printed column, less what it counts again, with what is not covered, is the parcel; and 100.0 %."""
    for name, whole in (("area_m2", section.total.area_m2), ("share_percent", Decimal("100.0"))):
        column = sum((getattr(row.size, name) for row in section.rows), Decimal(0))
        again = sum((getattr(overlap.counted_again, name) for overlap in section.overlaps), Decimal(0))
        assert column + getattr(section.not_covered, name) - again == whole
        assert all(getattr(row.size, name) <= whole for row in section.rows)


def the_section(found=None, name="land_use_plan"):
    (section,) = theme(found or sheet(), name).sections
    closes(section)
    return section


# --- the four states ---


def test_concerned_not_concerned_and_no_data_are_three_things(parcel):
    assert theme(sheet()).state == "not_concerned"
    assert theme(sheet(), "protection_forest").state == "no_data"
    given_zones({"geom": box(0, 0, 20, 20)})
    found = theme(sheet())
    assert found.state == "concerned"
    assert found.data_date == date(2026, 11, 1)
    assert found.checked_by == "test"


def test_all_themes_stand_on_the_sheet_in_order(parcel):
    assert [each.id for each in sheet().themes] == [each.id for each in THEMES]
    assert len(THEMES) == 25


def test_a_parcel_checked_in_half_is_no_data_where_nothing_was_found(db):
    given(Parcel)
    given(Coverage, {"key": "half", "layer": "planning_zones", "geom": box(-5, -5, 10, 60)})
    found = theme(sheet())
    assert (found.state, found.unchecked_m2) == ("no_data", Decimal("500.0"))


def test_a_sliver_left_unchecked_does_not_hide_the_answer(db):
    given(Parcel)
    given(Coverage, {"key": "nearly", "layer": "planning_zones", "geom": box(-5, -5, 19.99, 60)})
    assert theme(sheet()).state == "not_concerned"


def test_unchecked_ground_is_told_from_uncovered_ground(db):
    given(Parcel)
    given(Coverage, {"key": "half", "layer": "planning_zones", "geom": box(-5, -5, 10, 60)})
    given_zones({"geom": box(0, 0, 5, 50)})
    section = the_section()
    assert section.rows[0].size.area_m2 == Decimal("250.0")
    assert section.not_covered.area_m2 == Decimal("750.0")
    assert section.unchecked.area_m2 == Decimal("500.0")


def test_coverage_of_a_later_day_says_nothing_about_an_earlier_one(db):
    given(Parcel)
    given(Coverage, {"layer": "planning_zones", "geom": box(-5, -5, 60, 60), "valid_from": date(2026, 1, 1)})
    assert theme(sheet()).state == "not_concerned"
    assert theme(sheet(on=date(2025, 12, 31))).state == "no_data"


# --- sizes ---


def test_a_zone_equal_to_the_parcel_is_all_of_it(parcel):
    given_zones({"geom": box(0, 0, 20, 50)})
    section = the_section()
    assert section.rows[0].size.area_m2 == Decimal("1000.0")
    assert section.rows[0].size.share_percent == Decimal("100.0")
    assert section.not_covered.area_m2 == 0


def test_half_covered(parcel):
    given_zones({"geom": box(-30, -30, 10, 80)})
    section = the_section()
    assert (section.rows[0].size.area_m2, section.not_covered.share_percent) == (Decimal("500.0"), Decimal("50.0"))


def test_a_zone_with_a_hole_and_a_parcel_with_a_hole(db):
    east, north = PHAN_THIET
    ground = Polygon(rectangle(20, 50).exterior_ring, rectangle(4, 4, (east + 8, north + 20)).exterior_ring)
    ground.srid = geo.VN2000
    given(Parcel, {"geom": ground})
    zone = Polygon(rectangle(20, 25).exterior_ring, rectangle(10, 10, (east + 5, north + 5)).exterior_ring)
    given_zones({"geom": MultiPolygon(zone, srid=geo.VN2000)})
    section = the_section()
    assert section.total.area_m2 == Decimal("984.0")
    assert section.rows[0].size.area_m2 == Decimal("384.0")  # 500 − 100 of the zone's hole − 16 of the parcel's


def test_an_overlap_stands_in_its_own_row_and_is_counted_once(parcel):
    given_zones(
        {"geom": box(0, 0, 12, 50), "plan_id": "a"},
        {"geom": box(8, 0, 20, 50), "plan_id": "b"},
    )
    section = the_section()
    assert [row.size.area_m2 for row in section.rows] == [Decimal("600.0")] * 2
    (overlap,) = section.overlaps
    assert overlap.rows == (0, 1)
    assert overlap.size.area_m2 == overlap.counted_again.area_m2 == Decimal("200.0")
    assert section.not_covered.area_m2 == 0


def test_ground_within_three_zones_is_taken_off_twice(parcel):
    given_zones(*({"geom": box(0, 0, 20, 50), "plan_id": name} for name in "abc"))
    (overlap,) = the_section().overlaps
    assert (overlap.size.area_m2, overlap.counted_again.area_m2) == (Decimal("1000.0"), Decimal("2000.0"))


def test_register_and_drawn_area_stand_side_by_side(db):
    given(Parcel, {"legal_area_m2": 950})
    found = sheet()
    assert (found.register_area_m2, found.drawn_area_m2) == (Decimal("950.0"), Decimal("1000.0"))
    assert found.drawn_to_register == Decimal("1.0526")


def test_a_register_without_an_area_has_no_ratio(db):
    given(Parcel, {"legal_area_m2": None, "certificate": "none"})
    assert sheet().drawn_to_register is None


# --- slivers and tolerance ---


@pytest.mark.parametrize(
    ("zone", "reason"),
    [
        (box(19.96, 0, 40, 40), "thin"),  # 4 cm × 40 m: 1.6 m², a boundary drawn twice
        (box(19.2, 49.2, 40, 60), "small"),  # 0.8 × 0.8 m
        (box(20, 0, 40, 50), "touching"),
        (box(20.05, 0, 40, 50), "near"),
    ],
)
def test_slivers_and_contacts_are_listed_and_not_counted(parcel, zone, reason):
    given_zones({"geom": zone})
    found = theme(sheet())
    assert (found.state, found.sections) == ("not_concerned", ())
    assert [each.reason for each in found.suppressed] == [reason]


def test_a_small_real_corner_is_kept(parcel):
    given_zones({"geom": box(19.4, 48, 40, 60)})  # 0.6 × 2 m
    assert the_section().rows[0].size.area_m2 == Decimal("1.2")


def test_ten_small_parts_of_one_zone_are_nine_square_metres(parcel):
    """Each part is below the threshold; the zone is not. The Swiss reference code loses them."""
    given_zones(*({"geom": box(19, 4 * n, 40, 4 * n + 0.9)} for n in range(10)))
    assert the_section().rows[0].size.area_m2 == Decimal("9.0")


def test_a_tolerance_chooses_rows_and_never_changes_an_area(parcel):
    given_zones({"geom": box(0, 0, 7.77, 50)}, {"geom": box(20.5, 0, 40, 50), "plan_id": "outside"})
    narrow, wide = (theme(sheet(tolerance_m=tolerance)) for tolerance in (0.0, 1.0))
    assert narrow.sections == wide.sections
    assert (len(narrow.suppressed), len(wide.suppressed)) == (0, 1)
    assert wide.suppressed[0].measured_m2 == 0
    assert wide.suppressed[0].distance_m == Decimal("0.500")


# --- what must not change a number ---


ZONES = [
    {"geom": box(-3.3, -2, 7.77, 31.31), "plan_id": "a", "code_land_use": "ODT"},
    {"geom": box(5.55, 10, 33, 44.44), "plan_id": "a", "code_land_use": "TMD"},
    {"geom": box(1.1, 25, 18.18, 70), "plan_id": "b", "code_land_use": "ODT"},
]


def cut(zone: dict) -> list[dict]:
    """The same ground in three slanted pieces."""
    ground = zone["geom"][0]
    west, south, east, north = ground.extent
    lines = ((0.2, 0.45), (0.6, 0.7))
    pieces, rest = [], ground
    for low, high in lines:
        blade = Polygon(((west - 1, south - 1), (west + (east - west) * low, south - 1),
                         (west + (east - west) * high, north + 1), (west - 1, north + 1), (west - 1, south - 1)),
                        srid=geo.VN2000)  # fmt: skip
        pieces.append(rest.intersection(blade))
        rest = rest.difference(blade)
    return [zone | {"geom": MultiPolygon(piece, srid=geo.VN2000)} for piece in (*pieces, rest)]


@pytest.mark.parametrize(
    "change",
    [
        lambda zones: [piece for zone in zones for piece in cut(zone)],
        lambda zones: zones + [dict(zone) for zone in zones],
        lambda zones: list(reversed(zones)),
    ],
    ids=["cut", "doubled", "reversed"],
)
def test_cutting_doubling_or_reordering_polygons_changes_no_byte(parcel, change):
    given_zones(*ZONES)
    before = canonical_json(sheet())
    PlanningZone.objects.all().delete()
    given_zones(*change(ZONES))
    assert PlanningZone.objects.count() >= 3
    assert canonical_json(sheet()) == before
    closes(theme(sheet()).sections[0])
    assert len(theme(sheet()).sections[0].rows) == 3


# --- days ---


def test_each_stage_of_a_plan_gives_its_own_sheet(parcel):
    given_zones(
        {
            "geom": box(0, 0, 20, 50),
            "status": "on_display",
            "displayed_from": date(2026, 1, 10),
            "decision_date": date(2026, 3, 1),
            "valid_from": date(2026, 6, 1),
            "valid_to": date(2031, 1, 1),
        }
    )
    stages = {
        date(2026, 1, 9): ("not_concerned", None),
        date(2026, 1, 10): ("concerned", "on_display"),
        date(2026, 2, 28): ("concerned", "on_display"),
        date(2026, 3, 1): ("concerned", "adopted"),
        date(2026, 5, 31): ("concerned", "adopted"),
        date(2026, 6, 1): ("concerned", "in_force"),
        date(2030, 12, 31): ("concerned", "in_force"),
        date(2031, 1, 1): ("not_concerned", "expired"),
    }
    for day, (state, status) in stages.items():
        found = theme(sheet(on=day))
        assert found.state == state, day
        assert [section.status for section in found.sections] == ([status] if status else []), day


def test_plans_of_different_status_are_accounts_of_their_own(parcel):
    given_zones(
        {"geom": box(0, 0, 10, 50), "plan_id": "now", "valid_from": date(2020, 1, 1)},
        {"geom": box(0, 0, 20, 50), "plan_id": "next", "decision_date": date(2026, 1, 1), "status": "adopted"},
    )
    sections = theme(sheet()).sections
    assert [section.status for section in sections] == ["in_force", "adopted"]
    assert [section.not_covered.area_m2 for section in sections] == [Decimal("500.0"), Decimal("0.0")]
    for section in sections:
        closes(section)


def test_a_zone_without_any_day_is_what_its_source_says(parcel):
    given_zones({"geom": box(0, 0, 20, 50), "status": "on_display"})
    assert the_section().status == "on_display"


# --- a failing source ---


@pytest.fixture
def own_table(parcel):
    """A theme with a table of its own, as another register would have; dropped inside the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE other_register (LIKE layers_planning_zone INCLUDING ALL)")
    return Theme("heritage", "Di tích", "Heritage", "ld-svhttdl", "Luật Di sản văn hóa", table="other_register")


def test_killing_one_source_changes_only_its_theme(parcel, own_table):
    given_zones({"geom": box(0, 0, 13, 50)}, {"geom": box(5, 0, 20, 50), "theme": "dyke"})
    given(Coverage, {"key": "heritage", "layer": "planning_zones.heritage", "geom": box(-5, -5, 60, 60)})
    themes = tuple(own_table if each.id == "heritage" else each for each in THEMES)
    before = sheet(themes=themes)
    assert theme(before, "heritage").state == "not_concerned"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE other_register")
    after = sheet(themes=themes)
    assert theme(after, "heritage").state == "could_not_be_determined"
    assert theme(after, "heritage").unchecked_m2 is None
    others = [each for each in before.themes if each.id != "heritage"]
    assert others == [each for each in after.themes if each.id != "heritage"]
    assert theme(after, "dyke").state == "concerned"


def test_without_any_source_every_theme_says_so(parcel):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_coverage RENAME TO gone")
    assert {each.state for each in sheet().themes} == {"could_not_be_determined"}


# --- doors ---


def test_statements_do_not_grow_with_hits_or_themes(parcel):
    def statements(themes):
        with CaptureQueriesContext(connection) as seen:
            sheet(themes=themes)
        return len(seen)

    given_zones({"geom": box(0, 0, 5, 50)})
    few = statements(THEMES[:1])
    given(PlanningZone, *({"key": f"more-{n}", "geom": box(n % 19, 0, n % 19 + 2, 50), "plan_id": f"p{n % 7}",
                           "theme": THEMES[n % 25].id} for n in range(200)))  # fmt: skip
    assert statements(THEMES) == few <= 6
    for each in sheet().themes:
        for section in each.sections:
            closes(section)


def test_a_row_names_its_ground_in_law_its_office_and_what_follows(parcel):
    given_zones({"geom": box(0, 0, 5, 50), "law": "Luật Mẫu", "law_article": "Điều 5", "office_key": "ld-sxd",
                 "consequence_vi": "Không xây mới", "decision_date": date(2021, 1, 2)})  # fmt: skip
    row = the_section().rows[0]
    assert (row.law, row.law_article, row.office.key) == ("Luật Mẫu", "Điều 5", "ld-sxd")
    assert (row.decision_no, row.decision_date, row.consequence_vi) == ("MẪU-01/QĐ", date(2021, 1, 2), "Không xây mới")
    assert row.synthetic and sheet().synthetic


def test_no_such_parcel_a_retired_one_and_one_that_may_not_be_read(parcel):
    with pytest.raises(NotFound):
        sheet("22915-2015-45-124")
    given(Parcel, {"status": "retired"}, {"key": "next", "parcel_no": 500, "geohash": "w3uy5vt93w86"})
    with pytest.raises(Gone) as fault:
        sheet()
    assert fault.value.successors == ("next",)
    given(Parcel, {"key": "far", "parcel_no": 501, "geohash": "w3uy5vt93w87", "geom": rectangle(at=(440000, 1180000))})
    given(ParcelLineage, {"parent_key": KEY, "child_key": "far"})
    with pytest.raises(Gone) as fault:
        sheet()
    assert fault.value.successors == ("far",), "recorded lineage goes before land"
    with override_settings(PUBLIC_PARCELS=False), pytest.raises(NotAllowed):
        fact_sheet(KEY, DAY, PUBLIC)
