"""The base of the commands that write."""

from typing import Any

import pghistory
from django.core.management.base import BaseCommand

from integration_hub.core import requests


class WritingCommand(BaseCommand):
    """A command whose every write, raw SQL too, names it as the actor in the history."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        name = type(self).__module__.rpartition(".")[2]
        with pghistory.context(request_id=requests.begin(), system=f"command {name}"):
            return super().execute(*args, **options)
