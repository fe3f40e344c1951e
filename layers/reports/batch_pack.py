"""The extracts of a batch bound together: a cover that lists them, bookmarks, each one's own words attached.

Door: `make_pack`, which a worker does. Issuing comes first, parcel by parcel: number and line are written together, so
whoever takes the job up again goes on with the next parcel and issues none twice. Then the paper is drawn from those
rows. Pages laid out wait in memory until all are drawn (3.5 MB an extract), so more than PART extracts become several
files; those that are kept already are not drawn again.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from layers.access.reader import Reader, require
from layers.access.roles import Action
from layers.errors import Fault
from layers.jobs import queue
from layers.jobs.worker import Work
from layers.reading import parcel_words
from layers.reports import batches, paper, pdf
from layers.reports.batch_lines import Line, State, line_of
from layers.reports.canonical import sha256
from layers.reports.issue import issue_extract
from layers.reports.models import Extract, ReferenceBatch

PART = 100  # extracts in one file


@dataclass(frozen=True)
class Entry:
    """A row of the cover: the lines that mean one parcel, and its extract (`number`, on `page`) or why it has none."""

    lines: str
    text: str
    parcel: str
    number: str = ""
    reason: str = ""
    page: int = 0


def make_pack(work: Work, reader: Reader, parameters: Mapping[str, object]) -> None:
    """Issue what is not issued, draw what is not drawn. Raises NotAllowed (role), NotFound; `Stopped` goes through."""
    require(reader, Action.ISSUE_EXTRACT)
    held = batches.batch(str(parameters["batch"]), reader)
    keys = batches.found_keys(str(held.uuid), reader)
    _issue(work, reader, held, keys)
    entries, refused = _entries(work, held)
    parts = [entries[at : at + PART] for at in range(0, len(entries), PART)] or [[]]
    kept = set(queue.files_of(work.job).values_list("name", flat=True))
    for nth, part in enumerate(parts, start=1):
        name = _file_name(work, nth, len(parts))
        if name not in kept:
            cover = _Cover(held, reader, part, refused if nth == 1 else (), nth, len(parts), len(entries))
            content = _draw(work, cover, str(parameters["verify_at"]), before=(nth - 1) * PART, total=len(keys))
            work.keep(name, "application/pdf", [content])
            del content
            gc.collect()  # the pages refer to each other: without this the next file's come on top of them
    work.step(2 * len(keys), 2 * len(keys), gettext("Đã xong %(n)s trích lục") % {"n": len(entries)}, now=True)


def _issue(work: Work, reader: Reader, held: ReferenceBatch, keys: Sequence[str]) -> None:
    for n, key in enumerate(keys):
        with transaction.atomic():
            rows = held.lines.filter(state=State.FOUND, parcel_key=key)
            if not rows.filter(extract_job=work.job.uuid).exists():
                number, reason = _issued(key, reader)
                rows.update(extract_number=number, no_extract=reason, extract_job=work.job.uuid)
        done = {"n": n + 1, "all": len(keys)}
        work.step(n + 1, 2 * len(keys), gettext("Đang cấp trích lục %(n)s/%(all)s") % done)


def _issued(key: str, reader: Reader) -> tuple[str, str]:
    """Its number, or the sentence with which it was refused."""
    try:
        return issue_extract(key, reader).number, ""
    except Fault as fault:
        return "", fault.message


def _entries(work: Work, held: ReferenceBatch) -> tuple[list[Entry], list[Entry]]:
    """What was issued and what was refused, one entry a parcel, by their first lines."""
    groups: dict[str, list[Line]] = {}
    for row in held.lines.filter(state=State.FOUND, extract_job=work.job.uuid).order_by("number"):
        groups.setdefault(row.parcel_key, []).append(line_of(row))
    found = [
        Entry(
            lines=", ".join(str(line.number) for line in lines),
            text=lines[0].text,
            parcel=f"{parcel_words.parcel_title(lines[0].parcel)}, {lines[0].parcel.unit.name}",
            number=lines[0].extract_number,
            reason=lines[0].no_extract,
        )
        for lines in groups.values()
    ]
    return [each for each in found if each.number], [each for each in found if not each.number]


def _file_name(work: Work, nth: int, of: int) -> str:
    day = timezone.localdate(work.job.created_at)
    return f"trich-luc-{day:%Y%m%d}-{nth}.pdf" if of > 1 else f"trich-luc-{day:%Y%m%d}.pdf"


@dataclass(frozen=True)
class _Cover:
    held: ReferenceBatch
    reader: Reader
    entries: Sequence[Entry]
    refused: Sequence[Entry]
    part: int
    parts: int
    all: int

    def lay_out(self, pages: Sequence[int], synthetic: bool):
        """The cover as a document. `pages`: where each entry begins."""
        rows = [Entry(e.lines, e.text, e.parcel, e.number, page=at) for e, at in zip(self.entries, pages, strict=True)]
        title = "Gói trích lục bản đồ địa chính" + (f", tệp {self.part}/{self.parts}" if self.parts > 1 else "")
        context = {
            "title": title, "batch": self.held.uuid, "entries": rows, "refused": self.refused, "part": self.part,
            "parts": self.parts, "all": self.all, "most": PART, "made_on": timezone.localdate(), "synthetic": synthetic,
            "issued_by": self.reader.name, "agency": self.reader.agency_name,
            "left_out": self.held.lines.exclude(state=State.FOUND).count(),
        }  # fmt: skip
        return paper.lay_out("reports/pack.html", context, style=pdf.STYLE)


def _draw(work: Work, cover: _Cover, verify_at: str, *, before: int, total: int) -> bytes:
    """One file. The cover is laid out twice: what pages it sends to depends on how many it takes itself."""
    by_number = Extract.objects.in_bulk([entry.number for entry in cover.entries], field_name="number")
    extracts = [by_number[entry.number] for entry in cover.entries]
    synthetic = any('"synthetic":true' in each.content for each in extracts)
    first = cover.lay_out([0] * len(extracts), synthetic)
    pages, starts = [], []
    opening = {"n": before, "all": total}
    work.step(total + before, 2 * total, gettext("Đang dàn trang %(n)s/%(all)s") % opening, now=True)
    for n, document in enumerate(_laid_out(extracts, verify_at), start=1):
        starts.append(len(first.pages) + len(pages) + 1)
        pages += document.pages
        done = {"n": before + n, "all": total}
        work.step(total + before + n, 2 * total, gettext("Đang dàn trang %(n)s/%(all)s") % done)
    work.step(total + before + len(extracts), 2 * total, gettext("Đang ghi tệp PDF"), now=True)
    front = cover.lay_out(starts, synthetic)
    bound = front.copy([*front.pages, *pages])
    identifier = sha256("".join(each.sha256 for each in extracts).encode())
    return paper.write(bound, list(map(pdf.words_of, extracts)), identifier=identifier)


def _laid_out(extracts: Sequence[Extract], verify_at: str) -> Iterator:
    """Documents, one by one. What is laid out stays, so the collector of garbage need not walk through it again."""
    try:
        for extract in extracts:
            yield pdf.lay_out(extract, verify_at)
            gc.freeze()
    finally:
        gc.unfreeze()
