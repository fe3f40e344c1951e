"""A selection as one HTML map, made in the background. Door: `make_map`, which a worker does."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from layers.access.reader import Reader
from layers.jobs.worker import Work
from layers.reading.selection_rows import asked_for
from layers.reading.statement import file_stem
from layers.reports.shared_map import shared_map


def make_map(work: Work, reader: Reader, parameters: Mapping[str, object]) -> None:
    """Keep the map of a selection as it was when it was asked for. Raises what `asked_for` and the map raise."""
    keys, about = asked_for(parameters, reader)
    work.step(0, len(keys), gettext("Đang vẽ bản đồ"), now=True)
    work.keep(f"{file_stem(about.title)}.html", "text/html; charset=utf-8", [shared_map(keys, about, reader)])
    work.step(len(keys), len(keys), gettext("Đã xong"), now=True)
