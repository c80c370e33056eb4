"""Works out the formulas of our workbooks, so that a test can compare them with what Python decided.

Only what the checklist uses: literals, cells, ranges, comparison, +, -, & and some functions.
An empty cell is None.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import range_boundaries

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<call>[A-Z]+)\(|(?P<bool>TRUE|FALSE)"""
    r"""|(?P<ref>(?:'(?:[^']|'')+'!)?\$?[A-Z]{1,2}\$?[0-9]+(?::\$?[A-Z]{1,2}\$?[0-9]+)?)"""
    r"""|(?P<sign><>|<=|>=|[-+&=<>(),]))"""
)


class NotFound(Exception):
    """What a spreadsheet shows as an error value."""


class Sheets:
    """The formulas of a workbook, worked out with memory, from its cells as openpyxl reads them."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.known: dict[tuple[str, str], Any] = {}

    def value(self, sheet: str, cell: str) -> Any:
        key = (sheet, cell.replace("$", ""))
        if key not in self.known:
            raw = self.book[sheet][key[1]].value
            formula = isinstance(raw, str) and self.book[sheet][key[1]].data_type == "f"
            self.known[key] = Formula(self, sheet, raw[1:]).result() if formula else raw
        return self.known[key]

    def cells(self, sheet: str, area: str) -> list[Any]:
        left, top, right, bottom = range_boundaries(area.replace("$", ""))
        rows = self.book[sheet].iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right)
        return [self.value(sheet, cell.coordinate) for row in rows for cell in row]


class Formula:
    """One formula, read from left to right; an argument of a call is worked out only when it is asked for."""

    def __init__(self, sheets: Sheets, sheet: str, text: str) -> None:
        self.sheets, self.sheet = sheets, sheet
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text):
            found = TOKEN.match(text, place)
            if found is None:
                raise ValueError(f"cannot read {text[place:]!r} of {text!r}")
            self.tokens.append((str(found.lastgroup), str(found[str(found.lastgroup)])))
            place = found.end()
        self.place = 0

    def result(self) -> Any:
        thunk = self.comparison()
        if self.place != len(self.tokens):
            raise ValueError(f"left over: {self.tokens[self.place :]}")
        return thunk()

    def take(self, *signs: str) -> str:
        if self.place < len(self.tokens) and self.tokens[self.place] in [("sign", sign) for sign in signs]:
            self.place += 1
            return self.tokens[self.place - 1][1]
        return ""

    def comparison(self) -> Callable[[], Any]:
        left = self.joined()
        while sign := self.take("=", "<>", "<=", ">=", "<", ">"):
            left = self.compared(sign, left, self.joined())
        return left

    def compared(self, sign: str, left: Callable[[], Any], right: Callable[[], Any]) -> Callable[[], Any]:
        def thunk() -> bool:
            a, b = ordered(left()), ordered(right())
            answers = {"=": a == b, "<>": a != b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}
            return answers[sign]

        return thunk

    def joined(self) -> Callable[[], Any]:
        left = self.sum()
        while self.take("&"):
            left = (lambda a, b: lambda: as_text(a()) + as_text(b()))(left, self.sum())
        return left

    def sum(self) -> Callable[[], Any]:
        left = self.atom()
        while sign := self.take("+", "-"):
            factor = 1 if sign == "+" else -1
            left = (lambda a, b, f: lambda: number(a()) + f * number(b()))(left, self.atom(), factor)
        return left

    def atom(self) -> Callable[[], Any]:
        kind, text = self.tokens[self.place]
        self.place += 1
        if kind == "text":
            return lambda: text[1:-1].replace('""', '"')
        if kind == "number":
            return lambda: float(text)
        if kind == "bool":
            return lambda: text == "TRUE"
        if kind == "ref":
            sheet, _, cell = text.rpartition("!")
            name = sheet[1:-1].replace("''", "'") if sheet else self.sheet
            if ":" in cell:
                return lambda: self.sheets.cells(name, cell)
            return lambda: self.sheets.value(name, cell)
        if kind == "call":
            arguments = []
            while not self.take(")"):
                arguments.append(self.comparison())
                self.take(",")
            return lambda: FUNCTIONS[text](*arguments)
        if text == "(":
            inner = self.comparison()
            self.take(")")
            return inner
        raise ValueError(f"unexpected {text!r}")


def ordered(value: Any) -> tuple[int, Any]:
    """A value as comparisons see it: numbers before text before truth; text without regard to capitals."""
    if isinstance(value, bool):
        return (2, value)
    if isinstance(value, str):
        return (1, value.casefold())
    return (0, number(value))


def number(value: Any) -> float:
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return float(day.toordinal() - date(1899, 12, 30).toordinal())
    return 0.0 if value is None else float(value)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | date) and not isinstance(value, bool)


def as_text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{number(value):.10g}"


def find(what: Callable[[], Any], where: Callable[[], Any]) -> float:
    place = as_text(where()).find(as_text(what()))
    if place < 0:
        raise NotFound
    return place + 1.0


def fails(argument: Callable[[], Any]) -> bool:
    try:
        argument()
    except NotFound:
        return True
    return False


def every(arguments: tuple[Callable[[], Any], ...], joined: Callable[[list[bool]], bool]) -> bool:
    """All arguments are worked out, so that an error in any of them is the answer, as in a spreadsheet."""
    return joined([bool(argument()) for argument in arguments])


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "IF": lambda test, yes, no: yes() if test() else no(),
    "AND": lambda *tests: every(tests, all),
    "OR": lambda *tests: every(tests, any),
    "NOT": lambda test: not test(),
    "LEN": lambda text: len(as_text(text()).encode("utf-16-le")) // 2,
    "EXACT": lambda a, b: as_text(a()) == as_text(b()),
    "LEFT": lambda text, count: as_text(text())[: int(count())],
    "ISNUMBER": lambda value: is_number(value()),
    "ISERROR": fails,
    "IFERROR": lambda value, other: other() if fails(value) else value(),
    "FIND": find,
    "SUBSTITUTE": lambda text, old, new: as_text(text()).replace(as_text(old()), as_text(new())),
    "CHAR": lambda code: chr(int(code())),
    "DATE": lambda year, month, day: number(date(int(year()), int(month()), int(day()))),
    "ROUND": lambda value, places: round(number(value()), int(places())),
    "SUM": lambda cells: sum(number(value) for value in cells() if is_number(value)),
    "COUNT": lambda cells: sum(is_number(value) for value in cells()),
    "COUNTIF": lambda cells, wanted: sum(value == wanted() for value in cells()),
}
