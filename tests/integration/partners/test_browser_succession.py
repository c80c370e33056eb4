"""A merger in a real browser: three CCGs into one ICB on 1 July 2022, from the draft to what stays as it was."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from partners.models import Organisation, OrganisationCode, Succession, User
from pooled_budgets.models import Fund
from tests.factories import worlds
from tests.factories.partners import UserFactory, give_role
from tests.functional.browsing import WIDE, faults_of
from tests.integration.bcf_metrics.conftest import Journey, begin
from tests.integration.partners.succeeding import Stage, paid

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

PASSWORD, SECRET = "correct horse battery", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SHOTS = os.environ.get("HUB_SHOTS", "")
ICB = "NHS South East London ICB"
CCGS = {
    "southwark": ("NHS Southwark CCG", "08Q", "20123456.81"),
    "lambeth": ("NHS Lambeth CCG", "08K", "22654321.99"),
    "lewisham": ("NHS Lewisham CCG", "08L", "18000000.01"),
}


@pytest.fixture
def visit(browser: Browser, live_server) -> Iterator[Callable[[User, str], Page]]:
    """A page on which a person has signed in, each in a browser of their own."""
    contexts = []

    def opened(person: User, path: str) -> Page:
        context = browser.new_context(base_url=live_server.url, accept_downloads=True)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        page.get_by_label("E-mail address").fill(person.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in").click()
        return page

    yield opened
    for context in contexts:
        context.close()


def look(page: Page, name: str) -> None:
    """No fault of accessibility, and no sideways scrolling at 320 px. Pictures where HUB_SHOTS names a directory."""
    assert faults_of(page) == []
    if SHOTS:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(WIDE)


def exported(page: Page, journey: Journey) -> bytes:
    page.goto(reverse("bcf_metrics:return_detail", args=[journey.quarterly_return.pk]))
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as a workbook").click()
    return Path(download.value.path()).read_bytes()


@pytest.fixture
def journey(transactional_db) -> Journey:
    """Southwark's return of quarter 1 of 2014/15, signed by its council and its CCG."""
    signed = begin(worlds.build())
    signed.complete()
    signed.send()
    signed.sign()
    signed.sign("ccg")
    return signed


@pytest.fixture
def stage(journey: Journey) -> Stage:
    """Three CCGs with a code, a fund of 2022/23 and an administrator each; Southwark's is the one that signed."""
    stage, world = Stage(), journey.world
    stage.organisation("icb", "icb", title=ICB)
    stage.organisations["southwark"], stage.areas["Southwark"] = world.ccg, world.area
    stage.boards["Southwark"], stage.agreements["Southwark"] = world.board, world.agreement
    for name, (title, code, amount) in CCGS.items():
        if name not in stage.organisations:
            stage.organisation(name, "ccg", name.capitalize(), title=title)
        OrganisationCode.objects.create(
            organisation=stage.organisations[name], scheme="ods", code=code, checked=True, source="A published list"
        )
        stage.fund(f"Better Care Fund of {name}", name.capitalize(), name, total=amount)
        stage.pays(f"Better Care Fund of {name}", name, amount)
        stage.seat(name.capitalize(), name, f"Chief officer of {name}")
        stage.person("admin", name)
    stage.person("admin", "icb")
    return stage


@pytest.fixture
def second_operator(stage: Stage) -> User:
    """Another operator, whose account is their own: a second factor is asked of it."""
    person = UserFactory(email="second@hub.example", name="Second operator", is_demonstration=False)
    stage.operator()
    give_role(person, stage.organisations["operations"], Role.OPERATOR)
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


def test_three_ccgs_become_one_icb_on_1_july_2022(visit, stage: Stage, journey: Journey, second_operator: User):
    council = visit(journey.world.person("approver"), "/")
    before = exported(council, journey)
    address = prepared(visit(stage.operator(), reverse("partners:successions")))
    for name in CCGS:
        agreed_to(visit(stage.person("admin", name), address), name)
    page = visit(stage.person("admin", "icb"), address)
    coming = page.get_by_role("table", name="What comes to your partner")
    expect(coming).to_contain_text("£15,092,592.61")  # nine months of Southwark's 20,123,456.81
    assert "£5,030,864.20" not in page.inner_text("main")  # what stays with the CCG
    look(page, "succession-icb")
    page.get_by_role("button", name=f"Agree for {ICB}").click()
    expect(page.get_by_text(f"You agreed for {ICB}")).to_be_visible()
    assert not Organisation.objects.filter(valid_to__isnull=False).exists()

    confirmed_with_a_second_factor(visit(second_operator, address), address)

    assert Succession.objects.get().confirmed_by == second_operator
    assert AuditEvent.objects.filter(kind="succession.confirmed").count() == 4
    for name, (_, _, amount) in CCGS.items():
        payers = paid(Fund.objects.get(name=f"Better Care Fund of {name}"))
        assert f"{sum(amount or 0 for amount in payers.values()):.2f}" == amount
        assert len(payers) == 2
    assert exported(council, journey) == before
    names_of_the_day(visit(stage.person("admin", "southwark"), address), stage, journey)


