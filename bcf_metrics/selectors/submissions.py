"""Submissions of a return that the reader may see, and the decisions that can ratify one."""

from bcf_metrics.models import QuarterlyReturn, Submission
from governance.domain.authority import Matter
from governance.models.authority import DecisionQuerySet
from governance.selectors import authority
from partners.models import User


def of_return(quarterly_return: QuarterlyReturn) -> list[Submission]:
    """The submissions of a return, newest first, each with its version's number and what came of it."""
    return list(
        Submission.objects.filter(quarterly_return=quarterly_return)
        .select_related("version", "ratification__decision__board", "acceptance", "restatement")
        .defer("version__content")
        .order_by("-number")
    )


def decisions(user: User, quarterly_return: QuarterlyReturn) -> DecisionQuerySet:
    """What the area's Health and Wellbeing Board resolved on returns after the quarter, as far as the person may know.

    A decision allows what it names and nothing else, as everywhere: one that names no return ratifies none.
    """
    return authority.decisions(user).filter(
        board__kind="hwb",
        board__area=quarterly_return.fund.agreement.area_id,
        made_on__gt=quarterly_return.period.ends_on,
        ended_on=None,
        matters__contains=[Matter.RETURN],
    )
