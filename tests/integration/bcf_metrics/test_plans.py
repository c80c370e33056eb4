"""What the partners aim at."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from bcf_metrics.models import MetricPlan
from bcf_metrics.policies import UnderSignOff
from bcf_metrics.services import plans
from bcf_metrics.services.plans import NoSuchMetric
from integration_hub.core.errors import Malformed
from integration_hub.core.models import AuditEvent
from tests.factories.partners import NOON


def set_plan(journey, by=None, owner=None, **fields):
    by = by or journey.metrics_officer
    given = {"code": "RES65", "name": "Care home admissions of older people", "target": Decimal(160)} | fields
    return plans.set(fund=journey.world.fund, owner=owner or journey.world.ccg, by=by, at=NOON, **given)


def test_set_again_changes_the_plan_and_leaves_one_audit_line(journey):
    lines = AuditEvent.objects.count()
    person = journey.metrics_officer
    lines = AuditEvent.objects.count() if AuditEvent.objects.count() != lines else lines

    plan = set_plan(journey, by=person, profile=[Decimal(n) for n in (30, 70, 110, 160)])

    assert plan.pk == journey.plans["RES65"].pk
    assert (plan.target, plan.profile) == (160, ["30", "70", "110", "160"])
    assert AuditEvent.objects.count() == lines + 1


def test_set_takes_unit_basis_and_direction_from_the_definition_unless_given(journey):
    assert set_plan(journey).unit == "admissions"
    plan = set_plan(journey, code="LOCAL", name="Falls", better="lower", unit="falls", basis="cumulative")
    assert (plan.better, plan.unit, plan.basis) == ("lower", "falls", "cumulative")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"profile": [Decimal(n) for n in (30, 70, 110, 150)]}, "add up to 150"),
        ({"profile": [Decimal(160)]}, "four quarters"),
        ({"target": Decimal(-1)}, "below 0"),
        ({"basis": "guess"}, "Use one of"),
        ({"better": "sideways"}, "Use one of"),
    ],
)
def test_set_with_what_cannot_be_is_refused_and_changes_nothing(journey, fields, words):
    before = MetricPlan.objects.get(pk=journey.plans["RES65"].pk).target

    with pytest.raises(Malformed, match=words):
        set_plan(journey, **fields)
    assert MetricPlan.objects.get(pk=journey.plans["RES65"].pk).target == before


def test_set_a_metric_that_the_year_does_not_have_is_refused(journey):
    with pytest.raises(NoSuchMetric, match="2014/15 has no metric NEA"):
        set_plan(journey, code="NEA")


def test_set_for_a_partner_that_one_does_not_act_for_is_refused(journey):
    with pytest.raises(PermissionDenied):
        set_plan(journey, by=journey.world.person("metrics"))
    with pytest.raises(Malformed, match="entered by NHS Southwark CCG"):
        set_plan(journey, by=journey.world.person("metrics"), owner=journey.world.council)
    assert MetricPlan.objects.get(pk=journey.plans["RES65"].pk).target == 167


def test_set_while_a_return_is_with_its_signatories_is_refused(sent):
    with pytest.raises(UnderSignOff):
        set_plan(sent)
    assert MetricPlan.objects.get(pk=sent.plans["RES65"].pk).target == 167
