from collections import Counter, defaultdict
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
    """The lines to print: partners with the roles that most have in one table, everybody else one by one."""
    partners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for account in accounts:
        role, partner = _parts(account)
        partners[partner].append(role)
    roles = list(Counter(map(tuple, partners.values())).most_common(1)[0][0])
    in_table = [partner for partner, held in partners.items() if set(held) >= set(roles)]
    lines = [
        f"Sign in as <role>@<partner> with the password {password}",
        "",
        f"  <role>     {', '.join(roles)}",
    ]
    width = max(len(partner) for partner, _ in partners) + 2
    label = "<partner>"
    for address, name in in_table:
        lines.append(f"  {label:9}  {address:{width}}{name}")
        label = ""
    lines += ["", "and as"]
    others = [account for account in accounts if _parts(account)[0] not in roles or _parts(account)[1] not in in_table]
    width = max((len(account.email) for account in others), default=0) + 1
    lines += [f"  {account.email:{width}}{account.role_words}, {account.partner_name}" for account in others]
    return lines


def _parts(account: DemoAccount) -> tuple[str, tuple[str, str]]:
    """The role and the partner that an address names."""
    role, _, partner = account.email.partition("@")
    return role, (partner, account.partner_name)
