"""What people put into addresses: text in, checked values out. Raises Invalid or NotFound in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from layers.collections.base import Field
from layers.errors import Invalid, NotFound

PAGE_SIZE = 20


@dataclass(frozen=True)
class Window:
    """One page of a list: `first`–`last` of `total`, from 1; `offset` for the query."""

    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        return self.offset + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.offset + self.size, self.total)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def window(request: HttpRequest, total: int, size: int = PAGE_SIZE) -> Window:
    """The page asked for by `?trang=`. Raises NotFound beyond the last."""
    text = request.GET.get("trang", "") or "1"
    number = whole_number(text)
    found = Window(number or 0, total, size)
    if not number or number > found.pages:
        raise NotFound(gettext("Danh sách này có %(pages)s trang.") % {"pages": found.pages}, parameter="trang")
    return found


def whole_number(text: str, digits: int = 9) -> int | None:
    """A whole number of at most `digits` digits, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def choices(request: HttpRequest, name: str, field: Field) -> tuple[str, ...]:
    """Values of a field by `?name=a,b` or repeated. Raises Invalid for one the field does not know."""
    asked = [value for text in request.GET.getlist(name)[:50] for value in text.split(",") if value]
    known = [code for code, _, _ in field.choices]
    for value in asked:
        if value not in known:
            raise Invalid(
                gettext("Không có loại “%(value)s”. Có: %(known)s.")
                % {"value": printable(value), "known": ", ".join(known)},
                parameter=name,
            )
    return tuple(code for code in known if code in asked)


def day(request: HttpRequest, name: str = "ngay") -> date:
    """A day as 2015-06-01 or 1/6/2015; today in the province when nothing is asked. Raises Invalid."""
    text = request.GET.get(name, "").strip()
    if not text:
        return timezone.localdate()
    try:
        if "/" in text:
            parts = [whole_number(part, 4) or 0 for part in text.split("/")]
            found = date(*reversed(parts)) if len(parts) == 3 else None
        else:
            found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 1000 <= found.year <= 9998:
        raise Invalid(
            gettext("“%(text)s” không phải là một ngày. Hãy viết như 2015-06-01 hoặc 1/6/2015.")
            % {"text": printable(text)},
            parameter=name,
        )
    return found


def free_text(request: HttpRequest, name: str = "q") -> str:
    """Words to look for: no control characters, at most 200 letters."""
    return printable(request.GET.get(name, ""), 200).strip()


def printable(text: str, limit: int = 40) -> str:
    return "".join(letter for letter in text[:limit] if letter.isprintable())
