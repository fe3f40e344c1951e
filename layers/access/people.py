"""Persons and what they act as. The one place where a signed-in person becomes a Reader."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from layers.access.models import Membership
from layers.access.reader import Reader, Territory
from layers.access.roles import Role
from layers.collections.agencies.models import Agency
from layers.errors import NotAllowed


@dataclass(frozen=True)
class Post:
    """A current membership, as its holder chooses it."""

    id: int
    agency_key: str
    agency_name: str
    role: Role


def posts_of(user_id: int, day: date | None = None) -> tuple[Post, ...]:
    """What a person may act as on `day` (today), for an active account; else none."""
    found = _current(user_id, day or timezone.localdate())
    names = dict(Agency.objects.filter(key__in=[m.agency_key for m in found]).values_list("key", "name_vi"))
    return tuple(Post(m.pk, m.agency_key, names.get(m.agency_key, m.agency_key), Role(m.role)) for m in found)


def reader_of(user_id: int, membership_id: int | None, day: date | None = None) -> Reader:
    """The reader for a person acting under a membership. Asked anew for each request: what ended, ended now.

    Raises NotAllowed (`no_membership`) when the account is disabled or the membership is not this person's, not yet
    begun or over.
    """
    found = [m for m in _current(user_id, day or timezone.localdate()) if m.pk == membership_id]
    if not found:
        raise NotAllowed(
            gettext("Phân công này không còn hiệu lực. Hãy chọn cơ quan khác hoặc liên hệ quản trị viên."),
            reason="no_membership",
        )
    membership = found[0]
    agency = Agency.objects.filter(key=membership.agency_key).values_list("name_vi", flat=True).first()
    return Reader(
        name=membership.user.get_username(),
        staff=True,
        user_id=user_id,
        membership_id=membership.pk,
        full_name=" ".join(part for part in (membership.user.last_name, membership.user.first_name) if part),
        agency_key=membership.agency_key,
        agency_name=agency or membership.agency_key,
        role=Role(membership.role),
        territory=territory(membership),
    )


def _current(user_id: int, day: date) -> list[Membership]:
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    return list(
        Membership.objects.filter(running, user_id=user_id, user__is_active=True, valid_from__lte=day)
        .select_related("user")
        .order_by("agency_key", "role")
    )


# Downward from what was given; then back to what these units were, and forward to what they became. The two
# directions are never mixed: what a successor also swallowed is not part of the territory.
_EXPAND = """
WITH RECURSIVE inside AS (
    SELECT unnest(%(keys)s::text[]) AS key
    UNION SELECT a.key FROM layers_area a JOIN inside i ON a.parent_key = i.key
), back AS (
    SELECT key FROM inside UNION SELECT s.from_key FROM layers_succession s JOIN back b ON s.to_key = b.key
), forth AS (
    SELECT key FROM inside UNION SELECT s.to_key FROM layers_succession s JOIN forth f ON s.from_key = f.key
    WHERE s.to_key IS NOT NULL
)
SELECT key FROM back UNION SELECT key FROM forth
"""


def territory(membership: Membership) -> Territory:
    """Areas of a membership with those inside them, their predecessors and successors.

    A unit that was split belongs to the territories of both its parts: its key cannot tell the parts apart.
    """
    if membership.whole_province:
        return Territory(whole=True)
    with connection.cursor() as cursor:
        cursor.execute(_EXPAND, {"keys": membership.area_keys})
        return Territory(area_keys=frozenset(row[0] for row in cursor.fetchall()))


@dataclass(frozen=True)
class DemoAccount:
    name: str
    password: str
    post: str


# (account, name, agency, role, areas; none: the whole province). The agencies are of data/agencies.csv.
DEMO = (
    ("mau.canbo", "Cán bộ Mẫu", "bt-593-vpdk", Role.OFFICER, ("593-2015",)),
    ("mau.quyhoach", "Quy hoạch Mẫu", "ld-snnmt", Role.PLANNER, ()),
    ("mau.thamdinh", "Thẩm định Mẫu", "bt-593-vpdk", Role.REVIEWER, ("593-2015",)),
    ("mau.giamsat", "Giám sát Mẫu", "bt-593-vpdk", Role.SUPERVISOR, ("593-2015",)),
    ("mau.quantri", "Quản trị Mẫu", "ld-snnmt", Role.ADMINISTRATOR, ()),
)


def _let_manage_members(user: AbstractBaseUser) -> None:
    """Into Django's admin, for memberships only. Accounts are a superuser's: who may change them may become one."""
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    names = ("add_membership", "change_membership", "view_membership", "view_user")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))


def make_demo_accounts() -> tuple[DemoAccount, ...]:
    """Make one account per role, with passwords made now; those that exist are left alone and not returned."""
    made = []
    for name, full_name, agency, role, areas in DEMO:
        if get_user_model().objects.filter(username=name).exists():
            continue
        password = secrets.token_urlsafe(12)
        last, _, first = full_name.rpartition(" ")
        with transaction.atomic():
            user = get_user_model().objects.create_user(name, password=password, first_name=first, last_name=last)
            if role is Role.ADMINISTRATOR:
                _let_manage_members(user)
            Membership.objects.create(
                user=user, agency_key=agency, role=role, whole_province=not areas, area_keys=list(areas),
                valid_from=timezone.localdate(),
            )  # fmt: skip
        made.append(DemoAccount(name, password, f"{role.value}, {agency}"))
    return tuple(made)


def agency_names(keys: set[str]) -> dict[str, str]:
    """Names of agencies by key; keys of none are left out."""
    return dict(Agency.objects.filter(key__in=keys).values_list("key", "name_vi"))
