"""Values as people read them: dates, numbers and areas in the active language."""

from __future__ import annotations

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from layers.pages import wording

register = template.Library()
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
register.filter("day", wording.day)
register.filter("number", wording.number)
register.filter("area", wording.area)
register.filter("distance", wording.distance)


@register.filter
def json_ld(content: dict) -> str:
    """schema.org data as a script element that holds data only; `<`, `>` and `&` cannot end it."""
    text = json.dumps(content, ensure_ascii=False, cls=DjangoJSONEncoder)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text.translate(_ESCAPES)))
