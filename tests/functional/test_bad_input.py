"""What bad input gets, seen in the browser: words that say what to do, nothing changed, and nothing typed lost.

On Sutton's and Tower Hamlets' funds: the main job has Southwark's for itself. What a session that ends in a form does
is in tests/integration/partners/test_browser.py.
"""

import io
import os
import re
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from integration_hub.core.quarters import FinancialYear, Quarter
from integration_hub.core.spreadsheets import XLSX_CONTENT_TYPE
from pooled_budgets.presenters import plan_files
from pooled_budgets.presenters.plan_files import PlanFile, PlanRow
from tests.functional.journey import PASSWORD, Hub, Person, person
from tests.integration.runner.running import pid_of, processes_of, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.enable_socket]

WORKER, BROKER = "celery --quiet -A integration_hub worker", "valkey-server"
FORMULA = '=HYPERLINK("https://elsewhere.example","Care")'
LONG_WAIT = 60_000  # milliseconds


@pytest.fixture(scope="module")
def officer(browser: Browser, hub: Hub) -> Iterator[Person]:
    """The finance officer of Tower Hamlets, whose fund of 2019/20 has no plan and gets none."""
    with person(browser, hub, "finance", "tower-hamlets-council") as signed_in:
        yield signed_in


@pytest.fixture(scope="module")
def colleague(browser: Browser, hub: Hub) -> Iterator[Person]:
    """The finance officer of Sutton."""
    with person(browser, hub, "finance", "sutton-council") as signed_in:
        yield signed_in


# Signing in


def test_wrong_passwords_say_what_to_do_and_the_sixth_when_to_try_again(browser: Browser, hub: Hub) -> None:
    page = browser.new_page()
    page.goto(hub.url("/account/login/"))
    for number in range(5):
        sign_in(page, "auditor@sutton-council.example", f"wrong password {number}")
        expect(page.get_by_role("alert")).to_contain_text(
            "The e-mail address or the password is not right. Check both, then try again."
        )
    expect(page.get_by_label("E-mail address")).to_have_value("auditor@sutton-council.example")

    sign_in(page, "auditor@sutton-council.example", PASSWORD)

    expect(page.get_by_role("alert")).to_contain_text("Too many wrong passwords for this e-mail address")
    expect(page.get_by_role("alert")).to_contain_text("closed for 15 more minutes. Wait, then try again")
    expect(page.get_by_role("alert")).to_contain_text("ask for a new password, which opens it at once")
    assert page.url.endswith("/account/login/")
    page.context.close()


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


# Files


def plan_of(*rows: tuple[str, str, Decimal | str], area: str, year: int) -> bytes:
    """A workbook of (number, name, budget)."""
    made = tuple(PlanRow(number, name, budget, None, "") for number, name, budget in rows)
    return plan_files.workbook(PlanFile(area, "", Quarter(FinancialYear(year), 1), made))


