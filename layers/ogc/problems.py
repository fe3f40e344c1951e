"""Faults as RFC 9457 problem documents: the one place of this face where a fault becomes a status."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponse
from psycopg2.errors import QueryCanceled

from layers import errors

log = logging.getLogger(__name__)

STATUS = {
    errors.Invalid: HTTPStatus.BAD_REQUEST,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Gone: HTTPStatus.GONE,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def problem(status: HTTPStatus, detail: str, parameter: str | None = None) -> HttpResponse:
    document = {"title": status.phrase, "status": status.value, "detail": detail}
    if parameter:
        document["parameter"] = parameter
    response = HttpResponse(
        json.dumps(document, ensure_ascii=False), status=status.value, content_type="application/problem+json"
    )
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-store" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "public, max-age=60"
    return response


def answering_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a machine-facing view: GET and HEAD only, faults as problem documents, never a traceback."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            response = problem(HTTPStatus.METHOD_NOT_ALLOWED, f"{request.method} is not offered here; GET is.")
            response["Allow"] = "GET, HEAD"
            return response
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)  # a malformed cookie must not bring one into shared caches
        try:
            return view(request, *args, **kwargs)
        except errors.Fault as fault:
            return problem(STATUS[type(fault)], fault.message, fault.parameter)
        except OperationalError as fault:
            if isinstance(fault.__cause__, QueryCanceled):
                return problem(HTTPStatus.SERVICE_UNAVAILABLE, "The question took too long. Ask for a smaller area.")
            log.exception("database unreachable")
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer now. Try again in a minute.")

    wrapped.csrf_exempt = True  # so that another method is answered 405: nothing here changes anything
    return wrapped
