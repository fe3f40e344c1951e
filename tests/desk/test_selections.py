"""The workbench as an officer uses it without scripts: ask, add, remove, undo, sort, save, share; and bad input."""

from __future__ import annotations

import json

import pytest

from layers.reading.models import Selection
from tests.cast import alice, bob, charlie, signed_in
from tests.reading.asking import box, call, ground, is_in, prop

LIST = "/ban-lam-viec/chon/"


@pytest.fixture
def bench(land):
    """A client of Alice's, and the address of a selection she has begun."""
    alice()
    client = signed_in("alice")
    address = client.post(LIST)["Location"]
    return client, address


def ask(bench, mode="new", **fields):
    client, address = bench
    return client.post(f"{address}hoi/", {"mode": mode, **fields}, follow=True)


def picked(bench) -> dict:
    client, address = bench
    return client.get(f"{address.rstrip('/')}.json").json()


def keys(bench) -> set[str]:
    return {key.removeprefix("22915-2015-") for key in picked(bench)["parcels"]}


def test_by_attributes_in_groups(bench):
    page = ask(bench, **{"0-unit": "22915-2015", "0-sheet_from": "45", "1-unit": "594-2015"})
    assert page.status_code == 200
    assert keys(bench) == {"45-123", "45-124", "45-125", "23231-2015-7-8"}
    text = page.content.decode()
    assert "4 thửa" in text and "Thửa 124, tờ 45" in text
    assert 'value="45"' in text  # the form is as it was left
    assert picked(bench)["steps"][0]["filter"]["op"] == "or"


def test_add_remove_keep_and_back(bench):
    client, address = bench
    ask(bench, **{"0-unit": "22915-2015"})
    ask(bench, "add", **{"0-unit": "22918-2015"})
    assert len(keys(bench)) == 4
    ask(bench, "remove", **{"0-sheet_from": "45", "0-sheet_to": "45"})
    assert keys(bench) == {"22918-2015-1-1"}
    client.post(f"{address}buoc/lui/")
    client.post(f"{address}buoc/lui/")
    assert keys(bench) == {"45-123", "45-124", "45-125"}
    client.post(f"{address}buoc/lam-lai/")
    assert len(keys(bench)) == 4
    client.post(f"{address}buoc/xoa-chon/")
    assert picked(bench)["numberMatched"] == 0
    assert client.post(f"{address}buoc/no-such/").status_code == 404


def test_by_corners_typed_in_either_system(bench):
    ask(bench, place="shape", shape="1208630 456325\n1208635 456350")
    assert keys(bench) == {"45-123", "45-124"}
    ask(bench, place="shape", shape="1208630 456335")
    assert keys(bench) == {"45-124"}
    ask(bench, place="shape", relation="whole", shape=json.dumps(box(19, -1, 41, 51)))
    assert keys(bench) == {"45-124"}
    ask(bench, place="shape", relation="near", metres="24,5", shape=json.dumps(box(45, 0, 46, 1)))
    assert keys(bench) == {"45-124"}


def test_by_a_feature_named(bench):
    ask(bench, place="feature", layer="planning_zones", name="zone-a")
    assert keys(bench) == {"45-123"}
    ask(bench, place="feature", layer="parcels", name="45/123 mui ne", relation="near", metres="0")
    assert keys(bench) == {"45-123", "45-124", "45-125"}
    page = ask(bench, place="feature", layer="planning_zones", name="khu dan cu")
    assert page.status_code == 400
    assert "zone-a" in page.content.decode() and "zone-b" in page.content.decode()


FAULTS = [
    ("nothing asked", {}, "ít nhất một điều kiện"),
    ("no number", {"0-area_from": "nhiều"}, "không phải là số"),
    ("wrong order", {"0-area_from": "900", "0-area_to": "100"}, "nhỏ hơn"),
    ("a fraction of a sheet", {"0-sheet_from": "4,5"}, "không phải là số"),
    ("codes without a theme", {"0-codes": "DGT"}, "chuyên đề"),
    ("no shape", {"place": "shape"}, "vẽ trên bản đồ"),
    ("broken shape", {"place": "shape", "shape": "{"}, "Không đọc được hình"),
    ("deep shape", {"place": "shape", "shape": "{" + '"a":[' * 50_000}, "Không đọc được hình"),
    ("no coordinates", {"place": "shape", "shape": "108.1, 10.9\nở đây"}, "Dòng 2"),
    ("crossing itself", {"place": "shape", "shape": json.dumps(ground((0, 0), (9, 9), (9, 0), (0, 9)))}, "tự cắt"),
    ("no metres", {"place": "shape", "shape": "10.93, 108.1", "relation": "near"}, "khoảng cách"),
    ("too far", {"place": "shape", "shape": "10.93, 108.1", "relation": "near", "metres": "5001"}, "5000"),
    ("no such feature", {"place": "feature", "layer": "areas", "name": "Atlantis"}, "Atlantis"),
    ("no such layer", {"place": "feature", "layer": "owners", "name": "x"}, "owners"),
    ("no such mode", {"mode": "steal", "0-unit": "22915-2015"}, "chọn mới"),
    ("a question that is none", {"question": "[]"}, "op"),
    ("a personal property", {"question": json.dumps(call("=", prop("name"), "x"))}, "Không hỏi được"),
]


