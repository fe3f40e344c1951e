"""What became of a parcel's number: the queries, what the database refuses, and the area's limit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from layers.collections.documents import queries as documents
from layers.collections.documents.models import Document, ParcelDocument
from layers.collections.parcels import lineage
from layers.collections.parcels.area_rule import area_difference, area_limit_m2
from layers.collections.parcels.models import Parcel, ParcelLineage
from layers.editing.models import Version
from layers.errors import Invalid
from tests.factories import PHAN_THIET, given, rectangle

SHEET = "22915-2015-45-"
EAST, NORTH = PHAN_THIET


def parcel(number: int, *, at: float = 0, width: float = 20, retired: bool = False) -> dict[str, object]:
    """A parcel `at` metres east of the first one."""
    state = {"status": "retired", "valid_to": date(2019, 5, 12)} if retired else {}
    return {"key": f"{SHEET}{number}", "parcel_no": number, "geohash": f"w3uy5vt9{number:04d}",
            "geom": rectangle(width, 50, (EAST + at, NORTH))} | state  # fmt: skip


def link(parent: int, child: int, **more: object) -> dict[str, object]:
    return {"parent_key": f"{SHEET}{parent}", "child_key": f"{SHEET}{child}"} | more


def keys(*numbers: int) -> tuple[str, ...]:
    return tuple(f"{SHEET}{number}" for number in numbers)


@pytest.fixture
def history(db):
    """1 and 2 were merged into 3, which was split into 4 and 5; 9 lies apart."""
    given(
        Parcel,
        parcel(1, width=10, retired=True),
        parcel(2, at=10, width=30, retired=True),
        parcel(3, width=40, retired=True),
        parcel(4),
        parcel(5, at=20),
        parcel(9, at=500),
    )
    given(
        ParcelLineage,
        link(1, 3, kind="merge", effective=date(2016, 2, 1)),
        link(2, 3, kind="merge", effective=date(2016, 2, 1)),
        link(3, 4),
        link(3, 5),
    )


def test_ancestors_and_descendants_the_nearest_first_in_one_statement_each(history):
    with CaptureQueriesContext(connection) as asked:
        assert lineage.ancestors(f"{SHEET}4") == keys(3, 1, 2)
        assert lineage.descendants(f"{SHEET}1") == keys(3, 4, 5)
        assert lineage.ancestors(f"{SHEET}9") == lineage.descendants(f"{SHEET}4") == ()
    assert len(asked) == 4
    assert lineage.ancestors(f"{SHEET}4", most=1) == keys(3), "no further than asked"


def test_a_family_holds_siblings_and_who_was_merged_with_it(history):
    with CaptureQueriesContext(connection) as asked:
        found = lineage.family(f"{SHEET}4")
    assert len(asked) == 2
    assert {(each.parent_key, each.child_key) for each in found.links} == {
        keys(1, 3), keys(2, 3), keys(3, 4), keys(3, 5),
    }  # fmt: skip
    assert [each.key for each in found.relatives] == list(keys(1, 2, 3, 4, 5))
    assert [each.active for each in found.relatives] == [False, False, False, True, True]
    assert lineage.family(f"{SHEET}9").links == ()


def test_successors_are_the_active_ones_at_the_end_of_the_line(history):
    for number in (1, 2, 3):
        assert lineage.successors(f"{SHEET}{number}") == keys(4, 5)


def test_without_lineage_successors_are_those_on_its_land(history):
    given(Parcel, parcel(77, at=21, width=18, retired=True))
    assert lineage.successors(f"{SHEET}77") == keys(5)


def test_lineage_goes_before_land(history):
    """A merge recorded with a parcel beside it counts, even where the drawing says otherwise."""
    given(Parcel, parcel(78, width=15, retired=True))
    given(ParcelLineage, link(78, 9))
    assert lineage.successors(f"{SHEET}78") == keys(9)


def test_a_circle_ends(history):
    given(ParcelLineage, link(4, 1))
    assert set(lineage.ancestors(f"{SHEET}4")) == set(keys(1, 2, 3))
    assert set(lineage.descendants(f"{SHEET}4")) == set(keys(1, 3, 5))
    assert lineage.successors(f"{SHEET}3") == keys(4, 5)
    assert len(lineage.family(f"{SHEET}4").links) == 5


def test_a_long_chain_is_followed_to_a_bound(db):
    given(ParcelLineage, *(link(number, number + 1) for number in range(1, 40)))
    assert lineage.descendants(f"{SHEET}1") == keys(*range(2, 2 + lineage.MAX_DEPTH))


def test_a_number_known_from_lineage_alone_is_said_to_be_so(db):
    given(ParcelLineage, link(100, 123), {"parent_key": "Sổ cũ", "child_key": f"{SHEET}123"})
    found = {each.key: each for each in lineage.family(f"{SHEET}123").relatives}
    assert (found[f"{SHEET}100"].held, found[f"{SHEET}100"].parcel_no) == (False, 100)
    assert (found["Sổ cũ"].held, found["Sổ cũ"].sheet_no) == (False, None)


def test_a_family_too_large_for_a_page_says_that_it_is_cut(db):
    given(ParcelLineage, *(link(1, number) for number in range(2, lineage.MAX_LINKS + 3)))
    found = lineage.family(f"{SHEET}1")
    assert found.cut and len(found.links) == lineage.MAX_LINKS


def test_keys_with_nul_are_nobody(db):
    assert lineage.ancestors("a\x00") == lineage.successors("a\x00") == ()
    assert lineage.family("a\x00").links == () and documents.of_parcel("a\x00") == ()


def test_a_correction_keeps_what_was_written_before(history):
    given(ParcelLineage, link(3, 4, effective=date(2019, 6, 1)))
    row = ParcelLineage.objects.get(parent_key=f"{SHEET}3", child_key=f"{SHEET}4")
    old = Version.objects.get(record_type="parcellineage")
    assert (row.version, row.effective, old.state["effective"]) == (2, date(2019, 6, 1), "2019-05-12")


def test_documents_of_a_parcel_name_the_agency_where_it_is_held(db):
    from layers.collections.agencies.models import Agency

    given(Agency)
    given(Document, {}, {"key": "qd-2", "number": "2/QĐ", "issued_by": "ld-snnmt", "issued_on": date(2020, 1, 1)})
    given(ParcelDocument, {}, {"document_key": "qd-2", "did": "changed"}, {"document_key": "missing"})

    newest, oldest = documents.of_parcel(f"{SHEET}123")

    assert (newest.did, newest.document.number) == ("changed", "2/QĐ")
    assert newest.document.issued_by_vi == "Sở Nông nghiệp và Môi trường tỉnh Lâm Đồng"
    assert (oldest.did, oldest.document.issued_by_vi, oldest.document.archive_ref) == (
        "created", "Cơ quan mẫu", "MẪU-001/HS",
    )  # fmt: skip
    assert set(documents.by_keys(["qd-1", "nothing"])) == {"qd-1"} and documents.by_keys([]) == {}


@pytest.mark.parametrize(
    ("model", "row", "name"),
    [
        (ParcelLineage, {"child_key": "22915-2015-45-100"}, "parcel_lineage_of_another"),
        (ParcelLineage, {"kind": "gift"}, "parcel_lineage_kind"),
        (ParcelLineage, {"effective": date(19, 5, 12)}, "parcel_lineage_day"),
        (ParcelLineage, {"effective": date(2200, 1, 1)}, "parcel_lineage_day"),
        (Document, {"kind": "letter"}, "document_kind"),
        (Document, {"number": ""}, "document_numbered"),
        (Document, {"issued_on": date(1899, 12, 31)}, "document_day"),
        (ParcelDocument, {"did": "looked"}, "parcel_document_did"),
        (Parcel, {"sheet_scale": 750}, "parcel_sheet_scale"),
    ],
)
@pytest.mark.django_db
def test_the_database_refuses_what_must_never_be(model, row, name):
    with pytest.raises(Invalid, match=name), transaction.atomic():
        given(model, row)
    assert not model.objects.exists()


@pytest.mark.parametrize("model", [ParcelLineage, Document, ParcelDocument])
@pytest.mark.django_db(transaction=True)
def test_nothing_stands_twice(model):
    given(model)
    table = model._meta.db_table
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} SELECT (jsonb_populate_record(t, '{{\"id\": 999}}')).* FROM {table} t")


# --- how far the areas may differ ---


@pytest.mark.parametrize(
    ("area", "scale", "limit"),
    [
        ("0.1", 200, "0.23"), ("30", 200, "0.23"), ("40", 200, "0.30"),
        ("30", 500, "0.25"), ("30.1", 500, "0.25"), ("100", 500, "0.81"), ("300", 500, "1.81"), ("500", 500, "2.61"),
        ("1000", 500, "4.11"), ("2000", 500, "6.11"), ("3000", 500, "7.11"),
        ("40", 1000, "0.35"), ("300", 1000, "2.43"), ("5000", 1000, "18.93"), ("20000", 1000, "38.93"),
        ("300", 2000, "2.74"), ("50", 5000, "0.50"), ("300", 10000, "2.75"), ("1000", 10000, "6.95"),
    ],
)  # fmt: skip
def test_the_limit_of_the_areas_error_step_by_step(area, scale, limit):
    assert area_limit_m2(Decimal(area), scale) == Decimal(limit)


@pytest.mark.parametrize(("area", "scale"), [("100", None), ("100", 300), ("0", 500), ("-1", 500)])
def test_without_a_rule_there_is_no_limit(area, scale):
    assert area_limit_m2(Decimal(area), scale) is None


def test_a_difference_at_the_limit_is_within_and_beyond_it_is_not():
    at_limit = area_difference(Decimal("298.2"), 300.0, 500)
    assert (at_limit.difference_m2, at_limit.limit_m2, at_limit.within) == (Decimal("1.8"), Decimal("1.81"), True)
    beyond = area_difference(Decimal("301.9"), 300.0, 500)
    assert (beyond.difference_m2, beyond.percent, beyond.within) == (Decimal("-1.9"), Decimal("-0.63"), False)
    unknown = area_difference("298.2", 300.0, None)
    assert (unknown.limit_m2, unknown.within) == (None, None)


def test_areas_are_compared_as_they_are_printed():
    found = area_difference(1000.0, 1000.04999, 500)
    assert (found.survey_m2, found.difference_m2, found.percent) == (Decimal("1000.0"), Decimal("0.0"), Decimal("0.00"))


@pytest.mark.parametrize("legal", [None, 0, Decimal("0.0")])
def test_without_a_legal_area_nothing_is_compared(legal):
    assert area_difference(legal, 300.0, 500) is None
