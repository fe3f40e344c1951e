"""Parcels by who uses the land: asked in a form that is posted, for a purpose; never in an address."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from layers.access import personal
from layers.access.personal import Inquiry, Match, Matches, Purpose
from layers.access.reader import Reader, may, require
from layers.access.roles import Action
from layers.collections.areas import queries as areas
from layers.collections.areas.queries import AreaRow
from layers.errors import Fault
from layers.pages import cards, parcels, wording
from layers.pages.answers import STATUS
from layers.pages.desk import desk
from layers.pages.links import desk_parcel_url
from layers.pages.private import address_of

FIELDS = ("text", "purpose", "purpose_text", "dossier_code")


@dataclass(frozen=True)
class Asked:
    """The form as it was filled in. It goes back into its own fields only."""

    text: str = ""
    purpose: str = ""
    purpose_text: str = ""
    dossier_code: str = ""


@dataclass(frozen=True)
class Row:
    """A parcel of somebody found. `url` holds the parcel's numbers and nothing of the person."""

    name: str
    party: str
    parcel: str
    url: str
    unit: str
    units_now: str
    synthetic: bool


@desk("GET", "POST")
def owners(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The form (GET), and with purpose and dossier (POST) the parcels found, in this answer only."""
    if request.method == "GET":
        require(reader, Action.SEARCH_OWNERS)
        return _form(request, reader, Asked())
    asked = Asked(*(request.POST.get(name, "")[:500] for name in FIELDS))
    inquiry = Inquiry(asked.purpose, asked.purpose_text, asked.dossier_code, address_of(request))
    try:
        found = personal.search_owners(reader, asked.text, inquiry)  # refuses by role too, and logs that
    except Fault as fault:
        if not may(reader, Action.SEARCH_OWNERS):
            raise
        shown = {"fault": fault.message, "field": fault.parameter if fault.parameter in FIELDS else ""}
        return _form(request, reader, asked, status=STATUS[type(fault)], **shown)
    return _form(request, reader, asked, **_answer(found))


def _form(
    request: HttpRequest, reader: Reader, asked: Asked, *, status: HTTPStatus = HTTPStatus.OK, **shown: object
) -> HttpResponse:
    context = {"reader": reader, "asked": asked, "purposes": Purpose.choices, **shown}
    return render(request, "desk/owner_search.html", context, status=status)


def _answer(found: Matches) -> dict[str, object]:
    keys = tuple(dict.fromkeys(match.parcel_key.rsplit("-", 2)[0] for match in found.matches))
    units, now = areas.by_keys(keys), areas.today_of(keys, timezone.localdate())
    number = len(found.matches)
    counted = ngettext("%(n)s kết quả", "%(n)s kết quả", number) % {"n": wording.number(number)}
    return {
        "answered": True,
        "rows": tuple(_row(match, units, now) for match in found.matches),
        "count_text": gettext("%(n)s kết quả đầu, còn nữa") % {"n": wording.number(number)} if found.more else counted,
        "more": found.more,
        "notice": found.notice,
    }


def _row(match: Match, units: dict[str, AreaRow], now: dict[str, tuple[AreaRow, ...]]) -> Row:
    area_key, sheet, number = match.parcel_key.rsplit("-", 2)
    unit = units.get(area_key)
    return Row(
        name=match.name,
        party=wording.party(match.party_kind),
        parcel=gettext("Thửa %(number)s, tờ %(sheet)s") % {"number": number, "sheet": sheet},
        url=desk_parcel_url(match.parcel_key),
        unit=parcels.dated(unit) if unit else area_key,
        units_now=", ".join(cards.area_title(each) for each in now.get(area_key, ()) if each.key != area_key),
        synthetic=match.synthetic,
    )
