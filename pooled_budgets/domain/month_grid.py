"""The monitoring grid: lines by months, what is expected of a line over the year, and a block pasted into it.

A closed month shows what was posted; an open one what is expected. A cell that nobody filled in is empty, never 0.00,
and the outturn of its line is then not known yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from integration_hub.core import money
from integration_hub.core.money import NIL, MoneyError
from pooled_budgets.domain.words import count

MONTHS: Final = tuple(range(1, 13))
# What people write for an amount of 0.00 that they mean.
NIL_WORDS: Final = ("nil",)
# How many problems of a pasted block are told one by one.
TOLD: Final = 20


@dataclass(frozen=True)
class Cell:
    """One line in one month, in pounds: what was posted where the month is closed, else what is expected."""

    month: int
    amount: Decimal | None
    is_open: bool

    @cached_property
    def code(self) -> str:
        """The amount in one exact text, as a form carries the value that was seen; "" for none."""
        return code_of(self.amount)

    @property
    def empty_words(self) -> str:
        """What an empty cell says to whoever cannot write in it."""
        return "missing" if self.is_open else "nothing"


@dataclass(frozen=True)
class GridLine:
    """A budget line with its twelve months; `adjustments` were posted to month 13. Pounds."""

    key: Any
    words: str
    budget: Decimal | None
    budget_state: str
    cells: tuple[Cell, ...]
    spent: Decimal | None
    adjustments: Decimal = NIL

    @cached_property
    def missing(self) -> tuple[int, ...]:
        """The open months for which nobody has said what is expected."""
        return tuple(cell.month for cell in self.cells if cell.is_open and cell.amount is None)

    @cached_property
    def outturn(self) -> Decimal | None:
        """What closed months spent and open months expect, with adjustments; None while a month is missing."""
        if self.missing:
            return None
        return money.total(cell.amount or NIL for cell in self.cells) + self.adjustments

    @property
    def variance(self) -> Decimal | None:
        """Outturn less budget: above nil is an overspend."""
        if self.outturn is None or self.budget is None:
            return None
        return self.outturn - self.budget


@dataclass(frozen=True)
class CellEntry:
    """What somebody wants in one cell: pounds, or None to empty it; `seen` is the code that they were shown."""

    line: Any
    month: int
    amount: Decimal | None
    seen: str

    @property
    def code(self) -> str:
        return code_of(self.amount)

    @property
    def is_wanted(self) -> bool:
        """Whether the person changed what they were shown."""
        return self.code != self.seen


@dataclass(frozen=True)
class CellConflict:
    """A cell that two people changed: what was shown, what stands there now and from whom, what was to be saved."""

    line: Any
    month: int
    where: str
    seen: str
    now: str
    yours: str
    changed_by: str
    changed_when: str

    @property
    def words(self) -> str:
        return (
            f"{self.where}: you saw {words_of(self.seen)}; {self.changed_by} saved {words_of(self.now)}"
            f"{f' on {self.changed_when}' if self.changed_when else ''}; you entered {words_of(self.yours)}."
        )


def is_conflict(entry: CellEntry, now: str) -> bool:
    """Whether somebody else changed the cell after it was shown, to something else than the person wants."""
    return entry.is_wanted and now not in (entry.seen, entry.code)


def code_of(amount: Decimal | None) -> str:
    return "" if amount is None else money.as_plain(amount)


def words_of(code: str) -> str:
    """A cell's code as it is printed: "£1,200.00", or "nothing"."""
    return money.pounds(Decimal(code)) if code else "nothing"


def is_code(text: str) -> bool:
    """Whether a text is the code of a cell: what comes back from a form may be anything."""
    if not text:
        return True
    try:
        return money.as_plain(money.parse_pounds(text, negative=True)) == text
    except MoneyError:
        return False


def read_cell(text: str) -> Decimal | None:
    """What was typed into a cell; None where it was left empty. Raises MoneyError."""
    words = text.strip()
    if not words:
        return None
    return NIL if words.casefold() in NIL_WORDS else money.parse_pounds(words, negative=True)


@dataclass(frozen=True)
class Block:
    """A pasted block: the text of each cell by line and month, or what is wrong with it. Never both."""

    cells: Mapping[tuple[Any, int], str]
    problems: tuple[str, ...]


def read_block(text: str, lines: Sequence[GridLine]) -> Block:
    """Read a block of twelve columns with a row for each line, the line's words before them or not.

    All of it or nothing: an amount that cannot be read, a row too few, or an amount for a closed month other than what
    it shows refuses the whole. An empty cell leaves what is there.
    """
    rows = [row.split("\t") for row in text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")]
    if not text.strip():
        return _refused("Nothing was pasted.")
    widths = {len(row) for row in rows}
    if len(rows) != len(lines) or (not widths <= {12} and not widths <= {13}):
        rows_words, columns = count(len(rows), "row", "rows"), " or ".join(str(width) for width in sorted(widths))
        return _refused(
            f"The copied block has {rows_words} and {columns} columns. Copy the twelve months of all "
            f"{count(len(lines), 'line', 'lines')}, without headings and totals; the line's name may stand before them."
        )
    found: dict[tuple[Any, int], str] = {}
    problems: list[str] = []
    for line, row in zip(lines, rows, strict=True):
        for cell, given in zip(line.cells, row[-12:], strict=True):
            where = f"{line.words}, month {cell.month}"
            try:
                amount = read_cell(given)
            except MoneyError as error:
                problems.append(f"{where}: {error.message}")
                continue
            if amount is None:
                continue
            if cell.is_open:
                found[line.key, cell.month] = given.strip()
            elif amount != (cell.amount or NIL):
                problems.append(
                    f"{where}: the month is closed with {words_of(cell.code)}, and the block has "
                    f"{money.pounds(amount)}."
                )
    if problems:
        more = len(problems) - TOLD
        return Block({}, (*problems[:TOLD], *([f"And {more} more."] if more > 0 else [])))
    return Block(found, ())


def _refused(message: str) -> Block:
    return Block({}, (message,))
