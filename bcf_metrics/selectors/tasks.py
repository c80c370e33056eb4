"""What waits for a person on My tasks: figures to enter and release, sections and returns to complete, signatures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import JSONObject
from django.urls import reverse

from bcf_metrics.domain import signatories
from bcf_metrics.domain.sections import default_due
from bcf_metrics.domain.status import FROZEN, EventKind, is_signed_for
from bcf_metrics.models import (
    MetricFigure,
    MetricPlan,
    QuarterlyReturn,
    ReturnEvent,
    ReturnSection,
    ReturnVersion,
    Signature,
)
from bcf_metrics.models.quarterly_return import OVER
from bcf_metrics.selectors import returns
from bcf_metrics.selectors.returns import Needed
from integration_hub.core.prepared import any_of
from integration_hub.core.registry import Task
from integration_hub.core.states import FigureState
from partners import permissions
from partners.models import Organisation, User, prepared_for
from partners.permissions import Permission
from pooled_budgets.models import AgreementParty, FormerParty


@dataclass(frozen=True)
class Open:
    """A return that is not signed off, its parties, and the version that is with the signatories (None before)."""

    quarterly_return: QuarterlyReturn
    parties: list[Organisation]
    version: "Sent | None"


@dataclass(frozen=True)
class Sent:
    """A version that waits for signatures: who entered something in it, who signed it, and what it still needs."""

    number: int
    preparers: frozenset[str]
    signatories: frozenset[str]
    awaited: list[Needed]


@dataclass(frozen=True)
class Entry:
    """The owner's figure of a plan at a period, as far as its next step depends on it."""

    period: str
    state: str
    available_on: str | None
    released_at: str | None


def tasks(user: User, on: date) -> list[Task]:
    """The person's tasks with figures and returns. Two queries, whatever their number."""
    found = [row for row in _open(user) if row.parties]
    working = [row for row in found if row.quarterly_return.status not in FROZEN]
    return [
        *_figures(user, working, on),
        *(task for row in working for task in _sections(user, row)),
        *(task for row in working for task in _complete(user, row)),
        *(task for row in found if row.version for task in _sign(user, row, row.version)),
    ]


def _open(user: User) -> list[Open]:
    """The returns that are not signed off, with parties and the last version's signatures read along with them."""
    return [_row(row) for row in _unsigned(user)]


@prepared_for
def _unsigned(user: User) -> QuerySet[QuarterlyReturn]:
    parties = (
        AgreementParty.objects.filter(agreement=OuterRef("fund__agreement"))
        .order_by("organisation__name", "organisation")
        .values(row=JSONObject(pk="organisation", name="organisation__name", kind="organisation__kind"))
    )
    former = FormerParty.objects.filter(agreement=OuterRef("fund__agreement")).order_by()
    signatures = Signature.objects.filter(version=OuterRef("pk")).order_by()
    newest = (
        ReturnVersion.objects.filter(quarterly_return=OuterRef("pk"))
        .order_by("-number")
        .values(
            row=JSONObject(
                number="number",
                preparers="preparers",
                people=ArraySubquery(signatures.values("person")),
                needs="signatories",
                signed=ArraySubquery(signatures.values(row=JSONObject(partner="organisation", code="capacity_code"))),
            )
        )
    )
    last = ReturnEvent.objects.filter(quarterly_return=OuterRef("quarterly_return"), tab=OuterRef("tab"))
    sections = (
        ReturnSection.objects.filter(quarterly_return=OuterRef("pk"))
        .order_by("due_on", "title", "pk")
        .annotate(last=Subquery(last.order_by("-number").values("kind")[:1]))
        .values(row=JSONObject(tab="tab", title="title", owner="owner", person="person", due_on="due_on", last="last"))
    )
    return (
        returns.visible_to(user)
        .exclude(status__in=OVER)
        .defer("policy_year__details", "layout_version__content", "policy_version__content")
        .annotate(
            party_rows=ArraySubquery(parties),
            former_rows=ArraySubquery(former.values(row=JSONObject(left="organisation", followed="followed_by"))),
            newest=Subquery(newest[:1]),
            section_rows=ArraySubquery(sections),
        )
    )


def _row(row: QuarterlyReturn) -> Open:
    """`row` is annotated with party_rows and newest."""
    parties = [
        Organisation(pk=UUID(party["pk"]), name=party["name"], kind=party["kind"])
        for party in row.party_rows  # type: ignore[attr-defined]  # annotated
    ]
    newest = row.newest if row.status in FROZEN else None  # type: ignore[attr-defined]  # annotated
    if newest is None:
        return Open(row, parties, None)
    before: dict[str, frozenset[str]] = {}
    for link in row.former_rows:  # type: ignore[attr-defined]  # annotated
        before[link["followed"]] = before.get(link["followed"], frozenset()) | {link["left"]}
    rules = signatories.parse(newest["needs"])
    before = signatories.earlier_keys(before, [rule.code for rule in rules])
    given = frozenset(signatories.key(signed["partner"], signed["code"]) for signed in newest["signed"])
    version = Sent(
        number=newest["number"],
        preparers=frozenset(person["id"] for person in newest["preparers"]),
        signatories=frozenset(newest["people"]),
        awaited=[
            needed
            for needed in returns.needed(rules, parties, row.fund)
            if not is_signed_for(needed.slot.key, given, before)
        ],
    )
    return Open(row, parties, version)


