"""The log: added to, never changed, whoever tries; and what the server's database role cannot reach."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from layers.access import database, log, unusual
from layers.access.models import AccessEntry, Membership
from layers.access.personal import masked_owners, reveal_owners, search_owners
from layers.collections.parcels.models import Party
from layers.errors import Invalid, NotAllowed
from tests.cast import MUI_NE, OWNER, PHUOC_HOI, WHY, alice, bob, charlie, given_land, sue
from tests.factories import changeset, given, rows

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


# ---- the server's own role


@pytest.fixture
def web() -> Iterator[str]:
    """From here to the end of the test the database knows us as the web server's role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        role = f"web_of_test_{os.getpid()}" if cursor.fetchone()[0] else "web"
    given_land()
    database.grant_web_role(role)  # where it cannot be made, the fault says what a superuser must do: that fails here
    assert database.web_role_faults(role) == []
    readers.clear()
    readers.update(alice=alice(), sue=sue())
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged, pg_temp.matched")  # the rows' own, of this transaction
        cursor.execute(f'SET LOCAL ROLE "{role}"')
    yield role
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


readers: dict[str, object] = {}


@pytest.mark.parametrize(
    "statement",
    [
        *TAMPERING,
        "ALTER TABLE layers_access_log DISABLE TRIGGER USER",
        "DROP TABLE layers_access_log",
        "SET session_replication_role = replica",
        "SELECT * FROM layers_party",
        "SELECT count(*) FROM layers_right",
        "COPY layers_party TO STDOUT",
        "SELECT layers_owners('22915-2015-45-123', true)",
        "UPDATE layers_party SET name = 'x' RETURNING name",
        "CREATE FUNCTION layers_peep() RETURNS text LANGUAGE sql AS 'SELECT name FROM layers_party'",
        "CREATE TABLE layers_copy AS TABLE layers_party",
        'SELECT layers_owners_clear(\'{"parcel_key": "22915-2015-45-123"}\')',
        'SELECT layers_owner_search(\'{"asked": "nguyen"}\', NULL, 1000000)',
        "DELETE FROM django_migrations",
        "EXPLAIN ANALYZE SELECT * FROM layers_party",
        "EXPLAIN SELECT * FROM layers_party WHERE name > 'N'",
        "COPY (SELECT name FROM layers_party) TO STDOUT",
        "COPY layers_party TO PROGRAM 'cat'",
        "COPY layers_access_log TO '/tmp/log-of-looks'",
        "SELECT * FROM pg_statistic",
        "SELECT layers_owner_search(NULL, NULL, NULL)",
        "SELECT lo_import('/etc/passwd')",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "CREATE FUNCTION pg_temp.peep() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS "
        "'SELECT name FROM layers_party'; SELECT * FROM pg_temp.peep()",
        "CREATE TRIGGER peep AFTER INSERT ON layers_access_log EXECUTE FUNCTION layers_access_refuse()",
        "CREATE RULE peep AS ON INSERT TO layers_access_log DO ALSO NOTHING",
        "CREATE VIEW pg_temp.peep AS SELECT name FROM layers_party; SELECT * FROM pg_temp.peep",
        "CREATE OR REPLACE FUNCTION layers_fold(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "ALTER FUNCTION layers_owners_masked(jsonb) SECURITY INVOKER",
        "GRANT SELECT ON layers_party TO CURRENT_USER",
        "ALTER TABLE layers_version DISABLE ROW LEVEL SECURITY",
        "DROP POLICY version_impersonal ON layers_version",
        "SELECT name FROM layers_party TABLESAMPLE SYSTEM (100)",
        "MERGE INTO layers_party p USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET name = 'x'",
        "LOCK TABLE layers_party IN SHARE MODE",
        "CREATE EXTENSION dblink",
        "SET log_statement = 'all'",
        "ALTER ROLE CURRENT_USER SUPERUSER",
    ],
)
def test_the_server_role_cannot(web, statement):
    assert refused(statement) in ("42501", "22023"), "for want of a right or of a purpose, not by a slip of the test"


def test_the_server_role_reads_owners_through_the_logging_doors_only(web):
    reader = readers["alice"]
    before = AccessEntry.objects.count()

    assert reveal_owners(reader, MUI_NE, WHY).owners[0].name == OWNER
    assert masked_owners(reader, MUI_NE, ADDRESS)[0].masked
    assert len(search_owners(reader, OWNER, WHY).matches) == 2
    assert len(log.of_parcel(readers["sue"], MUI_NE, ADDRESS)) == 2
    unusual.monthly(readers["sue"], date.today(), ADDRESS)

    assert AccessEntry.objects.count() == before + 5


