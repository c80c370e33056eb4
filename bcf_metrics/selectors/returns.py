"""Returns as the reader may see them: the list, one return with its standing, and what waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bcf_metrics.domain.status import FROZEN, Event, ReturnStatus, standing
from bcf_metrics.domain.status import Standing as Status
from bcf_metrics.models import (
    MetricFigure,
    MetricPlan,
    PolicyYear,
    QuarterlyReturn,
    ReturnAnswer,
    ReturnEvent,
    ReturnVersion,
    Signature,
)
from integration_hub.core.models import Period
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.models import Agreement, Forecast, Fund
from pooled_budgets.selectors import funds


@dataclass(frozen=True)
class Standing:
    """A return with its parties, events, versions and signatures: all that decides what can be done with it.

    The contents of the versions are left out; `content_of` reads one.
    """

    quarterly_return: QuarterlyReturn
    parties: list[Organisation]
    events: list[ReturnEvent]
    versions: list[ReturnVersion]

    @cached_property
    def status(self) -> Status:
        return standing([event_of(event) for event in self.events], parties=[str(party.pk) for party in self.parties])

    @property
    def is_frozen(self) -> bool:
        return ReturnStatus(self.quarterly_return.status) in FROZEN

    @property
    def newest(self) -> ReturnVersion | None:
        return self.versions[-1] if self.versions else None

    @property
    def current(self) -> ReturnVersion | None:
        """The version that is with the signatories, or signed."""
        return self.newest if self.is_frozen else None

    @property
    def unsigned(self) -> list[Organisation]:
        """The parties whose signature the current version waits for."""
        if self.current is None:
            return []
        return [party for party in self.parties if str(party.pk) not in self.status.signed_by]

    def is_preparer(self, person: User) -> bool:
        """Whether the person entered something in the newest version."""
        return self.newest is not None and str(person.pk) in {row["id"] for row in self.newest.preparers}

    def version(self, number: int) -> ReturnVersion:
        """One of the versions; Http404 for any other number."""
        for version in self.versions:
            if version.number == number:
                return version
        raise Http404("There is no such version.")


@dataclass(frozen=True)
class Openable:
    """A fund with the quarters for which a person can open a return, or why they cannot."""

    fund: Fund
    quarters: list[Period]
    obstacle: str


def visible_to(user: User) -> QuerySet[QuarterlyReturn]:
    """The returns that a person may read, newest quarter first, with fund, area, quarter, policy year and layout."""
    return (
        QuarterlyReturn.objects.visible_to(user)
        .select_related("fund__agreement__area", "fund__owner", "period", "policy_year", "template")
        .order_by("-period__ends_on", "fund__name", "pk")
    )


def listed(user: User) -> QuerySet[QuarterlyReturn]:
    """The same for a list: parties, versions and signatures without the heavy layouts and contents."""
    return (
        visible_to(user)
        .defer("template__layout", "policy_year__details")
        .prefetch_related(
            Prefetch("fund__agreement__parties", Organisation.objects.order_by("name", "pk")),
            Prefetch("events", _events()),
            Prefetch("versions", _versions()),
        )
    )


def rows(found: Sequence[QuarterlyReturn]) -> list[Standing]:
    """Each listed return with its standing. No further query."""
    return [
        Standing(row, list(row.fund.agreement.parties.all()), list(row.events.all()), list(row.versions.all()))
        for row in found
    ]


def get(user: User, pk: object) -> Standing:
    """One return with its standing; Http404 for any other. Five queries at most."""
    return _standing(get_object_or_404(visible_to(user), pk=pk))


def locked(user: User, pk: object) -> Standing:
    """The same, its row held until the transaction ends. The fund is held before it, where both are."""
    rows = visible_to(user).select_for_update(of=("self",), no_key=True)
    return _standing(get_object_or_404(rows, pk=pk))


def of_fund(fund: Fund, period: Period) -> Standing | None:
    """The return of a fund and quarter whoever may read it, its row held: for services that hold the fund."""
    row = (
        QuarterlyReturn.objects.select_for_update(of=("self",), no_key=True)
        .select_related("fund__agreement", "period")
        .filter(fund=fund, period=period)
        .first()
    )
    return _standing(row) if row else None


def with_signatories(fund: Fund) -> Standing | None:
    """A return of the fund that is with its signatories now, of any quarter."""
    row = (
        QuarterlyReturn.objects.select_related("fund__agreement", "period")
        .filter(fund=fund, status=ReturnStatus.WITH_SIGNATORIES)
        .order_by("period__starts_on")
        .first()
    )
    return _standing(row) if row else None


def content_of(version: ReturnVersion) -> ReturnVersion:
    """The version with its content and signatures."""
    return ReturnVersion.objects.prefetch_related(Prefetch("signatures", _signatures())).get(pk=version.pk)


def openable(user: User) -> list[Openable]:
    """The funds for which a person may open a return, each with the quarters that have none. Four queries."""
    found = list(
        funds.funds(user)
        .filter(agreement__in=Agreement.objects.of_parties(user))
        .prefetch_related(Prefetch("agreement__parties", Organisation.objects.order_by("name", "pk")))
    )
    found = [
        fund
        for fund in found
        if any(
            permissions.can(user, Permission.RETURN_PREPARE, organisation=party)
            for party in fund.agreement.parties.all()
        )
    ]
    years = {fund.financial_year for fund in found}
    loaded = set(
        PolicyYear.objects.filter(financial_year__in=years, loaded=True, template__isnull=False).values_list(
            "financial_year", flat=True
        )
    )
    quarters = list(
        Period.objects.filter(kind=Period.QUARTER, financial_year__in=years).order_by("financial_year", "number")
    )
    taken = set(QuarterlyReturn.objects.filter(fund__in=[fund.pk for fund in found]).values_list("fund", "period"))
    return [_openable(fund, quarters, loaded=loaded, taken=taken) for fund in found]


def preparers(quarterly_return: QuarterlyReturn, *, sender: User) -> list[dict[str, str]]:
    """Everybody who ever entered something in the return: answers, its metric figures, its projected outturns.

    From the rows' history, so that a value that somebody else wrote over still counts. Two queries.
    """
    fund, period = quarterly_return.fund_id, quarterly_return.period_id
    plans = MetricPlan.objects.filter(fund=fund)
    answers = history_of(ReturnAnswer).filter(quarterly_return=quarterly_return.pk)
    figures = history_of(MetricFigure).filter(plan__in=plans, period=period)
    outturns = history_of(Forecast).filter(scheme__fund=fund, period=period)
    keys = (
        answers.order_by()
        .values("entered_by")
        .union(figures.order_by().values("entered_by"), outturns.order_by().values("entered_by"))
    )
    found = {str(row["entered_by"]) for row in keys} | {str(sender.pk)}
    people = User.objects.filter(pk__in=found).order_by("name", "pk")
    return [{"id": str(person.pk), "name": str(person)} for person in people]


def history_of(model: type[Model]) -> QuerySet[Any]:
    """Every version that the rows of a model ever had."""
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")._default_manager.all()


def event_of(event: ReturnEvent) -> Event:
    """A stored event as the domain reads it."""
    return Event(event.kind, str(event.organisation_id or ""), event.version)


def none() -> QuerySet[QuarterlyReturn]:
    """No rows: tells the API's description which model it is about."""
    return QuarterlyReturn.objects.none()


