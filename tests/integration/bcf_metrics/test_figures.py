"""Metric figures: entered all or none, judged with the comparison printed, released to the partners."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bcf_metrics.domain.entries import NOTHING_CODES, Entered
from bcf_metrics.models import MetricFigure
from bcf_metrics.policies import NothingToRelease, OtherYear, UnderSignOff
from bcf_metrics.selectors import figures as selectors
from bcf_metrics.services import figures
from bcf_metrics.services.figures import Entry, FiguresChanged, FiguresMalformed
from integration_hub.core.errors import Malformed
from integration_hub.core.models import AuditEvent
from integration_hub.core.states import Figure, FigureState
from tests.factories.money import FundFactory, MetricPlanFactory, join_agreement, quarter
from tests.factories.partners import NOON

MID_JULY = date(2014, 7, 14)


def rows(journey, user=None, on=MID_JULY):
    world = journey.world
    found = selectors.for_quarter(world.fund, world.period, user or journey.metrics_officer, on=on)
    return {row.code: row for row in found}


def stored(journey):
    return list(MetricFigure.objects.order_by("plan__position").values_list("plan__metric__code", "value", "state"))


def test_record_the_journeys_six_are_judged_as_the_paper_has_them(journey):
    journey.record()

    found = rows(journey)

    assert {
        code: (row.target_words, row.progress_words, row.comparison, row.status) for code, row in found.items()
    } == {
        "RES65": (
            "167",
            "23",
            "23 against 41.75, the profile to the end of quarter 1 of 167 for the year (even)",
            "on_track",
        ),
        "DTOC_DAYS": ("424", "808", "808 against 424, both for April and May", "not_on_track"),
        "REABL91": ("85%", "88%", "88% against 85%; the latest figure is for 2013/14 year end", "on_track"),
        "AVOID_ADM": (
            "450",
            "not yet available until 30 September 2014",
            "No figure to compare with 450, the average for April to December 2014: "
            "not yet available until 30 September 2014",
            "data_not_available",
        ),
        "LOCAL": ("60%", "59%", "59% against 60%", "not_on_track"),
        "PX": ("not yet defined", "missing", "No comparison: the target is not yet defined", "not_defined"),
    }
    assert found["AVOID_ADM"].baseline_words == "baseline 461 in November 2013"
    assert found["REABL91"].lag_note == "Latest figure: 2013/14 year end"
    assert found["RES65"].source == "Council records"


def test_record_leaves_one_audit_line_with_before_and_after(journey):
    journey.record("RES65", "DTOC_DAYS")
    lines = AuditEvent.objects.count()

    journey.enter("RES65", figure=Figure(value=Decimal(24)), source="Council records")

    line = AuditEvent.objects.latest("recorded_at")
    assert AuditEvent.objects.count() == lines + 1
    assert (line.kind, line.partner_name) == ("figures.recorded", "NHS Southwark CCG")
    assert line.before["Care home admissions of older people"] == {"figure": "23"}
    assert line.after["Care home admissions of older people"] == {"figure": "24"}


def test_record_the_same_again_changes_nothing_and_says_so(journey):
    journey.record("RES65")
    lines = AuditEvent.objects.count()

    journey.record("RES65")

    assert AuditEvent.objects.count() == lines


@pytest.mark.parametrize(
    ("role", "partner", "error"),
    [
        ("finance", "council", PermissionDenied),
        ("metrics", "council", PermissionDenied),
        ("approver", "ccg", PermissionDenied),
        ("member", "ccg", PermissionDenied),
        ("metrics", "hackney", Http404),
    ],
)
def test_record_by_somebody_else_is_refused_and_changes_nothing(journey, role, partner, error):
    lines = AuditEvent.objects.count()
    person = journey.world.person(role, partner)
    grants = AuditEvent.objects.count() - lines

    with pytest.raises(error):
        journey.record("RES65", by=person)

    assert stored(journey) == []
    assert AuditEvent.objects.count() == lines + grants


def test_record_with_one_bad_row_keeps_none(journey):
    plans = journey.plans
    entries = [
        Entry(plans["RES65"].pk, Entered(figure=Figure(value=Decimal(23)))),
        Entry(plans["LOCAL"].pk, Entered(figure=Figure(value=Decimal("59.55")))),
        Entry(
            plans["AVOID_ADM"].pk, Entered(figure=Figure(state=FigureState.NOT_YET_AVAILABLE, until=date(2014, 7, 1)))
        ),
        Entry(plans["REABL91"].pk, Entered(figure=Figure(value=Decimal(88)), override_status="not_on_track")),
    ]

    with pytest.raises(FiguresMalformed) as refused:
        figures.record(
            fund=journey.world.fund, period=journey.world.period, entries=entries, by=journey.metrics_officer, at=NOON
        )

    assert {problem["field"].partition(".")[2] for problem in refused.value.problems} == {
        "figure",
        "until",
        "override_reason",
    }
    assert stored(journey) == []


def test_record_of_a_metric_of_another_fund_is_not_there(journey):
    other = FundFactory(agreement__area=journey.world.area)
    join_agreement(other.agreement, journey.world.ccg)
    plan = MetricPlanFactory(fund=other, owner=journey.world.ccg, metric=journey.plans["RES65"].metric)

    with pytest.raises(Http404):
        figures.record(
            fund=journey.world.fund,
            period=journey.world.period,
            entries=[Entry(plan.pk, Entered(figure=Figure(value=Decimal(1))))],
            by=journey.metrics_officer,
            at=NOON,
        )
    assert stored(journey) == []


def test_record_a_metric_twice_is_refused(journey):
    entry = Entry(journey.plans["RES65"].pk, Entered(figure=Figure(value=Decimal(1))))

    with pytest.raises(Malformed, match="more than once"):
        figures.record(
            fund=journey.world.fund,
            period=journey.world.period,
            entries=[entry, entry],
            by=journey.metrics_officer,
            at=NOON,
        )
    assert stored(journey) == []


def test_record_for_a_quarter_of_another_year_is_refused(journey):
    with pytest.raises(OtherYear):
        figures.record(
            fund=journey.world.fund,
            period=quarter(2015, 1),
            entries=[Entry(journey.plans["RES65"].pk, Entered(figure=Figure(value=Decimal(1))))],
            by=journey.metrics_officer,
            at=NOON,
        )
    assert stored(journey) == []


def test_record_over_a_field_that_changed_meanwhile_shows_both_and_saves_neither(journey):
    journey.record("RES65")
    seen = NOTHING_CODES

    with pytest.raises(FiguresChanged) as refused:
        journey.enter("RES65", seen=seen, figure=Figure(value=Decimal(25)))

    assert "you saw nothing" in refused.value.message
    assert "Metrics of ccg saved 23 on 14 July 2014 at 13:00" in refused.value.message
    assert "you entered 25" in refused.value.message
    assert stored(journey) == [("RES65", Decimal(23), "stated")]


def test_record_of_another_field_of_the_same_metric_keeps_both(journey):
    journey.record("DTOC_DAYS")
    seen = rows(journey)["DTOC_DAYS"].entered.codes()
    journey.enter(
        "DTOC_DAYS",
        seen=seen,
        figure=Figure(value=Decimal(800)),
        value_period="April and May",
        challenges=seen["challenges"],
    )

    journey.enter(
        "DTOC_DAYS",
        seen=seen,
        figure=Figure(value=Decimal(808)),
        value_period="April and May",
        challenges=seen["challenges"],
        action="Daily calls.",
    )

    figure = MetricFigure.objects.get()
    assert (figure.value, figure.action) == (Decimal(800), "Daily calls.")


def test_record_an_override_keeps_the_suggestion_beside_it(journey):
    journey.enter(
        "RES65",
        figure=Figure(value=Decimal(23)),
        override_status="not_on_track",
        override_reason="Admissions rise in winter.",
    )

    row = rows(journey)["RES65"]

    assert (row.suggested, row.status, row.override_reason) == (
        "on_track",
        "not_on_track",
        "Admissions rise in winter.",
    )


def test_record_is_undone_where_the_audit_line_fails(journey, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr(figures.audit, "record", fail)

    with pytest.raises(RuntimeError, match="no audit"):
        journey.record("RES65")
    assert stored(journey) == []


def test_figures_are_seen_by_their_owner_alone_until_released(journey):
    journey.record()
    council, member = journey.finance_officer, journey.world.sitting_member()

    before = rows(journey, council)["RES65"]
    journey.release()

    assert (before.figure, before.progress_words, before.is_withheld) == (None, "not released", True)
    assert before.comparison == "No figure to compare: NHS Southwark CCG has not released one"
    assert rows(journey, council)["RES65"].progress_words == "23"
    assert rows(journey, member)["RES65"].progress_words == "23"
    assert rows(journey, journey.world.person("metrics", "hackney")) == {}


def test_not_released_says_nothing_of_what_is_recorded(journey):
    empty = rows(journey, journey.finance_officer)["RES65"]
    journey.record()
    full = rows(journey, journey.finance_officer)["RES65"]

    assert (empty.progress_words, empty.comparison, empty.status) == (full.progress_words, full.comparison, full.status)


def test_a_figure_entered_after_release_is_seen_at_once(journey):
    journey.record("RES65")
    journey.release()

    journey.record("DTOC_DAYS")

    assert rows(journey, journey.finance_officer)["DTOC_DAYS"].progress_words == "808"


def test_release_twice_finds_nothing_the_second_time(journey):
    journey.record()
    journey.release()
    lines = AuditEvent.objects.count()

    with pytest.raises(NothingToRelease):
        journey.release()
    assert AuditEvent.objects.count() == lines


def test_release_by_somebody_who_enters_no_figures_is_refused(journey):
    journey.record()

    with pytest.raises(PermissionDenied):
        figures.release(fund=journey.world.fund, period=journey.world.period, by=journey.finance_officer, at=NOON)
    assert not MetricFigure.objects.filter(released_at__isnull=False).exists()


def test_a_figure_that_was_to_come_is_missing_from_its_day_on(journey):
    journey.record()

    before = rows(journey, on=date(2014, 9, 29))["AVOID_ADM"]
    after = rows(journey, on=date(2014, 9, 30))["AVOID_ADM"]

    assert (before.is_owed, before.was_due_on) == (False, None)
    assert (after.progress_words, after.is_owed, after.was_due_on) == ("missing", True, date(2014, 9, 30))


def test_record_under_sign_off_says_who_when_why_and_who_can_lift_it(sent):
    with pytest.raises(UnderSignOff) as refused:
        sent.enter("RES65", figure=Figure(value=Decimal(99)))

    assert "is with its signatories" in refused.value.message
    assert "Finance of council sent it for sign-off on 14 July 2014 at 13:00 as version 1" in refused.value.message
    assert refused.value.who_can_lift == (
        "an approver of NHS Southwark CCG or Southwark Council, by sending the return back, "
        "or whoever prepares it, by amending it"
    )
    assert refused.value.http_status == 409
    assert MetricFigure.objects.get(plan=sent.plans["RES65"]).value == 23


def test_record_and_release_after_sign_off_are_refused_until_it_is_sent_back(sent):
    sent.sign("council")
    sent.sign("ccg")

    with pytest.raises(UnderSignOff, match="is signed off"):
        sent.enter("RES65", figure=Figure(value=Decimal(99)))
    with pytest.raises(UnderSignOff):
        sent.release()
    sent.send_back()
    sent.enter("RES65", figure=Figure(value=Decimal(99)))

    assert MetricFigure.objects.get(plan=sent.plans["RES65"]).value == 99


def test_rows_cost_the_same_queries_at_10_and_200_metrics(journey, django_assert_num_queries):
    metric, person = journey.plans["RES65"].metric, journey.metrics_officer

    def grow(to):
        for number in range(journey.world.fund.metric_plans.count(), to):
            plan = MetricPlanFactory(
                fund=journey.world.fund, owner=journey.world.ccg, metric=metric, name=f"M {number}"
            )
            journey.plans[str(number)] = plan

    for size in (10, 200):
        grow(size)
        with django_assert_num_queries(2):
            found = selectors.for_quarter(journey.world.fund, journey.world.period, person)
            assert len([row.comparison for row in found]) == size
