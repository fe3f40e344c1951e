from django.contrib.postgres.operations import (
    BtreeGistExtension,
    CreateExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations
from pyproj import CRS


def add(apps, schema_editor):
    for code in range(9205, 9219):
        crs = CRS.from_epsg(code)
        schema_editor.execute(
            "INSERT INTO spatial_ref_sys(srid,auth_name,auth_srid,srtext,proj4text) VALUES (%s,'EPSG',%s,%s,%s) ON CONFLICT DO NOTHING",
            [
                code,
                code,
                crs.to_wkt("WKT1_GDAL"),
                crs.to_proj4()
                + " +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278",
            ],
        )


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        CreateExtension("postgis"),
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
