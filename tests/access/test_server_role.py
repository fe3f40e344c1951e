"""What the server's own database role cannot reach, change, or find out, whatever the program does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import psycopg2
import pytest
from django.conf import settings as site
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from layers.access import database, log, unusual
from layers.access.models import AccessEntry
from layers.access.personal import masked_owners, reveal_owners, search_owners
from layers.collections.parcels.models import Party
from layers.errors import Invalid
from tests.access.test_log import ADDRESS, TAMPERING, refused
from tests.cast import MUI_NE, OWNER, WHY, alice, given_land, sue
from tests.factories import changeset, given, rows

pytestmark = pytest.mark.django_db


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
    known = site.DATABASES["default"]
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
