"""The people of a partner: who they are, what they hold, who stands in for whom, and who is invited."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from integration_hub.core import registry
from integration_hub.core.registry import Task
from partners import permissions
from partners.domain import reviews
from partners.domain.capacities import Capacity
from partners.domain.roles import ADMINISTRATORS_AT_LEAST, NOT_DELEGABLE, ROLE_PERMISSIONS, Permission, Role
from partners.models import Confirmation, Deputy, Invitation, Membership, Organisation, User
from partners.models.membership import not_ended
from partners.selectors import directory

# What is every administrator's to see to.
ADMINISTRATORS_ALONE = frozenset({Permission.MEMBERSHIP_GRANT, Permission.SUCCESSION_AGREE})


@dataclass(frozen=True)
class Access:
    """What the reader may do among the people of a partner, as pages ask."""

    manages: bool
    audits: bool

    @property
    def sees_all(self) -> bool:
        """Days of roles, invitations and addresses: for administrators and auditors."""
        return self.manages or self.audits


@dataclass
class Row:
    """A person of a partner: the roles in force or to come, and whose deputy they are."""

    person: User
    memberships: list[Membership] = field(default_factory=list)
    deputy_for: list[Deputy] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Roles, and for whom the person stands in today."""
        words = [membership.role_words for membership in self.memberships]
        words += [f"deputy for {deputy.membership.person}" for deputy in self.deputy_for]
        return ", ".join(words)


# Who may see what


def partner(user: User, pk: UUID | str) -> Organisation:
    """A partner that the reader acts for; Http404 for any other: its people are nobody else's business."""
    return get_object_or_404(Organisation.objects.acted_for_by(user), pk=pk)


def access(user: User, organisation: Organisation) -> Access:
    """What the reader may do there. No query beyond those of the request's permissions."""
    return Access(
        manages=permissions.can(user, Permission.MEMBERSHIP_GRANT, organisation=organisation),
        audits=permissions.can(user, Permission.AUDIT_READ, organisation=organisation),
    )


def person_of(organisation: Organisation, pk: UUID | str) -> User:
    """Somebody who holds or held a role in the partner; Http404 for anybody else."""
    people = User.objects.filter(pk__in=Membership.objects.filter(organisation=organisation).values("person"))
    return get_object_or_404(people, pk=pk)


def leaver(organisation: Organisation, pk: UUID) -> tuple[User, list[Membership]]:
    """Somebody of the partner with every role that they hold or held there. One query; Http404 for anybody else."""
    held = list(_roles(organisation).filter(person=pk).select_related("person"))
    if not held:
        raise Http404("There is nobody of that kind.")
    return held[0].person, held


def membership_of(user: User, pk: UUID | str) -> Membership:
    """A role in a partner that the reader acts for; Http404 for any other."""
    rows = Membership.objects.filter(organisation__in=Organisation.objects.acted_for_by(user))
    return get_object_or_404(rows.select_related("organisation", "person"), pk=pk)


def locked_membership(user: User, pk: UUID | str) -> Membership:
    """The same, held until the transaction ends."""
    rows = Membership.objects.filter(organisation__in=Organisation.objects.acted_for_by(user))
    return get_object_or_404(rows.select_for_update(of=("self",)).select_related("organisation", "person"), pk=pk)


def invitation_of(user: User, pk: UUID | str, *, locked: bool = False) -> Invitation:
    """An invitation to a partner whose people the reader sees in full; Http404 for any other."""
    rows = Invitation.objects.filter(organisation__in=Organisation.objects.acted_for_by(user))
    rows = rows.select_related("organisation")
    found = get_object_or_404(rows.select_for_update(of=("self",)) if locked else rows, pk=pk)
    if not access(user, found.organisation).sees_all:
        raise Http404("There is no such invitation.")
    return found


def deputy_of(user: User, pk: UUID | str, *, locked: bool = False) -> Deputy:
    """A deputy among the people of a partner that the reader acts for; Http404 for any other."""
    rows = Deputy.objects.filter(membership__organisation__in=Organisation.objects.acted_for_by(user))
    rows = rows.select_related("membership__organisation", "membership__person", "person")
    return get_object_or_404(rows.select_for_update(of=("self",)) if locked else rows, pk=pk)


# Lists


