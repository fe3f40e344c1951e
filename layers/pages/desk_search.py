"""The desk's one box for parcels: number, identifier or coordinates in; the sheet, a question, or why there is none."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from layers.access.reader import Reader, require
from layers.access.roles import Action
from layers.errors import Invalid
from layers.pages import desk_picker, search_words
from layers.pages.cards import DISCS, Card, Disc
from layers.pages.desk import desk
from layers.pages.links import desk_parcel_url
from layers.pages.search import parcel_card
from layers.reading.parcel_numbers import Outcome
from layers.reading.search import Found, search_parcels

EXAMPLES = ("45/123 hàm tiến", "tờ 45 thửa 123 mũi né", "w3uy5vt93w85", "1208745 456084", "10.93, 108.1")


@dataclass(frozen=True)
class Answer:
    """`question`: several parcels bear what was asked, and the officer chooses. `lines`: why others are not there."""

    found: Found
    cards: tuple[Card, ...]
    lines: tuple[str, ...]

    @property
    def question(self) -> bool:
        return bool(self.found.parcels and self.found.parcels.ambiguous)

    @property
    def sure(self) -> str:
        """Address of the one parcel that can be meant, empty when a person has to look first.

        A commune that is not digitised may have the same number too, so then nothing is sure.
        """
        parcels = self.found.parcels
        alone = parcels and len(parcels.found) == 1 and not parcels.found[0].swapped
        unseen = alone and any(line.outcome is Outcome.NOT_DIGITISED for line in parcels.missing)
        return self.cards[0].url if alone and not unseen else ""


@desk("GET")
def search(request: HttpRequest, reader: Reader) -> HttpResponse:
    """`?q=`, or `?xa=&to=&thua=`: one parcel leads straight to its sheet; several are asked; none says why not."""
    require(reader, Action.USE_DESK)
    text = request.GET.get("q", "").strip()
    picker = desk_picker.picker(request, reader)
    context: dict[str, object] = {"reader": reader, "text": text[:200], "examples": EXAMPLES, "picker": picker}
    if picker.fault:
        return render(request, "desk/parcels.html", context, status=HTTPStatus.BAD_REQUEST)
    try:
        answer = _told(picker.found) if picker.found else _answer(text, reader)
    except Invalid as fault:
        return render(request, "desk/parcels.html", context | {"fault": fault.message}, status=HTTPStatus.BAD_REQUEST)
    if answer.sure:
        return redirect(answer.sure)
    place = search_words.place(answer.found.place) if answer.found.place else None
    return render(request, "desk/parcels.html", context | {"answer": answer, "place": place})


@desk("GET")
def search_json(request: HttpRequest, reader: Reader) -> HttpResponse:
    require(reader, Action.USE_DESK)
    found = _answer(request.GET.get("q", ""), reader)
    parcels = found.found.parcels
    return JsonResponse(
        {
            "outcome": parcels.outcome if parcels else None,
            "question": found.question,
            "parcels": [
                {"title": card.title, "key": card.key, "units": card.meta, "page": request.build_absolute_uri(card.url)}
                for card in found.cards
            ],
            "missing": [asdict(line) for line in parcels.missing] if parcels else [],
            "reasons": found.lines,
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _answer(text: str, reader: Reader) -> Answer:
    return _told(search_parcels(text, reader))


def _told(found: Found) -> Answer:
    return Answer(found, _cards(found), _lines(found))


def _cards(found: Found) -> tuple[Card, ...]:
    if found.parcels:
        return tuple(replace(parcel_card(hit), url=desk_parcel_url(hit.key)) for hit in found.parcels.found)
    if found.place:
        return tuple(
            Card(
                url=desk_parcel_url(parcel.key),
                title=gettext("Thửa %(number)s, tờ %(sheet)s") % {"number": parcel.parcel_no, "sheet": parcel.sheet_no},
                disc=Disc(*DISCS["parcels"]),
                collection="parcels",
                key=parcel.key,
            )
            for parcel in found.place.parcels
        )
    return ()


def _lines(found: Found) -> tuple[str, ...]:
    if found.place and not found.place.parcels:
        return (gettext("Tại điểm này không có thửa đất nào trong dữ liệu."),)
    if found.typed.empty or found.place or found.parcels:
        return search_words.parcel_lines(found)
    return (gettext("Không nhận ra số tờ, số thửa, mã thửa hay tọa độ trong “%(text)s”.") % {"text": found.typed.text},)
