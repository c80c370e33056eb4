"""What waits for a finance officer on the page "My tasks"."""

from datetime import date, timedelta
from decimal import Decimal

from partners.domain.roles import Role
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.presenters.tasks import tasks
from pooled_budgets.services import forecasts, periods
from tests.factories.partners import NOON as AT
from tests.integration.bcf_metrics.test_succession import follow, officer

JULY = date(2014, 7, 14)
LATER = AT + timedelta(hours=1)


def titles(person, on=JULY):
    return [task.title for task in tasks(person, on)]


def record(world, *numbers):
    entries = [Entry(number, Figure.stated(Decimal(1))) for number in numbers]
    forecasts.record(fund=world.fund, period=world.period, entries=entries, by=world.person("finance"), at=LATER)


def test_tasks_lead_from_the_plan_to_the_release(world, stage):
    officer = world.person("finance")
    assert titles(officer) == ["Import the scheme plan of Southwark Better Care Fund 2014/15"]

    stage(name="southwark.xlsx")
    assert titles(officer) == ["Finish the import of southwark.xlsx into Southwark Better Care Fund 2014/15"]


def test_tasks_after_the_plan_are_to_enter_and_to_release(world, imported):
    officer = world.person("finance")
    assert titles(officer) == ["Enter 7 projected outturns at quarter 1 of Southwark Better Care Fund 2014/15"]

    record(world, "1", "2")
    assert titles(officer) == [
        "Enter 5 projected outturns at quarter 1 of Southwark Better Care Fund 2014/15",
        "Release 2 projected outturns at quarter 1 of Southwark Better Care Fund 2014/15",
    ]

    record(world, "3", "4", "5", "7", "11")
    forecasts.release(fund=world.fund, period=world.period, by=officer, at=LATER)
    assert titles(officer) == []


def test_tasks_before_the_quarter_ended_and_after_its_lock_ask_for_nothing(world, imported):
    officer = world.person("finance")
    assert titles(officer, date(2014, 6, 30)) == []

    periods.lock(fund=world.fund, period=world.period, reason="Sent", who_can_lift="Signatories", by=officer, at=LATER)
    assert titles(officer) == []


def test_tasks_of_a_successor_count_what_the_keeper_before_it_entered(world, imported):
    record(world, "1", "2", "3")
    forecasts.release(fund=world.fund, period=world.period, by=world.person("finance"), at=LATER)
    successor = follow(world, world.council)
    world.fund.refresh_from_db()
    assert world.fund.owner == successor

    assert titles(officer(successor, Role.FINANCE), date(2014, 9, 1)) == [
        "Enter 4 projected outturns at quarter 1 of Southwark Better Care Fund 2014/15"
    ]


def test_tasks_of_others_do_not_have_it(world, imported):
    for person in (
        world.person("approver"),
        world.person("finance", "ccg"),
        world.person("finance", "hackney"),
        world.sitting_member(),
    ):
        assert titles(person) == []
