"""How what an organisation held is divided among its successors: exact shares, money to the penny."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import lcm

from integration_hub.core.money import split_largest_remainder
from integration_hub.core.quarters import FinancialYear

STAYS = ""
MONTHS_IN_YEAR = 12


@dataclass(frozen=True)
class Heir:
    """A successor with its exact share; `keeps` marks the one who takes what cannot be divided."""

    key: str
    share: Fraction
    keeps: bool = False


@dataclass(frozen=True)
class Problem:
    """What is wrong with the lines of a succession; `position` is the line's, from 1, or 0 for all."""

    message: str
    position: int = 0


@dataclass(frozen=True)
class Line:
    """Who takes which part of whom: ids as text, `area` empty for everything."""

    position: int
    predecessor: str
    successor: str
    area: str
    share: Fraction
    keeps: bool


def elapsed(year: FinancialYear, on: date) -> Fraction:
    """The part of a financial year before a day: whole months as twelfths, days as parts of their month."""
    if on <= year.starts_on:
        return Fraction(0)
    if on > year.ends_on:
        return Fraction(1)
    months = (on.year - year.starts_on.year) * MONTHS_IN_YEAR + on.month - year.starts_on.month
    first = on.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return (months + Fraction(on.day - 1, (following - first).days)) / MONTHS_IN_YEAR


def divide(amount: Decimal, heirs: Sequence[Heir], *, before: Fraction = Fraction(0)) -> dict[str, Decimal]:
    """Pounds for each successor by its key, and under STAYS what is the predecessor's for the time `before` the day.

    The parts add up to the amount to the penny. Odd pennies go to the largest remainders; of equal ones to whoever
    keeps what cannot be divided, then in the order given, the predecessor last. MoneyError where nobody succeeds.
    """
    exact = {heir.key: heir.share * (1 - before) for heir in heirs} | {STAYS: before}
    whole = lcm(*(share.denominator for share in exact.values()))
    weights = {key: Decimal(int(share * whole)) for key, share in exact.items()}
    first = [heir.key for heir in heirs if heir.keeps]
    order = [*first, *(heir.key for heir in heirs if not heir.keeps), STAYS]
    return split_largest_remainder(amount, weights, tie_order=order)


def heirs_of(lines: Sequence[Line], predecessor: str, area: str) -> list[Heir]:
    """Who takes what the predecessor holds in an area; nobody where the lines do not name it."""
    own = [line for line in lines if line.predecessor == predecessor and line.area in ("", area)]
    return [Heir(line.successor, line.share, line.keeps) for line in own]


def with_one_denominator(shares: Sequence[Fraction]) -> tuple[list[int], int]:
    """The same fractions as numerators over one denominator, so that a database can add them up exactly."""
    denominator = lcm(*(share.denominator for share in shares))
    return [int(share * denominator) for share in shares], denominator


def problems(
    lines: Sequence[Line], *, names: Mapping[str, str], served: Mapping[str, frozenset[str]], keeps_rest: bool
) -> list[Problem]:
    """What stands against the lines: shares that do not add up, areas that nobody takes, an organisation on both sides.

    `served` are the areas of each predecessor on the day. `keeps_rest`: a boundary change, whose predecessor goes on
    with the areas that no line names.
    """
    found: list[Problem] = []
    if not lines:
        return [Problem("Say who succeeds whom: add at least one line.")]
    predecessors = {line.predecessor for line in lines}
    for line in lines:
        if line.successor in predecessors:
            name = names.get(line.successor, line.successor)
            found.append(
                Problem(f"{name} stands on both sides. An organisation ends or succeeds, not both.", line.position)
            )
        if keeps_rest and not line.area:
            found.append(Problem("A boundary change moves areas: name the area that moves.", line.position))
    for predecessor in dict.fromkeys(line.predecessor for line in lines):
        own = [line for line in lines if line.predecessor == predecessor]
        name = names.get(predecessor, predecessor)
        areas = list(dict.fromkeys(line.area for line in own))
        if "" in areas and len(areas) > 1:
            found.append(Problem(f"{name}: name an area in every line or in none.", own[0].position))
        for area in areas:
            group = [line for line in own if line.area == area]
            where = f"{name} in {names.get(area, area)}" if area else name
            total = sum((line.share for line in group), Fraction(0))
            if total != 1:
                found.append(Problem(f"The shares of {where} add up to {total}, not to 1.", group[0].position))
            if sum(line.keeps for line in group) != 1:
                words = f"Mark one successor of {where}, and one alone, that takes what cannot be divided."
                found.append(Problem(words, group[0].position))
        if "" not in areas and not keeps_rest:
            left = sorted(names.get(area, area) for area in served.get(predecessor, frozenset()) - set(areas))
            if left:
                found.append(Problem(f"{name} also serves {', '.join(left)}: say who takes that.", own[0].position))
        foreign = set(areas) - {""} - served.get(predecessor, frozenset())
        if foreign:
            words = ", ".join(sorted(names.get(area, area) for area in foreign))
            found.append(Problem(f"{name} does not serve {words} on that day.", own[0].position))
    return found
