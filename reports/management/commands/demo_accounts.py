from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from partners.selectors import demonstration
from partners.selectors.demonstration import DemoAccount


class Command(BaseCommand):
    """Prints who can be signed in as, small enough for a terminal."""

    help = "List the demonstration accounts and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = demonstration.accounts()
        if not accounts:
            self.stdout.write("There are no demonstration accounts here.")
            return
        self.stdout.write("\n".join(table(accounts, password=settings.DEMO_PASSWORD)))


def table(accounts: list[DemoAccount], *, password: str) -> list[str]:
    """The lines to print: partners that share the same roles in one table, everybody else one by one."""
    partners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for account in accounts:
        role, _, partner = account.email.partition("@")
        partners[partner, account.partner_name].append(role)
    roles = max(partners.values(), key=len)
    lines = [
        f"Sign in as <role>@<partner> with the password {password}",
        "",
        f"  <role>     {', '.join(roles)}",
    ]
    width = max(len(partner) for partner, _ in partners) + 2
    label = "<partner>"
    for (partner, name), held in partners.items():
        if held == roles:
            lines.append(f"  {label:9}  {partner:{width}}{name}")
            label = ""
    lines += ["", "and as"]
    others = [account for account in accounts if _roles_of(account, partners) != roles]
    width = max((len(account.email) for account in others), default=0) + 2
    lines += [f"  {account.email:{width}}{account.role_words}, {account.partner_name}" for account in others]
    return lines


def _roles_of(account: DemoAccount, partners: dict[tuple[str, str], list[str]]) -> list[str]:
    return partners[account.email.partition("@")[2], account.partner_name]
