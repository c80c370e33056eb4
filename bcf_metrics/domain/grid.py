"""The entry grid of a quarter: the figure that a row stands for, and a block copied from a spreadsheet."""

from collections.abc import Sequence
from decimal import Decimal

from bcf_metrics.domain.progress import ProgressError, Rate, rate, rate_agrees
from bcf_metrics.domain.words import exact
from integration_hub.core.states import Figure

NUMERATOR, DENOMINATOR, FIGURE = COLUMNS = ("numerator", "denominator", "figure")


class BlockError(ValueError):
    """A copied block that does not fit the grid."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def figure_of(
    figure: Figure | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
    *,
    multiplier: Decimal | None,
    places: int,
    retyped: bool,
) -> Figure | None:
    """The figure of a row. The ratio gives it, unless somebody typed one (`retyped`), which then has to agree.

    None where there is neither. Raises ProgressError for a ratio without a rate and for a figure that contradicts it.
    """
    if multiplier is None or numerator is None or denominator is None:
        return figure
    found = rate(numerator, denominator, multiplier)
    if figure is None or not retyped:
        return Figure(value=found.rounded(places))
    if figure.value is None or not rate_agrees(figure.value, found, places=places):
        raise ProgressError("ratio_differs", _differs(figure, found, places), field=FIGURE)
    return figure


def block(text: str, rows: int) -> list[dict[str, str]]:
    """A copied block as texts by column, one for each row of the grid; an empty cell is left out.

    One column is the figures, two are numerators and denominators, three are all. Raises BlockError.
    """
    lines = [line.split("\t") for line in text.replace("\r\n", "\n").rstrip("\n").split("\n")]
    widths = {len(line) for line in lines}
    if not text.strip():
        raise BlockError("Paste the cells first: a row for each metric, without headings.")
    if len(lines) != rows:
        raise BlockError(f"The block has {_rows(len(lines))} and the grid {_rows(rows)}. Copy a row for each metric.")
    if len(widths) != 1 or not widths <= {1, 2, 3}:
        raise BlockError(
            "Copy one column (figures), two (numerators and denominators) or three (all), the same in every row."
        )
    names: Sequence[str] = {1: (FIGURE,), 2: (NUMERATOR, DENOMINATOR), 3: COLUMNS}[widths.pop()]
    return [{name: cell.strip() for name, cell in zip(names, line, strict=True) if cell.strip()} for line in lines]


def _differs(figure: Figure, found: Rate, places: int) -> str:
    typed = figure.words or exact(figure.value or Decimal(0))
    return (
        f"{typed} was entered, and {exact(found.numerator)} of {exact(found.denominator)} times "
        f"{exact(found.multiplier)} is {exact(found.rounded(places))}. Clear the figure to have it worked out, or "
        "correct one of them."
    )


def _rows(number: int) -> str:
    return f"{number} row" if number == 1 else f"{number} rows"
