"""What was typed into the monitoring grid, and the block pasted into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from integration_hub.core.errors import HubError
from integration_hub.core.money import MoneyError
from integration_hub.core.templatetags.components import Problem as PageProblem
from pooled_budgets.domain import month_grid
from pooled_budgets.domain.month_grid import Cell, CellConflict, CellEntry, GridLine
from pooled_budgets.domain.words import count
from pooled_budgets.selectors.grid import Grid

SEPARATOR = "|"
RELOAD = (
    "What this page was sent with is not what it showed, so nothing was saved. Copy what you typed, reload the page "
    "and enter it again."
)


@dataclass
class CellInput:
    """One cell as the page draws it: the text in its input, or what a closed month shows."""

    name: str
    cell: Cell
    text: str
    saved: str
    is_wrong: bool = False

    @property
    def is_unsaved(self) -> bool:
        return self.text != self.saved


@dataclass
class RowInput:
    """One line of the grid with its inputs; `seen` are the codes that the page showed, one for each month."""

    number: int
    line: GridLine
    cells: list[CellInput]
    seen: str
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = str(self.line.key)


class GridForm:
    """The whole grid: each line as it is or as it was typed."""

    def __init__(self, grid: Grid, data: Mapping[str, str] | None = None) -> None:
        self.grid = grid
        self.rows = [_row(number, line) for number, line in enumerate(grid.lines)]
        self.pasted = ""
        self.filled = 0
        self.problems: list[PageProblem] = []
        self._entries: list[CellEntry] = []
        if data is not None:
            self.pasted = data.get("pasted", "")
            self._take(data)

    @property
    def entries(self) -> list[CellEntry]:
        """What the cells ask for, with what their writer had seen."""
        return self._entries

    def _take(self, data: Mapping[str, str]) -> None:
        """Read what was typed, by line: the plan may have other lines now than the page had."""
        rows = {row.key: row for row in self.rows}
        for name, key in data.items():
            if not name.startswith("r") or not name[1:].isdigit():
                continue
            number = name[1:]
            seen = data.get(f"s{number}", "").split(SEPARATOR)
            if len(seen) != len(month_grid.MONTHS) or not all(map(month_grid.is_code, seen)) or not _is_key(key):
                self.problems = [PageProblem(RELOAD)]
                return
            self._take_row(rows.get(key), key, seen, data, number)

    def _take_row(
        self, row: RowInput | None, key: str, seen: Sequence[str], data: Mapping[str, str], number: str
    ) -> None:
        for month, code in zip(month_grid.MONTHS, seen, strict=True):
            text = data.get(f"c{number}-{month}")
            if text is None:
                continue
            shown = row.cells[month - 1] if row else None
            try:
                amount = month_grid.read_cell(text)
            except MoneyError as error:
                where = f"{row.line.words if row else 'A line'}, month {month}"
                self.problems.append(PageProblem(f"{where}: {error.message}", f"#c{number}-{month}"))
                if shown:
                    shown.text, shown.is_wrong = text, True
                continue
            entry = CellEntry(UUID(key), month, amount, code)
            if entry.is_wanted:
                self._entries.append(entry)
                if shown:
                    shown.text = text.strip()

    def preview(self) -> None:
        """Put a pasted block into the inputs, saving nothing; with anything wrong they stay as they are."""
        block = month_grid.read_block(self.pasted, self.grid.lines)
        self.problems = [PageProblem(words, "#pasted") for words in block.problems]
        for row in self.rows:
            for cell in row.cells:
                text = block.cells.get((row.line.key, cell.cell.month))
                if text is not None:
                    cell.text = text
                    self.filled += 1

    @property
    def filled_words(self) -> str:
        """How many cells the pasted block filled, and how many of them differ from what is saved."""
        differ = sum(_differs(cell) for row in self.rows for cell in row.cells)
        return f"{count(self.filled, 'cell', 'cells')} filled, {differ} of them different from what is saved"

    def refuse(self, error: HubError, grid: Grid) -> None:
        """Show why nothing was saved, with what was typed on the grid as it is now."""
        conflicts: Sequence[CellConflict] = getattr(error, "conflicts", ())
        typed = {(entry.line, entry.month): entry for entry in self._entries}
        self.grid = grid
        self.rows = [_row(number, line) for number, line in enumerate(grid.lines)]
        wrong = {(conflict.line, conflict.month) for conflict in conflicts}
        places = {}
        for row in self.rows:
            for cell in row.cells:
                place = (row.line.key, cell.cell.month)
                places[place] = cell.name
                entry = typed.get(place)
                if entry is not None and cell.cell.is_open:
                    cell.text, cell.is_wrong = _shown(entry.code), place in wrong
        self.problems = [
            PageProblem(conflict.words, f"#{places.get((conflict.line, conflict.month), 'grid')}")
            for conflict in conflicts
        ] or [PageProblem(error.message)]


@dataclass(frozen=True)
class OneCell:
    """A cell that saves by itself, as its page sends it."""

    entry: CellEntry

    @classmethod
    def read(cls, data: Mapping[str, str]) -> "OneCell":
        """What was sent; raises MoneyError for an amount, ValueError for anything that no page of ours sends."""
        amount = month_grid.read_cell(data.get("value", ""))
        seen = data.get("seen", "")
        if not month_grid.is_code(seen):
            raise ValueError(RELOAD)
        return cls(CellEntry(UUID(data.get("line", "")), int(data.get("month", "")), amount, seen))


def _row(number: int, line: GridLine) -> RowInput:
    cells = []
    for cell in line.cells:
        text = _shown(cell.code)
        cells.append(CellInput(f"c{number}-{cell.month}", cell, text, text))
    return RowInput(number, line, cells, SEPARATOR.join(cell.code for cell in line.cells))


def _shown(code: str) -> str:
    """A code as the input shows it: the amount as people write it."""
    if not code:
        return ""
    whole, _, pence = code.partition(".")
    return f"{int(whole):,}.{pence}" if whole not in ("-0", "0") else code


def _differs(cell: CellInput) -> bool:
    try:
        return cell.cell.is_open and month_grid.code_of(month_grid.read_cell(cell.text)) != cell.cell.code
    except MoneyError:
        return True


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
