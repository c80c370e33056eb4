from typing import Any

import pytest

from bcf_metrics.domain.completion import Completion, Finding, Level, assess
from bcf_metrics.domain.templates import Template

Content = dict[str, Any]


def found(completion: Completion, code: str) -> list[Finding]:
    return [finding for finding in completion.findings if finding.code == code]


def the(completion: Completion, code: str) -> Finding:
    [finding] = found(completion, code)
    return finding


def outstanding(completion: Completion) -> list[str]:
    return [check.entry.path for check in completion.checks if not check.ok]


def test_assess_a_complete_return_may_be_sent(template: Template, southwark: Content) -> None:
    completion = assess(template, southwark)

    assert completion.banner == "Complete Template"
    assert completion.can_submit is True
    assert all(sheet.complete for sheet in completion.sheets)
    assert {finding.level for finding in completion.findings if finding.stops} == set()


def test_assess_an_empty_return_asks_for_everything_that_is_always_required(
    template: Template, southwark: Content
) -> None:
    southwark["answers"] = {}

    completion = assess(template, southwark)

    assert completion.banner == "Incomplete Template"
    assert completion.can_submit is False
    assert outstanding(completion) == [
        "answers.completed_by",
        "answers.email",
        "answers.phone",
        "answers.signed_off_by_board",
        "answers.section_75_in_place",
        "answers.finance_commentary",
        "answers.narrative",
    ]
    assert [sheet.tab.code for sheet in completion.sheets if not sheet.complete] == [
        "cover",
        "budget_arrangements",
        "income_and_expenditure",
        "narrative",
    ]
    assert {finding.code for finding in completion.findings if finding.level is Level.BLOCK} == {"V1"}


def test_assess_v1_names_field_and_what_to_do(template: Template, southwark: Content) -> None:
    southwark["answers"]["email"] = "nobody"

    assert the(assess(template, southwark), "V1").message == (
        'Cover, E-mail: "nobody" cannot be used. Enter an e-mail address.'
    )


@pytest.mark.parametrize(
    ("amount", "ok"), [("0.00", True), ("100000000.00", True), ("100000000.01", False), ("-0.01", False)]
)
def test_assess_v2_keeps_amounts_between_0_and_100_million(
    template: Template, southwark: Content, amount: str, ok: bool
) -> None:
    southwark["expenditure"][0] |= {"actual": amount, "state": "stated", "note": "Why."}
    southwark["totals"] = {}

    findings = found(assess(template, southwark), "V2")

    assert bool(findings) is not ok
    assert all("from 0 to 100,000,000" in finding.message for finding in findings)


@pytest.mark.parametrize(
    ("answer", "missing"),
    [("No", ["comment"]), ("No - In Progress", ["expected_on", "comment"]), ("Yes", [])],
)
def test_assess_v3_asks_a_condition_not_met_for_its_reason(
    template: Template, southwark: Content, answer: str, missing: list[str]
) -> None:
    southwark["conditions"][0] |= {"answer": answer, "comment": "", "expected_on": None}

    findings = found(assess(template, southwark), "V3")

    assert [finding.path for finding in findings] == [f"conditions[0].{column}" for column in missing]


def test_assess_v4_and_v5_ask_for_dates_where_the_answer_is_no(template: Template, southwark: Content) -> None:
    southwark["answers"] |= {"sign_off_expected_on": "soon", "section_75_expected_on": None}

    completion = assess(template, southwark)

    assert '"soon" cannot be used. Enter a date' in the(completion, "V4").message
    assert the(completion, "V5").message == (
        "Budget arrangements, If it is not in place, the date on which it will be: "
        'Enter a date where "Are the funds pooled by a section 75 agreement?" is "No".'
    )


@pytest.mark.parametrize(("previous", "needed"), [("No", ["answers.section_75_signed_on"]), ("Yes", []), (None, [])])
def test_assess_asks_for_the_date_of_an_agreement_that_is_new(
    template: Template, southwark: Content, previous: str | None, needed: list[str]
) -> None:
    southwark["answers"]["section_75_in_place"] = "Yes"
    southwark["previous"] = {"section_75_in_place": previous}

    assert outstanding(assess(template, southwark)) == needed


