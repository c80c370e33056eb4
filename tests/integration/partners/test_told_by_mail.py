"""People hear by e-mail of what changes how they sign in, so that nobody does it behind their back."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from integration_hub.core.models import Job
from partners.services import mail, sign_in
from tests.integration.partners.test_second_factor import PASSWORD, code_of, set_up, wrong_code

NEW = "copper kettle lighthouse"
CHANGED = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}


@pytest.fixture
def client(signed_in, own_account, time_machine):
    time_machine.move_to("2026-03-02T10:00:05Z", tick=False)
    return signed_in(own_account)


def test_change_of_the_password_is_told(client, run_jobs, own_account):
    assert client.post("/account/password/change/", CHANGED).status_code == 302

    (letter,) = run_jobs()

    assert (letter.to, letter.subject) == ([own_account.email], "Integration Hub: your password was changed")
    assert "the password of your account was changed on 2 March 2026 at 10:00." in letter.body
    assert "Then tell the people who run your installation." in letter.body
    assert NEW not in letter.body
    assert "http" not in letter.body, "nobody can be led elsewhere by a copy of it"


def test_password_set_by_the_link_is_told(client, run_jobs, own_account):
    client.logout()
    client.post("/account/password/reset/", {"email": own_account.email})
    (letter,) = run_jobs()
    link = re.search(r"/account/password/reset/key/\S+/", letter.body).group()
    page = client.get(link)["Location"]
    assert client.post(page, {"password1": NEW, "password2": NEW}).status_code == 302

    assert [letter.subject for letter in run_jobs()] == ["Integration Hub: your password was changed"]


def test_adding_making_codes_and_removing_are_told(client, run_jobs, own_account):
    set_up(client)
    (added,) = run_jobs()
    client.post(reverse("mfa_generate_recovery_codes"))
    (made,) = run_jobs()
    client.post(reverse("mfa_deactivate_totp"))
    (removed,) = run_jobs()

    assert [letter.subject for letter in (added, made, removed)] == [
        "Integration Hub: a second factor was added",
        "Integration Hub: new recovery codes were made",
        "Integration Hub: a second factor was removed",
    ]
    assert all("on 2 March 2026 at 10:00." in letter.body for letter in (added, made, removed))
    assert not Authenticator.objects.exists()


def test_what_was_refused_is_not_told(client, own_account):
    client.post("/account/password/change/", CHANGED | {"oldpassword": "wrong"})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": wrong_code(secret)})

    assert code_of(secret) != wrong_code(secret)
    assert not Job.objects.filter(kind=mail.TELL).exists()


def test_signing_out_is_not_told(own_account):
    sign_in.record_own_change("person.signed_out", person=own_account, at=timezone.now())

    assert not Job.objects.filter(kind=mail.TELL).exists()
