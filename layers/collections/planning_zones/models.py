from django.contrib.gis.db import models

from layers import geo
from layers.collections.base import Feature


class PlanningZone(Feature):
    """A zone of a plan under one theme (`themes.py`), with the decision that made it and the law behind it.

    Half-open days: on display from `displayed_from`, adopted on `decision_date`, in force in
    `valid_from` ≤ day < `valid_to`. `status` is what the source said last; what holds on a day follows from the days.
    """

    theme = models.TextField(db_default="land_use_plan")
    plan_id = models.TextField(db_default="")  # one plan, whatever its polygons; empty: told by name and decision
    name_vi = models.TextField()
    name_en = models.TextField()
    code_land_use = models.TextField()
    plan_name = models.TextField()
    decision_no = models.TextField()
    decision_date = models.DateField(null=True)
    displayed_from = models.DateField(null=True)
    status = models.TextField()  # in_force, on_display, adopted or expired
    law = models.TextField(db_default="")
    law_article = models.TextField(db_default="")
    office_key = models.TextField(db_default="")  # key of the agency that answers for it
    consequence_vi = models.TextField(db_default="")  # what it means for the land, in plain words
    consequence_en = models.TextField(db_default="")
    synthetic = models.BooleanField(default=False)
    geom = models.MultiPolygonField(srid=geo.VN2000, spatial_index=False)

    class Meta(Feature.Meta):
        abstract = False
        db_table = "layers_planning_zone"
