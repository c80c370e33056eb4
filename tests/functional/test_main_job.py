"""The main job, end to end, on Southwark's figures: from an empty 2014/15 to a report and an exported return."""

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.journey import Hub, Person, person

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.enable_socket]
EXPECTED_ON = date.today() + timedelta(days=40)  # noqa: DTZ011 - what a person would type into the form today
OUTTURNS = {
    "1": "5621000",
    "2": "1048000",
    "3": "1813000",
    "4": "100000",
    "5": "107000",
    "7": "54000",
    "11": "214000",
}


RISK = "The new national conditions may reduce what can be invested outside hospital."
STEP = "Draw up the section 75 agreement for 2015/16."
CONDITIONS = range(1, 7)


def test_main_job_from_the_plan_to_the_report_and_the_return(browser: Browser, hub: Hub, shots: Path) -> None:
    with person(browser, hub, "finance", "southwark-council") as finance:
        fund = import_the_plan(finance, shots)
        enter_the_outturns(finance, fund, shots)
        quarter = open_the_return(finance, shots)
    with person(browser, hub, "metrics", "southwark-ccg") as metrics:
        enter_the_figures(metrics, quarter, shots)
    with person(browser, hub, "programme", "southwark-council") as programme:
        record_risk_and_step(programme, shots)
    with person(browser, hub, "governance", "southwark-council") as governance:
        report = make_the_report(governance, shots)
    with person(browser, hub, "finance", "southwark-council") as finance:
        complete_the_return(finance, quarter, shots)
        assert finance.open(f"{quarter}sign/") == 403, "whoever prepared it does not sign it"
    for role, body in (("approver", "council"), ("approver", "ccg"), ("chair", "council")):
        with person(browser, hub, role, f"southwark-{body}") as approver:
            sign(approver, quarter, shots if role == "chair" else None)
    with person(browser, hub, "finance", "southwark-council") as finance:
        figures_stay_locked(finance, fund)
        export_the_return(finance, quarter)
    with person(browser, hub, "member", "southwark-hwb") as member:
        read_and_change_nothing(member, fund, report, shots)
    with person(browser, hub, "finance", "hackney-council") as stranger:
        find_nothing(stranger, fund, quarter, report)


def import_the_plan(finance: Person, shots: Path) -> str:
    """Step 2: template, example, the refused cell, its correction, seven schemes. Answers the fund's address."""
    page = finance.page
    finance.look("home-finance", shots=shots)
    page.get_by_role("link", name="Funds").first.click()
    finance.look("funds", shots=shots)
    page.get_by_role("row").filter(has_text="2014/15").get_by_role("link").click()
    fund = page.url.removeprefix(finance.hub.address)
    expect(page.locator("main")).to_contain_text("£8,957,000.00")
    expect(page.locator("main")).to_contain_text("not stated")
    finance.look("fund-empty", shots=shots)
    finance.open(f"{fund}plan/")
    finance.look("plan-upload", shots=shots)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the template (.xlsx)").click()
    assert zipfile.is_zipfile(download.value.path())
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the example (.xlsx)").click()
    page.locator("input[type=file]").set_input_files(
        {
            "name": download.value.suggested_filename,
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": Path(download.value.path()).read_bytes(),
        }
    )
    page.get_by_role("button", name="Upload and check").click()
    expect(page.locator("main")).to_contain_text("“£214,00”")
    expect(page.locator("main")).to_contain_text("£214,000.00")
    expect(page.locator("main")).to_contain_text("£8,957,000.00")
    finance.look("plan-refused", shots=shots)
    page.get_by_role("button", name="Correct and check again").click()
    page.get_by_role("button", name="Import the plan").wait_for()
    finance.look("plan-preview", shots=shots)
    for box in page.get_by_role("checkbox").all():
        box.uncheck()  # the outturns are entered in the grid below
    page.get_by_role("button", name="Import the plan").click()
    finance.open(fund)
    words = finance.text()
    assert words.count("£8,957,000.00") >= 1
    numbers = [cell.inner_text() for cell in page.locator("tbody tr td:first-child").all()]
    assert [number for number in numbers if number in OUTTURNS] == list(OUTTURNS)
    assert "£1,300,000.00" in words
    assert "£7,657,000.00" in words
    assert "not stated" in words
    finance.look("fund-plan", shots=shots)
    return fund


