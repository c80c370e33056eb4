"""Addresses under /boards/."""

from django.urls import path

from governance.views import boards

app_name = "governance"
urlpatterns = [
    path("", boards.index, name="boards"),
    path("<uuid:pk>/", boards.board, name="board"),
    path("<uuid:pk>/meetings/new/", boards.meeting_new, name="meeting_new"),
    path("meetings/<uuid:pk>/outcome/", boards.meeting_outcome, name="meeting_outcome"),
]
