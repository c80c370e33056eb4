"""Security keys and the end of a session in a real browser."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from integration_hub.core.models import AuditEvent
from partners import sessions
from partners.domain.roles import Role
from partners.models import Session, User
from tests.factories.partners import OrganisationFactory, UserFactory, give_role
from tests.functional.browsing import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery"


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def approver(transactional_db) -> User:
    person = UserFactory(email="approver@partner.example", name="Approver", is_demonstration=False)
    give_role(person, OrganisationFactory(name="Southwark Council"), Role.APPROVER)
    return person


def put_in_key(page: Page) -> str:
    """A security key of the browser's own, which touches itself; its id."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True, "isUserVerified": True}
    key = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "hasUserVerification": True}})
    return str(key["authenticatorId"])


def sign_in(page: Page, person: User, path: str = "/account/") -> None:
    page.goto(path)
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def confirm_password(page: Page) -> None:
    expect(page).to_have_title(re.compile("^Confirm that it is you"))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def test_security_key_is_added_used_to_sign_in_and_removed(page, approver):
    put_in_key(page)
    sign_in(page, approver)
    confirm_password(page)
    expect(page).to_have_title(re.compile("^Set up an authenticator app"))
    assert faults_of(page) == []
    page.get_by_role("link", name="Use a security key instead").click()
    page.get_by_label("What you call this key").fill("Blue key")
    assert faults_of(page) == []
    page.get_by_role("button", name="Add the key").click()
    expect(page).to_have_title(re.compile("^Recovery codes"))
    page.goto("/account/second-factor/")
    expect(page.get_by_role("term").filter(has_text="Blue key")).to_be_visible()
    assert faults_of(page) == []

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, approver)
    expect(page).to_have_title(re.compile("^Your second factor"))
    assert faults_of(page) == []
    page.get_by_role("button", name="Use your security key").click()
    expect(page).to_have_title(re.compile("^Your account"))
    assert AuditEvent.objects.filter(kind="person.signed_in").latest("at").after == {"second_factor": True}

    page.goto("/account/second-factor/")
    page.get_by_role("link", name="Remove").click()
    expect(page).to_have_title(re.compile("^Confirm that it is you"))
    page.get_by_role("link", name="Use your security key instead").click()
    assert faults_of(page) == []
    page.get_by_role("button", name="Use your security key").click()
    expect(page).to_have_title(re.compile("^Remove a security key"))
    assert faults_of(page) == []
    page.get_by_role("button", name="Remove it").click()
    # The role asks for another at once.
    expect(page).to_have_title(re.compile("^Set up an authenticator app"))
    assert AuditEvent.objects.filter(kind="person.second_factor_removed").count() == 1


def test_another_key_does_not_sign_in(page, approver):
    put_in_key(page)
    sign_in(page, approver, "/account/second-factor/key/")
    confirm_password(page)
    page.get_by_role("button", name="Add the key").click()
    expect(page).to_have_title(re.compile("^Recovery codes"))
    other = page.context.browser.new_context(base_url=page.url.partition("/account")[0])
    stranger = other.new_page()
    put_in_key(stranger)

    sign_in(stranger, approver)
    stranger.get_by_role("button", name="Use your security key").click()

    expect(stranger.get_by_text("No key was used.")).to_be_visible()
    stranger.goto("/account/")
    expect(stranger).to_have_title(re.compile("^Your second factor"))
    other.close()


def use_up(person: User, left: timedelta) -> None:
    """As if the last thing that the person did were so long ago that only `left` is left."""
    for row in Session.objects.filter(person=person):
        store = sessions.SessionStore(row.session_key)
        assert store[SESSION_KEY] == str(person.pk)
        store[sessions.USED] = (timezone.now() - timedelta(minutes=30) + left).timestamp()
        store.save()


def test_warning_lets_a_person_stay(page, world):
    person = world.person("finance")
    sign_in(page, person)
    expect(page).to_have_title(re.compile("^Your account"))
    page.get_by_role("link", name="Your password").focus()
    use_up(person, timedelta(seconds=100))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    warning = page.get_by_role("alertdialog", name="Are you still there?")
    expect(warning).to_contain_text("You will be signed out in 2 minutes")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert faults_of(page) == []
    page.get_by_role("button", name="Stay signed in").click()

    expect(warning).to_be_hidden()
    expect(page.get_by_role("link", name="Your password")).to_be_focused()
    assert sessions.SessionStore(Session.objects.get(person=person).session_key).seconds_left > 1700


def test_warning_goes_when_another_tab_stayed(page, world):
    person = world.person("finance")
    sign_in(page, person)
    expect(page).to_have_title(re.compile("^Your account"))
    use_up(person, timedelta(seconds=90))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    warning = page.get_by_role("alertdialog")
    expect(warning).to_be_visible()

    page.context.new_page().goto("/account/")

    expect(warning).to_be_hidden(timeout=15_000)


def test_end_of_the_session_says_so_and_leads_back(page, world):
    person = world.person("finance")
    sign_in(page, person)
    expect(page).to_have_title(re.compile("^Your account"))
    Session.objects.filter(person=person).delete()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    over = page.get_by_role("alertdialog", name="You are signed out")
    expect(over).to_contain_text("What you typed in a long form is kept in this tab")
    assert faults_of(page) == []
    page.get_by_role("link", name="Sign in again").click()
    expect(page).to_have_url(re.compile(r"/account/login/\?next=%2Faccount%2F$"))


def test_after_twelve_hours_nobody_is_told_that_they_could_stay(page, world, settings: Settings):
    settings.SESSION_AT_MOST = timedelta(seconds=100)
    sign_in(page, world.person("finance"))
    expect(page).to_have_title(re.compile("^Your account"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    warning = page.get_by_role("alertdialog")
    expect(warning).to_contain_text("because you signed in so long ago")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
    page.get_by_role("link", name="Go back to the page").click()
    expect(warning).to_be_hidden()


def test_sessions_page_keeps_the_rules(page, own_account):
    sign_in(page, own_account, "/account/sessions/")
    expect(page).to_have_title(re.compile("^Your sessions"))

    assert faults_of(page) == []
