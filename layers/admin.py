"""What the admin holds: memberships, code lists, procedures and rules. Daily work has pages of its own."""

from django.contrib import admin

from layers.access.models import Membership
from layers.pages.rule_admin import ProcedureAdmin, RuleAdmin
from layers.procedures.models import Procedure, Rule

admin.site.register(Rule, RuleAdmin)
admin.site.register(Procedure, ProcedureAdmin)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "agency_key", "role", "whole_province", "valid_from", "valid_to")
    list_filter = ("role", "agency_key")
    search_fields = ("user__username", "agency_key")
    autocomplete_fields = ("user",)
