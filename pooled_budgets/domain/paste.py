"""A column copied from a spreadsheet: two columns (scheme number, figure), or one in the order of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from integration_hub.core import money
from integration_hub.core.money import NIL, MoneyError
from pooled_budgets.domain import figures
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.words import count, listed


@dataclass(frozen=True)
class PasteProblem:
    """A pasted line that cannot be taken; line 0 is the paste as a whole."""

    line: int
    value: str
    message: str
    expected: str

    @property
    def words(self) -> str:
        where = f'Line {self.line}, "{self.value}": ' if self.line else ""
        return f"{where}{self.message} Expected: {self.expected}."


@dataclass(frozen=True)
class Pasted:
    """The figures by scheme number, or what is wrong: never both."""

    figures: dict[str, Figure]
    problems: tuple[PasteProblem, ...]


def read(text: str, numbers: Sequence[str]) -> Pasted:
    """Read a pasted column for schemes in the order of the grid; a line with "Total" is checked against the others."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    rows = [[cell.strip() for cell in line.split("\t")] for line in lines]
    if not text.strip():
        return _refused(PasteProblem(0, "", "Nothing was pasted.", _expected(numbers)))
    widest = max(len(row) for row in rows)
    if widest > 2:
        return _refused(
            PasteProblem(
                0, "", f"The copied block has {widest} columns.", "one column of figures, or two: scheme no., figure"
            )
        )
    return _by_number(rows, numbers) if widest == 2 else _in_order([row[0] for row in rows], numbers)


def _by_number(rows: Sequence[Sequence[str]], numbers: Sequence[str]) -> Pasted:
    found: dict[str, Figure] = {}
    problems: list[PasteProblem] = []
    total: tuple[int, str] | None = None
    for line, row in enumerate(rows, start=1):
        number, value = row[0], row[1] if len(row) > 1 else ""
        if number.casefold() == "total":
            total = line, value
        elif number not in numbers:
            message = "There is no scheme of this number in the plan." if number else "The scheme number is missing."
            problems.append(PasteProblem(line, number, message, f"one of {listed(list(numbers))}"))
        elif number in found:
            problems.append(PasteProblem(line, number, "The scheme is there twice.", "each scheme once"))
        else:
            _take(found, problems, line, number, value)
    return _checked(found, problems, total)


def _in_order(values: Sequence[str], numbers: Sequence[str]) -> Pasted:
    if len(values) != len(numbers):
        pasted, wanted = count(len(values), "line was", "lines were"), count(len(numbers), "scheme", "schemes")
        return _refused(PasteProblem(0, "", f"{pasted} pasted for {wanted}.", _expected(numbers)))
    found: dict[str, Figure] = {}
    problems: list[PasteProblem] = []
    for line, (number, value) in enumerate(zip(numbers, values, strict=True), start=1):
        _take(found, problems, line, number, value)
    return _checked(found, problems, None)


def _take(found: dict[str, Figure], problems: list[PasteProblem], line: int, number: str, value: str) -> None:
    try:
        found[number] = figures.read(value)
    except MoneyError as error:
        problems.append(PasteProblem(line, value, error.message, figures.EXPECTED))


def _checked(found: dict[str, Figure], problems: list[PasteProblem], total: tuple[int, str] | None) -> Pasted:
    if total is not None and not problems:
        line, value = total
        added = money.total([figure.amount or NIL for figure in found.values()])
        try:
            printed: Decimal | None = money.parse_pounds(value, negative=True)
        except MoneyError as error:
            problems.append(PasteProblem(line, value, error.message, money.pounds(added)))
            printed = None
        if printed is not None and printed != added:
            gap = money.pounds(abs(printed - added))
            more = "more" if printed > added else "less"
            problems.append(
                PasteProblem(line, value, f"The total is {gap} {more} than the lines add up to.", money.pounds(added))
            )
    return Pasted({}, tuple(problems)) if problems else Pasted(found, ())


def _expected(numbers: Sequence[str]) -> str:
    lines = count(len(numbers), "line", "lines")
    return f"{lines}, one for each scheme in the order of the rows; or two columns, scheme no. and figure"


def _refused(problem: PasteProblem) -> Pasted:
    return Pasted({}, (problem,))
