"""Single sign-on against real OpenID providers over HTTP: one of somebody else's making, and one that forges."""

import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone
from joserfc.jwk import OctKey, RSAKey

from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from partners.models import Membership, SingleSignOn, SingleSignOnLink, User
from partners.policies import ShowsNoAddress
from partners.services import memberships, single_sign_on
from tests.factories.partners import NOON, OrganisationFactory, UserFactory, give_role
from tests.integration.partners import honest
from tests.integration.partners.forger import SECRET, Forger, forging

pytestmark = pytest.mark.enable_socket

ADDRESS = "officer@partner.example"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The honest provider."""
    with honest.provider() as address:
        yield address


@pytest.fixture
def council(db):
    return OrganisationFactory(name="Southwark Council")


@pytest.fixture
def administrator(council):
    person = UserFactory()
    give_role(person, council, Role.ADMIN)
    return person


@pytest.fixture
def officer(council, own_account):
    give_role(own_account, council, Role.FINANCE)
    return own_account


@pytest.fixture
def provider(issuer, council) -> SingleSignOn:
    return set_up(council, issuer)


def set_up(organisation, issuer: str, **changes) -> SingleSignOn:
    given = {"name": "Council account", "client_id": "hub", "secret": "secret", "reason": "test", "system": "test"}
    return single_sign_on.set_up(organisation=organisation, issuer=issuer, at=NOON, **given | changes)


def allow(provider, person, by, **changes) -> SingleSignOnLink:
    return single_sign_on.allow(provider_id=provider.pk, person_id=person.pk, by=by, at=timezone.now(), **changes)


def introduce(issuer: str, subject: str, **claims) -> None:
    """What the honest provider says of a person."""
    assert requests.put(f"{issuer}/users/{subject}", json=claims, timeout=5).status_code == 204


def sent_to(client: Client, provider: SingleSignOn, came_for: str = "/account/") -> str:
    response = client.get(f"/account/single-sign-on/{provider.pk}/", {"next": came_for})
    assert response.status_code == 302
    return str(response["Location"])


def sent_back(location: str, subject: str) -> str:
    """Path and query with which the honest provider sends the browser back."""
    answer = requests.post(location, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    return str(answer.headers["Location"]).removeprefix("http://testserver")


def come_by(provider: SingleSignOn, subject: str, client: Client | None = None):
    client = client or Client()
    return client, client.get(sent_back(sent_to(client, provider), subject))


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# The way in


def test_first_sign_in_links_by_the_verified_address_then_by_the_subject_alone(
    issuer, provider, officer, administrator
):
    allow(provider, officer, administrator)
    introduce(issuer, "s-1", email=ADDRESS.upper(), email_verified=True)

    client, response = come_by(provider, "s-1")

    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert is_signed_in(client)
    link = SingleSignOnLink.objects.get(person=officer)
    assert (link.issuer, link.subject) == (issuer, "s-1")
    assert AuditEvent.objects.get(kind="single_sign_on.linked").actor_id == str(officer.pk)
    assert AuditEvent.objects.get(kind="person.signed_in").after == {"second_factor": False, "by": "single sign-on"}

    introduce(issuer, "s-1", email="married@partner.example", email_verified=False)
    assert is_signed_in(come_by(provider, "s-1")[0])


def test_sign_in_page_offers_the_providers_and_brings_the_page_along(provider, client):
    page = client.get("/account/login/?next=/partners/").content.decode()

    assert f"/account/single-sign-on/{provider.pk}/?next=/partners/" in page
    assert "Council account (Southwark Council)" in page


def test_state_nonce_and_proof_key_are_sent(provider, client):
    query = parse_qs(urlsplit(sent_to(client, provider)).query)

    assert query["code_challenge_method"] == ["S256"]
    assert all(len(query[name][0]) >= 16 for name in ("state", "nonce", "code_challenge"))
    assert query["redirect_uri"] == [f"http://testserver/account/single-sign-on/{provider.pk}/back/"]


def test_address_elsewhere_is_not_followed_after_sign_in(issuer, provider, officer, administrator):
    allow(provider, officer, administrator, subject="s-2")
    client = Client()

    response = client.get(sent_back(sent_to(client, provider, "https://elsewhere.example/"), "s-2"))

    assert response["Location"] == "/"


def test_nhs_shaped_provider_without_addresses_knows_people_by_its_own_id(issuer, council, officer, administrator):
    nhs = set_up(council, issuer, name="NHS Care Identity", address_claim="", scope="openid")
    with pytest.raises(ShowsNoAddress):
        allow(nhs, officer, administrator)
    allow(nhs, officer, administrator, subject="555036634101")

    assert is_signed_in(come_by(nhs, "555036634101")[0])


def test_entra_shaped_provider_vouches_for_its_own_addresses(issuer, council, officer, administrator):
    entra = set_up(council, issuer, address_claim="preferred_username", vouches_for_addresses=True)
    allow(entra, officer, administrator)
    introduce(issuer, "s-3", preferred_username=ADDRESS, oid=str(uuid.uuid4()))

    assert is_signed_in(come_by(entra, "s-3")[0])


# Who is not let in


def refused(provider, subject, *, links: int) -> None:
    before = (Membership.objects.count(), User.objects.count())
    client, response = come_by(provider, subject)
    assert response.status_code == 403
    assert "no account here that may sign in by it belongs to you" in response.content.decode()
    assert not is_signed_in(client)
    assert SingleSignOnLink.objects.exclude(subject="").count() == links
    assert (Membership.objects.count(), User.objects.count()) == before
    assert AuditEvent.objects.filter(kind="single_sign_on.refused", reason="not_linked").count() == 1


def test_address_of_an_account_without_permission_is_refused(issuer, provider, officer):
    introduce(issuer, "s-4", email=ADDRESS, email_verified=True)
    refused(provider, "s-4", links=0)


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_address_that_is_not_verified_is_refused(issuer, provider, officer, administrator, verified):
    allow(provider, officer, administrator)
    introduce(issuer, "s-5", email=ADDRESS, email_verified=verified)
    refused(provider, "s-5", links=0)


def test_colleague_with_the_same_domain_is_refused(issuer, provider, officer, administrator):
    allow(provider, officer, administrator)
    introduce(issuer, "s-6", email="colleague@partner.example", email_verified=True)
    refused(provider, "s-6", links=0)


def test_closed_account_is_refused(issuer, provider, officer, administrator):
    allow(provider, officer, administrator, subject="s-7")
    User.objects.filter(pk=officer.pk).update(is_active=False)
    refused(provider, "s-7", links=1)


def test_person_whose_role_in_the_partner_ended_is_refused(issuer, provider, officer, administrator):
    allow(provider, officer, administrator, subject="s-8")
    held = Membership.objects.get(person=officer)
    yesterday = timezone.localdate() - timedelta(days=1)
    memberships.end(membership_id=held.pk, ends_on=yesterday, reason="Moved on", by=administrator, at=NOON)
    refused(provider, "s-8", links=1)


def test_two_councils_of_one_provider_and_domain_stay_apart(issuer, provider, officer, administrator):
    other = set_up(OrganisationFactory(name="Lambeth Council"), issuer, name="Lambeth account")
    allow(provider, officer, administrator)
    introduce(issuer, "s-9", email=ADDRESS, email_verified=True)
    refused(other, "s-9", links=0)
    assert is_signed_in(come_by(provider, "s-9")[0])

    client, response = come_by(other, "s-9")

    assert response.status_code == 403
    assert not is_signed_in(client)


def test_provider_that_is_switched_off_is_not_there(provider, client):
    SingleSignOn.objects.update(is_active=False)

    for end in ("", "back/"):
        assert client.get(f"/account/single-sign-on/{provider.pk}/{end}").status_code == 404
    assert "Council account" not in client.get("/account/login/").content.decode()


# The second factor


@pytest.mark.parametrize(
    ("claim", "said", "counts"),
    [
        ("amr", ["pwd", "mfa"], True),
        ("amr", ["pwd"], False),
        ("amr", None, False),
        ("acr", "aal3", True),
        ("acr", "aal1", False),
        ("", ["mfa"], False),
    ],
)
def test_second_factor_of_the_provider_counts_where_it_was_set_up(
    issuer, council, own_account, administrator, claim, said, counts
):
    give_role(own_account, council, Role.APPROVER)
    values = ["mfa", "aal3"] if claim else []
    provider = set_up(council, issuer, second_factor_claim=claim, second_factor_values=values)
    allow(provider, own_account, administrator, subject="s-10")
    introduce(issuer, "s-10", **{claim or "amr": said})

    client, response = come_by(provider, "s-10")

    assert response.status_code == 302
    assert AuditEvent.objects.get(kind="person.signed_in").after["second_factor"] is counts
    # The role asks for one: who showed none sets ours up first.
    assert is_signed_in(client) is counts


# What proves nothing


@pytest.fixture
def forger() -> Iterator[Forger]:
    with forging() as forger:
        yield forger


@pytest.fixture
def forged(forger, council, officer, administrator) -> SingleSignOn:
    provider = set_up(council, forger.issuer, secret=SECRET)
    allow(provider, officer, administrator, subject="42")
    return provider


def come_back(forger: Forger, provider: SingleSignOn, *, nonce: bool = True, state: str = ""):
    client = Client()
    query = parse_qs(urlsplit(sent_to(client, provider)).query)
    if nonce:
        forger.claims.setdefault("nonce", query["nonce"][0])
    sent = {"code": "code", "state": state or query["state"][0]}
    return client, client.get(f"/account/single-sign-on/{provider.pk}/back/", sent)


def test_token_as_it_should_be_signs_in(forger, forged):
    assert is_signed_in(come_back(forger, forged)[0])


FORGED = {
    "another nonce": {"nonce": "another"},
    "another issuer": {"iss": "https://elsewhere.example"},
    "another audience": {"aud": "another"},
    "audiences without us": {"aud": ["another"]},
    "no audience": {"aud": None},
    "expired": {"exp": int(time.time()) - 3600},
    "no end": {"exp": None},
    "no subject": {"sub": None},
    "another party": {"azp": "another", "aud": ["hub", "another"]},
}


@pytest.mark.parametrize("claims", FORGED.values(), ids=FORGED)
def test_token_with_wrong_claims_proves_nothing(forger, forged, claims):
    forger.claims = dict(claims)

    client, response = come_back(forger, forged)

    assert response.status_code == 400
    assert "It did not prove who you are" in response.content.decode()
    assert not is_signed_in(client)
    assert AuditEvent.objects.filter(kind="single_sign_on.refused", reason="not proven").count() == 1


def test_token_without_nonce_proves_nothing(forger, forged):
    assert come_back(forger, forged, nonce=False)[1].status_code == 400


@pytest.mark.parametrize(
    ("alg", "key"),
    [
        ("RS256", RSAKey.generate_key(2048)),
        ("HS256", OctKey.import_key(SECRET)),
        ("none", OctKey.import_key(SECRET)),
    ],
    ids=["another key", "the shared secret", "unsigned"],
)
def test_token_that_only_the_provider_could_not_have_signed_proves_nothing(forger, forged, alg, key):
    forger.alg, forger.signs_with = alg, key

    client, response = come_back(forger, forged)

    assert response.status_code == 400
    assert not is_signed_in(client)


def test_state_of_another_browser_proves_nothing(forger, forged):
    assert come_back(forger, forged, state="somebody-elses-state")[1].status_code == 400


def test_state_counts_once(forger, forged):
    client = Client()
    query = parse_qs(urlsplit(sent_to(client, forged)).query)
    back = f"/account/single-sign-on/{forged.pk}/back/"
    forger.claims = {"nonce": query["nonce"][0], "exp": 1}
    assert client.get(back, {"code": "code", "state": query["state"][0]}).status_code == 400

    forger.claims = {"nonce": query["nonce"][0]}
    assert client.get(back, {"code": "code", "state": query["state"][0]}).status_code == 400


def test_refusal_of_the_provider_is_a_page(forged, client):
    sent_to(client, forged)

    response = client.get(f"/account/single-sign-on/{forged.pk}/back/", {"error": "access_denied"})

    assert response.status_code == 400


def test_provider_that_calls_itself_otherwise_is_not_asked(forger, forged, client):
    forger.described_as = "https://elsewhere.example"

    assert client.get(f"/account/single-sign-on/{forged.pk}/").status_code == 502


def test_provider_that_is_away_leaves_the_password(council, client):
    away = set_up(council, "http://localhost:9")

    response = client.get(f"/account/single-sign-on/{away.pk}/")

    assert response.status_code == 502
    assert "sign in with your password" in response.content.decode()


def test_userinfo_of_somebody_else_proves_nothing(forger, council, officer, administrator):
    provider = set_up(council, forger.issuer)
    allow(provider, officer, administrator)
    forger.userinfo = {"sub": "43", "email": ADDRESS, "email_verified": True}
    assert come_back(forger, provider)[1].status_code == 400
    forger.claims.clear()
    forger.userinfo["sub"] = "42"

    assert is_signed_in(come_back(forger, provider)[0])


# Who decides


def test_secret_is_sealed_and_stands_in_no_history(provider):
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_secret FROM partners_singlesignon")
        assert cursor.fetchone()[0].startswith("sealed:")
        cursor.execute("SELECT * FROM partners_singlesignonevent")
        assert "sealed_secret" not in [column.name for column in cursor.description]
    assert "secret" not in str(AuditEvent.objects.get(kind="single_sign_on.set_up").after)


def test_only_an_administrator_of_the_partner_allows(provider, officer, administrator):
    stranger = UserFactory()
    give_role(stranger, OrganisationFactory(), Role.ADMIN)
    for person in (officer, stranger):
        with pytest.raises(PermissionDenied):
            allow(provider, officer, person)
    with pytest.raises(Http404):
        allow(provider, stranger, administrator)
    assert not SingleSignOnLink.objects.exists()


def test_id_of_somebody_else_is_refused(provider, officer, administrator, council):
    other = UserFactory(is_demonstration=False)
    give_role(other, council, Role.METRICS)
    allow(provider, other, administrator, subject="7")

    with pytest.raises(single_sign_on.SubjectTaken):
        allow(provider, officer, administrator, subject="7")
    with pytest.raises(IntegrityError), transaction.atomic():
        SingleSignOnLink.objects.create(
            provider=provider, person=officer, issuer=provider.issuer, subject="7", allowed_at=NOON, linked_at=NOON
        )


@pytest.mark.parametrize("wrong", [{"subject": "7"}, {"linked_at": NOON}, {"address": ""}])
def test_link_waits_or_stands(provider, officer, wrong):
    given = {"issuer": provider.issuer, "address": ADDRESS, "allowed_at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        SingleSignOnLink.objects.create(provider=provider, person=officer, **given | wrong)


@pytest.mark.parametrize(
    "wrong", [{"sealed_secret": "clear"}, {"second_factor_claim": "amr"}, {"second_factor_claim": "x"}]
)
def test_provider_is_refused_by_the_database_where_it_is_half_set_up(provider, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        SingleSignOn.objects.filter(pk=provider.pk).update(**wrong)


def test_administrator_allows_and_takes_away_by_the_page(provider, officer, administrator, signed_in, council):
    client, theirs = signed_in(administrator), signed_in(officer)
    page = f"/partners/{council.pk}/single-sign-on/"
    assert "Password only" in client.get(page).content.decode()

    assert client.post(page, {}).status_code == 400
    sent = {"person": str(officer.pk), "provider": str(provider.pk), "subject": "9"}
    assert client.post(page, sent).status_code == 302
    assert "Linked since" in client.get(page).content.decode()

    link = SingleSignOnLink.objects.get()
    assert theirs.post(f"/partners/single-sign-on/{link.pk}/remove/").status_code == 403
    assert client.post(f"/partners/single-sign-on/{link.pk}/remove/").status_code == 302
    assert not SingleSignOnLink.objects.exists()
    assert not is_signed_in(theirs)


def test_page_costs_the_same_for_many_people(
    provider, administrator, signed_in, council, django_assert_max_num_queries
):
    client = signed_in(administrator)
    page = f"/partners/{council.pk}/single-sign-on/"
    with django_assert_max_num_queries(12) as few:
        client.get(page)
    for number in range(30):
        person = UserFactory(is_demonstration=False)
        give_role(person, council, Role.MEMBER)
        allow(provider, person, administrator, subject=str(number))
    with django_assert_max_num_queries(12) as many:
        client.get(page)

    assert len(few) == len(many)


# The operator's command


COMMAND = ["--name", "Council account", "--client-id", "hub", "--reason", "agreed with the council"]


def test_command_sets_up_and_says_the_way_back(council, monkeypatch, capsys):
    monkeypatch.setenv("SINGLE_SIGN_ON_SECRET", "s3cret")
    call_command("set_up_single_sign_on", "--partner", council.key, "--issuer", "https://id.example", *COMMAND)

    made = SingleSignOn.objects.get()
    assert f"/account/single-sign-on/{made.pk}/back/" in capsys.readouterr().out
    assert AuditEvent.objects.get(kind="single_sign_on.set_up").reason == "agreed with the council"


@pytest.mark.parametrize(
    ("partner", "issuer", "secret", "more"),
    [
        ("nobody", "https://id.example", "s", []),
        ("", "http://id.example", "s", []),
        ("", "https://id.example", "", []),
        ("", "https://id.example", "s", ["--second-factor-claim", "amr"]),
    ],
)
def test_command_refuses_what_is_not_whole(council, monkeypatch, partner, issuer, secret, more):
    monkeypatch.setenv("SINGLE_SIGN_ON_SECRET", secret)
    with pytest.raises(CommandError):
        call_command("set_up_single_sign_on", "--partner", partner or council.key, "--issuer", issuer, *COMMAND, *more)
    assert not SingleSignOn.objects.exists()
