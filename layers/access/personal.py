"""Owners: the only door to personal data. Masked by default; in clear only for a purpose and a dossier.

Each look is one statement of the database, which writes its log row before it answers (migration 0006). Nothing here
may stand in an address, a cache or a log file: callers take the input from a form that was posted.
Rules: NĐ 101/2024 Điều 61 and 63 (who may be told, and what for), Luật 91/2025 (personal data).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.conf import settings
from django.db import connection, transaction
from django.db.models import TextChoices
from django.db.utils import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from layers.access.log import Entry, as_json, refusals_logged
from layers.access.reader import Reader, require
from layers.access.roles import Action
from layers.collections.parcels.models import Parcel
from layers.errors import Invalid, NotAllowed, NotFound, Unavailable

FIELDS = ("name", "identity_no", "kind", "right", "share")
SHORTEST_PURPOSE = 10
SHORTEST_SEARCH = 3
MOST_FOUND = 20
_DOSSIER = re.compile(r"[0-9A-ZĐ][0-9A-ZĐ./-]{3,39}", re.IGNORECASE)


class Purpose(TextChoices):
    """What NĐ 101/2024 Điều 61 allows information on land users for. A closed list."""

    DOSSIER = "dossier", _("Giải quyết hồ sơ, thủ tục về đất đai")
    CONSENT = "consent", _("Theo yêu cầu hoặc đồng ý của người sử dụng đất")
    STATE_MANAGEMENT = "state_management", _("Quản lý nhà nước của cơ quan có thẩm quyền")
    VIOLATION = "violation", _("Xác minh, xử lý vi phạm")
    JUDGMENT = "judgment", _("Thi hành án dân sự")
    INVESTIGATION = "investigation", _("Điều tra, tố tụng")


@dataclass(frozen=True)
class Inquiry:
    """Why somebody asks: purpose (a value of Purpose), the reason in words, the dossier, and the asker's address."""

    purpose: str
    purpose_text: str
    dossier_code: str
    address: str


@dataclass(frozen=True)
class Owner:
    """A right in a parcel and its holder, as far as the reader may see: masked, or in clear."""

    name: str
    identity_no: str
    party_kind: str
    right_kind: str
    share: str
    valid_from: date | None
    valid_to: date | None
    masked: bool
    synthetic: bool


@dataclass(frozen=True)
class Owners:
    """`notice` is a sentence once 80 % of the day's quota is used, else empty."""

    owners: tuple[Owner, ...]
    notice: str = ""


@dataclass(frozen=True)
class Match:
    parcel_key: str
    name: str
    party_kind: str
    synthetic: bool


@dataclass(frozen=True)
class Matches:
    """Parcels of the owners found, at most MOST_FOUND. `more` says that there are others."""

    matches: tuple[Match, ...]
    more: bool
    notice: str = ""


def masked_owners(reader: Reader, parcel_key: str, address: str) -> tuple[Owner, ...]:
    """Owners with names and numbers masked by the database. Raises NotAllowed or NotFound. Logged."""
    entry = Entry("masked", address, parcel_key=parcel_key, fields=FIELDS)
    with refusals_logged(reader, entry):
        require(reader, Action.SEE_OWNERS_MASKED)
        _require_parcel(reader, Action.SEE_OWNERS_MASKED, parcel_key)
    with transaction.atomic(durable=True):
        return _owners(_ask("SELECT layers_owners_masked(%s::jsonb)", [as_json(reader, entry)]), masked=True)


def reveal_owners(reader: Reader, parcel_key: str, inquiry: Inquiry, *, exported: bool = False) -> Owners:
    """Owners in clear, for a purpose. `exported`: they go into a file.

    Raises NotAllowed (role, territory, quota), Invalid (purpose, its text, dossier) or NotFound. Logged, also refused.
    """
    entry = _entry("reveal", inquiry, parcel_key=parcel_key, fields=FIELDS, exported=exported)
    with refusals_logged(reader, entry):
        require(reader, Action.REVEAL_OWNERS)
        _require_inquiry(inquiry)
        _require_parcel(reader, Action.REVEAL_OWNERS, parcel_key)
        with transaction.atomic(durable=True):
            used = _take_turn(reader)
            found = _ask("SELECT layers_owners_clear(%s::jsonb)", [as_json(reader, entry)])
    return Owners(_owners(found, masked=False), _notice(used + max(1, len(found))))


