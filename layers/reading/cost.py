"""What questions cost: CPU time of the PostgreSQL process behind this thread's connection."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from layers.errors import Unavailable

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def backend_cpu_ms() -> float:
    """CPU used so far, in ms, user and system. Needs Linux and a server on this machine, else Unavailable."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError as fault:
        raise Unavailable("CPU can be measured only where the database runs on this machine, under Linux.") from fault
    return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS_PER_SECOND


def random_points(table: str, count: int, seed: int) -> list[tuple[float, float]]:
    """`count` points (x, y in Web Mercator) of features of `table`, the same for the same seed and data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [(seed % 1000) / 1000])
        cursor.execute(
            f'SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom_3857) AS p FROM "{table}" '
            "WHERE geom_3857 IS NOT NULL ORDER BY random() LIMIT %s) chosen",
            [count],
        )
        return cursor.fetchall()


def random_keys(table: str, count: int, seed: int) -> list[str]:
    """`count` keys of active features of `table`, the same for the same seed and data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [(seed % 1000) / 1000])
        cursor.execute(
            f'SELECT key FROM (SELECT key FROM "{table}" WHERE status = %s ORDER BY key) held '
            "ORDER BY random() LIMIT %s",
            ["active", count],
        )
        return [row[0] for row in cursor.fetchall()]


@dataclass
class Statements:
    count: int = 0


@contextmanager
def statements() -> Iterator[Statements]:
    """Counts the SQL statements within, savepoints included."""
    seen = Statements()

    def counted(execute, sql, params, many, context):
        seen.count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        yield seen
