from pooled_budgets.models.agreement import Agreement, AgreementParty, FormerParty
from pooled_budgets.models.forecast import Forecast, PeriodLock
from pooled_budgets.models.fund import Fund, FundingLine
from pooled_budgets.models.scheme import LedgerCode, Scheme, SchemeLine

__all__ = [
    "Agreement",
    "AgreementParty",
    "Forecast",
    "FormerParty",
    "Fund",
    "FundingLine",
    "LedgerCode",
    "PeriodLock",
    "Scheme",
    "SchemeLine",
]
