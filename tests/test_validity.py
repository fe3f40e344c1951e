"""Half-open validity: SQL, querysets and values say the same of every day at an edge."""

from datetime import date

import pytest
from django.db import connection

from layers.collections.areas.models import Area, Succession
from layers.collections.validity import is_valid, valid_on, valid_sql
from layers.reading.search import search
from tests.factories import given

BEGIN, END = date(2020, 1, 1), date(2025, 7, 1)
PERIODS = {"both": (BEGIN, END), "open-end": (BEGIN, None), "open-begin": (None, END), "always": (None, None)}


@pytest.mark.parametrize(
    ("day", "valid"),
    [
        (date(2019, 12, 31), {"open-begin", "always"}),
        (BEGIN, {"both", "open-end", "open-begin", "always"}),
        (date(2025, 6, 30), {"both", "open-end", "open-begin", "always"}),
        (END, {"open-end", "always"}),
    ],
)
@pytest.mark.django_db
def test_the_first_day_counts_and_the_end_does_not(day, valid):
    given(Area, *({"key": key, "valid_from": begin, "valid_to": end} for key, (begin, end) in PERIODS.items()))
    assert {key for key, (begin, end) in PERIODS.items() if is_valid(begin, end, day)} == valid
    assert set(Area.objects.filter(valid_on(day)).values_list("key", flat=True)) == valid
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.key FROM layers_area t WHERE {valid_sql('t')}", {"day": day})
        assert {key for (key,) in cursor.fetchall()} == valid


@pytest.mark.django_db
def test_a_unit_that_only_begins_later_is_not_what_a_former_one_is_today():
    given(
        Area,
        {"key": "22915-2015", "code": "22915", "name_vi": "Hàm Tiến", "full_name_vi": "Phường Hàm Tiến",
         "valid_from": BEGIN, "valid_to": END},
        {"key": "22918-2025", "valid_from": END, "valid_to": date(2030, 1, 1)},
        {"key": "22918-2030", "valid_from": date(2030, 1, 1)},
    )  # fmt: skip
    given(Succession, {}, {"from_key": "22918-2025", "to_key": "22918-2030", "effective": date(2030, 1, 1)})
    (group,) = search("ham tien", day=date(2026, 1, 1)).groups
    assert [unit.key for unit in group.hits[0].now] == ["22918-2025"]
