"""The report over the whole map, and the preview of a changed rule, agree with asking feature by feature."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.contrib.gis.geos import MultiPolygon
from django.core.management import call_command

from layers import geo
from layers.access.reader import PUBLIC
from layers.collections.coverage.models import Coverage
from layers.collections.parcels.models import Parcel
from layers.collections.planning_zones.models import PlanningZone
from layers.procedures.catalogue import procedures_of, rules_in_force
from layers.procedures.coverage import preview, report
from layers.procedures.evaluate import Verdict
from tests.factories import PHAN_THIET, given, rectangle

DAY = date(2026, 8, 1)
EAST, NORTH = PHAN_THIET


def some_parcels() -> list[str]:
    uses = ["ODT", "LUC", "CLN", None, "TMD", "RPH"]
    certificates = ["issued", "none", None]
    rows = [
        {
            "key": f"22915-2015-1-{number}", "sheet_no": 1, "parcel_no": number, "geohash": f"w3uy5vt9{number:04}",
            "land_use_legal": uses[number % 6], "certificate": certificates[number % 3],
            "status": "retired" if number % 11 == 0 else "active",
            "geom": rectangle(20, 50, (EAST + 20 * number, NORTH)),
        }
        for number in range(36)
    ]  # fmt: skip
    given(Parcel, *rows)
    given(PlanningZone, {"geom": MultiPolygon(rectangle(200.01, 50), srid=geo.VN2000)})
    checked = MultiPolygon(rectangle(600, 400, (EAST - 10, NORTH - 10)), srid=geo.VN2000)
    given(Coverage, {"key": "c", "layer": "planning_zones", "geom": checked})
    return [row["key"] for row in rows]


def test_the_report_counts_what_each_page_would_say(mui_ne):
    keys = some_parcels()
    singly = [procedures_of("parcels", key, PUBLIC, on=DAY) for key in keys]
    found = report(DAY, PUBLIC, ["parcels"])
    share = found.shares[0]
    expected = Counter(one.answer for one in singly)
    assert (share.total, share.blank, share.answered) == (36, 0, 1.0)
    assert share.with_procedure == expected[Verdict.APPLIES]
    shown = Counter(
        reason.rule_id for one in singly for reason in {
            reason.rule_id: reason for _level, cards in one.groups for card in cards for reason in card.reasons
        }.values()
    )  # fmt: skip
    for rule, counts in found.rules.items():
        assert counts[Verdict.APPLIES] + counts[Verdict.BORDERS] == shown[rule], rule
        assert not rule.startswith("parcel.") or sum(counts.values()) == 36
    assert "parcel.split-merge" not in found.unreached_rules
    assert "1.012784" not in found.unreached_procedures and "1.009736" in found.unreached_procedures


def test_the_preview_of_a_rule_counts_its_features(mui_ne):
    some_parcels()
    rule = next(rule for rule in rules_in_force(DAY) if rule.id == "parcel.planning-information")
    (found,) = preview(rule, DAY, PUBLIC)
    counts = found.counts
    assert (found.collection, found.total, found.considered) == ("parcels", 36, 36)
    assert counts == report(DAY, PUBLIC, ["parcels"]).rules[rule.id]
    assert set(counts) == set(Verdict), "the sample has all four answers"


def test_the_cost_does_not_grow_with_the_parcels(mui_ne, django_assert_max_num_queries):
    some_parcels()
    with django_assert_max_num_queries(8):
        report(DAY, PUBLIC, ["parcels"])


def test_the_command_prints_each_collection_and_passes(mui_ne, capsys):
    some_parcels()
    call_command("procedure_coverage", on=DAY, rules=True)
    printed = capsys.readouterr().out
    for collection in ("tourism_sites", "parcels", "planning_zones", "agencies", "areas"):
        assert collection in printed
    assert "36 features" in printed and "0 blank" in printed and "parcel.split-merge:" in printed
