"""Addresses under /programme/."""

from django.urls import path

from programme.views import register

app_name = "programme"
urlpatterns = [
    path("", register.programme, name="programme"),
    path("boards/<uuid:board>/risks/new/", register.risk_new, name="risk_new"),
    path("boards/<uuid:board>/steps/new/", register.step_new, name="step_new"),
    path("boards/<uuid:board>/release/", register.release, name="release"),
    path("risks/<uuid:pk>/", register.risk, name="risk"),
    path("steps/<uuid:pk>/", register.step, name="step"),
]
