"""Parcels by sheet and number, and places by coordinates."""

from __future__ import annotations

import pytest

from layers.access.reader import Reader
from layers.reading.parcel_numbers import Outcome
from layers.reading.search import search
from tests.search.asking import look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.mark.parametrize(
    "text",
    ["45/123 hàm tiến", "45/123 Hàm Tiến, Phan Thiết", "ham tien 45/123", "tờ 45 thửa 123 phường hàm tiến",
     "thửa đất số 123, tờ bản đồ số 45, p. Hàm Tiến", "t45 th123 hamtien", "45-123 hàm tiến", "45 123 hàm tiến",
     "thửa 123 thuộc tờ 45 hàm tiến", "sheet 45 parcel 123 Ham Tien"],
)  # fmt: skip
def test_a_parcel_of_a_former_commune_is_one(text):
    found = look(text).parcels
    assert [hit.key for hit in found.found] == ["22918-2015-45-123"]
    assert [unit.name_vi for unit in found.found[0].unit_now] == ["Phường Mũi Né"]


def test_a_number_in_several_former_communes_offers_all_of_them():
    found = look("tờ 45 thửa 123 mũi né").parcels
    assert {hit.key for hit in found.found} == {"22915-2015-45-123", "22918-2015-45-123"}
    assert found.ambiguous
    assert [(line.unit.key, line.outcome) for line in found.missing if line.unit.key == "22957-2015"] == [
        ("22957-2015", Outcome.NO_SHEET)
    ]


def test_without_a_commune_every_place_is_offered_the_less_usual_reading_last():
    found = look("45/123").parcels.found
    assert [hit.key for hit in found] == ["22915-2015-45-123", "22918-2015-45-123", "22927-2015-123-45"]
    assert [hit.swapped for hit in found] == [False, False, True]
    assert [hit.key for hit in look("thửa 123 tờ 45").parcels.found] == ["22915-2015-45-123", "22918-2015-45-123"]


def test_a_code_that_named_two_communes_offers_the_parcels_of_both():
    found = look("23143-12-45").parcels
    assert {hit.key for hit in found.found} == {"23143-2015-12-45", "23140-2015-12-45"}
    assert {hit.key for hit in look("23143-2015-12-45").parcels.found} == {"23143-2015-12-45", "23140-2015-12-45"}


@pytest.mark.parametrize(
    ("text", "outcome", "numbers"),
    [("tờ 45 thửa 8 hàm tiến", Outcome.NO_PARCEL, (7, 123)), ("tờ 46 thửa 1 hàm tiến", Outcome.NO_SHEET, (45, 45)),
     ("tờ 1 thửa 1 liên hương", Outcome.NOT_DIGITISED, None)],
)  # fmt: skip
def test_why_there_is_no_parcel_are_three_answers(text, outcome, numbers):
    found = look(text).parcels
    assert found.found == ()
    assert found.outcome is outcome
    assert (found.missing[0].outcome, found.missing[0].numbers) == (outcome, numbers)


def test_a_commune_nobody_knows_is_said_so():
    assert look("tờ 1 thửa 1 atlantis").parcels.outcome is Outcome.NO_PLACE


def test_an_identifier_finds_its_parcel_and_an_unknown_one_its_place():
    assert [hit.key for hit in look("W3VJTP2SF9X2").parcels.found] == ["22918-2015-45-123"]
    unknown = look("w3vjtp2sf9x9").parcels
    assert unknown.outcome is Outcome.NO_PARCEL
    assert unknown.point == pytest.approx((108.501780776, 10.851195961), abs=1e-6)


def test_a_province_that_hides_its_parcels_hides_them_here(settings):
    settings.PUBLIC_PARCELS = False
    assert look("45/123 hàm tiến").parcels.outcome is Outcome.HIDDEN
    assert look("w3vjtp2sf9x2").parcels.found == ()
    assert look("10.9289, 108.1021").place.parcels == ()
    assert search("45/123 hàm tiến", Reader("officer", staff=True)).parcels.found


@pytest.mark.parametrize(
    "text",
    ["10.9500, 108.2900", "108.29, 10.95", "10,95 108,29", "10°57'00\"N 108°17'24\"E", "1210936.01 476853.30",
     "476853.30 1210936.01", "X=1210936.01 Y=476853.30", "https://www.openstreetmap.org/#map=15/10.95/108.29",
     "https://www.google.com/maps/@10.95,108.29,15z"],
)  # fmt: skip
def test_a_coordinate_tells_both_systems_and_the_units_of_today_and_of_2015(text):
    place = look(text).place
    assert (place.point.longitude, place.point.latitude) == pytest.approx((108.29, 10.95), abs=1e-6)
    assert (place.east_m, place.north_m) == pytest.approx((476853.30, 1210936.01), abs=0.1)
    assert [there.unit.name_vi for there in place.today] == ["Phường Mũi Né"]
    assert [there.unit.key for there in place.in_2015] == ["22915-2015"]
    assert place.in_2015[0].within.name_vi == "Thành phố Phan Thiết"


def test_a_coordinate_on_a_parcel_names_it():
    assert [p.key for p in look("1208650 456320").place.parcels] == ["22915-2015-45-123"]


def test_a_coordinate_far_away_is_a_place_without_units():
    place = look("48.8584, 2.2945").place
    assert (place.today, place.in_2015, place.point.in_province) == ((), (), False)
