"""The rule book in the admin: a rule is edited as text, previewed over the map, and published through the one door."""

from __future__ import annotations

import json

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from layers.access.reader import PUBLIC
from layers.collections import registry
from layers.editing.models import Changeset
from layers.editing.publish import publish
from layers.errors import Fault, Invalid
from layers.procedures.coverage import Preview, preview
from layers.procedures.evaluate import Verdict
from layers.procedures.files import as_text
from layers.procedures.models import Rule
from layers.procedures.rule import parse_text
from layers.transfer.rule_book import edited_rule, rule_batch

SAMPLE = 25_000  # features of a collection a preview considers; more are sampled evenly


class RuleForm(forms.ModelForm):
    """The rule as YAML, and why it changes. Cleaning checks it whole: fields, cases present, ties, procedure."""

    text = forms.CharField(label=_("Quy tắc (YAML)"), widget=forms.Textarea(attrs={"rows": 40, "cols": 110}))
    reason = forms.CharField(label=_("Lý do thay đổi"), max_length=500)

    class Meta:
        model = Rule
        fields: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["text"] = as_text(self.instance.body)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        try:
            self.entry = edited_rule(text)
        except Invalid as fault:
            raise forms.ValidationError(fault.message) from fault
        if self.instance.pk and self.entry.rule.id != self.instance.key:
            raise forms.ValidationError(gettext("Mã quy tắc không đổi được; hãy tạo quy tắc mới."))
        return text


class ReadOnlyRows(admin.ModelAdmin):
    """Published rows: never deleted here, an end is written as valid_to."""

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


class ProcedureAdmin(ReadOnlyRows):
    """The catalogue, to look at: it comes from the national catalogue and is not kept as a version of our own."""

    list_display = ("code", "name_vi", "field", "levels", "decision", "code_status", "checked_on", "status")
    list_filter = ("field", "code_status", "status")
    search_fields = ("code", "name_vi", "name_en", "short_vi")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


class RuleAdmin(ReadOnlyRows):
    form = RuleForm
    list_display = (
        "key",
        "procedure",
        "outcome",
        "priority",
        "targets",
        "valid_from",
        "valid_to",
        "revision",
        "version",
    )
    list_filter = ("set", "outcome", "targets")
    search_fields = ("key", "procedure")
    ordering = ("key",)
    change_form_template = "admin/layers/rule/change_form.html"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(require_POST(self.preview))
        return [path("preview/", view, name="layers_rule_preview"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Rule, form: RuleForm, change: bool) -> None:
        """Publish the edited rule with who and why; the earlier state stays as a version."""
        changeset = Changeset(
            title=f"Quy tắc {form.entry.rule.id}",
            reason=form.cleaned_data["reason"],
            kind=Changeset.Kind.EDIT,
            actor=request.user,
            actor_name=request.user.get_username(),
        )
        publish(changeset, [rule_batch(form.entry)])
        obj.pk = self.get_queryset(request).get(key=form.entry.rule.id).pk
        obj.refresh_from_db()

    def preview(self, request: HttpRequest) -> HttpResponse:
        """On how many features the text as it stands would show, beside what the stored rule shows today."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": gettext("Xem trước quy tắc"), "sample": SAMPLE}
        try:
            rule = edited_rule(request.POST.get("text", "")).rule
            context |= {"rule": rule, "rows": _rows(rule, self._stored(request, rule.id))}
        except Fault as fault:
            context["fault"] = fault.message
        return TemplateResponse(request, "admin/layers/rule/preview.html", context)

    def _stored(self, request: HttpRequest, key: str) -> dict[str, Preview]:
        row = self.get_queryset(request).filter(key=key).first()
        if row is None:
            return {}
        rule = parse_text(json.dumps(row.body, sort_keys=True), row.key)
        return {found.collection: found for found in preview(rule, timezone.localdate(), PUBLIC, at_most=SAMPLE)}


def _rows(rule, stored: dict[str, Preview]) -> list[dict[str, object]]:
    """One row per collection: title, features considered, then draft and stored counts of each verdict."""
    found = preview(rule, timezone.localdate(), PUBLIC, at_most=SAMPLE)
    return [
        {
            "title": registry.get(draft.collection).title,
            "total": draft.total,
            "considered": draft.considered,
            "cells": [
                (draft.counts.get(verdict, 0), stored[draft.collection].counts.get(verdict, 0))
                if draft.collection in stored
                else (draft.counts.get(verdict, 0), None)
                for verdict in Verdict
            ],
        }
        for draft in found
    ]
