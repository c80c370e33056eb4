"""Last quarter's return beside a return, as far as the reader may see both."""

from dataclasses import dataclass

from bcf_metrics.domain import comparison
from bcf_metrics.domain.comparison import Comparison, Side
from bcf_metrics.models import QuarterlyReturn, ReturnVersion
from bcf_metrics.selectors import content, returns
from bcf_metrics.selectors.content import Draft
from partners.models import User


@dataclass(frozen=True)
class LastQuarter:
    """The return of the quarter before and its version that is compared; None where it was never sent."""

    quarterly_return: QuarterlyReturn
    version: ReturnVersion | None


def last_quarter(user: User, quarterly_return: QuarterlyReturn) -> LastQuarter | None:
    """The return of the same agreement for the quarter before, across the end of a year. Three queries at most.

    The version is the one that was submitted last, else the last that was sent for sign-off.
    """
    found = (
        returns.visible_to(user)
        .filter(
            fund__agreement=quarterly_return.fund.agreement_id,
            period__ends_on__lt=quarterly_return.period.starts_on,
        )
        .order_by("-period__ends_on", "pk")
        .first()
    )
    if found is None:
        return None
    versions = ReturnVersion.objects.filter(quarterly_return=found).defer("signatories", "preparers")
    # Numbers of submissions rise with those of versions; what was never submitted has none.
    newest = (
        versions.filter(submission__isnull=False).order_by("-number").first() or versions.order_by("-number").first()
    )
    return LastQuarter(found, newest)


def compare(last: LastQuarter, draft: Draft) -> Comparison | None:
    """How a return differs from last quarter's; None where that was never sent."""
    if last.version is None:
        return None
    former = content.frozen(last.quarterly_return, last.version)
    sides = [Side(found.content["period"]["label"], found.cells, found.content) for found in (former, draft)]
    return comparison.between(*sides)
