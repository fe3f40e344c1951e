"""The paper of an issued extract: PDF/A-3a, tagged, its own words (canonical JSON) attached.

Doors: `render_pdf`; for packs `lay_out` and `write`. Everything printed comes from the row's words, never from the
tables, so paper, JSON and signature say the same. WeasyPrint draws it with Pango; the fonts are those of the built
front end.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from layers.errors import Unavailable
from layers.reports.models import Extract
from layers.reports.plan_map import draw

FONT = "@fontsource/be-vietnam-pro/files/be-vietnam-pro-{subset}-{weight}-normal.woff2"
RANGES = {  # as the package cuts its subsets
    "vietnamese": "U+0102-0103, U+0110-0111, U+0128-0129, U+0168-0169, U+01A0-01A1, U+01AF-01B0, U+0300-0301, "
    "U+0303-0304, U+0308-0309, U+0323, U+0329, U+1EA0-1EF9, U+20AB",
    "latin": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, "
    "U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
}
KINDS = {"now": "Hiện trạng", "legal": "Theo giấy tờ", "before": "Trước biến động"}
CERTIFICATES = {"issued": "Đã cấp Giấy chứng nhận", "none": "Chưa cấp Giấy chứng nhận", None: "Chưa rõ"}
_PDF_A = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}
STYLE = Path(__file__).with_name("extract.css")


def render_pdf(extract: Extract, *, verify_at: str) -> bytes:
    """The extract as PDF. `verify_at` is the address of the verifying page, with `{number}` and `{hash}` in it.

    Raises Unavailable where Pango is not installed.
    """
    return write(lay_out(extract, verify_at), [extract], identifier=extract.sha256)


def lay_out(extract: Extract, verify_at: str):
    """The extract as a WeasyPrint Document: its pages, numbered by themselves, not yet drawn."""
    content = json.loads(extract.content)
    address = verify_at.format(number=extract.number, hash=extract.sha256)
    return lay_out_page(render_to_string("reports/extract.html", _context(content, extract.sha256, address)))


def lay_out_page(page: str):
    """A report's HTML as a Document, in the type of an extract."""
    weasyprint = _weasyprint()
    sheet, fonts = _style(weasyprint)
    return weasyprint.HTML(string=page, url_fetcher=_refuse).render(stylesheets=[sheet], font_config=fonts, **_PDF_A)


def write(document, extracts: Sequence[Extract], *, identifier: str) -> bytes:
    """The drawn PDF/A-3a, tagged, with the words of `extracts` attached."""
    attachment = _weasyprint().Attachment
    words = [
        attachment(
            string=each.content.encode(), name=f"{each.number}.json", relationship="Source",
            description="Nội dung gốc của trích lục (JSON)", created=each.issued_at, modified=each.issued_at,
        )
        for each in extracts
    ]  # fmt: skip
    return document.write_pdf(
        **_PDF_A, attachments=words, attachment_relationships=["Source"] * len(words),
        pdf_identifier=identifier.encode(),
    )  # fmt: skip


def _context(content: Mapping, sha256: str, address: str) -> dict[str, object]:
    facts = content["facts"]
    return {
        "content": content,
        "facts": facts,
        "issued_on": date.fromisoformat(content["issued_on"]),
        "data_date": date.fromisoformat(facts["data_date"]),
        "land_types": [(KINDS[each["kind"]], each["code"], each["name_vi"]) for each in facts["land_types"]],
        "certificate": CERTIFICATES[facts["certificate"]],
        "meridian": meridian(float(facts["central_meridian"])),
        "sha256": sha256,
        "address": address,
        "map": mark_safe(draw(facts)),  # every text in it is escaped there
        "code": mark_safe(_code(address)),  # an svg of squares
    }


def meridian(degrees: float) -> str:
    """108.5 → 108°30'."""
    return f"{int(degrees)}°{round(degrees % 1 * 60):02d}'"


def _code(address: str) -> str:
    """A QR code as <svg>; level M: a quarter of a smudge is forgiven."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, title="Mã QR để kiểm tra bản trích lục này", border=4
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


@lru_cache(maxsize=1)
def _style(weasyprint):
    """Style sheet and fonts, read once a process."""
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    text = "".join(_font_faces()) + STYLE.read_text(encoding="utf-8")
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
