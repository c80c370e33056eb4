"""How a report spells days, amounts, empty figures and statuses."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from integration_hub.core import money
from reports.domain.snapshot import Amount

LONDON = ZoneInfo("Europe/London")

STATUS_WORDS = {
    "on_track": "On track",
    "not_on_track": "Not on track",
    "data_not_available": "Data not available",
    "not_defined": "Not defined",
}
STATE_WORDS = {
    "nil": "nil",
    "not_applicable": "not applicable",
    "suppressed": "suppressed",
    "missing": "missing",
    "not_yet_defined": "not yet defined",
    "to_be_confirmed": "to be confirmed",
    "not_stated": "not stated",
    "not_released": "not released",
}
_NUMBER_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_BULLETS = ("\N{BULLET}", "- ", "* ", "\N{EN DASH} ")
# What XML cannot hold and no face can print: controls but tab and newline, surrogates, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufeff]")


def clean(text: str) -> str:
    """Text as it can be printed: line breaks and bullets pasted from Word made plain, controls taken out."""
    for other in ("\r\n", "\r", "\v", "\f", "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}"):
        text = text.replace(other, "\n")
    # Word's bullets are private characters of its symbol face.
    text = text.replace("\uf0b7", "\N{BULLET}").replace("\uf0a7", "\N{BULLET}")
    return _UNPRINTABLE.sub("", text).replace("\t", " ").strip()


def lines(*texts: str) -> tuple[str, ...]:
    """Every line of the texts that says something, cleaned."""
    return tuple(line.strip() for text in texts for line in clean(text).split("\n") if line.strip())


def is_bullet(line: str) -> bool:
    """Whether a line was typed or pasted as an item of a list."""
    return line.startswith(_BULLETS)


def without_bullet(line: str) -> str:
    """The item without its mark."""
    return line[1:].strip()


def one_line(text: str) -> str:
    """The text on a single line."""
    return " ".join(clean(text).split())


def day(value: date) -> str:
    """The day as "28 July 2014"."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """The moment as "14 July 2014 at 09:30", in London's time."""
    local = value.astimezone(LONDON)
    return f"{day(local.date())} at {local:%H:%M}"


def count(number: int) -> str:
    """Small numbers in words, others in digits."""
    return _NUMBER_WORDS[number] if number < len(_NUMBER_WORDS) else f"{number:,}"


def listed(items: Sequence[str]) -> str:
    """A list as "2, 5 and 11"."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""


def capital(text: str) -> str:
    """The text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


class Pounds:
    """Prints every amount of one report alike: with pence if any of them has pence, else in whole pounds."""

    def __init__(self, amounts: Iterable[Decimal | None]) -> None:
        self.pence = any(amount is not None and amount != amount.to_integral_value() for amount in amounts)

    def _print(self, printed: str) -> str:
        return printed if self.pence else printed.removesuffix(".00")

    def plain(self, amount: Decimal) -> str:
        """The amount as "£8,957,000"."""
        return self._print(money.pounds(amount))

    def signed(self, amount: Decimal) -> str:
        """A variance as "+£1,000", with a true minus sign below nil, and "£0" without a sign."""
        return self._print(money.signed(amount))

    def amount(self, amount: Amount) -> str:
        """The amount, or why there is none. Zero is printed only where zero was stated."""
        if amount.value is not None and amount.state == "stated":
            return self.plain(amount.value)
        if amount.state == "not_yet_available" and amount.until is not None:
            return f"not yet available until {day(amount.until)}"
        return STATE_WORDS[amount.state]
