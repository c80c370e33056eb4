"""The profile of a budget line by month: twelve amounts that are the budget to the penny, or nothing is saved."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.http import Http404

from integration_hub.core import audit, emptyfigures, money
from integration_hub.core.errors import ChangedMeanwhile, HubError
from integration_hub.core.money import MoneyError
from integration_hub.core.services import service
from partners import permissions
from partners.models import User, known
from partners.permissions import Permission
from pooled_budgets.domain import instalments
from pooled_budgets.models import ProfileMonth, Scheme, SchemeLine
from pooled_budgets.selectors import schemes
from pooled_budgets.services.locking import hold_fund
from pooled_budgets.services.schemes import budget_seen


class NoBudget(HubError):
    """A profile needs a budget to be spread."""

    code = "no_budget"


class ProfileDiffers(HubError):
    """The months do not add up to the year's budget; the message has the difference."""

    code = "profile_differs"
    http_status = 400


class MonthsMissing(HubError):
    """The months of the year are not set up."""

    code = "months_missing"


@service
def set_months(*, line_id: UUID, months: Sequence[Decimal], seen: str, by: User, at: datetime) -> list[ProfileMonth]:
    """Put twelve months from April in the place of a line's profile, in pounds; `seen` is the budget that was shown.

    Raises ProfileDiffers, NoBudget, ChangedMeanwhile, MonthsMissing.
    """
    row = (
        SchemeLine.objects.filter(pk=line_id, scheme__in=known(by, Scheme.objects.visible_to))
        .select_related("scheme")
        .first()
    )
    if row is None:
        raise Http404("There is no such line.")
    held = hold_fund(row.scheme.fund_id, by=by)
    line = SchemeLine.objects.select_for_update(of=("self",), no_key=True).select_related("scheme").get(pk=line_id)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    if line.budget is None:
        raise NoBudget(
            f"The budget of {line} is {emptyfigures.words(line.state)}: a profile spreads an amount. State it first.",
            who_can_lift=f"A finance officer of {held.owner}",
        )
    if seen != budget_seen(line.budget, line.state):
        raise ChangedMeanwhile(
            f"The budget of the line is {money.pounds(line.budget)} now; it was another when this page was shown. "
            "Nothing was saved. Check the months and save again."
        )
    try:
        instalments.check_manual(line.budget, months)
    except MoneyError as error:
        raise ProfileDiffers(error.message) from error
    periods = schemes.months_of(held)
    if len(periods) != instalments.MONTHS:
        raise MonthsMissing(
            f"The months of {held.year.label} are not set up. Ask the operator to load the reference data."
        )
    before = [money.as_plain(amount) for amount in schemes.profile_of(line).months]
    ProfileMonth.objects.filter(line=line).delete()
    made = ProfileMonth.objects.bulk_create(
        ProfileMonth(line=line, period=period, amount=amount) for period, amount in zip(periods, months, strict=True)
    )
    audit.record(
        "scheme_line.profiled",
        target=line,
        by=by,
        at=at,
        partner=held.owner,
        before={"months": before},
        after={"months": [money.as_plain(amount) for amount in months]},
    )
    return made
