"""Tasks by partner and by how pressing they are."""

from datetime import date, timedelta

from integration_hub.core.registry import Task
from reports.selectors.home import grouped

TODAY = date(2014, 7, 14)


def task(title, partner="Southwark Council", days=None):
    return Task(title=title, url="/", partner=partner, due_on=None if days is None else TODAY + timedelta(days=days))


def test_grouped_tells_overdue_due_and_waiting_apart():
    (group,) = grouped([task("late", days=-1), task("today", days=0), task("soon", days=3), task("waits")], TODAY)

    assert [row.title for row in group.overdue] == ["late"]
    assert [row.title for row in group.due] == ["today", "soon"]
    assert [row.title for row in group.waiting] == ["waits"]
    assert group.number == 4


def test_grouped_puts_the_longest_overdue_first():
    (group,) = grouped([task("b", days=-1), task("a", days=-30)], TODAY)

    assert [row.title for row in group.overdue] == ["a", "b"]


def test_grouped_keeps_partners_apart_in_the_order_of_their_names():
    groups = grouped([task("x"), task("y", partner="NHS Southwark CCG")], TODAY)

    assert [group.partner for group in groups] == ["NHS Southwark CCG", "Southwark Council"]
    assert [row.title for row in groups[0].waiting] == ["y"]


def test_grouped_of_nothing_is_nothing():
    assert grouped([], TODAY) == []
