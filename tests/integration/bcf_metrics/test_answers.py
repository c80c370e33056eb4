"""The answers of a return: prefilled from the fund, typed together, saved all or none."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from bcf_metrics.domain.answers import Wanted
from bcf_metrics.models import ReturnAnswer, ReturnEvent
from bcf_metrics.policies import UnderSignOff
from bcf_metrics.selectors import content, returns
from bcf_metrics.services import answers
from bcf_metrics.services.answers import AnswersChanged, NoSuchField
from integration_hub.core.errors import Malformed
from integration_hub.core.models import AuditEvent
from pooled_budgets.domain.entries import Entry as Outturn
from pooled_budgets.domain.figures import Figure as Pounds
from pooled_budgets.models import Forecast, FundingLine
from pooled_budgets.services import forecasts
from tests.factories.money import SchemeFactory
from tests.factories.partners import NOON


def save(journey, *wanted, by=None):
    return answers.record(
        return_id=journey.quarterly_return.pk, wanted=wanted, by=by or journey.finance_officer, at=NOON
    )


def draft(journey, user=None):
    user = user or journey.finance_officer
    held = returns.get(user, journey.quarterly_return.pk)
    return content.draft(held.quarterly_return, user, on=timezone.localdate(NOON), parties=held.parties)


def test_draft_takes_plan_and_forecast_from_the_fund_and_locks_them(journey):
    found = draft(journey)
    cells = {cell.entry.path: cell for cell in found.cells}

    assert cells["income[0].plan"].shown == "£1,300,000.00"
    assert cells["income[0].plan"].source == "from the fund's money in"
    assert cells["expenditure[6].plan"].shown == "£214,000.00"
    assert cells["expenditure[6].forecast"].shown == "£214,000.00"
    assert cells["expenditure[6].forecast"].source == "from the released projected outturns of Quarter 1 2014/15"
    assert not cells["expenditure[6].forecast"].is_typed
    assert cells["expenditure[6].actual"].key == "expenditure.11.actual"
    assert cells["answers.health_and_wellbeing_board"].shown == "Southwark"
    assert [cell for cell in found.cells if not cell.is_typed and not cell.source] == []


def test_draft_is_the_same_for_every_party(journey):
    journey.record()

    council, ccg = draft(journey), draft(journey, journey.metrics_officer)

    assert council.content == ccg.content
    assert council.content["metrics"][0]["progress_words"] == "not released"


def test_draft_leaves_out_an_outturn_that_is_no_longer_released(journey):
    Forecast.objects.filter(scheme__number="11").update(released_at=None)

    row = draft(journey).content["expenditure"][6]

    assert (row["forecast"], row["forecast_state"]) == (None, "missing")


def test_draft_puts_a_forecast_that_is_to_come_into_words(journey):
    forecasts.record(
        fund=journey.world.fund,
        period=journey.world.period,
        entries=[Outturn("11", Pounds.empty("not_yet_available", timezone.localdate(NOON).replace(month=9)))],
        by=journey.finance_officer,
        at=NOON,
    )

    row = draft(journey).content["expenditure"][6]

    assert (row["forecast"], row["forecast_state"]) == (None, "to_be_confirmed")
    assert row["note"] == "Projected outturn not yet available until 14 September 2014."


def test_record_leaves_one_event_and_one_audit_line(journey):
    person = journey.finance_officer
    lines, events = AuditEvent.objects.count(), ReturnEvent.objects.count()

    changed = save(journey, Wanted("phone", "020"), Wanted("income.1.actual", "nil"), by=person)

    assert changed == ("phone", "income.1.actual")
    assert (AuditEvent.objects.count(), ReturnEvent.objects.count()) == (lines + 1, events + 1)
    assert journey.refresh().status == "in_progress"
    assert draft(journey).content["income"][0]["state"] == "nil"


def test_record_nothing_new_changes_nothing(journey):
    save(journey, Wanted("phone", "020"))
    lines = AuditEvent.objects.count()

    assert save(journey, Wanted("phone", "020")) == ()
    assert AuditEvent.objects.count() == lines


def test_record_clears_an_answer_and_keeps_who_did(journey):
    save(journey, Wanted("phone", "020"))
    save(journey, Wanted("phone", ""), by=journey.metrics_officer)

    answer = ReturnAnswer.objects.get()
    assert (answer.value, answer.entered_by) == ("", journey.metrics_officer)
    assert draft(journey).content["answers"]["phone"] is None


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("income.1.actual", "lots", "0.00 or more"),
        ("income.1.actual", "-5.00", "0.00 or more"),
        ("income.1.actual", "5.001", "pence"),
        ("income.1.actual", "200000000.00", "limit"),
        ("income.1.actual", "not_yet_available:2014-07-01", "not in the future"),
        ("email", "nobody", "e-mail"),
        ("signed_off_by_board", "Maybe", "Choose one"),
        ("sign_off_expected_on", "28/7/2014", "real date"),
        ("narrative", "x" * 32_001, "32,000"),
    ],
)
def test_record_with_one_bad_answer_keeps_none(journey, key, value, words):
    with pytest.raises(Malformed, match=words) as refused:
        save(journey, Wanted("phone", "020"), Wanted(key, value))

    assert [problem["field"] for problem in refused.value.problems] == [key]
    assert not ReturnAnswer.objects.exists()
    assert journey.refresh().status == "not_started"


@pytest.mark.parametrize(
    "key", ["expenditure.11.forecast", "income.1.plan", "quarter", "nonsense", "V7:metrics[0].value", "nea_plan"]
)
def test_record_of_a_field_that_is_filled_in_or_not_there_is_refused(journey, key):
    with pytest.raises(NoSuchField):
        save(journey, Wanted("phone", "020"), Wanted(key, "1.00"))
    assert not ReturnAnswer.objects.exists()


def test_record_over_an_answer_that_changed_meanwhile_shows_both(journey):
    save(journey, Wanted("phone", "020 7946 0000", seen=""))

    with pytest.raises(AnswersChanged) as refused:
        save(journey, Wanted("phone", "020 7946 0001", seen=""), by=journey.metrics_officer)

    assert "you saw nothing; Finance of council saved “020 7946 0000” on 14 July 2014" in refused.value.message
    assert "you entered “020 7946 0001”" in refused.value.message
    assert ReturnAnswer.objects.get().value == "020 7946 0000"


def test_record_of_other_answers_meanwhile_keeps_both(journey):
    save(journey, Wanted("phone", "020", seen=""), Wanted("email", "", seen=""))
    save(journey, Wanted("phone", "", seen=""), Wanted("email", "a@b.example", seen=""), by=journey.metrics_officer)

    assert dict(ReturnAnswer.objects.values_list("field", "value")) == {"phone": "020", "email": "a@b.example"}


@pytest.mark.parametrize(("role", "partner"), [("approver", "council"), ("member", "ccg"), ("programme", "council")])
def test_record_by_somebody_who_prepares_no_returns_is_refused(journey, role, partner):
    with pytest.raises(PermissionDenied):
        save(journey, Wanted("phone", "020"), by=journey.world.person(role, partner))
    assert not ReturnAnswer.objects.exists()


def test_record_by_a_stranger_or_a_sitting_member_finds_no_return(journey):
    for person in (journey.world.person("finance", "hackney"), journey.world.sitting_member()):
        with pytest.raises(Http404):
            save(journey, Wanted("phone", "020"), by=person)
    assert not ReturnAnswer.objects.exists()


def test_record_under_sign_off_is_refused(sent):
    before = ReturnAnswer.objects.get(field="phone").value

    with pytest.raises(UnderSignOff):
        save(sent, Wanted("phone", "1"))
    assert ReturnAnswer.objects.get(field="phone").value == before


def test_record_a_reason_that_a_check_asks_for(journey):
    journey.complete()
    FundingLine.objects.filter(position=1).update(amount=None, state="to_be_confirmed")
    found = draft(journey)
    key = found.reasons[0].key

    save(journey, Wanted(key, "The payment is agreed and not yet in writing."))

    assert key == "V10:totals.income.plan"
    assert not found.completion.can_submit
    assert draft(journey).completion.can_submit


def test_draft_costs_the_same_queries_at_10_and_200_schemes(journey, django_assert_num_queries):
    person = journey.finance_officer
    held = returns.get(person, journey.quarterly_return.pk)

    def grow(to):
        for number in range(journey.world.fund.schemes.count(), to):
            SchemeFactory(fund=journey.world.fund, number=f"x{number}")

    for size in (10, 200):
        grow(size)
        with django_assert_num_queries(9):
            found = content.draft(held.quarterly_return, person, on=timezone.localdate(NOON), parties=held.parties)
        assert len(found.content["expenditure"]) == size
