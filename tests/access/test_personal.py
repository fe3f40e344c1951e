"""Owners: masked, in clear for a purpose, counted, and never without a row in the log."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction

from layers.access import people, personal
from layers.access.models import AccessEntry, Membership
from layers.access.personal import masked_owners, reveal_owners, search_owners
from layers.access.reader import PUBLIC
from layers.collections.parcels.models import Party
from layers.errors import Fault, Invalid, NotAllowed, NotFound, Unavailable
from tests.cast import (
    HAM_TIEN,
    LA_GI,
    MUI_NE,
    OWNER,
    OWNER_NO,
    PHUOC_HOI,
    WHY,
    alice,
    bob,
    charlie,
    given_land,
    membership,
    sue,
)
from tests.factories import given

pytestmark = pytest.mark.django_db


def last() -> AccessEntry:
    return AccessEntry.objects.order_by("-id").first()


def looks() -> int:
    return AccessEntry.objects.count()


def test_owners_are_masked_by_default():
    given_land()

    (owner,) = masked_owners(alice(), MUI_NE, "192.0.2.7")

    assert (owner.name, owner.identity_no, owner.masked) == ("Ng*** T** B** M**", "0601******45", True)
    assert (owner.share, owner.right_kind) == ("1/1", "use")
    assert (last().action, last().allowed, last().result_count) == ("masked", True, 1)


@pytest.mark.parametrize(
    ("kind", "name", "number", "shown"),
    [
        ("person", "Nguyễn Văn An", "012345678989", ("Ng*** V** A**", "0123******89")),
        ("household", "Hộ Trần Văn Bình (mẫu)", "MAU001000001", ("H*** T** V** B** (mẫu)", "MAU0******01")),
        ("person", "An", "1234", ("A***", "******")),
        ("person", "Lê  Lan", None, ("L*** L**", "")),
        ("person", "Lý Ý", None, ("L*** **", "")),
        ("organisation", "Ngân hàng Mẫu", None, ("Ngân hàng Mẫu", "")),
    ],
)
def test_masks(kind, name, number, shown):
    given_land()
    given(Party, {"kind": kind, "name": name, "identity_no": number})

    (owner,) = masked_owners(alice(), MUI_NE, "192.0.2.7")

    assert (owner.name, owner.identity_no) == shown


def test_a_purpose_and_a_dossier_open_them_and_the_log_says_all():
    given_land()
    reader = alice()

    found = reveal_owners(reader, MUI_NE, WHY)

    assert [(o.name, o.identity_no, o.masked) for o in found.owners] == [(OWNER, OWNER_NO, False)]
    row = last()
    assert (row.user_id, row.user_name, row.agency_key, row.role) == (
        reader.user_id,
        "alice",
        reader.agency_key,
        "officer",
    )
    assert (row.address, row.purpose, row.purpose_text, row.dossier_code) == (
        WHY.address,
        WHY.purpose,
        WHY.purpose_text,
        WHY.dossier_code,
    )
    assert (row.action, row.parcel_key, row.result_count, row.exported, row.allowed) == (
        "reveal",
        MUI_NE,
        1,
        False,
        True,
    )
    assert row.fields == list(personal.FIELDS)


def test_a_file_is_told_from_a_look():
    given_land()
    reveal_owners(alice(), MUI_NE, WHY, exported=True)
    assert last().exported


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"purpose": ""}, "invalid_purpose"),
        ({"purpose": "curiosity"}, "invalid_purpose"),
        ({"purpose_text": ""}, "invalid_purpose_text"),
        ({"purpose_text": "tách"}, "invalid_purpose_text"),
        ({"purpose_text": " " * 40}, "invalid_purpose_text"),
        ({"purpose_text": "a" + " " * 30 + "b"}, "invalid_purpose_text"),
        ({"dossier_code": ""}, "invalid_dossier_code"),
        ({"dossier_code": "   "}, "invalid_dossier_code"),
        ({"dossier_code": "x'; DROP TABLE layers_party; --"}, "invalid_dossier_code"),
    ],
)
def test_without_a_purpose_nothing_is_shown_and_the_try_is_logged(fault, reason):
    given_land()
    reader, asked = alice(), replace(WHY, **fault)

    for door in (lambda: reveal_owners(reader, MUI_NE, asked), lambda: search_owners(reader, "Nguyễn", asked)):
        before = looks()
        with pytest.raises(Invalid):
            door()
        assert (looks(), last().allowed, last().reason) == (before + 1, False, reason)


@pytest.mark.parametrize(
    ("who", "reason"), [(lambda: PUBLIC, "not_signed_in"), (bob, "role"), (sue, "role"), (charlie, "outside_territory")]
)
def test_who_may_not_is_refused_and_logged(who, reason):
    given_land()
    reader = who()

    with pytest.raises(NotAllowed):
        reveal_owners(reader, MUI_NE, WHY)

    row = last()
    assert (row.user_name, row.parcel_key, row.allowed, row.reason) == (reader.name, MUI_NE, False, reason)


def test_outside_the_territory_nobody_learns_whether_a_parcel_exists():
    given_land()
    reader = charlie()
    messages = set()
    for key in (MUI_NE, "22915-2015-99-99", "", "x", "22915-2015-45-123\x00"):
        with pytest.raises(NotAllowed) as caught:
            reveal_owners(reader, key, WHY)
        messages.add(caught.value.message)
        with pytest.raises(NotAllowed):
            masked_owners(reader, key, WHY.address)
    assert len(messages) == 1


def test_inside_it_a_parcel_that_is_not_there_is_said():
    given_land()
    with pytest.raises(NotFound):
        reveal_owners(alice(), "22915-2015-99-99", WHY)
    assert last().reason == "invalid_parcel"


@pytest.mark.parametrize("text", ["Nguyễn", "nguyen thi", "NGUYEN THỊ BI", OWNER, OWNER_NO])
def test_search_finds_by_the_beginning_of_the_name_or_the_whole_number_in_the_territory_only(text):
    given_land()

    found = search_owners(alice(), text, WHY)

    assert {match.parcel_key for match in found.matches} == {MUI_NE, HAM_TIEN}
    assert {match.parcel_key for match in search_owners(charlie(), text, WHY).matches} == {PHUOC_HOI}
    assert (last().action, last().asked, last().result_count) == ("search", text, 1)


@pytest.mark.parametrize("text", ["", "ng", "  n g ", "%%%", "___", "...", OWNER_NO[:2], "\x00\x00\x00"])
def test_a_search_for_too_little_is_refused_and_logged(text):
    given_land()
    reader = alice()
    with pytest.raises(Fault):
        search_owners(reader, text, WHY)
    assert not last().allowed


@pytest.mark.parametrize("text", ["Bí Mật", OWNER_NO[:6], "ngu%", "n_uyen", "' OR true --", "thi bi"])
def test_the_middle_of_a_name_part_of_a_number_and_wild_cards_find_nothing(text):
    given_land()
    assert search_owners(alice(), text, WHY).matches == () or text == "ngu%"  # folded, "ngu%" is the prefix "ngu"


def test_a_search_gives_a_limited_number_and_says_that_there_are_more(monkeypatch):
    given_land()
    monkeypatch.setattr(personal, "MOST_FOUND", 1)

    found = search_owners(alice(), "Nguyễn", WHY)

    assert (len(found.matches), found.more, last().result_count) == (1, True, 1)


def test_the_quota_gives_notice_then_refuses(settings):
    settings.PERSONAL_QUOTA = 5
    given_land()
    reader = alice()

    notices = [reveal_owners(reader, MUI_NE, WHY).notice for _ in range(5)]

    assert notices[:3] == ["", "", ""]
    assert "4" in notices[3] and "5" in notices[4]
    for door in (lambda: reveal_owners(reader, MUI_NE, WHY), lambda: search_owners(reader, "Nguyễn", WHY)):
        with pytest.raises(NotAllowed, match="hạn mức"):
            door()
        assert (last().allowed, last().reason) == (False, "quota")
    assert reveal_owners(charlie(), PHUOC_HOI, WHY).owners, "the quota is each person's own"


def test_the_quota_is_of_the_person_whatever_the_agency(settings):
    settings.PERSONAL_QUOTA = 1
    given_land()
    reader = alice()
    reveal_owners(reader, MUI_NE, WHY)
    user = Membership.objects.get(user_id=reader.user_id).user
    elsewhere = people.reader_of(user.pk, membership(user, LA_GI, "officer", "594-2015").pk)

    with pytest.raises(NotAllowed, match="hạn mức"):
        reveal_owners(elsewhere, PHUOC_HOI, WHY)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_slip_past_the_quota(settings):
    settings.PERSONAL_QUOTA = 3
    given_land()
    reader, shown = alice(), []

    def look() -> None:
        try:
            shown.append(reveal_owners(reader, MUI_NE, WHY))
        except NotAllowed:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(shown) == 3
    assert AccessEntry.objects.filter(user_id=reader.user_id, allowed=True).count() == 3
    assert AccessEntry.objects.filter(user_id=reader.user_id, reason="quota").count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_look_cannot_be_rolled_back_by_what_comes_after():
    given_land()
    reader = alice()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        reveal_owners(reader, MUI_NE, WHY)


def test_a_fault_of_the_database_quotes_nobody(caplog):
    given_land()
    reader = alice()
    caplog.set_level(logging.DEBUG)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_right RENAME TO layers_right_gone")

    with pytest.raises(Unavailable) as caught:
        search_owners(reader, OWNER, WHY)

    said = f"{caught.value.message} {caught.value.__cause__} {caplog.text}"
    assert OWNER not in said
    assert caught.value.__suppress_context__


def test_an_endless_text_is_cut_in_the_log():
    given_land()
    reader = alice()
    reveal_owners(reader, MUI_NE, replace(WHY, purpose_text="lý do " * 50_000))
    assert len(last().purpose_text) == 500
