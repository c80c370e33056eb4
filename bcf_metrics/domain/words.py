"""Numbers and lists put into words, the same way in every page, document and workbook."""

from collections.abc import Sequence
from decimal import Decimal


def exact(number: Decimal) -> str:
    """Every significant digit and no other, in groups: "41.75", "85", "32,350"; a true minus sign below 0."""
    text = f"{abs(number):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    # A real minus sign: a hyphen can be lost at the end of a line.
    return f"\N{MINUS SIGN}{text}" if number < 0 and text != "0" else text


def listed(items: Sequence[str], *, last: str = "and") -> str:
    """A list as a sentence has it: "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
