"""Pooled budgets' resources under /api/v1/."""

from django.urls import path

from pooled_budgets.api import (
    contributions,
    extracts,
    forecasts,
    funds,
    grid,
    imports,
    ledger,
    lines,
    registers,
    risk_share,
    settlements,
    virements,
)

router_entries = [
    ("agreements", funds.AgreementViewSet, "agreements"),
    ("funds", funds.FundViewSet, "funds"),
    ("schemes", funds.SchemeViewSet, "schemes"),
    ("contributions", contributions.ContributionViewSet, "contributions"),
    ("forecasts", forecasts.ForecastViewSet, "forecasts"),
    ("imports", imports.ImportViewSet, "imports"),
    ("ledger-extracts", extracts.ExtractViewSet, "ledger-extracts"),
    ("settlements", settlements.SettlementViewSet, "settlements"),
    ("transactions", ledger.TransactionViewSet, "transactions"),
    ("scheme-lines", lines.SchemeLineViewSet, "scheme-lines"),
    ("virements", virements.VirementViewSet, "virements"),
    ("agreement-versions", registers.AgreementVersionViewSet, "agreement-versions"),
    ("aligned-budgets", registers.AlignedBudgetViewSet, "aligned-budgets"),
    ("joint-contracts", registers.JointContractViewSet, "joint-contracts"),
]
urlpatterns = [
    path("risk-share/simulate/", risk_share.SimulateView.as_view(), name="risk-share-simulate"),
    path("funds/<uuid:pk>/months/", grid.MonthGridView.as_view(), name="funds-months"),
    path("funds/<uuid:pk>/risk-share/simulate/", risk_share.FundSimulateView.as_view(), name="funds-risk-share"),
]
