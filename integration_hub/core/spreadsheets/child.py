"""Reads one .xlsx workbook in a process of its own, so that a file that breaks the parser breaks nothing else.

Run as `python -I -S child.py packages` with the workbook as standard input, `packages` being the folder of the parser;
one line of JSON for each sheet on standard output: {"name", "hidden", "rows": [[cell, …], …]}, or {"refused": [code,
message]}. Text is a string, an empty cell null, a truth value true or false, a number a number (whole ones without a
point), and everything else a pair of kind and text: ["d", "2014-07-28"], ["dt", …], ["t", …], ["td", seconds],
["e", "#REF!"].

Starting takes a good part of the time of a small file, so nothing is imported that the reading does not need.
"""

from __future__ import annotations

import json
import os.path
import resource
import sys
from datetime import date, datetime, time, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from integration_hub.core.spreadsheets import scan
else:
    # Run by path and isolated, Python does not look beside the script; the application must not be imported here.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import scan

MEMORY_BYTES = 768 * 1024 * 1024
PROCESSOR_SECONDS = 10
OUTPUT_BYTES = 64 * 1024 * 1024


def limit() -> None:
    """Bound this process before it touches the file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))


def main() -> None:
    limit()
    # Behind the standard library: a package never takes the place of a module of Python.
    sys.path.extend(sys.argv[1:])
    # A file, not a pipe: the zip directory stands at the end.
    file = sys.stdin.buffer
    try:
        package = scan.scan(file)
    except scan.ScanRefused as refusal:
        emit({"refused": [refusal.code, refusal.message]})
        return
    file.seek(0)
    read(file, package)


def read(file: Any, package: Any) -> None:
    """Emit every worksheet, in the workbook's order; chart sheets have no cells and are left out."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(file)
        sheets = [about for about in workbook.sheets_metadata if about.typ == python_calamine.SheetTypeEnum.WorkSheet]
        area = 0
        for about in sheets:
            lost = package.lost.get(package.sheet_parts.get(about.name, ""), {})
            sheet = workbook.get_sheet_by_name(about.name)
            height, width = extent(sheet, lost)
            area += height * width
            if area > scan.MAXIMUM_AREA:
                raise scan.far_cell(height - 1, width - 1)
            hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
            emit({"name": about.name, "hidden": hidden, "rows": sheet_rows(sheet, lost, height, width)})
    except scan.ScanRefused as refusal:
        emit({"refused": [refusal.code, refusal.message]})
    except (python_calamine.CalamineError, ValueError):
        emit({"refused": ["damaged", "The workbook cannot be read. Save it as .xlsx again and upload that."]})


def extent(sheet: Any, lost: dict[tuple[int, int], str]) -> tuple[int, int]:
    """Rows and columns from A1 to the last cell in use, lost values included."""
    last_row, last_column = sheet.end or (-1, -1)
    height = max([last_row, *(row for row, _ in lost)]) + 1
    width = max([last_column, *(column for _, column in lost)]) + 1
    return height, width


def sheet_rows(sheet: Any, lost: dict[tuple[int, int], str], height: int, width: int) -> list[list[Any]]:
    """Every row from A1, each cell as JSON and every row equally long; what the parser drops is put back."""
    rows = [[plain(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for row in rows:
        row.extend([None] * (width - len(row)))
    rows.extend([None] * width for _ in range(height - len(rows)))
    for (row_number, column), code in lost.items():
        rows[row_number][column] = ["e", code]
    return rows


def plain(value: Any) -> Any:
    """One value of the parser as JSON; a number is written as the shortest text that means the same number."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, float):
        # The parser gives every number as a float; beyond this one of them is written with an exponent.
        return int(value) if value.is_integer() and abs(value) < 1e16 else value
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, datetime):
        return ["dt", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, time):
        return ["t", value.isoformat()]
    if isinstance(value, timedelta):
        return ["td", repr(value.total_seconds())]
    raise ValueError(f"the parser gave a {type(value).__name__}")


def emit(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
