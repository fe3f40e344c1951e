"""Guessing passwords: soon refused without hashing, so that it neither succeeds nor starves the public map."""

import time

import pytest
from django.core.cache import cache

from layers.pages.login import FROM_ALL, FROM_ONE

pytestmark = pytest.mark.django_db
LOGIN = "/quan-tri/login/"
WORDS = "Sai quá nhiều lần"


@pytest.fixture(autouse=True)
def forgotten():
    cache.clear()
    yield
    cache.clear()


def tries(client, name: str, password: str = "wrong") -> bool:
    """Whether it was refused without a look at the password."""
    return WORDS in client.post(LOGIN, {"username": name, "password": password}).content.decode()


def test_a_name_is_refused_after_ten_wrong_tries_even_with_the_right_password(client, admin_user):
    assert not any(tries(client, "admin") for _ in range(FROM_ONE))
    assert tries(client, "admin", "password")
    begin = time.perf_counter()
    assert all(tries(client, "admin") for _ in range(20))
    assert time.perf_counter() - begin < 2
    assert not tries(client, "another")


def test_guesses_over_many_names_are_refused_too(client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    assert not any(tries(client, f"name{n}") for n in range(FROM_ALL))
    assert tries(client, "one more")


def test_right_passwords_do_not_count(client, admin_user, settings):
    for _ in range(FROM_ONE + 2):
        answer = client.post(LOGIN, {"username": "admin", "password": "password"})
        assert answer.status_code == 302
        client.logout()
