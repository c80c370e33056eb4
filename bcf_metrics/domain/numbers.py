"""A metric's figure as people type it: a number, never below 0, with as many decimals as its metric prints."""

import re
from decimal import Decimal

from bcf_metrics.domain.words import exact

# As the database column holds it: ten digits before the point and four after it.
WHOLE_DIGITS = 10
PLACES = 4
LONGEST = 40

_NUMBER = re.compile(r"(?P<sign>[-\u2212\u2013]?)(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]+))?")
_PERCENT = re.compile(r" ?(?:%|per ?cent)$", re.IGNORECASE)


class NumberError(ValueError):
    """A number that cannot be taken: `code` for programs, `message` for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def parse(text: str, *, places: int = PLACES) -> Decimal:
    """Read "1,234", "41.75" or "88%"; raises NumberError for words, what is below 0, and further decimals."""
    words = " ".join(text.split())
    shown = f'"{words[:LONGEST]}"'
    found = _NUMBER.fullmatch(_PERCENT.sub("", words))
    if found is None:
        raise NumberError(
            "not_a_number",
            f"{shown} is not a number. Write digits, such as 23, or choose why there is no figure.",
        )
    number = Decimal(found["whole"].replace(",", "") + (f".{found['part']}" if found["part"] else ""))
    check(-number if found["sign"] else number, places=places)
    return number


def check(number: Decimal, *, places: int = PLACES) -> None:
    """Raise NumberError for a number below 0, with more decimals than allowed, or too large to keep."""
    if number < 0:
        raise NumberError("negative", f"{exact(number)} is below 0. Enter 0 or more.")
    if number.adjusted() >= WHOLE_DIGITS:
        raise NumberError("too_large", f"The number is too large. Enter at most {WHOLE_DIGITS} digits.")
    if number != round(number, places):
        allowed = f"at most {places} decimal{'' if places == 1 else 's'}" if places else "a whole number"
        raise NumberError("decimals", f"{exact(number)} has too many decimals. Enter {allowed}.")


def plain(number: Decimal | None) -> str:
    """A number as exact text without ending zeros: "23", "41.75"; nothing for None."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