def enter_the_outturns(finance: Person, fund: str, shots: Path) -> None:
    """Step 3: by typing and by pasting; a bad row in the paste changes nothing."""
    page = finance.page
    finance.open(f"{fund}monitoring/?quarter=1")
    paste = page.get_by_label("Paste a column from a spreadsheet")
    paste.fill("\n".join(f"{number}\t{amount}" for number, amount in OUTTURNS.items()).replace("1813000", "1.813m"))
    page.get_by_role("button", name="Preview the pasted column").click()
    expect(page.locator("main")).to_contain_text("Nothing of the column was taken over")
    finance.look("monitoring-bad-paste", shots=shots)
    finance.open(f"{fund}monitoring/?quarter=1")
    page.get_by_label("Paste a column from a spreadsheet").fill(
        "\n".join(f"{number}\t{amount}" for number, amount in OUTTURNS.items())
    )
    page.get_by_role("button", name="Preview the pasted column").click()
    expect(page.locator("main")).to_contain_text("Nothing is saved yet")
    last = page.locator("input[aria-label^='Projected outturn']").last
    last.fill("£214,000.00")
    page.get_by_role("button", name="Save the quarter").click()
    expect(page.locator("main")).to_contain_text("£8,957,000.00")
    finance.look("monitoring", shots=shots)
    page.get_by_role("button", name="Release to partners").click()
    expect(page.locator("main")).not_to_contain_text("The partners see the figures once you release them")


def open_the_return(finance: Person, shots: Path) -> str:
    """Open quarter 1's return; answers its address."""
    page = finance.page
    finance.open("/returns/")
    finance.look("returns", shots=shots)
    section = page.locator("section[aria-label*='2014/15']")
    section.get_by_label("Quarter").select_option("1")
    section.get_by_role("button", name="Open the return").click()
    expect(page.locator("main")).to_contain_text("Incomplete Template")
    finance.look("return-opened", shots=shots)
    return page.url.removeprefix(finance.hub.address)


def enter_the_figures(metrics: Person, quarter: str, shots: Path) -> None:
    """Step 4: six figures, each judged with its comparison printed; empty ones with their reason."""
    page = metrics.page
    metrics.open(f"{quarter}figures/")
    figure(page, "Care home").locator("input[name$='-value']").fill("23")
    figure(page, "Delayed transfers").locator("input[name$='-value']").fill("808")
    figure(page, "Delayed transfers").get_by_label("Period of the figure").fill("April and May")
    reablement = figure(page, "Reablement")
    reablement.locator("input[name$='-value']").fill("88")
    reablement.get_by_label("Period of the figure").fill("2013/14 year end")
    reablement.locator("summary").filter(has_text="Lag").click()
    reablement.get_by_label("Lagged").check()
    avoidable = figure(page, "Avoidable admissions")
    avoidable.get_by_label("If there is no figure, why").select_option("not_yet_available")
    figure(page, "long term conditions").locator("input[name$='-value']").fill("59")
    figure(page, "User experience").get_by_label("If there is no figure, why").select_option("not_applicable")
    page.get_by_role("button", name="Save all figures").click()
    expect(page.get_by_role("alert")).to_contain_text("Avoidable admissions")
    metrics.look("figures-refused", shots=shots)
    figure(page, "Avoidable admissions").get_by_label("Not yet available until").fill(f"{EXPECTED_ON:%-d %-m %Y}")
    for name in ("Delayed transfers", "Avoidable admissions", "long term conditions", "User experience"):
        figure(page, name).get_by_label("Challenges").fill("As the report to the Board says.")
    page.get_by_role("button", name="Save all figures").click()
    page.get_by_role("button", name="Release to partners").wait_for()
    words = metrics.text()
    assert "23 against 41.75" in words
    assert "808 against 424" in words
    assert "88% against 85%" in words
    assert "2013/14 year end" in words
    assert f"not yet available until {EXPECTED_ON:%-d %B %Y}" in words
    assert "59% against 60%" in words
    assert "not yet defined" in words
    status = [
        figure(page, name).locator(".hub-status").first.inner_text() for name in ("Care home", "Delayed transfers")
    ]
    assert status == ["On track", "Not on track"]
    metrics.look("figures", shots=shots)
    page.get_by_role("button", name="Release to partners").click()
    expect(page.locator("main")).to_contain_text("Released to")


def figure(page: Page, indicator: str):
    return page.locator("section.hub-panel").filter(has=page.get_by_role("heading", name=indicator))


