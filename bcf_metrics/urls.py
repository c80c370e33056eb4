"""Addresses of returns and metric figures, under /returns/."""

from django.urls import path

from bcf_metrics.views import figures, grid, metrics, policy, policy_moves, returns, sections, signing, targets

app_name = "bcf_metrics"
urlpatterns = [
    path("", returns.index, name="returns"),
    path("open/", returns.open, name="return_open"),
    path("metrics/<uuid:pk>/", metrics.series, name="metric"),
    path("metrics/<uuid:pk>/target/", targets.target, name="target"),
    path("policy/", policy.years, name="policy_years"),
    path("policy/<slug:code>/", policy.year, name="policy_year"),
    path("policy/<slug:code>/compare/<slug:other>/", policy.compare, name="policy_compare"),
    path("policy/<slug:code>/begin/", policy.begin, name="policy_begin"),
    path("policy/<slug:code>/draft/", policy.draft, name="policy_draft"),
    path("policy/<slug:code>/draft/year/", policy.draft_year, name="policy_draft_year"),
    path("policy/<slug:code>/draft/discard/", policy.discard, name="policy_discard"),
    path("policy/<slug:code>/draft/publish/", policy.publish, name="policy_publish"),
    path("policy/<slug:code>/draft/<slug:part>/", policy.draft_part, name="policy_part"),
    path("policy/<slug:code>/draft/<slug:part>/new/", policy.draft_row, name="policy_row_new"),
    path("policy/<slug:code>/draft/<slug:part>/<int:index>/", policy.draft_row, name="policy_row"),
    path("policy/<slug:code>/draft/<slug:part>/<int:index>/remove/", policy.remove_row, name="policy_row_remove"),
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
    path("<uuid:pk>/newer-policy/", policy_moves.move, name="policy_move"),
    path("<uuid:pk>/<slug:tab>/", sections.section, name="section"),
]
