"""Parcels to be written out."""

from __future__ import annotations

import pytest

from tests.transfer.parcels import given_parcels


@pytest.fixture
def land(db):
    given_parcels()