@pytest.mark.parametrize(("fields", "says"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_is_told_at_the_form_and_nothing_is_lost(bench, fields, says):
    ask(bench, **{"0-unit": "22915-2015"})
    page = ask(bench, **fields)
    assert page.status_code == 400
    assert says in page.content.decode()
    assert keys(bench) == {"45-123", "45-124", "45-125"}


def test_numbers_are_read_as_the_language_writes_them(bench):
    ask(bench, **{"0-area_from": "1.000", "0-area_to": "1.000,5", "0-unit": "22915-2015"})
    assert keys(bench) == {"45-123", "45-124", "45-125"}
    client, address = bench
    client.post(f"/en{address}hoi/", {"mode": "new", "0-area_from": "1,000.5", "0-unit": "22915-2015"})
    assert keys(bench) == set()


def test_one_more_group_asks_nothing_yet(bench):
    client, address = bench
    page = client.post(f"{address}hoi/", {"more-groups": "1", "0-uses": "ODT"})
    text = page.content.decode()
    assert 'name="1-unit"' in text and 'value="ODT"' in text
    assert picked(bench)["steps"] == []


def test_a_map_may_give_the_whole_question(bench):
    client, address = bench
    question = json.dumps(is_in("parcel_no", 124))
    answer = client.post(f"{address}hoi/", {"mode": "new", "question": question}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.lstrip().startswith("<div data-picked=") and "Thửa 124, tờ 45" in text


def test_places_for_the_map(bench):
    client, address = bench
    ask(bench, **{"0-unit": "22915-2015", "0-uses": "ODT"})
    found = client.get(f"{address}vi-tri.json").json()["places"]
    assert [place[0] for place in found] == sorted(place[0] for place in found)
    assert all(108 < lon < 109 and 10 < lat < 12 for _, lon, lat in found)


def test_the_table_is_sorted_and_paged_by_the_server(bench, monkeypatch):
    from layers.pages import desk_selections

    monkeypatch.setattr(desk_selections, "PAGE_SIZE", 2)
    client, address = bench
    ask(bench, **{"0-unit": "22915-2015"})
    page = client.get(f"{address}?xep=number&giam=1").content.decode()
    assert page.index("Thửa 125") < page.index("Thửa 124") and "Thửa 123, tờ 45" not in page
    assert 'aria-sort="descending"' in page
    assert "Thửa 125" in client.get(f"{address}?trang=2").content.decode()
    assert "Thửa 125" in client.get(f"{address}?trang=99").content.decode()  # the last one there is
    assert client.get(f"{address}?xep=owner'--&trang=x").status_code == 200


def test_saving_sharing_and_whom_it_reaches(bench):
    client, address = bench
    bob(), charlie()
    ask(bench, **{"0-unit": "22915-2015"})
    assert client.post(f"{address}luu/", {"title": " "}).status_code == 400
    client.post(f"{address}luu/", {"title": "Ba thửa Mũi Né"})
    colleague, stranger = signed_in("bob"), signed_in("charlie")
    assert colleague.get(address).status_code == 404
    client.post(f"{address}luu/", {"title": "Ba thửa Mũi Né", "shared": "yes"})
    page = colleague.get(address).content.decode()
    assert "3 thửa" in page and "alice chia sẻ" in page and "data-ask" not in page
    assert "Ba thửa Mũi Né" in colleague.get(LIST).content.decode()
    for verb in ("hoi/", "luu/", "bo/", "buoc/xoa-chon/"):
        posted = {"mode": "new", "0-unit": "22915-2015", "title": "x"}
        assert colleague.post(f"{address}{verb}", posted).status_code == 403
        assert stranger.post(f"{address}{verb}", posted).status_code == 404
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}vi-tri.json").status_code == 404
    client.post(f"{address}bo/")
    assert not Selection.objects.exists()


def test_a_selection_needs_signing_in(bench, client):
    _, address = bench
    assert client.get(address).status_code == 302
    assert client.get(f"{address}vi-tri.json").status_code == 401
    assert client.post(f"{address}hoi/", {"mode": "new"}).status_code == 302


def test_every_answer_is_private(bench):
    client, address = bench
    for path in (LIST, address, f"{address}vi-tri.json", f"{address.rstrip('/')}.json"):
        assert client.get(path)["Cache-Control"] == "private, no-store"
