"""Checks of metric figures in three strengths, reasons given in the return, and waivers that expire."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from bcf_metrics.domain.completion import Level
from bcf_metrics.models import MetricFigure, MetricWaiver
from bcf_metrics.policies import NotComplete
from bcf_metrics.selectors import content, returns
from bcf_metrics.services import waivers
from bcf_metrics.services.figures import FiguresMalformed
from bcf_metrics.services.waivers import AlreadyWaived, WaiverOver
from integration_hub.core.errors import Malformed
from integration_hub.core.models import AuditEvent
from integration_hub.core.states import Figure
from partners.domain.roles import Role
from tests.factories import series as series_factory
from tests.factories.partners import give_role
from tests.integration.bcf_metrics.conftest import JULY
from tests.integration.bcf_metrics.test_pages import fields, words

pytestmark = pytest.mark.django_db
TODAY = date(2014, 7, 14)
AUTUMN = date(2014, 9, 30)


@pytest.fixture
def jumped(journey):
    """Whole but for a reason: 808 delayed days, and 424 in the quarter before."""
    (plan,) = series_factory.plans(journey.world, (2013,))
    series_factory.figure(plan, 4, "424", entered_by=journey.metrics_officer)
    now = journey.plans["DTOC_DAYS"]
    plan.name, plan.unit = now.name, now.unit
    plan.save()
    journey.complete()
    return journey


@pytest.fixture
def approver(journey):
    return journey.world.person("approver", "ccg")


def draft(journey, on=TODAY):
    held = returns.get(journey.finance_officer, journey.quarterly_return.pk)
    return content.draft(held.quarterly_return, journey.finance_officer, on=on, parties=held.parties)


def asked(journey, on=TODAY):
    """What of the metrics' checks needs a reason."""
    return [
        finding
        for finding in draft(journey, on).completion.findings
        if finding.level is Level.JUSTIFY and finding.path.startswith("figures.")
    ]


def give(journey, by, code="DTOC_DAYS", check="M1", until=AUTUMN, reason="The ward was moved", at=JULY):
    return waivers.give(plan_id=journey.plans[code].pk, check=check, until=until, reason=reason, by=by, at=at)


def url(name, journey, *more, code="DTOC_DAYS"):
    return reverse(f"bcf_metrics:{name}", args=[journey.plans[code].pk, *more])


# What cannot be.


def test_a_part_above_its_whole_is_refused_and_nothing_is_kept(journey):
    assert journey.metrics_officer
    lines = AuditEvent.objects.count()

    with pytest.raises(FiguresMalformed) as refused:
        journey.enter("REABL91", figure=Figure(value=Decimal(88)), numerator=Decimal(40), denominator=Decimal(39))

    assert [problem.code for problem in refused.value.found[journey.plans["REABL91"].pk]] == ["above_the_whole"]
    assert (MetricFigure.objects.count(), AuditEvent.objects.count()) == (0, lines)


# What needs a reason.


def test_a_large_change_keeps_the_return_from_being_sent_until_somebody_says_why(jumped):
    (finding,) = asked(jumped)
    assert "808 is 90.6% above the 424 of Quarter 4 2013/14" in finding.message
    with pytest.raises(NotComplete, match=r"808 is 90\.6% above"):
        jumped.send()

    jumped.answer(**{finding.key.replace(".", "__"): "A ward was closed for repairs."})

    version = jumped.send()
    assert version.content["justifications"] == {finding.key: "A ward was closed for repairs."}
    assert [row["code"] for row in version.content["checks"] if row["level"] == "justify"] == ["M1"]


def test_a_reason_is_for_the_figure_that_it_was_given_for(jumped):
    (finding,) = asked(jumped)
    jumped.answer(**{finding.key.replace(".", "__"): "A ward was closed for repairs."})
    assert [one.justification for one in asked(jumped)] == ["A ward was closed for repairs."]

    jumped.enter("DTOC_DAYS", figure=Figure(value=Decimal(900)), value_period="April and May", challenges="More.")

    (another,) = asked(jumped)
    assert (another.key == finding.key, another.justification) == (False, "")
    assert draft(jumped).content["justifications"] == {}


def test_what_another_agreement_or_nobody_released_is_held_against_nothing(jumped):
    MetricFigure.objects.filter(period__financial_year=2013).update(released_at=None)

    assert asked(jumped) == []


@pytest.mark.parametrize("name", ["figures", "grid"])
def test_flags_stand_beside_the_figure_with_a_mark_and_words(jumped, sign_in, name):
    client = sign_in(jumped.metrics_officer)
    address = reverse(f"bcf_metrics:{name}", args=[jumped.quarterly_return.pk])

    shown = words(client.get(address))

    assert "! Needs a reason Delayed transfers of care: 808 is 90.6% above the 424" in shown
    assert "i For information Delayed transfers of care: it is not on track and no action is entered." in shown
    (finding,) = asked(jumped)
    jumped.answer(**{finding.key.replace(".", "__"): "Repairs."})
    assert "i Reason given Delayed transfers of care: 808 is" in words(client.get(address))


def test_the_reason_is_given_on_the_page_of_the_return(jumped, sign_in):
    client = sign_in(jumped.finance_officer)
    address = reverse("bcf_metrics:section", args=[jumped.quarterly_return.pk, "reasons"])
    given = fields(client.get(address))
    name = next(name for name in given if name.startswith("M1"))

    assert client.post(address, given | {name: "Repairs."}).status_code == 302

    assert [one.justification for one in asked(jumped)] == ["Repairs."]


