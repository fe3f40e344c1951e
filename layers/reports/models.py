from django.contrib.gis.db import models
from django.db.models.functions import Now


class Extract(models.Model):
    """An issued parcel extract: what the paper says, word for word, so that a copy can be held against it.

    `content` is canonical JSON; `sha256` its hash, `signature` over number and hash by a key derived from SECRET_KEY.
    `facts_sha256` leaves out number and day of issue: equal facts, equal hash. Rows are added, and marked superseded
    once; triggers refuse every other change, whoever the role. Unmanaged, so that Django's flush does not try.
    """

    number = models.TextField(unique=True)
    parcel_key = models.TextField(db_index=True)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    facts_sha256 = models.CharField(max_length=64)
    signature = models.TextField()
    issued_at = models.DateTimeField(db_default=Now())
    issued_by = models.TextField()
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supersedes")
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "layers_extract"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(superseded_by__isnull=True, superseded_at__isnull=True)
                | models.Q(superseded_by__isnull=False, superseded_at__isnull=False),
                name="extract_superseded_when",
            )
        ]

    def __str__(self) -> str:
        return self.number
