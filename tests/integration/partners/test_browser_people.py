"""People and roles in a real browser: from the invitation to a first page with a second factor, switching, a deputy."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from partners.models import Deputy, Membership, User
from tests.factories.partners import give_role

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery"
NEW_PASSWORD = "three unlikely words"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LINK = re.compile(r"/account/invitation/\S+/")


@pytest.fixture
def open_browser(browser: Browser, live_server) -> Iterator:
    contexts = []

    def page() -> Page:
        context = browser.new_context(base_url=live_server.url)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


def sign_in(page: Page, email: str, path: str) -> None:
    page.goto(path)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")
    assert page.url.endswith(path), page.url


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def faults(page: Page) -> list[str]:
    """What axe finds on a narrow screen, and whether the page is wider than that."""
    page.set_viewport_size({"width": 320, "height": 900})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [f"{page.url}: {wider} px too wide"] if wider > 0 else []
    rules = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    page.set_viewport_size({"width": 1280, "height": 900})
    return found + [f"{page.url}: {rule['id']} {rule['nodes'][0]['target']}" for rule in rules]


def test_invitation_to_first_page_with_a_second_factor(open_browser, world, run_jobs):
    administrator = open_browser()
    sign_in(administrator, world.person("admin").email, reverse("partners:invite", args=[world.council.pk]))
    found = faults(administrator)
    administrator.get_by_label("E-mail address").fill("treasurer@council.example")
    administrator.get_by_label("Name", exact=True).fill("New treasurer")
    administrator.get_by_label("Approver", exact=True).check()
    administrator.get_by_label("An approver signs as").select_option("section_151_officer")
    press(administrator, "Send the invitation")
    (mail,) = run_jobs()
    administrator.reload()
    expect(administrator.get_by_text("treasurer@council.example: Approver as section 151 officer")).to_be_visible()
    found += faults(administrator)

    page = open_browser()
    page.goto(LINK.search(mail.body).group())
    found += faults(page)
    press(page, "Set the password and accept")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.get_by_label("Your name")).to_have_value("New treasurer")
    page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("Password again").fill(NEW_PASSWORD)
    press(page, "Set the password and accept")

    page.wait_for_url("**/account/second-factor/app/**")
    page.get_by_text("I cannot scan it").click()
    secret = page.locator("code").inner_text()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("Code from your authenticator app").fill(code)
    page.get_by_label("Code from your authenticator app").press("Enter")
    page.wait_for_url("**/recovery-codes/")
    page.goto("/account/")
    expect(page.get_by_role("cell", name="Approver (section 151 officer)")).to_be_visible()
    assert found == []
    assert AuditEvent.objects.filter(kind="invitation.accepted", actor_name="New treasurer").count() == 1


def test_switching_partner_narrows_what_waits(open_browser, world):
    person = world.person("admin")
    give_role(person, world.ccg, Role.ADMIN)
    page = open_browser()
    sign_in(page, person.email, "/")
    headings = page.locator("h2").all_inner_texts()
    assert {"NHS Southwark CCG", "Southwark Council"} <= set(headings)

    page.get_by_role("link", name="Switch partner").click()
    page.get_by_label("NHS Southwark CCG", exact=True).check()
    found = faults(page)
    press(page, "Act for this partner")
    expect(page.locator(".hub-person__for")).to_contain_text("for NHS Southwark CCG")
    page.goto("/")

    headings = page.locator("h2").all_inner_texts()
    assert "NHS Southwark CCG" in headings
    assert "Southwark Council" not in headings
    assert found == []


def test_deputy_is_named_and_stands_beside_the_name(open_browser, world):
    approver, deputy = world.person("approver"), world.person("metrics")
    page = open_browser()
    sign_in(page, approver.email, reverse("partners:deputy_new", args=[approver.memberships.get().pk]))
    found = faults(page)
    page.get_by_label("Who stands in?").select_option(label=str(deputy))
    page.get_by_label("Sign off a return or send it back").check()
    page.get_by_label("Until (day, month, year)").fill(f"{timezone.localdate():%d/%m/%Y}")
    press(page, "Name the deputy")

    expect(page.get_by_text("Metrics of council stands in for Approver of council.")).to_be_visible()
    expect(page.get_by_text("Deputy for Approver of council")).to_be_visible()
    assert Deputy.objects.get().permissions == ["return_sign"]
    assert found == []


def test_pages_of_people_keep_the_rules(open_browser, world):
    person, council = world.person("finance"), world.council
    Membership.objects.filter(organisation=council).update(recorded_at=timezone.now() - timedelta(days=350))
    page = open_browser()
    sign_in(page, world.person("admin").email, reverse("partners:people", args=[council.pk]))
    found = faults(page)
    for name, args in (
        ("people", [council.pk]),
        ("person", [council.pk, person.pk]),
        ("role_grant", [council.pk, person.pk]),
        ("person_leaves", [council.pk, person.pk]),
        ("role_end", [person.memberships.get().pk]),
        ("review", [council.pk]),
    ):
        response = page.goto(reverse(f"partners:{name}", args=args))
        assert response.status == 200
        found += faults(page)

    page.goto(reverse("partners:review", args=[council.pk]))
    page.get_by_label("Still needed by Finance of council: Finance officer").check()
    press(page, "Confirm what is ticked")
    expect(page.get_by_text("Confirmed by Admin of council")).to_be_visible()
    page.goto(reverse("partners:person_leaves", args=[council.pk, person.pk]))
    press(page, "End everything now")
    expect(page.get_by_text("Finance of council no longer acts for Southwark Council.")).to_be_visible()

    assert found == []
    assert not User.objects.get(pk=person.pk).is_active
