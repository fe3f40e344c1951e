"""What became of parcel numbers, the documents that give parcels their legal basis, and the scale of their sheets."""

import datetime

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0009_extract_guard"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "lifespan_begin",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("key", models.TextField(unique=True)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("decision", "Decision"),
                            ("certificate", "Certificate"),
                            ("plan", "Plan"),
                            ("archive", "Archive"),
                        ]
                    ),
                ),
                ("number", models.TextField()),
                ("title_vi", models.TextField()),
                ("issued_on", models.DateField(null=True)),
                ("issued_by", models.TextField(null=True)),
                ("archive_ref", models.TextField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "layers_document",
            },
        ),
        migrations.CreateModel(
            name="ParcelDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "lifespan_begin",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("parcel_key", models.TextField()),
                ("document_key", models.TextField(db_index=True)),
                (
                    "did",
                    models.TextField(choices=[("created", "Created"), ("retired", "Retired"), ("changed", "Changed")]),
                ),
                ("synthetic", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "layers_parcel_document",
            },
        ),
        migrations.CreateModel(
            name="ParcelLineage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "lifespan_begin",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("parent_key", models.TextField()),
                ("child_key", models.TextField(db_index=True)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("split", "Split"),
                            ("merge", "Merge"),
                            ("boundary", "Boundary"),
                            ("renumber", "Renumber"),
                        ]
                    ),
                ),
                ("effective", models.DateField()),
                ("document_key", models.TextField(null=True)),
                ("note", models.TextField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "layers_parcel_lineage",
            },
        ),
        migrations.AddField(
            model_name="parcel",
            name="sheet_scale",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sheet_scale__in", (200, 500, 1000, 2000, 5000, 10000)),
                    ("sheet_scale__isnull", True),
                    _connector="OR",
                ),
                name="parcel_sheet_scale",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="changeset",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="layers.changeset",
            ),
        ),
        migrations.AddField(
            model_name="parceldocument",
            name="changeset",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="layers.changeset",
            ),
        ),
        migrations.AddField(
            model_name="parcellineage",
            name="changeset",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="layers.changeset",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["decision", "certificate", "plan", "archive"])), name="document_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True), name="document_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("issued_on__gte", datetime.date(1900, 1, 1)), ("issued_on__lt", datetime.date(2200, 1, 1))
                    ),
                    ("issued_on__isnull", True),
                    _connector="OR",
                ),
                name="document_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="parceldocument",
            constraint=models.UniqueConstraint(
                fields=("parcel_key", "document_key", "did"), name="parcel_document_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="parceldocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("did__in", ["created", "retired", "changed"])), name="parcel_document_did"
            ),
        ),
        migrations.AddConstraint(
            model_name="parcellineage",
            constraint=models.UniqueConstraint(fields=("parent_key", "child_key"), name="parcel_lineage_pair"),
        ),
        migrations.AddConstraint(
            model_name="parcellineage",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent_key", models.F("child_key")), _negated=True),
                name="parcel_lineage_of_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcellineage",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["split", "merge", "boundary", "renumber"])), name="parcel_lineage_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="parcellineage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective__gte", datetime.date(1900, 1, 1)), ("effective__lt", datetime.date(2200, 1, 1))
                ),
                name="parcel_lineage_day",
            ),
        ),
    ]
