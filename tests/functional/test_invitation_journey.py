"""From an administrator's invitation to the first sign-in with a second factor, on the pages that people meet."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django import Settings

from integration_hub.core.models import AuditEvent
from partners.models import Membership
from tests.functional.browsing import code_of, letters

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

ADDRESS, PASSWORD = "treasurer@council.example", "copper kettle lighthouse"
LINK = re.compile(r"/account/invitation/\S+/")


def test_invited_approver_sets_up_a_second_factor_and_signs_in_with_it(visitor, world, settings: Settings) -> None:
    settings.MFA_TOTP_TOLERANCE = 1  # a code may be typed while the app goes on to the next
    administrator = visitor()
    administrator.sign_in(world.person("admin"), reverse("partners:people", args=[world.council.pk]))
    administrator.page.get_by_role("link", name="Invite somebody").first.click()
    administrator.check()
    form = administrator.page
    form.get_by_label("E-mail address").fill(ADDRESS)
    form.get_by_label("Name", exact=True).fill("New treasurer")
    form.get_by_label("Approver", exact=True).check()
    form.get_by_label("An approver signs as").select_option("section_151_officer")
    administrator.press("Send the invitation")
    expect(form.get_by_text(f"The invitation to {ADDRESS} is on its way.")).to_be_visible()
    (letter,) = letters()
    assert letter.to == [ADDRESS]
    form.reload()
    expect(form.get_by_text(f"{ADDRESS}: Approver as section 151 officer")).to_be_visible()
    administrator.check()

    new = visitor()
    assert new.open(LINK.search(letter.body).group()) == 200
    new.check()
    new.press("Set the password and accept")
    expect(new.page.locator(".govuk-error-summary")).to_be_focused()
    expect(new.page.get_by_label("Your name")).to_have_value("New treasurer")
    new.page.get_by_label("Password", exact=True).fill(PASSWORD)
    new.page.get_by_label("Password again").fill(PASSWORD)
    new.press("Set the password and accept")

    # Whatever page they ask for, a signatory sets a second factor up first.
    new.open("/")
    expect(new.page).to_have_title(re.compile("^Set up an authenticator app"))
    new.check()
    new.page.get_by_text("I cannot scan it").click()
    secret = new.page.locator("code").inner_text()
    new.page.get_by_label("Code from your authenticator app").fill("000000")
    new.press("Set it up")
    expect(new.page.locator(".govuk-error-summary")).to_contain_text("This is not right")
    new.page.get_by_label("Code from your authenticator app").fill(code_of(secret))
    new.press("Set it up")
    expect(new.page).to_have_title(re.compile("^Recovery codes"))
    new.check()
    new.press("Sign out")

    new.enter_password(ADDRESS, PASSWORD, "/account/")
    expect(new.page).to_have_title(re.compile("^Your second factor"))
    new.check()
    assert "/second-factor/" in new.page.url
    new.page.get_by_label("Code from your authenticator app").fill(code_of(secret))
    new.press("Go on")
    expect(new.page).to_have_title(re.compile("^Your account"))
    expect(new.page.get_by_role("cell", name="Approver (section 151 officer)")).to_be_visible()
    new.check()

    assert Membership.objects.get(person__email=ADDRESS).capacity == "section_151_officer"
    signed_in = AuditEvent.objects.filter(kind="person.signed_in", actor_name="New treasurer").latest("recorded_at")
    assert signed_in.after == {"second_factor": True}
    assert AuditEvent.objects.filter(kind="invitation.accepted", actor_name="New treasurer").count() == 1
    used = visitor()
    assert used.open(LINK.search(letter.body).group()) == 404
