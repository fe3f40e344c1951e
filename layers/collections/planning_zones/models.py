from django.contrib.gis.db import models

from layers import geo
from layers.collections.base import Feature


class PlanningZone(Feature):
    """A zone of a land-use plan, with the decision that made it."""

    name_vi = models.TextField()
    name_en = models.TextField()
    code_land_use = models.TextField()
    plan_name = models.TextField()
    decision_no = models.TextField()
    decision_date = models.DateField(null=True)
    status = models.TextField()  # in_force, on_display, adopted or expired
    synthetic = models.BooleanField(default=False)
    geom = models.MultiPolygonField(srid=geo.VN2000, spatial_index=False)

    class Meta(Feature.Meta):
        abstract = False
        db_table = "layers_planning_zone"
