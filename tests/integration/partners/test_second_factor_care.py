"""Second factors: sealed at rest, sealed anew, and reset by an operator."""

from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from integration_hub.core import jobs, sealing
from integration_hub.core.models import AuditEvent, Job
from partners.domain.roles import Role
from partners.models import Session
from partners.services import mail
from tests.factories.partners import OrganisationFactory, UserFactory, give_role

SECRET = "JBSWY3DPEHPK3PXP"
REASON = "Came to the desk with a passport"
migration = import_module("partners.migrations.0005_seal_second_factors")


@pytest.fixture
def operator(db):
    person = UserFactory(email="operator@hub.example")
    give_role(person, OrganisationFactory(), Role.OPERATOR)
    return person


def set_up(person) -> None:
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)


def test_secrets_stand_sealed_in_the_database(own_account):
    set_up(own_account)

    assert SECRET not in str(list(Authenticator.objects.values_list("data", flat=True)))
    app, codes = (Authenticator.objects.get(type=kind).data for kind in ("totp", "recovery_codes"))
    assert sealing.unseal(app["secret"]) == SECRET
    assert sealing.is_sealed(codes["seed"])


def test_migration_seals_what_stood_in_the_clear_once_and_opens_it_again(own_account):
    set_up(own_account)
    rows = Authenticator.objects.filter(user=own_account)
    codes = rows.get(type="recovery_codes").wrap().generate_codes()
    migration.open_again(apps, None)
    assert rows.get(type="totp").data["secret"] == SECRET

    migration.seal(apps, None)
    sealed = rows.get(type="totp").data["secret"]
    migration.seal(apps, None)

    assert rows.get(type="totp").data["secret"] == sealed
    assert sealing.unseal(sealed) == SECRET
    assert rows.get(type="recovery_codes").wrap().generate_codes() == codes


def test_command_seals_anew_under_the_present_key(own_account, settings: Settings, capsys):
    set_up(own_account)
    earlier = settings.SECRET_KEY
    settings.SECRET_KEY = "another key " * 5
    with pytest.raises(CommandError):
        call_command("reseal_secrets")
    settings.SECRET_KEY_FALLBACKS = [earlier]

    call_command("reseal_secrets")

    assert "Sealed again: 2." in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    assert sealing.unseal(Authenticator.objects.get(type="totp").data["secret"]) == SECRET


def test_operator_resets_and_the_person_is_told(own_account, operator, capsys):
    set_up(own_account)
    password = own_account.password
    Client().force_login(own_account, backend="partners.backends.EmailBackend")

    call_command("reset_second_factor", own_account.email, "--reason", REASON, "--operator", operator.email)
    for job in Job.objects.filter(kind=mail.TELL):
        jobs.run(job_id=job.pk)

    assert not Authenticator.objects.filter(user=own_account).exists()
    assert not Session.objects.filter(person=own_account).exists()
    own_account.refresh_from_db()
    assert own_account.password == password
    line = AuditEvent.objects.get(kind="person.second_factor_reset")
    assert (line.actor_id, line.target_id, line.reason) == (str(operator.pk), str(own_account.pk), REASON)
    assert outbox.outbox[0].to == [own_account.email]
    assert "have removed your second factor" in outbox.outbox[0].body


@pytest.mark.parametrize(
    ("email", "reason", "by", "words"),
    [
        ("officer@partner.example", REASON, "officer@partner.example", "not the account of an operator"),
        ("operator@hub.example", REASON, "operator@hub.example", "Nobody resets their own"),
        ("officer@partner.example", " ", "operator@hub.example", "Say who asked"),
        ("nobody@partner.example", REASON, "operator@hub.example", "There is no account"),
    ],
)
def test_reset_is_refused_and_changes_nothing(own_account, operator, email, reason, by, words):
    set_up(own_account)
    set_up(operator)

    with pytest.raises(CommandError, match=words):
        call_command("reset_second_factor", email, "--reason", reason, "--operator", by)

    assert Authenticator.objects.count() == 4
    assert not AuditEvent.objects.filter(kind="person.second_factor_reset").exists()
