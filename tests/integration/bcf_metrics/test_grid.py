"""The entry grid: derived figures, five states, two people at once, a pasted block; nothing half saved."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bcf_metrics.models import MetricFigure
from integration_hub.core.models import AuditEvent
from tests.factories import series as series_factory
from tests.integration.bcf_metrics.test_pages import fields, words

pytestmark = pytest.mark.django_db
# The journey's metrics in the order of the grid.
RES65, DTOC, REABL, AVOID, LOCAL, PX = range(6)


@pytest.fixture
def officer(journey, sign_in):
    return sign_in(journey.metrics_officer)


def grid_url(journey):
    return reverse("bcf_metrics:grid", args=[journey.quarterly_return.pk])


def row_url(journey):
    return reverse("bcf_metrics:grid_row", args=[journey.quarterly_return.pk])


def kept():
    return {
        figure.plan.metric.code: figure
        for figure in MetricFigure.objects.select_related("plan__metric").order_by("plan__position")
    }


def whole(client, journey, **typed):
    """The page's own inputs with some of them typed over, by name with a dash for the last underscore."""
    page = fields(client.get(grid_url(journey)))
    return page | {"-".join(name.rsplit("_", 1)): value for name, value in typed.items()}


def row_of(journey, code, page=None, **typed):
    """What the page sends when one row is left."""
    seen = dict.fromkeys(("seen-numerator-0", "seen-denominator-0", "seen-figure-0"), "")
    sent = {f"{name}-0": value for name, value in typed.items()}
    return (
        {"plan-0": str(journey.plans[code].pk), "numerator-0": "", "denominator-0": "", "figure-0": ""}
        | seen
        | sent
        | (page or {})
    )


def test_whole_grid_is_saved_without_a_script(journey, officer):
    sent = whole(officer, journey, figure_0="23", numerator_2="34", denominator_2="39", figure_3="30 September 2099")

    answer = officer.post(grid_url(journey), sent, follow=True)

    found = kept()
    assert answer.status_code == 200
    assert "3 metrics saved." in words(answer)
    assert (found["RES65"].value, found["RES65"].state) == (Decimal(23), "stated")
    assert (found["REABL91"].numerator, found["REABL91"].denominator) == (Decimal(34), Decimal(39))
    assert found["REABL91"].value == Decimal("87.2")
    assert (found["AVOID_ADM"].state, found["AVOID_ADM"].available_on) == ("not_yet_available", date(2099, 9, 30))
    assert set(found) == {"RES65", "REABL91", "AVOID_ADM"}
    assert all(figure.provisional and figure.released_at is None for figure in found.values())
    again = officer.post(grid_url(journey), whole(officer, journey), follow=True)
    assert "Nothing was changed." in words(again)


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("nil", "nil"),
        ("Not applicable", "not_applicable"),
        ("n/a", "not_applicable"),
        ("suppressed", "suppressed"),
        ("missing", "missing"),
        ("until 30 September 2099", "not_yet_available"),
        ("not yet available until 30/9/2099", "not_yet_available"),
        ("0", "stated"),
    ],
)
def test_each_state_is_kept_and_shown_as_itself(journey, officer, typed, state):
    answer = officer.post(row_url(journey), row_of(journey, "RES65", figure=typed))

    assert (answer.status_code, kept()["RES65"].state) == (200, state)
    shown = answer.json()["cells"]["figure"]
    assert shown["text"] == fields(officer.get(grid_url(journey)))["figure-0"]
    assert (shown["text"] == "0") is (state == "stated")


def test_row_saves_by_itself_and_answers_what_stands(journey, officer):
    answer = officer.post(row_url(journey), row_of(journey, "REABL91", numerator="34", denominator="39"))

    assert answer.json() == {
        "words": "Saved",
        "cells": {
            "numerator": {"text": "34", "seen": "34"},
            "denominator": {"text": "39", "seen": "39"},
            "figure": {"text": "87.2", "seen": "87.2"},
        },
    }
    changed = row_of(
        journey,
        "REABL91",
        {"seen-numerator-0": "34", "seen-denominator-0": "39", "seen-figure-0": "87.2"},
        numerator="35",
        denominator="39",
        figure="87.2",
    )
    assert officer.post(row_url(journey), changed).json()["cells"]["figure"]["text"] == "89.7"


@pytest.mark.parametrize(
    ("code", "typed", "told"),
    [
        ("RES65", {"figure": "many"}, "is no figure and no date"),
        ("RES65", {"figure": "-3"}, "below 0"),
        ("RES65", {"figure": "2.55555"}, "too many decimals"),
        ("RES65", {"figure": "1 May 2014"}, "not in the future"),
        ("REABL91", {"numerator": "34"}, "Enter both numerator and denominator"),
        ("REABL91", {"numerator": "34", "denominator": "0"}, "no rate without a denominator"),
        ("REABL91", {"numerator": "34", "denominator": "39", "figure": "87"}, "Clear the figure"),
        ("REABL91", {"numerator": "x", "denominator": "39"}, "is not a number"),
    ],
)
def test_bad_input_is_told_and_nothing_is_saved(journey, officer, code, typed, told):
    lines = AuditEvent.objects.count()

    answer = officer.post(row_url(journey), row_of(journey, code, **typed))

    assert answer.status_code == 400
    assert told in answer.json()["words"]
    assert (kept(), AuditEvent.objects.count()) == ({}, lines)


def test_one_bad_cell_keeps_the_whole_grid_from_being_saved_and_what_was_typed_stays(journey, officer):
    sent = whole(officer, journey, figure_0="23", figure_1="many")

    answer = officer.post(grid_url(journey), sent)

    assert answer.status_code == 400
    assert kept() == {}
    assert {name: fields(answer)[name] for name in ("figure-0", "figure-1")} == {"figure-0": "23", "figure-1": "many"}
    assert 'href="#figure-1"' in answer.content.decode()


