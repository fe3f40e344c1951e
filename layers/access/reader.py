"""Who reads, and what that reader may see. Asked once, first, by every door of `reading`."""

from dataclasses import dataclass

from django.conf import settings

from layers.collections.base import Collection, Field, Visibility
from layers.errors import NotAllowed


@dataclass(frozen=True)
class Reader:
    """Somebody who reads. `staff` sees fields marked for staff. Public addresses always read as PUBLIC."""

    name: str
    staff: bool = False


PUBLIC = Reader("public")


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
