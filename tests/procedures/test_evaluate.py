"""Three-valued logic and the spatial test, apart from any rule of the book."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.procedures.evaluate import Truth, Verdict, negate, outcome_of_set, spatial, truth_of, verdict_of
from layers.procedures.observed import Facts, LayerSeen, Overlap
from layers.procedures.rule import And, Leaf, Not, Or, Outcome, Where

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
NAMES = ["a", "b", "c"]
LEAF = st.builds(Leaf, st.sampled_from(NAMES), st.sampled_from(["eq", "ne", "ge", "lt"]), st.integers(0, 2))
TREE = st.recursive(
    LEAF,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=8,
)
VALUES = st.fixed_dictionaries({name: st.none() | st.integers(0, 2) for name in NAMES})


def constant(truth: Truth) -> Leaf:
    return Leaf({T: "yes", F: "no", U: "unknown"}[truth], "eq", True)


SITE = {"yes": True, "no": False, "unknown": None}


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [(T, T, T, T), (T, F, F, T), (T, U, U, T), (F, T, F, T), (F, F, F, F), (F, U, F, U),
     (U, T, U, T), (U, F, F, U), (U, U, U, U)],
)  # fmt: skip
def test_it_follows_kleenes_tables(one, other, both, either):
    assert truth_of(And((constant(one), constant(other))), SITE) is both
    assert truth_of(Or((constant(one), constant(other))), SITE) is either


def test_unknown_stays_unknown_through_not():
    assert [truth_of(Not(constant(truth)), SITE) for truth in (T, F, U)] == [F, T, U]


@given(TREE, VALUES)
@settings(max_examples=150, deadline=None)
def test_not_not_is_the_same_and_de_morgan_holds(tree, values):
    assert truth_of(Not(Not(tree)), values) is truth_of(tree, values)
    if isinstance(tree, And):
        assert truth_of(Or(tuple(Not(part) for part in tree.parts)), values) is negate(truth_of(tree, values))


@given(TREE, VALUES, st.lists(st.integers(0, 2), min_size=3, max_size=3))
@settings(max_examples=200, deadline=None)
def test_learning_more_never_overturns_a_sure_answer(tree, values, learnt):
    """What was true or false on partial data is still so once every unknown is filled in, whatever it turns out."""
    sure = truth_of(tree, values)
    filled = {name: learnt[place] if values[name] is None else values[name] for place, name in enumerate(NAMES)}
    if sure is not U:
        assert truth_of(tree, filled) is sure
    assert truth_of(tree, filled) is not U


def test_exists_is_false_for_null_and_unknown_only_for_what_was_never_read():
    leaf = Leaf("area_key", "exists", True)
    assert [truth_of(leaf, values) for values in ({"area_key": "x"}, {"area_key": None}, {})] == [T, F, U]


def site(layer: LayerSeen, **attributes: object) -> Facts:
    return Facts("parcels", "x", date(2026, 8, 1), attributes, {"planning_zones": layer})


ZONE = Where("planning_zones", "overlaps", min_area_m2=1.0, min_share=0.005)


@pytest.mark.parametrize(
    ("area_m2", "share", "truth", "borders"),
    [(1.0, 0.005, T, False), (0.99, 0.5, T, True), (500.0, 0.0049, T, True), (0.0, 0.0, T, True)],
)
def test_both_thresholds_must_be_reached_to_decide(area_m2, share, truth, borders):
    found = spatial(ZONE, site(LayerSeen(covered=1.0, overlaps=(Overlap("z", {}, area_m2, share),))))
    assert (found.truth, found.borders) == (truth, borders)


def test_one_decisive_overlap_outweighs_slivers_and_missing_coverage():
    overlaps = (Overlap("sliver", {}, 0.1, 0.0), Overlap("real", {}, 90.0, 0.4))
    found = spatial(ZONE, site(LayerSeen(covered=0.2, overlaps=overlaps)))
    assert (found.truth, found.borders, [overlap.key for overlap in found.overlaps]) == (T, False, ["real"])


def test_a_sliver_where_the_layer_is_not_whole_is_not_enough_data():
    found = spatial(ZONE, site(LayerSeen(covered=0.9, overlaps=(Overlap("sliver", {}, 0.1, 0.0),))))
    assert found.truth is U


@pytest.mark.parametrize(
    ("inside", "edge_m", "precision_m", "truth", "borders"),
    [
        (True, 5.0, None, T, False),
        (True, 4.9, None, T, True),
        (False, 4.9, None, T, True),
        (False, 5.1, None, F, False),
        (True, 60.0, 100, T, True),
        (True, 100.0, 100, T, False),
    ],
)
def test_a_point_near_a_deciding_line_asks(inside, edge_m, precision_m, truth, borders):
    where = Where("planning_zones", "contains_point", tolerance_m=5.0)
    layer = LayerSeen(covered=1.0, overlaps=(Overlap("z", {}, edge_m=edge_m, inside=inside),))
    found = spatial(where, site(layer, precision_m=precision_m))
    assert (found.truth, found.borders) == (truth, borders)


def test_disjoint_is_not_said_without_coverage():
    where = Where("planning_zones", "disjoint")
    assert spatial(where, site(LayerSeen(covered=1.0))).truth is T
    assert spatial(where, site(LayerSeen(covered=0.0))).truth is U
    assert spatial(where, site(LayerSeen(failed=True))).truth is U
    assert spatial(where, Facts("parcels", "x", date(2026, 8, 1), {})).truth is U


def test_only_a_false_part_says_no():
    near = spatial(ZONE, site(LayerSeen(covered=1.0, overlaps=(Overlap("z", {}, 0.1, 0.0),))))
    unsure = spatial(ZONE, site(LayerSeen(failed=True)))
    assert verdict_of(near, T) is Verdict.BORDERS
    assert verdict_of(near, U) is Verdict.NOT_ENOUGH_DATA
    assert verdict_of(near, F) is Verdict.DOES_NOT_APPLY
    assert verdict_of(unsure, T) is Verdict.NOT_ENOUGH_DATA
    assert verdict_of(None, U) is Verdict.NOT_ENOUGH_DATA


def test_missing_information_outranks_a_permit_and_a_permit_an_exemption():
    assert list(Outcome) == [
        "prohibited", "missing_information", "permit", "notify", "exempt", "information", "out_of_scope",
    ]  # fmt: skip
    assert outcome_of_set([]) is Outcome.OUT_OF_SCOPE
