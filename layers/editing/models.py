from django.conf import settings
from django.contrib.gis.db import models
from django.db.models.functions import Now


class Changeset(models.Model):
    """One reasoned change to what is published: who, when, why, from which source, and how much."""

    class Kind(models.TextChoices):
        LOAD = "load"
        IMPORT = "import"
        EDIT = "edit"

    title = models.TextField()
    reason = models.TextField()
    kind = models.TextField(choices=Kind)
    source = models.TextField(blank=True)  # key in data/sources.toml, or where the rows came from
    source_srid = models.IntegerField(null=True)  # CRS the rows came in; never assumed from the table
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.TextField()
    published_at = models.DateTimeField(db_default=Now())
    counts = models.JSONField(default=dict)

    class Meta:
        db_table = "layers_changeset"

    def __str__(self) -> str:
        return f"{self.pk}: {self.title}"


class Change(models.Model):
    """One row touched by a changeset. `version` is the row's version after it."""

    class Action(models.TextChoices):
        CREATE = "create"
        REPLACE = "replace"

    changeset = models.ForeignKey(Changeset, on_delete=models.PROTECT, related_name="changes")
    record_type = models.TextField()  # name of the table's model: parcel, area, procedure …
    record_id = models.BigIntegerField()
    action = models.TextField(choices=Action)
    version = models.PositiveIntegerField()

    class Meta:
        db_table = "layers_change"
        indexes = [models.Index(fields=["record_type", "record_id"], name="change_record")]


class Version(models.Model):
    """A state that was published and is no longer. `state` holds all columns but the geometry."""

    record_type = models.TextField()
    record_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    changeset = models.ForeignKey(Changeset, on_delete=models.PROTECT, related_name="+")  # that made this state
    lifespan_begin = models.DateTimeField()
    lifespan_end = models.DateTimeField(db_default=Now())
    state = models.JSONField()
    geom = models.GeometryField(srid=0, null=True, spatial_index=False)

    class Meta:
        db_table = "layers_version"
        constraints = [models.UniqueConstraint(fields=["record_type", "record_id", "version"], name="version_once")]


class LayerState(models.Model):
    """How often a table was published: the number in the addresses of its tiles, so a change is a new address."""

    record_type = models.TextField(primary_key=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "layers_layer_state"