def members(organisation: Organisation, *, on: date, former: bool = False) -> QuerySet[User]:
    """People who hold a role there on a day or from a later one, by name; or those who hold none any more."""
    held = Membership.objects.filter(organisation=organisation)
    now = User.objects.filter(pk__in=held.not_ended(on).values("person"))
    if former:
        now = User.objects.filter(pk__in=held.values("person")).exclude(pk__in=held.not_ended(on).values("person"))
    return now.order_by(Lower("name"), "pk")


def rows(people: Iterable[User], organisation: Organisation, *, on: date) -> list[Row]:
    """Those people with what they hold and for whom they stand in. Two queries."""
    found = {person.pk: Row(person) for person in people}
    held = Membership.objects.not_ended(on).filter(organisation=organisation, person__in=found)
    for membership in held.order_by("role", "starts_on", "pk"):
        found[membership.person_id].memberships.append(membership)
    for deputy in deputies(organisation, on=on):
        if deputy.person_id in found and deputy.starts_on <= on:
            found[deputy.person_id].deputy_for.append(deputy)
    return list(found.values())


def deputies(organisation: Organisation, *, on: date) -> QuerySet[Deputy]:
    """Those who stand in for somebody of the partner, or will, by the day on which they begin."""
    rows = Deputy.objects.filter(membership__organisation=organisation, ends_on__gte=on, ended_at__isnull=True)
    return rows.select_related("membership__person", "person").order_by("starts_on", "person__name", "pk")


def roles_of(person: User, organisation: Organisation) -> list[Membership]:
    """Every role that the person holds or held in the partner, the newest first."""
    return list(_roles(organisation).filter(person=person))


def _roles(organisation: Organisation) -> QuerySet[Membership]:
    return Membership.objects.filter(organisation=organisation).order_by("-starts_on", "role", "pk")


def deputies_of(person: User, organisation: Organisation, *, on: date) -> list[Deputy]:
    """Who stands in for the person, or for whom they do, today or later."""
    return list(deputies(organisation, on=on).filter(deputies_of_or_for(person, organisation)))


def deputies_of_or_for(person: User, organisation: Organisation) -> Q:
    """Deputies with the person at either end, in one partner."""
    either = Q(person=person) | Q(membership__person=person)
    return either & Q(membership__in=Membership.objects.filter(organisation=organisation))


def invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Those that wait, newest first; they may be too old."""
    return Invitation.objects.pending().filter(organisation=organisation).order_by("-invited_at", "pk")


def open_tasks(person: User, organisation: Organisation, *, on: date) -> list[Task]:
    """What waits for the person in the partner: somebody else has to take it over when they leave.

    What waits for administrators waits for those who stay as well, the reader among them, and is left out.
    """
    leaver = permissions.without(person, ADMINISTRATORS_ALONE)
    found = [task for provider in registry.tasks for task in provider(leaver, on)]
    return [task for task in found if task.partner == organisation.name]


# For services


def lock_partner(organisation: Organisation) -> None:
    """Hold the partner's row: one change of its administrators at a time."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)


def administrators(organisation: Organisation, *, on: date, lasting: bool = False) -> set[object]:
    """Ids of the active administrators of a day; `lasting`, only those whose role goes on after it."""
    held = Membership.objects.on(on).filter(organisation=organisation, role=Role.ADMIN.value, person__is_active=True)
    if lasting:
        held = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    return set(held.values_list("person", flat=True))


def is_member(organisation: Organisation, email: str, *, on: date) -> bool:
    """Whether somebody with this address is among the partner's own people."""
    held = Membership.objects.not_ended(on).filter(organisation=organisation)
    return held.filter(person__email=email, person__is_active=True).exists()


def overlapping(
    person: User, organisation: Organisation, role: Role, *, starts_on: date, ends_on: date | None
) -> Membership | None:
    """A role of the same kind that the person holds in some of those days."""
    held = Membership.objects.not_ended(starts_on).filter(person=person, organisation=organisation, role=role.value)
    if ends_on is not None:
        held = held.filter(starts_on__lte=ends_on)
    return held.order_by("starts_on").first()


def held_by(person: User, organisation: Organisation, *, on: date) -> list[Membership]:
    """The person's roles there in force or to come, held until the transaction ends."""
    held = Membership.objects.not_ended(on).filter(person=person, organisation=organisation)
    rows = held.select_for_update(of=("self",)).select_related("organisation", "person").order_by("role", "pk")
    return list(rows)