def _figures(user: User, working: Sequence[Open], on: date) -> Iterable[Task]:
    """For each return and owner the figures that nobody has entered or that are due, and the drafts to release."""
    rows = [row.quarterly_return for row in working]
    if not rows:
        return
    plans: list[MetricPlan] = _plans(user, funds=[row.fund_id for row in rows], periods=[row.period_id for row in rows])
    own = [plan for plan in plans if permissions.can(user, Permission.FIGURE_RECORD, organisation=plan.owner)]
    for row in rows:
        owners: dict[Organisation, list[MetricPlan]] = {}
        for plan in own:
            if plan.fund_id == row.fund_id:
                owners.setdefault(plan.owner, []).append(plan)
        for owner, owned in owners.items():
            found = [_entry(plan, row) for plan in owned]
            missing = sum(entry is None or _is_owed(entry, on) for entry in found)
            drafts = sum(entry is not None and entry.released_at is None for entry in found)
            if missing:
                yield _task(
                    row, f"Enter the metric figures of {row.period.label}", "figures", owner, f"{missing} to enter"
                )
            elif drafts:
                yield _task(
                    row, f"Release the metric figures of {row.period.label}", "figures", owner, f"{drafts} not released"
                )


@prepared_for
def _plans(user: User, *, funds: list[UUID], periods: list[UUID]) -> QuerySet[MetricPlan]:
    """The plans of the person's partners in some funds, with the figures of some periods as `entries`."""
    entries = (
        MetricFigure.objects.visible_to(user)
        .filter(plan=OuterRef("pk"), period__in=any_of(periods))
        # A predecessor's figure stands where the plan's owner has none of its own.
        .annotate(place=Case(When(owner=OuterRef("owner"), then=0), default=1))
        .order_by("place")
        .values(row=JSONObject(period="period", state="state", available_on="available_on", released_at="released_at"))
    )
    return (
        MetricPlan.objects.visible_to(user)
        .filter(fund__in=any_of(funds), owner__in=Organisation.objects.acted_for_by(user))
        .select_related("owner")
        .annotate(entries=ArraySubquery(entries))
    )


def _sections(user: User, found: Open) -> Iterable[Task]:
    """The sections that are the person's, or their partner's, and that nobody said to be ready since."""
    row, parties = found.quarterly_return, {party.pk: party for party in found.parties}
    for section in row.section_rows:  # type: ignore[attr-defined]  # annotated
        owner = parties.get(UUID(section["owner"]))
        if owner is None or section["last"] == EventKind.SECTION_READY:
            continue
        if section["person"] in (None, str(user.pk)) and permissions.can(
            user, Permission.RETURN_PREPARE, organisation=owner
        ):
            due_on = date.fromisoformat(section["due_on"]) if section["due_on"] else default_due(row.due_on)
            yield Task(
                title=f"Your section is due: {section['title']}, return of {row.period.label}",
                url=reverse("bcf_metrics:section", args=[row.pk, section["tab"]]),
                partner=owner.name,
                detail=f"{row.fund.name}: {section['title'].lower()}",
                due_on=due_on,
            )


def _complete(user: User, found: Open) -> Iterable[Task]:
    row = found.quarterly_return
    for party in found.parties:
        if permissions.can(user, Permission.RETURN_PREPARE, organisation=party):
            yield _task(row, f"Complete the return of {row.period.label}", "return_detail", party, row.status_words)


def _sign(user: User, found: Open, version: Sent) -> Iterable[Task]:
    """A signature waits for whoever may give it: never for somebody who prepared the return or signed it already."""
    row = found.quarterly_return
    if str(user.pk) in version.preparers | version.signatories:
        return
    for needed in version.awaited:
        party = needed.organisation
        if permissions.can(user, Permission.RETURN_SIGN, organisation=party) and returns.may_sign(user, needed):
            yield _task(row, f"Sign the return of {row.period.label}", "sign", party, f"version {version.number}")


def _task(row: QuarterlyReturn, title: str, name: str, partner: Organisation, detail: str) -> Task:
    return Task(
        title=title,
        url=reverse(f"bcf_metrics:{name}", args=[row.pk]),
        partner=partner.name,
        detail=f"{row.fund.name}: {detail[0].lower()}{detail[1:]}",
        due_on=row.due_on,
    )


def _entry(plan: MetricPlan, row: QuarterlyReturn) -> Entry | None:
    """`plan` is annotated with entries."""
    for entry in plan.entries:  # type: ignore[attr-defined]  # annotated
        if entry["period"] == str(row.period_id):
            return Entry(**entry)
    return None


def _is_owed(entry: Entry, on: date) -> bool:
    overdue = entry.available_on is not None and date.fromisoformat(entry.available_on) <= on
    return entry.state == FigureState.MISSING or overdue
