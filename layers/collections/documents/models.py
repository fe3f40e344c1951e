from datetime import date

from django.contrib.gis.db import models

from layers.collections.base import Versioned

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)  # a day outside is a slip of the pen


class Document(Versioned):
    """A document by its number (LA_AdministrativeSource, LA_SpatialSource). It holds no person's name.

    `issued_by` is an agency's key, or the words of the paper where no such agency is held.
    """

    class Kind(models.TextChoices):
        DECISION = "decision"  # quyết định
        CERTIFICATE = "certificate"  # giấy chứng nhận, by its serial number
        PLAN = "plan"  # bản vẽ, mảnh trích đo
        ARCHIVE = "archive"  # hồ sơ lưu trữ

    key = models.TextField(unique=True)
    kind = models.TextField(choices=Kind)
    number = models.TextField()
    title_vi = models.TextField()
    issued_on = models.DateField(null=True)
    issued_by = models.TextField(null=True)
    archive_ref = models.TextField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        db_table = "layers_document"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["decision", "certificate", "plan", "archive"]), name="document_kind"
            ),
            models.CheckConstraint(condition=~models.Q(number=""), name="document_numbered"),
            models.CheckConstraint(
                condition=models.Q(issued_on__gte=EARLIEST, issued_on__lt=LATEST) | models.Q(issued_on__isnull=True),
                name="document_day",
            ),
        ]


class ParcelDocument(Versioned):
    """What a document did to a parcel."""

    natural_key = ("parcel_key", "document_key", "did")

    class Did(models.TextChoices):
        CREATED = "created"
        RETIRED = "retired"
        CHANGED = "changed"

    parcel_key = models.TextField()
    document_key = models.TextField(db_index=True)
    did = models.TextField(choices=Did)
    synthetic = models.BooleanField(default=False)

    class Meta:
        db_table = "layers_parcel_document"
        constraints = [
            models.UniqueConstraint(fields=["parcel_key", "document_key", "did"], name="parcel_document_once"),
            models.CheckConstraint(
                condition=models.Q(did__in=["created", "retired", "changed"]), name="parcel_document_did"
            ),
        ]
