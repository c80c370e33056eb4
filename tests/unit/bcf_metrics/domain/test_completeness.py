"""How far a return is: days overdue and late, and sections by the questions that people answer themselves."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain import completeness, templates
from bcf_metrics.domain.completeness import LATE, NOT_OPENED, OVERDUE, Progress
from bcf_metrics.domain.status import SUBMITTED, ReturnStatus

DUE = date(2026, 1, 30)
STATES = [NOT_OPENED, *ReturnStatus]


def progress(**more: Any) -> Progress:
    given = {"area": "A", "ons_code": "E", "status": "in_progress", "due_on": DUE, "on": DUE}
    return Progress(**(given | more))


@pytest.mark.parametrize(
    ("more", "overdue", "late"),
    [
        ({}, 0, 0),
        ({"on": DUE + timedelta(1)}, 1, 0),
        ({"on": DUE + timedelta(40), "status": NOT_OPENED}, 40, 0),
        ({"on": DUE + timedelta(40), "status": "submitted", "submitted_on": DUE + timedelta(3)}, 0, 3),
        ({"on": DUE + timedelta(40), "status": "submitted", "submitted_on": DUE}, 0, 0),
        # Reopened after it went in: it stays as late as it was, and is not overdue again.
        ({"on": DUE + timedelta(40), "status": "in_progress", "submitted_on": DUE + timedelta(3)}, 0, 3),
        ({"on": DUE + timedelta(40), "due_on": None}, 0, 0),
        ({"on": DUE + timedelta(40), "is_asked": False}, 0, 0),
    ],
)
def test_days_are_counted_from_the_day_on_which_it_was_due(more: dict[str, Any], overdue: int, late: int) -> None:
    found = progress(**more)

    assert (found.days_overdue, found.days_late) == (overdue, late)
    assert (found.answers(OVERDUE), found.answers(LATE)) == (overdue > 0, late > 0)


@given(st.sampled_from(STATES), st.integers(-400, 400), st.none() | st.integers(-400, 400))
def test_nothing_is_overdue_and_late_at_once_and_what_was_submitted_is_never_overdue(
    status: str, today: int, submitted: int | None
) -> None:
    found = progress(
        status=status,
        on=DUE + timedelta(today),
        submitted_on=None if submitted is None else DUE + timedelta(submitted),
    )

    assert not (found.days_overdue and found.days_late)
    assert not (found.days_overdue and (status in SUBMITTED or submitted is not None))
    assert found.answers("")
    assert [other for other in STATES if found.answers(other)] == [status]


@pytest.mark.parametrize("template", templates.load_all(), ids=lambda template: template.code)
def test_sections_of_figures_count_when_the_return_is_ready_and_not_before(template: templates.Template) -> None:
    year = "2025/26" if template.code == "2025-26" else "2015/16"

    def counted(status: str, **given: str) -> tuple[int, int]:
        return completeness.sections(template, year=year, status=status, given=given, conditions=[1], previous={})

    done, whole = counted("in_progress")
    assert 0 <= done < whole
    assert counted("ready") == counted("signed") == counted("accepted") == (whole, whole)
    assert counted("sent_back") == (done, whole)
    assert counted("in_progress", **{"income.1.actual": "1.00", "metrics.X": "12"}) == (done, whole)
