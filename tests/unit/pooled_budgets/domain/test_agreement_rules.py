"""What an agreement is on a day, what it leaves out, and what falls due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_hub.core.working_days import load_calendar
from pooled_budgets.domain import duties, life, regulation, terms

CALENDAR = load_calendar()


def stated(**more):
    return terms.empty(title="BCF", kind="section_75", parties=[{"id": "1", "name": "Council"}]) | more


def complete(**more):
    found = stated(
        host="1",
        pool_manager="Head of finance",
        commences_on="2017-04-01",
        excluded_confirmed=True,
        document={"id": ""},
    )
    found["clauses"] = {
        letter: {"reference": f"clause {letter}", "summary": "Words", "attachment": None} for letter in terms.CLAUSES
    }
    return found | more


@pytest.mark.parametrize(
    ("status", "day", "expected"),
    [
        ("draft", date(2017, 4, 1), "draft"),
        ("in_force", date(2090, 1, 1), "in_force"),
        ("signed", date(2017, 3, 31), "signed"),
        ("signed", date(2017, 4, 1), "in_force"),
        ("signed", date(2018, 3, 31), "in_force"),
        ("signed", date(2018, 4, 1), "expired"),
    ],
)
def test_state_follows_from_status_and_dates(status, day, expected):
    dates = {"commences_on": date(2017, 4, 1), "expires_on": date(2018, 3, 31), "terminated_on": None}

    assert life.state_on(status, **dates, day=day) == expected
    ended = dates | {"terminated_on": day - timedelta(days=1)}
    assert life.state_on(status, **ended, day=day) == "terminated"


def test_version_of_a_day_is_the_newest_that_holds_by_then():
    effective = {1: date(2017, 4, 1), 2: date(2017, 10, 1), 3: date(2017, 10, 1)}

    assert [life.version_on(effective, date(2017, month, 1)) for month in (3, 4, 9, 10)] == [None, 1, 1, 3]


def test_complete_agreement_has_no_gap():
    assert regulation.gaps(complete()) == []


@pytest.mark.parametrize("letter", terms.CLAUSES)
def test_each_missing_clause_is_named_and_unchecked_ones_do_not_stop(letter):
    found = complete()
    found["clauses"][letter] = terms.empty_clause()
    gap = regulation.gaps(found)[0]

    assert gap.words.startswith(f"({letter})")
    assert "where in the document it stands and what it says missing" in gap.words
    assert gap.stops == (letter != "g")
    assert not any(gap.stops for gap in regulation.gaps(found | {"kind": "integrated_provision"}))
    assert regulation.gaps(found | {"kind": "section_256"}) == []


def test_document_is_asked_for_where_neither_clause_nor_agreement_has_one():
    assert "the document itself missing" in regulation.gaps(complete(document=None))[0].words


def test_duties_of_a_pooled_fund_are_dated_and_move_with_the_dates():
    agreed = complete(review_on=["2018-01-31"], notice_months=6, report_days=10)
    on = date(2018, 1, 2)
    given_ends = {"begins": date(2017, 10, 1), "ends": date(2018, 3, 31), "on": on, "calendar": CALENDAR}

    assert [(duty.key, duty.due_on) for duty in duties.due(agreed, **given_ends)] == [
        ("notice", date(2017, 9, 30)),
        ("report 2017 3", date(2018, 1, 15)),  # ten working days after 31 December, New Year's Day left out
        ("review 2018-01-31", date(2018, 1, 31)),
    ]
    later = given_ends | {"ends": date(2019, 3, 31)}
    moved = duties.due(agreed | {"review_on": ["2018-02-28"], "report_days": 12}, **later)
    assert [(duty.key, duty.due_on) for duty in moved] == [
        ("report 2017 3", date(2018, 1, 17)),
        ("review 2018-02-28", date(2018, 2, 28)),
    ]
    assert duties.due(agreed, **given_ends, done=["notice", "report 2017 3", "review 2018-01-31"]) == []


def test_report_days_that_the_agreement_does_not_state_are_called_illustrative():
    found = duties.due(complete(), begins=date(2017, 10, 1), ends=None, on=date(2018, 1, 2), calendar=CALENDAR, done=[])

    assert [(duty.key, duty.of_host) for duty in found] == [("report 2017 3", True)]
    assert "illustrative" in found[0].note


def test_days_outside_the_calendar_are_weekdays_and_say_so():
    found = duties.due(
        complete(report_days=5), begins=date(2090, 1, 1), ends=None, on=date(2090, 4, 1), calendar=CALENDAR
    )

    assert found[0].due_on == date(2090, 4, 7)
    assert "bank holidays not known" in found[0].note


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(1, 36))
def test_months_before_a_day_stay_in_their_month(day, months):
    found = duties.months_before(day, months)

    assert (day.year * 12 + day.month) - (found.year * 12 + found.month) == months
    assert found.day <= day.day
