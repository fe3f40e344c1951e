"""Themes of planning zones with their legal ground, and the extracts that were issued."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("layers", "0006_access")]

    operations = [
        migrations.AddField("planningzone", "theme", models.TextField(db_default="land_use_plan")),
        migrations.AddField("planningzone", "plan_id", models.TextField(db_default="")),
        migrations.AddField("planningzone", "displayed_from", models.DateField(null=True)),
        migrations.AddField("planningzone", "law", models.TextField(db_default="")),
        migrations.AddField("planningzone", "law_article", models.TextField(db_default="")),
        migrations.AddField("planningzone", "office_key", models.TextField(db_default="")),
        migrations.AddField("planningzone", "consequence_vi", models.TextField(db_default="")),
        migrations.AddField("planningzone", "consequence_en", models.TextField(db_default="")),
        migrations.CreateModel(
            name="Extract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(unique=True)),
                ("parcel_key", models.TextField(db_index=True)),
                ("content", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("facts_sha256", models.CharField(max_length=64)),
                ("signature", models.TextField()),
                ("issued_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("issued_by", models.TextField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "superseded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="layers.extract",
                    ),
                ),
            ],
            options={
                "db_table": "layers_extract",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(superseded_by__isnull=True, superseded_at__isnull=True)
                        | models.Q(superseded_by__isnull=False, superseded_at__isnull=False),
                        name="extract_superseded_when",
                    )
                ],
            },
        ),
        migrations.RunSQL("CREATE SEQUENCE layers_extract_number;", "DROP SEQUENCE layers_extract_number;"),
    ]
