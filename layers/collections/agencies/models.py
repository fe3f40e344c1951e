from django.contrib.gis.db import models

from layers import geo
from layers.collections.base import Feature, folded_names, search_index


class Agency(Feature):
    """An office of the administration during the time it existed. 46 have no known position: listed, not drawn."""

    code = models.TextField()
    name_vi = models.TextField()
    name_en = models.TextField()
    kind = models.TextField(db_index=True)
    level = models.TextField()
    parent_key = models.TextField(null=True)
    area_code = models.TextField(null=True, db_index=True)  # the unit it serves or sits in
    area_key = models.TextField(null=True, db_index=True)
    serves_keys = models.TextField(null=True)  # keys of areas, `;` between, where it serves several
    address_vi = models.TextField(null=True)
    precision_m = models.IntegerField(null=True)
    position_source = models.TextField(null=True)
    website = models.TextField(null=True)
    website_status = models.TextField(null=True)
    phone = models.TextField(null=True)
    status = models.TextField()  # verified, partly or memory
    source = models.TextField()
    note = models.TextField(null=True)
    geom = models.PointField(srid=geo.WGS84, null=True, spatial_index=False)
    search_key = folded_names("name_vi", "name_en", "code")

    class Meta(Feature.Meta):
        abstract = False
        db_table = "layers_agency"
        indexes = [*Feature.Meta.indexes, search_index()]
