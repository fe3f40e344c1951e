"""Private pages: the desk and the admin. Never cached, and a session there ends by itself."""

from __future__ import annotations

import copy
import logging
import time
import traceback
from collections.abc import Callable
from types import FrameType

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.views.debug import SafeExceptionReporterFilter

PRIVATE = ("/ban-lam-viec/", "/quan-tri/")
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
_NOTED_EVERY_S = 60  # the time of the last request is written at most this often


def is_private(path: str) -> bool:
    return path.removeprefix("/en").startswith(PRIVATE)


def private_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after authentication: ends sessions that are too old or idle; nothing private is kept by a cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not is_private(request.path):
            return get_response(request)
        if request.user.is_authenticated and not _alive(request):
            logout(request)
            request.session["timed_out"] = True
        response = get_response(request)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def _alive(request: HttpRequest) -> bool:
    """Whether the session is within both limits; then this request counts as activity."""
    now, session = time.time(), request.session
    if SIGNED_IN_AT not in session:
        begin(request)
    if now - session[SIGNED_IN_AT] > settings.SESSION_LONGEST_S or now - session[SEEN_AT] > settings.SESSION_IDLE_S:
        return False
    if now - session[SEEN_AT] > _NOTED_EVERY_S:
        session[SEEN_AT] = now
    return True


class NoValues(SafeExceptionReporterFilter):
    """Error reports tell where, and no value: neither of variables nor of forms. Wherever somebody sends them."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, str]:
        return dict.fromkeys(super().get_post_parameters(request), self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> list[tuple[str, str]]:
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]


class Reserved(logging.Formatter):
    """Lines of the log. Of a fault on a private page they tell kind and place, and not its text, which may quote."""

    def format(self, record: logging.LogRecord) -> str:
        path = getattr(getattr(record, "request", None), "path", "")
        if record.exc_info and is_private(path):
            kind, _fault, trace = record.exc_info
            record = copy.copy(record)
            record.exc_info = None
            record.exc_text = "".join([*traceback.format_tb(trace), kind.__qualname__ if kind else ""])
        return super().format(record)


def begin(request: HttpRequest) -> None:
    """Note that the session begins now: at sign-in, or where it is first seen here."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = time.time()


def address_of(request: HttpRequest) -> str:
    """The asker's address. X-Forwarded-For counts only as far as our own proxies wrote it (TRUSTED_PROXIES)."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    found = hops[-trusted] if trusted and len(hops) >= trusted else request.META["REMOTE_ADDR"]
    return _without_port(found)


def _without_port(address: str) -> str:
    """`[::1]:80` and `192.0.2.1:80` without their port; a proxy may write it."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
