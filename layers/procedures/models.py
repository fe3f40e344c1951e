"""Tables of this room. All are published through the one door, so each has versions, a changeset and a reason."""

from django.contrib.gis.db import models

from layers.collections.base import Versioned, folded_names, search_index

FIELDS = (
    ("land", "Đất đai", "Land"),
    ("land_finance", "Tài chính đất đai", "Land finance"),
    ("secured_transactions", "Đăng ký biện pháp bảo đảm", "Registration of security interests"),
    ("surveying", "Đo đạc, bản đồ và thông tin địa lý", "Surveying, mapping and geographic information"),
    ("tourism", "Du lịch", "Tourism"),
    ("planning", "Quy hoạch đô thị và nông thôn", "Urban and rural planning"),
    ("construction", "Hoạt động xây dựng", "Construction"),
    ("architecture", "Kiến trúc", "Architecture"),
    ("investment", "Đầu tư tại Việt Nam", "Investment in Viet Nam"),
)
LEVELS = (
    ("commune", "Cấp xã", "Commune"),
    ("province", "Cấp tỉnh", "Province"),
    ("ministry", "Cấp bộ", "Ministry"),
    ("other", "Cơ quan khác", "Other bodies"),
)
DAY_KINDS = (
    ("working", "ngày làm việc", "working days"),
    ("calendar", "ngày", "calendar days"),
    ("unknown", "ngày (chưa rõ loại ngày)", "days (kind of day not stated)"),
)


def _pairs(choices: tuple[tuple[str, str, str], ...]) -> list[tuple[str, str]]:
    return [(code, vi) for code, vi, _en in choices]


class Procedure(Versioned):
    """One administrative procedure as one decision published it (cpsv:PublicService).

    A code alone does not identify it: the key is code + decision + validity (half-open, an unknown start is null).
    Limit and fee stand per channel; `*_limit_vi` is the source's own text, and an amount without a kind of day is
    `unknown`, never guessed. `detail_url` is data: the portal's address cannot be built from the code.
    """

    natural_key = ("code", "decision", "valid_from")

    class Status(models.TextChoices):
        ACTIVE = "active"
        REPLACED = "replaced"
        ABOLISHED = "abolished"

    code = models.TextField(db_index=True)
    decision = models.TextField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    decision_date = models.DateField(null=True)
    name_vi = models.TextField()
    name_en = models.TextField()
    short_vi = models.TextField(null=True)  # plain words, where the legal name is too long for a heading
    short_en = models.TextField(null=True)
    field = models.TextField(choices=_pairs(FIELDS))
    levels = models.TextField()  # codes of LEVELS, separated by spaces: who decides
    agency_vi = models.TextField(null=True)
    audience = models.TextField(null=True)  # codes, separated by spaces
    counter_amount = models.PositiveIntegerField(null=True)
    counter_day_kind = models.TextField(choices=_pairs(DAY_KINDS), default="unknown")
    counter_limit_vi = models.TextField(null=True)
    counter_fee_vi = models.TextField(null=True)
    online_amount = models.PositiveIntegerField(null=True)
    online_day_kind = models.TextField(choices=_pairs(DAY_KINDS), default="unknown")
    online_limit_vi = models.TextField(null=True)
    online_fee_vi = models.TextField(null=True)
    post_amount = models.PositiveIntegerField(null=True)
    post_day_kind = models.TextField(choices=_pairs(DAY_KINDS), default="unknown")
    post_limit_vi = models.TextField(null=True)
    post_fee_vi = models.TextField(null=True)
    limit_note_vi = models.TextField(null=True)
    limit_note_en = models.TextField(null=True)
    result_vi = models.TextField(null=True)
    detail_url = models.TextField(null=True)
    code_status = models.TextField()  # verified or memory
    checked_on = models.TextField(null=True)  # year and month: 2026-07; null: never compared with the portal
    status = models.TextField(choices=Status, default=Status.ACTIVE)
    source = models.TextField()
    search_key = folded_names("code", "short_vi", "short_en", "name_vi", "name_en")

    class Meta:
        db_table = "layers_procedure"
        verbose_name = "thủ tục"
        verbose_name_plural = "thủ tục"
        indexes = [search_index()]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "decision", "valid_from"], nulls_distinct=False, name="procedure_key"
            ),
            models.CheckConstraint(condition=models.Q(code__regex=r"^\d\.\d{6}$"), name="procedure_code_form"),
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from"))
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True),
                name="procedure_validity_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_vi}"


class CodeSuccession(Versioned):
    """What became of a procedure code. replaced: the successor follows it; abolished: nothing does; seen_as: another
    source writes the successor's code for the same procedure, while this one still stands."""

    natural_key = ("code", "successor")

    class Kind(models.TextChoices):
        REPLACED = "replaced"
        ABOLISHED = "abolished"
        SEEN_AS = "seen_as"

    code = models.TextField(db_index=True)
    successor = models.TextField(null=True)
    kind = models.TextField(choices=Kind)
    effective = models.DateField(null=True)
    decision = models.TextField(null=True)
    status = models.TextField()  # verified or unverified
    source = models.TextField()
    note_vi = models.TextField(null=True)
    note_en = models.TextField(null=True)

    class Meta:
        db_table = "layers_code_succession"
        constraints = [
            models.UniqueConstraint(fields=["code", "successor"], nulls_distinct=False, name="code_succession_key"),
            models.CheckConstraint(
                condition=models.Q(kind="abolished", successor__isnull=True)
                | (~models.Q(kind="abolished") & models.Q(successor__isnull=False)),
                name="code_succession_target",
            ),
            models.CheckConstraint(condition=~models.Q(code=models.F("successor")), name="code_succession_not_itself"),
        ]


class Competence(Versioned):
    """Who handles procedures of one field at one level: an agency by key, or the agency of a kind that serves the
    commune of the place on the day. A row that names a procedure goes before the row of its whole field."""

    natural_key = ("field", "level", "procedure", "valid_from")

    field = models.TextField()
    level = models.TextField(choices=_pairs(LEVELS))
    procedure = models.TextField(null=True)
    agency_key = models.TextField(null=True)
    agency_kind = models.TextField(null=True)
    counter_key = models.TextField(null=True)  # the one-stop unit that receives the file
    counter_kind = models.TextField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    status = models.TextField()  # verified or unverified
    none_vi = models.TextField(null=True)  # why no agency of the map handles it
    none_en = models.TextField(null=True)
    source = models.TextField()

    class Meta:
        db_table = "layers_competence"
        constraints = [
            models.UniqueConstraint(
                fields=["field", "level", "procedure", "valid_from"], nulls_distinct=False, name="competence_key"
            ),
            models.CheckConstraint(
                condition=models.Q(agency_key__isnull=False)
                | models.Q(agency_kind__isnull=False)
                | models.Q(none_vi__isnull=False),
                name="competence_says_something",
            ),
        ]


class Rule(Versioned):
    """One rule of the book. `body` is what rule.parse reads; the other columns repeat parts of it for lists.
    Recorded time is `lifespan_begin`; validity in law is valid_from/valid_to."""

    natural_key = ("key",)

    key = models.TextField(unique=True)
    revision = models.PositiveIntegerField()
    targets = models.TextField()  # collection ids, separated by spaces
    procedure = models.TextField(db_index=True)
    set = models.TextField()
    outcome = models.TextField()
    priority = models.PositiveIntegerField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    body = models.JSONField()

    class Meta:
        db_table = "layers_rule"
        verbose_name = "quy tắc"
        verbose_name_plural = "quy tắc"

    def __str__(self) -> str:
        return self.key
