"""A metric that came from another: its series joined by a factor, or broken with a reason, and edited like the rest."""

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from bcf_metrics.models import MetricFigure, MetricPlan, PolicyDraft, PolicyYear
from bcf_metrics.presenters import series as words
from bcf_metrics.selectors import series as selectors
from tests.factories import series as factory
from tests.factories.worlds import World
from tests.integration.bcf_metrics import test_policy_drafts as drafts
from tests.integration.bcf_metrics.test_policy_drafts import loaded, page  # noqa: F401  # fixtures

pytestmark = pytest.mark.django_db
LATE = date(2016, 4, 1)
LINE = {
    "code": "DTOC_DAYS",
    "former_year": "2013-14",
    "former": "DELAYS",
    "kind": "rebased",
    "factor": "1/4",
    "reason": "Counted in quarters of a day",
    "checked": False,
}


@pytest.fixture
def plans(world: World) -> list[MetricPlan]:
    """Two years under one code, and a third under another."""
    made = factory.plans(world, (2012, 2013, 2014))
    for plan in made[:2]:
        plan.metric.code = "DELAYS"
        plan.metric.save()
        plan.name = "Days of delay"
        plan.save()
    officer = world.person("metrics", "ccg")
    factory.run(made, ["40", "44", "48", "52", "56", "60", "64", "68", "15"], entered_by=officer)
    return made


def told(line: dict[str, Any], year: int = 2014) -> None:
    PolicyYear.objects.filter(financial_year=year).update(details={"lineage": [line]})


def seen(world: World, plan: MetricPlan) -> selectors.MetricSeries:
    return selectors.of_plan(world.person("metrics", "ccg"), plan.pk, on=LATE)


def lines_of(svg: str) -> int:
    return len(re.findall('<line [^>]*stroke="#0b5c63"', svg))


def rows(found: selectors.MetricSeries) -> dict[str, words.QuarterRow]:
    return {row.label: row for row in words.table(found)}


def test_without_a_line_another_code_is_another_series(world: World, plans: list[MetricPlan]) -> None:
    assert len(seen(world, plans[2]).rows) == 4


def test_joined_figures_say_by_which_factor_and_what_was_reported(world: World, plans: list[MetricPlan]) -> None:
    told(LINE)

    found = seen(world, plans[2])

    first, last = rows(found)["Quarter 1 2012/13"], rows(found)["Quarter 1 2014/15"]
    assert (first.figure, first.target) == ("10", "12.5")
    assert first.notes[0] == "Reported at the time: 40. Joined by the factor 0.25"
    assert (last.figure, last.notes) == ("15", ())
    assert last.joint == (
        "Joined before 2014/15 by the factor 0.25: counted another way, from DELAYS of 2013/14. "
        "Counted in quarters of a day"
    )
    assert last.joint_unchecked
    assert [row.joint for row in words.table(found) if row.joint] == [last.joint]
    svg = words.chart(found).svg
    assert "Joined before 2014/15" in svg
    assert found.run == (0, 11)


def test_series_is_the_same_from_whichever_year_it_is_asked(world: World, plans: list[MetricPlan]) -> None:
    told(LINE)

    asked = [[(row.quarter, row.value.number) for row in seen(world, plan).rows] for plan in plans]

    assert asked[0][:9] == asked[1][:9] == asked[2][:9]


def test_join_by_1_keeps_every_figure_and_says_nothing_at_them(world: World, plans: list[MetricPlan]) -> None:
    told(LINE | {"factor": "1"})

    found = rows(seen(world, plans[2]))

    assert (found["Quarter 1 2012/13"].figure, found["Quarter 1 2012/13"].notes) == ("40", ())


