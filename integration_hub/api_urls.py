"""The API's addresses: each app gives its resources, this module only gathers them under /api/v1/."""

from importlib import import_module

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from integration_hub.core.views import api_docs

APPS = ("partners", "governance", "pooled_budgets", "bcf_metrics", "programme", "reports")


def gather() -> list[URLPattern | URLResolver]:
    """Every resource that an app's api.urls names in `router_entries`, and its further `urlpatterns`."""
    router = SimpleRouter()
    further: list[URLPattern | URLResolver] = []
    for app in APPS:
        try:
            module = import_module(f"{app}.api.urls")
        except ModuleNotFoundError as error:
            if error.name not in {f"{app}.api", f"{app}.api.urls"}:
                raise
            continue
        for prefix, viewset, basename in getattr(module, "router_entries", []):
            router.register(prefix, viewset, basename=basename)
        further += getattr(module, "urlpatterns", [])
    return [path("", include(further)), *router.urls]


app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", api_docs.page, name="docs"),
    *gather(),
]
