"""The supervisor's pages: narrowed by person, days, action and outcome; a parcel as people name it; month by month."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from layers.access.models import AccessEntry
from layers.access.personal import masked_owners, reveal_owners
from layers.collections.parcels.models import Parcel
from layers.errors import NotAllowed
from tests.cast import HAM_TIEN, MUI_NE, PHUOC_HOI, WHY, alice, charlie, given_land, signed_in, sue
from tests.factories import given

pytestmark = pytest.mark.django_db
LOG, UNUSUAL = "/ban-lam-viec/nhat-ky/", "/ban-lam-viec/nhat-ky/bat-thuong/"


@pytest.fixture
def watched_log():
    """Alice looked masked and in clear, today; Charlie was refused at her parcel; Sue reads."""
    given_land()
    alice_reader, charlie_reader = alice(), charlie()
    sue()
    masked_owners(alice_reader, MUI_NE, "192.0.2.7")
    reveal_owners(alice_reader, HAM_TIEN, WHY)
    with pytest.raises(NotAllowed):
        reveal_owners(alice_reader, PHUOC_HOI, WHY)
    with pytest.raises(NotAllowed):
        reveal_owners(charlie_reader, MUI_NE, WHY)
    return signed_in("sue")


def rows_of(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({"ai": "alice"}, ["Xem đầy đủ", "Xem đầy đủ", "Xem dạng che bớt"]),
        ({"ai": "alice", "viec": "reveal"}, ["Xem đầy đủ", "Xem đầy đủ"]),
        ({"ai": "alice", "tu-choi": "1"}, ["Xem đầy đủ"]),
        ({"ai": "nobody"}, []),
        ({"ai": "alice", "den": "2026-01-01"}, []),
        ({"ai": "alice", "tu": "9998-01-01"}, []),
        ({"ai": "charlie"}, []),  # of another agency
    ],
)
def test_the_log_is_narrowed_by_person_action_and_outcome(watched_log, query, actions):
    page = watched_log.get(LOG, query).content.decode()
    found = rows_of(page)
    assert len(found) == len(actions) and all(action in row for action, row in zip(actions, found, strict=True))
    assert ("Không có lượt nào như thế" in page) == (not actions) and "Bỏ lọc" in page


def test_days_are_days_here_both_included(watched_log):
    today = timezone.localdate().isoformat()
    assert len(rows_of(watched_log.get(LOG, {"ai": "alice", "tu": today, "den": today}).content.decode())) == 3
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert rows_of(watched_log.get(LOG, {"ai": "alice", "den": yesterday}).content.decode()) == []


def test_how_the_log_was_read_is_logged(watched_log):
    watched_log.get(LOG, {"ai": "alice", "tu": "2026-01-02", "viec": "reveal", "tu-choi": "1"})
    assert AccessEntry.objects.latest("id").asked == "recent person=alice from=2026-01-02 action=reveal refused"


@pytest.mark.parametrize(
    "query",
    [{"tu": "x"}, {"den": "2026-02-30"}, {"tu": "2026-02-02", "den": "2026-02-01"}, {"viec": "x"}],
)
def test_what_cannot_narrow_the_log_is_said(watched_log, query):
    answer = watched_log.get(LOG, query)
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()


def test_who_looked_is_asked_as_people_name_a_parcel_and_tells_agencies_by_name(watched_log):
    page = watched_log.get(LOG, {"thua": "45/123 mũi né"}).content.decode()
    assert [("charlie" in row, "Chi nhánh La Gi" in row) for row in rows_of(page)] == [(True, True), (False, False)]
    assert "Thửa 123, tờ 45" in page and "Phường Mũi Né" in page
    unknown = watched_log.get(LOG, {"thua": "999/1 mũi né"})
    assert unknown.status_code == 404 and "không có tờ bản đồ số 999" in unknown.content.decode()
    given(Parcel, {"key": "22915-2015-1-1", "sheet_no": 1, "parcel_no": 1, "geohash": "w3uy5vt93w90"})
    several = watched_log.get(LOG, {"thua": "1/1"}).content.decode()
    assert f"?thua={HAM_TIEN}" in several and "?thua=22915-2015-1-1" in several


def test_who_may_not_read_the_log_is_refused_whatever_is_typed_and_that_is_logged(watched_log):
    for text in (MUI_NE, "45/123 mũi né"):
        assert signed_in("alice").get(LOG, {"thua": text}).status_code == 403
        row = AccessEntry.objects.latest("id")
        assert (row.user_name, row.action, row.allowed) == ("alice", "log_read", False)


def test_the_unusual_leads_from_month_to_month_and_to_that_days_looks(watched_log):
    page = watched_log.get(UNUSUAL).content.decode()
    today = timezone.localdate()
    assert "Thử xem thửa ngoài địa bàn" in page and "Thửa 8, tờ 7, Phường Phước Hội" in page
    assert f"?ai=alice&amp;tu={today}&amp;den={today}" in page
    assert 'rel="next"' not in page, "the future holds nothing"
    before = watched_log.get(UNUSUAL, {"thang": "2026-01"}).content.decode()
    assert "?thang=2025-12" in before and "?thang=2026-02" in before and "không có gì bất thường" in before
    assert watched_log.get(UNUSUAL, {"thang": "0001-01"}).status_code == 400
