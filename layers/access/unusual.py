"""What a supervisor looks at each month: unusual look-ups, found by rules that are plain SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from layers.access.log import Entry, record, refusals_logged
from layers.access.reader import Reader, require
from layers.access.roles import Action

_SEEN = "allowed AND action IN ('reveal', 'search')"
_LOCAL = "at AT TIME ZONE %(zone)s"

# Each rule gives: person, day, how often, one parcel as an example. `span` is the agency's rows of the month.
RULES: dict[str, str] = {
    "night": (
        f"SELECT user_name, ({_LOCAL})::date, count(*), max(parcel_key) FROM span "
        f"WHERE {_SEEN} AND (extract(hour FROM {_LOCAL}) >= 22 OR extract(hour FROM {_LOCAL}) < 5) GROUP BY 1, 2"
    ),
    "many": (
        f"SELECT user_name, ({_LOCAL})::date, count(DISTINCT parcel_key), max(parcel_key) FROM span "
        f"WHERE {_SEEN} AND parcel_key <> '' GROUP BY 1, 2 HAVING count(DISTINCT parcel_key) >= %(many)s"
    ),
    "same_name": (
        f"SELECT user_name, ({_LOCAL})::date, count(*), max(parcel_key) FROM span "
        "WHERE id IN (SELECT layers_same_name_looks(%(begin)s, %(end)s)) GROUP BY 1, 2"
    ),
    "outside": (
        f"SELECT user_name, ({_LOCAL})::date, count(*), max(parcel_key) FROM span "
        "WHERE NOT allowed AND reason = 'outside_territory' GROUP BY 1, 2"
    ),
    "quota": (
        f"SELECT user_name, ({_LOCAL})::date, sum(greatest(1, result_count)) FILTER (WHERE {_SEEN}), max(parcel_key) "
        f"FROM span WHERE {_SEEN} OR reason = 'quota' GROUP BY 1, 2 "
        f"HAVING sum(greatest(1, result_count)) FILTER (WHERE {_SEEN}) >= %(notice)s OR bool_or(reason = 'quota')"
    ),
}


@dataclass(frozen=True)
class Finding:
    rule: str
    user_name: str
    day: date
    count: int
    parcel_key: str


def rule_title(rule: str) -> str:
    return {
        "night": gettext("Xem từ 22 giờ đến 5 giờ"),
        "many": gettext("Xem rất nhiều thửa trong một ngày"),
        "same_name": gettext("Người sử dụng đất trùng tên người xem"),
        "outside": gettext("Thử xem thửa ngoài địa bàn"),
        "quota": gettext("Gần hết hoặc vượt hạn mức ngày"),
    }[rule]


def rule_note(rule: str) -> str:
    """From when on the rule speaks."""
    return {
        "night": gettext("Xem đầy đủ hoặc tìm theo tên, số ngoài giờ."),
        "many": gettext("Từ {n} thửa khác nhau trong một ngày.").format(n=settings.PERSONAL_MANY),
        "same_name": gettext("Thửa của người trùng họ tên với người xem, hoặc tìm chính họ tên ấy."),
        "outside": gettext("Đã bị từ chối; không có gì được hiện."),
        "quota": gettext("Từ bốn phần năm của {n} người trong một ngày, hoặc đã bị từ chối vì hết hạn mức.").format(
            n=settings.PERSONAL_QUOTA
        ),
    }[rule]


def monthly(reader: Reader, month: date, address: str) -> tuple[Finding, ...]:
    """What the rules find among the reader's agency's look-ups in the month of `month`. Logged."""
    entry = Entry("log_read", address, asked=f"unusual {month:%Y-%m}")
    with refusals_logged(reader, entry):
        require(reader, Action.READ_ACCESS_LOG)
    record(reader, entry)
    first = month.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    params = {
        "agency": reader.agency_key,
        "begin": _midnight(first),
        "end": _midnight(following),
        "zone": settings.TIME_ZONE,
        "many": settings.PERSONAL_MANY,
        "notice": settings.PERSONAL_QUOTA * 0.8,
    }
    found = []
    with connection.cursor() as cursor:
        for rule, statement in RULES.items():
            cursor.execute(
                "WITH span AS (SELECT * FROM layers_access_log "
                f"WHERE agency_key = %(agency)s AND at >= %(begin)s AND at < %(end)s) {statement} ORDER BY 2, 1",
                params,
            )
            found += [Finding(rule, *row) for row in cursor.fetchall()]
    return tuple(found)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
