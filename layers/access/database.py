"""What the database role of the web server may do: everything an open page or the desk needs, and no personal table."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from psycopg2 import sql

from layers.errors import Invalid, NotAllowed

# Personal tables: read through the logging functions only. The log: added to by them only.
CLOSED = ("layers_party", "layers_right")
READ_ONLY = ("layers_access_log", "django_migrations", "spatial_ref_sys")
FUNCTIONS = (
    "layers_access_record(jsonb)",
    "layers_owners_masked(jsonb)",
    "layers_owners_clear(jsonb)",
    "layers_owner_search(jsonb, text[], integer)",
    "layers_same_name_looks(timestamptz, timestamptz)",
)
QUIET = ("log_min_error_statement=panic", "log_error_verbosity=terse", "log_statement=none")


@dataclass(frozen=True)
class Granted:
    """`made`: the role was created. `quiet`: the database's own log will not quote this role's statements."""

    tables: int
    made: bool
    quiet: bool


def grant_web_role(role: str) -> Granted:
    """Let `role` do what the server needs on the tables as they stand now; to be called after each migration.

    Creates the role where we may. Raises Invalid for our own role, NotAllowed when the role is missing and we may not.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s", [role])
        if cursor.fetchone()[0]:
            raise Invalid(f"{role} owns the tables. WEB_DATABASE_URL must name another role than DATABASE_URL.")
        made = _make(cursor, role)
        name = sql.Identifier(role)
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        tables = _relations(cursor, "rpvm")
        for table in tables:
            _grant(cursor, table, name)
        for sequence in _relations(cursor, "S"):
            cursor.execute(sql.SQL("GRANT USAGE, SELECT ON SEQUENCE {} TO {}").format(sql.Identifier(sequence), name))
        for function in FUNCTIONS:
            cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), name))
        return Granted(len(tables), made, _quiet(cursor, role))


def _make(cursor, role: str) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s), "
        "(SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user)",
        [role],
    )
    exists, may_create = cursor.fetchone()
    if exists:
        return False
    if not may_create:
        raise NotAllowed(
            f"There is no database role {role}, and we may not create one. The database's administrator runs: "
            f'CREATE ROLE "{role}" LOGIN;'
        )
    cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    return True


def _relations(cursor, kinds: str) -> list[str]:
    """Tables, views (`r`, `p`, `v`, `m`) or sequences (`S`) that are ours to grant."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = ANY(%s) "
        "AND pg_has_role(relowner, 'USAGE') AND NOT EXISTS (SELECT FROM pg_depend "
        "WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')",
        [list(kinds)],
    )
    return [row[0] for row in cursor.fetchall()]


def _grant(cursor, table: str, role: sql.Identifier) -> None:
    cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(table), role))
    if table in CLOSED:
        return
    rights = "SELECT" if table in READ_ONLY else "SELECT, INSERT, UPDATE, DELETE"
    cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), sql.Identifier(table), role))


def _quiet(cursor, role: str) -> bool:
    """Keep what `role` asks out of the database's log. Only a superuser may; else tell whether one did."""
    cursor.execute(
        "SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), coalesce(rolconfig, '{}') "
        "FROM pg_roles WHERE rolname = %s",
        [role],
    )
    may_say, said = cursor.fetchone()
    if may_say:
        for setting in QUIET:
            cursor.execute(sql.SQL("ALTER ROLE {} SET {}").format(sql.Identifier(role), sql.SQL(setting)))
    return may_say or set(QUIET) <= set(said)


def web_role_faults(role: str) -> list[str]:
    """What `role` may do that it must not; empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        if not cursor.fetchone()[0]:
            return [f"there is no role {role}"]
        found = []
        for table, right in (
            *((table, "SELECT") for table in CLOSED),
            *(("layers_access_log", right) for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE")),
        ):
            cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
            if cursor.fetchone()[0]:
                found.append(f"{role} has {right} on {table}")
        return found
