from pooled_budgets.models.account_statement import AccountStatement
from pooled_budgets.models.agreement import Agreement, AgreementParty, FormerParty
from pooled_budgets.models.agreement_version import (
    AgreementAct,
    AgreementAttachment,
    AgreementDraft,
    AgreementSignature,
    AgreementVersion,
)
from pooled_budgets.models.balances import BalanceDifference, BalanceStatement
from pooled_budgets.models.contribution import ContributionChange, Instalment, Receipt, ReceiptReversal
from pooled_budgets.models.forecast import Forecast, PeriodLock
from pooled_budgets.models.fund import Fund, FundingLine
from pooled_budgets.models.ledger import Commitment, ParkedRow, Transaction
from pooled_budgets.models.months import ClosedMonth, MonthForecast
from pooled_budgets.models.performance import PerformancePay, PerformanceQuarter
from pooled_budgets.models.profile import ProfileMonth
from pooled_budgets.models.recurrent import RecurrentAnswer
from pooled_budgets.models.reference import Allocation, FundingStream, ListValue
from pooled_budgets.models.registers import AlignedBudget, JointContract
from pooled_budgets.models.risk_share import RiskShareFigures, RiskShareRules, RiskShareScenario, SchemeLead
from pooled_budgets.models.scheme import LedgerCode, Scheme, SchemeLine
from pooled_budgets.models.scheme_start import SchemeStart
from pooled_budgets.models.settlement import OpeningBalance, Settlement, SettlementApproval
from pooled_budgets.models.variances import VarianceExplanation, VarianceThreshold
from pooled_budgets.models.virement import Virement, VirementSide

__all__ = [
    "AccountStatement",
    "Agreement",
    "AgreementAct",
    "AgreementAttachment",
    "AgreementDraft",
    "AgreementParty",
    "AgreementSignature",
    "AgreementVersion",
    "AlignedBudget",
    "Allocation",
    "BalanceDifference",
    "BalanceStatement",
    "ClosedMonth",
    "Commitment",
    "ContributionChange",
    "Forecast",
    "FormerParty",
    "Fund",
    "FundingLine",
    "FundingStream",
    "Instalment",
    "JointContract",
    "LedgerCode",
    "ListValue",
    "MonthForecast",
    "OpeningBalance",
    "ParkedRow",
    "PerformancePay",
    "PerformanceQuarter",
    "PeriodLock",
    "ProfileMonth",
    "Receipt",
    "ReceiptReversal",
    "RecurrentAnswer",
    "RiskShareFigures",
    "RiskShareRules",
    "RiskShareScenario",
    "Scheme",
    "SchemeLead",
    "SchemeLine",
    "SchemeStart",
    "Settlement",
    "SettlementApproval",
    "Transaction",
    "VarianceExplanation",
    "VarianceThreshold",
    "Virement",
    "VirementSide",
]
