"""What draws any paper: HTML and a style → PDF/A-3a, tagged, with the paper's own words (canonical JSON) attached.

Doors: `draw_paper`; `lay_out` and `write` for papers bound together. WeasyPrint draws with Pango; the fonts are those
of the built front end. Nothing is loaded from outside, and what is printed comes from the words given, never from the
tables.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from layers.errors import Unavailable
from layers.reports.canonical import sha256

FONT = "@fontsource/be-vietnam-pro/files/be-vietnam-pro-{subset}-{weight}-normal.woff2"
RANGES = {  # as the package cuts its subsets
    "vietnamese": "U+0102-0103, U+0110-0111, U+0128-0129, U+0168-0169, U+01A0-01A1, U+01AF-01B0, U+0300-0301, "
    "U+0303-0304, U+0308-0309, U+0323, U+0329, U+1EA0-1EF9, U+20AB",
    "latin": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, "
    "U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
}
_PDF_A = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}
LANGUAGE = "vi"  # of every paper: the law is in Vietnamese, and so are the offices that take it


@dataclass(frozen=True)
class Words:
    """The canonical JSON a paper is made from, to be attached to it. `at`: the paper's own time."""

    name: str
    description: str
    content: bytes
    at: datetime


def draw_paper(template: str, context: Mapping[str, object], *, style: str, words: Words) -> bytes:
    """The PDF of a template of `reports/` with `style`, a style sheet beside this file.

    Raises Unavailable where Pango is not installed.
    """
    return write(lay_out(template, context, style=style), [words], identifier=sha256(words.content))


def lay_out(template: str, context: Mapping[str, object], *, style: str):
    """The same as a WeasyPrint Document: laid out in pages, not yet drawn."""
    weasyprint = _weasyprint()
    with translation.override(LANGUAGE):
        page = render_to_string(template, dict(context))
    sheet, fonts = _style(weasyprint, style)
    return weasyprint.HTML(string=page, url_fetcher=_refuse).render(stylesheets=[sheet], font_config=fonts, **_PDF_A)


def write(document, words: Sequence[Words], *, identifier: str) -> bytes:
    """The drawn PDF of a laid out document, with the words of all papers in it attached."""
    attachment = _weasyprint().Attachment
    attached = [
        attachment(
            string=each.content, name=each.name, relationship="Source", description=each.description,
            created=each.at, modified=each.at,
        )
        for each in words
    ]  # fmt: skip
    return document.write_pdf(
        **_PDF_A, attachments=attached, attachment_relationships=["Source"] * len(attached),
        pdf_identifier=identifier.encode(),
    )  # fmt: skip


def meridian(degrees: float) -> str:
    """108.5 → 108°30'."""
    return f"{int(degrees)}°{round(degrees % 1 * 60):02d}'"


def code_image(address: str, title: str) -> str:
    """A QR code as <svg>; level M: a quarter of a smudge is forgiven."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, title=title, border=4
    )
    return out.getvalue().decode()


def _weasyprint():
    try:
        import weasyprint
    except OSError as fault:  # the library is there, Pango is not
        raise Unavailable(
            "PDF needs Pango: install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0."
        ) from fault
    return weasyprint


@lru_cache(maxsize=8)
def _style(weasyprint, style: str):
    """Style sheet and fonts of one kind of paper, read once a process."""
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    here = Path(__file__).parent
    own = "".join((here / name).read_text(encoding="utf-8") for name in ("paper.css", style))
    text = "".join(_font_faces()) + own
    return weasyprint.CSS(string=text, font_config=fonts, url_fetcher=_own_fonts), fonts


def _font_faces() -> Iterator[str]:
    """@font-face of the built front end's own files; without a build the system's Noto Sans is taken.

    Each subset is a family of its own: within one family WeasyPrint 70 keeps one file and prints the other's letters
    wrong, while the text that can be selected stays right.
    """
    for weight in (400, 600):
        for subset, characters in RANGES.items():
            if path := font_path(subset, weight):
                yield (
                    f'@font-face {{ font-family: "BVP {subset}"; font-weight: {weight}; '
                    f'src: url("{path.as_uri()}"); unicode-range: {characters}; }}\n'
                )


def font_path(subset: str, weight: int) -> Path | None:
    """The file Vite made of a font of the package, by its manifest; None before the front end is built."""
    manifest = settings.FRONTEND_DIST / "manifest.json"
    if not manifest.exists():
        return None
    entry = json.loads(manifest.read_text(encoding="utf-8")).get(
        f"node_modules/{FONT.format(subset=subset, weight=weight)}"
    )
    return settings.FRONTEND_DIST / entry["file"] if entry else None


def _own_fonts(url: str, *args, **kwargs):
    """Only files of the built front end are ever opened."""
    from weasyprint.urls import URLFetcherResponse

    path = next((path for path in settings.FRONTEND_DIST.glob("assets/*.woff2") if path.as_uri() == url), None)
    return _refuse(url) if path is None else URLFetcherResponse(url, path.read_bytes())


def _refuse(url: str, *args, **kwargs):
    raise ValueError(f"A report loads nothing from outside: {url}")
