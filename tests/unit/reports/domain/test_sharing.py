"""A position as every party sees it: drafts out, and the total says what it leaves out."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.position import FundPosition, PositionLine
from reports.domain.sharing import without_drafts

NOON = datetime(2014, 7, 14, 12, tzinfo=UTC)
LATER = date(2014, 7, 28)


def line(number, amount, released_at):
    return PositionLine(
        scheme_id=number,
        number=number,
        name=f"Scheme {number}",
        budget=Decimal("100.00"),
        budget_state="stated",
        outturn=Decimal(amount),
        outturn_state="stated",
        as_printed="£1",
        note="Plan",
        forecast_note="Secret",
        entered_by="Finance officer",
        entered_at=NOON,
        released_at=released_at,
        as_at=date(2014, 6, 30),
        recorded=Figure.stated(Decimal(amount)),
    )


@pytest.fixture
def position():
    return FundPosition(
        financial_year="2014/15",
        period_label="Quarter 1 2014/15",
        as_at=date(2014, 6, 30),
        lines=(line("1", "90.00", NOON), line("2", "80.00", None)),
        fund_total=Decimal("200.00"),
        fund_total_state="stated",
    )


def test_without_drafts_keeps_what_is_released(position):
    assert without_drafts(position, on=LATER).lines[0] == position.lines[0]


def test_without_drafts_says_nothing_of_a_draft(position):
    hidden = without_drafts(position, on=LATER).lines[1]

    assert (hidden.outturn, hidden.outturn_state, hidden.is_recorded) == (None, "missing", False)
    assert hidden.notes == ("Plan",)
    assert (hidden.as_printed, hidden.entered_by, hidden.as_at) == ("", "", None)
    assert hidden.budget == Decimal("100.00")


def test_without_drafts_the_total_is_incomplete(position):
    totals = without_drafts(position, on=LATER).totals

    assert (totals.outturn, totals.missing) == (Decimal("90.00"), ("2",))


def test_without_drafts_before_the_period_ended_nobody_owes_a_figure(position):
    hidden = without_drafts(position, on=date(2014, 6, 30)).lines[1]

    assert (hidden.outturn_state, hidden.available_on) == ("not_yet_available", date(2014, 7, 1))
