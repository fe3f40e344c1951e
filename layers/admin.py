"""What the admin holds: memberships, code lists, procedures and rules. Daily work has pages of its own."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from layers.access.models import Membership
from layers.pages.rule_admin import ProcedureAdmin, RuleAdmin
from layers.procedures.models import Procedure, Rule

admin.site.register(Rule, RuleAdmin)
admin.site.register(Procedure, ProcedureAdmin)
admin.site.site_title = admin.site.site_header = _("Quản trị bản đồ Bình Thuận")
admin.site.index_title = _("Thủ tục và quy tắc")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "agency_key", "role", "whole_province", "valid_from", "valid_to")
    list_filter = ("role", "agency_key")
    search_fields = ("user__username", "agency_key")
    autocomplete_fields = ("user",)

    def save_model(self, request: HttpRequest, obj: Membership, form: ModelForm, change: bool) -> None:
        """Nobody gives a membership to himself: to look up owners takes a second person."""
        if obj.user_id == request.user.pk and not request.user.is_superuser:
            raise PermissionDenied(gettext("Không ai tự phân công cho chính mình. Hãy nhờ một quản trị viên khác."))
        super().save_model(request, obj, form, change)
