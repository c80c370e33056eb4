"""Looking as a role or a person of one's own partner: who may be looked as, and whom the pages then believe to see."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from partners import permissions
from partners.domain.roles import Role
from partners.domain.viewing import LONGEST, Lens
from partners.models import Membership, Organisation, User
from partners.permissions import Permission

# Where the session keeps what was chosen.
KEY = "hub_viewing"
TIME_IS_UP, NO_LONGER_ALLOWED = "an hour is over", "it is no longer allowed, or the person left the partner"


@dataclass(frozen=True)
class Viewing:
    """Who looks, as whom (`person`, who has a lens), and since when."""

    by: User
    person: User
    organisation: Organisation
    since: datetime

    @property
    def words(self) -> str:
        """`Finance officer of Southwark Council`, or a person's name with the partner."""
        return looked_as(self.organisation, self.person.lens.role if self.person.lens else None, self.person)

    @property
    def until(self) -> datetime:
        return self.since + LONGEST


@dataclass(frozen=True)
class Over:
    """A look that has to end: of which partner, and why."""

    organisation_id: UUID
    reason: str


def looked_as(organisation: Organisation, role: Role | None, person: User | None) -> str:
    """As whom, in the words of the banner and the audit log."""
    return f"{role.words} of {organisation}" if role else f"{person} of {organisation}"


def narrowed(user: User, lens: Lens) -> User:
    """The same person through a lens, without what was loaded for them."""
    seen = copy.copy(user)
    for key in [key for key in seen.__dict__ if key.startswith("_hub_")]:
        del seen.__dict__[key]
    seen.loaded_scope = None
    seen.lens = lens.within(user.lens)
    return seen


def people(organisation: Organisation) -> QuerySet[User]:
    """The active people who hold a role for the partner today, by name."""
    held = Membership.objects.on(timezone.localdate()).filter(organisation=organisation)
    return User.objects.filter(pk__in=held.values("person"), is_active=True).order_by(Lower("name"), "pk")


def person_of(organisation: Organisation, pk: UUID | str) -> User | None:
    """One of them, or None."""
    return people(organisation).filter(pk=pk).first()


def seen_as_role(organisation: Organisation, role: Role, *, by: User) -> User:
    """Whom the pages believe to see: somebody with the role who never did anything, and as whom nobody signs in."""
    nobody = User(pk=uuid4(), name=role.words, email="", is_demonstration=by.is_demonstration)
    nobody.lens = Lens(organisation=organisation.pk, role=role, through=by.pk)
    return nobody


def seen_as_person(organisation: Organisation, person: User) -> User:
    """A person of the partner as the pages believe to see them: with the partner's roles alone."""
    return narrowed(person, Lens(organisation=organisation.pk))


def current(chosen: Mapping[str, Any], by: User, *, at: datetime) -> Viewing | Over:
    """What the session's choice means now. Everything is asked anew for each request. Three queries at most."""
    pk, since = UUID(chosen["organisation"]), datetime.fromisoformat(chosen["since"])
    if at >= since + LONGEST:
        return Over(pk, TIME_IS_UP)
    organisation = Organisation.objects.acted_for_by(by).filter(pk=pk).first()
    if organisation is None or not permissions.can(by, Permission.MEMBERSHIP_GRANT, organisation=organisation):
        return Over(pk, NO_LONGER_ALLOWED)
    if chosen["role"]:
        return Viewing(by, seen_as_role(organisation, Role(chosen["role"]), by=by), organisation, since)
    person = person_of(organisation, chosen["person"])
    if person is None:
        return Over(pk, NO_LONGER_ALLOWED)
    return Viewing(by, seen_as_person(organisation, person), organisation, since)