def search_owners(reader: Reader, text: str, inquiry: Inquiry) -> Matches:
    """Parcels in the reader's territory by owner: exact identity number, or the beginning of the name, accents aside.

    Raises NotAllowed (role, quota) or Invalid (fewer than 3 letters; purpose, its text, dossier). Logged, also refused.
    """
    text = " ".join(text.replace("\x00", "").split())[:100]
    entry = _entry("search", inquiry, asked=text, fields=("name", "kind", "parcel"))
    with refusals_logged(reader, entry):
        require(reader, Action.SEARCH_OWNERS)
        _require_inquiry(inquiry)
        if sum(character.isalnum() for character in text) < SHORTEST_SEARCH:
            raise Invalid(gettext("Hãy gõ ít nhất 3 chữ đầu của tên, hoặc cả số định danh."), parameter="text")
        areas = None if reader.territory.whole else sorted(reader.territory.area_keys)
        with transaction.atomic(durable=True):
            used = _take_turn(reader)
            found = _ask(
                "SELECT layers_owner_search(%s::jsonb, %s::text[], %s)", [as_json(reader, entry), areas, MOST_FOUND]
            )
    matches = tuple(Match(**row) for row in found["matches"])
    return Matches(matches, found["more"], _notice(used + max(1, len(matches))))


def _entry(action: str, inquiry: Inquiry, **more: object) -> Entry:
    entry = Entry(
        action,
        inquiry.address,
        purpose=inquiry.purpose,
        purpose_text=" ".join(inquiry.purpose_text.split()),
        dossier_code=inquiry.dossier_code.strip(),
    )
    return replace(entry, **more)


def _require_inquiry(inquiry: Inquiry) -> None:
    if inquiry.purpose not in Purpose.values:
        raise Invalid(gettext("Hãy chọn mục đích xem trong danh sách."), parameter="purpose")
    if len(" ".join(inquiry.purpose_text.split())) < SHORTEST_PURPOSE:
        raise Invalid(gettext("Hãy ghi lý do, ít nhất 10 ký tự."), parameter="purpose_text")
    if not _DOSSIER.fullmatch(inquiry.dossier_code.strip()):
        raise Invalid(gettext("Hãy ghi mã hồ sơ: 4 đến 40 chữ, số và các dấu . / -"), parameter="dossier_code")


def _require_parcel(reader: Reader, action: Action, parcel_key: str) -> None:
    """Outside the territory nobody learns whether a parcel exists: the refusal is the same."""
    key = parcel_key.replace("\x00", "")
    area_key = Parcel.objects.filter(key=key).values_list("area_key", flat=True).first()
    if area_key is None and reader.territory.covers(key.rsplit("-", 2)[0]):
        raise NotFound(gettext("Không có thửa đất này trong dữ liệu."), parameter="parcel")
    require(reader, action, area_key=area_key or "")


_USED = """
SELECT coalesce(sum(greatest(1, result_count)), 0) FROM layers_access_log
WHERE user_id = %s AND allowed AND action IN ('reveal', 'search') AND at >= %s
"""


def _take_turn(reader: Reader) -> int:
    """Persons seen today, under this reader's lock until the transaction ends. Raises NotAllowed at the quota."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('personal', %s))", [reader.user_id])
        cursor.execute(_USED, [reader.user_id, midnight])
        used = cursor.fetchone()[0]
    if used >= settings.PERSONAL_QUOTA:
        message = gettext(
            "Hôm nay bạn đã xem hết hạn mức {quota} người sử dụng đất. Nếu công việc cần hơn, hãy báo người giám sát."
        )
        raise NotAllowed(message.format(quota=settings.PERSONAL_QUOTA), reason="quota")
    return used


def _notice(used: int) -> str:
    quota = settings.PERSONAL_QUOTA
    if used * 5 < quota * 4:
        return ""
    return gettext("Hôm nay bạn đã xem {used} trên hạn mức {quota} người sử dụng đất.").format(used=used, quota=quota)


def _ask(statement: str, params: list[object]):
    """The answer of a logging function. A fault of the database is told without its text, which quotes values."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            return json.loads(cursor.fetchone()[0])
    except DatabaseError:
        raise Unavailable(gettext("Chưa đọc được dữ liệu người sử dụng đất. Xin thử lại sau ít phút.")) from None


def _owners(found: list[dict], *, masked: bool) -> tuple[Owner, ...]:
    return tuple(
        Owner(
            name=row["name"],
            identity_no=row["identity_no"] or "",
            party_kind=row["party_kind"],
            right_kind=row["right_kind"],
            share=row["share"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            masked=masked,
            synthetic=row["synthetic"],
        )
        for row in found
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
