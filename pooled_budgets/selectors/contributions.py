"""Contributions with what is due, received and outstanding, as the reader may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast, JSONObject
from django.shortcuts import get_object_or_404

from integration_hub.core import money
from integration_hub.core.states import AmountState
from partners import permissions
from partners.models import Organisation, User, known, prepared_for
from partners.permissions import Permission
from pooled_budgets.domain.contributions import Standing, standing
from pooled_budgets.domain.instalments import Instalment as Part
from pooled_budgets.domain.unallocated import Balance, Line, Source, balances, in_all
from pooled_budgets.models import (
    ContributionChange,
    Fund,
    FundingLine,
    Instalment,
    OpeningBalance,
    Receipt,
    Scheme,
    SchemeLine,
)

OPENING = "Opening balance"


@dataclass(frozen=True)
class Contribution:
    """A contribution with where it stands on a day, and whether it has instalments."""

    line: FundingLine
    standing: Standing
    has_instalments: bool = True


@dataclass(frozen=True)
class Late:
    """A contribution of which an instalment is late: its source, who pays ("" if not stated) and who has to act."""

    pk: str
    source: str
    payer: str
    partner: str
    standing: Standing


@dataclass(frozen=True)
class Money:
    """What of a fund's money stands in no line: by source, and in all."""

    sources: list[Balance]
    total: Balance

    def of(self, line: FundingLine) -> Balance | None:
        return next((balance for balance in self.sources if balance.key == line.pk), None)


def contributions(user: User) -> QuerySet[FundingLine]:
    """The contributions that the person may read, with stream, instalments and what came in (`received`)."""
    instalments = Instalment.objects.visible_to(user).order_by("number")
    return received(user).prefetch_related(Prefetch("instalments", queryset=instalments))


def received(user: User) -> QuerySet[FundingLine]:
    """The same without instalments: one query for what was promised and what came in."""
    return (
        FundingLine.objects.visible_to(user)
        .select_related("payer", "owner", "stream", "fund__agreement__area", "fund__owner")
        .annotate(received=Sum("receipts__amount", filter=Q(receipts__reversal__isnull=True)))
        .order_by("fund", "position", "pk")
    )


def get(user: User, fund: Fund, pk: UUID) -> FundingLine:
    """One contribution of a fund; Http404 for any other."""
    return get_object_or_404(contributions(user).filter(fund=fund), pk=pk)


def of_fund(user: User, fund: Fund, *, on: date) -> list[Contribution]:
    """The contributions to a fund with where they stand. Two queries."""
    parts: dict[UUID, list[Instalment]] = {}
    for part in _parts(user, fund=fund.pk):
        parts.setdefault(part.line_id, []).append(part)
    return [_standing(line, parts.get(line.pk, ()), on=on) for line in _received(user, fund=fund.pk)]


@prepared_for
def _received(user: User, *, fund: UUID) -> QuerySet[FundingLine]:
    return received(user).filter(fund=fund)


@prepared_for
def _parts(user: User, *, fund: UUID) -> QuerySet[Instalment]:
    rows: QuerySet[Any] = Instalment.objects.visible_to(user)
    return rows.filter(line__fund=fund).order_by("number")


def with_standing(line: FundingLine, *, on: date) -> Contribution:
    """A row of `contributions` with where it stands on a day."""
    return _standing(line, line.instalments.all(), on=on)


def _standing(line: FundingLine, instalments: Iterable[Instalment], *, on: date) -> Contribution:
    parts = [Part(row.number, row.due_on, row.amount) for row in instalments]
    found = standing(line.amount, parts, getattr(line, "received", None) or money.NIL, on=on)
    return Contribution(line, found, has_instalments=bool(parts))


def receipts_of(user: User, line: FundingLine) -> QuerySet[Any]:
    """What came in, newest first, with its reversal where it has one."""
    rows: QuerySet[Any] = Receipt.objects.visible_to(user)
    return (
        rows.filter(line=line)
        .select_related("entered_by", "reversal__entered_by")
        .order_by("-received_on", "-at", "pk")
    )


def receipt(user: User, line: FundingLine, pk: UUID) -> Receipt:
    """One receipt of a contribution; Http404 for any other."""
    return get_object_or_404(receipts_of(user, line), pk=pk)


def changes_of(user: User, line: FundingLine) -> QuerySet[Any]:
    """How its amount changed, newest first."""
    rows: QuerySet[Any] = ContributionChange.objects.visible_to(user)
    return rows.filter(line=line).select_related("entered_by", "decision", "delegation").order_by("-at", "pk")


