"""A wrong setting is named, and the password in it is not said: such messages end in logs."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from gis_app import environment


@pytest.mark.parametrize(
    "url",
    [
        "mysql://app:s3cret@db/name",
        "postgis://app:s3cret@db",
        "postgis://app:s3cret/more@db/name",
        "postgis://app:s3cret@db:port/name",
    ],
)
def test_a_wrong_address_of_the_database_is_not_repeated(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured) as fault:
        environment.database("DATABASE_URL", statement_timeout_ms=0)
    assert "DATABASE_URL must look like" in str(fault.value) and "s3cret" not in str(fault.value)
