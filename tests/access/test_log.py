"""The log: added to, never changed, whoever tries; and what the server's database role cannot reach."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from layers.access import log, unusual
from layers.access.models import AccessEntry, Membership
from layers.access.personal import masked_owners, reveal_owners
from layers.errors import NotAllowed
from tests.cast import MUI_NE, PHUOC_HOI, WHY, alice, bob, charlie, given_land, sue

pytestmark = pytest.mark.django_db
ADDRESS = "192.0.2.9"
TAMPERING = (
    "UPDATE layers_access_log SET user_name = 'somebody else'",
    "UPDATE layers_access_log SET reason = reason WHERE false",
    "DELETE FROM layers_access_log",
    "TRUNCATE layers_access_log",
    "TRUNCATE layers_access_log CASCADE",
    "INSERT INTO layers_access_log (action, allowed) VALUES ('reveal', true)",
    "WITH gone AS (DELETE FROM layers_access_log RETURNING 1) SELECT count(*) FROM gone",
    "MERGE INTO layers_access_log l USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
)


def refused(statement: str) -> str:
    """PostgreSQL's code of the refusal."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return caught.value.__cause__.pgcode


@pytest.mark.parametrize("statement", TAMPERING)
def test_the_owner_of_the_table_cannot_change_the_log(statement):
    given_land()
    masked_owners(alice(), MUI_NE, ADDRESS)
    refused(statement)


def test_rows_are_chained_and_the_database_says_when():
    given_land()
    reader = alice()
    masked_owners(reader, MUI_NE, ADDRESS)
    with connection.cursor() as cursor:  # a writer who lies about number, time and hash is not believed
        cursor.execute(
            "INSERT INTO layers_access_log (id, at, action, allowed, previous_hash, hash) "
            "VALUES (1, '2001-01-01', 'masked', true, 'x', 'y')"
        )

    first, second = AccessEntry.objects.order_by("-id")[:2][::-1]

    assert (second.id, second.previous_hash) == (first.id + 1, first.hash)
    assert abs((second.at - datetime.now(UTC)).total_seconds()) < 60
    assert log.verify().broken_at is None


