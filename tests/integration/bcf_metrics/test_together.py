"""Two people at the same moment, on the real database."""

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from bcf_metrics.domain.entries import NOTHING_CODES, Entered
from bcf_metrics.models import MetricFigure, QuarterlyReturn, ReturnVersion, Signature
from bcf_metrics.services import figures
from bcf_metrics.services.figures import Entry
from integration_hub.core.errors import HubError
from integration_hub.core.states import Figure
from partners.domain.roles import Role
from tests.factories.partners import UserFactory, give_role

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2014, 7, 14, 12, 0, tzinfo=UTC)


def at_once(*acts):
    """Run each in a thread of its own, as near together as a barrier brings them; the refusals, in order."""
    barrier = threading.Barrier(len(acts))
    refusals = [None] * len(acts)

    def run(index, act):
        try:
            barrier.wait(timeout=30)
            act()
        except HubError as refusal:
            refusals[index] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return refusals


def test_sign_twice_at_once_for_a_partner_makes_one_signature(sent):
    first = sent.world.person("approver", "ccg")
    second = UserFactory(name="Second approver")
    give_role(second, sent.world.ccg, Role.APPROVER)

    refusals = at_once(lambda: sent.sign("ccg", by=first), lambda: sent.sign("ccg", by=second))

    assert sorted(refusals, key=str) == [None, "already_signed"]
    assert Signature.objects.count() == 1


def test_sign_at_once_by_every_partner_signs_the_return_off(sent):
    council, ccg = sent.world.person("approver"), sent.world.person("approver", "ccg")

    refusals = at_once(lambda: sent.sign("council", by=council), lambda: sent.sign("ccg", by=ccg))

    assert refusals == [None, None]
    assert QuarterlyReturn.objects.get().status == "signed"


def test_send_twice_at_once_makes_one_version(journey):
    journey.complete()
    first, second = journey.finance_officer, journey.world.person("finance", "ccg")

    refusals = at_once(lambda: journey.send(by=first), lambda: journey.send(by=second))

    assert sorted(refusals, key=str) == [None, "under_sign_off"]
    assert ReturnVersion.objects.count() == 1


def test_figure_saved_while_the_return_is_sent_is_in_the_version_or_refused(journey):
    journey.complete()
    person, officer = journey.finance_officer, journey.metrics_officer

    def change():
        entry = Entry(journey.plans["RES65"].pk, Entered(figure=Figure(value=Decimal(24)), source="Council records"))
        figures.record(fund=journey.world.fund, period=journey.world.period, entries=[entry], by=officer, at=AT)

    refusals = at_once(lambda: journey.send(by=person), change)

    sent = ReturnVersion.objects.get().content["metrics"][0]["progress_words"]
    stored = MetricFigure.objects.get(plan=journey.plans["RES65"]).value
    assert refusals[0] is None
    assert refusals[1] in (None, "under_sign_off")
    assert Decimal(sent) == stored == (Decimal(24) if refusals[1] is None else Decimal(23))


def test_two_officers_on_one_figure_at_once_save_one_and_refuse_the_other(journey):
    first = journey.metrics_officer
    second = UserFactory(name="Second officer")
    give_role(second, journey.world.ccg, Role.METRICS)

    def save(person, number):
        entry = Entry(journey.plans["RES65"].pk, Entered(figure=Figure(value=Decimal(number))), NOTHING_CODES)
        figures.record(fund=journey.world.fund, period=journey.world.period, entries=[entry], by=person, at=AT)

    refusals = at_once(lambda: save(first, 23), lambda: save(second, 24))

    assert sorted(refusals, key=str) == [None, "changed_meanwhile"]
    assert MetricFigure.objects.get().value == (23 if refusals[0] is None else 24)
