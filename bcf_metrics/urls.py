"""Addresses of returns and metric figures, under /returns/."""

from django.urls import path

from bcf_metrics.views import figures, grid, metrics, returns, sections, signing, targets

app_name = "bcf_metrics"
urlpatterns = [
    path("", returns.index, name="returns"),
    path("open/", returns.open, name="return_open"),
    path("metrics/<uuid:pk>/", metrics.series, name="metric"),
    path("metrics/<uuid:pk>/target/", targets.target, name="target"),
    path("<uuid:pk>/", returns.detail, name="return_detail"),
    path("<uuid:pk>/send/", returns.send, name="send"),
    path("<uuid:pk>/sign/", signing.sign, name="sign"),
    path("<uuid:pk>/ready/", returns.ready, name="ready"),
    path("<uuid:pk>/amend/", signing.amend, name="amend"),
    path("<uuid:pk>/send-back/", signing.send_back, name="send_back"),
    path("<uuid:pk>/export/", returns.export, name="export"),
    path("<uuid:pk>/versions/<int:number>/", returns.version, name="version"),
    path("<uuid:pk>/grid/", grid.grid, name="grid"),
    path("<uuid:pk>/grid/row/", grid.row, name="grid_row"),
    path("<uuid:pk>/figures/", figures.edit, name="figures"),
    path("<uuid:pk>/figures/release/", figures.release, name="figures_release"),
    path("<uuid:pk>/<slug:tab>/", sections.section, name="section"),
]