@contextmanager
def tampering() -> Iterator[None]:
    """As somebody who owns the table and takes its guards off, and puts them back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_access_log DISABLE TRIGGER USER")
        yield
        cursor.execute("ALTER TABLE layers_access_log ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE layers_access_log SET user_name = 'x' WHERE id = %s",
        "UPDATE layers_access_log SET at = at + interval '1 hour' WHERE id = %s",
        "UPDATE layers_access_log SET dossier_code = 'H1.2' WHERE id = %s",
        "UPDATE layers_access_log SET hash = repeat('0', 64) WHERE id = %s",
        "DELETE FROM layers_access_log WHERE id = %s",
    ],
)
def test_the_check_finds_what_was_altered_behind_the_guards(statement):
    given_land()
    reader = alice()
    for _ in range(3):
        masked_owners(reader, MUI_NE, ADDRESS)
    middle = AccessEntry.objects.order_by("-id")[1].id
    with tampering(), connection.cursor() as cursor:
        cursor.execute(statement, [middle])

    assert log.verify().broken_at in (middle, middle + 1)
    with pytest.raises(CommandError, match=r"broken at row \d+"):
        call_command("verify_access_log", stdout=StringIO())


def test_a_log_cut_off_at_its_end_no_longer_holds_the_head_noted():
    given_land()
    reader = alice()
    masked_owners(reader, MUI_NE, ADDRESS)
    masked_owners(reader, MUI_NE, ADDRESS)
    said = StringIO()
    call_command("verify_access_log", stdout=said)
    head = said.getvalue().split()[-1]
    assert log.verify(head).head_known

    with tampering(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM layers_access_log WHERE hash = %s", [head])

    assert log.verify().broken_at is None
    with pytest.raises(CommandError, match="cut off"):
        call_command("verify_access_log", head=head, stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_many_writers_make_one_chain():
    given_land()
    reader, before = alice(), AccessEntry.objects.count()

    def look() -> None:
        try:
            for _ in range(5):
                masked_owners(reader, MUI_NE, ADDRESS)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert AccessEntry.objects.count() == before + 30
    assert log.verify().broken_at is None


def test_the_digest_does_not_depend_on_the_session():
    given_land()
    masked_owners(alice(), MUI_NE, ADDRESS)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'America/New_York'; SET LOCAL datestyle = 'German'")
    assert log.verify().broken_at is None


# ---- reading it


def test_a_supervisor_sees_who_looked_from_any_agency_and_that_is_logged():
    given_land()
    reveal_owners(alice(), MUI_NE, WHY)
    with pytest.raises(NotAllowed):
        reveal_owners(charlie(), MUI_NE, WHY)

    found = log.of_parcel(sue(), MUI_NE, ADDRESS)

    assert [(entry.user_name, entry.allowed) for entry in found] == [("charlie", False), ("alice", True)]
    assert AccessEntry.objects.latest("id").action == "log_read"


def test_a_supervisor_sees_the_own_agency_and_the_own_territory_only():
    given_land()
    reveal_owners(charlie(), PHUOC_HOI, WHY)
    reader = sue()

    assert "charlie" not in {entry.user_name for entry in log.recent(reader, ADDRESS)}
    with pytest.raises(NotAllowed):
        log.of_parcel(reader, PHUOC_HOI, ADDRESS)
    assert AccessEntry.objects.latest("id").reason == "outside_territory"


@pytest.mark.parametrize("who", [alice, bob])
def test_nobody_else_reads_the_log(who):
    given_land()
    reader = who()
    for door in (
        lambda: log.recent(reader, ADDRESS),
        lambda: log.of_parcel(reader, MUI_NE, ADDRESS),
        lambda: unusual.monthly(reader, date.today(), ADDRESS),
    ):
        with pytest.raises(NotAllowed):
            door()
        assert not AccessEntry.objects.latest("id").allowed


def test_the_unusual_of_a_month(settings):
    """One row for each rule; an ordinary look in the daytime is in none."""
    settings.PERSONAL_QUOTA, settings.PERSONAL_MANY = 5, 2
    given_land()
    reader, watcher = alice(), sue()
    user = Membership.objects.get(user_id=reader.user_id).user
    user.last_name, user.first_name = "Nguyễn Thị Bí", "Mật"
    user.save()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_access_log DISABLE TRIGGER USER")
        _past(cursor, reader, "2026-03-02 09:00+07", parcel="other-1")  # ordinary
        _past(cursor, reader, "2026-03-03 23:30+07", parcel="other-1")  # night
        _past(cursor, reader, "2026-03-04 04:59+07", parcel="other-1")  # night
        _past(cursor, reader, "2026-03-05 09:00+07", parcel="other-1")  # many
        _past(cursor, reader, "2026-03-05 09:01+07", parcel="other-2")
        _past(cursor, reader, "2026-03-06 09:00+07", parcel=MUI_NE)  # same name
        _past(cursor, reader, "2026-03-07 09:00+07", parcel=PHUOC_HOI, reason="outside_territory")
        _past(cursor, reader, "2026-03-08 09:00+07", parcel="other-1", count=4)  # 80 % of the quota
        _past(cursor, reader, "2026-03-31 23:59+07", parcel="other-1")  # night, the last of the month
        _past(cursor, reader, "2026-04-01 00:01+07", parcel="other-1")  # the next month
        cursor.execute("ALTER TABLE layers_access_log ENABLE TRIGGER USER")

    found = {(f.rule, f.day.day): f.count for f in unusual.monthly(watcher, date(2026, 3, 15), ADDRESS)}

    assert found == {
        ("night", 3): 1,
        ("night", 4): 1,
        ("night", 31): 1,
        ("many", 5): 2,
        ("same_name", 6): 1,
        ("same_name", 7): 1,  # tried counts too
        ("outside", 7): 1,
        ("quota", 8): 4,
    }


def _past(cursor, reader, at: str, *, parcel: str, count: int = 1, reason: str = "") -> None:
    cursor.execute(
        "INSERT INTO layers_access_log (id, at, user_id, user_name, agency_key, action, purpose, purpose_text, "
        "dossier_code, parcel_key, result_count, allowed, reason, previous_hash, hash) SELECT "
        "coalesce(max(id), 0) + 1, %s, %s, %s, %s, 'reveal', 'dossier', 'ten letters', 'H1.2', %s, %s, %s, %s, '', '' "
        "FROM layers_access_log",
        [at, reader.user_id, reader.name, reader.agency_key, parcel, count, not reason, reason],
    )