def held_everywhere(person: User, *, on: date) -> dict[Organisation, list[Membership]]:
    """The same for every partner."""
    held = Membership.objects.not_ended(on).filter(person=person)
    found: dict[Organisation, list[Membership]] = {}
    rows = held.select_for_update(of=("self",)).select_related("organisation", "person")
    for membership in rows.order_by("organisation", "role", "pk"):
        found.setdefault(membership.organisation, []).append(membership)
    return found


def has_reason_to_sign_in(person: User, *, on: date) -> bool:
    """A role today or later, or an app above that knows the person (a seat on a board)."""
    if Membership.objects.not_ended(on).filter(person=person).exists():
        return True
    return any(provider(person) for provider in directory.readers)


def with_address(email: str) -> User | None:
    """The account of an address, open or closed."""
    return User.objects.filter(email=email.strip().lower()).first()


@dataclass(frozen=True)
class Upkeep:
    """What a partner's administrators should see to: a second one of them, and the review where one is open."""

    too_few: bool
    due_on: date | None
    waiting: int
    is_overdue: bool


def upkeep(organisation: Organisation, *, on: date) -> Upkeep:
    """How a partner stands today. Two queries."""
    administrators = Q(role=Role.ADMIN.value, person__is_active=True, starts_on__lte=on) & not_ended(on)
    found = Membership.objects.filter(organisation=organisation).aggregate(
        first=Min("recorded_at"),
        administrators=Count("person", filter=administrators, distinct=True),
        ended_on=Max("organisation__ending__ended_on"),
    )
    if found["ended_on"]:
        # Nobody is appointed to a partner that acts no more, and its roles end with its people's.
        return Upkeep(too_few=False, due_on=None, waiting=0, is_overdue=False)
    due = reviews.due_on(timezone.localdate(found["first"]), on) if found["first"] else None
    waiting = under_review(organisation, due, on=on).exclude(confirmations__due_on=due).count() if due else 0
    return Upkeep(
        too_few=found["administrators"] < ADMINISTRATORS_AT_LEAST,
        due_on=due,
        waiting=waiting,
        is_overdue=bool(due and waiting and due < on),
    )


# The yearly review


@dataclass(frozen=True)
class ReviewRow:
    """A role that the review asks about, and the answer so far."""

    membership: Membership
    confirmation: Confirmation | None
    is_own: bool


@dataclass(frozen=True)
class Review:
    """The review of one year in a partner."""

    organisation: Organisation
    due_on: date
    today: date
    rows: list[ReviewRow]

    @property
    def waiting(self) -> list[ReviewRow]:
        return [row for row in self.rows if row.confirmation is None]

    @property
    def is_overdue(self) -> bool:
        return bool(self.waiting) and self.due_on < self.today


def next_review(organisation: Organisation, *, on: date) -> date | None:
    """When the newest review that has opened is due; None before the partner's first year is nearly over."""
    first = Membership.objects.filter(organisation=organisation).aggregate(first=Min("recorded_at"))["first"]
    return reviews.due_on(timezone.localdate(first), on) if first else None


def review(user: User, organisation: Organisation, *, on: date) -> Review | None:
    """Every role in force that began before the review opened, by person; None while none is open. Three queries."""
    due = next_review(organisation, on=on)
    if due is None:
        return None
    held = under_review(organisation, due, on=on).select_related("person")
    given = {row.membership_id: row for row in Confirmation.objects.filter(due_on=due, membership__in=held)}
    in_order = held.order_by(Lower("person__name"), "person", "role", "pk")
    found = [
        ReviewRow(membership, given.get(membership.pk), is_own=membership.person_id == user.pk)
        for membership in in_order
    ]
    return Review(organisation, due, on, found)


def under_review(organisation: Organisation, due: date, *, on: date) -> QuerySet[Membership]:
    """The roles that a review asks about."""
    opened = timezone.make_aware(datetime.combine(reviews.opens_on(due), datetime.min.time()))
    held = Membership.objects.on(on).filter(organisation=organisation, person__is_active=True)
    return held.filter(recorded_at__lt=opened)


