"""From a feature in PostGIS to its procedures: real overlaps, coverage, dates, failures, and the cost in SQL."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.contrib.gis.geos import MultiPolygon, Point
from django.db import connection

from layers import geo
from layers.access.reader import PUBLIC
from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area, Succession
from layers.collections.coverage.models import Coverage
from layers.collections.parcels.models import Parcel
from layers.collections.planning_zones.models import PlanningZone
from layers.collections.tourism_sites.models import TourismSite
from layers.editing.publish import Batch, publish
from layers.errors import NotAllowed, NotFound
from layers.procedures.catalogue import procedures_of
from layers.procedures.evaluate import Verdict
from layers.procedures.export import related_json
from layers.procedures.models import Rule
from tests.factories import PHAN_THIET, changeset, given, rectangle

DAY = date(2026, 8, 1)
EAST, NORTH = PHAN_THIET
PARCEL = "22915-2015-45-123"
PLANNING = "1.014159"


def zone(width: float, height: float, at: tuple[float, float] = PHAN_THIET) -> MultiPolygon:
    return MultiPolygon(rectangle(width, height, at), srid=geo.VN2000)


def related(collection: str = "parcels", key: str = PARCEL, on: date = DAY, **more):
    return procedures_of(collection, key, PUBLIC, on=on, **more)


def codes(found) -> set[str]:
    return {card.code for _level, cards in found.groups for card in cards}


def card(found, code: str):
    return next(card for _level, cards in found.groups for card in cards if card.code == code)


def again(row: Rule, column: str, copy: int) -> object:
    """A column of a copy of a stored rule, under another id."""
    name = f"{row.key}.{copy}"
    return {"key": name, "body": {**row.body, "id": name}}.get(column, getattr(row, column))


def checked(**more) -> None:
    given(Coverage, {"key": "coverage-plans", "layer": "planning_zones", "checked_by": "Nhóm kiểm tra", **more})


def test_a_certified_house_plot_gets_at_most_three_and_all_by_level(mui_ne):
    given(Parcel)
    checked()
    found = related()
    assert found.answer is Verdict.APPLIES
    assert [shown.code for shown in found.top] == ["1.013225", "1.012784", "1.013831"]
    assert found.total == len(codes(found)) > 10
    assert [level for level, _cards in found.groups][:2] == ["commune", "province"]
    assert {"1.012783", "1.012786", "1.011441"} <= codes(found)
    assert "1.013978" not in codes(found), "a certified parcel needs no first registration"


def test_a_card_says_who_how_long_how_much_why_and_when_checked(mui_ne):
    given(Parcel)
    checked()
    split = card(related(), "1.012784")
    assert split.handler.agency.key == "ld-vpdkdd" and split.handler.counter.key == "ld-ttpvhcc"
    assert [(channel.code, channel.limit_vi) for channel in split.channels] == [
        (1, "22 ngày làm việc"),
        (2, "12 ngày làm việc"),
        (3, "12 ngày làm việc"),
    ]
    assert {channel.fee_en for channel in split.channels} == {"Free of charge"}
    assert split.checked_on == "2026-07" and split.portal_url.startswith("https://dichvucong.gov.vn/")
    reason = split.reasons[0]
    assert reason.rule_id == "parcel.split-merge" and reason.law[0].article == "Điều 220"
    assert reason.sentence_vi.startswith("Thửa đất đang tồn tại") and "Thửa đất" in reason.source_vi
    assert [(seen.attribute, seen.value) for seen in reason.answer.observations] == [
        ("status", "active"),
        ("certificate", "issued"),
    ]


def test_who_handles_it_depends_on_place_and_day(mui_ne):
    given(Parcel)
    house = card(related(), "1.013225")
    assert house.handlers[0].agency.key == "ld-22918-ubnd" and house.handlers[0].counter.key == "ld-22918-pvhcc"
    assert related().area_code == "22918", "the sheet's former commune is followed to today's"
    assert not related().area_approximate, "told by the succession, not by an outline"
    assert related(on=date(2025, 6, 30)).area_code == "22915"


def test_a_parcel_of_a_divided_commune_is_placed_by_the_outline_and_says_so(mui_ne):
    given(Succession, {}, {"to_key": "22924-2025", "kind": "split", "share": None})
    given(Area, {"key": "22924-2025", "code": "22924", "geom": None})
    inside = Point(108.3, 10.95, srid=geo.WGS84).transform(geo.VN2000, clone=True)
    given(Parcel, {"geom": rectangle(at=(inside.x, inside.y))})
    assert (related().area_code, related().area_approximate) == ("22918", True)


def test_rules_begin_on_their_first_day(mui_ne):
    given(Parcel)
    before, after = related(on=date(2025, 6, 30)), related(on=date(2025, 7, 1))
    assert (before.answer, before.total) == (Verdict.DOES_NOT_APPLY, 0) and before.none_reason_vi
    assert after.total > 10


def test_an_overlap_shows_its_area_share_and_who_checked_the_layer(mui_ne):
    given(Parcel, {"land_use_legal": "LUC"})
    given(PlanningZone, {"geom": zone(10, 50), "code_land_use": "ODT"})
    checked()
    reasons = {reason.rule_id: reason for reason in card(related(), PLANNING).reasons}
    assert set(reasons) == {"parcel.planned-otherwise", "parcel.planning-information"}, "one card, both reasons"
    seen = reasons["parcel.planned-otherwise"].answer.seen[0]
    assert (seen.key, round(seen.area_m2, 3), round(seen.share, 6)) == ("zone-1", 500.0, 0.5)
    assert (seen.checked_on, seen.checked_by) == (date(2026, 11, 1), "Nhóm kiểm tra")
    assert "500 m² (50 %)" in reasons["parcel.planned-otherwise"].sentence_vi
    assert "Nhóm kiểm tra" in reasons["parcel.planned-otherwise"].source_vi


@pytest.mark.parametrize("east", [-199.99, -200.0], ids=["0.5 m² of 1000", "touching edge"])
def test_touching_a_zone_is_shown_as_bordering(mui_ne, east):
    given(Parcel)
    given(PlanningZone, {"geom": zone(200, 200, (EAST + east, NORTH))})
    checked(geom=zone(2000, 2000, (EAST - 500, NORTH - 500)))
    found = card(related(), PLANNING)
    assert found.verdict is Verdict.BORDERS
    assert found.reasons[0].sentence_vi.startswith("Giáp ranh (chỉ chạm ")


def test_outside_the_checked_extent_is_not_enough_data_never_no(mui_ne):
    given(Parcel)
    waiting = {code for unknown in related().unknown for code, *_ in unknown.procedures}
    assert PLANNING in waiting and "1.012789" in codes(related())
    assert any("chưa được rà soát" in unknown.sentence_vi for unknown in related().unknown)
    assert dict(related().sets)["planning"] == "missing_information"
    checked()
    assert PLANNING not in {code for unknown in related().unknown for code, *_ in unknown.procedures}
    assert dict(related().sets)["planning"] == "out_of_scope"


def test_coverage_of_part_of_a_parcel_is_not_coverage(mui_ne):
    given(Parcel)
    checked(geom=zone(10, 50))
    assert PLANNING in {code for unknown in related().unknown for code, *_ in unknown.procedures}


def test_a_layer_that_fails_turns_its_rules_unknown_and_leaves_the_others(mui_ne):
    """A real fault: the layer's table loses a column the question needs."""
    given(Parcel)
    given(PlanningZone)
    checked()
    whole = related()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_planning_zone RENAME COLUMN plan_name TO lost")
    broken = related()
    asks = {row.key for row in Rule.objects.all() if row.body.get("where")}
    assert any("không trả lời" in unknown.sentence_vi for unknown in broken.unknown)
    assert PLANNING in codes(whole) and PLANNING not in codes(broken)
    kept = {reason.rule_id for _level, cards in whole.groups for shown in cards for reason in shown.reasons} - asks
    left = {reason.rule_id for _level, cards in broken.groups for shown in cards for reason in shown.reasons}
    assert left == kept


