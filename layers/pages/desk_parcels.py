"""A parcel on the desk: all an officer may know of it on one page, owners masked until a purpose is given."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from layers.access import personal
from layers.access.personal import Inquiry, Owner, Purpose
from layers.access.reader import PUBLIC, Reader, readable, refusal, require
from layers.access.roles import Action
from layers.collections import registry
from layers.collections.parcels import queries
from layers.collections.parcels.collection import PARCELS
from layers.errors import Fault
from layers.pages import (
    cards,
    desk_areas,
    desk_plan,
    features,
    links,
    map_config,
    parcel_history,
    parcels,
    related,
    wording,
)
from layers.pages.answers import STATUS
from layers.pages.desk import desk
from layers.pages.private import address_of
from layers.reading import items
from layers.reading.features import FeatureView, feature
from layers.reports import issue, parcel_facts

Page = Callable[..., HttpResponse]


def held(page: Page) -> Page:
    """Give `page` the parcel of the address; answer for it where there is none (404) or none any more (410)."""

    @functools.wraps(page)
    def wrapped(
        request: HttpRequest, reader: Reader, area_key: str, sheet: str, number: str
    ) -> HttpResponse:  # fmt: skip
        sheet_no, parcel_no = parcels.numbers(sheet, number)
        _require_parcels(reader, area_key)
        way = parcels.Way(reader, links.desk_parcel_url, "desk:parcels")
        place = queries.place(area_key, sheet_no, parcel_no)
        if place.key is None:
            return parcels.not_held(request, area_key, sheet_no, parcel_no, place, way=way)
        view = feature(PARCELS, place.key, reader)
        if view.get("status") == "retired":
            return parcels.retired(request, view, way=way)
        return page(request, reader, view)

    return wrapped


def _require_parcels(reader: Reader, area_key: str) -> None:
    """Where parcels are not public, an officer reads those of the own territory only."""
    require(reader, Action.USE_DESK, area_key=None if readable(PUBLIC, PARCELS) else area_key)


def _on_the_map(view: FeatureView) -> dict[str, object]:
    """The map draws what is public; where parcels are not, there is none, and no public address."""
    if not readable(PUBLIC, PARCELS):
        return {}
    shown = map_config.config(selected=view, shown=("parcels",), feature_url=links.desk_feature_url())
    return {
        "map_config": shown,
        "public_url": links.public_parcel_url(view.key),
        "geojson_url": links.geojson_url(view.key),
    }


@dataclass(frozen=True)
class OwnerRow:
    name: str
    identity_no: str
    party: str
    right: str
    share: str
    period: str
    synthetic: bool


@dataclass(frozen=True)
class Asked:
    """The form "why do you ask", as it was filled in."""

    purpose: str = ""
    purpose_text: str = ""
    dossier_code: str = ""


@dataclass(frozen=True)
class Owners:
    """Owners as this page shows them. `refusal`: why none are shown. `fault` of the form stands at `field`."""

    rows: tuple[OwnerRow, ...] = ()
    clear: bool = False
    may_reveal: bool = False
    refusal: str = ""
    notice: str = ""
    fault: str = ""
    field: str = ""
    status: HTTPStatus = HTTPStatus.OK


@desk("GET", "POST")
@held
def parcel(request: HttpRequest, reader: Reader, view: FeatureView) -> HttpResponse:
    """The sheet (GET); with a purpose and a dossier code (POST) the owners in clear, in the answer only."""
    asked = Asked()
    if request.method == "POST":
        asked = Asked(*(request.POST.get(name, "") for name in ("purpose", "purpose_text", "dossier_code")))
        owners = _revealed(reader, view, asked, address_of(request))
    else:
        owners = _masked(reader, view, address_of(request))
    area_key = str(view.get("area_key"))
    no_extract = refusal(reader, Action.ISSUE_EXTRACT, area_key)
    context = identity(view) | {
        "reader": reader,
        "facts": parcels.facts_of(view),
        "areas": desk_areas.facts_of(view),
        "corners": desk_areas.corners_of(view),
        "history": parcel_history.history(view.key, links.desk_parcel_url),
        "papers": parcel_history.papers_of(view.key),
        "uses": parcels.land_uses(view),
        "neighbours": tuple(map(_neighbour, queries.neighbours(view.key))),
        "plan": desk_plan.plan(view.key, timezone.localdate(), reader),
        "procedures": related.block(view, reader, prefill=functools.partial(links.desk_prefill_url, view.key)),
        "owners": owners,
        "asked": asked,
        "purposes": Purpose.choices,
        "no_extract": no_extract,
        "extracts": () if no_extract else issue.issued_of(view.key, reader),
        "watches": not refusal(reader, Action.READ_ACCESS_LOG, area_key),
        **_on_the_map(view),
        "recorded_on": wording.day(view.recorded_on),
    }
    return render(request, "desk/parcel.html", context, status=owners.status)


@desk("GET")
@held
def parcel_json(request: HttpRequest, reader: Reader, view: FeatureView) -> HttpResponse:
    """The sheet for machines, without owners: those are shown for a purpose only, on the page."""
    then, now = parcels.units_of(view)
    return JsonResponse(
        {
            "feature": json.loads(items.item(PARCELS, view.key, reader)),
            "unit_then": then.full_name_vi if then else None,
            "units_now": [unit.full_name_vi for unit in now],
            "neighbours": [_neighbour_json(each) for each in queries.neighbours(view.key)],
            "area": desk_areas.as_json(view),
            "corners": desk_areas.corners_json(parcel_facts.drawn(view.key)),
            **parcel_history.as_json(view.key),
            "related": related.as_json(view, reader),
            "synthetic": view.get("synthetic"),
            "page": request.build_absolute_uri(links.desk_parcel_url(view.key)),
        },
        json_dumps_params={"ensure_ascii": False},
    )


@desk("GET")
def anywhere(request: HttpRequest, reader: Reader, collection_id: str, key: str) -> HttpResponse:
    """From a click on the desk's map: a parcel's sheet, else the public page."""
    if registry.get(collection_id) is not PARCELS:
        return redirect("pages:anywhere", collection_id, key)
    return redirect(links.desk_parcel_url(feature(PARCELS, key, reader).key))


@desk("GET")
@held
def plan_sheet(request: HttpRequest, reader: Reader, view: FeatureView) -> HttpResponse:
    """The planning fact sheet on `?ngay=`."""
    context = identity(view) | {"reader": reader, "plan": desk_plan.of_request(request, view.key, reader)}
    return render(request, "desk/plan.html", context)


@desk("GET")
@held
def plan_json(request: HttpRequest, reader: Reader, view: FeatureView) -> HttpResponse:
    return JsonResponse(desk_plan.as_json(request, view.key, reader), json_dumps_params={"ensure_ascii": False})


def identity(view: FeatureView) -> dict[str, object]:
    """What the head of every page of a parcel shows."""
    then, now = parcels.units_of(view)
    return {
        "view": view,
        "place": (view.get("area_key"), view.get("sheet_no"), view.get("parcel_no")),
        "heading": features.heading(view),
        "then": cards.area_card(then, meta=wording.period(then.valid_from, then.valid_to)) if then else None,
        "now": tuple(cards.area_card(unit) for unit in now),
        "url": links.desk_parcel_url(view.key),
    }


def _masked(reader: Reader, view: FeatureView, address: str) -> Owners:
    """Owners masked, for those who may see them so. Whoever may not has asked for nothing: no look, no log."""
    area_key = str(view.get("area_key"))
    if sentence := refusal(reader, Action.SEE_OWNERS_MASKED, area_key):
        return Owners(refusal=sentence)
    try:
        found = personal.masked_owners(reader, view.key, address)
    except Fault as fault:
        return Owners(refusal=fault.message)
    return Owners(tuple(map(_owner, found)), may_reveal=not refusal(reader, Action.REVEAL_OWNERS, area_key))


def _revealed(reader: Reader, view: FeatureView, asked: Asked, address: str) -> Owners:
    inquiry = Inquiry(asked.purpose, asked.purpose_text, asked.dossier_code, address)
    try:
        found = personal.reveal_owners(reader, view.key, inquiry)
    except Fault as fault:
        before = _masked(reader, view, address)
        shown = {"rows": before.rows, "may_reveal": before.may_reveal, "refusal": before.refusal}
        field = fault.parameter if fault.parameter in Asked.__dataclass_fields__ else ""
        return Owners(**shown, fault=fault.message, field=field, status=STATUS[type(fault)])
    return Owners(tuple(map(_owner, found.owners)), clear=True, notice=found.notice)


def _owner(owner: Owner) -> OwnerRow:
    rights = {
        "use": gettext("quyền sử dụng đất"),
        "ownership": gettext("quyền sở hữu"),
        "mortgage": gettext("thế chấp"),
        "restriction": gettext("hạn chế"),
    }
    return OwnerRow(
        owner.name,
        owner.identity_no,
        party=wording.party(owner.party_kind),
        right=rights.get(owner.right_kind, owner.right_kind),
        share=owner.share,
        period=wording.period(owner.valid_from, owner.valid_to),
        synthetic=owner.synthetic,
    )


@dataclass(frozen=True)
class NeighbourRow:
    url: str
    title: str
    unit: str
    land_use: str
    area: str
    shared: str
    fault: str


def _neighbour(found: queries.Neighbour) -> NeighbourRow:
    overlap = found.overlap_m2 >= 0.01
    return NeighbourRow(
        links.desk_parcel_url(found.key),
        gettext("Thửa %(number)s, tờ %(sheet)s") % {"number": found.parcel_no, "sheet": found.sheet_no},
        unit=cards.local(found.unit_vi, found.unit_en),
        land_use=found.land_use,
        area=wording.area(found.survey_area_m2),
        shared=f"{wording.number(found.shared_m, 2)} m" if found.shared_m >= 0.005 else gettext("chạm góc"),
        fault=gettext("vẽ chồng %(m2)s m²") % {"m2": wording.number(found.overlap_m2, 2)} if overlap else "",
    )


def _neighbour_json(found: queries.Neighbour) -> dict[str, object]:
    return {
        "key": found.key, "sheet_no": found.sheet_no, "parcel_no": found.parcel_no, "area_key": found.unit_key,
        "land_use": found.land_use, "survey_area_m2": found.survey_area_m2,
        "shared_m": round(found.shared_m, 2), "overlap_m2": round(found.overlap_m2, 2),
    }  # fmt: skip
