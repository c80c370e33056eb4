"""Returns as the reader may see them: the list, one return with its standing, and what waits for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Model, OuterRef, Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bcf_metrics.domain import signatories
from bcf_metrics.domain import status as statuses
from bcf_metrics.domain.signatories import Party, Signatory, Slot
from bcf_metrics.domain.status import FROZEN, SIGNED_OFF, Event, ReturnStatus, is_signed_for
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
from partners.models import Organisation, User, known
from partners.permissions import Permission
from partners.selectors import memberships
from pooled_budgets.models import Agreement, Forecast, FormerParty, Fund
from pooled_budgets.selectors import funds


@dataclass(frozen=True)
class Needed:
    """A signature that a version needs: of which partner, and in which capacity, where the policy year names one."""

    organisation: Organisation
    slot: Slot

    @property
    def signatory(self) -> Signatory:
        return self.slot.signatory

    @property
    def words(self) -> str:
        """The partner, with the capacity: "Southwark Council (chief executive)"."""
        name = self.signatory.name
        return f"{self.organisation.name} ({name[0].lower()}{name[1:]})" if name else self.organisation.name


@dataclass(frozen=True)
class Standing:
    """A return with its parties, events, versions and signatures: all that decides what can be done with it.

    The contents of the versions are left out; `content_of` reads one.
    """

    quarterly_return: QuarterlyReturn
    parties: list[Organisation]
    events: list[ReturnEvent]
    versions: list[ReturnVersion]
    # Who was party until it ended, and who followed it.
    former: list[FormerParty] = field(default_factory=list)

    @property
    def predecessors(self) -> dict[str, frozenset[str]]:
        """For each signature, by its key, those of the partners that were followed."""
        return earlier_keys(self.former, self.versions)

    @property
    def keys(self) -> list[str]:
        """The keys of the signatures that the newest version needs."""
        return [needed.slot.key for needed in self.needed(self.newest)]

    @property
    def readers(self) -> list[Organisation]:
        """The partners whose people may have a copy of it: the parties, and those that were party until they ended."""
        return [*self.parties, *{link.organisation_id: link.organisation for link in self.former}.values()]

    def needed(self, version: ReturnVersion | None) -> list[Needed]:
        """Every signature that a version needs of those who are party now."""
        rules = signatories.parse(version.signatories) if version else ()
        return needed(rules, self.parties, self.quarterly_return.fund)

    def signatories(self, version: ReturnVersion) -> list[Needed]:
        """The signatures that a version has or waits for; a predecessor's stands in a successor's place."""
        signed = frozenset(key_of(signature) for signature in version.signatures.all())
        newest = self.newest is not None and version.pk == self.newest.pk
        over = newest and ReturnStatus(self.quarterly_return.status) in SIGNED_OFF
        return [
            row
            for row in self.needed(version)
            if row.slot.key in signed or not (over or is_signed_for(row.slot.key, signed, self.predecessors))
        ]

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
    def amended(self) -> ReturnVersion | None:
        """The version whose signatures stand until the next is sent, while an amendment is under way."""
        found = statuses.standing(map(event_of, self.events), parties=self.keys, predecessors=self.predecessors)
        return self.version(found.amends) if found.amends else None

    @property
    def awaited(self) -> list[Needed]:
        """The signatures that the current version waits for."""
        if self.current is None:
            return []
        signed = {key_of(signature) for signature in self.current.signatures.all()}
        return [row for row in self.signatories(self.current) if row.slot.key not in signed]

    @property
    def unsigned(self) -> list[Organisation]:
        """The parties with a signature that the current version waits for."""
        return list(dict.fromkeys(row.organisation for row in self.awaited))

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
        .select_related("layout_version", "policy_version")
        .defer("template__layout")
        .order_by("-period__ends_on", "fund__name", "pk")
    )


def listed(user: User) -> QuerySet[QuarterlyReturn]:
    """The same for a list: parties, versions and signatures, without events and the heavy layouts and contents."""
    return (
        visible_to(user)
        .defer("policy_year__details", "layout_version__content", "policy_version__content")
        .prefetch_related(
            Prefetch("fund__agreement__parties", Organisation.objects.order_by("name", "pk")),
            Prefetch("fund__agreement__former_links", former_links()),
            Prefetch("versions", _versions()),
        )
    )


def rows(found: Sequence[QuarterlyReturn]) -> list[Standing]:
    """Each listed return with its standing but for the events. No further query."""
    return [
        Standing(
            row,
            list(row.fund.agreement.parties.all()),
            [],
            list(row.versions.all()),
            list(row.fund.agreement.former_links.all()),
        )
        for row in found
    ]


def get(user: User, pk: object) -> Standing:
    """One return with its standing; Http404 for any other. Six queries at most."""
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
    """The funds for which a person may open a return, each with the quarters that have none. Three queries."""
    year = PolicyYear.objects.filter(financial_year=OuterRef("financial_year"), loaded=True, template__isnull=False)
    taken = QuarterlyReturn.objects.filter(fund=OuterRef("pk")).order_by().values("period")
    found = (
        funds.funds(user)
        .filter(agreement__in=known(user, Agreement.objects.of_parties))
        .annotate(is_loaded=Exists(year), taken=ArraySubquery(taken))
        .prefetch_related(Prefetch("agreement__parties", Organisation.objects.order_by("name", "pk")))
    )
    own = [
        fund
        for fund in found
        if any(
            permissions.can(user, Permission.RETURN_PREPARE, organisation=party)
            for party in fund.agreement.parties.all()
        )
    ]
    years = {fund.financial_year for fund in own}
    quarters = Period.objects.filter(kind=Period.QUARTER, financial_year__in=years).order_by("number")
    by_year: dict[int, list[Period]] = {}
    for quarter in quarters if years else []:
        by_year.setdefault(quarter.financial_year, []).append(quarter)
    return [_openable(fund, by_year.get(fund.financial_year, [])) for fund in own]


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
    partner = str(event.organisation_id or "")
    return Event(event.kind, signatories.key(partner, event.capacity_code) if partner else "", event.version)


def key_of(signature: Signature) -> str:
    """What a signature is known by among those that a version needs."""
    return signatories.key(str(signature.organisation_id), signature.capacity_code)


def needed(rules: Sequence[Signatory], parties: Sequence[Organisation], fund: Fund) -> list[Needed]:
    """The signatures that rules ask of some parties. The area's council is the fund's owner, else the first council.

    The chair of the Health and Wellbeing Board signs for it: the Board is its committee.
    """
    councils = [party.pk for party in parties if party.is_council]
    areas = fund.owner_id if fund.owner_id in councils else next(iter(councils), None)
    by_id = {str(party.pk): party for party in parties}
    told = [Party(key, party.is_council, party.is_commissioner, party.pk == areas) for key, party in by_id.items()]
    return [Needed(by_id[slot.party], slot) for slot in signatories.slots(rules, told)]


def signatories_of(quarterly_return: QuarterlyReturn) -> list[dict[str, Any]]:
    """In which capacities the return is signed, by the policy that it was opened with or moved to; none: any."""
    version = quarterly_return.policy_version
    rows: list[dict[str, Any]] = version.content.get("signatories", []) if version else []
    return rows


def may_sign(user: User, row: Needed) -> bool:
    """Whether the register of roles names the person, or whose deputy they are, in the capacity that signs."""
    if not row.signatory.code:
        return True
    deputy = permissions.deputy_for(user, Permission.RETURN_SIGN, organisation=row.organisation)
    held = memberships.signing_capacities(user, row.organisation)
    return bool(set(row.signatory.held_by) & held) and (row.signatory.delegable or deputy is None)


def earlier_keys(former: Iterable[FormerParty], versions: Iterable[ReturnVersion]) -> dict[str, frozenset[str]]:
    """For each signature, by its key, those of the partners that were followed, in the capacities of some versions."""
    codes = {row["code"] for version in versions for row in version.signatories}
    return signatories.earlier_keys(predecessors(former), codes)


def none() -> QuerySet[QuarterlyReturn]:
    """No rows: tells the API's description which model it is about."""
    return QuarterlyReturn.objects.none()