def test_break_says_why_and_no_line_or_limit_crosses_it(world: World, plans: list[MetricPlan]) -> None:
    told(LINE | {"factor": ""})

    found = seen(world, plans[2])

    assert rows(found)["Quarter 1 2012/13"].figure == "40"
    assert rows(found)["Quarter 1 2014/15"].joint.startswith("The series breaks before 2014/15: counted another way")
    assert found.run == (8, 11)
    assert found.chart.counted == 1
    across = lines_of(words.chart(found).svg)
    told(LINE)
    assert lines_of(words.chart(seen(world, plans[2])).svg) == across + 1


def test_break_to_another_unit_draws_no_figure_of_the_other_side(world: World, plans: list[MetricPlan]) -> None:
    told(LINE | {"factor": ""})
    MetricPlan.objects.filter(pk__in=[plan.pk for plan in plans[:2]]).update(unit="beds")

    found = seen(world, plans[2])

    assert "Counted in another unit before the break" in words.chart(found).svg
    assert rows(found)["Quarter 1 2012/13"].figure == "40"


def test_provisional_that_became_final_keeps_its_difference_as_it_was_reported(
    world: World, plans: list[MetricPlan]
) -> None:
    told(LINE)
    made = MetricFigure.objects.get(plan=plans[0], period__number=1)
    made.provisional = True
    made.save()
    factory.settle(made, "42")

    found = rows(seen(world, plans[2]))

    assert found["Quarter 1 2012/13"].figure == "10.5"
    assert found["Quarter 1 2012/13"].notes[0] == "Reported at the time: 42. Joined by the factor 0.25"
    assert found["Quarter 1 2012/13"].notes[1].endswith("provisional 40, final 42, difference +2")


def test_draft_of_an_earlier_metric_stays_at_home(world: World, plans: list[MetricPlan]) -> None:
    told(LINE)
    made = factory.figure(plans[2], 3, "77", released_at=None, entered_by=world.person("metrics", "ccg"))
    type(made).objects.filter(plan=plans[0], period__number=1).update(released_at=None)

    other = selectors.of_plan(world.person("finance"), plans[2].pk, on=LATE)

    assert rows(other)["Quarter 1 2012/13"].figure == "not released"
    assert "40" not in [row.figure for row in words.table(other)]
    assert not any("40" in note for row in words.table(other) for note in row.notes)


def test_page_shows_join_and_reason(world: World, plans: list[MetricPlan], client: Any) -> None:
    told(LINE)
    client.force_login(world.person("metrics", "ccg"), backend="partners.backends.EmailBackend")

    shown = client.get(reverse("bcf_metrics:metric", args=[plans[2].pk])).content.decode()

    assert "by the factor 0.25" in shown
    assert "Counted in quarters of a day" in shown
    assert "Not checked" in shown


def test_operator_enters_a_line_that_is_compared_and_published(loaded: World, page: Any) -> None:  # noqa: F811
    drafts.begin(loaded)
    given = {**LINE, "code": "EMER65", "former_year": "2024-25", "former": "AVOID_ADM", "seen": ""}
    given.pop("checked")

    refused = page("policy_row_new", "2025-26", "lineage", **(given | {"factor": "half"}))
    later = page("policy_row_new", "2025-26", "lineage", **(given | {"former_year": "2025-26"}))
    unknown = page("policy_row_new", "2025-26", "lineage", **(given | {"code": "NOTHING"}))

    assert [refused.status_code, later.status_code, unknown.status_code] == [400, 400, 400]
    assert "such as 1, 0.95 or 1/12" in refused.content.decode()
    assert "comes from an earlier year" in later.content.decode()
    assert "NOTHING is no metric of the year" in unknown.content.decode()
    assert len(PolicyDraft.objects.get().content["lineage"]) == 1

    assert page("policy_row_new", "2025-26", "lineage", **given).status_code == 302
    assert "1/4" in page("policy_part", "2025-26", "lineage").content.decode()
    assert "Where metrics come from" in page("policy_draft", "2025-26").content.decode()
    drafts.publish(loaded)
    assert [row["code"] for row in PolicyYear.objects.get(code="2025-26").details["lineage"]] == ["RES65", "EMER65"]
