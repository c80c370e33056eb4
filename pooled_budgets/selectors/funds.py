"""Agreements, funds and their money in, as the reader may see them, ready for a page or the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.http import Http404

from integration_hub.core import money
from integration_hub.core.prepared import prepared
from integration_hub.core.states import AmountState
from partners.models import Area, Organisation, User, prepared_for
from pooled_budgets.models import Agreement, AgreementParty, Fund, FundingLine, Scheme, SchemeLine


@dataclass(frozen=True)
class FundRow:
    """A fund in the list: how much of it stands in schemes, and in how many."""

    fund: Fund
    schemes: int
    budget: Decimal | None

    @property
    def unallocated(self) -> Decimal | None:
        if self.fund.total is None:
            return None
        return self.fund.total - (self.budget or money.NIL)


def agreements(user: User) -> QuerySet[Agreement]:
    """The agreements that the person may read, with area, host and parties."""
    return (
        Agreement.objects.visible_to(user)
        .select_related("area", "host", "board", "current_version")
        .prefetch_related("parties")
        .order_by("title", "key")
    )


def funds(user: User) -> QuerySet[Fund]:
    """The funds that the person may read, newest year first, with agreement, area and owner."""
    return (
        Fund.objects.visible_to(user)
        .select_related("agreement__area", "agreement__board", "agreement__host", "owner")
        .order_by("-financial_year", "name", "pk")
    )


def by_id(user: User, keys: Iterable[UUID]) -> dict[UUID, Fund]:
    """Some of them by id; those that the person may not read are not there. One query."""
    return {fund.pk: fund for fund in funds(user).filter(pk__in=list(keys))}


def of_organisation(user: User, organisation: Organisation) -> QuerySet[Fund]:
    """The funds of agreements that an organisation is party to, as far as the person may read them."""
    parties = AgreementParty.objects.filter(organisation=organisation)
    return funds(user).filter(agreement__in=parties.values("agreement"))


def of_area(user: User, area: Area) -> QuerySet[Fund]:
    """The funds of an area's agreements, as far as the person may read them."""
    return funds(user).filter(agreement__area=area)


def fund_rows(user: User, *, of: Iterable[Fund] | None = None) -> list[FundRow]:
    """The funds with what stands in their schemes. Two queries whatever the number of funds."""
    visible = list(funds(user) if of is None else of)
    sums: dict[UUID, tuple[int, Decimal | None]] = {
        row["fund"]: (row["number"], row["budget"])
        for row in Scheme.objects.visible_to(user)
        .filter(fund__in=[fund.pk for fund in visible])
        .values("fund")
        .annotate(number=Count("pk", distinct=True), budget=Sum("lines__budget"))
    }
    return [FundRow(fund, *sums.get(fund.pk, (0, None))) for fund in visible]


def funding_lines(user: User) -> QuerySet[FundingLine]:
    """The money into funds that the person may read, in the order of the papers."""
    return FundingLine.objects.visible_to(user).select_related("payer", "owner", "fund").order_by("fund", "position")


def funding_of(fund: Fund, user: User) -> list[FundingLine]:
    """The money into one fund. One query."""
    return _funding(user, fund=fund.pk)


@prepared_for
def _funding(user: User, *, fund: UUID) -> QuerySet[FundingLine]:
    return funding_lines(user).filter(fund=fund)


def get(user: User, pk: UUID, *, figures: bool = False) -> Fund:
    """One fund, with its figures for the risk share if these are wanted; Http404 where the person may not know of it.
    One query."""
    found: list[Fund] = _with_figures(user, pk=pk) if figures else _fund(user, pk=pk)
    if not found:
        raise Http404("There is no such fund.")
    return found[0]


@prepared_for
def _fund(user: User, *, pk: UUID) -> QuerySet[Fund]:
    return funds(user).filter(pk=pk)


def parties_of(agreement: Agreement) -> list[Organisation]:
    """The partners to an agreement by name. One query."""
    return _parties(agreement=agreement.pk)


@prepared_for
def _with_figures(user: User, *, pk: UUID) -> QuerySet[Fund]:
    return funds(user).filter(pk=pk).select_related("risk_share_figures")


@prepared
def _parties(*, agreement: UUID) -> QuerySet[Organisation]:
    return Organisation.objects.filter(agreements=agreement).order_by("name", "pk")


def schemes(user: User) -> QuerySet[Scheme]:
    """The schemes that the person may read, each with `budget` (None where a line has no amount) and `budget_state`."""
    lines = SchemeLine.objects.filter(scheme=OuterRef("pk")).order_by()
    unstated = lines.filter(budget__isnull=True).order_by("position")
    stated = Value(AmountState.STATED.value)
    return (
        Scheme.objects.visible_to(user)
        .select_related("fund", "owner")
        .annotate(
            budget_state=Case(
                When(Exists(unstated), then=Subquery(unstated.values("state")[:1])),
                When(Exists(lines), then=stated),
                default=Value(AmountState.NOT_STATED.value),
            ),
            budget=Case(
                When(
                    ~Exists(unstated), then=Subquery(lines.values("scheme").annotate(sum=Sum("budget")).values("sum"))
                ),
                default=None,
            ),
        )
        .order_by("fund", "position", "number")
    )


# What the API's description is made from: no row of anybody.


def no_agreements() -> QuerySet[Agreement]:
    return Agreement.objects.none()


def no_funds() -> QuerySet[Fund]:
    return Fund.objects.none()


def no_funding_lines() -> QuerySet[FundingLine]:
    return FundingLine.objects.none()


def no_schemes() -> QuerySet[Scheme]:
    return Scheme.objects.none()
