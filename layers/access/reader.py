"""Who reads or acts, and what that person may see and do. Asked once, first, by every door of the rooms above."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from layers.access.roles import MAY, Action, Role, action_title
from layers.collections.base import Collection, Field, Visibility
from layers.errors import NotAllowed


@dataclass(frozen=True)
class Territory:
    """The areas somebody is responsible for. `area_keys` holds also what these areas were and became (see people)."""

    whole: bool = False
    area_keys: frozenset[str] = frozenset()

    def covers(self, area_key: str) -> bool:
        return self.whole or area_key in self.area_keys


@dataclass(frozen=True)
class Reader:
    """Somebody who reads or acts. Public addresses always read as PUBLIC, whoever is signed in.

    `staff` sees fields marked for staff. A signed-in person's reader is made by `people.reader_of` only.
    """

    name: str
    staff: bool = False
    user_id: int | None = None
    membership_id: int | None = None
    full_name: str = ""
    agency_key: str = ""
    agency_name: str = ""
    role: Role | None = None
    territory: Territory = Territory()


PUBLIC = Reader("public")


@dataclass(frozen=True)
class Condition:
    """A piece of SQL that is true or false for a row, and its parameters."""

    sql: str
    params: tuple[object, ...]


def may(reader: Reader, action: Action) -> bool:
    """Whether the role of `reader` includes `action`; for menus. Verbs call `require`."""
    return reader.role is not None and action in MAY[reader.role]


def require(reader: Reader, action: Action, *, area_key: str | None = None) -> None:
    """Raise NotAllowed unless `reader` may do `action`, and, where `area_key` is given, in that area."""
    if reader.role is None:
        raise NotAllowed(gettext("Hãy đăng nhập bằng tài khoản công vụ để dùng chức năng này."), reason="not_signed_in")
    if not may(reader, action):
        raise NotAllowed(
            gettext("Vai trò “{role}” không được dùng chức năng “{action}”.").format(
                role=reader.role.label, action=action_title(action)
            )
        )
    if area_key is not None and not reader.territory.covers(area_key):
        raise NotAllowed(
            gettext("Khu vực này nằm ngoài địa bàn được phân công cho bạn tại {agency}.").format(
                agency=reader.agency_name or reader.agency_key
            ),
            reason="outside_territory",
        )


def refusal(reader: Reader, action: Action, area_key: str) -> str:
    """The sentence with which `reader` would be refused `action` in that area, empty where allowed; for pages."""
    try:
        require(reader, action, area_key=area_key)
    except NotAllowed as fault:
        return fault.message
    return ""


def within_territory(reader: Reader, column: str = "t.area_key") -> Condition:
    """The rows of `reader`'s territory, as a condition on `column` (a trusted SQL name of a column of area keys)."""
    if reader.territory.whole:
        return Condition("TRUE", ())
    return Condition(f"{column} = ANY(%s)", (sorted(reader.territory.area_keys),))


def readable_rows(reader: Reader, collection: Collection) -> tuple[str, dict[str, object]]:
    """The rows of `collection` this reader may read, as a condition over `t` with named parameters.

    Where parcels are not public, officers read those of their own territory.
    """
    if collection.id != "parcels" or readable(PUBLIC, collection) or reader.territory.whole:
        return "TRUE", {}
    return "t.area_key = ANY(%(own_areas)s)", {"own_areas": sorted(reader.territory.area_keys)}


def require_read(reader: Reader, collection: Collection) -> None:
    """Raise NotAllowed unless `reader` may read `collection` at all."""
    if collection.id == "parcels" and not settings.PUBLIC_PARCELS and not reader.staff:
        raise NotAllowed("This province does not publish its parcels. Ask the land registration office.")


def readable(reader: Reader, collection: Collection) -> bool:
    """Whether `reader` may read `collection`; for lists that leave out what may not be read."""
    try:
        require_read(reader, collection)
    except NotAllowed:
        return False
    return True


def visible_fields(reader: Reader, collection: Collection) -> tuple[Field, ...]:
    """The fields of `collection` this reader may see, filter and sort by. Others do not exist for this reader."""
    return tuple(f for f in collection.fields if f.visibility is Visibility.PUBLIC or reader.staff)
