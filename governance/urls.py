"""Addresses under /boards/."""

from django.urls import path

from governance.views import boards, registers

app_name = "governance"
urlpatterns = [
    path("", boards.index, name="boards"),
    path("<uuid:pk>/", boards.board, name="board"),
    path("<uuid:pk>/meetings/new/", boards.meeting_new, name="meeting_new"),
    path("meetings/<uuid:pk>/outcome/", boards.meeting_outcome, name="meeting_outcome"),
    path("<uuid:pk>/decisions/", registers.decisions, name="decisions"),
    path("<uuid:pk>/decisions/new/", registers.decision_new, name="decision_new"),
    path("decisions/<uuid:pk>/", registers.decision, name="decision"),
    path("decisions/<uuid:pk>/rescind/", registers.decision_rescind, name="decision_rescind"),
    path("<uuid:pk>/delegations/", registers.delegations, name="delegations"),
    path("<uuid:pk>/delegations/new/", registers.delegation_new, name="delegation_new"),
    path("delegations/<uuid:pk>/", registers.delegation, name="delegation"),
    path("delegations/<uuid:pk>/revoke/", registers.delegation_revoke, name="delegation_revoke"),
]
