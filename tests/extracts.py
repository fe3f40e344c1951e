"""Taking the guards off the table of extracts, as its owner could: to try what a copy then says, and to clean up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def tampering() -> Iterator[None]:
    """As somebody who owns the table of extracts and takes its guards off, and puts them back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE layers_extract DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE layers_extract ENABLE TRIGGER USER")


def forget_extracts() -> None:
    """Remove those that tests with real transactions left: Django's flush passes the table by."""
    with tampering(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM layers_extract")
