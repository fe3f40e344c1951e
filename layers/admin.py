"""What the admin holds: code lists, procedures and rules. Daily work has pages of its own."""

from django.contrib import admin

from layers.pages.login import PatientForm
from layers.pages.rule_admin import ProcedureAdmin, RuleAdmin
from layers.procedures.models import Procedure, Rule

admin.site.register(Rule, RuleAdmin)
admin.site.register(Procedure, ProcedureAdmin)
admin.site.login_form = PatientForm
