"""What every page shows: its name, main links and the same page in the other language. A context processor."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext

LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    url: str
    absolute_url: str
    current: bool


@dataclass(frozen=True)
class Site:
    name: str
    search_url: str
    canonical_url: str
    languages: tuple[Language, ...]
    navigation: tuple[Link, ...]
    footer: tuple[Link, ...]


def context(request: HttpRequest) -> dict[str, Site]:
    """Template variable `site`. Reads the address and the language only: the same answer for everybody."""
    return {"site": site(request)}


def site(request: HttpRequest) -> Site:
    return Site(
        name=gettext("Bản đồ Bình Thuận"),
        search_url=f"{reverse('pages:home')}tim/",
        canonical_url=request.build_absolute_uri(request.path),
        languages=tuple(_language(request, code) for code, _ in settings.LANGUAGES),
        navigation=_links(request, _main_links()),
        footer=_links(request, _footer_links()),
    )


def _main_links() -> tuple[tuple[str, str], ...]:
    return (
        (gettext("Địa điểm"), "sites"),
        (gettext("Cơ quan"), "agencies"),
        (gettext("Đơn vị hành chính"), "areas"),
        (gettext("Thửa đất"), "parcels"),
        (gettext("Thủ tục"), "procedures"),
    )


def _footer_links() -> tuple[tuple[str, str], ...]:
    return (
        (gettext("Quy hoạch"), "zones"),
        (gettext("Lớp dữ liệu và nguồn"), "layers"),
        (gettext("Trợ giúp"), "help"),
        (gettext("Dữ liệu mở và API"), "open_data"),
        (gettext("Khả năng tiếp cận"), "accessibility"),
    )


def _links(request: HttpRequest, links: tuple[tuple[str, str], ...]) -> tuple[Link, ...]:
    found = [(title, reverse(f"pages:{name}")) for title, name in links]
    return tuple(Link(title, url, current=request.path.startswith(url)) for title, url in found)


def _language(request: HttpRequest, code: str) -> Language:
    url = in_language(request.get_full_path(), code)
    return Language(
        code=code,
        name=LANGUAGE_NAMES[code],
        url=url,
        absolute_url=request.build_absolute_uri(in_language(request.path, code)),
        current=code == get_language(),
    )


def in_language(path: str, code: str) -> str:
    """The same page in another language: `/en/…` for English, no prefix for the language of the site."""
    bare = path.removeprefix("/en") if path == "/en" or path.startswith("/en/") else path
    return f"/{code}{bare}" if code != settings.LANGUAGE_CODE else bare or "/"
