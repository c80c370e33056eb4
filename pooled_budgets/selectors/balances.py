"""What the partners' own books say of each line at the end of a quarter, for its page and for the quarter's return."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from integration_hub.core.models import Period
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.domain.balances import Balance, Typed
from pooled_budgets.models import BalanceDifference, BalanceStatement, Fund
from pooled_budgets.selectors import funds, ledger


@dataclass(frozen=True)
class BalanceRow:
    """A line with what is stated of it, and what the reader's partner has stated, also as a draft."""

    balance: Balance
    own: Decimal | None
    is_draft: bool

    @property
    def code(self) -> str:
        return "" if self.own is None else f"{self.own:.2f}"


def parties(fund: Fund) -> list[Organisation]:
    """Who states a figure: the parties to the agreement and whoever keeps the fund. One query."""
    found = {party.pk: party for party in [*funds.parties_of(fund.agreement), fund.owner]}
    return sorted(found.values(), key=lambda party: party.name)


def partner_of(fund: Fund, user: User) -> Organisation | None:
    """The party whose figures the person may state; None where there is none."""
    own = [party for party in parties(fund) if permissions.can(user, Permission.FORECAST_RECORD, organisation=party)]
    own.sort(key=lambda party: str(party.pk) != user.acting_for)
    return own[0] if own else None


def rows(fund: Fund, period: Period, user: User, partner: Organisation | None) -> list[BalanceRow]:
    """Each line of the fund at a quarter: both partners see the same list, and each its own drafts. Three queries."""
    stated: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    own: dict[UUID, BalanceStatement] = {}
    found = BalanceStatement.objects.visible_to(user).filter(line__scheme__fund=fund, period=period)
    for statement in found.select_related("owner"):
        if partner is not None and statement.owner_id == partner.pk:
            own[statement.line_id] = statement
        if statement.released_at is not None:
            stated[statement.line_id][statement.owner.name] = statement.amount
    typed = {row.line_id: _typed(row) for row in _differences(fund, period, user)}
    return [
        BalanceRow(
            Balance(choice.line.pk, choice.words, stated.get(choice.line.pk, {}), typed.get(choice.line.pk)),
            own=own[choice.line.pk].amount if choice.line.pk in own else None,
            is_draft=choice.line.pk in own and own[choice.line.pk].released_at is None,
        )
        for choice in ledger.lines(fund, user)
    ]


def unsettled(fund: Fund, quarter: Period) -> list[Balance]:
    """The lines whose released statements differ and are not settled: the same for every reader. At most two queries.

    A return is not ready while there is one (bcf_metrics reads it). Drafts do not count.
    """
    stated: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    words: dict[UUID, str] = {}
    released = BalanceStatement.objects.filter(line__scheme__fund=fund, period=quarter, released_at__isnull=False)
    order = ("line__scheme__position", "line__scheme__number", "line__position")
    for statement in released.select_related("owner", "line__scheme").order_by(*order):
        line = statement.line
        stated[line.pk][statement.owner.name] = statement.amount
        words[line.pk] = f"Scheme {line.scheme.number}, {line.scheme.name}" + (
            f", line {line.position}" if line.position > 1 else ""
        )
    differing = [key for key, found in stated.items() if len(set(found.values())) > 1]
    if not differing:
        return []
    rows = BalanceDifference.objects.filter(line__in=differing, period=quarter).select_related("owner")
    typed = {row.line_id: _typed(row) for row in rows}
    balances = [Balance(key, words[key], stated[key], typed.get(key)) for key in differing]
    return [balance for balance in balances if balance.is_open]


def _differences(fund: Fund, period: Period, user: User) -> Any:
    found = BalanceDifference.objects.visible_to(user).filter(line__scheme__fund=fund, period=period)
    return found.select_related("owner")


def _typed(row: BalanceDifference) -> Typed:
    return Typed(
        amount=row.amount,
        kind=row.kind,
        owner=row.owner.name,
        person=row.person,
        note=row.note,
        settled=f"{row.settled_by_name}: {row.settled_because}" if row.settled_at else "",
    )
