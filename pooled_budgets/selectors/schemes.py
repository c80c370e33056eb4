"""Schemes with their lines, the rules on the money, and profiles by month, as the reader may see them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.shortcuts import get_object_or_404

from integration_hub.core import emptyfigures, money
from integration_hub.core.models import Period
from integration_hub.core.prepared import prepared
from partners.models import User, known, prepared_for
from pooled_budgets.domain.position import FundPosition
from pooled_budgets.domain.rules_on_money import Basis, FencedSource, MoneyLine, Result, results, split_outturn
from pooled_budgets.models import Fund, FundingLine, ProfileMonth, Scheme, SchemeLine, Transaction, VirementSide
from pooled_budgets.selectors import value_lists
from pooled_budgets.selectors.contributions import scheme_lines


def of_fund(user: User, fund: Fund) -> QuerySet[Scheme]:
    """The schemes of a fund with their lines. Two queries."""
    lines = SchemeLine.objects.select_related("funding__stream", "funding__payer").order_by("position")
    return (
        Scheme.objects.visible_to(user)
        .filter(fund=fund)
        .select_related("start__entered_by", "start__decision", "start__delegation")
        .prefetch_related(Prefetch("lines", queryset=lines))
        .order_by("position", "number")
    )


@dataclass(frozen=True)
class WithLines:
    """A scheme with its lines in order."""

    scheme: Scheme
    lines: list[SchemeLine]


def with_lines(user: User, fund: Fund) -> list[WithLines]:
    """The schemes of a fund in the order of the plan, each with its lines. Two queries."""
    found = [WithLines(scheme, []) for scheme in _schemes(user, fund=fund.pk)]
    by_scheme = {row.scheme.pk: row.lines for row in found}
    for line in _lines(fund=fund.pk):
        if line.scheme_id in by_scheme:
            by_scheme[line.scheme_id].append(line)
    return found


@prepared_for
def _schemes(user: User, *, fund: UUID) -> QuerySet[Scheme]:
    return Scheme.objects.visible_to(user).filter(fund=fund).order_by("position", "number")


@prepared
def _lines(*, fund: UUID) -> QuerySet[SchemeLine]:
    """For schemes that the reader sees."""
    rows = SchemeLine.objects.filter(scheme__fund=fund).select_related("funding__stream", "funding__payer")
    return rows.order_by("scheme", "position")


def get(user: User, fund: Fund, pk: UUID) -> Scheme:
    """One scheme of a fund; Http404 for any other."""
    return get_object_or_404(of_fund(user, fund), pk=pk)


def line(user: User, fund: Fund, pk: UUID) -> SchemeLine:
    """One line of a fund; Http404 for any other."""
    return get_object_or_404(scheme_lines(user, fund), pk=pk)


def lines(user: User) -> QuerySet[SchemeLine]:
    """The budget lines of every scheme that the person may read, each with what virements `moved`. Two queries."""
    moved = VirementSide.objects.filter(line=OuterRef("pk")).order_by().values("line").annotate(sum=Sum("amount"))
    profile = ProfileMonth.objects.select_related("period").order_by("period__number")
    return (
        SchemeLine.objects.filter(scheme__in=known(user, Scheme.objects.visible_to))
        .select_related("scheme", "funding__stream")
        .annotate(moved=Subquery(moved.values("sum")))
        .prefetch_related(Prefetch("profile", queryset=profile))
        .order_by("scheme__fund", "scheme__position", "scheme__number", "position", "pk")
    )


def no_lines() -> QuerySet[SchemeLine]:
    """What the API's description is made from: no row of anybody."""
    return SchemeLine.objects.none()


# The rules on the money


def rules(
    user: User, fund: Fund, funding: Sequence[FundingLine], *, basis: Basis, position: FundPosition | None, on: date
) -> list[Result]:
    """Every rule under one basis. `position` has the projected outturns for a forecast. Three queries."""
    lines = list(scheme_lines(user, fund))
    sources = [FencedSource(row.pk, str(row), row.amount, row.state, row.ring_fence) for row in funding]
    if basis is Basis.FORECAST and position is not None:
        found = _forecast(lines, position)
    elif basis is Basis.ACTUAL:
        found = _actual(user, fund, lines)
    else:
        found = [
            _money_line(row, row.budget, f"is {emptyfigures.words(row.state)}" if row.budget is None else "")
            for row in lines
        ]
    published = value_lists.allocations_of(fund, on=on)
    return results(sources, found, published, basis=basis, year_has_ended=on > fund.year.ends_on)


