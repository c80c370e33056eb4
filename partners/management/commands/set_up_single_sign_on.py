"""Sets up a partner's OpenID provider, or changes it."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from integration_hub.core.commands import WritingCommand
from partners.selectors import directory
from partners.services import single_sign_on

SECRET = "SINGLE_SIGN_ON_SECRET"  # noqa: S105  # the name of a variable, not a secret


class Command(WritingCommand):
    """For operators. The client secret comes from the environment, so that no list of processes shows it."""

    help = f"Set up a partner's OpenID provider. Put the client secret into the variable {SECRET}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", required=True, help="key of the partner, such as southwark-council")
        parser.add_argument("--name", required=True, help="what the sign-in page calls it, such as Southwark account")
        parser.add_argument("--issuer", required=True, help="the issuer, exactly as its tokens name it")
        parser.add_argument("--client-id", required=True)
        parser.add_argument("--scope", default=single_sign_on.DEFAULT_SCOPE)
        parser.add_argument(
            "--address-claim",
            default="email",
            choices=["email", "preferred_username", "upn", "none"],
            help="the claim that holds the e-mail address; none where the provider sends none",
        )
        parser.add_argument(
            "--vouches-for-addresses",
            action="store_true",
            help="the partner alone gives out these addresses, so that email_verified need not be there",
        )
        parser.add_argument("--second-factor-claim", default="", choices=["", "amr", "acr"])
        parser.add_argument("--second-factor-value", action="append", default=[], help="may be given several times")
        parser.add_argument("--off", action="store_true", help="keep it, but let nobody sign in by it")
        parser.add_argument("--reason", required=True, help="why, for the audit log")

    def handle(self, *args: Any, **options: Any) -> None:
        partner = directory.by_key(options["partner"])
        if partner is None:
            raise CommandError(
                f"No partner has the key {options['partner']}. The keys stand in /api/v1/organisations/."
            )
        if bool(options["second_factor_claim"]) != bool(options["second_factor_value"]):
            raise CommandError("Give --second-factor-claim and --second-factor-value together, or neither.")
        if not options["issuer"].startswith(("https://", "http://localhost", "http://127.0.0.1")):
            raise CommandError("The issuer must be an https address: its answers decide who may sign in.")
        secret = os.environ.get(SECRET, "")
        if not secret:
            raise CommandError(f"Put the client secret into the variable {SECRET}.")
        provider = single_sign_on.set_up(
            organisation=partner,
            name=options["name"],
            issuer=options["issuer"],
            client_id=options["client_id"],
            secret=secret,
            scope=options["scope"],
            address_claim="" if options["address_claim"] == "none" else options["address_claim"],
            vouches_for_addresses=options["vouches_for_addresses"],
            second_factor_claim=options["second_factor_claim"],
            second_factor_values=options["second_factor_value"],
            is_active=not options["off"],
            reason=options["reason"],
            at=timezone.now(),
            system="operator",
        )
        self.stdout.write(f"{provider} is set up. Its address to come back to ends in:")
        self.stdout.write(f"/account/single-sign-on/{provider.pk}/back/")