def _standing(row: QuarterlyReturn) -> Standing:
    parties = list(row.fund.agreement.parties.order_by("name", "pk"))
    events = list(_events().filter(quarterly_return=row))
    sent = any(event.version for event in events)
    versions = list(_versions().filter(quarterly_return=row)) if sent else []
    return Standing(row, parties, events, versions)


def _events() -> QuerySet[ReturnEvent]:
    return ReturnEvent.objects.select_related("organisation").order_by("number")


def _versions() -> QuerySet[ReturnVersion]:
    return (
        ReturnVersion.objects.defer("content")
        .prefetch_related(Prefetch("signatures", _signatures()))
        .order_by("number")
    )


def _signatures() -> QuerySet[Signature]:
    return Signature.objects.order_by("signed_at", "pk")


def _openable(fund: Fund, quarters: Sequence[Period], *, loaded: set[int], taken: set[tuple[UUID, UUID]]) -> Openable:
    if fund.financial_year not in loaded:
        return Openable(fund, [], f"The national policy of {fund.year.label} is not loaded.")
    free = [
        quarter
        for quarter in quarters
        if quarter.financial_year == fund.financial_year and (fund.pk, quarter.pk) not in taken
    ]
    return Openable(fund, free, "" if free else "Every quarter has its return.")