def _standing(row: QuarterlyReturn) -> Standing:
    parties = list(row.fund.agreement.parties.order_by("name", "pk"))
    events = list(_events().filter(quarterly_return=row))
    sent = any(event.version for event in events)
    versions = list(_versions().filter(quarterly_return=row)) if sent else []
    former = list(former_links().filter(agreement=row.fund.agreement_id)) if sent or not parties else []
    return Standing(row, parties, events, versions, former)


def predecessors(former: Iterable[FormerParty]) -> dict[str, frozenset[str]]:
    """The ids of those whom each partner followed as a party, by its id."""
    found: dict[str, frozenset[str]] = {}
    for link in former:
        follower = str(link.followed_by_id)
        found[follower] = found.get(follower, frozenset()) | {str(link.organisation_id)}
    return found


def former_links() -> QuerySet[FormerParty]:
    """Who was party until it ended, with who followed it."""
    return FormerParty.objects.select_related("organisation").order_by("organisation_name", "pk")


def _events() -> QuerySet[ReturnEvent]:
    return ReturnEvent.objects.select_related("organisation").order_by("number")


def versions() -> QuerySet[ReturnVersion]:
    """Versions with their signatures, oldest first, without the contents: of returns that somebody may know of."""
    return _versions()


def _versions() -> QuerySet[ReturnVersion]:
    return (
        ReturnVersion.objects.defer("content")
        .prefetch_related(Prefetch("signatures", _signatures()))
        .order_by("number")
    )


def _signatures() -> QuerySet[Signature]:
    given_to = F("carried_from__version__number")
    return Signature.objects.annotate(given_to=given_to).order_by("signed_at", "pk")


def _openable(fund: Fund, quarters: Sequence[Period]) -> Openable:
    """`fund` is annotated with is_loaded and taken."""
    if not fund.is_loaded:  # type: ignore[attr-defined]  # annotated
        return Openable(fund, [], f"National policy or the layout of the return of {fund.year.label} is not loaded.")
    free = [quarter for quarter in quarters if quarter.pk not in fund.taken]  # type: ignore[attr-defined]  # annotated
    return Openable(fund, free, "" if free else "Every quarter has its return.")
