from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Selection(models.Model):
    """Parcels that an officer has picked, in steps. `step` is the step shown now; later ones can be done again.

    Without a title it is scratch work and goes after some weeks. `shared` lets colleagues of the agency see it.
    """

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    agency_key = models.TextField()
    title = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    step = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "layers_selection"
        indexes = [models.Index(fields=["user", "-changed_at"], name="selection_user")]

    def __str__(self) -> str:
        return self.title or str(self.id)


class SelectionStep(models.Model):
    """What was asked (CQL2 JSON, empty for clearing) and how it changed the selection; `ids` are all rows after it."""

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    mode = models.TextField()  # new, add, remove, keep or clear
    question = models.TextField(blank=True)
    found = models.PositiveIntegerField()  # how many features the question itself met
    ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "layers_selection_step"
        constraints = [
            models.UniqueConstraint(fields=["selection", "number"], name="selection_step"),
            models.CheckConstraint(
                condition=models.Q(mode__in=["new", "add", "remove", "keep", "clear"]), name="selection_step_mode"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.selection_id} {self.number}"
