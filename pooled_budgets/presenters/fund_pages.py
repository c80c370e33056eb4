"""The pages of a fund, as the list of links that its page shows."""

from dataclasses import dataclass

from django.urls import reverse

from pooled_budgets.domain.payment_for_performance import YEAR
from pooled_budgets.models import Fund


@dataclass(frozen=True)
class FundPage:
    """A page of the fund, with a few words on what is there."""

    label: str
    url: str
    words: str


@dataclass(frozen=True)
class FundPages:
    """Pages that serve one purpose."""

    title: str
    pages: list[FundPage]


# What somebody comes for, with the pages that serve it: each with the name of its address, in the order of the list.
GROUPS = (
    (
        "The plan",
        (
            ("Schemes", "schemes", "schemes and lines with the fields of the year's template"),
            ("Rules on the money", "rules", "minima, floors and sources under plan, forecast and actual"),
            ("Profile by month", "profile", "what each line is expected to spend when"),
        ),
    ),
    (
        "Money in and moved",
        (
            ("Contributions", "contributions", "who pays what and when, received and outstanding"),
            ("Virements", "virements", "money moved between schemes, with original and revised budgets"),
            ("Recurrent virements", "recurrent", "what those of the year before mean for this year's lines"),
            ("Movements without authority", "fund_authority", "money that moved under no decision or delegation"),
        ),
    ),
    (
        "Through the year",
        (
            ("Months", "grid", "what was spent and what is expected, by line and month"),
            ("Ledger", "ledger", "what was posted to each line, and extracts of the ledger"),
            ("Commitments", "commitments", "what is promised to suppliers and not yet spent"),
            ("Closed months", "months", "which months take no more changes, and how they stood when they were closed"),
            (
                "Outturns and variances",
                "outturns",
                "what was projected at each quarter, and what explains the variances",
            ),
            ("Agreement of balances", "balances", "what each partner's own books have, and the differences"),
        ),
    ),
    (
        "Who bears what",
        (
            ("Risk share", "risk_share", "who bears an overspend, who keeps an underspend, and what-ifs"),
            ("Settlement", "settlement", "the year end: who invoices whom, and what is carried forward"),
        ),
    ),
)
# Of a fund of 2015/16 alone.
PERFORMANCE = ("Payment for performance", "performance", "what the fall in non-elective admissions releases")


def groups(fund: Fund) -> list[FundPages]:
    """Every page of the fund beside its first. No query."""
    performance = [PERFORMANCE] if fund.financial_year == YEAR else []
    return [
        FundPages(
            title,
            [FundPage(label, reverse(f"pooled_budgets:{name}", args=[fund.pk]), words) for label, name, words in found],
        )
        for title, found in (*GROUPS[:-1], (GROUPS[-1][0], (*GROUPS[-1][1], *performance)))
    ]
