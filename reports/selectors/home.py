"""What waits for a person: the tasks of every app, by partner and by how pressing they are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from integration_hub.core import registry
from integration_hub.core.registry import Task
from partners.models import User


@dataclass
class PartnerTasks:
    """The tasks of one partner; each list in the order of its days."""

    partner: str
    overdue: list[Task] = field(default_factory=list)
    due: list[Task] = field(default_factory=list)
    waiting: list[Task] = field(default_factory=list)

    @property
    def number(self) -> int:
        return len(self.overdue) + len(self.due) + len(self.waiting)


def tasks(user: User, on: date) -> list[Task]:
    """The tasks of the person on a day in the apps below. As many queries as the registered providers need."""
    return [task for provider in registry.tasks for task in provider(user, on)]


def of_chosen_partner(groups: list[PartnerTasks], user: User) -> list[PartnerTasks]:
    """The tasks of the partner that the person chose to act for in this session; all of them where none is chosen."""
    return [group for group in groups if user.chosen_partner in ("", group.partner)]


def grouped(found: Iterable[Task], on: date) -> list[PartnerTasks]:
    """Tasks by partner: overdue before `on`, due on it or later, and waiting without a day."""
    by_partner: dict[str, PartnerTasks] = {}
    for task in found:
        group = by_partner.setdefault(task.partner, PartnerTasks(task.partner))
        if task.due_on is None:
            group.waiting.append(task)
        elif task.due_on < on:
            group.overdue.append(task)
        else:
            group.due.append(task)
    for group in by_partner.values():
        group.overdue.sort(key=lambda task: (task.due_on or on, task.title))
        group.due.sort(key=lambda task: (task.due_on or on, task.title))
    return sorted(by_partner.values(), key=lambda group: group.partner)
