"""A return beside last quarter's of the same agreement."""

from datetime import UTC, date, datetime

import pytest

from bcf_metrics.selectors import comparison, content, returns
from bcf_metrics.services import returns as services
from tests.factories.money import quarter
from tests.integration.bcf_metrics.conftest import Journey
from tests.integration.bcf_metrics.test_signatories import words
from tests.integration.bcf_metrics.test_submissions import submit

OCTOBER = datetime(2014, 10, 14, 12, tzinfo=UTC)


@pytest.fixture
def following(sent: Journey) -> Journey:
    """Quarter 2 is open; quarter 1 is with its signatories."""
    period = quarter(2014, 2)
    made = services.open(fund=sent.world.fund, period=period, by=sent.finance_officer, at=OCTOBER)
    return Journey(sent.world, made, sent.plans)


def found(journey, person=None):
    person = person or journey.finance_officer
    held = returns.get(person, journey.quarterly_return.pk)
    draft = content.draft(held.quarterly_return, person, on=date(2014, 10, 14), parties=held.parties)
    last = comparison.last_quarter(person, held.quarterly_return)
    return comparison.compare(last, draft)


def test_a_draft_is_held_against_last_quarters_version(following):
    following.answer(narrative="Carers are asked now.")
    rows = {(row.sheet, row.label): row for row in found(following).different}
    narrative = next(row for (sheet, _), row in rows.items() if sheet == "Narrative")
    assert narrative.before.startswith("Neighbourhood teams are in place.")
    assert narrative.after == "Carers are asked now."


def test_a_version_that_was_submitted_goes_before_a_later_one(sent, following):
    sent.sign("ccg")
    sent.sign("council")
    submit(sent)
    sent.send_back()
    sent.answer(narrative="Never submitted.")
    sent.send()
    last = comparison.last_quarter(following.finance_officer, following.quarterly_return)
    assert last.version.number == 1


def test_the_first_quarter_has_nothing_before_it(sent, sign_in):
    page = sign_in(sent.finance_officer).get(f"/returns/{sent.quarterly_return.pk}/last-quarter/")
    assert "There is no return of an earlier quarter" in words(page)


def test_a_quarter_that_was_never_sent_is_said(journey, sign_in):
    period = quarter(2014, 2)
    made = services.open(fund=journey.world.fund, period=period, by=journey.finance_officer, at=OCTOBER)
    page = sign_in(journey.finance_officer).get(f"/returns/{made.pk}/last-quarter/")
    assert "was never sent for sign-off" in words(page)


def test_the_page_names_what_differs_and_the_other_quarter(following, sign_in):
    client, address = sign_in(following.metrics_officer), f"/returns/{following.quarterly_return.pk}/last-quarter/"
    page = words(client.get(address))
    assert "Quarter 1 2014/15, version 1" in page
    assert "the draft as it stands" in page
    for asked in ("9", "x", "-1"):
        assert client.get(f"{address}?version={asked}").status_code == 404


def test_a_stranger_finds_nothing(following, sign_in):
    client = sign_in(following.world.person("finance", "hackney"))
    assert client.get(f"/returns/{following.quarterly_return.pk}/last-quarter/").status_code == 404
