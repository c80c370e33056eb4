from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from integration_hub.core.commands import WritingCommand
from integration_hub.core.errors import HubError
from reports.services import demonstration, demonstration_story


class Command(WritingCommand):
    """Loads the demonstration into an empty database; refuses without DEMO and beside real people."""

    help = "Load the demonstration: five areas, an account for each role and partner, Southwark's quarter 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, and say nothing, where something is entered already"
        )
        parser.add_argument(
            "--at",
            choices=["start", "finished"],
            default="finished",
            help="Southwark's quarter 1 2014/15 still to be done, or done (the default)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and not demonstration.is_empty():
            return
        try:
            cast = demonstration_story.load(at=timezone.now(), finished=options["at"] == "finished")
        except HubError as refusal:
            raise CommandError(refusal.message) from refusal
        if options["verbosity"]:
            self.stdout.write(
                f"The demonstration is loaded: {len(cast.areas)} areas, {len(cast.organisations)} organisations, "
                f"{len(cast.boards)} boards, {len(cast.funds)} funds, {len(cast.people)} accounts."
            )
