"""A line of a batch as a value: what was asked, what came of it, and why; and how that is kept in its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.utils.translation import gettext

from layers.access.reader import PUBLIC, Reader, readable
from layers.collections.parcels.collection import PARCELS
from layers.reading import parcel_words
from layers.reading.grammar import ParcelAsked, Typed
from layers.reading.parcel_lists import Reply
from layers.reading.parcel_numbers import Answer, Missing, Outcome, ParcelHit
from layers.reading.units import UnitName
from layers.reports.models import BatchLine

UNREADABLE, RETIRED, OUTSIDE, NOWHERE = "unreadable", "retired", "outside", "nowhere"  # beside those of Outcome
MOST_CANDIDATES = 50
State = BatchLine.State


@dataclass(frozen=True)
class Result:
    """What a row is to hold. `candidates` are the parcels an officer may choose from."""

    state: str
    outcome: str
    parcel_key: str
    details: dict[str, object]


@dataclass(frozen=True)
class Line:
    """A row as pages and files show it. `parcel` is the one found or chosen. `more` candidates are not listed."""

    number: int
    text: str
    cut: bool
    same_as: int | None
    state: str
    outcome: str
    parcel: ParcelHit | None
    by_hand: bool
    candidates: tuple[ParcelHit, ...]
    more: int
    missing: tuple[Missing, ...]
    asked: ParcelAsked | None
    identifier: str
    extract_number: str
    no_extract: str

    @property
    def only_one(self) -> bool:
        return len(self.candidates) == 1 and not self.more

    def reasons(self) -> tuple[str, ...]:
        """Why it is not simply found, in sentences of the active language."""
        found = [_why(self)] if _why(self) else []
        return (*found, *(parcel_words.missing(each) for each in self.missing))


def result(typed: Typed, reply: Reply, reader: Reader) -> Result:
    """What is said of one reference. Where parcels are not public, only those of the reader's territory count."""
    answer = reply.answer
    if answer is None:
        return Result(State.MISSING, UNREADABLE, "", {})
    if answer.outcome is Outcome.HIDDEN:
        return Result(State.MISSING, answer.outcome, "", {})
    inside, shown = _inside(reader), reply.successors if reply.retired else answer.found
    candidates = tuple(hit for hit in shown if inside(hit.unit.key))
    missing = tuple(line for line in answer.missing if inside(line.unit.key))
    details = _details(typed, candidates, missing)
    if answer.found and not any(inside(hit.unit.key) for hit in answer.found):
        return Result(State.MISSING, OUTSIDE, "", {})
    if reply.retired:
        return Result(State.MISSING, RETIRED, "", details)
    if not candidates:
        return Result(State.MISSING, _absence(typed, answer), "", details)
    if _sure(candidates, missing):
        return Result(State.FOUND, Outcome.FOUND, candidates[0].key, details)
    return Result(State.AMBIGUOUS, Outcome.FOUND, "", details)


def unreadable() -> Result:
    return Result(State.MISSING, UNREADABLE, "", {})


def line_of(row: BatchLine) -> Line:
    details = row.details
    candidates = tuple(map(_hit, details.get("candidates", ())))
    asked = details.get("asked")
    return Line(
        number=row.number,
        text=row.text,
        cut=row.cut,
        same_as=row.same_as,
        state=row.state,
        outcome=row.outcome,
        parcel=next((hit for hit in candidates if hit.key == row.parcel_key), None),
        by_hand=row.by_hand,
        candidates=candidates,
        more=int(details.get("more", 0)),
        missing=tuple(map(_missing, details.get("missing", ()))),
        asked=ParcelAsked(tuple(map(tuple, asked))) if asked else None,
        identifier=str(details.get("identifier", "")),
        extract_number=row.extract_number,
        no_extract=row.no_extract,
    )


def _inside(reader: Reader):
    public = readable(PUBLIC, PARCELS)
    return lambda area_key: public or reader.territory.covers(area_key)


def _sure(candidates: tuple[ParcelHit, ...], missing: tuple[Missing, ...]) -> bool:
    """One parcel, read the usual way. A commune that is not digitised may have the same number too."""
    unseen = any(line.outcome is Outcome.NOT_DIGITISED for line in missing)
    return len(candidates) == 1 and not candidates[0].swapped and not unseen


def _absence(typed: Typed, answer: Answer) -> str:
    return NOWHERE if typed.point else answer.outcome


def _why(line: Line) -> str:
    if line.state == State.AMBIGUOUS:
        if line.more or len(line.candidates) > 1:
            return gettext("Cùng số này có %(n)s thửa: chọn đúng nơi.") % {"n": len(line.candidates) + line.more}
        if line.candidates[0].swapped:
            return gettext("Chỉ có thửa này nếu đọc ngược: số đầu là thửa, số sau là tờ.")
        return gettext("Chỉ thấy thửa này, nhưng còn nơi chưa số hóa cũng có thể có cùng số.")
    if line.outcome == RETIRED:
        if line.candidates:
            return gettext("Số thửa này đã hủy. Đất nay thuộc các thửa bên dưới.")
        return gettext("Số thửa này đã hủy, và trong dữ liệu không có thửa nào trên đất đó.")
    if line.state != State.MISSING or line.missing:
        return ""
    words = {
        UNREADABLE: gettext("Không nhận ra số tờ, số thửa, mã thửa hay tọa độ."),
        OUTSIDE: gettext("Nằm ngoài địa bàn được phân công cho bạn."),
        NOWHERE: gettext("Tại điểm này không có thửa đất nào trong dữ liệu."),
        Outcome.NO_PLACE: gettext("Không nhận ra tên xã, phường nào, mới hay cũ."),
        Outcome.HIDDEN: gettext("Tỉnh này không công khai thửa đất. Hãy hỏi văn phòng đăng ký đất đai."),
    }
    if line.outcome in words:
        return words[line.outcome]
    return parcel_words.nowhere(Answer(Outcome(line.outcome), line.asked), line.identifier)


def _details(typed: Typed, candidates: tuple[ParcelHit, ...], missing: tuple[Missing, ...]) -> dict[str, object]:
    listed = candidates[:MOST_CANDIDATES]
    return {
        "candidates": [_plain(replace(hit, point=None)) for hit in listed],
        "more": len(candidates) - len(listed),
        "missing": [_plain(line) for line in missing[:MOST_CANDIDATES]],
        "asked": [list(reading) for reading in typed.parcel.readings] if typed.parcel else None,
        "identifier": typed.identifier or "",
    }


def _plain(value: ParcelHit | Missing) -> dict[str, object]:
    """As JSON has it; days as text."""
    kept = asdict(value)
    for unit in (kept["unit"], *kept["unit_now"]):
        unit["valid_to"] = unit["valid_to"].isoformat() if unit["valid_to"] else None
    return kept


def _hit(kept: Mapping) -> ParcelHit:
    return ParcelHit(**{**kept, **_units(kept)})


def _missing(kept: Mapping) -> Missing:
    numbers = tuple(kept["numbers"]) if kept["numbers"] else None
    return Missing(**{**kept, **_units(kept), "outcome": Outcome(kept["outcome"]), "numbers": numbers})


def _units(kept: Mapping) -> dict[str, object]:
    return {"unit": _unit(kept["unit"]), "unit_now": tuple(map(_unit, kept["unit_now"]))}


def _unit(kept: Mapping) -> UnitName:
    ended = kept["valid_to"]
    return UnitName(kept["key"], kept["name_vi"], kept["name_en"], date.fromisoformat(ended) if ended else None)
