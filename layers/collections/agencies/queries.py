"""What only agencies are asked: which serve an area."""

from __future__ import annotations

from django.db import connection


def serving(area_key: str, limit: int = 50) -> tuple[str, ...]:
    """Keys of agencies that sit in or serve the unit with this key (a period, not a code), by level and name."""
    if "\x00" in area_key:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM layers_agency WHERE area_key = %s OR %s = ANY(string_to_array(serves_keys, ';')) "
            "ORDER BY level, kind DESC, name_vi, key LIMIT %s",
            [area_key, area_key, limit],
        )
        return tuple(row[0] for row in cursor.fetchall())


def serving_any(area_keys: tuple[str, ...], kind: str, level: str) -> tuple[str, ...]:
    """Keys of agencies of one kind and level that sit in or serve any of these units."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM layers_agency WHERE kind = %s AND level = %s AND (area_key = ANY(%s) "
            "OR string_to_array(serves_keys, ';') && %s) ORDER BY name_vi, key LIMIT 50",
            [kind, level, list(area_keys), list(area_keys)],
        )
        return tuple(row[0] for row in cursor.fetchall())
