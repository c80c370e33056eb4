"""The audit log of partners, for those of their people who may read it."""

from datetime import date, datetime, time
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from integration_hub.core.models import AuditEvent
from partners import permissions
from partners.models import Deputy, Invitation, Membership, Organisation, User
from partners.permissions import Permission


def visible_to(user: User | AnonymousUser) -> QuerySet[AuditEvent]:
    """The lines of every partner whose log the person may read, newest first."""
    if not isinstance(user, User):
        return none()
    readable = [
        str(organisation.pk)
        for organisation in Organisation.objects.acted_for_by(user)
        if permissions.can(user, Permission.AUDIT_READ, organisation=organisation)
    ]
    return _in_order(AuditEvent.objects.filter(partner_id__in=readable))


def of_partner(
    organisation: Organisation,
    *,
    since: date | None = None,
    until: date | None = None,
    kind: str = "",
    person: str = "",
    about: str = "",
) -> QuerySet[AuditEvent]:
    """One partner's lines of the days given (both included, London), newest first. The caller asks for the right.

    `person` leaves what they did for the partner, and what was done to them and their roles in it: their timeline.
    """
    lines = AuditEvent.objects.filter(partner_id=str(organisation.pk))
    if since:
        lines = lines.filter(at__gte=_start_of(since))
    if until:
        lines = lines.filter(at__lte=_end_of(until))
    if kind:
        lines = lines.filter(kind=kind)
    if person:
        lines = lines.filter(Q(actor_id=person) | Q(target_id__in=_theirs(organisation, person)))
    for word in about.split():
        lines = lines.filter(target_name__icontains=word)
    return _in_order(lines)


def people(organisation: Organisation) -> list[tuple[str, str]]:
    """Who did something for the partner or holds or held a role in it, as (id, the newest name), by name."""
    lines = AuditEvent.objects.filter(partner_id=str(organisation.pk)).exclude(actor_id="")
    newest = lines.order_by("actor_id", "-recorded_at").distinct("actor_id").values_list("actor_id", "actor_name")
    held = Membership.objects.filter(organisation=organisation).order_by("person").distinct("person")
    members = {str(row.person_id): str(row.person) for row in held.select_related("person")}
    return sorted((dict(newest) | members).items(), key=lambda person: (person[1].casefold(), person[0]))


def kinds(organisation: Organisation) -> list[str]:
    """The kinds of line that the partner's log holds, for the filter."""
    lines = AuditEvent.objects.filter(partner_id=str(organisation.pk))
    return list(lines.order_by("kind").values_list("kind", flat=True).distinct())


def last(kind: str, target: Model) -> AuditEvent | None:
    """The latest line of a kind about an object that the caller may see. One query."""
    lines = AuditEvent.objects.filter(kind=kind, target_type=target._meta.label_lower, target_id=str(target.pk))
    return lines.order_by("-at", "pk").first()


def none() -> QuerySet[AuditEvent]:
    """No rows: tells the API's description which model it is about."""
    return AuditEvent.objects.none()


def _theirs(organisation: Organisation, person: str) -> list[str]:
    """Ids of what tells of a person in a partner: the account, its roles and invitations, deputies at either end."""
    try:
        key = UUID(person)
    except ValueError:
        return []  # an actor of another installation, from a log that was brought along
    roles = Membership.objects.filter(organisation=organisation, person=key)
    deputies = Deputy.objects.filter(Q(person=key) | Q(membership__person=key))
    found = [
        roles.values_list("pk", flat=True),
        deputies.filter(membership__organisation=organisation).values_list("pk", flat=True),
        Invitation.objects.filter(organisation=organisation, accepted_by=key).values_list("pk", flat=True),
    ]
    return [person, *(str(pk) for rows in found for pk in rows)]


def _in_order(lines: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    return lines.order_by("-at", "-recorded_at", "pk")


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))
