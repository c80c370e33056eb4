"""`make bench`, the third part: a return of 500 figures written to a workbook, and an official file filled in from it.

Each stands beside a floor that does the least that it could: XlsxWriter writing the same cells with one style, a zip
taken apart and put together again. Nothing here passes or fails on a time.
"""

import io
import sys
import zipfile
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from time import perf_counter
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from bcf_metrics.domain import completion
from bcf_metrics.domain.templates import Template
from bcf_metrics.presenters import workbook
from integration_hub.core.spreadsheets.patch import Workbook, Write
from tests.bench.floor import READINGS, keep
from tests.factories import official
from tests.unit.bcf_metrics import conftest as examples

LINES, WRITES, LARGE = 160, 400, 20_000
template, southwark = examples.template, examples.southwark


def in_turn(*works: Callable[[], Any]) -> list[float]:
    """The median milliseconds of each, read in turn."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(READINGS):
        for number, work in enumerate(works):
            begun = perf_counter()
            work()
            times[number].append((perf_counter() - begun) * 1000)
    return [median(readings) for readings in times]


def large(content: examples.Content) -> examples.Content:
    """The return with so many schemes that it has 500 figures."""
    first = content["expenditure"][0]
    lines = [{**first, "scheme_no": str(number), "name": f"Scheme {number}"} for number in range(1, LINES + 1)]
    return {**content, "expenditure": lines}


def same_cells(made: bytes) -> Callable[[], None]:
    """Writes the cells of a workbook with one style."""
    sheets = [
        [(cell.row - 1, cell.column - 1, cell.value, cell.data_type) for row in sheet for cell in row]
        for sheet in openpyxl.load_workbook(io.BytesIO(made))
    ]

    def write() -> None:
        book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
        style = book.add_format({"border": 1})
        for cells in sheets:
            sheet = book.add_worksheet()
            for row, column, value, kind in cells:
                if value is None:
                    sheet.write_blank(row, column, None, style)
                elif kind == "f":
                    sheet.write_formula(row, column, str(value), style)
                elif kind == "n":
                    sheet.write_number(row, column, value, style)
                else:
                    sheet.write_string(row, column, str(value), style)
        book.close()

    return write


def packed_again(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part, old.read(part))


def test_a_return_is_written_and_an_official_file_filled_in(
    template: Template, southwark: examples.Content, capsys: pytest.CaptureFixture[str]
) -> None:
    content = large(southwark)
    figures = sum(entry.figure is not None for entry in completion.entries(template, content))
    export, cells = in_turn(lambda: workbook.build(template, content), same_cells(workbook.build(template, content)))
    blank = official.blank(extra_rows=WRITES)
    writes = [
        Write("4. Expenditure", f"{column}{row}", Decimal("1234.56"), "Scheme")
        for column in ("C", "D")
        for row in range(6, 6 + WRITES // 2)
    ]
    rows: dict[str, dict[str, Any]] = {
        "export": {"figures": figures, "ms": round(export, 1), "times_the_floor": round(export / cells, 2)}
    }
    # A file of a few lines, and one as large as the national ones come with their lists.
    for name, file in (("official filling", blank), ("official filling, large", official.blank(extra_rows=LARGE))):
        filled, packed = in_turn(lambda file=file: Workbook(file).fill(writes), lambda file=file: packed_again(file))
        rows[name] = {
            "cells": WRITES,
            "kilobytes": len(file) // 1024,
            "ms": round(filled, 1),
            "times_the_floor": round(filled / packed, 2),
        }
    keep("returns", rows)
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(f"{name}: {row}" for name, row in rows.items()) + "\n")
