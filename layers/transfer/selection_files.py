"""A selection as a file, made in the background. Door: `make_file`, which a worker does."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from layers.access.reader import Reader
from layers.jobs.worker import Work
from layers.reading.selection_rows import asked_for
from layers.transfer.export import Format, export_parcels


def make_file(work: Work, reader: Reader, parameters: Mapping[str, object]) -> None:
    """Keep the file of a selection as it was when it was asked for. Raises what `asked_for` and the export raise."""
    keys, about = asked_for(parameters, reader)
    work.step(0, len(keys), gettext("Đang ghi tệp"), now=True)
    made = export_parcels(keys, Format(str(parameters["form"])), about, reader)
    work.keep(made.file_name, made.media_type, [made.content])
    work.step(len(keys), len(keys), gettext("Đã xong"), now=True)
