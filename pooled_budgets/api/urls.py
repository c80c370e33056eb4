"""Pooled budgets' resources under /api/v1/."""

from django.urls import path

from pooled_budgets.api import contributions, forecasts, funds, imports, ledger, risk_share

router_entries = [
    ("agreements", funds.AgreementViewSet, "agreements"),
    ("funds", funds.FundViewSet, "funds"),
    ("schemes", funds.SchemeViewSet, "schemes"),
    ("contributions", contributions.ContributionViewSet, "contributions"),
    ("forecasts", forecasts.ForecastViewSet, "forecasts"),
    ("imports", imports.ImportViewSet, "imports"),
    ("transactions", ledger.TransactionViewSet, "transactions"),
]
urlpatterns = [
    path("risk-share/simulate/", risk_share.SimulateView.as_view(), name="risk-share-simulate"),
    path("funds/<uuid:pk>/risk-share/simulate/", risk_share.FundSimulateView.as_view(), name="funds-risk-share"),
]
