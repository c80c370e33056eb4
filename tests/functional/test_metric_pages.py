"""The pages of a metric in a browser: read on a narrow screen, and by axe."""

import pytest
from django.urls import reverse

from integration_hub.core.states import FigureState
from tests.factories import series, worlds

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]
VALUES = ["51", "49", "52", "48", "51", "50", "53", "47", "51", "49", "52", None, "56", "58", "61", "75"]


def test_a_metric_over_the_quarters(visitor, transactional_db, shots) -> None:
    world = worlds.build()
    officer = world.person("metrics", "ccg")
    plans = series.plans(world, (2010, 2011, 2012, 2013, 2014), rationale="Agreed by the board in March.")
    made = series.run(plans, VALUES, entered_by=officer)
    made[-1].provisional, made[-1].commentary = True, "Beds closed late."
    made[-1].save()
    series.figure(plans[2], 4, None, state=FigureState.NOT_APPLICABLE, entered_by=officer)
    series.figure(plans[4], 1, "0", state=FigureState.NIL, entered_by=officer)

    reader = visitor()
    reader.sign_in(officer, reverse("bcf_metrics:metric", args=[plans[4].pk]))
    reader.look("metric-series")

    assert "Getting worse: more than chance alone would show" in reader.text() or "Improving" in reader.text()
    assert "not applicable" in reader.text()
    assert reader.faults == []
