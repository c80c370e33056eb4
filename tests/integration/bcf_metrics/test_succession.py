"""Returns over a succession: what is signed stays byte for byte, what is open is signed by whoever followed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import Http404

from bcf_metrics import policies
from bcf_metrics.domain.entries import Entered
from bcf_metrics.models import MetricFigure, MetricPlan, QuarterlyReturn
from bcf_metrics.selectors import figures as figure_rows
from bcf_metrics.selectors import returns as rows
from bcf_metrics.services import figures, returns, signatures
from integration_hub.core.states import Figure
from partners.domain.roles import Role
from partners.models import Organisation, User
from partners.selectors import successions as previews
from partners.services import successions
from partners.services.successions import Wanted
from pooled_budgets.models import PeriodLock
from tests.factories.partners import OrganisationFactory, UserFactory, give_role
from tests.factories.worlds import World

AFTER = datetime(2014, 8, 4, 12, 0, tzinfo=UTC)


def operator(number: int) -> User:
    organisation = Organisation.objects.filter(key="operations").first() or OrganisationFactory(key="operations")
    person = UserFactory(email=f"operator{number}@hub.example")
    give_role(person, organisation, Role.OPERATOR)
    return person


def follow(world: World, *predecessors: Organisation) -> Organisation:
    """One ICB follows the predecessors on 1 August 2014, agreed and confirmed."""
    icb = OrganisationFactory(key="icb", name="NHS South East London ICB", kind="icb")
    draft = successions.prepare(
        kind="merger",
        effective_on=date(2014, 8, 1),
        legal_reference="Order 2014",
        lines=[Wanted(predecessor=organisation, successor=icb) for organisation in predecessors],
        by=operator(1),
        at=AFTER,
    )
    lines = previews.lines_of(draft)
    for organisation in predecessors:
        administrator = UserFactory(email=f"admin-of-{organisation.key}@test.example")
        give_role(administrator, organisation, Role.ADMIN)
        seen = previews.preview(draft, lines).sha256
        successions.agree(succession_id=draft.pk, organisation=organisation, seen=seen, by=administrator, at=AFTER)
    seen = previews.preview(draft, lines).sha256
    successions.confirm(succession_id=draft.pk, seen=seen, by=operator(2), at=AFTER)
    return icb


def officer(organisation: Organisation, role: Role) -> User:
    person = UserFactory(email=f"{role.value}@{organisation.key}.example", name=f"{role.words} of {organisation}")
    give_role(person, organisation, role)
    return person


def again(person: User) -> User:
    """The person in a new request."""
    return User.objects.get(pk=person.pk)


def workbook(journey, by: User) -> bytes:
    return returns.export(return_id=journey.quarterly_return.pk, by=again(by), at=AFTER).content


def test_signed_return_exports_byte_for_byte_the_same_after_a_succession(sent):
    sent.sign()
    sent.sign("ccg")
    council, ccg = sent.world.person("approver"), sent.world.person("approver", "ccg")
    before = workbook(sent, council)
    frozen = QuarterlyReturn.objects.get(pk=sent.quarterly_return.pk).versions.get()

    icb = follow(sent.world, sent.world.ccg)

    assert workbook(sent, council) == before
    # Whoever signed it may still have a copy, and so may whoever followed.
    assert workbook(sent, ccg) == before
    assert workbook(sent, officer(icb, Role.AUDITOR)) == before
    kept = QuarterlyReturn.objects.get(pk=sent.quarterly_return.pk)
    assert kept.status == "signed"
    assert (kept.versions.get().sha256, kept.versions.get().content) == (frozen.sha256, frozen.content)
    assert set(kept.versions.get().signatures.values_list("organisation_name", flat=True)) == {
        "Southwark Council",
        "NHS Southwark CCG",
    }


def test_open_return_is_signed_by_the_successor_in_the_predecessors_place(sent):
    sent.sign()

    icb = follow(sent.world, sent.world.ccg)

    held = rows.get(again(sent.world.person("approver")), sent.quarterly_return.pk)
    assert held.unsigned == [icb]
    lock = PeriodLock.objects.get(fund=sent.world.fund, lifted_at=None)
    assert "NHS South East London ICB" in lock.who_can_lift
    with pytest.raises(Http404):
        sent.sign("ccg", by=again(sent.world.person("approver", "ccg")))
    sent_by_icb = officer(icb, Role.APPROVER)
    signatures.sign(
        return_id=sent.quarterly_return.pk,
        organisation=icb,
        version=1,
        capacity="Accountable Officer",
        by=sent_by_icb,
        at=AFTER,
    )
    assert sent.refresh().status == "signed"


def test_signature_of_the_predecessor_stands_for_its_successor(sent):
    sent.sign("ccg")

    icb = follow(sent.world, sent.world.ccg)

    held = rows.get(again(sent.world.person("approver")), sent.quarterly_return.pk)
    assert held.unsigned == [sent.world.council]
    with pytest.raises(policies.AlreadySigned, match="that signature stands"):
        signatures.sign(
            return_id=sent.quarterly_return.pk,
            organisation=icb,
            version=1,
            capacity="Accountable Officer",
            by=officer(icb, Role.APPROVER),
            at=AFTER,
        )
    sent.sign(by=again(sent.world.person("approver")))
    assert sent.refresh().status == "signed"


def test_successor_of_both_parties_signs_once_for_what_neither_signed(sent):
    icb = follow(sent.world, sent.world.council, sent.world.ccg)

    held = rows.get(officer(icb, Role.APPROVER), sent.quarterly_return.pk)

    assert held.parties == [icb]
    assert held.unsigned == [icb]


def test_figures_that_were_released_stay_the_predecessors_and_are_still_read(journey):
    journey.record()
    journey.release()

    icb = follow(journey.world, journey.world.ccg)

    assert set(MetricFigure.objects.values_list("owner__key", flat=True)) == {"southwark-ccg"}
    assert set(MetricPlan.objects.values_list("owner__key", flat=True)) == {"icb"}
    for person in (officer(icb, Role.METRICS), again(journey.world.person("finance"))):
        found = figure_rows.for_quarter(journey.world.fund, journey.world.period, person)
        assert [row.figure.owner.key for row in found if row.figure] == ["southwark-ccg"] * 5


def test_successor_corrects_a_released_figure_as_a_row_of_its_own(journey):
    journey.record()
    journey.release()
    icb = follow(journey.world, journey.world.ccg)
    metrics = officer(icb, Role.METRICS)

    figures.record(
        fund=journey.world.fund,
        period=journey.world.period,
        entries=[figures.Entry(journey.plans["LOCAL"].pk, Entered(figure=Figure(value=Decimal(61))), {"figure": "59"})],
        by=metrics,
        at=AFTER,
    )

    stored = {row.owner.key: row.value for row in MetricFigure.objects.filter(plan=journey.plans["LOCAL"])}
    assert stored == {"southwark-ccg": 59, "icb": 61}
    found = figure_rows.for_quarter(journey.world.fund, journey.world.period, metrics)
    assert next(row.figure.value for row in found if row.plan.pk == journey.plans["LOCAL"].pk) == 61


def test_predecessors_people_cannot_work_on_the_open_return(journey):
    follow(journey.world, journey.world.ccg)

    assert not rows.visible_to(again(journey.world.person("finance", "ccg"))).exists()
