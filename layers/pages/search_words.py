"""What search says in the reader's language: what each hit is, why it was found, and why a parcel was not."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from layers import geo
from layers.collections import registry
from layers.geo_typed import Order, Written
from layers.pages import wording
from layers.pages.cards import Badge, local
from layers.pages.links import feature_url
from layers.reading import whereabouts
from layers.reading.parcel_numbers import Answer, Outcome, ParcelHit
from layers.reading.parcel_words import listed, missing, nowhere, unit_and_today
from layers.reading.search import Found, Hit

MAP_ZOOM = 17


@dataclass(frozen=True)
class UnitLink:
    name: str
    url: str
    approximate: bool = False


@dataclass(frozen=True)
class Place:
    """A typed coordinate as the page shows it. `point` is lon, lat."""

    system: str
    degrees: str
    vn2000: str
    point: tuple[float, float]
    today: tuple[UnitLink, ...]
    in_2015: tuple[UnitLink, ...]
    parcels: tuple[UnitLink, ...]
    map_url: str
    geo_url: str
    outside: bool
    zone_doubtful: bool


def kind(hit: Hit) -> str:
    """What it is and where: type and period of a unit, category and commune of a site, level of an office."""
    if hit.group == "areas":
        parts = [local(hit.details.get("type_vi"), hit.details.get("type_en")), _within(hit)]
        parts.append(wording.period(hit.valid_from, hit.valid_to))
    elif hit.group == "procedures":
        parts = [hit.details.get("code", "")]
    else:
        labels = (field.label(hit.details.get(field.name)) for field in registry.get(hit.group).fields if field.choices)
        parts = [*labels, _within(hit)]
    return " · ".join(part for part in parts if part)


def _within(hit: Hit) -> str:
    """The unit that holds it, unless the reason names one."""
    return hit.lies_in.name if hit.lies_in and not hit.place else ""


def reason(hit: Hit) -> str:
    """Why it stands here, when its name does not say so itself."""
    parts = [_alias(hit)]
    if hit.group == "areas" and hit.former:
        parts.append(_what_became(hit))
    elif hit.former:
        parts.append(gettext("đến hết %(day)s") % {"day": wording.last_day(hit.valid_to)})
    if hit.place:
        parts.append(gettext("ở %(unit)s") % {"unit": unit_and_today(hit.place, hit.place_now)})
    return "; ".join(part for part in parts if part)


def _alias(hit: Hit) -> str:
    if not hit.alias or hit.alias in (hit.details.get("short_vi"), hit.details.get("short_en")):
        return ""
    if hit.alias == hit.alias.upper() and any(letter.isdigit() for letter in hit.alias):
        return gettext("mã %(code)s") % {"code": hit.alias}
    return gettext("còn gọi là “%(name)s”") % {"name": hit.alias}


def _what_became(hit: Hit) -> str:
    if not hit.now:
        return gettext("tên cũ, nay không còn đơn vị này")
    return gettext("tên cũ, nay thuộc %(units)s") % {"units": listed(hit.now)}


def badges(hit: Hit) -> tuple[Badge, ...]:
    """Of a unit the reason says it already."""
    if hit.former and hit.group != "areas":
        return (Badge("former", gettext("đã hết hiệu lực")),)
    return ()


def parcel_badges(parcel: ParcelHit) -> tuple[Badge, ...]:
    found = []
    if parcel.synthetic:
        found.append(Badge("synthetic", gettext("dữ liệu tổng hợp")))
    if parcel.retired:
        found.append(Badge("former", gettext("đã hủy số")))
    return tuple(found)


def parcel_lines(found: Found) -> tuple[str, ...]:
    """What to say of the parcel asked for besides the cards: that there are several, or why there is none."""
    answer = found.parcels
    if answer is None:
        return ()
    if answer.outcome is Outcome.NO_PLACE:
        return () if found.groups else (gettext("Không nhận ra tên xã, phường nào, mới hay cũ, trong câu tìm."),)
    if answer.outcome is Outcome.HIDDEN:
        return (gettext("Tỉnh này không công khai thửa đất. Hãy hỏi văn phòng đăng ký đất đai."),)
    lines = [_several(answer)] if answer.ambiguous else []
    lines += [missing(line) for line in answer.missing]
    if not answer.found and not answer.missing and not found.groups:
        lines.append(nowhere(answer, found.typed.identifier or ""))
    return tuple(lines)


def _several(answer: Answer) -> str:
    text = gettext("Cùng số này có %(n)s thửa. Số thửa chỉ có nghĩa trong xã, phường khi lập bản đồ: chọn đúng nơi.")
    return text % {"n": len(answer.found)}


def place(answer: whereabouts.Answer) -> Place:
    point = answer.point
    return Place(
        system=_system(answer),
        degrees=f"{point.latitude:.6f}, {point.longitude:.6f}",
        vn2000="" if answer.east_m is None else _metres(answer),
        point=(point.longitude, point.latitude),
        today=tuple(map(_unit_link, answer.today)),
        in_2015=tuple(map(_unit_link, answer.in_2015)),
        parcels=tuple(
            UnitLink(gettext("Thửa %(number)s, tờ %(sheet)s") % {"number": p.parcel_no, "sheet": p.sheet_no},
                     feature_url("parcels", p.key))
            for p in answer.parcels
        ),
        map_url=map_url(point.longitude, point.latitude),
        geo_url=f"geo:{point.latitude:.6f},{point.longitude:.6f}",
        outside=not point.in_province,
        zone_doubtful=not point.in_province and point.written is Written.VN2000,
    )  # fmt: skip


def map_url(longitude: float, latitude: float) -> str:
    """The home map looking at a point."""
    return f"{reverse('pages:home')}#map={MAP_ZOOM}/{latitude:.6f}/{longitude:.6f}"


def _metres(answer: whereabouts.Answer) -> str:
    """X is north, as surveyors write."""
    return gettext("X (Bắc) %(north)s m; Y (Đông) %(east)s m") % {
        "north": f"{answer.north_m:.2f}",
        "east": f"{answer.east_m:.2f}",
    }


def _system(answer: whereabouts.Answer) -> str:
    """How the text was understood, so that a wrong reading is seen."""
    point = answer.point
    if point.written is Written.VN2000:
        order = gettext("X Bắc trước") if point.order is Order.NORTH_EAST else gettext("Y Đông trước")
        return gettext("VN-2000, %(zone)s, %(order)s") % {"zone": geo.ZONE_BY_SRID[point.srid].name, "order": order}
    if point.written is Written.URL:
        return gettext("WGS 84, tọa độ trong liên kết bản đồ")
    order = gettext("vĩ độ trước") if point.order is Order.LAT_LON else gettext("kinh độ trước")
    return gettext("WGS 84, %(order)s") % {"order": order}


def _unit_link(there: whereabouts.UnitThere) -> UnitLink:
    name = there.unit.name + (f", {there.within.name}" if there.within else "")
    return UnitLink(name, feature_url("areas", there.unit.key), there.approximate)
