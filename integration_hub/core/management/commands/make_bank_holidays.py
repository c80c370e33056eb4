import csv
from argparse import ArgumentParser
from datetime import date
from io import StringIO
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integration_hub.core.working_days import SHIPPED_ROWS

# The statutory names, as the government's own list prints them.
NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "Wedding of William and Catherine": "Royal wedding bank holiday",
    "Diamond Jubilee of Elizabeth II": "Diamond Jubilee bank holiday",
    "Platinum Jubilee of Elizabeth II": "Platinum Jubilee bank holiday",
    "State Funeral of Queen Elizabeth II": "Bank holiday for the State Funeral of Queen Elizabeth II",
    "Coronation of Charles III": "Bank holiday for the coronation of King Charles III",
}


class Command(BaseCommand):
    """Writes the shipped bank holidays of England from the `holidays` package, a tool of development only.

    Two kinds of row. Computed: those that recur by statute and custom (New Year, Easter, early May, spring, summer,
    Christmas) with their substitute days; for years not yet proclaimed they are what the rule gives. Proclaimed: single
    days and moves (29 April 2011, 4 and 5 June 2012, 8 May 2020 for early May, 2 and 3 June 2022, 19 September 2022,
    8 May 2023), which the package lists one by one. Weekend days are left out: only their substitutes stop work.
    """

    help = "Write integration_hub/core/data/bank_holidays_england.csv again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--first", type=int, default=2008, help="first calendar year")
        parser.add_argument("--last", type=int, default=2028, help="last calendar year")
        parser.add_argument(
            "--known-on",
            type=date.fromisoformat,
            required=True,
            help="the day the list is drawn up, as 2026-11-22",
        )

    def handle(self, *args: Any, first: int, last: int, known_on: date, **options: Any) -> None:
        text = table(first=first, last=last, known_on=known_on)
        SHIPPED_ROWS.write_text(text, encoding="utf-8", newline="")
        self.stdout.write(f"{text.count(chr(10)) - 1} bank holidays, {first} to {last}, as known on {known_on}.")


def table(*, first: int, last: int, known_on: date) -> str:
    """The file's text: one line for each bank holiday of England on a weekday, in date order."""
    try:
        import holidays
    except ImportError as missing:
        raise CommandError("Install the development tools first: the holidays package is one of them.") from missing

    days = holidays.country_holidays("GB", subdiv="ENG", years=range(first, last + 1), language="en_GB")
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["date", "name", "known_on"])
    for day in sorted(days):
        if day.weekday() < 5:
            writer.writerow([day.isoformat(), _name(days[day]), known_on.isoformat()])
    return out.getvalue()


def _name(name: str) -> str:
    plain, observed, _ = name.partition(" (observed)")
    return NAMES.get(plain, plain) + (" (substitute day)" if observed else "")
