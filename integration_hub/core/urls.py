"""Addresses of the floor: health, and the pages that every public service owes its users."""

from django.urls import URLPattern

app_name = "core"
urlpatterns: list[URLPattern] = []
