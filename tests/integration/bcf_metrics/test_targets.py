"""A target entered by people: checked, kept with its rationale, its former self readable; nothing half saved."""

from decimal import Decimal

import pytest
from django.urls import reverse

from bcf_metrics.models import MetricPlan
from integration_hub.core.models import AuditEvent
from tests.integration.bcf_metrics.test_pages import fields, words

pytestmark = pytest.mark.django_db
GOOD = {"target": "120", "target_period": "full year", "rationale": "Agreed by the board in July"}


@pytest.fixture
def plan(journey):
    return journey.plans["RES65"]


def address(plan):
    return reverse("bcf_metrics:target", args=[plan.pk])


def typed(browser, plan, **given):
    return fields(browser.get(address(plan))) | given


def now(plan):
    plan = MetricPlan.objects.get(pk=plan.pk)
    return plan.target, plan.profile, plan.rationale


def test_target_and_trajectory_are_kept_with_what_stood_before(journey, plan, sign_in):
    browser = sign_in(journey.metrics_officer)
    ends = {"end_1": "20", "end_2": "50", "end_3": "80", "end_4": "120"}

    answer = browser.post(address(plan), typed(browser, plan, **GOOD, **ends), follow=True)

    assert now(plan) == (Decimal(120), ["20", "50", "80", "120"], "Agreed by the board in July")
    assert "The target of Care home admissions of older people is saved." in words(answer)
    assert "120 (full year), by quarter 20, 50, 80 and 120. Agreed by the board in July" in words(answer)
    assert "167 (full year)" in words(answer)
    line = AuditEvent.objects.get(kind="metric_plan.set", actor_id=str(journey.metrics_officer.pk))
    assert (Decimal(line.before["target"]), Decimal(line.after["target"])) == (167, 120)


def test_target_taken_out_is_not_yet_defined(journey, plan, sign_in):
    browser = sign_in(journey.metrics_officer)

    answer = browser.post(address(plan), typed(browser, plan, **GOOD | {"target": ""}), follow=True)

    assert now(plan)[0] is None
    assert "not yet defined" in words(answer)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"rationale": ""}, "Say why the partners aim at this"),
        ({"rationale": "   "}, "Say why the partners aim at this"),
        ({"target": "many"}, "is not a number"),
        ({"target": "-3"}, "below 0"),
        ({"baseline": "1.23456"}, "too many decimals"),
        ({"end_1": "20"}, "Enter all four quarters"),
        ({"end_1": "20", "end_2": "50", "end_3": "80", "end_4": "119"}, "Change them by 1 in all"),
        ({"end_1": "60", "end_2": "50", "end_3": "80", "end_4": "120"}, "no quarter can stand below the one before"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_is_saved(journey, plan, sign_in, given, told):
    browser = sign_in(journey.metrics_officer)
    before, lines = now(plan), AuditEvent.objects.count()

    answer = browser.post(address(plan), typed(browser, plan, **GOOD | given))

    assert answer.status_code == 400
    assert told in words(answer)
    assert {name: fields(answer)[name].strip() for name in given} == {
        name: text.strip() for name, text in given.items()
    }
    assert (now(plan), AuditEvent.objects.count()) == (before, lines)


def test_two_people_lose_nothing(journey, plan, sign_in):
    browser = sign_in(journey.metrics_officer)
    first = typed(browser, plan, **GOOD)
    second = typed(browser, plan, **GOOD | {"target": "130", "rationale": "Another", "baseline": "9"})
    other_field = typed(browser, plan, baseline="7", rationale="For the baseline")
    browser.post(address(plan), first)

    answer = browser.post(address(plan), second)

    assert answer.status_code == 409
    assert "now there is 120, and you entered 130" in words(answer)
    assert now(plan)[0] == 120
    page = fields(answer)
    assert (page["target"], page["seen-target"], page["baseline"]) == ("130", "120", "9")
    assert browser.post(address(plan), page).status_code == 302
    assert now(plan)[0] == 130
    refused = browser.post(address(plan), other_field)
    # Only the rationale is in dispute: the page has the newest target, not the one that it was sent with.
    assert (refused.status_code, fields(refused)["target"]) == (409, "130")


def test_nothing_changed_leaves_no_line(journey, plan, sign_in):
    browser = sign_in(journey.metrics_officer)
    browser.post(address(plan), typed(browser, plan, **GOOD))
    lines = AuditEvent.objects.count()

    assert browser.post(address(plan), typed(browser, plan)).status_code == 302
    assert AuditEvent.objects.count() == lines


def test_return_with_its_signatories_keeps_its_targets(sent, sign_in):
    plan = sent.plans["RES65"]
    browser = sign_in(sent.metrics_officer)
    before = now(plan)

    answer = browser.post(address(plan), typed(browser, plan, **GOOD))

    assert answer.status_code == 409
    assert "by sending the return back" in words(answer)
    assert (now(plan), fields(answer)["target"]) == (before, "120")


def test_who_enters_nothing_for_the_partner_is_refused_and_strangers_find_nothing(journey, plan, sign_in):
    before = now(plan)
    for person, status in ((journey.finance_officer, 403), (journey.world.person("finance", "hackney"), 404)):
        browser = sign_in(person)
        assert browser.get(address(plan)).status_code == status
        assert browser.post(address(plan), GOOD).status_code == status
    assert now(plan) == before
