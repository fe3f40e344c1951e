"""Memberships, and the guarded log of looks at personal data.

The log can be added to and not changed, whoever the database role: triggers refuse UPDATE, DELETE and TRUNCATE, and each
row carries the hash of the one before. Personal tables are read through functions that write the log row first, with the
rights of the tables' owner; the server's own role has no right on the tables (access/database.py).
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import layers.access.models

LOG = """
CREATE TABLE layers_access_log (
    id bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    user_id bigint,
    user_name text NOT NULL DEFAULT '',
    agency_key text NOT NULL DEFAULT '',
    role text NOT NULL DEFAULT '',
    address inet,
    action text NOT NULL,
    purpose text NOT NULL DEFAULT '',
    purpose_text text NOT NULL DEFAULT '',
    dossier_code text NOT NULL DEFAULT '',
    parcel_key text NOT NULL DEFAULT '',
    asked text NOT NULL DEFAULT '',
    fields text[] NOT NULL DEFAULT '{}',
    result_count integer NOT NULL DEFAULT 0,
    exported boolean NOT NULL DEFAULT false,
    allowed boolean NOT NULL,
    reason text NOT NULL DEFAULT '',
    previous_hash text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT access_log_action CHECK (action IN ('masked', 'reveal', 'search', 'log_read', 'sign_in')),
    CONSTRAINT access_log_count CHECK (result_count >= 0),
    CONSTRAINT access_log_reason CHECK (allowed OR reason <> ''),
    CONSTRAINT access_log_purpose CHECK (NOT allowed OR action NOT IN ('reveal', 'search') OR (
        user_id IS NOT NULL AND agency_key <> '' AND purpose <> '' AND length(btrim(purpose_text)) >= 10
        AND btrim(dossier_code) <> ''))
);
CREATE INDEX access_log_user ON layers_access_log (user_id, at);
CREATE INDEX access_log_parcel ON layers_access_log (parcel_key, id) WHERE parcel_key <> '';
CREATE INDEX access_log_agency ON layers_access_log (agency_key, id);

-- The same text for the same row, whatever the session's time zone or formats.
CREATE FUNCTION layers_access_digest(entry layers_access_log) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        entry.id, (extract(epoch FROM entry.at) * 1000000)::bigint, entry.user_id, entry.user_name, entry.agency_key,
        entry.role, host(entry.address), entry.action, entry.purpose, entry.purpose_text, entry.dossier_code,
        entry.parcel_key, entry.asked, entry.fields, entry.result_count, entry.exported, entry.allowed, entry.reason,
        entry.previous_hash)::text, 'UTF8')), 'hex')
$$;

