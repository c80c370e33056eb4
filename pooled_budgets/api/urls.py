"""Pooled budgets' resources under /api/v1/."""

from pooled_budgets.api import forecasts, funds, imports

router_entries = [
    ("agreements", funds.AgreementViewSet, "agreements"),
    ("funds", funds.FundViewSet, "funds"),
    ("schemes", funds.SchemeViewSet, "schemes"),
    ("contributions", funds.ContributionViewSet, "contributions"),
    ("forecasts", forecasts.ForecastViewSet, "forecasts"),
    ("imports", imports.ImportViewSet, "imports"),
]
