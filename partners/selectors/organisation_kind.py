"""The organisation as a kind of object with a page."""

from django.db.models import Exists, Q
from django.urls import reverse

from partners.models import Membership, Organisation, OrganisationArea, User, Ways
from partners.selectors import directory
from partners.selectors.kinds import Kind, Part, events_of, everything


def ways(user: User) -> Ways:
    """In which ways a person may know of an organisation: the directory is open to whoever works on integration."""
    found = {
        "own": Q(pk__in=Organisation.objects.acted_for_by(user)),
        "directory": Q(Exists(Membership.objects.today_of(user))),
    }
    if user.is_active and any(provider(user) for provider in directory.readers):
        found["sits"] = Q(pk__isnull=False)
    return found


def kind() -> Kind:
    """What the registry keeps of organisations."""
    return Kind(
        slug="organisation",
        noun="organisation",
        model=Organisation,
        ways=ways,
        rules={
            "own": "You act for this partner.",
            "directory": "The directory of partners is open to everybody who acts for one.",
            "sits": "The directory of partners is open to everybody who sits on a board.",
        },
        address=lambda found: reverse("partners:organisation", args=[found.pk]),
        parts=[
            Part(events_of(Organisation), "Organisation", lambda found: Q(pgh_obj=found.pk), everything),
            Part(events_of(OrganisationArea), "Area served", lambda found: Q(organisation=found.pk), everything),
        ],
        needs_audit_right=True,
    )
