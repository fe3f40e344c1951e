"""Roles, actions, and which role may do what. This table is the only one; every verb asks it through `require`."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OFFICER = "officer", _("Cán bộ địa chính")
    PLANNER = "planner", _("Cán bộ quy hoạch")
    REVIEWER = "reviewer", _("Người thẩm định")
    SUPERVISOR = "supervisor", _("Người giám sát")
    ADMINISTRATOR = "administrator", _("Quản trị viên")


class Action(StrEnum):
    USE_DESK = "use_desk"
    SEE_OWNERS_MASKED = "see_owners_masked"
    REVEAL_OWNERS = "reveal_owners"
    SEARCH_OWNERS = "search_owners"
    ISSUE_EXTRACT = "issue_extract"
    PROPOSE = "propose"
    REVIEW = "review"
    READ_ACCESS_LOG = "read_access_log"
    MANAGE_MEMBERS = "manage_members"


# Managing accounts and watching over look-ups are kept apart from looking up: nobody watches himself.
MAY: dict[Role, frozenset[Action]] = {
    Role.OFFICER: frozenset(
        {
            Action.USE_DESK,
            Action.SEE_OWNERS_MASKED,
            Action.REVEAL_OWNERS,
            Action.SEARCH_OWNERS,
            Action.ISSUE_EXTRACT,
            Action.PROPOSE,
        }
    ),
    Role.PLANNER: frozenset({Action.USE_DESK, Action.PROPOSE}),
    Role.REVIEWER: frozenset({Action.USE_DESK, Action.SEE_OWNERS_MASKED, Action.REVIEW}),
    Role.SUPERVISOR: frozenset({Action.USE_DESK, Action.SEE_OWNERS_MASKED, Action.READ_ACCESS_LOG}),
    Role.ADMINISTRATOR: frozenset({Action.USE_DESK, Action.MANAGE_MEMBERS}),
}


def action_title(action: Action) -> str:
    """What the action is called in the active language, as in "you may …"."""
    return {
        Action.USE_DESK: gettext("Tra cứu thửa đất, quy hoạch và thủ tục"),
        Action.SEE_OWNERS_MASKED: gettext("Xem người sử dụng đất ở dạng che bớt"),
        Action.REVEAL_OWNERS: gettext("Xem đầy đủ người sử dụng đất khi nêu mục đích và mã hồ sơ"),
        Action.SEARCH_OWNERS: gettext("Tìm thửa theo người sử dụng đất khi nêu mục đích và mã hồ sơ"),
        Action.ISSUE_EXTRACT: gettext("Cấp trích lục bản đồ địa chính"),
        Action.PROPOSE: gettext("Đề nghị thay đổi dữ liệu"),
        Action.REVIEW: gettext("Thẩm định thay đổi của người khác"),
        Action.READ_ACCESS_LOG: gettext("Xem nhật ký truy cập dữ liệu cá nhân"),
        Action.MANAGE_MEMBERS: gettext("Quản lý phân công"),
    }[action]
