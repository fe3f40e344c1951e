"""What a file of parcels says of itself, so that it can be judged when it is found alone.

Doors: `About` (what was asked) and `statement` (the words for a set of rows). Days are those people here lived.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext

from layers import geo, written
from layers.collections.parcels.collection import PARCELS
from layers.reading.parcel_rows import ParcelRows
from layers.reading.sources import sources


@dataclass(frozen=True)
class About:
    """A selection in words. `question`: the filter as the officer saw it; `page_url` leads back to it."""

    title: str
    question: str
    asked_at: datetime
    page_url: str = ""


@dataclass(frozen=True)
class Statement:
    """Facts of one file. `data_from` and `data_to`: since when the oldest and the newest row stand as they are."""

    title: str
    question: str
    asked_at: datetime
    page_url: str
    exported_on: date
    data_from: date
    data_to: date
    count: int
    source: str
    licence: str
    synthetic: int  # how many of the parcels are

    def lines(self, crs: str) -> tuple[tuple[str, str], ...]:
        """(what, words) in the active language. `crs`: what the coordinates of this file are in."""
        language = get_language() or "vi"
        days = dict.fromkeys((written.day(self.data_from, language), written.day(self.data_to, language)))
        asked = timezone.localtime(self.asked_at)
        lines = (
            (gettext("Tên"), self.title),
            (gettext("Điều kiện chọn"), self.question),
            (gettext("Chọn lúc"), f"{asked:%H:%M} {written.day(asked.date(), language)}"),
            (gettext("Ngày xuất"), written.day(self.exported_on, language)),
            (gettext("Dữ liệu ghi nhận ngày"), " – ".join(days)),
            (gettext("Hệ tọa độ"), crs),
            (gettext("Số lượng thửa"), written.number(self.count, language)),
            (gettext("Nguồn"), self.source),
            (gettext("Giấy phép"), self.licence),
            (gettext("Lưu ý"), self.notice),
            (gettext("Trang gốc"), self.page_url),
        )
        return tuple((what, words) for what, words in lines if words)

    @property
    def notice(self) -> str:
        """What to beware of; empty where all parcels are real."""
        if not self.synthetic:
            return ""
        if self.synthetic == self.count:
            return gettext("DỮ LIỆU TỔNG HỢP (giả lập) để thử nghiệm, không phải hồ sơ địa chính thật.")
        return gettext("{count} thửa là DỮ LIỆU TỔNG HỢP (giả lập), không phải hồ sơ địa chính thật.").format(
            count=written.number(self.synthetic, get_language() or "vi")
        )

    def machine(self, crs: str) -> dict[str, object]:
        """The same facts by names that do not change with the language, for metadata."""
        return {
            "title": self.title,
            "question": self.question,
            "asked_at": self.asked_at.isoformat(),
            "page_url": self.page_url,
            "exported_on": self.exported_on.isoformat(),
            "data_from": self.data_from.isoformat(),
            "data_to": self.data_to.isoformat(),
            "statement_crs": crs,
            "number_of_features": self.count,
            "source": self.source,
            "licence": self.licence,
            "synthetic": bool(self.synthetic),
            "notice": self.notice,
        }


def statement(about: About, found: ParcelRows) -> Statement:
    """What a file of these rows says. The title, or the collection's name where it has none."""
    source = sources()[PARCELS.source]
    days = [row.recorded_on for row in found.rows]
    return Statement(
        title=_one_line(about.title) or PARCELS.title,
        question=_one_line(about.question),
        asked_at=about.asked_at,
        page_url=about.page_url,
        exported_on=timezone.localdate(),
        data_from=min(days),
        data_to=max(days),
        count=len(found.rows),
        source=f"{source.title} ({_owner(source.owner)})",
        licence=_licence(source.licence),
        synthetic=sum(map(bool, found.column("synthetic"))),
    )


def _one_line(words: str) -> str:
    """Without control characters, which some formats cannot hold and others take for commands."""
    return " ".join("".join(" " if unicodedata.category(each) in ("Cc", "Cs") else each for each in words).split())


def _owner(words: str) -> str:
    return gettext("dự án Bản đồ Bình Thuận") if words == "this project" else words


def _licence(words: str) -> str:
    """In words that mean something away from this project."""
    return gettext("MIT, như dự án Bản đồ Bình Thuận") if words == "as the project" else words


def vn2000_words() -> str:
    """VN-2000 / TM-3 108-30 (EPSG:9218), x = north, y = east, in the active language."""
    zone = geo.ZONE_BY_SRID[geo.VN2000]
    return gettext("{name} (EPSG:{srid}), mét; X là bắc, Y là đông").format(name=zone.name, srid=zone.srid)


def wgs84_words() -> str:
    return gettext("WGS 84 (EPSG:{srid}), kinh độ rồi vĩ độ; đổi từ VN-2000 theo EPSG:6960, sai số ±1 m").format(
        srid=geo.WGS84
    )
