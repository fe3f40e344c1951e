"""What search reads: the names of each thing folded into one stored column, with a trigram index."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

SEARCH_KEY = """
-- '| mui ne | muine | phuong mui ne | phuongmuine |': each name between bars, with and without spaces, so that
-- LIKE can ask for a whole name, its beginning, a word in it or letters of it. `;` parts names within one column.
CREATE FUNCTION layers_search_key(VARIADIC names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(
        '| ' || folded || CASE WHEN folded LIKE '% %' THEN ' | ' || replace(folded, ' ', '') ELSE '' END,
        ' ' ORDER BY place, part) || ' |', '')
    FROM unnest(names) WITH ORDINALITY AS n(name, place)
    CROSS JOIN LATERAL unnest(string_to_array(name, ';')) WITH ORDINALITY AS p(one, part)
    CROSS JOIN LATERAL (SELECT public.layers_fold(one) AS folded) f
    WHERE folded <> ''
$$;
"""


def _key(*columns: str) -> models.GeneratedField:
    folded = models.Func(*map(models.F, columns), function="layers_search_key", output_field=models.TextField())
    return models.GeneratedField(expression=folded, output_field=models.TextField(), db_persist=True)


def _index(name: str) -> GinIndex:
    return GinIndex(fields=["search_key"], name=name, opclasses=["gin_trgm_ops"])


class Migration(migrations.Migration):
    dependencies = [("layers", "0004_procedures")]

    operations = [
        migrations.RunSQL(SEARCH_KEY, "DROP FUNCTION layers_search_key(text[]);"),
        migrations.AddField("area", "search_key", _key("name_vi", "full_name_vi", "name_en", "code")),
        migrations.AddField("tourismsite", "search_key", _key("name_vi", "other_names_vi", "name_en")),
        migrations.AddField("agency", "search_key", _key("name_vi", "name_en", "code")),
        migrations.AddField("procedure", "search_key", _key("code", "short_vi", "short_en", "name_vi", "name_en")),
        migrations.AlterField("tourismsite", "area_2025_code", models.TextField(db_index=True, null=True)),
        migrations.AlterField("tourismsite", "commune_2015_key", models.TextField(db_index=True, null=True)),
        migrations.AddIndex("area", _index("area_search")),
        migrations.AddIndex("tourismsite", _index("tourismsite_search")),
        migrations.AddIndex("agency", _index("agency_search")),
        migrations.AddIndex("procedure", _index("procedure_search")),
    ]
