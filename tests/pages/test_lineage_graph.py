"""The drawing of a lineage: rows by generation, everything once, nothing over anything else."""

from __future__ import annotations

import itertools

from layers.pages.lineage_graph import HEIGHT, Graph, Node, draw


def node(key: str) -> Node:
    return Node(key, f"Thửa {key}", ("100 m²", "hiện hành"), f"/{key}/", ("x", 1, int(key)), True, False)


def drawn(*arrows: tuple[str, str], kind: str = "split") -> Graph:
    keys = sorted({key for arrow in arrows for key in arrow})
    return draw([node(key) for key in keys], [(a, b, kind, f"{kind} 2020") for a, b in arrows])


def rows(graph: Graph) -> list[list[str]]:
    """Keys from top to bottom, each row from the left."""
    boxes = sorted(graph.boxes, key=lambda box: (box.y, box.x))
    return [[box.node.key for box in row] for _, row in itertools.groupby(boxes, key=lambda box: box.y)]


def test_a_merge_and_a_split_stand_in_three_rows():
    graph = drawn(("1", "3"), ("2", "3"), ("3", "4"), ("3", "5"))
    assert rows(graph) == [["1", "2"], ["3"], ["4", "5"]]
    assert {(edge.parent_key, edge.child_key) for edge in graph.edges} == {
        ("1", "3"), ("2", "3"), ("3", "4"), ("3", "5"),
    }  # fmt: skip
    assert graph.width <= 328, "two side by side fit a phone of 360 px with its margins"


def test_boxes_lie_within_the_drawing_and_not_over_each_other():
    graph = drawn(*(("1", str(n)) for n in range(2, 9)), ("2", "20"), ("3", "20"), ("8", "21"))
    for box in graph.boxes:
        assert box.x >= 0 and box.x + box.width <= graph.width and box.y + box.height <= graph.height
    for a, b in itertools.combinations(graph.boxes, 2):
        assert a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + HEIGHT <= b.y or b.y + HEIGHT <= a.y


def test_a_parcel_stands_below_all_its_parents():
    graph = drawn(("1", "2"), ("2", "3"), ("1", "3"))
    assert rows(graph) == [["1"], ["2"], ["3"]]


def test_children_keep_to_their_parents_side():
    graph = drawn(("1", "9"), ("2", "8"))
    assert rows(graph) == [["1", "2"], ["9", "8"]]


def test_a_circle_is_drawn_and_ends():
    graph = drawn(("1", "2"), ("2", "3"), ("3", "1"))
    assert rows(graph) == [["1"], ["2"], ["3"]] and len(graph.edges) == 3


def test_the_same_words_stand_once_above_a_parcel():
    graph = drawn(("1", "3"), ("2", "3"), kind="merge")
    assert [label.words for label in graph.labels] == ["merge 2020"]
