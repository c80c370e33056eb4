"""What every page of a fund begins with: the fund as the reader may see it, and the quarter asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404

from integration_hub.core.errors import HubError
from integration_hub.core.models import Period
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.models import Fund
from pooled_budgets.selectors import funds, positions

READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class QuarterLink:
    """A quarter that the page can be turned to."""

    period: Period
    is_current: bool


def load_fund(
    request: SignedInRequest,
    pk: UUID,
    permission: Permission | None = None,
    *,
    figures: bool = False,
    along: Mapping[str, Any] | None = None,
) -> Fund:
    """The fund, or 404; 403 where the request would change something that the reader may not.

    `figures` reads what the risk share needs along, in the same query, and `along` what is worked out with it.
    """
    if along:
        rows = funds.funds(request.user).annotate(**along)
        fund = get_object_or_404(rows.select_related("risk_share_figures") if figures else rows, pk=pk)
    else:
        fund = funds.get(request.user, pk, figures=figures)
    if permission is not None and request.method not in READING:
        permissions.require(request.user, permission, organisation=fund.owner)
    return fund


def load_quarter(request: SignedInRequest, fund: Fund) -> tuple[Period, list[QuarterLink]]:
    """The quarter of ?quarter= (or of the form), else the last with figures; with links to all four."""
    asked = request.POST.get("quarter") or request.GET.get("quarter") or ""
    quarters = positions.quarters(fund, request.user)
    if asked:
        chosen = next((quarter for quarter in quarters if str(quarter.number) == asked), None)
    else:
        chosen = positions.latest_quarter(quarters)
    if chosen is None:
        raise BadRequest("A quarter is 1, 2, 3 or 4.")
    return chosen, [QuarterLink(quarter, quarter == chosen) for quarter in quarters]


def refuse(form: Any, refusal: HubError) -> int:
    """Put a refusal into a form; the status to answer with."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return refusal.http_status
