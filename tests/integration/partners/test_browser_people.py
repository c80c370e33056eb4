"""The pages of a partner's people in a real browser. The journeys that lead through them: tests/functional."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from partners.domain.roles import Role
from partners.models import Membership, User
from partners.services import invitations, links
from tests.functional.browsing import faults_of
from tests.integration.partners.test_single_sign_on import set_up

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery"


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


def test_pages_of_people_keep_the_rules(open_browser, world):
    person, council = world.person("finance"), world.council
    Membership.objects.filter(organisation=council).update(recorded_at=timezone.now() - timedelta(days=350))
    page = open_browser()
    sign_in(page, world.person("admin").email, reverse("partners:people", args=[council.pk]))
    found = faults_of(page)
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
        found += faults_of(page)

    set_up(council, "https://provider.council.example")
    invited = invitations.invite(
        organisation=council,
        email="new.officer@council.example",
        name="New officer",
        roles=[Role.FINANCE],
        starts_on=timezone.localdate(),
        ends_on=None,
        site="http://testserver/",
        by=world.person("admin"),
        at=timezone.now(),
    )
    page.goto(reverse("partners:people", args=[council.pk]))
    expect(page.get_by_text("It can be sent again from")).to_be_visible()
    found += faults_of(page)
    stranger = open_browser()
    link = links.make(invitation_id=invited.pk, at=timezone.now())
    stranger.goto(reverse("partners:invitation", args=[link.secret]))
    expect(stranger.get_by_role("link", name="Take it up with Council account")).to_be_visible()
    found += faults_of(stranger)

    page.goto(reverse("partners:review", args=[council.pk]))
    page.get_by_label("Still needed by Finance of council: Finance officer").check()
    press(page, "Confirm what is ticked")
    expect(page.get_by_text("Confirmed by Admin of council")).to_be_visible()
    page.goto(reverse("partners:person_leaves", args=[council.pk, person.pk]))
    page.get_by_label("Why do they leave?").fill("Moved to another partner")
    press(page, "End everything now")
    expect(page.get_by_text("Finance of council no longer acts for Southwark Council.")).to_be_visible()

    assert found == []
    assert not User.objects.get(pk=person.pk).is_active