def bomb() -> bytes:
    """A hundredth of what it unpacks to."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    return packed.getvalue()


def find_fund(officer: Person, name: str) -> str:
    officer.open("/funds/")
    officer.page.get_by_role("link", name=name).first.click()
    officer.page.get_by_role("heading", name="The fund and its agreement").wait_for()
    return officer.page.url.removeprefix(officer.hub.address)


def upload(officer: Person, fund: str, file: bytes | Path, name: str = "plan.xlsx") -> str:
    """Upload a scheme plan; the words of the page that answers."""
    officer.open(f"{fund}plan/")
    chosen = file if isinstance(file, Path) else {"name": name, "mimeType": XLSX_CONTENT_TYPE, "buffer": file}
    officer.page.locator("input[type=file]").set_input_files(chosen)
    with officer.page.expect_navigation():
        officer.page.get_by_role("button", name="Upload and check").click()
    return officer.text()


def standing(officer: Person, fund: str) -> list[str]:
    """The fund and its uploads, in the words of their pages."""
    words = []
    for path in (fund, f"{fund}plan/"):
        assert officer.open(path) == 200
        words.append(officer.text())
    return words


def test_file_that_is_no_plan_of_this_fund_is_refused_whole(officer: Person, tmp_path: Path) -> None:
    row = ("1", "Care", Decimal(10))
    large = tmp_path / "large.xlsx"
    large.write_bytes(b"PK\x03\x04" + b"0" * (50 * 1024 * 1024 - 4))
    fund = find_fund(officer, "Tower Hamlets Better Care Fund")
    before = standing(officer, fund)
    for file, wrong, what_to_do in (
        (b"Dear colleagues", "the file is not a workbook", "save it as .xlsx"),
        (bomb(), "more than 80 MB when unpacked", "Copy the sheet you need into a new workbook."),
        (large, "50.0 MB", "at most 10 MB"),
        (plan_of(row, area="Sutton", year=2019), 'for the area "Sutton"', "Upload it at the fund that it belongs to."),
        (plan_of(row, area="Tower Hamlets", year=2018), "The sheet is for 2018/19", "Open the fund of 2018/19"),
    ):
        answer = upload(officer, fund, file)
        assert "There is a problem" in answer
        assert wrong in answer, answer
        assert what_to_do in answer, answer
    assert standing(officer, fund) == before


def test_refused_cells_are_named_and_corrected_on_the_page(officer: Person) -> None:
    page = officer.page
    rows = [
        ("1", "Text", "lots"),
        ("2", "Negative", Decimal("-5.00")),
        ("3", "Decimals", Decimal("10.005")),
        ("4", FORMULA, Decimal(10)),
    ]
    fund = find_fund(officer, "Tower Hamlets Better Care Fund")
    before = standing(officer, fund)[0]

    answer = upload(officer, fund, plan_of(*rows, area="Tower Hamlets", year=2019))

    for words in (
        "Nothing has changed.",
        "Refused: 4 cells",
        '"lots" is not an amount. Write digits, such as 5,621,000.00; write 0.00 if you mean nil.',
        "-5.00 is below nil. Write an amount of 0.00 or more.",
        "10.005 has more than two decimals. Round it to the penny in the sheet.",
        f"“{FORMULA}”",
        'begins with "=", which a spreadsheet program would run as a formula. Write it without.',
    ):
        assert words in answer
    assert page.get_by_role("button", name="Import the plan").count() == 0
    for label, typed in (
        ("Budget, Scheme 1: Text", "1.00"),
        ("Budget, Scheme 2: Negative", "5.00"),
        ("Budget, Scheme 3: Decimals", "10.0051"),
        ("Scheme, Scheme 4", "Care"),
    ):
        page.get_by_label(label).fill(typed)
    page.get_by_role("button", name="Correct and check again").click()
    # What is right is kept, and what is not stands there as it was typed.
    expect(page.locator("main")).to_contain_text("Refused: 1 cell")
    expect(page.get_by_label("Budget, Scheme 3: Decimals")).to_have_value("10.0051")
    expect(page.get_by_role("row").filter(has_text="Care")).to_contain_text("£10.00")
    officer.open(fund)
    assert officer.text() == before


# What people work on together


@pytest.fixture(scope="module")
def fund(colleague: Person) -> str:
    """The address of Sutton's fund, with two schemes of a plan imported."""
    address = find_fund(colleague, "Sutton Better Care Fund")
    rows = [("1", "Care at home", Decimal(1000)), ("2", "Equipment", Decimal(500))]
    upload(colleague, address, plan_of(*rows, area="Sutton", year=2017))
    colleague.page.get_by_role("button", name="Import the plan").click()
    expect(done(colleague.page)).to_contain_text("The scheme plan is imported")
    return address


def done(page: Page) -> Locator:
    return page.get_by_role("status", name="Done")


def test_name_that_begins_with_an_equals_sign_stays_text_in_page_and_export(browser: Browser, hub: Hub) -> None:
    with person(browser, hub, "metrics", "southwark-council") as metrics:
        page = metrics.page
        metrics.open("/returns/")
        page.get_by_role("link", name="Quarter 1 2025/26").click()
        page.get_by_role("link", name="Cover", exact=True).first.click()
        page.get_by_label("Completed by").fill(FORMULA)
        page.get_by_role("button", name="Save the section").click()
        expect(done(page)).to_contain_text("The section is saved.")
        expect(page.get_by_label("Completed by")).to_have_value(FORMULA)
        page.get_by_role("link", name="Quarter 1 2025/26").first.click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Export as a workbook").click()
        book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert [cell.data_type for cell in cells if cell.value == FORMULA] == ["s"]


def outturn(page: Page, scheme: int) -> Locator:
    return page.get_by_label(f"Projected outturn, Scheme {scheme}")


def test_grid_with_bad_amounts_names_them_and_keeps_what_was_typed(colleague: Person, fund: str) -> None:
    page = colleague.page
    colleague.open(f"{fund}monitoring/?quarter=2")
    outturn(page, 1).fill("777.00")
    for typed, words in (
        ("lots", '"lots" is not an amount. Write digits, such as 5,621,000.00; write 0.00 if you mean nil.'),
        ("10.005", '"10.005" has 3 decimals. Write pounds and pence, with at most two.'),
    ):
        outturn(page, 2).fill(typed)
        page.get_by_role("button", name="Save the quarter").click()
        expect(page.get_by_role("alert")).to_contain_text(words)
        expect(outturn(page, 2)).to_have_value(typed)
        expect(outturn(page, 1)).to_have_value("777.00")
    colleague.open(f"{fund}?quarter=2")
    assert "777.00" not in colleague.text()


