"""The smallest valid rows of partners. None gives a role by accident."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from partners.domain.roles import Role
from partners.models import Area, Membership, Organisation, User
from partners.services import memberships

LONG_AGO = date(2009, 4, 1)
NOON = datetime(2014, 7, 14, 12, 0, tzinfo=UTC)


class AreaFactory(DjangoModelFactory[Area]):
    class Meta:
        model = Area

    name = factory.Sequence(lambda n: f"Area {n}")
    ons_code = factory.Sequence(lambda n: f"E{n:08d}")


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    key = factory.Sequence(lambda n: f"partner-{n}")
    name = factory.Sequence(lambda n: f"Partner {n}")
    kind = "unitary"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@partner.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    is_demonstration = True

    @classmethod
    def _create(cls, model_class, *args, password="correct horse battery", **kwargs):
        user = model_class(*args, **kwargs)
        user.set_password(password)
        user.save()
        return user


def give_role(person: User, organisation: Organisation, role: Role, *, starts_on: date = LONG_AGO) -> Membership:
    """As set-up does it: through the service, so that guardian's grants are there too."""
    return memberships.grant(
        person=person, organisation=organisation, role=role, starts_on=starts_on, by=None, at=NOON, system="test"
    )
