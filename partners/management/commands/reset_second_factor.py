"""Removes somebody's second factors, after an operator made sure who asks."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from integration_hub.core.commands import WritingCommand
from integration_hub.core.errors import HubError
from partners.services import second_factor


class Command(WritingCommand):
    """For operators; docs/operations.md says how to make sure who asks."""

    help = "Remove a person's authenticator app, security keys and recovery codes. They set up new ones at sign-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the account")
        parser.add_argument("--reason", required=True, help="who asked, and how you made sure; for the audit log")
        parser.add_argument("--operator", required=True, help="e-mail address of your own account")

    def handle(self, *args: Any, email: str, reason: str, operator: str, **options: Any) -> None:
        try:
            removed = second_factor.reset(email=email, reason=reason, operator=operator, at=timezone.now())
        except HubError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Removed: {removed}. The person was told by e-mail, and every session of theirs has ended.")
