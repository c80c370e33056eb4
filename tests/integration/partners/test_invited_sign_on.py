"""An invitation taken up by the account that somebody has at the inviting partner's provider, and who may not."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from partners.models import Invitation, Membership, SingleSignOnLink, User
from partners.services import invitations, links
from tests.factories.partners import OrganisationFactory, UserFactory, give_role
from tests.integration.partners import honest
from tests.integration.partners.test_single_sign_on import come_by, introduce, is_signed_in, sent_back, set_up

pytestmark = pytest.mark.enable_socket

INVITED = "new.officer@council.example"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The honest provider."""
    with honest.provider() as address:
        yield address


@pytest.fixture
def provider(issuer, world):
    return set_up(world.council, issuer)


@pytest.fixture
def letter(world):
    """Invite somebody to the council, and open the letter; the link."""

    def invite(**given) -> str:
        values = {
            "organisation": world.council,
            "email": INVITED,
            "name": "New officer",
            "roles": [Role.FINANCE],
            "starts_on": timezone.localdate(),
            "ends_on": None,
            "site": "http://testserver/",
            "by": world.person("admin"),
            "at": timezone.now(),
        } | given
        made = links.make(invitation_id=invitations.invite(**values).pk, at=timezone.now())
        return reverse("partners:invitation", args=[made.secret])

    return invite


def take_up(link, provider, subject, client=None):
    """Follow the link of the page to the provider, and come back."""
    client = client or Client()
    start = f"{reverse('single_sign_on_start', args=[provider.pk])}?next={link}"
    return client, client.get(sent_back(client.get(start)["Location"], subject))


def standing():
    return (
        User.objects.count(),
        Membership.objects.count(),
        SingleSignOnLink.objects.count(),
        Invitation.objects.filter(accepted_at__isnull=False).count(),
    )


def test_invited_person_takes_it_up_by_the_partners_provider_without_a_password(issuer, provider, letter, world):
    link = letter()
    introduce(issuer, "i-1", email=INVITED, email_verified=True)
    page = Client().get(link).content.decode()
    assert "Take it up with Council account" in page
    assert f"{reverse('single_sign_on_start', args=[provider.pk])}?next={link}" in page

    client, response = take_up(link, provider, "i-1")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)
    person = User.objects.get(email=INVITED)
    assert (person.name, person.has_usable_password(), person.is_demonstration) == ("New officer", False, False)
    assert person.memberships.get().role == "finance"
    assert (person.single_sign_on_links.get().issuer, person.single_sign_on_links.get().subject) == (issuer, "i-1")
    assert AuditEvent.objects.get(kind="single_sign_on.linked").actor_id == str(person.pk)
    assert AuditEvent.objects.get(kind="invitation.accepted").actor_id == str(person.pk)
    assert AuditEvent.objects.get(kind="person.signed_in", actor_id=str(person.pk)).after["by"] == "single sign-on"
    assert Client().get(link).status_code == 404
    # And from now on by the provider alone.
    assert is_signed_in(come_by(provider, "i-1")[0])


def test_signatory_who_comes_so_sets_up_a_second_factor_first(issuer, provider, letter):
    introduce(issuer, "i-2", email=INVITED, email_verified=True)

    client, _ = take_up(letter(roles=[Role.APPROVER]), provider, "i-2")

    assert client.get("/")["Location"].startswith("/account/second-factor/app/")
    assert client.get("/account/second-factor/app/").status_code == 200


def test_leaver_who_is_invited_again_comes_back_without_the_old_password(issuer, provider, letter):
    person = UserFactory(email=INVITED, name="Back again", is_demonstration=False, is_active=False)
    introduce(issuer, "i-3", email=INVITED, email_verified=True)

    client, _ = take_up(letter(), provider, "i-3")

    person.refresh_from_db()
    assert (person.is_active, person.name, person.has_usable_password()) == (True, "Back again", False)
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "colleague@council.example", "email_verified": True}, "the one whom this invitation went to"),
        ({"email": INVITED, "email_verified": False}, "the one whom this invitation went to"),
        ({"email": INVITED}, "the one whom this invitation went to"),
    ],
)
def test_whoever_the_provider_does_not_show_to_be_the_invited_is_refused(issuer, provider, letter, claims, words):
    link = letter()
    introduce(issuer, "i-4", **claims)
    before = standing()

    client, response = take_up(link, provider, "i-4")

    assert response.status_code == 403
    assert words in response.content.decode()
    assert standing() == before
    assert not is_signed_in(client)
    assert Client().get(link).status_code == 200
    assert AuditEvent.objects.get(kind="single_sign_on.refused").reason == "not_the_invited"


def test_provider_of_another_partner_opens_no_invitation(issuer, letter, world):
    link = letter()
    other = set_up(OrganisationFactory(name="Another Council"), issuer)
    introduce(issuer, "i-5", email=INVITED, email_verified=True)
    before = standing()

    client, response = take_up(link, other, "i-5")

    assert response.status_code == 403
    assert standing() == before
    assert not is_signed_in(client)
    assert "Take it up with" not in Client().get(link).content.decode()


def test_open_account_of_the_address_is_never_linked_by_an_invitation_alone(issuer, provider, letter, world):
    person = UserFactory(email=INVITED, is_demonstration=False)
    give_role(person, world.hackney, Role.ADMIN)
    link = letter()
    introduce(issuer, "i-6", email=INVITED, email_verified=True)
    before = standing()

    client, response = take_up(link, provider, "i-6")

    assert response.status_code == 409
    assert "sign in with that account, then accept" in response.content.decode()
    assert standing() == before
    assert not is_signed_in(client)
    assert "Take it up with" not in Client().get(link).content.decode()


def test_id_that_belongs_to_somebody_else_takes_nothing_up(issuer, provider, letter, world):
    introduce(issuer, "i-7", email=INVITED, email_verified=True)
    take_up(letter(), provider, "i-7")
    introduce(issuer, "i-7", email="second@council.example", email_verified=True)
    held = Membership.objects.filter(person__email=INVITED)
    held.update(ends_on=timezone.localdate(), ended_at=timezone.now())
    link = letter(email="second@council.example")
    before = standing()

    client, response = take_up(link, provider, "i-7")

    assert response.status_code == 409
    assert "Another account is linked to this id already" in response.content.decode()
    assert standing() == before
    assert not is_signed_in(client)


@pytest.mark.parametrize("changes", [{"address_claim": ""}, {"is_active": False}])
def test_provider_that_shows_no_addresses_or_is_off_is_not_offered(issuer, letter, world, changes):
    set_up(world.council, issuer, **changes)

    assert "Take it up with" not in Client().get(letter()).content.decode()


def test_withdrawn_invitation_is_not_taken_up(issuer, provider, letter, world):
    link = letter()
    invitations.withdraw(invitation_id=Invitation.objects.get().pk, by=world.person("admin"), at=timezone.now())
    introduce(issuer, "i-8", email=INVITED, email_verified=True)
    before = standing()

    client, response = take_up(link, provider, "i-8")

    assert response.status_code == 404
    assert standing() == before
    assert not is_signed_in(client)
