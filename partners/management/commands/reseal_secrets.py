"""Writes every sealed secret under the present SECRET_KEY."""

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from integration_hub.core import sealing
from integration_hub.core.commands import WritingCommand
from partners.services import second_factor


class Command(WritingCommand):
    """After SECRET_KEY changed; the earlier key stands in SECRET_KEY_FALLBACKS until this has run."""

    help = "Seal secrets of second factors and of single sign-on again under the present SECRET_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = second_factor.reseal(at=timezone.now())
        except sealing.Unreadable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Sealed again: {count}.")
