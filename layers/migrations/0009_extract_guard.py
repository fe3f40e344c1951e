"""An issued extract is kept: rows are added and marked superseded once; nothing else, whoever the database role.

Unmanaged from here on, so that Django's own flush does not try to empty the table.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION layers_extract_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued extract is never changed or removed, only superseded'
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- The one change there is: from "not superseded" to "superseded by a later extract of the same parcel".
CREATE FUNCTION layers_extract_supersede() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.superseded_by_id IS NULL AND NEW.superseded_by_id > OLD.id AND NEW.superseded_at >= OLD.issued_at
        AND (to_jsonb(NEW) - '{superseded_by_id,superseded_at}'::text[])
          = (to_jsonb(OLD) - '{superseded_by_id,superseded_at}'::text[])
        AND EXISTS (SELECT FROM layers_extract e WHERE e.id = NEW.superseded_by_id AND e.parcel_key = OLD.parcel_key)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an issued extract is never changed or removed, only superseded'
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER extract_superseded_once BEFORE UPDATE ON layers_extract
    FOR EACH ROW EXECUTE FUNCTION layers_extract_supersede();
CREATE TRIGGER extract_kept BEFORE DELETE OR TRUNCATE ON layers_extract
    FOR EACH STATEMENT EXECUTE FUNCTION layers_extract_refuse();
"""

UNGUARD = """
DROP TRIGGER extract_superseded_once ON layers_extract;
DROP TRIGGER extract_kept ON layers_extract;
DROP FUNCTION layers_extract_supersede();
DROP FUNCTION layers_extract_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("layers", "0008_selections")]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.AlterModelOptions("extract", options={"managed": False}),
    ]
