"""The shape of a small table: columns with their kind, rows of values. Big tables are plain loops in page templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column of a data table: `numeric` aligns right, `money` prints Decimals as pounds, `header` heads its row."""

    label: str
    numeric: bool = False
    money: bool = False
    header: bool = False

    @property
    def is_right(self) -> bool:
        return self.numeric or self.money


@dataclass(frozen=True)
class Cell:
    """One value under its column, as the table template wants it."""

    column: Column
    value: Any


def cells(columns: Sequence[Column], row: Sequence[Any]) -> list[Cell]:
    """Pair a row's values with their columns; raises ValueError where the numbers differ."""
    return [Cell(column, value) for column, value in zip(columns, row, strict=True)]
