from django.contrib.gis.db import models

from layers import geo
from layers.collections.base import Feature, Versioned, folded_names, search_index


class Area(Feature):
    """One administrative unit during one period (LA_AdministrativeUnit in time).

    A code alone does not identify a unit: 21 of today's 45 codes named another unit in 2015. The key is
    `<code>-<year of valid_from>`; a reform that changes territory or name makes a new row.
    """

    class Level(models.TextChoices):
        PROVINCE = "province"
        DISTRICT = "district"
        COMMUNE = "commune"

    code = models.TextField(db_index=True)
    level = models.TextField(choices=Level)
    type_vi = models.TextField()
    type_en = models.TextField()
    name_vi = models.TextField()
    name_en = models.TextField()
    full_name_vi = models.TextField()
    parent_key = models.TextField(null=True)
    resolution = models.TextField(null=True)
    clause = models.TextField(null=True)
    ended_by = models.TextField(null=True)
    area_km2 = models.FloatField(null=True)
    population = models.IntegerField(null=True)
    seat_vi = models.TextField(null=True)
    court_region = models.TextField(null=True)
    approximate = models.BooleanField(default=True)  # the outline is computed, not surveyed
    outline_source = models.TextField(null=True)
    position_source = models.TextField(null=True)
    source = models.TextField()
    note = models.TextField(null=True)
    geom = models.MultiPolygonField(srid=geo.WGS84, null=True, spatial_index=False)
    search_key = folded_names("name_vi", "full_name_vi", "name_en", "code")

    class Meta(Feature.Meta):
        abstract = False
        db_table = "layers_area"
        indexes = [*Feature.Meta.indexes, search_index()]


class Succession(Versioned):
    """What became of a unit: `from_key` passed into `to_key` on `effective`. `share` 1 is whole, null unknown."""

    natural_key = ("from_key", "to_key", "effective")

    from_key = models.TextField(db_index=True)
    to_key = models.TextField(null=True, db_index=True)
    effective = models.DateField()
    kind = models.TextField()
    share = models.FloatField(null=True)
    resolution = models.TextField(null=True)
    clause = models.TextField(null=True)
    source = models.TextField()
    note = models.TextField(null=True)

    class Meta:
        db_table = "layers_succession"
        constraints = [
            models.UniqueConstraint(
                fields=["from_key", "to_key", "effective"], nulls_distinct=False, name="succession_key"
            )
        ]
