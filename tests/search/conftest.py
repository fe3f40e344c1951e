"""The province's own tables and a few parcels, for all tests of search."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

from layers.collections.parcels.models import Parcel, Party, Right
from layers.editing.publish import publish
from layers.transfer import rule_book, tables
from tests.factories import changeset, given, rectangle
from tests.search.asking import OWNER

SHEETS = (  # commune of the sheet, sheet, parcel, identifier
    ("22915-2015", 45, 123, "w3vjtp2sf9x1"),
    ("22918-2015", 45, 123, "w3vjtp2sf9x2"),
    ("22918-2015", 45, 7, "w3vjtp2sf9x3"),
    ("22957-2015", 9, 1, "w3vjtp2sf9x4"),
    ("22927-2015", 123, 45, "w3vjtp2sf9x5"),
    ("23143-2015", 12, 45, "w3vjtp2sf9x6"),
    ("23140-2015", 12, 45, "w3vjtp2sf9x7"),
)


@pytest.fixture(scope="package")
def province(django_db_setup, django_db_blocker):
    """The fact tables and a few parcels, once for all tests here; nothing of it stays."""
    with django_db_blocker.unblock():
        facts = [tables.batch(settings.DATA_DIR, table) for table in tables.fact_tables(settings.DATA_DIR)]
        publish(changeset(), [*facts, *rule_book.procedure_batches(settings.DATA_DIR)])
        parcels = [
            {"key": f"{area}-{sheet}-{number}", "area_key": area, "sheet_no": sheet, "parcel_no": number,
             "geohash": code, "geom": rectangle(at=(456313.0 + 100 * place, 1208622.0))}
            for place, (area, sheet, number, code) in enumerate(SHEETS)
        ]  # fmt: skip
        given(Parcel, *parcels)
        given(Party, {"name": OWNER, "identity_no": "060099123456"})
        given(Right, {"parcel_key": "22918-2015-45-123"})
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE layers_changeset, layers_layer_state CASCADE")
