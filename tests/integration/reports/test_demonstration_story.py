"""What was done in the demonstration: quarter 1 of 2014/15 by the people whose steps they are, or all still to do."""

from datetime import date
from decimal import Decimal

import pytest

from bcf_metrics.models import MetricFigure, MetricPlan, QuarterlyReturn, ReturnVersion, Signature
from bcf_metrics.selectors import figures
from integration_hub.core.models import AuditEvent, Job, Period
from partners.models import Organisation, User
from pooled_budgets.domain import regulation
from pooled_budgets.models import (
    BalanceDifference,
    ClosedMonth,
    Forecast,
    Fund,
    ParkedRow,
    PeriodLock,
    RiskShareRules,
    RiskShareScenario,
    Scheme,
    SchemeLine,
    Transaction,
    Virement,
)
from pooled_budgets.selectors import performance, positions
from programme.models import NextStep, Risk
from reports.domain import snapshot as snapshots
from reports.models import Report
from reports.services import demonstration, demonstration_story, reports
from tests.factories.partners import NOON

pytestmark = pytest.mark.django_db

QUARTER_1 = date(2014, 6, 30)


def quarter_of(fund: Fund) -> Period:
    return Period.objects.get(kind="quarter", financial_year=fund.financial_year, number=1)


def test_load_finished_has_quarter_1_done_to_the_penny_by_the_people_whose_steps_they_are():
    cast = demonstration_story.load(at=NOON, finished=True)
    paid = performance.recorded(cast.funds["southwark-2015-16"])
    assert (paid.pay.illustrative, paid.worked_out().retained) == (True, Decimal("1373780.00"))
    fund = cast.funds["southwark-2014-15"]
    period = quarter_of(fund)
    member = cast.people["member@southwark-hwb.example"]

    position = positions.position(fund, period, member, on=QUARTER_1)
    assert [line.number for line in position.lines] == ["1", "2", "3", "4", "5", "7", "11"]
    assert position.totals.budget == position.totals.outturn == fund.total == Decimal("8957000.00")
    assert {line.number: line.as_printed for line in position.lines if line.as_printed} == {"11": "£214,00"}

    rows = {row.code: row for row in figures.for_quarter(fund, period, member, on=date(2014, 7, 14))}
    assert {code: row.status for code, row in rows.items()} == {
        "RES65": "on_track",
        "DTOC_DAYS": "not_on_track",
        "REABL91": "on_track",
        "AVOID_ADM": "data_not_available",
        "LOCAL": "not_on_track",
        "PX": "not_defined",
    }
    assert "23 against 41.75" in rows["RES65"].comparison
    assert rows["AVOID_ADM"].progress_words == "not yet available until 30 September 2014"
    assert not any(row.illustrative or row.provisional or row.is_overridden for row in rows.values())

    signed = QuarterlyReturn.objects.get(fund=fund)
    assert (signed.status, signed.period) == ("signed", period)
    version = ReturnVersion.objects.get(quarterly_return=signed)
    assert version.content["totals"]["expenditure"]["plan"] == "8957000.00"
    assert sum(Decimal(row["plan"]) for row in version.content["expenditure"]) == Decimal("8957000.00")
    # The paper states no spending to date, and none is made up.
    assert {row["actual"] for row in version.content["expenditure"]} == {None}
    assert {row["state"] for row in version.content["expenditure"]} == {"not_stated"}
    signatures = Signature.objects.filter(version=version)
    assert {signature.person.email for signature in signatures} == {
        "approver@southwark-council.example",
        "approver@southwark-ccg.example",
        "chair@southwark-council.example",
    }
    assert {signature.capacity_code for signature in signatures} == {
        "chief_executive",
        "accountable_officer",
        "board_chair",
    }
    assert PeriodLock.objects.filter(fund=fund, period=period, lifted_at=None).count() == 1

    assert set(Risk.objects.values_list("illustrative", flat=True)) == {True, False}
    assert not Risk.objects.filter(released_at=None).exists()
    assert not NextStep.objects.filter(illustrative=False, due_on__isnull=False).exists()

    report = Report.objects.get()
    assert report in Report.objects.visible_to(member)
    assert (report.meeting.held_on, report.job.status) == (date(2014, 7, 28), "ready")
    assert sorted(report.documents.values_list("format", flat=True)) == ["docx", "html", "pdf"]
    assert report.sha256 == snapshots.sha256(report.snapshot)
    assert report.snapshot["scheme_total"]["outturn"] == "8957000.00"
    assert [row["status"] for row in report.snapshot["metrics"]] == [row.status for row in rows.values()]

    stranger = cast.person("finance", "hackney-council")
    assert not Report.objects.visible_to(stranger).exists()
    assert not Forecast.objects.visible_to(stranger).exists()
    assert not QuarterlyReturn.objects.visible_to(stranger).exists()

    actors = dict(AuditEvent.objects.filter(system="", at__year=2014).values_list("kind", "actor_name"))
    assert actors == {
        "plan.staged": "Finance officer, Southwark Council",
        "plan.corrected": "Finance officer, Southwark Council",
        "plan.imported": "Finance officer, Southwark Council",
        "forecasts.released": "Finance officer, Southwark Council",
        "figures.recorded": "Metrics officer, NHS Southwark CCG",
        "figures.released": "Metrics officer, NHS Southwark CCG",
        "return.opened": "Finance officer, Southwark Council",
        "return.answered": "Finance officer, Southwark Council",
        "return.sent_for_sign_off": "Metrics officer, NHS Southwark CCG",
        "period.locked": "Metrics officer, NHS Southwark CCG",
        "return.signed": actors["return.signed"],
        "risk.added": "Programme officer, Southwark Council",
        "next_step.added": "Programme officer, Southwark Council",
        "register.released": "Programme officer, Southwark Council",
        "report_brief.begun": "Governance officer, Southwark Council",
        "report_brief.saved": "Governance officer, Southwark Council",
        "report.asked_for": "Governance officer, Southwark Council",
        "report.built": "Governance officer, Southwark Council",
        "report.issued": "Governance officer, Southwark Council",
        "report.attached": "Governance officer, Southwark Council",
    }