def parties_of(fund: Fund) -> list[Organisation]:
    """Who may pay into a fund: the parties to its agreement. One query."""
    return list(fund.agreement.parties.order_by("name", "pk"))


def due_rows(user: User, *, on: date) -> QuerySet[Any]:
    """Of the fund around it (OuterRef("pk")): contributions of which something was due before a day, whose payer or
    keeper the person acts for, each as one value for `late_of`."""
    theirs = Organisation.objects.acted_for_by(user)
    parts = Instalment.objects.visible_to(user).filter(line=OuterRef("pk")).order_by("number")
    received = (
        Receipt.objects.visible_to(user).filter(line=OuterRef("pk"), reversal__isnull=True).order_by().values("line")
    )
    return (
        FundingLine.objects.visible_to(user)
        .filter(Q(payer__in=theirs) | Q(owner__in=theirs), Exists(parts.filter(due_on__lt=on)), fund=OuterRef("pk"))
        .order_by("position", "pk")
        .values(
            row=JSONObject(
                pk="pk",
                source="source",
                payer="payer__name",
                partners=JSONObject(owner="owner", payer="payer"),
                owner="owner__name",
                # As text: numbers in JSON are no exact pounds.
                amount=Cast("amount", TextField()),
                received=Cast(Subquery(received.values(sum=Sum("amount"))), TextField()),
                parts=ArraySubquery(
                    parts.values(row=JSONObject(number="number", due_on="due_on", amount=Cast("amount", TextField())))
                ),
            )
        )
    )


def late_of(user: User, rows: Iterable[dict[str, Any]], *, on: date) -> list[Late]:
    """Those of `due_rows` of which an instalment is late, and about which the person may do something: enter what
    comes in, or prepare what their partner pays."""
    mine = set(permissions.organisations_where(user, Permission.PLAN_IMPORT))
    found = []
    for row in rows:
        parts = [
            Part(part["number"], date.fromisoformat(part["due_on"]), Decimal(part["amount"])) for part in row["parts"]
        ]
        amount, received = (Decimal(row[name]) if row[name] else None for name in ("amount", "received"))
        where = standing(amount, parts, received or money.NIL, on=on)
        if where.late > 0 and mine & set(row["partners"].values()):
            found.append(Late(row["pk"], row["source"], row["payer"] or "", row["payer"] or row["owner"], where))
    return found


def money_of(fund: Fund, user: User, funding: Iterable[FundingLine], opened: Sequence[OpeningBalance] = ()) -> Money:
    """What is unallocated of a fund whose contributions are read already, and with them what was carried into it (in
    one sum: it is no contribution of anybody). One query."""
    sources = [Source(line.pk, _name(line), line.amount, line.state) for line in funding]
    # While no contribution is entered, what is in the fund is not known: an opening balance alone is no total.
    is_known = bool(sources)
    if opened:
        sources.append(Source(OPENING, OPENING, money.total(row.amount for row in opened), AmountState.STATED))
    lines = [
        Line(source, f"scheme {number}, line {position}", budget, state)
        for source, number, position, budget, state in _in_lines(user, fund=fund.pk)
    ]
    return Money(balances(sources, lines), in_all(sources if is_known else [], lines))


@prepared_for
def _in_lines(user: User, *, fund: UUID) -> QuerySet[SchemeLine, tuple[Any, ...]]:
    return scheme_lines(user, fund).values_list("funding", "scheme__number", "position", "budget", "state")


def scheme_lines(user: User, fund: Fund | UUID) -> QuerySet[SchemeLine]:
    """The budget lines of the fund's schemes that the person may read, in order."""
    return (
        SchemeLine.objects.filter(scheme__in=known(user, Scheme.objects.visible_to), scheme__fund=fund)
        .select_related("scheme", "funding__stream", "funding__payer")
        .order_by("scheme__position", "scheme__number", "position")
    )


def _name(line: FundingLine) -> str:
    return f"{line.source}, {line.payer}" if line.payer else line.source


def by_payer(rows: Sequence[Contribution]) -> list[tuple[str, Decimal | None, Decimal, Decimal | None]]:
    """(partner, amount, received, outstanding) in pounds, in the order of first appearance; None where not stated."""
    names = list(dict.fromkeys(str(row.line.payer) if row.line.payer else "" for row in rows))
    found = []
    for name in names:
        theirs = [row for row in rows if (str(row.line.payer) if row.line.payer else "") == name]
        amounts = [row.standing.amount for row in theirs]
        amount = None if None in amounts else money.total(each for each in amounts if each is not None)
        received = money.total(row.standing.received for row in theirs)
        found.append((name, amount, received, None if amount is None else amount - received))
    return found
