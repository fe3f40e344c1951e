"""The rule book loaded through the door, and one commune with its offices."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area, Succession
from layers.editing.publish import publish
from layers.transfer.rule_book import procedure_batches
from tests.factories import changeset, given

DATA = Path(__file__).resolve().parents[2] / "data"
OLD = {"valid_from": date(2015, 5, 16), "valid_to": date(2025, 7, 1)}


@pytest.fixture
def rule_book(db) -> None:
    publish(changeset(), procedure_batches(DATA))


@pytest.fixture
def mui_ne(rule_book) -> None:
    """Ward 22918 of today, the former 22915 it grew from, their offices and the province's."""
    given(Area, {}, {"key": "22915-2015", "code": "22915", "name_vi": "Hàm Tiến", "name_en": "Ham Tien", **OLD})
    given(Succession)
    here = {"level": "commune", "area_code": "22918", "area_key": "22918-2025"}
    given(
        Agency,
        {},
        {"key": "ld-22918-ubnd", "code": "A", "kind": "people_committee", "name_vi": "UBND phường Mũi Né", **here},
        {"key": "ld-22918-pvhcc", "code": "B", "kind": "one_stop", "name_vi": "Một cửa Mũi Né", **here},
        {"key": "ld-vpdkdd", "code": "C", "kind": "land_registry", "name_vi": "Văn phòng Đăng ký đất đai"},
        {"key": "ld-ttpvhcc", "code": "D", "kind": "one_stop", "name_vi": "Một cửa tỉnh"},
        {"key": "bt-vpdkdd", "code": "E", "kind": "land_registry", "name_vi": "Văn phòng cũ", **OLD},
    )
