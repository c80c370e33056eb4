"""What waits for a person on My tasks."""

from datetime import date

from bcf_metrics.models import QuarterlyReturn
from bcf_metrics.selectors.tasks import tasks
from integration_hub.core import registry
from integration_hub.core.states import Figure, FigureState
from partners.domain.roles import Role
from partners.models import User
from tests.factories.money import FundFactory
from tests.factories.partners import give_role

MID_JULY = date(2014, 7, 14)


def titles(person, on=MID_JULY):
    return [(task.title, task.partner, task.detail) for task in tasks(person, on)]


def test_tasks_are_registered_for_the_home_page():
    assert tasks in list(registry.tasks)


def test_tasks_lead_the_metrics_officer_from_entering_to_releasing(journey):
    enter = titles(journey.metrics_officer)[0]
    journey.record()
    after = titles(journey.metrics_officer)[0]
    journey.enter("PX", figure=Figure(state=FigureState.NOT_APPLICABLE))
    release = titles(journey.metrics_officer)[0]
    journey.release()

    assert enter == (
        "Enter the metric figures of Quarter 1 2014/15",
        "NHS Southwark CCG",
        "Southwark Better Care Fund: 6 to enter",
    )
    assert after[2] == "Southwark Better Care Fund: 1 to enter"
    assert release[0] == "Release the metric figures of Quarter 1 2014/15"
    assert [task[0] for task in titles(journey.metrics_officer)] == ["Complete the return of Quarter 1 2014/15"]
    assert titles(journey.metrics_officer, on=date(2014, 9, 30))[0][2].endswith("1 to enter")


def test_tasks_ask_the_finance_officer_to_complete_the_return(journey):
    assert titles(journey.finance_officer) == [
        ("Complete the return of Quarter 1 2014/15", "Southwark Council", "Southwark Better Care Fund: not started")
    ]


def test_tasks_ask_approvers_to_sign_until_they_have(sent):
    council, ccg = sent.world.person("approver"), sent.world.person("approver", "ccg")
    sent.sign("ccg")

    assert [task[0] for task in titles(council)] == ["Sign the return of Quarter 1 2014/15"]
    assert titles(ccg) == []
    assert titles(sent.finance_officer) == []


def test_tasks_ask_no_preparer_to_sign(sent):
    give_role(sent.finance_officer, sent.world.council, Role.APPROVER)

    assert titles(sent.finance_officer) == []


def test_tasks_of_strangers_and_members_are_none(journey):
    for person in (
        journey.world.person("metrics", "hackney"),
        journey.world.sitting_member(),
        journey.world.person("member"),
    ):
        assert titles(person) == []


def test_tasks_cost_the_same_queries_at_10_and_200_returns(journey, django_assert_max_num_queries):
    person = journey.metrics_officer
    row = journey.quarterly_return
    counts = []
    for size in (10, 200):
        for number in range(QuarterlyReturn.objects.count(), size):
            fund = FundFactory(agreement=journey.world.agreement, owner=journey.world.council, name=f"Fund {number}")
            QuarterlyReturn.objects.create(
                fund=fund, period=row.period, policy_year=row.policy_year, template=row.template
            )
        with django_assert_max_num_queries(8) as asked:
            tasks(User.objects.get(pk=person.pk), MID_JULY)
        counts.append(len(asked))
    assert counts[0] == counts[1]