def test_load_at_start_leaves_quarter_1_to_do_and_a_made_up_year_half_done():
    cast = demonstration_story.load(at=NOON, finished=False)
    fund = cast.funds["southwark-2014-15"]

    for rows in (
        Scheme.objects.filter(fund=fund),
        Forecast.objects.filter(scheme__fund=fund),
        MetricFigure.objects.all(),
        QuarterlyReturn.objects.filter(fund=fund),
        Risk.objects.all(),
        Report.objects.all(),
        Job.objects.all(),
    ):
        assert not rows.exists()
    plans = MetricPlan.objects.filter(fund=fund).order_by("position").values_list("name", "target", "target_state")
    assert [(name, target, state) for name, target, state in plans] == [
        ("Care home admissions of older people", Decimal(167), "set"),
        ("Delayed transfers of care", Decimal(424), "set"),
        ("Reablement: still at home 91 days after discharge", Decimal(85), "set"),
        ("Avoidable admissions to hospital", Decimal(450), "set"),
        ("People feeling supported to manage their long term conditions (GP survey)", Decimal(60), "set"),
        ("User experience", None, "not_yet_defined"),
    ]
    assert set(MetricPlan.objects.filter(fund=fund).values_list("owner__key", flat=True)) == {"southwark-ccg"}
    assert not MetricPlan.objects.filter(fund=fund, released_at=None).exists()

    made_up = cast.funds["southwark-2025-26"]
    assert made_up.illustrative
    assert not made_up.funding_lines.filter(illustrative=False).exists()
    assert not made_up.metric_plans.filter(illustrative=False).exists()
    assert sum(line.amount for line in made_up.funding_lines.all()) == made_up.total
    half_done = QuarterlyReturn.objects.get()
    assert (half_done.fund, half_done.status) == (made_up, "in_progress")
    assert half_done.answers.count() == 6
    assert not Forecast.objects.exclude(released_at=None).exists()
    metrics = cast.person("metrics", "southwark-ccg")
    assert {organisation.key for organisation in Organisation.objects.acted_for_by(metrics)} == {
        "southwark-ccg",
        "south-east-london-icb",
    }
    assert half_done in QuarterlyReturn.objects.visible_to(metrics)
    check_year(cast)


def check_year(cast: demonstration.Cast) -> None:
    """Every part of a pooled fund's year is there to be looked at, done by the people whose steps they are."""
    fund, agreement = cast.funds["southwark-2025-26"], cast.agreements["southwark-bcf-2025-26"]
    agreement.refresh_from_db()
    assert (agreement.status, agreement.current_version.number) == ("signed", 1)
    waiting = agreement.drafts.get(status="for_signature")
    assert waiting.version.signatures.count() == 1
    assert not regulation.gaps(agreement.current_version.content)

    assert {line.stream.ring_fence for line in fund.funding_lines.all()} == {"nhs_minimum", "la_grants", "dfg"}
    lines = SchemeLine.objects.filter(scheme__fund=fund)
    assert sum(line.budget for line in lines) == sum(line.amount for line in fund.funding_lines.all()) == fund.total
    assert not lines.filter(funding=None).exists()
    assert fund.schemes.filter(start__isnull=False).count() == 2
    assert {(row.status, row.number) for row in fund.virements.all()} == {("approved", 1), ("prepared", 2)}
    assert list(ParkedRow.objects.filter(fund=fund, posted=None).values_list("code", flat=True)) == ["SW-1099"]
    assert Transaction.objects.filter(fund=fund).count() == 14
    assert ClosedMonth.objects.filter(fund=fund).count() == 2
    assert BalanceDifference.objects.filter(line__scheme__fund=fund, settled_at=None).count() == 1
    rules = RiskShareRules.objects.get(agreement=agreement)
    assert (rules.number, rules.illustrative, len(rules.groups[0]["overspend"])) == (1, True, 3)
    assert rules.agreement_version == agreement.current_version
    assert RiskShareScenario.objects.filter(fund=fund).count() == 2

    other = cast.person("finance", "hackney-council")
    assert not Virement.objects.visible_to(other).exists()
    assert not RiskShareScenario.objects.visible_to(other).exists()


def test_load_that_fails_at_its_last_step_loads_nothing(monkeypatch):
    def fail(**_arguments: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(reports, "attach", fail)

    with pytest.raises(OSError, match="disk is full"):
        demonstration_story.load(at=NOON, finished=True)

    assert not User.objects.exists()
    assert not AuditEvent.objects.exists()
