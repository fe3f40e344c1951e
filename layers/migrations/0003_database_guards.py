"""What the database itself keeps true: tile geometry beside each source geometry, and the folding of names."""

from django.db import migrations

FOLD = """
-- Accents, case, y/i and spacing never matter in search: 'Phú Quý', 'phu qui' and 'PHÚ  QUÍ' fold to one text.
CREATE FUNCTION layers_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        translate(lower(public.unaccent('public.unaccent'::regdictionary, normalize(value, NFC))), 'y', 'i'),
        '[^a-z0-9.]+', ' ', 'g'))
$$;
"""

PROJECT = """
-- geom_3857 is what tiles are cut from; label_3857 a point inside it. Both follow geom whoever writes the row.
CREATE FUNCTION layers_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.geom_3857 := ST_Transform(NEW.geom, 3857);
    NEW.label_3857 := CASE WHEN ST_Dimension(NEW.geom_3857) = 2 THEN ST_PointOnSurface(NEW.geom_3857) END;
    RETURN NEW;
END $$;
"""

TABLES = (
    "layers_area",
    "layers_agency",
    "layers_tourism_site",
    "layers_parcel",
    "layers_planning_zone",
    "layers_coverage",
)


def _trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_project BEFORE INSERT OR UPDATE OF geom, geom_3857, label_3857 ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION layers_project();"
    )


class Migration(migrations.Migration):
    dependencies = [("layers", "0002_collections")]

    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION layers_fold(text);"),
        migrations.RunSQL(PROJECT, "DROP FUNCTION layers_project();"),
        *[migrations.RunSQL(_trigger(table), f"DROP TRIGGER {table}_project ON {table};") for table in TABLES],
    ]
