"""The door of the admin: wrong passwords are counted, for each costs half a second of CPU and may be a guess."""

from __future__ import annotations

import hashlib

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WINDOW_S = 15 * 60
FROM_ONE = 10  # wrong tries for one name from one address
FROM_ALL = 40  # wrong tries of everybody; beyond it the public map would wait for passwords


class PatientForm(AdminAuthenticationForm):
    """Refuses without looking at the password after too many wrong tries. Counts are of one worker process."""

    def clean(self) -> dict:
        counters = self._counters()
        if any(cache.get(key, 0) >= most for key, most in counters):
            raise ValidationError(_("Sai quá nhiều lần. Hãy thử lại sau 15 phút."), code="too_many")
        for key, _most in counters:  # before the check: tries at the same moment are counted too
            cache.add(key, 0, WINDOW_S)
            cache.incr(key)
        cleaned = super().clean()
        for key, _most in counters:  # it was right: not a try to count
            if cache.get(key):
                cache.decr(key)
        return cleaned

    def _counters(self) -> tuple[tuple[str, int], ...]:
        who = f"{self.request.META.get('REMOTE_ADDR', '')} {self.cleaned_data.get('username', '')}"
        one = hashlib.blake2b(who.encode(), digest_size=16).hexdigest()
        return (f"login:{one}", FROM_ONE), ("login:all", FROM_ALL)
