"""Signing in and out, the session's limits, the agency one acts for, and the supervisor's pages."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from layers.access import people
from layers.access.models import AccessEntry, Membership, SignInAttempt
from layers.access.personal import reveal_owners
from layers.access.roles import Role
from layers.collections.agencies.models import Agency
from tests.cast import (
    LA_GI,
    MUI_NE,
    PASSWORD,
    PHAN_THIET,
    PHUOC_HOI,
    WHY,
    alice,
    given_land,
    membership,
    person,
    signed_in,
    sue,
)
from tests.factories import given

pytestmark = pytest.mark.django_db
DESK, SIGN_IN, CHOOSE = "/ban-lam-viec/", "/ban-lam-viec/dang-nhap/", "/ban-lam-viec/co-quan/"
LOG, UNUSUAL = "/ban-lam-viec/nhat-ky/", "/ban-lam-viec/nhat-ky/bat-thuong/"


def try_in(client: Client, name: str = "alice", password: str = "wrong", **more: str):
    return client.post(SIGN_IN, {"username": name, "password": password}, **more)


def test_the_desk_asks_to_sign_in_and_leads_back():
    given_land()
    alice()
    client = Client()

    sent = client.get(DESK)
    assert (sent.status_code, sent["Location"]) == (302, f"{SIGN_IN}?next=%2Fban-lam-viec%2F")
    form = client.get(sent["Location"])
    assert 'name="csrfmiddlewaretoken"' in form.content.decode()
    back = client.post(SIGN_IN, {"username": "alice", "password": PASSWORD, "next": DESK})

    assert back["Location"] == DESK
    page = client.get(DESK).content.decode()
    assert "Lê Alice" in page and "Chi nhánh Phan Thiết" in page and "Cán bộ địa chính" in page
    assert "Nhật ký truy cập" not in page


@pytest.mark.parametrize("address", [DESK, SIGN_IN, CHOOSE, LOG, UNUSUAL, "/en/ban-lam-viec/dang-nhap/", "/quan-tri/"])
def test_private_answers_are_kept_by_no_cache(address):
    given_land()
    sue()
    for client in (Client(), signed_in("sue")):
        assert client.get(address)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "\\\\evil.example"]
)
def test_signing_in_leads_to_this_site_only(where):
    given_land()
    alice()
    answer = Client().post(SIGN_IN, {"username": "alice", "password": PASSWORD, "next": where})
    assert answer["Location"] == DESK


def test_a_form_without_its_token_is_refused():
    given_land()
    alice()
    answer = Client(enforce_csrf_checks=True).post(SIGN_IN, {"username": "alice", "password": PASSWORD})
    assert answer.status_code == 403


def test_wrong_name_and_wrong_password_look_alike_and_are_logged():
    given_land()
    alice()

    for name in ("alice", "nobody"):
        answer = try_in(Client(), name)
        assert answer.status_code == 400
        assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.content.decode()

    unknown, known = AccessEntry.objects.order_by("-id")[:2]
    assert (known.action, known.user_name, known.allowed, known.reason) == ("sign_in", "alice", False, "password")
    assert unknown.user_name == "", "what was typed as a name may be a password"


def test_guessing_is_braked_even_with_the_right_password():
    given_land()
    alice()
    for _ in range(5):
        assert try_in(Client()).status_code == 400

    answer = try_in(Client(), password=PASSWORD)

    assert answer.status_code == 403
    assert "15 phút" in answer.content.decode()
    assert AccessEntry.objects.latest("id").reason == "brake"
    assert try_in(Client(), password=PASSWORD, REMOTE_ADDR="192.0.2.77").status_code == 302, (
        "from elsewhere she gets in"
    )


def test_the_brake_lets_go_after_a_while():
    given_land()
    alice()
    for _ in range(6):
        try_in(Client())
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=site.SIGN_IN_WAIT_MINUTES + 1))

    assert try_in(Client(), password=PASSWORD).status_code == 302


def test_guessing_from_many_addresses_and_at_many_accounts_is_braked():
    given_land()
    alice()
    for n in range(20):
        try_in(Client(), REMOTE_ADDR=f"198.51.100.{n}")
    assert try_in(Client(), password=PASSWORD, REMOTE_ADDR="198.51.100.99").status_code == 403

    for n in range(30):
        try_in(Client(), f"name{n}", REMOTE_ADDR="203.0.113.5")
    assert try_in(Client(), "another", REMOTE_ADDR="203.0.113.5").status_code == 403


def test_a_forged_forwarding_header_does_not_move_the_brake(settings):
    given_land()
    alice()
    for n in range(6):
        answer = try_in(Client(), HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
    assert answer.status_code == 403

    settings.TRUSTED_PROXIES = 1
    try_in(Client(), HTTP_X_FORWARDED_FOR="10.9.9.9, 203.0.113.200", REMOTE_ADDR="10.0.0.1")
    assert AccessEntry.objects.latest("id").address == "203.0.113.200"


def test_the_admin_has_no_way_in_of_its_own():
    sent = Client().get("/quan-tri/login/?next=/quan-tri/")
    assert (sent.status_code, sent["Location"]) == (302, f"{SIGN_IN}?next=/quan-tri/")
    assert Client().post("/quan-tri/login/", {"username": "a", "password": "b"}).status_code == 302

    get_user_model().objects.create_superuser("root", password=PASSWORD)
    client = Client()
    answer = client.post(SIGN_IN, {"username": "root", "password": PASSWORD, "next": "/quan-tri/"})
    assert answer["Location"] == "/quan-tri/"
    assert client.get("/quan-tri/").status_code == 200
    assert client.get(DESK)["Location"] == CHOOSE, "a superuser without a membership acts for nobody"
    assert "chưa được phân công" in client.get(CHOOSE).content.decode()


def test_the_demo_administrator_gives_memberships_to_others_and_never_to_himself():
    given_land()
    given(Agency, {"key": "ld-snnmt"})
    password = {account.name: account.password for account in people.make_demo_accounts()}["mau.quantri"]
    client, other = Client(), person("other")
    client.post(SIGN_IN, {"username": "mau.quantri", "password": password})
    assert "/quan-tri/layers/membership/" in client.get(DESK).content.decode()
    own = get_user_model().objects.get(username="mau.quantri")
    form = {"agency_key": PHAN_THIET, "role": "officer", "area_keys": "593-2015", "valid_from": "2026-01-01"}

    assert client.post("/quan-tri/layers/membership/add/", form | {"user": own.pk}).status_code == 403
    assert client.post("/quan-tri/layers/membership/add/", form | {"user": other.pk}).status_code == 302
    for wrong in ({"agency_key": "nowhere"}, {"area_keys": "1-2015"}, {"area_keys": ""}, {"whole_province": "on"}):
        answer = client.post("/quan-tri/layers/membership/add/", form | {"user": other.pk, "role": "planner"} | wrong)
        assert answer.status_code == 200 and "errorlist" in answer.content.decode(), wrong

    assert [m.role for m in Membership.objects.exclude(user__username__startswith="mau.")] == ["officer"]
    assert client.get("/quan-tri/auth/user/add/").status_code == 403
    assert client.get(f"/quan-tri/auth/user/{own.pk}/password/").status_code == 403
    assert client.get("/quan-tri/layers/rule/").status_code == 403


def test_an_officer_who_is_sent_to_the_admin_does_not_go_round_in_circles():
    given_land()
    alice()
    client = signed_in("alice")
    answer = client.get("/quan-tri/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(SIGN_IN)
    assert answer.status_code == 200


def test_a_new_session_begins_with_each_sign_in():
    given_land()
    alice()
    client = Client()
    planted = client.session
    planted["mark"] = "of the attacker"
    planted.save()
    client.cookies["session"] = planted.session_key

    try_in(client, password=PASSWORD)
    first = client.cookies["session"].value
    try_in(client, password=PASSWORD)
    second = client.cookies["session"].value

    assert len({planted.session_key, first, second}) == 3
    assert not Session.objects.filter(session_key__in=[planted.session_key, first]).exists()
    assert "mark" not in client.session
    thief = Client()
    thief.cookies["session"] = planted.session_key
    assert thief.get(DESK).status_code == 302


def test_the_cookie_is_kept_from_scripts_and_other_sites():
    given_land()
    alice()
    cookie = signed_in("alice").cookies["session"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("seen_before_s", "begun_before_s", "alive"),
    [(29 * 60, 3600, True), (31 * 60, 3600, False), (60, 8 * 3600 - 60, True), (60, 8 * 3600 + 60, False)],
)
def test_a_session_ends_when_idle_and_after_a_working_day(seen_before_s, begun_before_s, alive):
    given_land()
    alice()
    client, now = signed_in("alice"), time.time()
    session = client.session
    session.update({"seen_at": now - seen_before_s, "signed_in_at": now - begun_before_s})
    session.save()

    answer = client.get(DESK)

    assert (answer.status_code == 200) is alive
    if not alive:
        assert not Session.objects.filter(session_key=session.session_key).exists()
        assert "hết hạn" in client.get(answer["Location"]).content.decode()


def test_using_the_desk_keeps_it_from_idling():
    given_land()
    alice()
    client = signed_in("alice")
    session = client.session
    session["seen_at"] = time.time() - 20 * 60
    session.save()

    client.get(DESK)

    assert time.time() - client.session["seen_at"] < 10


def test_signing_out_ends_the_session_and_wants_a_form():
    given_land()
    alice()
    client = signed_in("alice")
    key = client.cookies["session"].value
    assert client.get("/ban-lam-viec/dang-xuat/").status_code == 405

    client.post("/ban-lam-viec/dang-xuat/")

    assert client.get(DESK).status_code == 302
    assert not Session.objects.filter(session_key=key).exists()


def test_a_person_of_two_agencies_chooses_and_changes():
    given_land()
    user = person("eve")
    here = membership(user, PHAN_THIET, Role.SUPERVISOR, "593-2015")
    there = membership(user, LA_GI, Role.OFFICER, "594-2015")
    client = signed_in("eve")
    assert client.get(DESK)["Location"] == CHOOSE
    page = client.get(CHOOSE).content.decode()
    assert "Chi nhánh Phan Thiết" in page and "Chi nhánh La Gi" in page

    client.post(CHOOSE, {"post": here.pk})
    assert client.get(LOG).status_code == 200
    client.post(CHOOSE, {"post": there.pk})
    assert client.get(LOG).status_code == 403
    assert "Chi nhánh La Gi" in client.get(DESK).content.decode()


def test_nobody_chooses_what_is_not_theirs():
    given_land()
    alice(), sue()
    client = signed_in("alice")
    of_sue = Membership.objects.get(user__username="sue").pk

    for value in (of_sue, "0", "", "x", "1 OR 1=1"):
        client.post(CHOOSE, {"post": value})
        assert "Cán bộ địa chính" in client.get(DESK).content.decode()
    session = client.session
    session["membership"] = of_sue
    session.save()
    assert client.get(LOG)["Location"] == CHOOSE


def test_a_membership_that_ends_in_the_middle_of_a_session_is_out_at_once():
    given_land()
    sue()
    client = signed_in("sue")
    assert client.get(LOG).status_code == 200
    Membership.objects.update(valid_to=timezone.localdate())

    assert client.get(LOG)["Location"] == CHOOSE
    assert "chưa được phân công" in client.get(CHOOSE).content.decode()


def test_a_disabled_account_is_out_at_once():
    given_land()
    sue()
    client = signed_in("sue")
    get_user_model().objects.update(is_active=False)

    assert client.get(LOG)["Location"].startswith(SIGN_IN)
    assert try_in(Client(), "sue", PASSWORD).status_code == 400


def test_a_changed_password_ends_other_sessions():
    given_land()
    sue()
    client = signed_in("sue")
    user = get_user_model().objects.get()
    user.set_password("một mật khẩu khác hẳn")
    user.save()
    assert client.get(LOG)["Location"].startswith(SIGN_IN)


def test_the_supervisors_pages():
    given_land()
    reveal_owners(alice(), MUI_NE, WHY)
    sue()
    client = signed_in("sue")

    page = client.get(LOG).content.decode()
    assert "alice" in page and MUI_NE in page and WHY.dossier_code in page and "Xem đầy đủ" in page
    assert "alice" in client.get(LOG, {"thua": MUI_NE}).content.decode()
    assert client.get(LOG, {"thua": PHUOC_HOI}).status_code == 403
    assert client.get(UNUSUAL).status_code == 200
    assert client.get(UNUSUAL, {"thang": "2026-02"}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [{"thang": "2026-13"}, {"thang": "x"}, {"truoc": "-1"}, {"truoc": "x"}, {"truoc": "9" * 40}, {"thua": "\x00'--"}],
)
def test_bad_addresses_of_the_supervisors_pages_get_a_sentence(query):
    given_land()
    sue()
    answer = signed_in("sue").get(UNUSUAL if "thang" in query else LOG, query)
    assert answer.status_code in (400, 403, 404)
    assert "<h1>" in answer.content.decode()


def test_the_log_goes_back_page_by_page():
    given_land()
    reader = sue()
    for _ in range(105):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT layers_access_record(jsonb_build_object('action', 'masked', 'allowed', true, "
                "'agency_key', %s::text, 'user_name', 'alice'))",
                [reader.agency_key],
            )
    client = signed_in("sue")

    first = client.get(LOG).content.decode()
    older = first.split("?truoc=")[1].split('"')[0]
    second = client.get(LOG, {"truoc": older}).content.decode()

    assert first.count('<th scope="row">') == 100
    assert second.count('<th scope="row">') == 6  # five more, and the reading of the first page
    assert 'rel="next"' not in second


def test_a_password_stands_in_no_log_and_no_error_page(caplog):
    given_land()
    alice()
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_sign_in_attempt RENAME TO gone")

    answer = try_in(client, password="mật-khẩu-thật-của-tôi")

    assert answer.status_code == 500
    assert "mật-khẩu-thật" not in caplog.text + answer.content.decode()
