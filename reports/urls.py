"""Addresses of reports, and the home page, which gathers tasks from all apps and has no namespace."""

from django.urls import include, path

from reports.views import dashboard, home, reports, words

pages = [
    path("", reports.index, name="reports"),
    path("new/", words.new, name="new"),
    path("words/<uuid:pk>/", words.words, name="words"),
    path("dashboard/<uuid:pk>/", dashboard.dashboard, name="dashboard"),
    path("<uuid:pk>/", reports.report, name="report"),
    path("<uuid:pk>/issue/", reports.issue, name="issue"),
    path("<uuid:pk>/attach/", reports.attach, name="attach"),
    path("<uuid:pk>/try-again/", reports.try_again, name="try_again"),
    path("<uuid:pk>/document.<str:file_format>", reports.document, name="document"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("reports/", include((pages, "reports"))),
]
