"""Southwark's fund with two schemes and a measure, words that are complete, and reports built from them in-process."""

from datetime import date
from decimal import Decimal

import pytest

from bcf_metrics.models import MetricFigure
from pooled_budgets.models import Forecast
from reports.services import briefs, reports
from tests.factories.money import MetricPlanFactory, SchemeFactory
from tests.factories.partners import NOON
from tests.integration.reports.building import complete, run


@pytest.fixture
def officer(world):
    return world.person("governance")


@pytest.fixture
def figures(world):
    """Two schemes with released outturns (5,621,000.00 and 214,000.00) and the CCG's released figure of 23."""
    finance = world.person("finance")
    for number, amount in (("1", "5621000.00"), ("11", "214000.00")):
        scheme = SchemeFactory(fund=world.fund, number=number, position=int(number), budget=amount)
        Forecast.objects.create(
            scheme=scheme,
            period=world.period,
            owner=world.council,
            amount=Decimal(amount),
            state="stated",
            at=date(2014, 6, 30),
            entered_by=finance,
            entered_at=NOON,
            released_at=NOON,
        )
    plan = MetricPlanFactory(fund=world.fund, owner=world.ccg, metric__name="Care home admissions")
    MetricFigure.objects.create(
        plan=plan,
        period=world.period,
        owner=world.ccg,
        value=Decimal(23),
        state="stated",
        at=date(2014, 6, 30),
        entered_by=world.person("metrics", "ccg"),
        entered_at=NOON,
        released_at=NOON,
    )


@pytest.fixture
def begun(world, officer, figures):
    """Words that were begun and not yet written."""
    return briefs.begin(board_id=world.board.pk, fund_id=world.fund.pk, period=world.period, by=officer, at=NOON)


@pytest.fixture
def brief(world, officer, begun):
    """Words that are complete, for the meeting of 28 July 2014."""
    return briefs.save(
        brief_id=begun.pk,
        content=complete(begun.content),
        meeting=world.meeting,
        seen=briefs.fingerprint(begun.content, begun.meeting_id),
        by=officer,
        at=NOON,
    )


@pytest.fixture
def queued(brief, officer):
    return reports.queue(brief_id=brief.pk, by=officer, at=NOON)


@pytest.fixture
def built(queued):
    return run(queued)


@pytest.fixture
def issued(built, officer):
    return reports.issue(report_id=built.pk, by=officer, at=NOON)


@pytest.fixture
def failing(monkeypatch):
    """Nothing can be drawn."""

    def refuse(document):
        raise ValueError("no face")

    monkeypatch.setattr("reports.services.reports.pdf.render", refuse)


@pytest.fixture
def signed_in(client):
    """Sign a person in: signed_in(world.person("finance")).get("/")."""

    def enter(person):
        client.force_login(person, backend="partners.backends.EmailBackend")
        return client

    return enter