@pytest.mark.parametrize(
    ("status", "needed"),
    [("on_track", False), ("not_on_track", True), ("data_not_available", True), ("not_defined", False)],
)
def test_assess_v6_asks_for_a_comment_unless_on_track_or_not_defined(
    template: Template, southwark: Content, status: str, needed: bool
) -> None:
    southwark["metrics"][0] |= {"status": status, "commentary": " "}

    assert bool(found(assess(template, southwark), "V6")) is needed


def test_assess_v6_asks_for_the_status(template: Template, southwark: Content) -> None:
    southwark["metrics"][0]["status"] = None

    assert the(assess(template, southwark), "V6").path == "metrics[0].status"


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        ({"unit": "percent", "value": "88"}, None),
        ({"unit": "percent", "value": "188"}, "188% is not between 0 and 100"),
        ({"value": "609.5", "numerator": "167", "denominator": "27400", "multiplier": "100000"}, None),
        (
            {"value": "690.5", "numerator": "167", "denominator": "27400", "multiplier": "100000"},
            "690.5 was entered, and 167 of 27,400 times 100,000 is 609.5",
        ),
        ({"value": "1", "numerator": "1", "denominator": "0"}, "no rate without a denominator"),
        ({"value": None, "numerator": "1", "denominator": "0"}, None),
    ],
)
def test_assess_v7_checks_a_rate_by_its_parts(
    template: Template, southwark: Content, figures: Content, problem: str | None
) -> None:
    southwark["metrics"][0] |= figures

    findings = found(assess(template, southwark), "V7")

    assert len(findings) == (0 if problem is None else 1)
    assert all(problem in finding.message and finding.stops for finding in findings)


def test_assess_v7_with_a_justification_no_longer_stops(template: Template, southwark: Content) -> None:
    southwark["metrics"][0] |= {"unit": "percent", "value": "188"}
    southwark["justifications"] = {"V7:metrics[0].value": "The survey counts some people twice."}

    completion = assess(template, southwark)

    assert the(completion, "V7").stops is False
    assert completion.can_submit is True


@pytest.mark.parametrize(
    ("quarter", "line", "needed"),
    [
        (1, {"forecast": "1200000.00"}, True),
        (1, {"actual": "1.00", "state": "stated", "until": None}, False),
        (4, {"actual": "1.00", "state": "stated", "until": None}, True),
        (4, {"actual": "1300000.00", "state": "stated", "until": None}, False),
        (4, {"actual": None, "state": "nil", "until": None}, True),
    ],
)
def test_assess_v8_asks_why_income_differs_from_plan(
    template: Template, southwark: Content, quarter: int, line: Content, needed: bool
) -> None:
    southwark["period"]["quarter"] = quarter
    southwark["income"][0] |= line
    southwark["totals"] = {}

    assert bool(found(assess(template, southwark), "V8")) is needed


def test_assess_v9_overspent_scheme_is_justified_by_its_comment(template: Template, southwark: Content) -> None:
    southwark["expenditure"][5] |= {"actual": "54000.01", "state": "stated"}
    southwark["totals"] = {}
    before = assess(template, southwark)
    southwark["expenditure"][5]["note"] = "Winter pressure."
    after = assess(template, southwark)

    assert (the(before, "V9").stops, the(after, "V9").stops) == (True, False)
    assert (before.can_submit, after.can_submit) == (False, True)


def test_assess_v9_scheme_that_spent_exactly_its_plan_needs_no_reason(template: Template, southwark: Content) -> None:
    southwark["expenditure"][5] |= {"actual": "54000.00", "state": "stated"}
    southwark["totals"] = {}

    assert found(assess(template, southwark), "V9") == []


