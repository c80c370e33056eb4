"""The second factor: asked of approvers, administrators and operators, set up and used once each."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integration_hub.core.models import AuditEvent
from partners.domain.roles import SECOND_FACTOR_ROLES, Role
from partners.middleware import SecondFactorMiddleware
from partners.selectors import memberships
from partners.services import lockout, tokens
from tests.factories.partners import OrganisationFactory, UserFactory, give_role

PASSWORD = "correct horse battery"
SET_UP = "/account/second-factor/app/"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def wrong_code(secret: str) -> str:
    return f"{(int(code_of(secret)) + 1) % 1_000_000:06}"


@pytest.fixture
def still_clock(time_machine):
    """Codes change each half minute; a test must not fall on the change."""
    time_machine.move_to("2026-03-02T10:00:05Z", tick=False)


@pytest.fixture
def approver(db):
    person = UserFactory(email="approver@partner.example", name="Approver", is_demonstration=False)
    give_role(person, OrganisationFactory(name="Southwark Council"), Role.APPROVER)
    return person


def set_up(client: Client) -> str:
    """Confirm the password, scan, enter the code; the secret."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = client.get(SET_UP).context["form"].secret
    response = client.post(SET_UP, {"code": code_of(secret)})
    assert response.status_code == 302
    return secret


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR_ROLES))
def test_role_that_needs_it_is_led_to_set_one_up_before_anything_else(signed_in, db, role):
    person = UserFactory(is_demonstration=False)
    give_role(person, OrganisationFactory(), role)
    client = signed_in(person)

    for path in ("/partners/?name=a", "/account/", "/account/tokens/"):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith(f"{SET_UP}?next=/")
    assert client.post("/account/tokens/", {"name": "x", "scope": "read", "days": "1"}).status_code == 302
    assert not person.api_tokens.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - SECOND_FACTOR_ROLES))
def test_role_that_does_not_need_it_goes_on(signed_in, db, role):
    person = UserFactory(is_demonstration=False)
    give_role(person, OrganisationFactory(), role)

    assert signed_in(person).get("/account/").status_code == 200


def test_demonstration_account_is_not_asked_and_costs_no_query(signed_in, world, rf, django_assert_num_queries):
    person = world.person("approver")
    request = rf.get("/account/")
    request.user, request.resolver_match = person, None

    with django_assert_num_queries(0):
        assert SecondFactorMiddleware(lambda _: HttpResponse()).process_view(request, None, (), {}) is None
    assert signed_in(person).get("/account/").status_code == 200


def test_own_account_costs_one_query_more_whatever_its_roles(signed_in, db, django_assert_num_queries):
    for roles in ([], [Role.FINANCE], [Role.APPROVER, Role.ADMIN]):
        person = UserFactory(is_demonstration=False)
        for role in roles:
            for _ in range(3):
                give_role(person, OrganisationFactory(), role)
        with django_assert_num_queries(1):
            assert memberships.standing(person).lacks_second_factor is bool(roles and roles[0] is Role.APPROVER)
            memberships.standing(person)


def test_api_session_without_it_is_403_second_factor_required(signed_in, approver):
    response = signed_in(approver).get("/api/v1/users/me/")

    assert response.status_code == 403
    assert response.json()["code"] == "second_factor_required"


def test_token_made_before_the_role_came_is_403_second_factor_required(api, own_account):
    made = tokens.make(
        name="x", scopes=tokens.READ_AND_WRITE, lasts=timedelta(days=1), by=own_account, at=timezone.now()
    )
    api.credentials(HTTP_AUTHORIZATION=f"Token {made.secret}")
    assert api.get("/api/v1/users/me/").status_code == 200

    give_role(own_account, OrganisationFactory(), Role.APPROVER)

    response = api.get("/api/v1/users/me/")
    assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")


def test_htmx_request_without_it_is_told_to_go_to_a_whole_page(signed_in, approver):
    response = signed_in(approver).get("/partners/", headers={"HX-Request": "true"})

    assert response.status_code == 204
    assert response["HX-Redirect"].startswith(SET_UP)


def test_set_up_asks_for_the_password_first_and_shows_why(signed_in, approver):
    client = signed_in(approver)

    assert client.get(SET_UP)["Location"] == f"/account/reauthenticate/?next={SET_UP.replace('/', '%2F')}"
    assert client.post("/account/reauthenticate/", {"password": "wrong"}).status_code == 400
    assert client.post(f"/account/reauthenticate/?next={SET_UP}", {"password": PASSWORD})["Location"] == SET_UP
    page = client.get(SET_UP).content.decode()
    assert "Approver for Southwark Council" in page
    assert 'src="data:image/svg+xml;base64,' in page


def test_set_up_refuses_a_wrong_code_and_takes_the_right_one(signed_in, approver, still_clock):
    client = signed_in(approver)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = client.get(SET_UP).context["form"].secret

    assert client.post(SET_UP, {"code": wrong_code(secret)}).status_code == 400
    assert not Authenticator.objects.exists()
    assert client.post(SET_UP, {"code": code_of(secret)})["Location"] == "/account/second-factor/recovery-codes/"

    assert {row.type for row in Authenticator.objects.filter(user=approver)} == {"totp", "recovery_codes"}
    assert AuditEvent.objects.filter(kind="person.second_factor_set", actor_id=str(approver.pk)).count() == 1
    assert client.get("/account/").status_code == 200


