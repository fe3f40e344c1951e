"""Documents by parcel, and by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

MOST = 100  # of one parcel, on one page


@dataclass(frozen=True)
class DocumentRow:
    """A document as it is shown. `issued_by` is the agency's name where its key is held, else the words stored."""

    key: str
    kind: str
    number: str
    title_vi: str
    issued_on: date | None
    issued_by_vi: str
    issued_by_en: str
    archive_ref: str
    synthetic: bool


@dataclass(frozen=True)
class Basis:
    """A document and what it did to the parcel: created, retired or changed it."""

    did: str
    document: DocumentRow


_DOCUMENT = (
    "d.key, d.kind, d.number, d.title_vi, d.issued_on, coalesce(a.name_vi, d.issued_by, ''), "
    "coalesce(a.name_en, d.issued_by, ''), coalesce(d.archive_ref, ''), d.synthetic"
)
_FROM = "layers_document d LEFT JOIN layers_agency a ON a.key = d.issued_by"


def of_parcel(parcel_key: str) -> tuple[Basis, ...]:
    """The parcel's documents, the newest first; at most MOST. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.did, {_DOCUMENT} FROM layers_parcel_document p JOIN {_FROM} ON d.key = p.document_key "
            f"WHERE p.parcel_key = %s ORDER BY d.issued_on DESC NULLS LAST, d.number, p.did LIMIT {MOST}",
            [parcel_key.replace("\x00", "")],
        )
        return tuple(Basis(did, DocumentRow(*row)) for did, *row in cursor.fetchall())


def by_keys(keys: Sequence[str]) -> dict[str, DocumentRow]:
    """Documents by key; unknown keys are left out."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_DOCUMENT} FROM {_FROM} WHERE d.key = ANY(%s)", [list(keys)])
        return {row[0]: DocumentRow(*row) for row in cursor.fetchall()}