def test_grid_that_somebody_else_saved_meanwhile_shows_both_amounts(
    browser: Browser, hub: Hub, colleague: Person, fund: str
) -> None:
    colleague.open(f"{fund}monitoring/?quarter=1")
    with person(browser, hub, "finance", "sutton-council") as elsewhere:
        elsewhere.open(f"{fund}monitoring/?quarter=1")
        outturn(elsewhere.page, 1).fill("950.00")
        elsewhere.page.get_by_role("button", name="Save the quarter").click()
        expect(done(elsewhere.page)).to_contain_text("1 scheme of Quarter 1 2017/18 saved")
        page = colleague.page
        outturn(page, 1).fill("800.00")
        outturn(page, 2).fill("450.00")
        page.get_by_role("button", name="Save the quarter").click()

        expect(page.get_by_role("alert")).to_contain_text(
            "you saw nothing recorded; Finance officer, Sutton Council saved £950.00"
        )
        expect(page.get_by_role("alert")).to_contain_text("you entered £800.00")
        expect(outturn(page, 1)).to_have_value("800.00")
        expect(outturn(page, 2)).to_have_value("450.00")
        elsewhere.open(f"{fund}monitoring/?quarter=1")
        expect(outturn(elsewhere.page, 1)).to_have_value("950.00")
        expect(outturn(elsewhere.page, 2)).to_have_value("")
    # Having seen both, the person presses again.
    page.get_by_role("button", name="Save the quarter").click()
    expect(done(page)).to_contain_text("2 schemes of Quarter 1 2017/18 saved")


# Parts of the installation that are away


def processes(data: Path, words: str) -> set[int]:
    return {number for number, command in processes_of(data).items() if words in command}


@contextmanager
def stopped(numbers: set[int]) -> Iterator[None]:
    """Processes that do nothing for a while, and answer nobody."""
    assert numbers
    for number in numbers:
        os.kill(number, signal.SIGSTOP)
    try:
        yield
    finally:
        for number in numbers:
            os.kill(number, signal.SIGCONT)


def ask_for_report(governance: Person, quarter: int) -> str:
    """Ask for a report on Sutton's fund; its address."""
    page = governance.page
    governance.open("/reports/new/")
    page.get_by_label(f"Quarter {quarter}").check()
    page.get_by_role("button", name="Go on to the words").click()
    for box in page.get_by_label("Or, if there are none, why").all():
        box.fill("No change.")
    page.get_by_role("button", name="Save and ask for the report").click()
    page.wait_for_url(re.compile(r"/reports/[0-9a-f-]{36}/$"))
    return page.url.removeprefix(governance.hub.address)


def waits_in_clear_words(governance: Person, report: str) -> None:
    """What the page says at once, and after half a minute (which the register is told has passed)."""
    page = governance.page
    expect(page.locator("main")).to_contain_text("Waiting for the worker")
    expect(page.locator("main")).to_contain_text("You can leave this page: the report is built all the same")
    identity = report.strip("/").split("/")[-1]
    governance.hub.runner.sql(
        "UPDATE core_job SET queued_at = queued_at - interval '30 seconds' "
        f"WHERE id = (SELECT job_id FROM reports_report WHERE id = '{identity}')"
    )
    expect(page.locator("main")).to_contain_text("No worker has taken it up yet: it starts by itself")
    expect(page.locator("main")).to_contain_text("Nothing is lost, and you can leave this page")


def test_what_is_asked_for_while_worker_and_broker_are_down_is_made_after(browser: Browser, hub: Hub) -> None:
    data, letters = hub.runner.installation.data, hub.runner.installation.files / "mail"
    broker = pid_of(hub.runner.installation.sockets, BROKER)
    fallen = processes(data, WORKER)
    with person(browser, hub, "governance", "sutton-council") as governance:
        for number in fallen:
            os.kill(number, signal.SIGKILL)
        wait_until(lambda: bool(processes(data, WORKER) - fallen), within=20)
        # The runner has started another one. It shall not get as far as taking work for the time being.
        with stopped(processes(data, WORKER) - fallen):
            first = ask_for_report(governance, 1)
            waits_in_clear_words(governance, first)
            with stopped({broker}):
                second = ask_for_report(governance, 2)
                waits_in_clear_words(governance, second)
                ask_for_password(browser, hub, "auditor@sutton-council.example")
            assert not list(letters.glob("*"))
        comes_by_itself(governance, second)
        governance.open(first)
        comes_by_itself(governance, first)
    wait_until(lambda: any("/account/password/reset/key/" in path.read_text() for path in letters.glob("*")), within=60)


def comes_by_itself(governance: Person, report: str) -> None:
    """The page that shows how far the report is turns into the report."""
    governance.page.get_by_role("button", name="Issue to the board").wait_for(timeout=LONG_WAIT)
    assert governance.page.url.endswith(report)


def ask_for_password(browser: Browser, hub: Hub, email: str) -> None:
    page = browser.new_page()
    page.goto(hub.url("/account/login/"))
    page.get_by_role("link", name="I do not know my password").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.locator("main")).to_contain_text("A message is on its way to the address that you entered.")
    expect(page.locator("main")).to_contain_text("you need not ask again")
    page.context.close()
