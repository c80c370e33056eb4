"""What waits for a finance officer: plans to import, outturns to enter, drafts to release, late instalments, virements
to decide on or to go on with, years to settle; and for an approver a settlement that another person prepared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce, JSONObject

from integration_hub.core.models import Period, StagedImport
from integration_hub.core.prepared import any_of
from partners import permissions
from partners.models import Organisation, User, prepared_for
from partners.models.inheritance import in_the_place_of
from partners.permissions import Permission
from pooled_budgets.models import (
    AgreementParty,
    Forecast,
    Fund,
    FundingLine,
    PeriodLock,
    RiskShareRules,
    Scheme,
    Settlement,
)
from pooled_budgets.models.virement import PREPARED, VirementQuerySet
from pooled_budgets.selectors import contributions, funds, imports, recurrent, virements
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
class Prepared:
    """The last settlement of a fund: its number, the pounds that it moves, and who prepared it."""

    number: int
    moved: Decimal
    by: str
    by_name: str
    approved: bool


@dataclass(frozen=True)
class Moving:
    """A virement in a few words; `year` is the one that its fund's year starts in."""

    pk: str
    number: int
    amount: Decimal
    prepared_by: str
    year: int


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: its fund, what is to be done, and the quarter, upload, contribution or settlement it is
    about; `partner` is who has to act, where that is not whoever keeps the fund."""

    fund: Fund
    kind: str
    period: Quarter | None = None
    staged: Upload | None = None
    late: Late | None = None
    virement: Moving | None = None
    number: int = 0
    settlement: Prepared | None = None
    partner: str = ""


IMPORT, CONFIRM, ENTER, RELEASE, LATE = "import", "confirm", "enter", "release", "late"
SETTLE, APPROVE = "settle", "approve"
DECIDE, ANSWER = "decide", "answer"


def waiting_for(user: User, on: date) -> list[Waiting]:
    """What the person can do next for the funds of their partners, for those that these pay into, and for those of
    their agreements on which something waits that they may decide. One query whatever the number of funds."""
    found = []
    approves, decides = (
        [UUID(pk) for pk in permissions.organisations_where(user, permission)]
        for permission in (Permission.RISK_SHARE_APPROVE, Permission.VIREMENT_APPROVE)
    )
    for fund in _theirs(user, on=on, approves=approves, decides=decides):
        late = contributions.late_of(user, fund.due, on=on)
        found += [Waiting(fund, LATE, late=row) for row in late]
        found += _year_end(user, fund, on)
        found += _virements(user, fund)
        if not permissions.can(user, Permission.FORECAST_RECORD, organisation=fund.owner):
            continue
        schemes: int = fund.schemes_count
        uploads = [Upload(**row) for row in fund.uploads]
        if uploads:
            found.append(Waiting(fund, CONFIRM, staged=uploads[0]))
        elif not schemes:
            found.append(Waiting(fund, IMPORT))
        quarters = [Quarter(**row) for row in fund.quarters]
        found += _figures(fund, schemes, quarters)
    return found


# My tasks is the page that everybody opens first.
@prepared_for
def _theirs(user: User, *, on: date, approves: list[UUID], decides: list[UUID]) -> QuerySet[Fund]:
    """The funds that the person's partners keep or pay into, and those of their agreements with a virement or a
    settlement that the person may decide on for the partners given, each with what stands in it."""
    theirs = Organisation.objects.acted_for_by(user)
    paid = FundingLine.objects.visible_to(user).filter(fund=OuterRef("pk"), payer__in=theirs)
    schemes = Scheme.objects.filter(fund=OuterRef("pk"))
    settled = Settlement.objects.visible_to(user).filter(fund=OuterRef("pk")).order_by("-number")
    rules = RiskShareRules.objects.visible_to(user).filter(
        agreement=OuterRef("agreement"), effective_from__isnull=False
    )
    of_agreement = AgreementParty.objects.filter(agreement=OuterRef("agreement")).order_by("organisation__name")
    approvers = of_agreement.filter(organisation__in=any_of(approves))
    deciders = of_agreement.filter(organisation__in=any_of(decides))
    unapproved = settled.filter(approval__isnull=True)
    uploads = imports.plans(user).filter(
        target_id=Cast(OuterRef("pk"), TextField()), status__in=[StagedImport.STAGED, StagedImport.REFUSED]
    )
    # Approvers are told by virement_tasks.
    undecided = virements.virements(user).filter(fund=OuterRef("pk"), status=PREPARED).exclude(prepared_by=user)
    return (
        funds.funds(user)
        .filter(
            Q(owner__in=theirs)
            | Exists(paid)
            | Q(Exists(deciders), Exists(undecided))
            | Q(Exists(approvers), Exists(unapproved))
        )
        .annotate(
            schemes_count=_number(schemes, of="fund"),
            uploads=ArraySubquery(uploads.values(row=JSONObject(pk="pk", filename="filename"))),
            quarters=ArraySubquery(_quarters(on)),
            due=ArraySubquery(contributions.due_rows(user, on=on)),
            settlement=Subquery(
                settled.values(
                    row=JSONObject(
                        number="number",
                        moved="content__moved",
                        by=Cast("prepared_by", TextField()),
                        by_name="prepared_by_name",
                        approved="approval__pk",
                    )
                )[:1]
            ),
            rules_from=Subquery(rules.order_by("effective_from").values("effective_from")[:1]),
            approvers=ArraySubquery(approvers.values("organisation__name")),
            deciders=ArraySubquery(deciders.values("organisation__name")),
            to_decide=ArraySubquery(_moving(undecided)),
            to_answer=ArraySubquery(_moving(recurrent.to_answer(user))),
        )
    )


def _year_end(user: User, fund: Fund, on: date) -> list[Waiting]:
    """The fund's year to be settled, once it has ended and rules held; or its settlement to be approved."""
    row: dict[str, Any] | None = fund.settlement  # type: ignore[attr-defined]  # annotated
    if row is None:
        rules_from: date | None = fund.rules_from  # type: ignore[attr-defined]  # annotated
        is_due = rules_from is not None and rules_from <= fund.year.ends_on < on
        may = is_due and permissions.can(user, Permission.RISK_SHARE_PREPARE, organisation=fund.owner)
        return [Waiting(fund, SETTLE)] if may else []
    last = Prepared(row["number"], Decimal(row["moved"]), row["by"], row["by_name"], approved=bool(row["approved"]))
    approvers: list[str] = list(fund.approvers or [])  # type: ignore[attr-defined]  # annotated
    if permissions.can(user, Permission.RISK_SHARE_APPROVE, organisation=fund.owner):
        approvers.insert(0, str(fund.owner))
    if last.approved or last.by == str(user.pk) or not approvers:
        return []
    return [Waiting(fund, APPROVE, settlement=last, partner=approvers[0])]


