from datetime import date

from django.contrib.gis.db import models

from layers import geo
from layers.collections.base import Feature, Versioned

SCALES = (200, 500, 1_000, 2_000, 5_000, 10_000)  # of cadastral sheets: Thông tư 26/2024; 1:200 in older rules
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)  # a day outside is a slip of the pen


class Parcel(Feature):
    """A land parcel (LA_SpatialUnit). Identity: commune as it was when the sheet was made, sheet, number.

    Areas are planar, in the CRS of the cadastral sheet (EPSG:9218), never in Web Mercator.
    `geohash` is the 12-character identifier of Thông tư 19/2026: issued once, stored, never recomputed.
    """

    class Status(models.TextChoices):
        ACTIVE = "active"
        RETIRED = "retired"

    area_key = models.TextField()
    sheet_no = models.PositiveIntegerField()
    parcel_no = models.PositiveIntegerField()
    geohash = models.CharField(max_length=12)
    legal_area_m2 = models.DecimalField(max_digits=14, decimal_places=1, null=True)
    survey_area_m2 = models.FloatField()
    land_use_now = models.TextField()
    land_use_legal = models.TextField(null=True)
    land_use_before = models.TextField(null=True)
    certificate = models.TextField(null=True)  # issued, none; null: not known
    status = models.TextField(choices=Status, default=Status.ACTIVE)
    sheet_scale = models.PositiveIntegerField(null=True)  # denominator of its sheet's scale; null: not known
    synthetic = models.BooleanField(default=False)
    geom = models.PolygonField(srid=geo.VN2000, spatial_index=False)

    class Meta(Feature.Meta):
        abstract = False
        db_table = "layers_parcel"
        constraints = [
            *Feature.Meta.constraints,
            models.UniqueConstraint(fields=["area_key", "sheet_no", "parcel_no"], name="parcel_number"),
            models.UniqueConstraint(fields=["geohash"], name="parcel_geohash"),
            models.CheckConstraint(condition=models.Q(survey_area_m2__gt=0), name="parcel_area_positive"),
            models.CheckConstraint(
                condition=models.Q(sheet_scale__in=SCALES) | models.Q(sheet_scale__isnull=True),
                name="parcel_sheet_scale",
            ),
        ]


class ParcelLineage(Versioned):
    """What became of a parcel's number: `parent_key` passed into `child_key` on `effective` (ISO 19152: lifespan).

    One row for each pair. A split has one parent and several children, a merge several parents and one child; where a
    boundary moved, each child stands with each parent it took land of. A retired number is not used again
    (Luật Đất đai 2024 Điều 220 for split and merge). Keys without a foreign key: a parent may be known by number only.
    """

    natural_key = ("parent_key", "child_key")

    class Kind(models.TextChoices):
        SPLIT = "split"
        MERGE = "merge"
        BOUNDARY = "boundary"
        RENUMBER = "renumber"

    parent_key = models.TextField()
    child_key = models.TextField(db_index=True)
    kind = models.TextField(choices=Kind)
    effective = models.DateField()
    document_key = models.TextField(null=True)  # of collections.documents
    note = models.TextField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        db_table = "layers_parcel_lineage"
        constraints = [
            models.UniqueConstraint(fields=["parent_key", "child_key"], name="parcel_lineage_pair"),
            models.CheckConstraint(
                condition=~models.Q(parent_key=models.F("child_key")), name="parcel_lineage_of_another"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["split", "merge", "boundary", "renumber"]), name="parcel_lineage_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(effective__gte=EARLIEST, effective__lt=LATEST), name="parcel_lineage_day"
            ),
        ]


class Party(Versioned):
    """A land user (LA_Party). PERSONAL: no public reading touches this table."""

    key = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField()  # person, household, organisation or state
    identity_no = models.TextField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        db_table = "layers_party"


class Right(Versioned):
    """A right of a party in a parcel (LA_Right). PERSONAL: no public reading touches this table."""

    key = models.TextField(unique=True)
    parcel_key = models.TextField(db_index=True)
    party_key = models.TextField(db_index=True)
    kind = models.TextField()  # use, ownership, mortgage or restriction
    share_numerator = models.PositiveIntegerField(default=1)
    share_denominator = models.PositiveIntegerField(default=1)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "layers_right"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share_numerator__gte=1)
                & models.Q(share_numerator__lte=models.F("share_denominator")),
                name="right_share_within_one",
            )
        ]


class LandUse(Versioned):
    """A land-use code of the 2018 or 2024 list, with its legal colour."""

    natural_key = ("code",)

    code = models.TextField(unique=True)
    name_vi = models.TextField()
    name_en = models.TextField()
    group = models.TextField()
    parent = models.TextField(null=True)
    is_group = models.BooleanField()
    in_2018_list = models.BooleanField()
    in_2024_list = models.BooleanField()
    status_2024 = models.TextField(null=True)
    successor = models.TextField(null=True)
    successor_note = models.TextField(null=True)
    color_hex = models.TextField(null=True)
    color_status = models.TextField(null=True)
    color_source = models.TextField(null=True)
    source = models.TextField()
    note = models.TextField(null=True)

    class Meta:
        db_table = "layers_land_use"
