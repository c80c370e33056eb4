"""Virements as the fund's people may read them, and the lines between which money can move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, Sum, Value
from django.shortcuts import get_object_or_404

from integration_hub.core.money import NIL
from integration_hub.core.prepared import any_of, prepared
from partners.models import Organisation, User, known, prepared_for
from pooled_budgets.domain import virement as rules
from pooled_budgets.models import Fund, Scheme, SchemeLine, Transaction, Virement, VirementSide
from pooled_budgets.models.virement import PREPARED, VirementQuerySet


@dataclass(frozen=True)
class LineRow:
    """A budget line with its original budget, what virements added or took, and the revised one; None: not stated."""

    line: SchemeLine
    virements: Decimal

    @property
    def original(self) -> Decimal | None:
        return None if self.line.budget is None else self.line.budget - self.virements

    @property
    def revised(self) -> Decimal | None:
        return self.line.budget

    @property
    def source_words(self) -> str:
        return self.line.funding.source if self.line.funding else ""

    @property
    def words(self) -> str:
        return line_words(self.line)


def line_words(line: SchemeLine) -> str:
    """A line for people: "Scheme 3: Reablement"; with its number where the scheme has several."""
    return str(line.scheme) if line.position == 1 else f"{line.scheme}, line {line.position}"


def virements(user: User) -> VirementQuerySet:
    """The virements that a person may read, newest first."""
    return (
        Virement.objects.visible_to(user)
        .select_related(
            *("fund__agreement__board", "fund__owner", "from_line__scheme", "from_line__funding", "to_line__scheme"),
            *("to_line__funding", "prepared_by", "decided_by", "decision__board", "delegation__owner", "owner"),
        )
        .order_by("-prepared_at", "-number", "pk")
    )


def of_fund(fund: Fund, user: User) -> VirementQuerySet:
    return virements(user).filter(fund=fund)


def get(fund: Fund, user: User, pk: object) -> Virement:
    """One of a fund; Http404 for any other."""
    return get_object_or_404(of_fund(fund, user), pk=pk)


def waiting_for(user: User, partners: Sequence[str]) -> VirementQuerySet:
    """Those that others prepared and these partners (ids) may decide on, the oldest first, with `names` of those."""
    of_partners = Fund.objects.visible_to(user).filter(Q(owner__in=partners) | Q(agreement__parties__in=partners))
    return (
        Virement.objects.visible_to(user)
        .filter(status=PREPARED, fund__in=of_partners.order_by())
        .exclude(prepared_by=user)
        .select_related("fund__agreement", "fund__owner", "prepared_by")
        .annotate(
            names=ArrayAgg(
                "fund__agreement__parties__name",
                filter=Q(fund__agreement__parties__in=partners),
                distinct=True,
                default=Value([]),
            )
        )
        .order_by("prepared_at", "number", "pk")
    )


def none() -> VirementQuerySet:
    """No rows: tells the API's description which model it is about."""
    return Virement.objects.none()


def lines(fund: Fund, user: User) -> list[LineRow]:
    """The lines of a fund's schemes with original and revised budgets, in the order of the plan. Two queries."""
    rows: list[SchemeLine] = _lines(user, fund=fund.pk)
    sums = _moved([line.pk for line in rows])
    return [LineRow(line, sums.get(line.pk, NIL)) for line in rows]


@prepared_for
def _lines(user: User, *, fund: UUID) -> QuerySet[SchemeLine]:
    return (
        SchemeLine.objects.filter(scheme__in=known(user, Scheme.objects.visible_to), scheme__fund=fund)
        .select_related("scheme", "funding")
        .order_by("scheme__position", "scheme__number", "position")
    )


def locked_lines(fund: Fund, keys: Sequence[Any]) -> dict[Any, SchemeLine]:
    """Lines of a fund, held until the transaction ends, always in the same order; for services."""
    rows = (
        SchemeLine.objects.filter(scheme__fund=fund, pk__in=list(keys))
        .select_related("scheme", "funding")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    return {line.pk: line for line in rows}


def spent_on(line: SchemeLine) -> Decimal | None:
    """What is posted to a line, in pounds; None where nothing is. For services; the parties read each posting."""
    posted: Decimal | None = Transaction.objects.filter(line=line).aggregate(sum=Sum("amount"))["sum"]
    return posted


def as_rule(line: SchemeLine, *, spent: Decimal | None = None) -> rules.Line:
    """The line as pooled_budgets.domain.virement takes it."""
    return rules.Line(
        words=line_words(line),
        scheme=line.scheme_id,
        budget=line.budget,
        source=line.funding_id,
        source_words=line.funding.source if line.funding else "",
        spent=spent,
    )


def parties_of(fund: Fund) -> list[Organisation]:
    """The partners to the fund's agreement, and whoever keeps it. One query."""
    parties = list(fund.agreement.parties.order_by("name", "pk"))
    return parties if fund.owner in parties else [fund.owner, *parties]


def later_sides(day: date) -> QuerySet[VirementSide]:
    """What virements did that take effect after a day: the budgets on that day are without it."""
    return VirementSide.objects.filter(virement__effective_on__gt=day)


def _moved(keys: Sequence[Any]) -> dict[Any, Decimal]:
    return dict(_sides(lines=list(keys)))


@prepared
def _sides(*, lines: list[UUID]) -> QuerySet[VirementSide, Any]:
    rows = VirementSide.objects.filter(line__in=any_of(lines)).order_by()
    return rows.values_list("line").annotate(moved=Sum("amount"))
