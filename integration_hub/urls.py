"""Every address, by app. This module knows all apps and is known by none."""

from django.urls import include, path

urlpatterns = [
    path("", include("integration_hub.core.urls")),
    path("", include("partners.urls")),
    path("", include("reports.urls")),
    path("boards/", include("governance.urls")),
    path("agreements/", include("pooled_budgets.urls_agreements")),
    path("funds/", include("pooled_budgets.urls")),
    path("returns/", include("bcf_metrics.urls")),
    path("programme/", include("programme.urls")),
    path("api/v1/", include("integration_hub.api_urls")),
]

handler400 = "integration_hub.core.views.errors.bad_request"
handler403 = "integration_hub.core.views.errors.permission_denied"
handler404 = "integration_hub.core.views.errors.page_not_found"
handler500 = "integration_hub.core.views.errors.server_error"
