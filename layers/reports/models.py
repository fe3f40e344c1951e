import uuid

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


class ReferenceBatch(models.Model):
    """References to parcels that one person looks up together. `place` is where those lie that name none.

    `header` is a first line that was taken for a heading, and passed over like the empty ones.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    user_id = models.BigIntegerField()
    user_name = models.TextField()
    agency_key = models.TextField()
    place = models.TextField(default="")
    empty_lines = models.PositiveIntegerField(default=0)
    header = models.TextField(default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "layers_reference_batch"
        indexes = [models.Index(fields=["user_id", "-id"], name="reference_batch_of_person")]

    def __str__(self) -> str:
        return str(self.uuid)


class BatchLine(models.Model):
    """One reference and what came of it. `same_as` is the number of the line that says the same: it holds the answer.

    `parcel_key` is the parcel meant: the only possible one, or `by_hand` that which the officer chose. `details` keeps
    candidates and reasons (reports/batch_lines.py). `extract_number` was issued for `parcel_key` by `extract_job`.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        FOUND = "found"
        AMBIGUOUS = "ambiguous"
        MISSING = "missing"

    batch = models.ForeignKey(ReferenceBatch, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=200)
    cut = models.BooleanField(default=False)
    same_as = models.PositiveIntegerField(null=True)
    state = models.TextField(choices=State, default=State.WAITING)
    outcome = models.TextField(default="")
    parcel_key = models.TextField(default="")
    by_hand = models.BooleanField(default=False)
    details = models.JSONField(default=dict)
    extract_number = models.TextField(default="")
    extract_job = models.UUIDField(null=True)
    no_extract = models.TextField(default="")

    class Meta:
        db_table = "layers_batch_line"
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="batch_line_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "found", "ambiguous", "missing"]), name="batch_line_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="found") | models.Q(parcel_key=""), name="batch_line_parcel_when_found"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.number}"
