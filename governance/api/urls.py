"""Governance's resources under /api/v1/."""

from django.urls import path

from governance.api import authority, resources

router_entries = [
    ("boards", resources.BoardViewSet, "boards"),
    ("meetings", resources.MeetingViewSet, "meetings"),
    ("decisions", authority.DecisionViewSet, "decisions"),
    ("delegations", authority.DelegationViewSet, "delegations"),
]
urlpatterns = [
    path("calendar/publication-deadline/", resources.publication_deadline, name="publication-deadline"),
]
