"""What became of parcel numbers, and their documents, in words: for the desk, and for who asks for a retired number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.utils.text import capfirst
from django.utils.translation import gettext

from layers.collections.documents import queries as documents
from layers.collections.documents.queries import DocumentRow
from layers.collections.parcels import lineage
from layers.collections.parcels.lineage import Family, Link, Relative
from layers.pages import cards, lineage_graph, wording
from layers.pages.lineage_graph import Graph, Node

KINDS: dict[str, Callable[[], str]] = {
    "split": lambda: gettext("tách thửa"),
    "merge": lambda: gettext("hợp thửa"),
    "boundary": lambda: gettext("điều chỉnh ranh giới"),
    "renumber": lambda: gettext("đổi số thửa"),
}
DOCUMENT_KINDS: dict[str, Callable[[], str]] = {
    "decision": lambda: gettext("Quyết định"),
    "certificate": lambda: gettext("Giấy chứng nhận"),
    "plan": lambda: gettext("Bản vẽ"),
    "archive": lambda: gettext("Hồ sơ lưu trữ"),
}
DEEDS: dict[str, Callable[[], str]] = {
    "created": lambda: gettext("tạo lập thửa"),
    "retired": lambda: gettext("hủy số thửa"),
    "changed": lambda: gettext("thay đổi thửa"),
}


@dataclass(frozen=True)
class Number:
    """A parcel in a line of history; without `url` it is not held here."""

    key: str
    title: str
    area: str
    url: str
    current: bool


@dataclass(frozen=True)
class Step:
    """One link: the old number passed into the new one."""

    day: str
    kind: str
    parent: Number
    child: Number
    document: str
    synthetic: bool

    @property
    def numbers(self) -> tuple[Number, Number]:
        return self.parent, self.child


@dataclass(frozen=True)
class History:
    graph: Graph
    steps: tuple[Step, ...]
    cut: bool


@dataclass(frozen=True)
class Paper:
    """A document of the parcel and what it did to it."""

    name: str
    title: str
    day: str
    office: str
    archive: str
    deed: str
    synthetic: bool


def ends(key: str) -> tuple[str, ...]:
    """A sentence for each act by which the number ended: what, when, by which document. Empty: none is recorded."""
    links = lineage.ends_of(key)
    papers = documents.by_keys([link.document_key for link in links if link.document_key])
    acts = dict.fromkeys((link.kind, link.effective, link.document_key) for link in links)
    return tuple(_sentence(KINDS[kind](), wording.day(day), papers.get(document or "")) for kind, day, document in acts)


def _sentence(kind: str, day: str, paper: DocumentRow | None) -> str:
    words = {"act": capfirst(kind), "day": day}
    if paper is None:
        return gettext("%(act)s ngày %(day)s.") % words
    return gettext("%(act)s ngày %(day)s theo %(document)s.") % (words | {"document": _dated_name(paper)})


def _name(paper: DocumentRow) -> str:
    return f"{DOCUMENT_KINDS[paper.kind]()} {paper.number}"


def _dated_name(paper: DocumentRow) -> str:
    if paper.issued_on is None:
        return _name(paper)
    return gettext("%(document)s ngày %(day)s") % {"document": _name(paper), "day": wording.day(paper.issued_on)}


def history(key: str, link_to: Callable[[str], str]) -> History | None:
    """The family of a parcel as graph and table, None where no lineage is recorded; `link_to` leads to a parcel."""
    family = lineage.family(key)
    if not family.links:
        return None
    papers = documents.by_keys([link.document_key for link in family.links if link.document_key])
    relatives = {each.key: each for each in family.relatives}
    nodes = [_node(each, key, link_to) for each in family.relatives]
    arrows = [(link.parent_key, link.child_key, link.kind, _arrow(link)) for link in family.links]
    steps = tuple(_step(link, relatives, papers, key, link_to) for link in family.links)
    return History(lineage_graph.draw(nodes, arrows), steps, family.cut)


def _arrow(link: Link) -> str:
    return f"{KINDS[link.kind]()} {_short(link.effective)}"


def _short(day: date) -> str:
    """A day that fits a box of the graph: English writes it as ISO 8601, with the month's name it would not fit."""
    return day.isoformat() if cards.english() else wording.day(day)


def _life(each: Relative) -> tuple[str, str]:
    """Its first and its last day, a line each; empty where not known or not ended."""
    first = gettext("từ %(day)s") % {"day": _short(each.valid_from)} if each.valid_from else ""
    if each.valid_to is None:
        return first, ""
    return first, gettext("đến hết %(day)s") % {"day": _short(each.valid_to - timedelta(days=1))}


def _node(each: Relative, current: str, link_to: Callable[[str], str]) -> Node:
    if each.key == current:
        state = gettext("thửa đang xem")
    elif not each.held:
        state = gettext("không có trong dữ liệu")
    else:
        state = gettext("hiện hành") if each.active else gettext("đã hủy số")
    area = " · ".join(part for part in (wording.area(each.survey_area_m2), each.land_use) if part)
    lines = (area, *_life(each), state)
    return Node(
        each.key, _title(each), tuple(line for line in lines if line), link_to(each.key) if each.held else "",
        order=(each.area_key, each.sheet_no or 0, each.parcel_no or 0), active=each.active, current=each.key == current,
    )  # fmt: skip


def _title(each: Relative) -> str:
    if each.parcel_no is None:
        return each.key
    return gettext("Thửa %(number)s, tờ %(sheet)s") % {"number": each.parcel_no, "sheet": each.sheet_no}


def _step(
    link: Link, relatives: dict[str, Relative], papers: dict[str, DocumentRow], current: str,
    link_to: Callable[[str], str],
) -> Step:  # fmt: skip
    paper = papers.get(link.document_key or "")
    return Step(
        wording.day(link.effective),
        KINDS[link.kind](),
        parent=_number(relatives[link.parent_key], current, link_to),
        child=_number(relatives[link.child_key], current, link_to),
        document=_name(paper) if paper else link.document_key or "",
        synthetic=link.synthetic,
    )


def _number(each: Relative, current: str, link_to: Callable[[str], str]) -> Number:
    return Number(
        each.key, _title(each), wording.area(each.survey_area_m2), link_to(each.key) if each.held else "",
        current=each.key == current,
    )  # fmt: skip


def papers_of(key: str) -> tuple[Paper, ...]:
    """The documents of a parcel, the newest first."""
    return tuple(
        Paper(
            _name(basis.document),
            basis.document.title_vi,
            wording.day(basis.document.issued_on),
            cards.local(basis.document.issued_by_vi, basis.document.issued_by_en),
            basis.document.archive_ref,
            DEEDS[basis.did](),
            basis.document.synthetic,
        )
        for basis in documents.of_parcel(key)
    )


def as_json(key: str) -> dict[str, object]:
    """Lineage and documents for machines: keys and codes, no words."""
    family: Family = lineage.family(key)
    return {
        "lineage": {
            "links": [asdict(link) for link in family.links],
            "parcels": [asdict(each) for each in family.relatives],
            "ancestors": lineage.ancestors(key),
            "descendants": lineage.descendants(key),
            "cut": family.cut,
        },
        "documents": [{"did": basis.did, **asdict(basis.document)} for basis in documents.of_parcel(key)],
    }
