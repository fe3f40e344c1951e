from django.contrib.gis.db import models

from layers import geo
from layers.collections.base import Feature


class Coverage(Feature):
    """Where a layer was checked. A place outside every polygon of a layer has no data: never 'does not apply'."""

    layer = models.TextField(db_index=True)  # id of the collection that was checked
    name_vi = models.TextField()
    name_en = models.TextField()
    checked_on = models.DateField()
    checked_by = models.TextField()
    quality = models.TextField()
    synthetic = models.BooleanField(default=False)
    geom = models.MultiPolygonField(srid=geo.VN2000, spatial_index=False)

    class Meta(Feature.Meta):
        abstract = False
        db_table = "layers_coverage"
