"""One's own account: who am I, a new password, the way back after a session ended, the form that was not accepted."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from integration_hub.core.models import AuditEvent, Job
from partners.domain.roles import Role
from partners.services import sign_in
from tests.factories.partners import OrganisationFactory, UserFactory, give_role

PASSWORD = "correct horse battery"
NEW = "three unlikely words"


def test_account_page_says_for_whom_the_person_acts_and_from_when(signed_in, own_account):
    give_role(own_account, OrganisationFactory(name="Southwark Council"), Role.FINANCE)

    page = signed_in(own_account).get("/account/").content.decode()

    for words in ("officer@partner.example", "Southwark Council", "Finance officer", "1 April 2009", "No end set"):
        assert words in page
    assert "Authenticator app" not in page


def test_account_page_of_somebody_without_a_role_says_what_to_do(signed_in, own_account):
    page = signed_in(own_account).get("/account/").content.decode()

    assert "You act for no partner" in page


def test_password_change_keeps_this_session_and_ends_the_others(signed_in, own_account):
    here, elsewhere = signed_in(own_account), signed_in(own_account)

    response = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )

    assert response["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert AuditEvent.objects.filter(kind="person.password_changed", actor_id=str(own_account.pk)).count() == 1


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"oldpassword": "wrong", "password1": NEW, "password2": NEW}, "This is not your password now"),
        ({"oldpassword": PASSWORD, "password1": "short", "password2": "short"}, "too short"),
        ({"oldpassword": PASSWORD, "password1": NEW, "password2": "another"}, "same password each time"),
        ({"oldpassword": PASSWORD, "password1": "passwordpassword1", "password2": ""}, "Enter the new password again"),
    ],
)
def test_password_change_refused_is_400_and_changes_nothing(signed_in, own_account, sent, message):
    response = signed_in(own_account).post(reverse("account_change_password"), sent)

    assert response.status_code == 400
    assert message in response.content.decode()
    own_account.refresh_from_db()
    assert own_account.check_password(PASSWORD)
    assert not AuditEvent.objects.filter(kind="person.password_changed").exists()


def test_asking_for_a_password_answers_the_same_for_every_address(client, own_account, deliver):
    page = reverse("account_reset_password")

    answers = [client.post(page, {"email": email}) for email in (own_account.email, "nobody@partner.example")]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, f"{page}done/")}
    deliver()
    known, unknown = sorted(mail.outbox, key=lambda message: message.to != [own_account.email])
    assert "/account/password/reset/key/" in known.body
    assert known.subject == "Integration Hub: a link for a new password"
    assert "/account/password/reset/key/" not in unknown.body
    assert "There is no account for it" in unknown.body


def test_link_for_a_password_works_once(client, own_account, deliver):
    client.post(reverse("account_reset_password"), {"email": own_account.email})
    deliver()
    address = re.search(r"/account/password/reset/key/\S+", mail.outbox[0].body).group()
    form = client.get(address)["Location"]
    assert client.get(form).status_code == 200

    assert client.post(form, {"password1": NEW, "password2": "another one"}).status_code == 400
    assert client.post(form, {"password1": NEW, "password2": NEW})["Location"].endswith("/key/done/")

    own_account.refresh_from_db()
    assert own_account.check_password(NEW)
    again = Client().get(address)
    assert "This link does not work" in again.content.decode()
    assert AuditEvent.objects.filter(kind="person.password_changed").count() == 1


def test_link_for_a_password_that_was_made_up_says_what_to_do(client, db):
    page = client.get("/account/password/reset/key/abc-def/").content.decode()

    assert "This link does not work" in page
    assert "Ask for a new link" in page


def test_reauthenticating_counts_towards_the_same_lock(signed_in, own_account):
    client = signed_in(own_account)
    for _ in range(5):
        client.post("/account/reauthenticate/", {"password": "wrong"})

    response = Client().post("/account/login/", {"login": own_account.email, "password": PASSWORD})

    assert response.status_code == 429


def test_trying_out_passwords_by_changing_it_counts_towards_the_same_lock(signed_in, own_account):
    client, new = signed_in(own_account), "copper kettle lighthouse"
    sent = {"oldpassword": "wrong", "password1": new, "password2": new}
    for _ in range(5):
        assert client.post("/account/password/change/", sent).status_code == 400

    login = Client().post("/account/login/", {"login": own_account.email, "password": PASSWORD})

    assert login.status_code == 429
    own_account.refresh_from_db()
    assert own_account.check_password(PASSWORD)


@pytest.mark.parametrize("email", ["officer@partner.example", "nobody@partner.example"])
def test_asking_for_a_password_too_often_says_when_again_for_every_address(client, own_account, email):
    page = "/account/password/reset/"
    statuses = [client.post(page, {"email": email}).status_code for _ in range(5)]
    jobs = Job.objects.count()

    response = client.post(page, {"email": email})

    assert statuses == [302] * 5
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    words = "Too many requests for a new password, so asking for one is closed for 1 more minute. Wait, then ask again"
    assert words in response.content.decode()
    assert Job.objects.count() == jobs
    assert client.post(page, {"email": "another@partner.example"}).status_code == 302


# The form that was not accepted


def test_form_without_its_token_is_403_and_says_what_to_do(own_account):
    client = Client(enforce_csrf_checks=True)
    client.force_login(own_account, backend="partners.backends.EmailBackend")

    response = client.post("/account/tokens/", {"name": "x", "scope": "read", "days": "1"})

    assert response.status_code == 403
    page = response.content.decode()
    assert "The form was not accepted" in page
    assert "what you typed is kept in this browser" in page
    assert not own_account.api_tokens.exists()


def test_api_session_without_the_csrf_token_is_403_as_problem(own_account):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(own_account, backend="partners.backends.EmailBackend")

    response = client.post("/api/v1/areas/", {})

    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"


def test_audit_of_sign_in_names_no_partner_where_there_are_several(db):
    person = UserFactory()
    for _ in range(2):
        give_role(person, OrganisationFactory(), Role.FINANCE)

    sign_in.record_signed_in(person=person, second_factor=False, at=timezone.now())

    assert AuditEvent.objects.get(kind="person.signed_in").partner_id == ""
