"""What only tourism sites are asked: how many of each category, and which are near a place or inside an area."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Near:
    """A site and how far it is, in metres on the spheroid."""

    key: str
    distance_m: float


def counts_by_category() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT category, count(*) FROM layers_tourism_site GROUP BY category")
        return dict(cursor.fetchall())


def near(lon: float, lat: float, *, within_m: float, without: str, limit: int) -> tuple[Near, ...]:
    """Sites within `within_m` of a point (WGS 84), nearest first, the one with key `without` left out."""
    statement = """
        SELECT key, ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography) AS metres
        FROM layers_tourism_site
        WHERE geom && ST_Expand(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), %(degrees)s) AND key <> %(without)s
          AND ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography, %(within)s)
        ORDER BY metres, key LIMIT %(limit)s
    """
    degrees = within_m / 100_000  # a degree of longitude is over 100 km south of 26° N
    with connection.cursor() as cursor:
        cursor.execute(statement, {"lon": lon, "lat": lat, "degrees": degrees, "within": within_m,
                                   "without": without, "limit": limit})  # fmt: skip
        return tuple(Near(*row) for row in cursor.fetchall())


def inside(code: str | None, commune_2015_keys: tuple[str, ...], limit: int) -> tuple[str, ...]:
    """Keys of sites in today's unit with this code, or in any of these communes of 2015, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM layers_tourism_site WHERE area_2025_code = %s OR commune_2015_key = ANY(%s) "
            'ORDER BY name_vi COLLATE "vi-x-icu", key LIMIT %s',
            [code, list(commune_2015_keys), limit],
        )
        return tuple(row[0] for row in cursor.fetchall())