def test_unknown_attributes_are_named_and_shown_as_missing(mui_ne):
    given(Parcel, {"certificate": None, "land_use_legal": None})
    checked()
    found = related()
    sentences = {unknown.sentence_vi: {code for code, *_ in unknown.procedures} for unknown in found.unknown}
    assert "1.012784" in sentences["Chưa có dữ liệu: giấy chứng nhận."]
    assert "1.013225" in sentences["Chưa có dữ liệu: loại đất trên giấy."]
    assert "1.012784" not in codes(found)


def test_a_retired_parcel_keeps_only_the_request_for_information(mui_ne):
    given(Parcel, {"status": "retired", "certificate": "none"})
    checked()
    assert codes(related()) == {"1.012789"}


def test_a_site_whose_position_is_rough_asks_instead_of_deciding(mui_ne):
    inside = Point(EAST + 100, NORTH + 100, srid=geo.VN2000).transform(geo.WGS84, clone=True)
    given(PlanningZone)
    checked(geom=zone(4000, 4000, (EAST - 1500, NORTH - 1500)))
    given(
        TourismSite,
        {"key": "sure", "geom": inside, "precision_m": 20, "area_2025_code": "22918"},
        {"key": "rough", "number": 2, "geom": inside, "precision_m": 300},
        {"key": "nowhere", "number": 3, "geom": None},
    )
    assert card(related("tourism_sites", "sure"), PLANNING).verdict is Verdict.APPLIES
    assert card(related("tourism_sites", "rough"), PLANNING).verdict is Verdict.BORDERS
    nowhere = related("tourism_sites", "nowhere")
    assert PLANNING not in codes(nowhere) and nowhere.total >= 4
    assert any("chưa được rà soát" in unknown.sentence_vi for unknown in nowhere.unknown)


