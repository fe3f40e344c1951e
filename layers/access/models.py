from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext

from layers.access.roles import Role
from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area


class DateRange(models.Func):
    function = "daterange"


class Membership(models.Model):
    """A person acts for an agency in one role, in a territory, during `valid_from` ≤ day < `valid_to`.

    `area_keys` are the areas as given; what they were and became is added when a Reader is made.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    agency_key = models.TextField()
    role = models.TextField(choices=Role)
    whole_province = models.BooleanField(default=False)
    area_keys = ArrayField(models.TextField(), default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "layers_membership"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="membership_validity_ordered",
            ),
            models.CheckConstraint(
                condition=models.Q(whole_province=True, area_keys=[]) | models.Q(whole_province=False),
                name="membership_one_territory",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("agency_key", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}, {self.agency_key}"

    def clean(self) -> None:
        """What a form must not let through: an agency or areas that are not there, or no territory at all."""
        if not Agency.objects.filter(key=self.agency_key).exists():
            message = gettext("Không có cơ quan mang mã này: %(key)s") % {"key": self.agency_key}
            raise ValidationError({"agency_key": message})
        known = Area.objects.filter(key__in=self.area_keys).values_list("key", flat=True)
        if unknown := sorted(set(self.area_keys) - set(known)):
            message = gettext("Không có đơn vị hành chính mang mã này: %(keys)s") % {"keys": ", ".join(unknown)}
            raise ValidationError({"area_keys": message})
        if self.whole_province == bool(self.area_keys):
            raise ValidationError(
                gettext("Toàn tỉnh thì không kê từng đơn vị; nếu không phải toàn tỉnh thì phải kê ít nhất một đơn vị.")
            )


class SignInAttempt(models.Model):
    """A try to sign in. The name typed is kept as a hash: people type passwords into the wrong box."""

    name_hash = models.TextField()
    address = models.GenericIPAddressField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "layers_sign_in_attempt"
        indexes = [
            models.Index(fields=["name_hash", "at"], name="sign_in_name"),
            models.Index(fields=["address", "at"], name="sign_in_address"),
        ]

    def __str__(self) -> str:
        return f"{self.address}, {self.at}"


class AccessEntry(models.Model):
    """One look at personal data, or a try. The table, its chain of hashes and its guards are SQL (migration).

    Unmanaged, so that nothing of Django's (flush, admin, cascades) touches it; no foreign keys: it outlives accounts.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    user_name = models.TextField()
    agency_key = models.TextField()
    role = models.TextField()
    address = models.GenericIPAddressField(null=True)
    action = models.TextField()
    purpose = models.TextField()
    purpose_text = models.TextField()
    dossier_code = models.TextField()
    parcel_key = models.TextField()
    asked = models.TextField()
    fields = ArrayField(models.TextField())
    result_count = models.IntegerField()
    exported = models.BooleanField()
    allowed = models.BooleanField()
    reason = models.TextField()
    previous_hash = models.TextField()
    hash = models.TextField()

    class Meta:
        managed = False
        db_table = "layers_access_log"

    def __str__(self) -> str:
        return f"{self.id}: {self.action}"
