"""The paper of an issued extract, made from the row's words alone, as `paper` draws them.

Doors: `render_pdf`; for packs `lay_out` and `words_of`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from django.utils.safestring import mark_safe

from layers.reports import paper
from layers.reports.models import Extract
from layers.reports.paper import Words, code_image, meridian
from layers.reports.plan_map import draw

STYLE = "extract.css"
KINDS = {"now": "Hiện trạng", "legal": "Theo giấy tờ", "before": "Trước biến động"}
CERTIFICATES = {"issued": "Đã cấp Giấy chứng nhận", "none": "Chưa cấp Giấy chứng nhận", None: "Chưa rõ"}


def render_pdf(extract: Extract, *, verify_at: str) -> bytes:
    """The extract as PDF. `verify_at` is the address of the verifying page, with `{number}` and `{hash}` in it.

    Raises Unavailable where Pango is not installed.
    """
    return paper.write(lay_out(extract, verify_at), [words_of(extract)], identifier=extract.sha256)


def lay_out(extract: Extract, verify_at: str):
    """The extract as a WeasyPrint Document: its pages, numbered by themselves, not yet drawn."""
    address = verify_at.format(number=extract.number, hash=extract.sha256)
    context = _context(json.loads(extract.content), extract.sha256, address)
    return paper.lay_out("reports/extract.html", context, style=STYLE)


def words_of(extract: Extract) -> Words:
    """What is attached to its paper."""
    return Words(
        f"{extract.number}.json", "Nội dung gốc của trích lục (JSON)", extract.content.encode(), extract.issued_at
    )


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
        "code": mark_safe(code_image(address, "Mã QR để kiểm tra bản trích lục này")),  # an svg of squares
    }
