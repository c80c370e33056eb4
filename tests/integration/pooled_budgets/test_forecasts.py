"""Projected outturns: many rows at once or none, drafts until release, and two people at one figure."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from integration_hub.core.models import AuditEvent
from integration_hub.core.states import FigureState
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import Forecast, PeriodLock
from pooled_budgets.policies import NothingToRelease, OtherYear, PeriodLocked
from pooled_budgets.selectors import positions
from pooled_budgets.services import forecasts, periods
from tests.factories.money import SchemeFactory, quarter
from tests.factories.partners import NOON as AT

LATER = AT + timedelta(hours=1)


@pytest.fixture
def schemes(world):
    return [SchemeFactory(fund=world.fund, number=number, budget="100.00") for number in ("1", "2", "11")]


def stated(number, amount, **more):
    return Entry(number=number, figure=Figure.stated(Decimal(amount)), **more)


@pytest.fixture
def record(world):
    def save(*entries, by=None, at=AT, period=None):
        return forecasts.record(
            fund=world.fund,
            period=period or world.period,
            entries=entries,
            by=by or world.person("finance"),
            at=at,
        )

    return save


def figures():
    return {
        row.scheme.number: (row.amount, row.state, row.note)
        for row in Forecast.objects.select_related("scheme").order_by("scheme__number")
    }


def test_record_saves_all_rows_with_who_when_and_the_day_they_are_true(world, schemes, record):
    saved = record(stated("1", "90.00"), Entry("2", Figure.empty("nil"), note="Ended"), stated("11", "-5.00"))

    assert saved.numbers == ("1", "2", "11")
    assert figures() == {
        "1": (Decimal("90.00"), "stated", ""),
        "11": (Decimal("-5.00"), "stated", ""),
        "2": (Decimal("0.00"), "nil", "Ended"),
    }
    row = Forecast.objects.get(scheme__number="1")
    assert (row.entered_by, row.entered_at, row.at) == (world.person("finance"), AT, date(2014, 6, 30))
    assert row.provisional


def test_record_leaves_one_audit_line_with_both_values(world, schemes, record):
    record(stated("1", "90.00"))
    lines = AuditEvent.objects.count()

    record(stated("1", "91.00"), at=LATER)

    (line,) = AuditEvent.objects.order_by("recorded_at")[lines:]
    assert line.kind == "forecasts.recorded"
    assert line.before["scheme 1"]["outturn"] == "£90.00"
    assert line.after["scheme 1"]["outturn"] == "£91.00"


def test_record_what_is_there_already_changes_nothing_and_leaves_no_audit_line(schemes, record):
    record(stated("1", "90.00"))
    lines = AuditEvent.objects.count()

    assert record(stated("1", "90.00"), at=LATER).numbers == ()
    assert AuditEvent.objects.count() == lines
    assert Forecast.objects.get(scheme__number="1").entered_at == AT


def test_record_with_an_unknown_scheme_is_refused_and_saves_nothing(schemes, record):
    with pytest.raises(forecasts.NoSuchScheme, match=r"6 \(£1\.00\)"):
        record(stated("1", "90.00"), stated("6", "1.00"))

    assert figures() == {}


def test_record_a_scheme_twice_is_refused_and_saves_nothing(schemes, record):
    with pytest.raises(forecasts.NoSuchScheme, match="more than once"):
        record(stated("1", "90.00"), stated("1", "91.00"))

    assert figures() == {}


def test_record_the_field_that_somebody_else_changed_is_refused_with_both_values(world, schemes, record):
    record(stated("1", "90.00"), stated("2", "50.00"))
    record(stated("1", "95.00"), at=LATER)

    with pytest.raises(forecasts.FiguresChanged) as refusal:
        record(stated("1", "80.00", seen_figure="90.00"), stated("2", "51.00", seen_figure="50.00"), at=LATER)

    (conflict,) = refusal.value.conflicts
    assert (conflict.seen, conflict.now, conflict.yours) == ("£90.00", "£95.00", "£80.00")
    assert "Finance of council" in refusal.value.message
    assert {number: row[0] for number, row in figures().items()} == {"1": Decimal("95.00"), "2": Decimal("50.00")}


def test_record_after_somebody_changed_another_field_keeps_both(schemes, record):
    record(stated("1", "90.00", note="Old"))
    record(Entry("1", note="Theirs", seen_note="Old"), at=LATER)

    record(stated("1", "80.00", seen_figure="90.00", note="Old", seen_note="Old"), at=LATER)

    assert figures()["1"] == (Decimal("80.00"), "stated", "Theirs")


def test_record_the_same_value_as_somebody_else_is_no_conflict(schemes, record):
    record(stated("1", "90.00"))
    record(stated("1", "95.00"), at=LATER)

    assert record(stated("1", "95.00", seen_figure="90.00"), at=LATER).numbers == ()


def test_record_a_first_figure_where_somebody_was_quicker_is_refused(schemes, record):
    record(stated("1", "90.00"))

    with pytest.raises(forecasts.FiguresChanged, match="nothing recorded"):
        record(stated("1", "80.00", seen_figure=""))


def test_record_another_amount_drops_what_a_paper_printed_for_the_old_one(schemes, record):
    record(stated("1", "90.00", as_printed="£9,0"))
    record(Entry("1", note="Only a note"), at=LATER)
    assert Forecast.objects.get().as_printed == "£9,0"

    record(stated("1", "91.00"), at=LATER)

    assert Forecast.objects.get().as_printed == ""


def test_draft_is_seen_by_the_owners_people_alone_until_release(world, schemes, record):
    readers = [world.person("finance", "ccg"), world.person("approver", "ccg"), world.sitting_member()]
    record(stated("1", "90.00"), stated("2", "1.00"), stated("11", "2.00"))

    for reader in readers:
        assert not positions.position(world.fund, world.period, reader).has_outturns
    assert positions.position(world.fund, world.period, world.person("auditor")).has_outturns

    assert forecasts.release(fund=world.fund, period=world.period, by=world.person("finance"), at=LATER) == 3

    for reader in readers:
        position = positions.position(world.fund, world.period, reader)
        assert position.totals.outturn == Decimal("93.00")
        assert position.released_at == LATER
    stranger = positions.position(world.fund, world.period, world.person("finance", "hackney"))
    assert stranger.lines == ()


def test_record_after_release_is_seen_by_the_partners_at_once(world, schemes, record):
    record(stated("1", "90.00"))
    forecasts.release(fund=world.fund, period=world.period, by=world.person("finance"), at=LATER)

    record(stated("1", "91.00"), stated("2", "5.00"), at=LATER)

    reader = world.person("approver", "ccg")
    lines = {line.number: line.outturn for line in positions.position(world.fund, world.period, reader).lines}
    assert lines == {"1": Decimal("91.00"), "2": Decimal("5.00"), "11": None}


def test_release_of_nothing_is_refused(world, schemes, record):
    with pytest.raises(NothingToRelease):
        forecasts.release(fund=world.fund, period=world.period, by=world.person("finance"), at=AT)

    record(stated("1", "90.00"))
    forecasts.release(fund=world.fund, period=world.period, by=world.person("finance"), at=AT)
    with pytest.raises(NothingToRelease):
        forecasts.release(fund=world.fund, period=world.period, by=world.person("finance"), at=LATER)


@pytest.mark.parametrize("role", ["approver", "metrics", "governance", "member", "auditor"])
def test_record_and_release_by_another_role_are_refused_and_change_nothing(world, schemes, record, role):
    record(stated("1", "90.00"))

    with pytest.raises(PermissionDenied):
        record(stated("1", "1.00"), by=world.person(role))
    with pytest.raises(PermissionDenied):
        forecasts.release(fund=world.fund, period=world.period, by=world.person(role), at=AT)

    row = Forecast.objects.get()
    assert (row.amount, row.released_at) == (Decimal("90.00"), None)


def test_record_by_the_other_partners_finance_officer_is_refused(world, schemes, record):
    with pytest.raises(PermissionDenied):
        record(stated("1", "1.00"), by=world.person("finance", "ccg"))

    assert figures() == {}


def test_record_by_a_stranger_is_not_found(world, schemes, record):
    with pytest.raises(Http404):
        record(stated("1", "1.00"), by=world.person("finance", "hackney"))

    assert figures() == {}


def test_record_in_a_period_of_another_year_is_refused(schemes, record):
    with pytest.raises(OtherYear, match="2014/15"):
        record(stated("1", "1.00"), period=quarter(2015, 1))

    assert figures() == {}


def test_locked_period_refuses_with_who_when_why_and_who_can_lift(world, schemes, record):
    officer = world.person("finance")
    record(stated("1", "90.00"))
    periods.lock(
        fund=world.fund,
        period=world.period,
        reason="The return is with its signatories",
        who_can_lift="Either signatory, by sending it back",
        by=officer,
        at=AT,
    )

    for act in (
        lambda: record(stated("1", "1.00")),
        lambda: forecasts.release(fund=world.fund, period=world.period, by=officer, at=LATER),
    ):
        with pytest.raises(PeriodLocked) as refusal:
            act()
        for words in ("Quarter 1 2014/15", "Finance of council", "14 July 2014 at 13:00", "with its signatories"):
            assert words in refusal.value.message
        assert refusal.value.who_can_lift == "Either signatory, by sending it back"
    row = Forecast.objects.get()
    assert (row.amount, row.released_at) == (Decimal("90.00"), None)

    record(stated("1", "7.00"), period=quarter(2014, 2))
    periods.lift(fund=world.fund, period=world.period, reason="Sent back", by=world.person("approver", "ccg"), at=LATER)
    record(stated("1", "1.00"), at=LATER)
    assert Forecast.objects.get(period=world.period).amount == Decimal("1.00")


def test_lock_twice_keeps_the_first_and_lift_twice_does_nothing(world):
    officer = world.person("finance")
    where = {"fund": world.fund, "period": world.period, "by": officer}
    first = periods.lock(**where, reason="Sent", who_can_lift="Signatories", at=AT)
    lines = AuditEvent.objects.count()

    assert periods.lock(**where, reason="Again", who_can_lift="Nobody", at=LATER) == first
    assert AuditEvent.objects.count() == lines
    assert periods.lift(**where, reason="Sent back", at=LATER).lifted_by_name == str(officer)
    assert periods.lift(**where, reason="Sent back", at=LATER) is None
    assert PeriodLock.objects.count() == 1


@pytest.mark.parametrize(("role", "partner"), [("governance", "council"), ("member", "ccg"), ("auditor", "council")])
def test_lock_by_somebody_without_returns_is_refused(world, role, partner):
    with pytest.raises(PermissionDenied):
        periods.lock(
            fund=world.fund,
            period=world.period,
            reason="Sent",
            who_can_lift="Nobody",
            by=world.person(role, partner),
            at=AT,
        )

    assert PeriodLock.objects.count() == 0


def test_position_a_figure_that_was_to_come_is_missing_from_its_day_on(world, schemes, record):
    record(Entry("1", Figure.empty(FigureState.NOT_YET_AVAILABLE, date(2014, 9, 30))))
    officer = world.person("finance")

    before = positions.position(world.fund, world.period, officer, on=date(2014, 9, 29)).lines[0]
    after = positions.position(world.fund, world.period, officer, on=date(2014, 9, 30)).lines[0]

    assert (before.outturn_state, before.available_on) == ("not_yet_available", date(2014, 9, 30))
    assert (after.outturn_state, after.available_on) == ("missing", None)
    assert after.recorded.state == "not_yet_available"


def test_position_before_the_quarter_has_ended_nobody_owes_a_figure(world, schemes):
    officer = world.person("finance")

    early = positions.position(world.fund, world.period, officer, on=date(2014, 6, 30))
    late = positions.position(world.fund, world.period, officer, on=date(2014, 7, 1))

    assert {line.outturn_state for line in early.lines} == {"not_yet_available"}
    assert {line.outturn_state for line in late.lines} == {"missing"}
    assert late.missing == ("1", "2", "11")
