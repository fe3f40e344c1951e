"""Jobs that run in the background with what they leave, and batches of references that are looked up together."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0007_fact_sheet"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("kind", models.TextField()),
                ("parameters", models.JSONField(default=dict)),
                ("user_id", models.BigIntegerField()),
                ("membership_id", models.BigIntegerField()),
                ("agency_key", models.TextField()),
                ("user_name", models.TextField()),
                ("language", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                        ],
                        default="waiting",
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("stage", models.TextField(default="")),
                ("fault", models.TextField(default="")),
                ("tries", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("started_at", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "layers_job",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])), fields=["id"], name="job_unfinished"
                    ),
                    models.Index(fields=["user_id", "-id"], name="job_of_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed", "stopped"])),
                        name="job_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ["waiting", "running"])),
                            models.Q(("ended_at__isnull", False), ("state__in", ["done", "failed", "stopped"])),
                            _connector="OR",
                        ),
                        name="job_ended_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JobFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("media_type", models.TextField()),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="layers.job"
                    ),
                ),
            ],
            options={
                "db_table": "layers_job_file",
            },
        ),
        migrations.CreateModel(
            name="JobPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="layers.jobfile"
                    ),
                ),
            ],
            options={
                "db_table": "layers_job_part",
            },
        ),
        migrations.CreateModel(
            name="ReferenceBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("user_id", models.BigIntegerField()),
                ("user_name", models.TextField()),
                ("agency_key", models.TextField()),
                ("place", models.TextField(default="")),
                ("empty_lines", models.PositiveIntegerField(default=0)),
                ("header", models.TextField(default="")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "layers_reference_batch",
                "indexes": [models.Index(fields=["user_id", "-id"], name="reference_batch_of_person")],
            },
        ),
        migrations.CreateModel(
            name="BatchLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("text", models.CharField(max_length=200)),
                ("cut", models.BooleanField(default=False)),
                ("same_as", models.PositiveIntegerField(null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("found", "Found"),
                            ("ambiguous", "Ambiguous"),
                            ("missing", "Missing"),
                        ],
                        default="waiting",
                    ),
                ),
                ("outcome", models.TextField(default="")),
                ("parcel_key", models.TextField(default="")),
                ("by_hand", models.BooleanField(default=False)),
                ("details", models.JSONField(default=dict)),
                ("extract_number", models.TextField(default="")),
                ("extract_job", models.UUIDField(null=True)),
                ("no_extract", models.TextField(default="")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="layers.referencebatch"
                    ),
                ),
            ],
            options={
                "db_table": "layers_batch_line",
            },
        ),
        migrations.AddConstraint(
            model_name="jobfile",
            constraint=models.UniqueConstraint(fields=("job", "name"), name="job_file_name"),
        ),
        migrations.AddConstraint(
            model_name="jobpart",
            constraint=models.UniqueConstraint(fields=("file", "number"), name="job_part_number"),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.UniqueConstraint(fields=("batch", "number"), name="batch_line_number"),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "found", "ambiguous", "missing"])), name="batch_line_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "found"), ("parcel_key", ""), _connector="OR"),
                name="batch_line_parcel_when_found",
            ),
        ),
    ]
