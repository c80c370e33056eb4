"""What waits for a person on My tasks about their own account."""

from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone

from integration_hub.core.registry import Task
from partners.models import User
from partners.selectors import tokens

NOTICE = timedelta(days=7)


def tasks(user: User, on: date) -> list[Task]:
    """Tokens that end within a week, while there is time to make another. One query."""
    morning = timezone.make_aware(datetime.combine(on, time.min))
    return [
        Task(
            title=f"Your token “{token.name}” ends soon: make another and give it to the program that uses it",
            url=reverse("partners:tokens"),
            partner="",
            due_on=timezone.localdate(token.expires_at),
        )
        for token in tokens.ending(user, after=morning, before=morning + NOTICE)
    ]
