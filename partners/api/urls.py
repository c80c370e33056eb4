"""Partners' resources under /api/v1/."""

from django.urls import path

from partners.api import resources, successions

router_entries = [
    ("areas", resources.AreaViewSet, "areas"),
    ("organisations", resources.OrganisationViewSet, "organisations"),
    ("footprints", resources.FootprintViewSet, "footprints"),
    ("audit", resources.AuditViewSet, "audit"),
    ("successions", successions.SuccessionViewSet, "successions"),
]
urlpatterns = [
    path("users/me/", resources.me, name="me"),
    path("token/", resources.token, name="token"),
]
