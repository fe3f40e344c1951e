"""The one spelling of a value as bytes, so that equal content has an equal hash: sorted keys, no spaces, UTF-8 (NFC).

Numbers with a fraction must come as Decimal and are written as text with the decimals they carry ("12.50"): a float
has no one spelling and is refused.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import unicodedata
from datetime import date
from decimal import Decimal


def plain(value: object) -> object:
    """Frozen dataclasses, tuples, dates and Decimals → what JSON knows. Raises TypeError for floats and the unknown."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int)):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form; give a Decimal for a fraction.")


def canonical_json(value: object) -> bytes:
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