# Waivers.


def test_an_approver_waives_a_check_and_it_expires_by_itself(jumped, approver):
    give(jumped, approver)

    assert asked(jumped) == []
    told = [one.message for one in draft(jumped).completion.findings if one.code == "M1"]
    assert told[0].endswith("Waived until 30 September 2014 by Approver of ccg: The ward was moved")
    assert asked(jumped, on=AUTUMN) == []
    assert len(asked(jumped, on=AUTUMN + timedelta(days=1))) == 1
    # Not before it was given either.
    assert len(asked(jumped, on=TODAY - timedelta(days=1))) == 1
    version = jumped.send()
    assert "The ward was moved" in version.content["waivers"][0]["words"]


def test_a_required_commentary_is_waived(jumped, approver):
    jumped.enter("LOCAL", figure=Figure(value=Decimal(59)), challenges="")
    assert any(one.code == "V6" and one.level is Level.BLOCK for one in draft(jumped).completion.findings)

    give(jumped, approver, code="LOCAL", check="V6")

    of_local = [one for one in draft(jumped).completion.findings if one.code == "V6"]
    assert [one.level for one in of_local] == [Level.INFORM]
    assert draft(jumped).completion.complete


def test_ending_a_waiver_asks_again(jumped, approver):
    waiver = give(jumped, approver)

    waivers.end(waiver_id=waiver.pk, reason="The ward is back", by=approver, at=JULY)

    assert len(asked(jumped)) == 1
    line = AuditEvent.objects.get(kind="metric_check.waiver_ended")
    assert (line.reason, line.partner_name) == ("The ward is back", "NHS Southwark CCG")
    with pytest.raises(WaiverOver):
        waivers.end(waiver_id=waiver.pk, reason="Again", by=approver, at=JULY)


def test_a_waiver_that_is_over_cannot_be_ended(jumped, approver):
    waiver = give(jumped, approver)

    with pytest.raises(WaiverOver, match="is over"):
        waivers.end(waiver_id=waiver.pk, reason="Late", by=approver, at=JULY + timedelta(days=90))

    waiver.refresh_from_db()
    assert waiver.ended_at is None


def test_one_waiver_at_a_time(jumped, approver):
    give(jumped, approver)

    with pytest.raises(AlreadyWaived, match="End that waiver first"):
        give(jumped, approver, until=date(2014, 12, 31))

    # After it has expired another may be given.
    give(jumped, approver, until=date(2014, 12, 31), at=JULY + timedelta(days=90))
    assert MetricWaiver.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"check": "M5"}, "check"),
        ({"check": "V10"}, "check"),
        ({"until": None}, "until"),
        ({"until": date(2014, 7, 13)}, "until"),
        ({"until": date(2015, 7, 16)}, "until"),
    ],
)
def test_what_cannot_be_waived_is_told_and_nothing_is_kept(jumped, approver, given, field):
    with pytest.raises(Malformed) as refused:
        give(jumped, approver, **given)

    assert refused.value.problems[0]["field"] == field
    assert not MetricWaiver.objects.exists()


def test_nobody_waives_who_is_no_approver_of_the_partner_or_entered_the_figures(jumped, approver):
    for person in (jumped.metrics_officer, jumped.world.person("approver", "council")):
        with pytest.raises(PermissionDenied):
            give(jumped, person)
    give_role(jumped.metrics_officer, jumped.world.ccg, Role.APPROVER)
    with pytest.raises(PermissionDenied, match="You entered figures"):
        give(jumped, type(approver).objects.get(pk=jumped.metrics_officer.pk))
    with pytest.raises(Http404):
        give(jumped, jumped.world.person("approver", "hackney"))

    assert not MetricWaiver.objects.exists()


def test_waivers_are_given_listed_shown_and_ended_on_their_page(jumped, approver, sign_in):
    client = sign_in(approver)
    until = timezone.localdate() + timedelta(days=30)
    typed = {"check": "M1", "until": f"{until:%d/%m/%Y}", "reason": "The ward was moved"}

    empty = words(client.get(url("waivers", jumped)))
    wrong = client.post(url("waivers", jumped), typed | {"reason": " "})
    given = client.post(url("waivers", jumped), typed, follow=True)

    assert "Nobody has waived a check" in empty
    assert (wrong.status_code, "Say why the check is waived" in words(wrong)) == (400, True)
    assert "In force" in words(given)
    assert client.post(url("waivers", jumped), typed).status_code == 409
    assert "A large change against the last quarter: waived until" in words(client.get(url("metric", jumped)))
    figures = reverse("bcf_metrics:figures", args=[jumped.quarterly_return.pk])
    assert "i Waived Delayed transfers of care: 808 is 90.6%" in words(client.get(figures))
    waiver = MetricWaiver.objects.get()
    ended = client.post(url("waiver_end", jumped, waiver.pk), {"reason": "The ward is back"}, follow=True)
    assert "Ended" in words(ended)
    assert "The ward is back" in words(ended)
    assert client.post(url("waiver_end", jumped, waiver.pk), {"reason": "Twice"}).status_code == 409
    # One of another metric is not there.
    assert client.get(url("waiver_end", jumped, waiver.pk, code="LOCAL")).status_code == 404
