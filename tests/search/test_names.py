"""Places, offices and procedures by name: old and new, with accents and without, whole and in part."""

from __future__ import annotations

import unicodedata

import pytest

from layers.reading.grammar import fold
from tests.search.asking import hits, keys, look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.mark.parametrize(
    "text",
    ["mui ne", "Mũi Né", "MŨI NÉ", "muine", "MuiNe", "  mũi   né ", "mũi-né", unicodedata.normalize("NFD", "Mũi Né"),
     "muix nes", "muxi nes", "MUIX NES", "phường mũi né", "p. mũi né", "Mui Ne Ward"],
)  # fmt: skip
def test_every_way_of_writing_mui_ne_finds_the_ward_of_today_first(text):
    first = hits(text)[0]
    assert (first.group, first.key) == ("areas", "22918-2025")


@pytest.mark.parametrize("text", ["sổ đỏ", "làm sổ đỏ", "so hong"])
def test_what_people_call_a_certificate_finds_its_procedures(text):
    first = hits(text)[0]
    assert first.group == "procedures"
    assert "giấy chứng nhận" in first.name_vi.lower()


def test_a_former_name_says_what_it_is_today():
    found = hits("Hàm Tiến", "areas")[0]
    assert found.key == "22918-2015"
    assert found.former
    assert [unit.name_vi for unit in found.now] == ["Phường Mũi Né"]


def test_a_former_name_finds_what_lies_there():
    found = hits("ham tien", "tourism_sites", limit=50)
    assert found[0].key == "bai-bien-ham-tien" or "Hàm Tiến" in found[0].name_vi
    there = [hit for hit in found if hit.place]
    assert len(there) >= 3
    assert {hit.place.key for hit in there} == {"22918-2015"}
    assert {unit.name_vi for hit in there for unit in hit.place_now} == {"Phường Mũi Né"}


def test_a_unit_is_followed_through_every_reform():
    """Hòa Phú became Phan Rí Cửa in 2020, which is another Phan Rí Cửa since 2025."""
    found = {hit.key: hit for hit in hits("hòa phú", "areas")}["23002-2015"]
    assert [unit.key for unit in found.now] == ["22972-2025"]


def test_a_unit_that_was_split_names_both():
    found = {hit.key: hit for hit in hits("phong phú", "areas")}["22978-2015"]
    assert {unit.name_vi for unit in found.now} == {"Xã Tuy Phong", "Xã Phan Rí Cửa"}


def test_a_code_that_changed_its_meaning_finds_both_units_today_first():
    assert keys("22918", "areas") == ["22918-2025", "22918-2015"]
    assert hits("22918", "areas")[0].alias == "22918"


def test_a_district_whose_name_a_commune_now_bears_is_told_apart():
    first, second = hits("hàm thuận bắc", "areas")[:2]
    assert (first.details["type_vi"], first.former) == ("Xã", False)
    assert (second.details["type_vi"], second.former) == ("Huyện", True)


def test_two_former_communes_of_one_name_are_told_apart_by_their_district():
    found = [hit for hit in hits("xã tân hà", "areas") if hit.name_vi == "Xã Tân Hà"]
    assert {hit.lies_in.name_vi for hit in found} == {"Huyện Đức Linh", "Huyện Hàm Tân"}


@pytest.mark.parametrize(
    ("text", "key"),
    [("Phú Quí", "23272-2025"), ("Phú Quý", "23272-2025"), ("phu qui", "23272-2025"), ("phuquy", "23272-2025"),
     ("Phú Thuỷ", "22924-2025"), ("Phú Thủy", "22924-2025")],
)  # fmt: skip
def test_spellings_meet(text, key):
    assert keys(text)[0] == key


@pytest.mark.parametrize(
    ("text", "name"),
    [("doi cat bay", "Đồi Cát Đỏ"), ("doi hong", "Đồi Cát Đỏ"), ("po sah inu", "Tháp Chăm Pô Sah Inư"),
     ("bau trang", "Đồi cát trắng Bàu Trắng"), ("red sand dunes", "Đồi Cát Đỏ"), ("ddoofi cats ddor", "Đồi Cát Đỏ"),
     ("chợ phan thiết", "Chợ Phan Thiết")],
)  # fmt: skip
def test_sites_are_found(text, name):
    assert name in [hit.name_vi for hit in hits(text, "tourism_sites")][:5]


def test_another_name_is_given_as_the_reason():
    assert hits("doi hong", "tourism_sites")[0].alias == "Đồi Hồng"


@pytest.mark.parametrize(
    ("text", "name"),
    [("ubnd mũi né", "Ủy ban nhân dân phường Mũi Né"), ("van phong dang ky dat dai", "Văn phòng Đăng ký đất đai"),
     ("bhxh la gi", "Bảo hiểm xã hội thị xã La Gi"), ("LD-22918-UBND", "Ủy ban nhân dân phường Mũi Né"),
     ("sở xây dựng", "Sở Xây dựng")],
)  # fmt: skip
def test_agencies_are_found(text, name):
    assert hits(text, "agencies")[0].name_vi.startswith(name)


@pytest.mark.parametrize("text", ["1.012784", "012784", "1.01278"])
def test_a_procedure_is_found_by_its_code_or_part_of_it(text):
    assert "1.012784" in keys(text, "procedures")


def test_a_procedure_is_found_by_words_of_its_name():
    assert all("thua dat" in fold(hit.name_vi) for hit in hits("tách thửa đất", "procedures"))
    assert hits("tach thua", "procedures")


def test_what_has_ended_stands_behind_what_is():
    found = hits("sở xây dựng", "agencies")
    assert [hit.former for hit in found] == sorted(hit.former for hit in found)


def test_words_before_a_place_look_inside_it():
    found = hits("chùa phan thiết", "tourism_sites", limit=50)
    assert len(found) >= 5
    assert found[0].name_vi.startswith("Chùa")
    assert {hit.place.key for hit in found} <= {"593-2015", "22945-2025"}


def test_a_category_is_an_answer_of_its_own():
    assert look("bảo tàng").categories == ("museum",)
    assert look("Beach").categories == ("beach",)


def test_pages_follow_each_other_without_doubles():
    first, second = (look("phan thiet", limit=5, page=page) for page in (1, 2))
    assert first.more
    seen = [hit.key for found in (first, second) for group in found.groups for hit in group.hits]
    assert len(seen) == len(set(seen))
    sites = [next(g for g in found.groups if g.id == "tourism_sites") for found in (first, second)]
    assert sites[0].total == sites[1].total > 10
    assert (sites[1].offset, len(sites[1].hits)) == (5, 5)


def test_when_nothing_is_found_the_nearest_three_are_offered():
    found = look("ham tein")
    assert not found.groups
    assert len(found.near) == 3
    assert found.near[0].name_vi == "Phường Hàm Tiến"
    assert look("ham tein", near=False).near == ()


def test_telex_is_read_only_when_nothing_else_is_found():
    assert look("muix nes").read_as == "mui ne"
    assert look("mui ne").read_as == ""
