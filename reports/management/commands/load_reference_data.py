from typing import Any

from django.utils import timezone

from integration_hub.core.commands import WritingCommand
from reports.services import reference_data


class Command(WritingCommand):
    """Loads what every installation needs. Safe to run at every start: the second time nothing changes."""

    help = "Load periods, bank holidays, national policy and the register of organisations; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = reference_data.load(at=timezone.now(), system="load_reference_data")
        if options["verbosity"]:
            policy = ", ".join(loaded.policy) or "nothing"
            self.stdout.write(
                f"{loaded.periods} periods and {loaded.bank_holidays} bank holidays added; changed policy: {policy}; "
                f"{loaded.register.organisations} organisations, {loaded.register.areas} areas, "
                f"{loaded.register.codes} codes and {loaded.register.footprints} footprints added; "
                f"{loaded.grants} roles brought up to date; "
                f"{loaded.value_lists} funding streams and values of lists added."
            )
