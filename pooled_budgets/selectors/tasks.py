"""What waits for a finance officer: plans to import, outturns to enter, drafts to release, late instalments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce, JSONObject

from integration_hub.core.models import Period, StagedImport
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.models import Forecast, Fund, FundingLine, PeriodLock, Scheme
from pooled_budgets.selectors import contributions, funds, imports
from pooled_budgets.selectors.contributions import Late


@dataclass(frozen=True)
class Upload:
    """A plan that was uploaded and neither confirmed nor discarded."""

    pk: str
    filename: str


@dataclass(frozen=True)
class Quarter:
    """A quarter of a fund that has ended and is not locked: how many of the owner's figures it has, and drafts."""

    number: int
    figures: int
    drafts: int


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: its fund, what is to be done, and the quarter, upload or contribution it is about."""

    fund: Fund
    kind: str
    period: Quarter | None = None
    staged: Upload | None = None
    late: Late | None = None
    number: int = 0


IMPORT, CONFIRM, ENTER, RELEASE, LATE = "import", "confirm", "enter", "release", "late"


def waiting_for(user: User, on: date) -> list[Waiting]:
    """What the person can do next for the funds of their partners, and for those that these pay into. One query
    whatever the number of funds."""
    found = []
    for fund in _theirs(user, on):
        late = contributions.late_of(user, fund.due, on=on)  # type: ignore[attr-defined]  # annotated
        found += [Waiting(fund, LATE, late=row) for row in late]
        if not permissions.can(user, Permission.FORECAST_RECORD, organisation=fund.owner):
            continue
        schemes: int = fund.schemes_count  # type: ignore[attr-defined]  # annotated
        uploads = [Upload(**row) for row in fund.uploads]  # type: ignore[attr-defined]  # annotated
        if uploads:
            found.append(Waiting(fund, CONFIRM, staged=uploads[0]))
        elif not schemes:
            found.append(Waiting(fund, IMPORT))
        quarters = [Quarter(**row) for row in fund.quarters]  # type: ignore[attr-defined]  # annotated
        found += _figures(fund, schemes, quarters)
    return found


def _theirs(user: User, on: date) -> Iterable[Fund]:
    """The funds that the person's partners keep or pay into, each with what stands in it, read along with it."""
    theirs = Organisation.objects.acted_for_by(user)
    paid = FundingLine.objects.visible_to(user).filter(fund=OuterRef("pk"), payer__in=theirs)
    schemes = Scheme.objects.filter(fund=OuterRef("pk"))
    uploads = imports.plans(user).filter(
        target_id=Cast(OuterRef("pk"), TextField()), status__in=[StagedImport.STAGED, StagedImport.REFUSED]
    )
    return (
        funds.funds(user)
        .filter(Q(owner__in=theirs) | Exists(paid))
        .annotate(
            schemes_count=_number(schemes, of="fund"),
            uploads=ArraySubquery(uploads.values(row=JSONObject(pk="pk", filename="filename"))),
            quarters=ArraySubquery(_quarters(on)),
            due=ArraySubquery(contributions.due_rows(user, on=on)),
        )
    )


def _quarters(on: date) -> QuerySet[Any]:
    """Of the fund around it: the quarters that have ended and are not locked, in order."""
    locks = PeriodLock.objects.filter(fund=OuterRef(OuterRef("pk")), period=OuterRef("pk"), lifted_at__isnull=True)
    recorded = Forecast.objects.of_keeper().filter(scheme__fund=OuterRef(OuterRef("pk")), period=OuterRef("pk"))
    drafts = recorded.filter(released_at__isnull=True)
    return (
        Period.objects.filter(
            ~Exists(locks), kind=Period.QUARTER, financial_year=OuterRef("financial_year"), ends_on__lt=on
        )
        .order_by("number")
        .values(
            row=JSONObject(
                number="number",
                figures=_number(recorded, of="period", count="scheme"),
                drafts=_number(drafts, of="period"),
            )
        )
    )


def _number(rows: QuerySet[Any], *, of: str, count: str = "pk") -> Coalesce:
    """How many rows a subquery has, all of them alike in the field `of`; or how many different values of `count`."""
    counted = Count(count, distinct=count != "pk")
    return Coalesce(Subquery(rows.order_by().values(of).annotate(number=counted).values("number")), 0)


def _figures(fund: Fund, schemes: int, quarters: Sequence[Quarter]) -> list[Waiting]:
    """The first quarter without all its figures, and every quarter with drafts."""
    found = []
    lacking = next((quarter for quarter in quarters if quarter.figures < schemes), None)
    if lacking is not None:
        found.append(Waiting(fund, ENTER, period=lacking, number=schemes - lacking.figures))
    return found + [
        Waiting(fund, RELEASE, period=quarter, number=quarter.drafts) for quarter in quarters if quarter.drafts
    ]