def record_risk_and_step(programme: Person, shots: Path) -> None:
    """What the report lists as risks and next steps, released to the partners."""
    page = programme.page
    section = page.locator("section").filter(
        has=page.get_by_role("heading", name="Southwark Health and Wellbeing Board")
    )
    for link, label, words in (("Add a risk", "Risk", RISK), ("Add a next step", "Next step", STEP)):
        programme.open("/programme/")
        section.get_by_role("button", name=link).or_(section.get_by_role("link", name=link)).first.click()
        page.get_by_label(label, exact=True).fill(words)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("main")).to_contain_text(words)
    programme.look("programme", shots=shots)
    section.get_by_role("button", name="Release to partners").click()
    expect(section).not_to_contain_text("Only Southwark Council can see this")


def make_the_report(governance: Person, shots: Path) -> str:
    """Step 5: ask, watch the progress, read the page, compare the files. Answers the report's address."""
    page = governance.page
    governance.open("/reports/new/")
    page.get_by_label("Board and fund").select_option(
        label=page.locator("option").filter(has_text="2014/15").first.inner_text()
    )
    page.get_by_label("Quarter 1").check()
    governance.look("report-new", shots=shots)
    page.get_by_role("button", name="Go on to the words").click()
    expect(page.locator("main")).to_contain_text("18 July 2014")
    page.get_by_label("From", exact=False).first.fill("Head of Integration, Southwark Council")
    for row in page.get_by_label("Or, if there are none, why").all():
        row.fill("No change since the plan was agreed.")
    governance.look("report-words", shots=shots)
    page.get_by_role("button", name="Save and ask for the report").click()
    page.get_by_role("button", name="Issue to the board").wait_for(timeout=60_000)
    report = page.url.removeprefix(governance.hub.address)
    words = governance.text()
    for expected in (
        RISK,
        STEP,
        "£8,957,000",
        "£5,621,000",
        "£214,000",
        "23 against 41.75",
        "808 against 424",
        "28 July 2014",
        "Open",
    ):
        assert expected in words, expected
    governance.look("report", shots=shots)
    same_figures_in_all_three(governance, words)
    page.get_by_role("button", name="Issue to the board").click()
    expect(page.locator("main")).not_to_contain_text("It cannot be taken back")
    return report


def same_figures_in_all_three(governance: Person, words: str) -> None:
    files = {}
    for name in ("Word document", "PDF", "Web page"):
        with governance.page.expect_download() as download:
            governance.page.get_by_role("link", name=name).click()
        files[name] = Path(download.value.path()).read_bytes()
    word = docx.Document(io.BytesIO(files["Word document"]))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    amounts = {cell for cell in cells if cell.startswith("£")}
    assert amounts, "the Word file has the scheme table"
    page = files["Web page"].decode()
    for amount in amounts:
        assert amount in words
        assert amount in page
    with pikepdf.open(io.BytesIO(files["PDF"])) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("en")


def complete_the_return(finance: Person, quarter: str, shots: Path) -> None:
    """Answer every section and send the return for sign-off."""
    page = finance.page
    finance.open(f"{quarter}cover/")
    fill(
        page,
        {"completed_by": "Finance officer", "email": "finance@southwark-council.example", "phone": "020 7946 0000"},
    )
    fill(page, {"signed_off_by_board": "No", "sign_off_expected_on": "28 7 2014"})
    fill(page, {"sent_by_delegate": "Director of Adult Social Care", "delegate_authority": "Scheme of delegation"})
    fill(page, {"reported_to_board_on": "28 7 2014"})
    finance.look("return-cover", shots=shots)
    save_section(page)
    finance.open(f"{quarter}budget_arrangements/")
    fill(page, {"section_75_in_place": "No", "section_75_expected_on": "1 4 2015"})
    save_section(page)
    finance.open(f"{quarter}national_conditions/")
    for number in CONDITIONS:
        fill(page, {f"conditions-{number}-answer": "Yes"})
    finance.look("return-conditions", shots=shots)
    save_section(page)
    finance.open(f"{quarter}income_and_expenditure/")
    for select in page.locator("select[name$='-reason']").all():
        select.select_option("not_stated")
    fill(page, {"finance_commentary": "Budgets are fully committed."})
    finance.look("return-money", shots=shots)
    save_section(page)
    finance.open(f"{quarter}narrative/")
    fill(page, {"narrative": "Plans for 2014/15 are under way."})
    save_section(page)
    finance.open(quarter)
    finance.look("return-complete", shots=shots)
    expect(page.locator("main")).to_contain_text("Complete Template")
    page.get_by_role("button", name="Send for sign-off").click()
    expect(page.locator("main")).to_contain_text("With signatories")
    finance.look("return-sent", shots=shots)


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        field = page.locator(f"[name='{name}']").first
        if field.get_attribute("type") == "radio":
            page.locator(f"[name='{name}'][value='{value}']").check()
        else:
            field.fill(value)


