"""What administrators keep in Django's admin. Published rows are not here: they change through `editing` only."""

from django.contrib import admin

from layers.access.models import Membership


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "agency_key", "role", "whole_province", "valid_from", "valid_to")
    list_filter = ("role", "agency_key")
    search_fields = ("user__username", "agency_key")
    autocomplete_fields = ("user",)
