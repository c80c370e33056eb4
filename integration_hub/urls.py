"""Every address, by app. This module knows all apps and is known by none."""

from importlib.util import find_spec

from django.urls import include, path


def mounted(*pairs: tuple[str, str]) -> list:
    """While the rooms are being built: only those that stand."""
    return [path(address, include(module)) for address, module in pairs if find_spec(module)]

urlpatterns = mounted(
    ("", "integration_hub.core.urls"),
    ("", "partners.urls"),
    ("", "reports.urls"),
    ("boards/", "governance.urls"),
    ("funds/", "pooled_budgets.urls"),
    ("returns/", "bcf_metrics.urls"),
    ("programme/", "programme.urls"),
    ("api/v1/", "integration_hub.api_urls"),
)
if not find_spec("partners.urls"):
    urlpatterns.append(path("account/", include("allauth.urls")))

handler400 = "integration_hub.core.views.errors.bad_request"
handler403 = "integration_hub.core.views.errors.permission_denied"
handler404 = "integration_hub.core.views.errors.page_not_found"
handler500 = "integration_hub.core.views.errors.server_error"