def test_sign_in_with_it_takes_each_code_once(signed_in, approver, still_clock):
    secret = set_up(signed_in(approver))
    login = {"login": approver.email, "password": PASSWORD, "next": "/account/"}
    client, other = Client(), Client()

    response = client.post("/account/login/", login)
    assert response["Location"] == "/account/second-factor/authenticate/"
    assert client.get("/account/").status_code == 302
    assert client.post(response["Location"], {"code": wrong_code(secret)}).status_code == 400
    assert AuditEvent.objects.filter(kind="person.second_factor_failed", target_id=str(approver.pk)).count() == 1
    assert client.post(response["Location"], {"code": code_of(secret)})["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert AuditEvent.objects.get(kind="person.signed_in").after == {"second_factor": True}

    other.post("/account/login/", login)
    assert other.post(response["Location"], {"code": code_of(secret)}).status_code == 400
    assert other.get("/account/").status_code == 302


def test_five_wrong_codes_refuse_the_right_one_and_say_for_how_long(signed_in, approver, still_clock):
    secret = set_up(signed_in(approver))
    client = Client()
    client.post("/account/login/", {"login": approver.email, "password": PASSWORD})
    page = reverse("mfa_authenticate")
    statuses = [client.post(page, {"code": wrong_code(secret)}).status_code for _ in range(5)]
    failed = AuditEvent.objects.filter(kind="person.second_factor_failed")

    response = client.post(page, {"code": code_of(secret)})

    assert statuses == [400] * 5
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert "Too many wrong codes or keys for this account, so its second factor is closed for 15 more minutes. " in (
        response.content.decode()
    )
    assert failed.count() == 5
    assert client.get("/account/").status_code == 302


def test_second_factor_opens_again_after_a_quarter_of_an_hour(signed_in, approver, time_machine):
    time_machine.move_to("2026-03-02T10:00:05Z", tick=False)
    secret = set_up(signed_in(approver))
    client, page = Client(), reverse("mfa_authenticate")
    login = {"login": approver.email, "password": PASSWORD, "next": "/account/"}
    client.post("/account/login/", login)
    for _ in range(5):
        client.post(page, {"code": wrong_code(secret)})
    # Redis has a clock of its own, on which no time passes here.
    key, server = f"second-factor:{approver.pk}", cache.redis._cache.get_client()
    for place in (*lockout._places(key), lockout._lock(key)):
        assert 880 < server.ttl(cache.redis.make_and_validate_key(place)) <= 900
        cache.delete(place)

    time_machine.move_to("2026-03-02T10:15:10Z", tick=False)
    client.post("/account/login/", login)

    assert client.post(page, {"code": code_of(secret)})["Location"] == "/account/"


def test_wrong_codes_while_signed_in_count_together_and_are_429(signed_in, approver, still_clock):
    client = signed_in(approver)
    secret = set_up(client)
    again = reverse("mfa_reauthenticate")

    statuses = [client.post(again, {"code": wrong_code(secret)}).status_code for _ in range(6)]

    assert statuses == [400] * 5 + [429]
    assert Authenticator.objects.filter(user=approver).count() == 2


def test_password_once_more_does_not_begin_the_count_of_codes_anew(signed_in, approver, own_account, still_clock):
    secret = set_up(signed_in(approver))
    client, page = Client(), reverse("mfa_authenticate")
    for _ in range(3):
        client.post("/account/login/", {"login": approver.email, "password": PASSWORD})
        statuses = [client.post(page, {"code": wrong_code(secret)}).status_code for _ in range(2)]

    assert statuses == [400, 429]
    assert signed_in(own_account).get("/account/").status_code == 200


def test_recovery_code_signs_in_once(signed_in, approver, still_clock):
    owner = signed_in(approver)
    set_up(owner)
    code = owner.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]

    for expected in (302, 400):
        client = Client()
        client.post("/account/login/", {"login": approver.email, "password": PASSWORD, "next": "/account/"})
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_removing_it_is_audited_and_asks_those_who_need_one_for_another(signed_in, approver, still_clock):
    client = signed_in(approver)
    set_up(client)
    page = reverse("mfa_deactivate_totp")
    assert "the next page asks you to set up another" in client.get(page).content.decode()

    assert client.post(page).status_code == 302

    assert not Authenticator.objects.filter(user=approver).exists()
    assert AuditEvent.objects.filter(kind="person.second_factor_removed").count() == 1
    assert client.get("/account/")["Location"].startswith(SET_UP)


def test_new_recovery_codes_replace_the_old(signed_in, approver, still_clock):
    client = signed_in(approver)
    set_up(client)
    shown = reverse("mfa_view_recovery_codes")
    old = client.get(shown).context["unused_codes"]

    assert client.post(reverse("mfa_generate_recovery_codes")).status_code == 302

    new = client.get(shown).context["unused_codes"]
    assert len(new) == len(old) == 10
    assert not set(old) & set(new)
    assert AuditEvent.objects.filter(kind="person.recovery_codes_made").count() == 1
    assert new[0] in client.get(reverse("mfa_download_recovery_codes")).content.decode()


@pytest.mark.parametrize("name", ["mfa_activate_totp", "account_change_password", "mfa_generate_recovery_codes"])
def test_demonstration_account_stays_as_it_is(signed_in, world, name):
    person = world.person("finance")
    client = signed_in(person)

    assert "everybody who tries the demonstration shares" in client.get(reverse(name)).content.decode()
    new = "three unlikely words"
    response = client.post(reverse(name), {"oldpassword": PASSWORD, "password1": new, "password2": new, "code": "1"})

    assert response.status_code == 409
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert not Authenticator.objects.exists()