def prepared(page: Page) -> str:
    """The operator enters the draft and sees who follows whom, and no partner's figures; the draft's address."""
    expect(page.get_by_text("No successions")).to_be_visible()
    look(page, "successions-empty")
    page.get_by_role("link", name="Prepare a succession").click()
    look(page, "succession-new")
    page.get_by_role("button", name="Keep the draft and show the preview").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what happens")
    look(page, "succession-new-refused")
    page.get_by_label("Merger").check()
    page.get_by_label("From which day").fill("1 July 2022")
    page.get_by_label("Legal instrument").fill("Health and Care Act 2022, section 19")
    for number, (title, _, _) in enumerate(CCGS.values()):
        page.locator(f"#id_lines-{number}-predecessor").fill(title)
        page.locator(f"#id_lines-{number}-successor").fill(ICB)
        page.locator(f"#id_lines-{number}-keeps").check()
    page.get_by_role("button", name="Keep the draft and show the preview").click()
    expect(page.get_by_text("This is a preview: nothing has moved")).to_be_visible()
    assert "£" not in page.inner_text("main")
    assert page.get_by_role("button", name="Confirm the succession").count() == 0
    look(page, "succession-operator")
    address = reverse("partners:succession", args=[Succession.objects.get().pk])
    page.goto(reverse("partners:successions"))
    look(page, "successions")
    return address


def agreed_to(page: Page, name: str) -> None:
    """An administrator reads the partner's own totals before and after, to the penny, and agrees."""
    title, _, amount = CCGS[name]
    pounds = f"£{float(amount):,.2f}"
    totals = page.get_by_role("table", name="Totals of your partner")
    row = totals.get_by_role("row").filter(has_text="Contribution to a fund")
    assert [cell.inner_text() for cell in row.get_by_role("cell").all()] == ["1", "1", pounds, pounds, "£0.00"]
    lines = page.get_by_role("table", name="What your partner holds, line by line")
    expect(lines).to_contain_text(f"Stays with {title}")
    for other, (_, _, theirs) in CCGS.items():
        assert other == name or f"£{float(theirs):,.2f}" not in page.inner_text("main")
    look(page, f"succession-admin-{name}")
    page.get_by_role("button", name=f"Agree for {title}").click()
    expect(page.get_by_text(f"You agreed for {title}")).to_be_visible()


def confirmed_with_a_second_factor(page: Page, address: str) -> None:
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    page.get_by_label("Code").first.fill(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))
    page.get_by_label("Code").first.press("Enter")
    page.wait_for_url(f"**{address}")
    expect(page.get_by_text("Confirming moves everything above at once")).to_be_visible()
    look(page, "succession-confirm")
    page.get_by_role("button", name="Confirm the succession").click()
    expect(page.get_by_text("The succession is confirmed")).to_be_visible()
    look(page, "succession-confirmed-operator")


def names_of_the_day(page: Page, stage: Stage, journey: Journey) -> None:
    """Southwark's own people read what moved, their partner's name and code of its day, and what it signed."""
    expect(page.get_by_role("table", name="Totals of your partner")).to_contain_text("£20,123,456.81")
    look(page, "succession-confirmed-admin")
    page.goto(reverse("partners:organisation", args=[stage.organisations["southwark"].pk]))
    main = page.inner_text("main")
    assert "NHS Southwark CCG" in main
    assert "08Q" in main
    assert "30 June 2022" in main
    look(page, "succession-ended-partner")
    page.goto(reverse("governance:board", args=[journey.world.board.pk]))
    expect(page.get_by_text("Your partner belonged to this board until a succession on 1 July 2022")).to_be_visible()
    look(page, "succession-former-board")
    page.goto(reverse("bcf_metrics:version", args=[journey.quarterly_return.pk, 1]))
    assert "NHS Southwark CCG" in page.inner_text("main")
    assert ICB not in page.inner_text("main")
