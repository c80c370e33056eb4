"""A metric over the quarters: years joined, gaps told apart, drafts at home, provisional and final kept."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bcf_metrics.domain.spc import Rule, Variation
from bcf_metrics.models import MetricFigure
from bcf_metrics.presenters import series as words
from bcf_metrics.selectors import series as selectors
from integration_hub.core.states import FigureState
from tests.factories import series as factory

pytestmark = pytest.mark.django_db
LATE = date(2016, 4, 1)
CALM = ["51", "49"] * 6


@pytest.fixture
def officer(world):
    return world.person("metrics", "ccg")


@pytest.fixture
def plans(world):
    return factory.plans(world, (2012, 2013, 2014))


def seen(world, plan, person=None, on=LATE):
    return selectors.of_plan(person or world.person("metrics", "ccg"), plan.pk, on=on)


def rows(found):
    return {row.label: row for row in words.table(found)}


def page(answer):
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


def test_years_of_one_agreement_are_joined_by_code_name_and_unit(world, plans, officer):
    factory.run(plans, [*CALM, "60"][:12], entered_by=officer)
    other_unit, other_name = factory.plans(world, (2010,), unit="beds"), factory.plans(world, (2011,), name="Beds")

    found = seen(world, plans[2])

    assert [row.quarter.label for row in found.rows][:: len(found.rows) - 1] == [
        "Quarter 1 2012/13",
        "Quarter 4 2014/15",
    ]
    assert [len(seen(world, plan).rows) for plan in (*other_unit, *other_name)] == [4, 4]


def test_year_without_a_plan_is_a_gap_of_its_own(world, officer):
    first, last = factory.plans(world, (2012, 2014))
    factory.figure(first, 4, "51", entered_by=officer)
    factory.figure(last, 1, "49", entered_by=officer)

    found = seen(world, last)

    assert rows(found)["Quarter 2 2013/14"].figure == "no plan for this metric in that year"
    assert "No plan for this metric in that year" in words.chart(found).svg


def test_empty_figures_are_told_apart_in_table_and_chart(world, plans, officer):
    plan = plans[2]
    factory.figure(plan, 1, None, state=FigureState.NOT_APPLICABLE, entered_by=officer)
    factory.figure(plan, 2, "0", state=FigureState.NIL, entered_by=officer)
    factory.figure(
        plan, 3, None, state=FigureState.NOT_YET_AVAILABLE, available_on=date(2016, 9, 30), entered_by=officer
    )

    found = seen(world, plan)
    svg = words.chart(found).svg

    assert [rows(found)[f"Quarter {number} 2014/15"].figure for number in (1, 2, 3, 4)] == [
        "not applicable",
        "nil",
        "not yet available until 30 September 2016",
        "missing",
    ]
    assert [re.search(rf">{letter}</text>", svg) is not None for letter in "NLMSR"] == [True, True, True, False, False]
    assert "Nil: counts as 0" in svg
    # One mark for the nil, one in the legend: the others have none.
    assert svg.count("<rect") == 2


def test_figure_that_was_to_come_is_missing_from_its_day_on(world, plans, officer):
    plan = plans[2]
    factory.figure(
        plan, 1, None, state=FigureState.NOT_YET_AVAILABLE, available_on=date(2014, 9, 30), entered_by=officer
    )

    before, after = (rows(seen(world, plan, on=day)) for day in (date(2014, 9, 29), date(2014, 9, 30)))

    assert before["Quarter 1 2014/15"].figure == "not yet available until 30 September 2014"
    assert after["Quarter 1 2014/15"].figure == "missing"
    assert "It was to come on 30 September 2014" in after["Quarter 1 2014/15"].notes


def test_quarter_that_has_not_ended_is_not_due_and_no_gap(world, plans):
    found = seen(world, plans[2], on=date(2014, 7, 14))

    assert rows(found)["Quarter 2 2014/15"].figure == "not due yet"
    assert rows(found)["Quarter 1 2014/15"].figure == "missing"
    assert (rows(found)["Quarter 4 2014/15"].target, rows(found)["Quarter 2 2014/15"].status) == ("50", "")


def test_other_partner_is_told_that_nothing_is_released_and_not_whether_there_is_something(world, plans, officer):
    plan = plans[2]
    factory.figure(plan, 1, "77", released_at=None, entered_by=officer)

    own, other = seen(world, plan), seen(world, plan, world.person("finance"))

    assert rows(own)["Quarter 1 2014/15"].figure == "77"
    assert rows(own)["Quarter 1 2014/15"].is_draft
    assert rows(other)["Quarter 1 2014/15"] == words.QuarterRow(
        label="Quarter 1 2014/15",
        figure="not released",
        target="50",
        status="data_not_available",
        status_words="Data not available",
    )
    assert rows(other)["Quarter 1 2014/15"].figure == rows(other)["Quarter 2 2014/15"].figure
    assert words.entered(other) == []
    assert "77" not in words.chart(other).svg


def test_provisional_that_became_final_shows_the_difference(world, plans, officer):
    made = factory.figure(plans[2], 1, "23", provisional=True, entered_by=officer)
    factory.settle(made, "25.5")

    found = seen(world, plans[2])

    (note,) = rows(found)["Quarter 1 2014/15"].notes
    assert note.endswith("provisional 23, final 25.5, difference +2.5")
    assert [one.words for one in words.entered(found)] == ["23, provisional", "25.5, final"]


def test_provisional_that_was_never_released_stays_at_home(world, plans, officer):
    made = factory.figure(plans[2], 1, "23", provisional=True, released_at=None, entered_by=officer)
    factory.settle(made, "25.5")
    MetricFigure.objects.filter(pk=made.pk).update(released_at=datetime(2014, 7, 20, tzinfo=UTC))

    own, other = seen(world, plans[2]), seen(world, plans[2], world.person("finance"))

    assert len(rows(own)["Quarter 1 2014/15"].notes) == 1
    assert rows(other)["Quarter 1 2014/15"].notes == ()
    assert [one.words for one in words.entered(other)] == ["25.5, final"]


def test_process_limits_and_flags_are_in_words(world, plans, officer):
    factory.run(plans, [*CALM[:11], "90"], entered_by=officer)

    found = seen(world, plans[2])

    assert found.chart.variation is Variation.CONCERN
    assert [flag.rule for flag in found.chart.of(11)] == [Rule.OUTSIDE]
    assert rows(found)["Quarter 4 2014/15"].flags == ("High: outside the process limits",)
    assert words.limits_words(found).startswith("The mean is 53.4. Figures from 39.1 to 67.7")
    assert "Upper process limit" in words.chart(found).svg


def test_too_few_figures_say_how_many_there_are(world, plans, officer):
    factory.run(plans, CALM[:11], entered_by=officer)

    found = seen(world, plans[2])

    assert found.chart.variation is Variation.TOO_FEW
    assert words.limits_words(found).startswith("Process limits are drawn from 12 figures on; there are 11.")


def test_figures_that_count_up_or_are_of_another_period_have_no_limits(world, officer):
    plans = factory.plans(world, (2012, 2013, 2014), basis="cumulative")
    factory.run(plans, CALM, entered_by=officer)
    assert seen(world, plans[2]).chart.limits is None
    assert "count up over the year" in words.limits_words(seen(world, plans[2]))

    MetricFigure.objects.filter(period__number=1).update(lagged=True)
    assert seen(world, plans[2]).chart.counted == 0
    assert {row.row.target.value for row in seen(world, plans[2]).rows} == {Decimal(50)}


def test_line_of_a_target_over_the_year_climbs(world, officer):
    (plan,) = factory.plans(world, (2014,), basis="cumulative")

    assert [row.target for row in reversed(words.table(seen(world, plan)))] == ["12.5", "25", "37.5", "50"]


def test_ratio_is_drawn_exactly_and_printed_to_the_places_of_the_metric(world, officer):
    (plan,) = factory.plans(world, (2014,), unit="percent")
    plan.metric.multiplier = Decimal(100)
    plan.metric.save()
    factory.figure(plan, 1, "87.2", numerator=Decimal(34), denominator=Decimal(39), entered_by=officer)

    found = seen(world, plan)

    assert found.rows[0].value.number == Decimal(3400) / 39 or found.rows[0].value.number.denominator == 39
    assert rows(found)["Quarter 1 2014/15"].figure == "87.2%"
    assert rows(found)["Quarter 1 2014/15"].notes == ("34 of 39",)


def test_page_costs_the_same_for_two_years_and_for_nine(world, officer, sign_in):
    counts = []
    client = sign_in(officer)
    for years in ((2013, 2014), range(2005, 2013)):
        made = factory.plans(world, years)
        for plan in made:
            for number in (1, 2, 3, 4):
                factory.settle(factory.figure(plan, number, "51", provisional=True, entered_by=officer), "52")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("bcf_metrics:metric", args=[made[-1].pk])).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_page_says_who_entered_what_when_and_why(world, plans, officer, sign_in):
    plans[2].rationale = "Agreed by the board"
    plans[2].save()
    said = {"challenges": "Beds closed late.", "achievements": "Ward 3 opened.", "support_needs": "A nurse."}
    factory.figure(plans[2], 1, "23", **said, action="Open them.", entered_by=officer)

    shown = page(sign_in(officer).get(reverse("bcf_metrics:metric", args=[plans[2].pk])))

    for told in (
        "Delayed discharges",
        "Lower is better",
        "Agreed by the board",
        "Beds closed late.",
        "Achievements Ward 3 opened.",
        "Support needs A nurse.",
        "Action Open them.",
        "Quarter 1 2014/15, 23, final (Metrics of ccg)",
        "Too few figures to tell change from chance",
    ):
        assert told in shown


def test_names_cannot_break_out_of_the_chart(world, officer, sign_in):
    (plan,) = factory.plans(world, (2014,), name="<script>alert(1)</script> & more")

    answer = sign_in(officer).get(reverse("bcf_metrics:metric", args=[plan.pk]))

    assert "<script>alert(1)" not in answer.content.decode()


def test_strangers_and_drafts_of_a_plan_are_not_there(world, plans, sign_in):
    address = reverse("bcf_metrics:metric", args=[plans[2].pk])

    assert sign_in(world.person("finance", "hackney")).get(address).status_code == 404
    plans[2].released_at = None
    plans[2].save()
    assert sign_in(world.person("finance")).get(address).status_code == 404
    assert sign_in(world.person("metrics", "ccg")).get(address).status_code == 200
    assert sign_in(world.person("metrics", "ccg")).post(address).status_code == 405
