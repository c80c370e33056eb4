"""The pages of a metric in a browser: read on a narrow screen, and by axe."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from bcf_metrics.models import MetricFigure, PolicyYear, QuarterlyReturn
from integration_hub.core.states import FigureState
from tests.factories import series, worlds

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]
VALUES = ["51", "49", "52", "48", "51", "50", "53", "47", "51", "49", "52", None, "56", "58", "61", "75"]


def test_a_metric_over_the_quarters(visitor, transactional_db, shots) -> None:
    world = worlds.build()
    officer = world.person("metrics", "ccg")
    plans = series.plans(world, (2010, 2011, 2012, 2013, 2014), rationale="Agreed by the board in March.")
    made = series.run(plans, VALUES, entered_by=officer)
    made[-1].provisional, made[-1].challenges = True, "Beds closed late."
    made[-1].save()
    series.figure(plans[2], 4, None, state=FigureState.NOT_APPLICABLE, entered_by=officer)
    series.figure(plans[4], 1, "0", state=FigureState.NIL, entered_by=officer)

    reader = visitor()
    reader.sign_in(officer, reverse("bcf_metrics:metric", args=[plans[4].pk]))
    reader.look("metric-series")

    assert "Getting worse: more than chance alone would show" in reader.text() or "Improving" in reader.text()
    assert "not applicable" in reader.text()
    reader.page.get_by_role("link", name="Change the target").click()
    reader.page.get_by_label("Rationale").fill("")
    reader.press("Save the target")
    reader.look("metric-target")
    assert "Say why the partners aim at this" in reader.text()
    assert reader.faults == []


def test_a_metric_that_was_joined_and_broken(visitor, transactional_db, shots) -> None:
    world = worlds.build()
    officer = world.person("metrics", "ccg")
    plans = series.plans(world, (2011, 2012, 2013, 2014))
    for plan, code in zip(plans, ("OLDEST", "OLD", "OLD", "DTOC_DAYS"), strict=True):
        plan.metric.code = code
        plan.metric.save()
    for year, former_year, code, former, factor in (
        (2012, "2011-12", "OLD", "OLDEST", ""),
        (2014, "2013-14", "DTOC_DAYS", "OLD", "0.5"),
    ):
        line = {"code": code, "former_year": former_year, "former": former, "kind": "rebased", "factor": factor}
        line |= {"reason": "Counted from the day on which somebody is ready", "checked": False}
        PolicyYear.objects.filter(financial_year=year).update(details={"lineage": [line]})
    series.run(plans, VALUES, entered_by=officer)

    reader = visitor()
    reader.sign_in(officer, reverse("bcf_metrics:metric", args=[plans[3].pk]))
    reader.look("metric-lineage")

    assert "The series breaks before 2012/13" in reader.text()
    assert "Joined before 2014/15 by the factor 0.5" in reader.text()
    assert reader.faults == []


def test_a_row_of_the_entry_grid_saves_by_itself(visitor, transactional_db, shots) -> None:
    world = worlds.build()
    officer = world.person("metrics", "ccg")
    years = series.plans(world, (2012, 2013, 2014), unit="percent")
    for plan in years:
        plan.metric.multiplier, plan.metric.unit = 100, "percent"
        plan.metric.save()
    series.run(years[:2], ["51", "49", "52", "48", "51", "50", "53", "47"], entered_by=officer)
    quarterly_return = QuarterlyReturn.objects.create(
        fund=world.fund,
        period=world.period,
        policy_year=years[2].metric.policy_year,
        template=years[2].metric.policy_year.template,
        status="in_progress",
    )

    writer = visitor()
    writer.sign_in(officer, reverse("bcf_metrics:grid", args=[quarterly_return.pk]))
    message = writer.page.locator("[data-grid-message]")
    cells = {
        name: writer.page.get_by_role("textbox", name=f"{series.NAME} percent; target 50% {name}")
        for name in ("Numerator", "Denominator", "Quarter 1 2014/15")
    }
    writer.look("metric-grid")
    cells["Numerator"].fill("34")
    cells["Numerator"].press("Tab")
    expect(message).to_contain_text("Enter the denominator as well")
    cells["Denominator"].fill("39")
    cells["Denominator"].press("Tab")
    expect(message).to_have_text(f"Saved: {series.NAME}.")
    expect(cells["Quarter 1 2014/15"]).to_have_value("87.2")
    cells["Quarter 1 2014/15"].fill("many")
    cells["Quarter 1 2014/15"].press("Tab")
    expect(message).to_contain_text("is no figure and no date")
    expect(cells["Quarter 1 2014/15"]).to_have_value("many")
    invalid = {name: cell.get_attribute("aria-invalid") for name, cell in cells.items()}
    assert invalid == {"Numerator": None, "Denominator": None, "Quarter 1 2014/15": "true"}
    writer.look("metric-grid-refused")

    kept = MetricFigure.objects.get(plan=years[2])
    assert (kept.value, kept.numerator, kept.denominator) == (Decimal("87.2"), 34, 39)
    assert writer.faults == []
