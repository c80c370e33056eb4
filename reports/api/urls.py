"""Reports' resources under /api/v1/."""

from django.urls import path

from reports.api.resources import AsItIs, ReportViewSet

router_entries = [("reports", ReportViewSet, "reports")]
urlpatterns = [
    # A file's address ends like a file's name, without the slash that the router gives.
    path(
        "reports/<uuid:pk>/document.<str:file_format>",
        ReportViewSet.as_view({"get": "document"}, content_negotiation_class=AsItIs),
        name="reports-document",
    ),
]
