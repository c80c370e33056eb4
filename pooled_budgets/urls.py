"""Addresses of funds, their plans and their monitoring, under /funds/."""

from django.urls import path

from pooled_budgets.views import funds, monitoring, plans

app_name = "pooled_budgets"
urlpatterns = [
    path("", funds.funds, name="funds"),
    path("<uuid:pk>/", funds.fund, name="fund"),
    path("<uuid:pk>/plan/", plans.upload, name="plan_upload"),
    path("<uuid:pk>/plan/template/", plans.template, name="plan_template"),
    path("<uuid:pk>/plan/example/", plans.example, name="plan_example"),
    path("<uuid:pk>/imports/<uuid:import_pk>/", plans.plan_import, name="plan_import"),
    path("<uuid:pk>/imports/<uuid:import_pk>/confirm/", plans.confirm, name="plan_import_confirm"),
    path("<uuid:pk>/imports/<uuid:import_pk>/undo/", plans.undo, name="plan_import_undo"),
    path("<uuid:pk>/imports/<uuid:import_pk>/discard/", plans.discard, name="plan_import_discard"),
    path("<uuid:pk>/monitoring/", monitoring.monitoring, name="monitoring"),
    path("<uuid:pk>/monitoring/release/", monitoring.release, name="release"),
]