def test_a_rough_position_near_the_end_of_the_checked_extent_is_not_enough_data(mui_ne):
    checked()
    near = Point(EAST + 30, NORTH + 1000, srid=geo.VN2000).transform(geo.WGS84, clone=True)
    sure = {"key": "sure", "geom": near, "precision_m": 20}
    given(TourismSite, sure, sure | {"key": "rough", "number": 2, "precision_m": 100})
    assert not any("rà soát" in unknown.sentence_vi for unknown in related("tourism_sites", "sure").unknown)
    assert any("rà soát" in unknown.sentence_vi for unknown in related("tourism_sites", "rough").unknown)


def test_an_office_and_an_area_that_ended_say_none_with_the_reason(mui_ne):
    for collection, key in (("agencies", "bt-vpdkdd"), ("areas", "22915-2015")):
        found = related(collection, key)
        assert (found.answer, found.total) == (Verdict.DOES_NOT_APPLY, 0)
        assert "không còn vào ngày được hỏi" in found.none_reason_vi and found.none_reason_en
    assert related("agencies", "ld-22918-pvhcc").total == 3
    assert related("areas", "22918-2025").total == 5


def test_the_audience_narrows_the_rules(mui_ne):
    given(Parcel, {"certificate": "none"})
    assert {"1.013978", "1.012753"} <= codes(related())
    assert "1.012753" not in codes(related(audience="citizen"))


def test_a_feature_that_is_not_held_or_not_public_is_refused(mui_ne, settings):
    with pytest.raises(NotFound):
        related(key="none")
    given(Parcel)
    settings.PUBLIC_PARCELS = False
    with pytest.raises(NotAllowed):
        related()


def test_the_number_of_statements_is_the_same_for_any_number_of_rules(mui_ne, django_assert_max_num_queries):
    given(Parcel)
    given(PlanningZone, {}, {"key": "zone-2", "geom": zone(5, 5)})
    checked()
    with django_assert_max_num_queries(8) as few:
        related()
    bodies = list(Rule.objects.filter(key__startswith="parcel."))
    columns = (
        "key",
        "revision",
        "targets",
        "procedure",
        "set",
        "outcome",
        "priority",
        "valid_from",
        "valid_to",
        "body",
    )
    more = [[again(row, name, copy) for name in columns] for row in bodies for copy in range(5)]
    publish(changeset(), [Batch.of(Rule, columns, more)])
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(card(related(), "1.012784").reasons) == 6


def test_the_json_face_says_the_same_and_names_no_person(mui_ne):
    given(Parcel)
    given(PlanningZone)
    checked()
    body = related_json(related(), "en")
    text = json.dumps(body, ensure_ascii=False)
    assert body["total"] == len(body["procedures"]) and len(body["top"]) == 3
    split = next(found for found in body["procedures"] if found["code"] == "1.012784")
    assert split["handlers"] == [
        {
            "level": "province",
            "agency": {"key": "ld-vpdkdd", "name": "Department of Agriculture and Environment"},
            "counter": {"key": "ld-ttpvhcc", "name": "Department of Agriculture and Environment"},
            "reason": None,
            "status": "verified",
        }
    ]
    assert split["reasons"][0]["observed"][0] == {
        "attribute": "status", "operator": "eq", "value": "active", "feature": f"parcels/{PARCEL}",
        "date": split["reasons"][0]["observed"][0]["date"],
    }  # fmt: skip
    planning = next(found for found in body["procedures"] if found["code"] == PLANNING)
    assert planning["reasons"][0]["layers"][0]["areaM2"] == 1000.0
    assert all(reason["law"] for found in body["procedures"] for reason in found["reasons"])
    assert "Trần Văn" not in text


def test_a_place_whose_commune_is_not_known_says_so(rule_book):
    given(Area, {"geom": None})
    given(Agency, {"key": "x", "kind": "museum", "area_key": None})
    given(Parcel, {"area_key": "99999-2015"})
    handler = card(related(), "1.013225").handlers[0]
    assert handler.agency is None and "Chưa xác định được xã" in handler.reason_vi
