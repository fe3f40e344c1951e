"""PostgreSQL extensions, and the VN-2000 zones that PostGIS 3.3 lacks (EPSG:9205–9218).

Without the rows `ST_Transform` stops with "Cannot find SRID (9218)". A row that stands already is left alone:
a newer PostGIS brings its own. Undoing removes only zones that no geometry column uses.
"""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    CreateExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

from layers.geo import ZONES_POSTGIS_LACKS, spatial_ref_sys_row


def add_zones(apps, schema_editor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (srid) DO NOTHING",
            [spatial_ref_sys_row(zone) for zone in ZONES_POSTGIS_LACKS],
        )


def remove_zones(apps, schema_editor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM spatial_ref_sys WHERE srid = ANY(%s) AND srid NOT IN (SELECT srid FROM geometry_columns)",
            [[zone.srid for zone in ZONES_POSTGIS_LACKS]],
        )


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        CreateExtension("postgis"),
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunPython(add_zones, remove_zones),
    ]
