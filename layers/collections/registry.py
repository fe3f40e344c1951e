"""The explicit list of collections, in the order people meet them. A new layer adds one line here."""

from layers.collections.agencies.collection import AGENCIES
from layers.collections.areas.collection import AREAS
from layers.collections.base import Collection
from layers.collections.coverage.collection import COVERAGE
from layers.collections.parcels.collection import PARCELS
from layers.collections.planning_zones.collection import PLANNING_ZONES
from layers.collections.tourism_sites.collection import TOURISM_SITES
from layers.errors import NotFound

COLLECTIONS: tuple[Collection, ...] = (TOURISM_SITES, AGENCIES, AREAS, PARCELS, PLANNING_ZONES, COVERAGE)
_BY_ID = {collection.id: collection for collection in COLLECTIONS}


def get(collection_id: str) -> Collection:
    """The collection of that id. Raises NotFound, naming those there are."""
    try:
        return _BY_ID[collection_id]
    except KeyError:
        raise NotFound(
            f"There is no collection {collection_id!r}. There are: {', '.join(_BY_ID)}.",
            parameter="collectionId",
        ) from None
