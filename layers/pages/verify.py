"""Whether a copy of an extract is ours: the page behind its code. Public, and without a person in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from layers.access.reader import PUBLIC, readable
from layers.collections.parcels.collection import PARCELS
from layers.errors import Invalid
from layers.pages import wording
from layers.pages.answers import public, text_page
from layers.pages.features import Fact
from layers.pages.links import public_parcel_url
from layers.reports.issue import ALTERED, AUTHENTIC, SUPERSEDED, UNKNOWN, Printed, Verdict
from layers.reports.issue import verify as ask


@dataclass(frozen=True)
class Words:
    """The verdict in words. `notice` is the class suffix of its box."""

    title: str
    sentence: str
    notice: str


@public
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """`/kiem-chung/<number>/?h=<hash>`: authentic, altered, superseded or unknown."""
    claimed = request.GET.get("h", "").strip()
    if not claimed:
        raise Invalid(
            gettext("Địa chỉ thiếu dấu kiểm (h=…). Hãy quét lại mã QR hoặc gõ cả địa chỉ in trên trích lục."),
            parameter="h",
        )
    verdict = ask(number, claimed)
    shown = verdict.printed is not None and readable(PUBLIC, PARCELS)
    context = {
        "number": number[:40],
        "result": verdict.result,
        "words": _words(verdict),
        "facts": _facts(verdict, verdict.printed) if verdict.printed else (),
        "synthetic": verdict.printed is not None and verdict.printed.synthetic,
        "parcel_url": public_parcel_url(verdict.parcel_key) if shown else "",
    }
    return text_page(request, "public/verify.html", context)


def _words(verdict: Verdict) -> Words:
    if verdict.result == AUTHENTIC:
        return Words(gettext("Bản thật"), _authentic(verdict), "success")
    if verdict.result == SUPERSEDED:
        words = {"day": wording.day(verdict.superseded_on), "number": verdict.superseded_by}
        sentence = gettext("Trích lục này là thật, nhưng từ ngày %(day)s đã được thay bằng %(number)s.") % words
        return Words(gettext("Đã được thay thế"), sentence, "warning")
    titles = {ALTERED: gettext("Đã bị sửa"), UNKNOWN: gettext("Không có trích lục này")}
    sentences = {
        ALTERED: gettext("Số trích lục này có, nhưng dấu kiểm không khớp: bản trên tay không phải bản đã cấp."),
        UNKNOWN: gettext("Chúng tôi chưa từng cấp trích lục mang số này."),
    }
    return Words(titles[verdict.result], sentences[verdict.result], "danger")


def _authentic(verdict: Verdict) -> str:
    if verdict.changed_since:
        return gettext("Đúng là trích lục đã cấp, nhưng từ đó dữ liệu thửa đất đã thay đổi. Hãy xin trích lục mới.")
    return gettext("Đúng là trích lục đã cấp, và dữ liệu thửa đất đến nay không thay đổi.")


def _facts(verdict: Verdict, printed: Printed) -> tuple[Fact, ...]:
    """Lines of the paper, to be compared by eye: a copy can bear a true code and false words."""
    register = wording.number(printed.register_area_m2, 1)
    return (
        Fact(gettext("Ngày cấp"), wording.day(verdict.issued_on)),
        Fact(gettext("Ngày của dữ liệu"), wording.day(printed.data_date)),
        Fact(gettext("Thửa đất số"), str(printed.parcel_no)),
        Fact(gettext("Tờ bản đồ số"), str(printed.sheet_no)),
        Fact(gettext("Địa chỉ khi lập bản đồ"), printed.unit_then),
        Fact(gettext("Đơn vị hành chính lúc cấp"), "; ".join(printed.units_now) or gettext("chưa rõ")),
        Fact(gettext("Mã thửa đất"), printed.geohash),
        Fact(gettext("Diện tích theo hồ sơ"), f"{register} m²" if register else gettext("chưa có")),
        Fact(gettext("Diện tích đo đạc"), f"{wording.number(printed.survey_area_m2, 1)} m²"),
        Fact(gettext("Số góc ranh trong bảng"), str(printed.corners)),
    )