def save_section(page: Page) -> None:
    page.get_by_role("button", name="Save the section").click()
    expect(page.get_by_role("status").first).to_be_visible()


def sign(approver: Person, quarter: str, shots: Path | None) -> None:
    """Step 6: an approver reads the frozen version and signs it for their partner."""
    page = approver.page
    approver.open(quarter)
    page.get_by_role("link", name="Read and sign").click()
    expect(page.get_by_role("radio")).to_have_count(1)
    expect(page.get_by_role("radio")).to_be_checked()
    if shots:
        approver.look("return-sign", shots=shots)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Sign this version").click()
    expect(page.locator("main")).to_contain_text("Signatures")


def figures_stay_locked(finance: Person, fund: str) -> None:
    """A figure that was signed does not change, and the page says who locked it, when and why."""
    finance.open(f"{fund}monitoring/?quarter=1")
    expect(finance.page.get_by_role("button", name="Save the quarter")).to_have_count(0)
    words = finance.text()
    assert "sign-off" in words
    assert "Finance officer, Southwark Council" in words


def export_the_return(finance: Person, quarter: str) -> None:
    """The return as a workbook: the sheets of its layout, typed cells, the total to the penny."""
    page = finance.page
    finance.open(quarter)
    expect(page.locator("main")).to_contain_text("Signed off")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as a workbook").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert book.sheetnames == [
        "Checklist",
        "Cover",
        "Budget arrangements",
        "National conditions",
        "Income and expenditure",
        "Supporting metrics",
        "Narrative",
        # Out of sight: what the file is told by when it comes back.
        "Hub stamp",
    ]
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert 8957000 in values
    words = " ".join(str(value) for value in values)
    assert "2015/16" in words, "the cover says whose layout it is"
    assert "Draft: not signed off" not in words


def read_and_change_nothing(member: Person, fund: str, report: str, shots: Path) -> None:
    """Step 7: a board member reads the dashboard and the report on a phone, and can edit nothing."""
    page = member.page
    member.look("home-member", shots=shots)
    page.get_by_role("link", name="dashboard").first.click()
    option = page.locator("#fund option").filter(has_text="2014/15").first.get_attribute("value")
    page.locator("#fund").select_option(option)
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**fund=**")
    member.open(f"{page.url.removeprefix(member.hub.address)}&quarter=1")
    expect(page.locator("main")).to_contain_text("£8,957,000.00")
    expect(page.locator("main")).to_contain_text("23 against 41.75")
    member.look("dashboard", shots=shots)
    assert member.open(report) == 200
    assert page.locator("main form").count() == 0
    assert member.open("/reports/new/") == 403
    assert member.open(f"{fund}monitoring/?quarter=1") == 200
    assert page.locator("main form").count() == 0


def find_nothing(stranger: Person, fund: str, quarter: str, report: str) -> None:
    """The finance officer of Hackney gets 404 for every Southwark address, in pages, API and files."""
    fund_id, return_id, report_id = (address.strip("/").split("/")[-1] for address in (fund, quarter, report))
    addresses = [
        fund,
        f"{fund}plan/",
        f"{fund}plan/template/",
        f"{fund}monitoring/",
        quarter,
        f"{quarter}figures/",
        f"{quarter}cover/",
        f"{quarter}export/",
        f"{quarter}sign/",
        f"{quarter}versions/1/",
        report,
        f"{report}document.docx",
        f"{report}document.pdf",
        f"{report}document.html",
        f"/api/v1/funds/{fund_id}/",
        f"/api/v1/funds/{fund_id}/position/",
        f"/api/v1/returns/{return_id}/",
        f"/api/v1/returns/{return_id}/export/",
        f"/api/v1/reports/{report_id}/",
        f"/api/v1/reports/{report_id}/document.pdf",
    ]
    answers = {address: stranger.page.request.get(stranger.hub.url(address)).status for address in addresses}
    assert answers == dict.fromkeys(addresses, 404)
    for page in ("/", "/funds/", "/returns/", "/reports/", "/boards/", "/programme/"):
        stranger.open(page)
        assert "Southwark" not in stranger.text(), page
