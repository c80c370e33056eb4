"""The register kept in a real browser by an operator: an organisation, the areas that it serves, and a footprint."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from partners.models import Footprint, FootprintLink, Organisation
from tests.factories.partners import AreaFactory
from tests.functional.browsing import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery"


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, email: str, path: str) -> None:
    page.goto(path)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def check(page: Page) -> None:
    """No fault of accessibility, and no sideways scrolling at 320 px."""
    assert faults_of(page) == []


def send(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def test_operator_enters_an_organisation_serves_areas_renames_and_ends_it(page: Page, world):
    AreaFactory(name="City of London", ons_code="E09000001")
    AreaFactory(name="Hackney", ons_code="E09000012")
    sign_in(page, world.person("operator").email, "/partners/")

    page.get_by_role("link", name="Enter an organisation").click()
    check(page)
    send(page, "Enter the organisation")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Enter the name")
    check(page)
    page.get_by_label("Name", exact=True).fill("NHS City and Hackney CCG")
    page.get_by_label("Kind").select_option("ccg")
    page.get_by_label("First day").fill("1 April 2013")
    page.get_by_label("ODS code").fill("07T")
    page.get_by_label("Reason for the change").fill("Paper of 2016")
    send(page, "Enter the organisation")
    made = Organisation.objects.get(name="NHS City and Hackney CCG")
    expect(page.get_by_role("heading", level=1)).to_have_text("NHS City and Hackney CCG")
    check(page)

    for name in ("City of London (E09000001)", "Hackney (E09000012)"):
        page.get_by_role("link", name="Add an area served").click()
        page.get_by_label("Area", exact=True).select_option(label=name)
        page.get_by_label("First day on which").fill("1 April 2013")
        page.get_by_label("Reason for the change").fill("Paper of 2016")
        send(page, "Save")
    expect(page.locator(".govuk-summary-list")).to_contain_text(
        "City of London from 1 April 2013, Hackney from 1 April 2013"
    )
    check(page)

    for link, fields in (
        ("Enter a new name", {"New name": "City and Hackney CCG", "First day of the new name": "1 April 2020"}),
        ("End serving City of London", {"Last day": "31 March 2021"}),
        ("Enter the last day", {"Last day": "30 June 2022"}),
    ):
        page.get_by_role("link", name=link).click()
        check(page)
        for label, value in fields.items():
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_label("Reason for the change").fill("As published")
        send(page, "Save")
    made.refresh_from_db()
    assert (made.name, made.valid_to, made.codes.get().valid_to) == ("City and Hackney CCG", *[date(2022, 6, 30)] * 2)
    expect(page.locator(".govuk-summary-list")).to_contain_text("until 31 March 2021")
    check(page)


def test_operator_enters_a_footprint_moves_and_ends_it(page: Page, world):
    wide = Footprint.objects.create(key="wide", kind="ics", name="Wide system")
    sign_in(page, world.person("operator").email, "/partners/footprints/")

    page.get_by_role("link", name="Enter a footprint").click()
    check(page)
    page.get_by_label("Name", exact=True).fill("Middle")
    page.get_by_label("Local system").check()
    page.get_by_label("ONS codes of the areas").fill("E09000028")
    page.get_by_label("Reason for the change").fill("Paper")
    send(page, "Enter the footprint")
    made = Footprint.objects.get(name="Middle")
    check(page)

    page.get_by_role("link", name="Move the footprint").click()
    check(page)
    page.get_by_label("Lies in").select_option(label="Wide system (integrated care system)")
    page.get_by_label("From which day").fill("1 July 2022")
    page.get_by_label("Reason for the change").fill("New map")
    send(page, "Save")
    expect(page.locator(".govuk-summary-list")).to_contain_text("Wide system from 1 July 2022")
    assert FootprintLink.objects.get().parent == wide

    page.get_by_role("link", name="Enter the last day").click()
    check(page)
    page.get_by_label("Last day").fill("31 March 2024")
    page.get_by_label("Reason for the change").fill("Gone")
    send(page, "Save")
    made.refresh_from_db()
    assert made.valid_to == date(2024, 3, 31)
    check(page)
    page.goto(reverse("partners:footprints"))
    check(page)
