"""What the admin holds: code lists, procedures and rules. Daily work has pages of its own."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from layers.pages.login import PatientForm
from layers.pages.rule_admin import ProcedureAdmin, RuleAdmin
from layers.procedures.models import Procedure, Rule

admin.site.register(Rule, RuleAdmin)
admin.site.register(Procedure, ProcedureAdmin)
admin.site.site_title = admin.site.site_header = _("Quản trị bản đồ Bình Thuận")
admin.site.index_title = _("Thủ tục và quy tắc")
admin.site.login_form = PatientForm