def test_figure_cannot_be_wiped_without_a_reason(journey, officer):
    officer.post(row_url(journey), row_of(journey, "RES65", figure="23"))

    answer = officer.post(row_url(journey), row_of(journey, "RES65", {"seen-figure-0": "23"}, figure=""))

    assert answer.status_code == 400
    assert "Write why there is none" in answer.json()["words"]
    assert kept()["RES65"].value == 23


def test_two_people_lose_nothing(journey, officer):
    first = whole(officer, journey, figure_0="23")
    second = whole(officer, journey, figure_0="25", figure_1="808")
    officer.post(grid_url(journey), first)

    answer = officer.post(grid_url(journey), second)

    assert answer.status_code == 409
    assert "you saw nothing" in words(answer)
    assert "saved 23" in words(answer)
    assert {code: figure.value for code, figure in kept().items()} == {"RES65": 23}
    page = fields(answer)
    assert (page["figure-0"], page["seen-figure-0"], page["figure-1"]) == ("25", "23", "808")
    assert officer.post(grid_url(journey), page).status_code == 302
    assert {code: figure.value for code, figure in kept().items()} == {"RES65": 25, "DTOC_DAYS": 808}


def test_two_rows_by_two_people_are_both_kept(journey, officer):
    first, second = whole(officer, journey, figure_0="23"), whole(officer, journey, figure_1="808")

    assert [officer.post(grid_url(journey), sent).status_code for sent in (first, second)] == [302, 302]
    assert {code: figure.value for code, figure in kept().items()} == {"RES65": 23, "DTOC_DAYS": 808}


def test_commentary_and_status_stay_where_the_grid_changes_the_figure(journey, officer):
    journey.record("DTOC_DAYS")

    officer.post(row_url(journey), row_of(journey, "DTOC_DAYS", {"seen-figure-0": "808"}, figure="900"))

    found = kept()["DTOC_DAYS"]
    assert (found.value, found.challenges, found.value_period) == (900, "Winter beds closed late.", "April and May")


def test_pasted_block_is_a_preview_first(journey, officer):
    block = "\n".join(["23", "808", "88", "nil", "", "not applicable"])

    answer = officer.post(grid_url(journey), whole(officer, journey) | {"pasted": block, "preview": "1"})

    assert answer.status_code == 200
    assert kept() == {}
    assert "5 cells filled. Nothing is saved yet." in words(answer)
    page = fields(answer)
    page.pop("preview", None)
    officer.post(grid_url(journey), page)
    assert [figure.state for figure in kept().values()] == ["stated", "stated", "stated", "nil", "not_applicable"]


@pytest.mark.parametrize("block", ["23\nmany\n88\n1\n2\n3", "23\n808", ""])
def test_pasted_block_with_anything_wrong_fills_nothing(journey, officer, block):
    answer = officer.post(grid_url(journey), whole(officer, journey) | {"pasted": block, "preview": "1"})

    assert answer.status_code == 400
    assert kept() == {}
    assert fields(answer)["figure-0"] == ""
    assert fields(answer)["pasted"] == block


def test_locked_return_says_who_when_and_who_can_lift_it(sent, sign_in):
    client = sign_in(sent.metrics_officer)
    before = {code: figure.value for code, figure in kept().items()}

    page = client.get(grid_url(sent))
    answer = client.post(row_url(sent), row_of(sent, "RES65", {"seen-figure-0": "23"}, figure="24"))

    assert "with its signatories" in words(page)
    assert "figure-0" not in fields(page)
    assert answer.status_code == 409
    assert "by sending the return back" in answer.json()["words"]
    assert {code: figure.value for code, figure in kept().items()} == before


def test_who_enters_nothing_is_refused_and_strangers_find_nothing(journey, sign_in):
    for person, status in ((journey.finance_officer, 403), (journey.world.person("finance", "hackney"), 404)):
        client = sign_in(person)
        assert client.get(grid_url(journey)).status_code == status
        assert client.post(grid_url(journey), {}).status_code == status
        assert client.post(row_url(journey), row_of(journey, "RES65", figure="1")).status_code == status
    assert kept() == {}


@pytest.mark.parametrize(
    "sent", [{}, {"plan-0": "x"}, {"plan-0": "00000000-0000-0000-0000-000000000000"}, {"seen-figure-0": "<b>"}]
)
def test_what_no_page_of_ours_sends_is_refused(journey, officer, sent):
    body = row_of(journey, "RES65", figure="1") | sent if "seen-figure-0" in sent else sent

    assert officer.post(row_url(journey), body).status_code == 400
    assert kept() == {}


def test_eight_quarters_before_stand_beside_the_cell(world, sign_in, journey):
    person = journey.metrics_officer
    made = series_factory.plans(world, (2012, 2013))
    series_factory.run(made, ["1", "2", "3", "4", "5", "6", "7", "8"], entered_by=person)
    now = journey.plans["DTOC_DAYS"]
    for plan in made:
        plan.name, plan.unit = now.name, now.unit
        plan.save()

    shown = words(sign_in(person).get(grid_url(journey)))

    assert "Q1 2012/13 Q2 2012/13" in shown
    assert "1 2 3 4 5 6 7 8" in shown
    assert "no plan no plan" in shown


def test_grid_costs_the_same_for_six_metrics_and_for_more(journey, officer, world):
    counts = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(grid_url(journey)).status_code == 200
        counts.append(len(queries))
        for number in range(10):
            series_factory.MetricPlanFactory(
                fund=world.fund, owner=world.ccg, metric=journey.plans["LOCAL"].metric, name=f"Local {turn}.{number}"
            )
    assert counts[0] == counts[1]
