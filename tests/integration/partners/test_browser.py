"""Sign-in and account in a real browser: rules of WCAG, narrow screens, and the way back after a session ended."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from integration_hub.core import jobs
from partners.models import Session
from tests.functional.browsing import faults_of
from tests.integration.partners.test_single_sign_on import set_up

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery"


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def open_page(page: Page, path: str) -> None:
    response = page.goto(path)
    assert response is not None
    assert (response.status, page.url.endswith(path)) == (200, True), page.url


def test_pages_for_everybody_keep_the_rules(page, world):
    found = []
    for name in (
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "core:accessibility",
        "core:privacy",
        "core:retention",
        "core:licences",
    ):
        open_page(page, reverse(name))
        found += faults_of(page)

    assert found == []


def test_pages_behind_the_sign_in_keep_the_rules(page, world):
    page.goto("/account/")
    sign_in(page, world.person("auditor").email)
    found = []
    for path in (
        "/account/",
        "/account/tokens/",
        "/account/logout/",
        "/account/second-factor/",
        "/account/reauthenticate/",
        "/partners/",
        "/partners/roles/",
        f"/partners/{world.council.pk}/",
        f"/partners/{world.council.pk}/audit/",
    ):
        open_page(page, path)
        found += faults_of(page)

    assert found == []


def test_page_of_operators_keeps_the_rules(page, world):
    set_up(world.council, "https://provider.council.example")
    jobs.enqueue("partners.tidy", at=timezone.now())
    page.goto("/account/")
    sign_in(page, world.person("operator").email)
    page.get_by_role("link", name="Operations of this installation").click()
    expect(page.get_by_role("row", name="partners.tidy")).to_be_visible()

    assert faults_of(page) == []


def test_a_refused_sign_in_leads_the_eye_to_what_is_wrong(page, world):
    page.goto("/account/login/")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_title(re.compile("^Error: Sign in "))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Enter your e-mail address").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    assert faults_of(page) == []


def test_a_token_can_be_read_on_a_narrow_screen(page, world):
    page.goto("/account/tokens/")
    sign_in(page, world.person("finance").email)
    page.get_by_label("What it is for").fill("Monthly figures")
    page.get_by_label("Read", exact=True).check()
    page.get_by_label("For how many days").fill("30")
    with page.expect_navigation():
        page.get_by_role("button", name="Make the token").click()

    assert page.get_by_label("Token", exact=True).input_value().startswith("hub_")
    assert faults_of(page) == []


def test_a_session_that_ended_in_a_long_form_loses_nothing(page, world):
    form = reverse("governance:meeting_outcome", args=[world.meeting.pk])
    officer = world.person("governance").email
    page.goto(form)
    sign_in(page, officer)
    page.get_by_label("Outcome").fill("The board noted the report and asked for the figures of quarter 2.")
    Session.objects.all().delete()

    with page.expect_navigation():
        page.get_by_role("button", name="Save the outcome").click()
    expect(page).to_have_url(f"{page.url.partition('/account')[0]}/account/login/?next={form}")
    sign_in(page, officer)

    assert page.url.endswith(form)
    expect(page.get_by_label("Outcome")).to_have_value("")
    page.get_by_role("button", name="Put it back").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Save the outcome").click()
    world.meeting.refresh_from_db()
    assert world.meeting.outcome == "The board noted the report and asked for the figures of quarter 2."