def tasks(user: User, on: date) -> list[Task]:
    """For administrators: a second administrator to appoint, roles to confirm. No query for anybody else, one for an
    administrator of one partner or of many.
    """
    if not permissions.anywhere(user, Permission.MEMBERSHIP_GRANT):
        return []
    first = Membership.objects.filter(organisation=OuterRef("organisation")).order_by("recorded_at")
    given = Confirmation.objects.filter(membership=OuterRef("pk")).values("due_on")
    held = (
        Membership.objects.on(on)
        .filter(organisation__in=Organisation.objects.acted_for_by(user), person__is_active=True)
        .filter(organisation__ending__isnull=True)
        .select_related("organisation")
        .annotate(first=Subquery(first.values("recorded_at")[:1]), confirmed=ArraySubquery(given))
        .order_by("organisation__name", "organisation", "pk")
    )
    by_partner: dict[Organisation, list[Any]] = {}
    for membership in held:
        if permissions.can(user, Permission.MEMBERSHIP_GRANT, organisation=membership.organisation):
            by_partner.setdefault(membership.organisation, []).append(membership)
    return [task for organisation, rows in by_partner.items() for task in _tasks_of(organisation, rows, on)]


def _tasks_of(organisation: Organisation, rows: list[Any], on: date) -> Iterable[Task]:
    """The tasks of one partner from its roles in force, each with the partner's first and its own confirmations."""
    if len({row.person_id for row in rows if row.role == Role.ADMIN}) < ADMINISTRATORS_AT_LEAST:
        url = reverse("partners:people", args=[organisation.pk])
        words = "so that one is there when the other is away"
        yield Task("Appoint a second administrator", url, organisation.name, words)
    due = reviews.due_on(timezone.localdate(rows[0].first), on)
    if due is None:
        return
    opens_on = reviews.opens_on(due)
    waiting = sum(timezone.localdate(row.recorded_at) < opens_on and due not in row.confirmed for row in rows)
    if waiting:
        number = f"{waiting} role{'' if waiting == 1 else 's'} to confirm or end"
        url = reverse("partners:review", args=[organisation.pk])
        yield Task("Confirm who still needs their role", url, organisation.name, number, due)


# Deputies


def may_stand_in(membership: Membership, *, on: date) -> QuerySet[User]:
    """The other people of the same partner: a deputy reads by a role of their own."""
    held = Membership.objects.on(on).reading_roles().filter(organisation=membership.organisation)
    people = User.objects.filter(pk__in=held.values("person"), is_active=True)
    return people.exclude(pk=membership.person_id).order_by(Lower("name"), "pk")


def delegable(membership: Membership) -> list[Permission]:
    """What a deputy may do of what the role gives, in the order of the table."""
    role = Role(membership.role)
    return [
        permission
        for permission in Permission
        if permission in ROLE_PERMISSIONS[role]
        and permissions.may_be_delegated(permission, role=role, capacity=membership.capacity)
    ]


def kept_back(membership: Membership) -> list[str]:
    """What the role gives and no deputy may do, each with the reason."""
    role = Role(membership.role)
    in_person = Capacity(membership.capacity).in_person_because if membership.capacity else ""
    found = []
    for permission in Permission:
        if permission in ROLE_PERMISSIONS[role] and permission not in delegable(membership):
            found.append(f"{permission.words}: {NOT_DELEGABLE.get(permission) or in_person}")
    return found


# Idle accounts


def signed_in_before(moment: datetime) -> QuerySet[User]:
    """Open accounts of their own that nobody signed in to since a moment, nor were they made or opened since."""
    seen_since = Q(last_login__gte=moment) | Q(date_joined__gte=moment) | Q(reopened_at__gte=moment)
    return User.objects.filter(is_active=True, is_demonstration=False).exclude(seen_since).order_by("pk")


def cannot_spare(person: User, *, on: date) -> str:
    """What nobody else would be if the account were closed: the last administrator of a partner, or operator."""
    held = Membership.objects.on(on).filter(person__is_active=True)
    own = held.filter(person=person)
    operators = set(held.filter(role=Role.OPERATOR.value).values_list("person", flat=True))
    if operators == {person.pk}:
        return "operator"
    administered = own.filter(role=Role.ADMIN.value).values("organisation")
    others = held.filter(role=Role.ADMIN.value, organisation__in=administered).exclude(person=person)
    if own.filter(role=Role.ADMIN.value).exclude(organisation__in=others.values("organisation")).exists():
        return "administrator of a partner"
    return ""
