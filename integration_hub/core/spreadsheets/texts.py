"""Text that a spreadsheet program would run as a formula, and how it is kept from that."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from typing import Final

# Programs also take the wide forms of East Asian keyboards, and pass over blanks before the sign.
_STARTERS = (
    "=+\\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_FORMULA = re.compile(rf"\s*[{_STARTERS}]|[\t\r\n]")
_GUARDED = re.compile(rf"'+(?:\s*[{_STARTERS}]|[\t\r\n])")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_LONGEST_NAME: Final = 100

CellValue = str | int | bool | Decimal | date | datetime | time | None


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program might run this text; a plain number such as -123.45 it does not."""
    return _FORMULA.match(text) is not None and _NUMBER.fullmatch(text) is None


def csv_cell(value: CellValue) -> str:
    """One value as the text of a .csv cell: numbers stay numbers, text that looks like a formula gets an apostrophe.

    `without_guard` takes the apostrophe off again. A float is refused with TypeError: it does not say what was meant.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (int, date, time)):
        return str(value) if isinstance(value, int) else value.isoformat()
    if not isinstance(value, str):
        raise TypeError(f"a .csv cell holds text, a Decimal, a whole number or a date, not {type(value).__name__}")
    return f"'{value}" if looks_like_formula(value) or _GUARDED.match(value) else value


def without_guard(text: str) -> str:
    """Text as it was before `csv_cell` put an apostrophe before it."""
    return text[1:] if _GUARDED.match(text) else text


def csv_bytes(rows: Iterable[Sequence[CellValue]]) -> bytes:
    """Rows as a .csv file that Excel opens with its pound signs and accents whole (UTF-8 with a mark)."""
    out = StringIO(newline="")
    csv.writer(out).writerows([csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def csv_line(row: Sequence[CellValue]) -> bytes:
    """One guarded line of a .csv file that is written piece by piece (UTF-8, without the mark)."""
    out = StringIO(newline="")
    csv.writer(out).writerow([csv_cell(value) for value in row])
    return out.getvalue().encode("utf-8")


def download_name(title: str, suffix: str) -> str:
    """A file name that every system takes, from any title: "BCF return: Southwark 2014/15" becomes
    "BCF-return-Southwark-2014-15.xlsx".
    """
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", ascii_title).strip("-")[:_LONGEST_NAME].strip("-")
    # Names of devices: a file called con.xlsx cannot be saved on Windows.
    if re.fullmatch(r"(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]", words):
        words = f"{words}-file"
    return f"{words or 'download'}.{suffix.lstrip('.')}"
