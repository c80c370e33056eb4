"""Every address, by app. This module knows all apps and is known by none."""

from django.urls import include, path

urlpatterns = [
    path("", include("integration_hub.core.urls")),
    path("account/", include("allauth.urls")),
]

handler400 = "integration_hub.core.views.errors.bad_request"
handler403 = "integration_hub.core.views.errors.permission_denied"
handler404 = "integration_hub.core.views.errors.page_not_found"
handler500 = "integration_hub.core.views.errors.server_error"
