"""The desk's frame: who acts (asked anew for each request), signing in and out, choosing the agency, the first page."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login, logout
from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from layers.access import people
from layers.access.reader import Reader, may
from layers.access.roles import Action, action_title
from layers.access.sign_in import sign_in as check_password
from layers.errors import Fault, NotAllowed
from layers.pages import wording
from layers.pages.answers import STATUS, failure
from layers.pages.private import address_of, begin
from layers.reading import selections
from layers.reports import batches

log = logging.getLogger(__name__)
MEMBERSHIP = "membership"
WITH_PAGES = (  # what the desk has a page for; the other actions wait for theirs
    Action.USE_DESK, Action.SEE_OWNERS_MASKED, Action.REVEAL_OWNERS, Action.SEARCH_OWNERS, Action.ISSUE_EXTRACT,
    Action.READ_ACCESS_LOG, Action.MANAGE_MEMBERS,
)  # fmt: skip
View = Callable[..., HttpResponse]


def desk(*methods: str) -> Callable[[View], View]:
    """Wrap a desk page: the view gets `(request, reader, …)`. Without a session: to sign in; without a post: to choose.

    Faults become pages. Answers are private and kept nowhere (private_pages).
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method not in methods:
                return failure(request, HTTPStatus.METHOD_NOT_ALLOWED)
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            try:
                reader = people.reader_of(request.user.pk, request.session.get(MEMBERSHIP))
            except NotAllowed:
                request.session.pop(MEMBERSHIP, None)
                return redirect("desk:choose")
            try:
                return view(request, reader, *args, **kwargs)
            except Fault as fault:
                return failure(request, STATUS[type(fault)], fault.message)
            except OperationalError:
                log.error("the database did not answer a desk page")  # its text may quote what was asked
                return failure(request, HTTPStatus.SERVICE_UNAVAILABLE)

        return wrapped

    return wrap


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.path.endswith(".json"):
        return failure(request, HTTPStatus.UNAUTHORIZED, gettext("Hãy đăng nhập bàn làm việc rồi thử lại."))
    address = reverse("desk:sign_in")
    if request.method == "GET":
        address += "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(address)


def sign_in(request: HttpRequest) -> HttpResponse:
    """The form (GET) and its answer (POST). A new session begins with each sign-in; `next` stays on this site."""
    following = _following(request)
    if request.method == "POST":
        return _try_to_sign_in(request, following)
    if request.user.is_authenticated and not following:
        return redirect("desk:home")
    timed_out = request.session.pop("timed_out", False) if request.session.session_key else False
    return _form(request, following, timed_out=timed_out)


def _try_to_sign_in(request: HttpRequest, following: str) -> HttpResponse:
    name = request.POST.get("username", "").strip()
    try:
        user = check_password(name, request.POST.get("password", ""), address_of(request))
    except Fault as fault:
        return _form(request, following, name=name[:150], fault=fault.message, status=STATUS[type(fault)])
    request.session.flush()  # an old session, also one that somebody planted, ends here
    login(request, user)
    begin(request)
    posts = people.posts_of(user.pk)
    if len(posts) == 1:
        request.session[MEMBERSHIP] = posts[0].id
    if following.startswith("/quan-tri/"):
        return HttpResponseRedirect(following)
    return HttpResponseRedirect(following or reverse("desk:home")) if len(posts) == 1 else redirect("desk:choose")


def _following(request: HttpRequest) -> str:
    following = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
    return following if safe else ""


def _form(
    request: HttpRequest, following: str, *, name: str = "", fault: str = "", timed_out: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:  # fmt: skip
    context = {"next": following, "username": name, "fault": fault, "timed_out": timed_out}
    return render(request, "desk/sign_in.html", context, status=status.value)


def sign_out(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return failure(request, HTTPStatus.METHOD_NOT_ALLOWED)
    logout(request)
    return redirect("desk:sign_in")


def choose(request: HttpRequest) -> HttpResponse:
    """The memberships of today, and (POST) the one to act under from now on."""
    if not request.user.is_authenticated:
        return _to_sign_in(request)
    posts = people.posts_of(request.user.pk)
    if request.method == "POST":
        chosen = next((post for post in posts if str(post.id) == request.POST.get("post")), None)
        if chosen:
            request.session.cycle_key()
            request.session[MEMBERSHIP] = chosen.id
            return redirect("desk:home")
    context = {"posts": posts, "current": request.session.get(MEMBERSHIP), "admin": request.user.is_staff}
    return render(request, "desk/choose.html", context)


@desk("GET")
def home(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What this person may do here."""
    context = {
        "reader": reader,
        "actions": [action_title(action) for action in WITH_PAGES if may(reader, action)],
        "manages": may(reader, Action.MANAGE_MEMBERS) and request.user.has_perm("layers.change_membership"),
        "reads_log": may(reader, Action.READ_ACCESS_LOG),
    }
    return render(request, "desk/home.html", context)


@desk("GET")
def help_page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """How the desk is used, for whoever works at it."""
    most = {"quota": settings.PERSONAL_QUOTA, "parcels": selections.MOST, "lines": batches.MOST_LINES}
    context = {"reader": reader} | {name: wording.number(number) for name, number in most.items()}
    return render(request, "desk/help.html", context)