-- One writer at a time; number, time and hashes are the database's, never the writer's.
CREATE FUNCTION layers_access_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
    PERFORM pg_advisory_xact_lock(20260101);
    SELECT l.id, l.hash INTO last FROM layers_access_log l ORDER BY l.id DESC LIMIT 1;
    NEW.id := coalesce(last.id, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.previous_hash := coalesce(last.hash, '');
    NEW.hash := layers_access_digest(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER access_log_chain BEFORE INSERT ON layers_access_log
    FOR EACH ROW EXECUTE FUNCTION layers_access_chain();

CREATE FUNCTION layers_access_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log can be added to and not changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER access_log_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON layers_access_log
    FOR EACH STATEMENT EXECUTE FUNCTION layers_access_refuse();
"""

FUNCTIONS = """
-- 'Nguyễn Văn An' is shown as 'Ng*** V** A**', '012345678989' as '0123******89'. A note in brackets stays;
-- of a short word one letter less: 'Lê' is 'L***'.
CREATE FUNCTION layers_mask_name(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(CASE WHEN word LIKE '(%' THEN word
                      WHEN place = 1 THEN left(word, least(2, length(word) - 1)) || '***'
                      ELSE left(word, least(1, length(word) - 1)) || '**' END, ' ' ORDER BY place)
    FROM regexp_split_to_table(btrim(name), '\\s+') WITH ORDINALITY AS words (word, place)
$$;
CREATE FUNCTION layers_mask_number(number text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN length(number) >= 9 THEN left(number, 4) || '******' || right(number, 2)
           WHEN number <> '' THEN '******' ELSE '' END
$$;

CREATE FUNCTION layers_access_record(entry jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE written bigint;
BEGIN
    INSERT INTO layers_access_log (user_id, user_name, agency_key, role, address, action, purpose, purpose_text,
        dossier_code, parcel_key, asked, fields, result_count, exported, allowed, reason)
    VALUES ((entry->>'user_id')::bigint, coalesce(entry->>'user_name', ''), coalesce(entry->>'agency_key', ''),
        coalesce(entry->>'role', ''), (entry->>'address')::inet, entry->>'action', coalesce(entry->>'purpose', ''),
        coalesce(entry->>'purpose_text', ''), coalesce(entry->>'dossier_code', ''), coalesce(entry->>'parcel_key', ''),
        coalesce(entry->>'asked', ''),
        ARRAY(SELECT jsonb_array_elements_text(coalesce(entry->'fields', '[]'))),
        coalesce((entry->>'result_count')::integer, 0), coalesce((entry->>'exported')::boolean, false),
        (entry->>'allowed')::boolean, coalesce(entry->>'reason', ''))
    RETURNING id INTO written;
    RETURN written;
EXCEPTION WHEN check_violation OR not_null_violation OR data_exception THEN
    -- the fault itself quotes the whole row, which would then stand in the server's log file
    RAISE EXCEPTION 'the entry for the access log is not complete' USING ERRCODE = 'invalid_parameter_value';
END $$;

-- Not for the server's role: the two below call it with what they log.
CREATE FUNCTION layers_owners(parcel text, clear boolean) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'name', CASE WHEN clear OR p.kind NOT IN ('person', 'household') THEN p.name ELSE layers_mask_name(p.name) END,
        'identity_no', CASE WHEN clear THEN p.identity_no ELSE layers_mask_number(p.identity_no) END,
        'party_kind', p.kind, 'right_kind', r.kind, 'share', r.share_numerator || '/' || r.share_denominator,
        'valid_from', r.valid_from, 'valid_to', r.valid_to, 'synthetic', p.synthetic) ORDER BY r.key), '[]')
    FROM layers_right r JOIN layers_party p ON p.key = r.party_key WHERE r.parcel_key = parcel
$$;

CREATE FUNCTION layers_owners_masked(entry jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE owners jsonb := layers_owners(entry->>'parcel_key', false);
BEGIN
    PERFORM layers_access_record(entry || jsonb_build_object('action', 'masked', 'allowed', true,
        'result_count', jsonb_array_length(owners)));
    RETURN owners;
END $$;

CREATE FUNCTION layers_owners_clear(entry jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE owners jsonb := layers_owners(entry->>'parcel_key', true);
BEGIN
    PERFORM layers_access_record(entry || jsonb_build_object('action', 'reveal', 'allowed', true,
        'result_count', jsonb_array_length(owners)));
    RETURN owners;
END $$;

CREATE INDEX party_folded ON layers_party (layers_fold(name) text_pattern_ops);
CREATE INDEX party_identity ON layers_party (identity_no);

-- `areas` null is the whole province. Folding leaves letters, digits, dots and spaces: nothing that LIKE understands.
CREATE FUNCTION layers_owner_search(entry jsonb, areas text[], most integer) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    folded text := layers_fold(entry->>'asked');
    hits jsonb;
    number integer;
BEGIN
    IF folded IS NULL OR length(replace(folded, ' ', '')) < 3 THEN
        RAISE EXCEPTION 'too short to search for' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT coalesce(jsonb_agg(row), '[]') INTO hits FROM (
        SELECT r.parcel_key, p.name, p.kind AS party_kind, p.synthetic
        FROM layers_party p JOIN layers_right r ON r.party_key = p.key JOIN layers_parcel t ON t.key = r.parcel_key
        WHERE (layers_fold(p.name) LIKE folded || '%' OR p.identity_no = entry->>'asked')
          AND (areas IS NULL OR t.area_key = ANY (areas))
        ORDER BY p.name, r.parcel_key LIMIT most + 1
    ) row;
    number := jsonb_array_length(hits);
    IF number > most THEN
        hits := hits - most;
    END IF;
    PERFORM layers_access_record(entry || jsonb_build_object('action', 'search', 'allowed', true,
        'result_count', jsonb_array_length(hits)));
    RETURN jsonb_build_object('matches', hits, 'more', number > most);
END $$;

-- Numbers of log rows whose parcel belongs to somebody of the looker's own name. Gives no personal data away.
CREATE FUNCTION layers_same_name_looks(since timestamptz, until timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT l.id
    FROM layers_access_log l
    JOIN auth_user u ON u.id = l.user_id
    CROSS JOIN LATERAL (SELECT NULLIF(layers_fold(u.last_name || ' ' || u.first_name), '') AS own) n
    LEFT JOIN layers_right r ON r.parcel_key = l.parcel_key AND l.parcel_key <> ''
    LEFT JOIN layers_party p ON p.key = r.party_key
    WHERE l.at >= since AND l.at < until AND l.action IN ('masked', 'reveal', 'search')
      AND (layers_fold(regexp_replace(p.name, '\\s*\\(.*\\)', '')) = n.own OR layers_fold(l.asked) = n.own)
$$;

REVOKE ALL ON FUNCTION layers_access_record(jsonb), layers_owners(text, boolean), layers_owners_masked(jsonb),
    layers_owners_clear(jsonb), layers_owner_search(jsonb, text[], integer),
    layers_same_name_looks(timestamptz, timestamptz) FROM PUBLIC;

-- Old states of personal rows lie among the versions: only the tables' owner sees those.
ALTER TABLE layers_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY version_impersonal ON layers_version
    USING (record_type NOT IN ('party', 'right')) WITH CHECK (record_type NOT IN ('party', 'right'));
"""

UNDO = """
DROP POLICY version_impersonal ON layers_version;
ALTER TABLE layers_version DISABLE ROW LEVEL SECURITY;
DROP INDEX party_folded, party_identity;
DROP FUNCTION layers_same_name_looks(timestamptz, timestamptz), layers_owner_search(jsonb, text[], integer),
    layers_owners_clear(jsonb), layers_owners_masked(jsonb), layers_owners(text, boolean), layers_access_record(jsonb),
    layers_mask_number(text), layers_mask_name(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0005_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="AccessEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.TextField()),
                ("agency_key", models.TextField()),
                ("role", models.TextField()),
                ("address", models.GenericIPAddressField(null=True)),
                ("action", models.TextField()),
                ("purpose", models.TextField()),
                ("purpose_text", models.TextField()),
                ("dossier_code", models.TextField()),
                ("parcel_key", models.TextField()),
                ("asked", models.TextField()),
                ("fields", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("result_count", models.IntegerField()),
                ("exported", models.BooleanField()),
                ("allowed", models.BooleanField()),
                ("reason", models.TextField()),
                ("previous_hash", models.TextField()),
                ("hash", models.TextField()),
            ],
            options={
                "db_table": "layers_access_log",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="SignInAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_hash", models.TextField()),
                ("address", models.GenericIPAddressField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "layers_sign_in_attempt",
                "indexes": [
                    models.Index(fields=["name_hash", "at"], name="sign_in_name"),
                    models.Index(fields=["address", "at"], name="sign_in_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_key", models.TextField()),
                (
                    "role",
                    models.TextField(
                        choices=[
                            ("officer", "Cán bộ địa chính"),
                            ("planner", "Cán bộ quy hoạch"),
                            ("reviewer", "Người thẩm định"),
                            ("supervisor", "Người giám sát"),
                            ("administrator", "Quản trị viên"),
                        ]
                    ),
                ),
                ("whole_province", models.BooleanField(default=False)),
                (
                    "area_keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "layers_membership",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="membership_validity_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("area_keys", []), ("whole_province", True)),
                            ("whole_province", False),
                            _connector="OR",
                        ),
                        name="membership_one_territory",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["officer", "planner", "reviewer", "supervisor", "administrator"])
                        ),
                        name="membership_role_known",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("user", "="),
                            ("agency_key", "="),
                            ("role", "="),
                            (layers.access.models.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="membership_no_overlap",
                    ),
                ],
            },
        ),
        migrations.RunSQL(LOG),  # no way back: a log that can be undone is none,
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
