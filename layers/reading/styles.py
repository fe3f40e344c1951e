"""How each collection is drawn: the style file in its folder, read once."""

import json
from functools import lru_cache
from pathlib import Path

from layers.collections.base import Collection

COLLECTIONS_DIR = Path(__file__).resolve().parent.parent / "collections"


def style_path(collection: Collection) -> Path:
    return COLLECTIONS_DIR / collection.id / "style.json"


@lru_cache
def layers(collection: Collection) -> dict:
    """`{"layers": […]}` with `source-layer` names of the collection's tiles. Raises OSError when there is no file."""
    return json.loads(style_path(collection).read_text(encoding="utf-8"))
