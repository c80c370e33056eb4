"""The grid's arithmetic: an outturn is known when every open month is, and conflicts are only true ones."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_hub.core.money import MoneyError
from pooled_budgets.domain import month_grid
from pooled_budgets.domain.month_grid import Cell, CellEntry, GridLine

amounts = st.none() | st.decimals(-10_000, 10_000, places=2)


def line(cells, *, budget=Decimal("100.00"), adjustments=Decimal("0.00")):
    made = tuple(Cell(number, amount, opened) for number, (amount, opened) in enumerate(cells, start=1))
    return GridLine("key", "1. Home care", budget, "stated", made, None, adjustments)


@given(st.lists(st.tuples(amounts, st.booleans()), min_size=12, max_size=12), st.decimals(-99, 99, places=2))
def test_an_outturn_is_known_exactly_when_no_open_month_is_empty(cells, adjustments):
    made = line(cells, adjustments=adjustments)

    if any(opened and amount is None for amount, opened in cells):
        assert (made.outturn, made.variance) == (None, None)
    else:
        assert made.outturn == sum((amount or Decimal(0) for amount, _ in cells), adjustments)
        assert made.variance == made.outturn - 100
    assert line(cells, budget=None).variance is None


@given(amounts, amounts, amounts)
def test_a_conflict_is_a_change_of_both_to_different_amounts(seen, now, wanted):
    entry = CellEntry("key", 1, wanted, month_grid.code_of(seen))
    found = month_grid.is_conflict(entry, month_grid.code_of(now))

    assert found == (wanted != seen and now not in (seen, wanted))


@given(amounts)
def test_a_code_reads_back_as_its_amount(amount):
    code = month_grid.code_of(amount)

    assert month_grid.is_code(code)
    assert month_grid.read_cell(code) == amount


@pytest.mark.parametrize(("text", "amount"), [("", None), (" Nil ", "0.00"), ("£1,200", "1200.00"), ("(5)", "-5.00")])
def test_a_cell_is_read_as_people_write_it(text, amount):
    assert month_grid.read_cell(text) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("text", ["1,20", "abc", "1.001", "n/a"])
def test_a_cell_that_is_no_amount_is_refused(text):
    with pytest.raises(MoneyError):
        month_grid.read_cell(text)
    assert not month_grid.is_code(text)


def test_a_block_fills_open_cells_and_must_agree_with_closed_ones():
    made = line([(Decimal("3.00"), False)] + [(None, True)] * 11)
    row = ["3.00", *map(str, range(2, 13))]

    block = month_grid.read_block("1. Home care\t" + "\t".join(row), [made])
    assert block.cells == {("key", number): str(number) for number in range(2, 13)}
    other = month_grid.read_block("\t".join(["4", *row[1:]]), [made])
    assert (other.cells, other.problems) == (
        {},
        ("1. Home care, month 1: the month is closed with £3.00, and the block has £4.00.",),
    )
    assert month_grid.read_block("\t".join(["", *row[1:]]), [made]).cells.keys() == block.cells.keys()
    assert month_grid.read_block("  ", [made]).problems == ("Nothing was pasted.",)
    for wrong in ("\t".join(row[1:]), "\n".join(["\t".join(row)] * 2)):
        assert month_grid.read_block(wrong, [made]).problems