def _moving(rows: VirementQuerySet) -> QuerySet[Any]:
    # As text: a number of JSON would come back as a float.
    amount = Cast("amount", TextField())
    row = JSONObject(
        pk="pk", number="number", amount=amount, prepared_by="prepared_by__name", year="fund__financial_year"
    )
    return rows.values(row=row)


def _virements(user: User, fund: Fund) -> list[Waiting]:
    """What a finance officer may decide on, where something allows it, and what the keeper's have to answer."""
    if not permissions.organisations_where(user, Permission.VIREMENT_PREPARE):
        return []
    rows: Any = fund
    deciders: list[str] = list(rows.deciders or [])
    if permissions.can(user, Permission.VIREMENT_APPROVE, organisation=fund.owner):
        deciders.insert(0, str(fund.owner))
    found = [(DECIDE, row, deciders[0]) for row in rows.to_decide] if deciders else []
    if permissions.can(user, Permission.VIREMENT_PREPARE, organisation=fund.owner):
        found += [(ANSWER, row, str(fund.owner)) for row in rows.to_answer]
    return [
        Waiting(fund, kind, virement=Moving(**row | {"amount": Decimal(row["amount"])}), partner=partner)
        for kind, row, partner in found
    ]


def _quarters(on: date) -> QuerySet[Any]:
    """Of the fund around it: the quarters that have ended and are not locked, in order."""
    locks = PeriodLock.objects.filter(fund=OuterRef(OuterRef("pk")), period=OuterRef("pk"), lifted_at__isnull=True)
    # The fund around it says who keeps it: joined from each forecast, every agreement of the country would be read.
    kept = in_the_place_of("owner", holder=OuterRef(OuterRef("owner")), area=OuterRef(OuterRef("agreement__area")))
    recorded = Forecast.objects.filter(kept, scheme__fund=OuterRef(OuterRef("pk")), period=OuterRef("pk"))
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
