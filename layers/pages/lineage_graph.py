"""A parcel's lineage as a drawing: older numbers above, an arrow from each to what it became. Places only, no words.

Sizes are CSS pixels at natural size: two parcels side by side fit a phone, more scroll.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LINE = 158, 102, 18
GAP_X, GAP_Y, EDGE = 8, 56, 2
LABEL_UP = 6  # from a label's baseline to the box below it

Arrow = tuple[str, str, str, str]  # from, to, kind, words


@dataclass(frozen=True)
class Node:
    """A parcel: title and lines of its box. `order` sorts parcels that nothing else sets in order."""

    key: str
    title: str
    lines: tuple[str, ...]
    url: str
    order: tuple[str, int, int]
    active: bool
    current: bool


@dataclass(frozen=True)
class TextLine:
    x: int
    y: int
    words: str

    @property
    def ground(self) -> tuple[int, int, int]:
        """Left, top and width of a patch behind the words, so that no arrow runs through them: 7 px a letter."""
        width = 7 * len(self.words) + 6
        return self.x - width // 2, self.y - LINE + 4, width


@dataclass(frozen=True)
class Box:
    node: Node
    x: int
    y: int
    width: int
    height: int
    title: TextLine
    lines: tuple[TextLine, ...]


@dataclass(frozen=True)
class Edge:
    """`path` is what `d` of an SVG path holds; `kind` chooses how the line is drawn."""

    parent_key: str
    child_key: str
    kind: str
    path: str


@dataclass(frozen=True)
class Graph:
    width: int
    height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    labels: tuple[TextLine, ...]


def draw(nodes: Sequence[Node], arrows: Sequence[Arrow]) -> Graph:
    """Every node once, every arrow once; arrows that close a circle are drawn but do not count for the order."""
    rows = _rows(nodes, _levels(nodes, arrows), arrows)
    widest = max(len(row) for row in rows)
    boxes = {
        node.key: _box(node, _left(place, len(row), widest), EDGE + level * (HEIGHT + GAP_Y))
        for level, row in enumerate(rows)
        for place, node in enumerate(row)
    }
    return Graph(
        width=2 * EDGE + widest * WIDTH + (widest - 1) * GAP_X,
        height=2 * EDGE + len(rows) * HEIGHT + (len(rows) - 1) * GAP_Y,
        boxes=tuple(boxes.values()),
        edges=tuple(Edge(a, b, kind, _path(boxes[a], boxes[b])) for a, b, kind, _ in arrows),
        labels=_labels(boxes, arrows),
    )


def _levels(nodes: Sequence[Node], arrows: Sequence[Arrow]) -> dict[str, int]:
    """Each node one row below the lowest of its parents."""
    children: dict[str, set[str]] = {node.key: set() for node in nodes}
    for parent, child, *_ in arrows:
        if parent not in _below(children, child):
            children[parent].add(child)
    level = dict.fromkeys(children, 0)
    for _ in nodes:
        for parent, those in children.items():
            for child in those:
                level[child] = max(level[child], level[parent] + 1)
    return level


def _below(children: dict[str, set[str]], key: str) -> set[str]:
    """The key and everything that can be reached from it."""
    found, waiting = set(), [key]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += children[here]
    return found


def _rows(nodes: Sequence[Node], level: dict[str, int], arrows: Sequence[Arrow]) -> list[list[Node]]:
    """Nodes by level; within one, below the middle of their parents, then by number."""
    rows: list[list[Node]] = [[] for _ in range(max(level.values()) + 1)]
    for node in nodes:
        rows[level[node.key]].append(node)
    place: dict[str, float] = {}
    for row in rows:
        middle = {}
        for node in row:
            above = [place[a] for a, b, *_ in arrows if b == node.key and a in place]
            middle[node.key] = sum(above) / len(above) if above else 0.0
        row.sort(key=lambda node: (middle[node.key], node.order, node.key))
        place |= {node.key: (at + 0.5) / len(row) for at, node in enumerate(row)}
    return rows


def _left(place: int, count: int, widest: int) -> int:
    return EDGE + (2 * place + widest - count) * (WIDTH + GAP_X) // 2


def _box(node: Node, x: int, y: int) -> Box:
    middle = x + WIDTH // 2
    lines = tuple(TextLine(middle, y + 22 + LINE * (n + 1), words) for n, words in enumerate(node.lines))
    return Box(node, x, y, WIDTH, HEIGHT, TextLine(middle, y + 22, node.title), lines)


def _path(parent: Box, child: Box) -> str:
    x1, y1 = parent.x + parent.width // 2, parent.y + parent.height
    x2, y2 = child.x + child.width // 2, child.y
    bend = max(abs(y2 - y1) // 2, GAP_Y // 2)
    return f"M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"


def _labels(boxes: dict[str, Box], arrows: Sequence[Arrow]) -> tuple[TextLine, ...]:
    """What happened, above each parcel that came of it; the same words once."""
    said: dict[str, list[str]] = {}
    for _, child, _, words in arrows:
        if words not in said.setdefault(child, []):
            said[child].append(words)
    return tuple(
        TextLine(boxes[child].title.x, boxes[child].y - LABEL_UP - LINE * n, words)
        for child, those in said.items()
        for n, words in enumerate(reversed(those))
    )
