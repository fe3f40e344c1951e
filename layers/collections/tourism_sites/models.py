from django.contrib.gis.db import models

from layers import geo
from layers.collections.base import Feature, folded_names, search_index


class TourismSite(Feature):
    """A place a visitor goes to. Practical facts nobody has confirmed stay out of the pages (`practical_status`)."""

    number = models.IntegerField()
    name_vi = models.TextField()
    other_names_vi = models.TextField(null=True)
    name_en = models.TextField()
    category = models.TextField(db_index=True)
    subcategory = models.TextField()
    commune_2015_key = models.TextField(null=True, db_index=True)
    area_2025_code = models.TextField(null=True, db_index=True)
    precision_m = models.IntegerField(null=True)
    position_status = models.TextField()
    position_source = models.TextField(null=True)
    relic_rank = models.TextField(null=True)
    rank_status = models.TextField(null=True)
    rank_source = models.TextField(null=True)
    opening_hours = models.TextField(null=True)
    ticket = models.TextField(null=True)
    best_season = models.TextField(null=True)
    practical_status = models.TextField(null=True)
    note_vi = models.TextField(null=True)
    note_en = models.TextField(null=True)
    source = models.TextField()
    checked_on = models.DateField(null=True)
    geom = models.PointField(srid=geo.WGS84, null=True, spatial_index=False)
    search_key = folded_names("name_vi", "other_names_vi", "name_en")

    class Meta(Feature.Meta):
        abstract = False
        db_table = "layers_tourism_site"
        indexes = [*Feature.Meta.indexes, search_index()]
