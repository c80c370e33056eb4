"""Addresses of the floor: health, and the pages that every public service owes its users."""

from django.urls import include, path

from integration_hub.core.views import health, pages

public_pages = [
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("retention/", pages.retention, name="retention"),
    path("licences/", pages.licences, name="licences"),
]

# Without a namespace, as monitors and settings.PUBLIC_URL_NAMES know them.
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include((public_pages, "core"))),
]
