"""What was projected for the year at each month end and quarter, scheme by scheme, as it was kept at the time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integration_hub.core import money


@dataclass(frozen=True)
class KeptLine:
    """A line as a month kept it: its id and name, and its outturn in pounds; None while that was not known."""

    line: str
    name: str
    outturn: Decimal | None


def by_scheme(lines: Iterable[KeptLine], scheme_of: Mapping[str, Any]) -> dict[Any, Decimal | None]:
    """The outturn of each scheme in pounds; None where that of one of its lines was not known.

    A line that is there no more stands by its own name.
    """
    found: dict[Any, list[Decimal | None]] = {}
    for line in lines:
        found.setdefault(scheme_of.get(line.line, line.name), []).append(line.outturn)
    return {key: whole(amounts) for key, amounts in found.items()}


def whole(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """What amounts add up to; None where one is not known, or there is none."""
    known = [amount for amount in amounts if amount is not None]
    return money.total(known) if known and len(known) == len(amounts) else None
