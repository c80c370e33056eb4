"""What waits for a reader of the programme, for the home page."""

from datetime import date

from django.urls import reverse

from integration_hub.core.registry import Task
from partners.models import User
from programme.selectors import register


def tasks(user: User, on: date) -> list[Task]:
    """The dated next steps of the reader's own partners that are not done. One query."""
    return [
        Task(
            title=f"Next step: {step.text}",
            url=reverse("programme:programme"),
            partner=step.owner.name,
            detail=step.board.name,
            due_on=step.due_on,
        )
        for step in register.due(user, on)
    ]
