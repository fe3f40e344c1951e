"""Signing in: a name, a password, and a brake on guessing, per account and per address."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from layers.access.log import record_sign_in
from layers.access.models import SignInAttempt
from layers.errors import Invalid, NotAllowed


def sign_in(name: str, password: str, address: str) -> AbstractBaseUser:
    """The account of that name and password. Raises NotAllowed while the brake holds, Invalid when they do not match.

    The attempt is written before the password is checked, so that many at once do not slip through.
    """
    known = get_user_model().objects.filter(username=name[:150].replace("\x00", "")).only("pk", "username").first()
    logged_name, logged_id = (known.username, known.pk) if known else ("", None)
    attempt = _note_attempt(name, address)
    if _braked(attempt):
        record_sign_in(logged_name, logged_id, address, reason="brake")
        raise NotAllowed(
            gettext("Đã thử sai quá nhiều lần. Hãy đợi {minutes} phút rồi thử lại.").format(
                minutes=settings.SIGN_IN_WAIT_MINUTES
            ),
            reason="brake",
        )
    user = authenticate(username=name.replace("\x00", ""), password=password)
    if user is None:
        record_sign_in(logged_name, logged_id, address, reason="password")
        raise Invalid(gettext("Tên đăng nhập hoặc mật khẩu không đúng."))
    SignInAttempt.objects.filter(name_hash=attempt.name_hash, address=address).delete()
    record_sign_in(user.get_username(), user.pk, address)
    return user


def _note_attempt(name: str, address: str) -> SignInAttempt:
    SignInAttempt.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
    keyed = hashlib.sha256(f"{settings.SECRET_KEY}:{name.casefold()}".encode()).hexdigest()
    return SignInAttempt.objects.create(name_hash=keyed, address=address)


def _braked(attempt: SignInAttempt) -> bool:
    """Too many failures lately: by this address on this account, on this account, or by this address at all."""
    since = timezone.now() - timedelta(minutes=settings.SIGN_IN_WAIT_MINUTES)
    lately = SignInAttempt.objects.filter(at__gte=since)
    by_name, by_address = Q(name_hash=attempt.name_hash), Q(address=attempt.address)
    return (
        lately.filter(by_name, by_address).count() > settings.SIGN_IN_TRIES
        or lately.filter(by_name).count() > settings.SIGN_IN_TRIES * 4
        or lately.filter(by_address).count() > settings.SIGN_IN_TRIES * 6
    )
