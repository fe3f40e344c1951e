"""How a page is answered: whole page or fragment, cache headers, and faults as pages — in one place."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from layers import errors

log = logging.getLogger(__name__)

PUBLIC_CACHE = "public, max-age=60"
STATUS = {
    errors.Invalid: HTTPStatus.BAD_REQUEST,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Gone: HTTPStatus.GONE,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
View = Callable[..., HttpResponse]


def is_fragment(request: HttpRequest) -> bool:
    """Whether a script asks for the panel only (htmx, the map)."""
    return request.headers.get("HX-Request") == "true"


def page(request: HttpRequest, template: str, context: dict, *, fragment: str) -> HttpResponse:
    """The whole page, or its panel for a script. Both carry `Vary: HX-Request`."""
    response = render(request, fragment if is_fragment(request) else template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def text_page(request: HttpRequest, template: str, context: dict | None = None) -> HttpResponse:
    """A page without a panel of its own."""
    return render(request, template, context or {})


def document(content: dict, content_type: str = "application/json") -> HttpResponse:
    """A page's content for machines: readable by every site, like the collections."""
    response = JsonResponse(content, content_type=content_type, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


def public(view: View) -> View:
    """Wrap a public page: GET and HEAD only, the same for everybody, kept a minute; faults become pages."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            response = failure(request, HTTPStatus.METHOD_NOT_ALLOWED)
            response["Allow"] = "GET, HEAD"
            return response
        try:
            response = view(request, *args, **kwargs)
        except errors.Fault as fault:
            return failure(request, STATUS[type(fault)], fault.message)
        except OperationalError:
            log.exception("the database did not answer")
            return failure(request, HTTPStatus.SERVICE_UNAVAILABLE)
        response.setdefault("Cache-Control", PUBLIC_CACHE if response.status_code < 400 else "no-store")
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)  # a malformed cookie must not bring one into shared caches
        return response

    wrapped.csrf_exempt = True  # so that another method is answered 405: nothing here changes anything
    return wrapped


def failure(
    request: HttpRequest, status: HTTPStatus, message: str = "", *, problem: dict[str, object] | None = None,
    **extra: object,
) -> HttpResponse:  # fmt: skip
    """A fault as a page, a fragment or, for the JSON addresses, a problem document (RFC 9457). Never cached.

    `problem` adds members to the document, `extra` names to the page's template.
    """
    title, advice = _words(status)
    title = str(extra.get("title", title))
    if request.path.endswith((".json", ".jsonld")):
        response: HttpResponse = JsonResponse(
            {"title": status.phrase, "status": status.value, "detail": message or title, **(problem or {})},
            status=status.value,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    else:
        context = {"status": status.value, "title": title, "message": message, "advice": advice, **extra}
        template = "errors/fragment.html" if is_fragment(request) else "errors/page.html"
        response = render(request, template, context, status=status.value)
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("HX-Request",))
    return response


def _words(status: HTTPStatus) -> tuple[str, str]:
    """Title and advice of an error page."""
    words = {
        HTTPStatus.BAD_REQUEST: (
            gettext("Địa chỉ này có chỗ không dùng được"),
            gettext("Hãy sửa lại, hoặc bắt đầu từ trang đầu."),
        ),
        HTTPStatus.FORBIDDEN: (
            gettext("Nội dung này không được công khai"),
            gettext("Nếu cần, hãy hỏi cơ quan quản lý dữ liệu."),
        ),
        HTTPStatus.NOT_FOUND: (
            gettext("Không có trang này"),
            gettext("Hãy thử tìm theo tên. Tên cũ và tên không dấu cũng tìm được."),
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: (gettext("Trang này chỉ để xem"), ""),
        HTTPStatus.CONFLICT: (gettext("Chưa làm được lúc này"), ""),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            gettext("Gửi lên nhiều quá"),
            gettext("Chưa việc nào bắt đầu. Hãy chia nhỏ rồi gửi lại."),
        ),
        HTTPStatus.GONE: (gettext("Đối tượng này không còn nữa"), ""),
        HTTPStatus.SERVICE_UNAVAILABLE: (
            gettext("Dữ liệu tạm thời chưa trả lời"),
            gettext("Xin thử lại sau ít phút."),
        ),
    }
    return words.get(status) or (gettext("Có lỗi ở phía chúng tôi"), gettext("Xin thử lại sau ít phút."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page, except for a host name not served: every page tells its own address, which here there is none of."""
    if isinstance(exception, RequestDataTooBig):
        sentence = gettext("Nội dung gửi lên lớn quá: nhiều nhất 1 MB.")
        return failure(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence)
    if isinstance(exception, DisallowedHost):
        return HttpResponse("Unknown host name.\n", status=400, content_type="text/plain; charset=utf-8")
    return failure(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor session."""
    return failure(request, HTTPStatus.INTERNAL_SERVER_ERROR)