def test_statistics_of_names_are_hidden_from_the_server_role(web):
    """ANALYZE keeps the commonest names and a histogram of them; PostgreSQL shows these to who may read the column."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        given(Party, *({"key": f"p{n}", "name": OWNER, "identity_no": f"no-{n}"} for n in range(50)))
        cursor.execute("ANALYZE layers_party")
        cursor.execute("SELECT count(*) FROM pg_stats WHERE most_common_vals::text LIKE %s", [f"%{OWNER}%"])
        assert cursor.fetchone()[0] > 0, "there is something to hide"
        cursor.execute(f'SET LOCAL ROLE "{web}"')
        personal = "tablename IN ('layers_party', 'layers_right', 'party_folded')"
        cursor.execute(f"SELECT count(*) FROM pg_stats WHERE {personal}")
        assert cursor.fetchone()[0] == 0
        cursor.execute(f"SELECT count(*) FROM pg_stats_ext WHERE {personal}")
        assert cursor.fetchone()[0] == 0


def test_other_roles_statements_are_hidden_from_the_server_role(web):
    """What a command of the owner's role asks just now, with its values."""
    import psycopg2
    from django.conf import settings

    known = settings.DATABASES["default"]
    other = psycopg2.connect(dbname=connection.settings_dict["NAME"], user=known["USER"], password=known["PASSWORD"],
                             host=known["HOST"], port=known["PORT"])  # fmt: skip
    try:
        other.cursor().execute("SELECT %s", [OWNER])
        with connection.cursor() as cursor:
            seen = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND query LIKE %s"
            cursor.execute(seen, [other.info.backend_pid, "%Bí Mật%"])
            assert cursor.fetchone()[0] == 0
            cursor.execute("RESET ROLE")
            cursor.execute(seen, [other.info.backend_pid, "%Bí Mật%"])
            assert cursor.fetchone()[0] == 1, "there is something to hide"
    finally:
        other.close()


def test_a_search_path_or_temporary_table_of_the_server_role_fools_no_function(web):
    """The doors name their own search path: a table of the same name laid before them is not looked at."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE layers_access_log (id bigint, hash text)")
        cursor.execute("CREATE TEMP TABLE layers_party (key text, name text)")
        cursor.execute("SET LOCAL search_path = pg_temp, public")
        entry = f'{{"parcel_key": "{MUI_NE}", "user_name": "x", "agency_key": "a", "address": "192.0.2.7"}}'
        cursor.execute("SELECT layers_owners_masked(%s::jsonb)", [entry])
        assert "Ng***" in cursor.fetchone()[0]
        cursor.execute("SET LOCAL search_path = public")
        cursor.execute("SELECT count(*) FROM public.layers_access_log WHERE parcel_key = %s", [MUI_NE])
        assert cursor.fetchone()[0] == 1


def test_the_server_role_is_no_member_of_another(web):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname <> %s AND pg_has_role(%s, oid, 'MEMBER')", [web, web]
        )
        assert cursor.fetchall() == [], "SET ROLE leads nowhere"


def test_large_objects_and_every_view_hold_no_person(web):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'p') AND relnamespace = "
                       "'public'::regnamespace AND has_table_privilege(oid, 'SELECT')")  # fmt: skip
        readable = [row[0] for row in cursor.fetchall()]
        assert "layers_version" in readable and not {"layers_party", "layers_right"} & set(readable)
        for name in readable:
            if name not in ("spatial_ref_sys",):
                cursor.execute(f'SELECT count(*) FROM "{name}" t WHERE t::text LIKE %s', ["%Bí Mật%"])
                assert cursor.fetchone()[0] == 0, name
        cursor.execute("SELECT count(*) FROM pg_largeobject_metadata")
        assert cursor.fetchone()[0] == 0


def test_old_states_of_persons_are_hidden_from_the_server_role(web):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        given(Party, {"name": "Tên Mới", "identity_no": "1"})
        cursor.execute("SELECT count(*) FROM layers_version WHERE record_type = 'party'")
        assert cursor.fetchone()[0] == 1
        cursor.execute(f'SET LOCAL ROLE "{web}"')
        cursor.execute("SELECT count(*) FROM layers_version WHERE record_type = 'party' OR state::text LIKE '%Mật%'")
        assert cursor.fetchone()[0] == 0


def test_the_server_role_publishes_parcels_and_no_persons(web):
    from layers.collections.tourism_sites.models import TourismSite
    from layers.editing.publish import publish

    assert publish(changeset(), [rows(TourismSite)])["tourismsite"].created == 1
    with pytest.raises(ProgrammingError), transaction.atomic():
        publish(changeset(), [rows(Party, {"key": "p2"})])


def test_an_incomplete_entry_is_refused_without_quoting_it(web):
    asked = f'{{"parcel_key": "{MUI_NE}", "purpose_text": "{OWNER}"}}'
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT layers_owners_clear(%s)", [asked])
    assert OWNER not in str(caught.value)


def test_the_role_that_owns_the_tables_cannot_be_the_servers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    with pytest.raises(Invalid):
        database.grant_web_role(owner)


def test_the_deploy_check_warns_where_the_server_has_no_role_of_its_own(settings):
    from layers.checks import check_web_role

    settings.WEB_ROLE = ""
    assert [found.id for found in check_web_role()] == ["layers.W003"]
    settings.WEB_ROLE = "nobody_of_that_name"
    assert [found.id for found in check_web_role()] == ["layers.W004"]


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
