import uuid

from django.db import models
from django.db.models.functions import Now


class Job(models.Model):
    """A piece of work for somebody. `parameters` name what it is about (keys, numbers), and nothing personal.

    `stage` is a sentence about where it is, `fault` one about why it failed; both in `language`, that of who asked.
    `tries` counts the workers that took it up: a worker that was ended in order does not count.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        STOPPED = "stopped"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.TextField()
    parameters = models.JSONField(default=dict)
    user_id = models.BigIntegerField()
    membership_id = models.BigIntegerField()
    agency_key = models.TextField()
    user_name = models.TextField()
    language = models.TextField()
    state = models.TextField(choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stage = models.TextField(default="")
    fault = models.TextField(default="")
    tries = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "layers_job"
        indexes = [
            models.Index(fields=["id"], name="job_unfinished", condition=models.Q(state__in=["waiting", "running"])),
            models.Index(fields=["user_id", "-id"], name="job_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed", "stopped"]),
                name="job_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | models.Q(state__in=["done", "failed", "stopped"], ended_at__isnull=False),
                name="job_ended_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def unfinished(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)


class JobFile(models.Model):
    """A result. Its bytes are rows of `JobPart`, so that a backup holds them and any server hands them out."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="files")
    name = models.TextField()
    media_type = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "layers_job_file"
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="job_file_name")]

    def __str__(self) -> str:
        return self.name


class JobPart(models.Model):
    """A piece of a file, numbered from 0."""

    file = models.ForeignKey(JobFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "layers_job_part"
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="job_part_number")]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.number}"