def test_assess_v10_blocks_a_total_one_penny_off(template: Template, southwark: Content) -> None:
    southwark["totals"]["expenditure"]["forecast"] = "8957000.01"

    finding = the(assess(template, southwark), "V10")

    assert finding.level is Level.BLOCK
    assert finding.message == (
        "Expenditure, forecast: the lines add up to £8,957,000.00 and the fund's total is £8,957,000.01, "
        "a difference of £0.01. Correct the line that is wrong, or the fund."
    )


def test_assess_v10_with_a_gap_in_the_lines_asks_for_a_reason(template: Template, southwark: Content) -> None:
    southwark["totals"]["income"]["actual"] = "325000.00"

    assert the(assess(template, southwark), "V10").level is Level.JUSTIFY


@pytest.mark.parametrize(("submitted_on", "late"), [("2014-08-29", False), ("2014-08-30", True), (None, False)])
def test_assess_v11_a_late_return_needs_a_reason(
    template: Template, southwark: Content, submitted_on: str | None, late: bool
) -> None:
    southwark["period"]["due_on"] = "2014-08-29"
    southwark["submitted_on"] = submitted_on

    assert bool(found(assess(template, southwark), "V11")) is late


def test_assess_v11_is_lifted_by_the_reason_on_the_cover(template: Template, southwark: Content) -> None:
    southwark["period"]["due_on"] = "2014-07-01"
    before = assess(template, southwark)
    southwark["answers"]["late_reason"] = "The ledger closed late."
    after = assess(template, southwark)

    assert "was due on 1 July 2014 and has not been sent" in the(before, "V11").message
    assert (before.can_submit, after.can_submit) == (False, True)


@pytest.mark.parametrize("code", ["sent_by_delegate", "delegate_authority", "reported_to_board_on"])
def test_assess_v12_before_sign_off_needs_delegate_authority_and_meeting(
    template: Template, southwark: Content, code: str
) -> None:
    assert the(assess(template, southwark), "V12").stops is False
    southwark["answers"][code] = None

    assert the(assess(template, southwark), "V12").stops is True


def test_assess_tells_what_is_good_to_know_without_stopping(template: Template, southwark: Content) -> None:
    southwark["period"]["due_note"] = "There was no national return for this quarter."

    completion = assess(template, southwark)

    assert the(completion, "I1").message == (
        "Income, actual: the total leaves out 2 figures that are not yet available until 30 September 2014."
    )
    assert the(completion, "I2").message == "National due date: There was no national return for this quarter."
    assert "£214,00." in the(completion, "I3").message
    assert not any(finding.stops for finding in completion.findings if finding.level is Level.INFORM)


def test_assess_on_the_day_that_a_figure_was_expected_turns_its_check_to_no(
    template: Template, southwark: Content
) -> None:
    southwark["as_at"] = "2014-09-30"

    assert outstanding(assess(template, southwark)) == ["income[0].actual", "income[1].actual"]


@pytest.mark.parametrize("code", ["text", "plan", "number"])
def test_assess_has_no_check_for_what_the_hub_fills_in_and_may_be_empty(
    template: Template, southwark: Content, code: str
) -> None:
    paths = {check.entry.path for check in assess(template, southwark).checks}

    assert f"conditions[0].{code}" not in paths


def test_assess_of_a_year_that_asks_more_has_more_to_answer(template: Template, southwark: Content) -> None:
    southwark["period"]["financial_year"] = "2015/16"

    assert outstanding(assess(template, southwark)) == [
        "answers.nea_baseline",
        "answers.nea_plan",
        "answers.nea_actual",
        "answers.payment_released",
    ]


@pytest.mark.parametrize(("answer", "ok"), [("x" * 200, True), ("x" * 201, False), ("\N{GRINNING FACE}" * 101, False)])
def test_assess_measures_a_text_as_a_spreadsheet_does(
    template: Template, southwark: Content, answer: str, ok: bool
) -> None:
    southwark["answers"]["completed_by"] = answer

    assert ("answers.completed_by" not in outstanding(assess(template, southwark))) is ok
