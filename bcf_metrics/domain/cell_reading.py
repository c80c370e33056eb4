"""The value of a workbook's cell as an answer of the return: what `presenters.workbook` writes, read back."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bcf_metrics.domain import answers
from bcf_metrics.domain.answers import Cell
from bcf_metrics.domain.completion import Entry, is_valid
from bcf_metrics.domain.shapes import parse_date, parse_decimal
from bcf_metrics.domain.templates import AMOUNTS, FieldType
from bcf_metrics.domain.words import exact, listed
from integration_hub.core.dates import MONTHS
from integration_hub.core.spreadsheets.reader import CellError, Value
from integration_hub.core.states import EFFECTS, FigureState, InWorkbook

Written = str | Decimal | date | None
NIL = Decimal(0)
SHOWN = 60

_LATER = f"{EFFECTS[FigureState.NOT_YET_AVAILABLE].words} until "
_DAY = re.compile(r"(?P<day>[0-9]{1,2}) (?P<month>[A-Za-z]+) (?P<year>[0-9]{4})")
_SLASHES = re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")
_POUNDS = re.compile(r"£?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)")


def written(entry: Entry) -> Written:
    """What the cell of an entry holds: numbers and dates as such, reasons and everything else as text; nil is 0."""
    answer = entry.answer
    if entry.figure is not None:
        effect = entry.figure.effect.in_workbook
        if effect is InWorkbook.WORDS:
            return entry.figure.words
        if effect is InWorkbook.NIL:
            return NIL
    if answer is None:
        return None
    if entry.field.type in AMOUNTS and (number := _held(answer)) is not None:
        return number
    if entry.field.type is FieldType.DATE and is_valid(entry) and (day := parse_date(answer)) is not None:
        return day
    return entry.field.shown(answer)


def plain(value: Value) -> str:
    """A cell's value as one text: equal for what a spreadsheet program saves again without changing it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return exact(value).replace(",", "")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (time, timedelta)):
        return str(value)
    if isinstance(value, CellError):
        return value.code
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def read(cell: Cell, value: Value, *, on: date) -> tuple[str, str]:
    """The answer that a cell's value is, or why the return does not take it; one of the two is ""."""
    code, problem = answer_of(cell, value)
    problem = problem or answers.problem(cell, code, on=on)
    return ("", problem) if problem else (code, "")


def answer_of(cell: Cell, value: Value) -> tuple[str, str]:
    """A cell's value as an answer's code, or what is wrong with it; one of the two is "".

    Whether the return takes the answer is for `answers.problem` to say.
    """
    if isinstance(value, CellError):
        return "", value.message
    text = plain(value)
    if not text:
        return "", ""
    field = cell.field
    if cell.is_amount:
        return _amount(cell, value, text)
    if field.type is FieldType.DATE:
        day = day_of(text)
        return (
            (day.isoformat(), "") if day else ("", f"“{text[:SHOWN]}” is no date. Enter a date, such as 28 July 2014.")
        )
    if field.choices:
        for code, words in field.choices:
            if text.casefold() in (words.casefold(), code.casefold()):
                return code, ""
        wanted = listed([words for _, words in field.choices], last="or")
        return "", f"“{text[:SHOWN]}” is none of the answers. Choose {wanted}."
    return text, ""


def _amount(cell: Cell, value: Value, text: str) -> tuple[str, str]:
    is_money = cell.field.type is FieldType.MONEY
    number = value if isinstance(value, Decimal) else None
    words = " ".join(text.split())
    if number is None and not isinstance(value, bool) and (found := _POUNDS.fullmatch(words)):
        number = Decimal(found["number"].replace(",", ""))
    if number is not None:
        if number < 0:
            return "", f"{exact(number)} is below 0. Enter 0 or more."
        if is_money and number != round(number, 2):
            return "", f"{exact(number)} has more than two decimals. Enter pounds and pence."
        return (f"{number:.2f}" if is_money else exact(number).replace(",", "")), ""
    wanted = words.casefold()
    if wanted == EFFECTS[FigureState.MISSING].words:
        return "", ""
    for state in cell.reasons:
        if state == FigureState.NOT_YET_AVAILABLE:
            day = day_of(words[len(_LATER) :]) if wanted.startswith(_LATER) else None
            if day:
                return f"{state}:{day.isoformat()}", ""
        elif wanted == EFFECTS[state].words:
            return str(state), ""
    return "", f"“{text[:SHOWN]}” is no amount. {_takes(cell)}"


def _takes(cell: Cell) -> str:
    number = "Enter pounds and pence" if cell.field.type is FieldType.MONEY else "Enter a number"
    words = [
        f"{_LATER}a day" if state == FigureState.NOT_YET_AVAILABLE else EFFECTS[state].words for state in cell.reasons
    ]
    return f"{number}, or the words {listed(words, last='or')}." if words else f"{number}."


def day_of(text: str) -> date | None:
    """The date of "2014-07-28", "28 July 2014" or "28/07/2014"; None for anything else."""
    if found := parse_date(text):
        return found
    if words := _DAY.fullmatch(text):
        names = [month.casefold() for month in MONTHS]
        name = words["month"].casefold()
        month = names.index(name) + 1 if name in names else 0
    elif words := _SLASHES.fullmatch(text):
        month = int(words["month"])
    else:
        return None
    try:
        return date(int(words["year"]), month, int(words["day"]))
    except ValueError:
        return None


def _held(answer: str) -> Decimal | None:
    """The number of an answer, where a spreadsheet can hold it to the last digit."""
    number = parse_decimal(answer)
    return number if number is not None and Decimal(repr(float(number))) == number else None
