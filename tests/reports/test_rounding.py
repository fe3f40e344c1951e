"""Printed columns add up, whatever the parts."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.reports.canonical import canonical_json
from layers.reports.rounding import in_units, largest_remainders

PARTS = st.lists(st.floats(0, 50_000, allow_nan=False), min_size=1, max_size=12)


@settings(max_examples=400, deadline=None)
@given(PARTS)
def test_the_sum_is_exact_and_each_part_is_off_by_less_than_one(parts):
    total = in_units(sum(parts), Decimal(1))
    result = largest_remainders(parts, total)
    assert sum(result) == total
    assert all(abs(whole - part) < 1 for whole, part in zip(result, parts, strict=True))


@settings(max_examples=200, deadline=None)
@given(PARTS)
def test_parts_of_a_thousand_make_a_thousand_and_nothing_stays_nothing(parts):
    parts = [*parts, 0.0]
    together = sum(parts) or 1.0
    if sum(parts):
        result = largest_remainders([part / together * 1000 for part in parts], 1000)
        assert sum(result) == 1000
        assert result[-1] == 0


def test_the_swiss_sheet_that_prints_100_point_1():
    """7,774 + 11,054 + 1,069 of 19,897 m²: rounding each gives 39.1 + 55.6 + 5.4 = 100.1 %."""
    parts = [part / 19_897 * 1000 for part in (7_774, 11_054, 1_069)]
    assert sum(round(part) for part in parts) == 1001
    assert largest_remainders(parts, 1000) == [391, 555, 54]


def test_equal_remainders_go_to_the_larger_part_then_the_earlier():
    assert largest_remainders([1.5, 7.5], 9) == [1, 8]
    assert largest_remainders([2.5, 2.5], 5) == [3, 2]


@pytest.mark.parametrize(("parts", "total"), [([1.0, 2.0], 4), ([1.4, 2.4], 2), ([], 1)])
def test_a_sum_that_cannot_be_had_is_refused(parts, total):
    with pytest.raises(ValueError, match="add up"):
        largest_remainders(parts, total)


def test_canonical_bytes_know_no_order_and_no_floats():
    a = {"b": Decimal("1.50"), "a": ["ế", None, True]}
    b = {"a": ("ế", None, True), "b": Decimal("1.50")}
    assert canonical_json(a) == canonical_json(b) == '{"a":["ế",null,true],"b":"1.50"}'.encode()
    with pytest.raises(TypeError):
        canonical_json({"a": 1.5})