def _money_line(row: SchemeLine, amount: Decimal | None, unknown: str) -> MoneyLine:
    return MoneyLine(
        source=row.funding_id,
        ring_fence=row.ring_fence,
        name=f"scheme {row.scheme.number}, line {row.position}",
        area_of_spend=row.area_of_spend,
        nhs_percent=row.nhs_percent,
        amount=amount,
        unknown=unknown,
    )


def _forecast(lines: Sequence[SchemeLine], position: FundPosition) -> list[MoneyLine]:
    """Each scheme's projected outturn over its lines by their budgets."""
    by_scheme: dict[Any, list[SchemeLine]] = defaultdict(list)
    for row in lines:
        by_scheme[row.scheme_id].append(row)
    outturns = {line.scheme_id: line for line in position.lines}
    found = []
    for scheme_id, rows in by_scheme.items():
        outturn = outturns[scheme_id].outturn if scheme_id in outturns else None
        budgets = [row.budget for row in rows if row.budget is not None]
        parts: Sequence[Decimal | None] = [None] * len(rows)
        why = "has no projected outturn"
        if outturn is not None and len(rows) == 1:
            parts = [outturn]
        elif outturn is not None:
            why = "cannot share its scheme's outturn without every budget"
            parts = (split_outturn(outturn, budgets) if len(budgets) == len(rows) else None) or parts
        found += [
            _money_line(row, part, "" if part is not None else why) for row, part in zip(rows, parts, strict=True)
        ]
    return found


def _actual(user: User, fund: Fund, lines: Sequence[SchemeLine]) -> list[MoneyLine]:
    """What was posted to each line so far; a line without a posting has spent nothing yet."""
    posted = (
        Transaction.objects.visible_to(user).filter(fund=fund).order_by().values("line").annotate(sum=Sum("amount"))
    )
    sums = {row["line"]: row["sum"] for row in posted}
    if not sums:
        return [_money_line(row, None, "has no postings, as no line of the fund has") for row in lines]
    return [_money_line(row, sums.get(row.pk, money.NIL), "") for row in lines]


# Profiles by month


@dataclass(frozen=True)
class Profile:
    """A line with its twelve months from April, in pounds; no months where none was made."""

    line: SchemeLine
    months: tuple[Decimal, ...]

    @property
    def difference(self) -> Decimal | None:
        """What the months add up to beyond the budget; None without a profile or a budget."""
        if not self.months or self.line.budget is None:
            return None
        return money.total(self.months) - self.line.budget

    @property
    def name(self) -> str:
        return f"Scheme {self.line.scheme.number}, line {self.line.position}: {self.line.scheme.name}"


def profiles(user: User, fund: Fund) -> list[Profile]:
    """The profile of each line of a fund. Two queries."""
    lines = list(scheme_lines(user, fund))
    months: dict[Any, dict[int, Decimal]] = defaultdict(dict)
    rows = ProfileMonth.objects.filter(line__in=[row.pk for row in lines])
    for key, number, amount in rows.values_list("line", "period__number", "amount"):
        months[key][number] = amount
    return [Profile(row, tuple(months[row.pk][number] for number in sorted(months[row.pk]))) for row in lines]


def profile_of(line: SchemeLine) -> Profile:
    """The profile of one line that the reader may see. One query."""
    rows = ProfileMonth.objects.filter(line=line).order_by("period__number")
    return Profile(line, tuple(rows.values_list("amount", flat=True)))


def months_of(fund: Fund) -> list[Period]:
    """The twelve months of the fund's year, in order; fewer where reference data is not loaded."""
    return list(
        Period.objects.filter(kind=Period.MONTH, financial_year=fund.financial_year, number__lte=12).order_by("number")
    )
