"""A merger in a real browser: prepared by one, previewed and agreed to by a partner, confirmed by another."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from partners.models import Organisation, Succession
from pooled_budgets.models import Fund
from tests.integration.partners.succeeding import Stage, paid

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, WIDE = {"width": 320, "height": 900}, {"width": 1280, "height": 900}


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, email: str, path: str) -> None:
    page.context.clear_cookies()
    page.goto(path)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def check(page: Page) -> None:
    """No fault of accessibility, and no sideways scrolling at 320 px."""
    page.set_viewport_size(NARROW)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    rules = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    page.set_viewport_size(WIDE)
    assert (wider, [f"{rule['id']} {rule['nodes'][0]['target']}" for rule in rules]) == (0, []), page.url


def test_merger_is_prepared_previewed_agreed_to_and_confirmed(page: Page):
    stage = Stage()
    stage.organisation("icb", "icb", title="NHS North East London ICB")
    for name, amount in (("newham", "1000000.01"), ("barking", "2000000.00")):
        stage.organisation(name, "ccg", name.capitalize(), title=f"NHS {name.capitalize()} CCG")
        stage.fund(name, name.capitalize(), name, total="5000000.00")
        stage.pays(name, name, amount)
    operator, second, admin = stage.operator(1), stage.operator(2), stage.person("admin", "newham")
    start = reverse("partners:succession_new")

    sign_in(page, operator.email, start)
    check(page)
    page.get_by_label("Merger").check()
    page.get_by_label("From which day").fill("1 July 2022")
    page.get_by_label("Legal instrument").fill("Health and Care Act 2022, section 14")
    for number, name in enumerate(("NHS Newham CCG", "NHS Barking CCG")):
        page.locator(f"#id_lines-{number}-predecessor").fill(name)
        page.locator(f"#id_lines-{number}-successor").fill("NHS North East London ICB")
        page.locator(f"#id_lines-{number}-keeps").check()
    page.get_by_role("button", name="Keep the draft and show the preview").click()
    expect(page.get_by_text("This is a preview: nothing has moved")).to_be_visible()
    assert "£" not in page.inner_text("main")  # an operator sees no partner's figures
    check(page)
    address = reverse("partners:succession", args=[Succession.objects.get().pk])

    sign_in(page, admin.email, address)
    expect(page.get_by_role("table", name="Totals of your partner")).to_contain_text("£1,000,000.01")
    assert "£2,000,000.00" not in page.inner_text("main")
    expect(page.get_by_role("table", name="What your partner holds, line by line")).to_contain_text(
        "NHS North East London ICB: £750,000.01"
    )
    check(page)
    page.get_by_role("button", name="Agree for NHS Newham CCG").click()
    expect(page.get_by_text("You agreed for NHS Newham CCG")).to_be_visible()
    assert not Organisation.objects.filter(valid_to__isnull=False).exists()

    sign_in(page, second.email, address)
    page.get_by_role("button", name="Confirm the succession").click()
    expect(page.get_by_text("The succession is confirmed")).to_be_visible()
    check(page)
    fund = Fund.objects.get(name="newham")
    assert fund.owner.key == "icb"
    assert {name: str(amount) for name, amount in paid(fund).items()} == {"newham": "250000.00", "icb": "750000.01"}
    assert str(Organisation.objects.get(key="barking").valid_to) == "2022-06-30"
