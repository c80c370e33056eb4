"""What the partners' own books say of each line at the end of a quarter, for its page and for the quarter's return."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from integration_hub.core.models import Period
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.domain.balances import Balance, Typed
from pooled_budgets.models import BalanceDifference, BalanceStatement, Fund, SchemeLine
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
    """The lines whose released statements differ and are not settled: the same for every reader. One query.

    A return is not ready while there is one (bcf_metrics reads it). Drafts do not count.
    """
    lines = SchemeLine.objects.filter(scheme__fund=fund).order_by("scheme__position", "scheme__number", "position")
    return open_among(lines.values("pk", "scheme__number", "scheme__name", "position", **books(quarter)))


def books(quarter: Period) -> dict[str, Any]:
    """Of a line, what every reader of it may know: the released statements of a quarter, and what became of their
    difference, each as values for `open_among`."""
    released = BalanceStatement.objects.filter(line=OuterRef("pk"), period=quarter, released_at__isnull=False)
    # As text: numbers in JSON are no exact pounds.
    amount = Cast("amount", TextField())
    said = JSONObject(
        amount=amount,
        kind="kind",
        owner="owner__name",
        person="person",
        note="note",
        settled_by="settled_by_name",
        settled_because="settled_because",
    )
    differences = BalanceDifference.objects.filter(line=OuterRef("pk"), period=quarter)
    return {
        "stated": ArraySubquery(released.order_by("pk").values(row=JSONObject(owner="owner__name", amount=amount))),
        "typed": Subquery(differences.values(row=said)),
    }


def open_among(rows: Iterable[Mapping[str, Any]]) -> list[Balance]:
    """Of lines read with their `books`, those whose statements differ and are not settled, in the order given."""
    balances = [
        Balance(
            row["pk"],
            f"Scheme {row['scheme__number']}, {row['scheme__name']}"
            + (f", line {row['position']}" if row["position"] > 1 else ""),
            {statement["owner"]: Decimal(statement["amount"]) for statement in row["stated"]},
            _typed_of(row["typed"]) if row["typed"] else None,
        )
        for row in rows
    ]
    return [balance for balance in balances if balance.is_open]


def _differences(fund: Fund, period: Period, user: User) -> Any:
    found = BalanceDifference.objects.visible_to(user).filter(line__scheme__fund=fund, period=period)
    return found.select_related("owner")


def _typed_of(row: Mapping[str, Any]) -> Typed:
    """What was said of a difference, as `books` read it."""
    return Typed(
        amount=Decimal(row["amount"]),
        kind=row["kind"],
        owner=row["owner"],
        person=row["person"],
        note=row["note"],
        settled=f"{row['settled_by']}: {row['settled_because']}" if row["settled_by"] else "",
    )


def _typed(row: BalanceDifference) -> Typed:
    return Typed(
        amount=row.amount,
        kind=row.kind,
        owner=row.owner.name,
        person=row.person,
        note=row.note,
        settled=f"{row.settled_by_name}: {row.settled_because}" if row.settled_at else "",
    )
