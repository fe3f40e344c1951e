"""Readers of environment variables. Each fails loudly, naming the variable and what it may hold."""

import importlib.util
import os
import sys
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def integer(name: str, default: int, minimum: int = 0) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {minimum}, not {value!r}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret(name: str, *, needed: bool) -> str:
    value = os.environ.get(name, "")
    if value and len(value) < 50:
        raise ImproperlyConfigured(f"{name} must have 50 characters or more.")
    if needed and not value:
        raise ImproperlyConfigured(f"{name} is not set. `./run` makes one and keeps it in var/.")
    return value


def database(name: str, *, statement_timeout_ms: int) -> dict:
    """Django's settings for `postgis://user:password@host:port/name?host=/socket/folder&port=5433`."""
    url = os.environ.get(name, "")
    parts = urlsplit(url)
    if parts.scheme not in ("postgis", "postgres", "postgresql") or len(parts.path) < 2 or not _port_is_good(parts):
        raise ImproperlyConfigured(  # without the value: it may hold a password, and this goes into logs
            f"{name} must look like postgis://user:password@host:5432/name, with / @ : # ? in the password written as "
            "%2F %40 %3A %23 %3F. `./run` sets it."
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    options = f"-c statement_timeout={statement_timeout_ms} -c jit=off -c max_parallel_workers_per_gather=0"
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": options},
    }


def _port_is_good(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def native_library(variable: str, file_name: str, *, wheel: str = "") -> str | None:
    """Path of GDAL or GEOS: the variable, else conda's own, else the wheel's, else None (Django finds the system's).

    The wheel's GDAL comes before the system's because Debian 12's (3.6) cannot block file and network access
    in spatial references (Django's check gis.W001).
    """
    if value := os.environ.get(variable):
        return value
    suffix = "dylib" if sys.platform == "darwin" else "so"
    conda = os.environ.get("CONDA_PREFIX")
    if conda and (path := Path(conda, "lib", f"{file_name}.{suffix}")).exists():
        return str(path)
    spec = importlib.util.find_spec(wheel) if wheel else None
    if spec and spec.origin:
        bundled = sorted(Path(spec.origin).parent.with_name(f"{wheel}.libs").glob(f"{file_name}-*.{suffix}*"))
        return str(bundled[0]) if bundled else None
    return None
