"""What the person at the desk may do, for menus; each verb asks again for itself."""

from __future__ import annotations

from django import template

from layers.access.reader import Reader, may
from layers.access.roles import Action

register = template.Library()


@register.filter("may")
def _may(reader: Reader, action: str) -> bool:
    """`{% if reader|may:"search_owners" %}`; a name that is no action raises ValueError."""
    return may(reader, Action(action))
