"""The shape that data read from a file, a column of JSON or a request must have.

A shape is a function of a value and the place where it stands; it yields one sentence for each problem, so
that whoever corrects a file sees all of them at once. Keys that a shape does not know are problems too: a
misspelt key must not be a silent default.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

Shape = Callable[[object, str], Iterator[str]]

_MONEY = re.compile(r"-?[0-9]{1,12}\.[0-9]{2}")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class ShapeError(ValueError):
    """Data of the wrong shape. `problems` has one sentence for each mistake, naming its place."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"{name}: {'; '.join(problems)}")
        self.code = "shape"
        self.problems = problems
        self.message = str(self)


def check(value: object, shape: Shape, *, name: str) -> None:
    """Raise ShapeError, naming the data, unless it has the shape."""
    problems = list(shape(value, ""))
    if problems:
        raise ShapeError(name, problems)


def text(value: object, where: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield _expected("text", value, where)


def boolean(value: object, where: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield _expected("true or false", value, where)


def day(value: object, where: str) -> Iterator[str]:
    """A date as YAML reads it."""
    if type(value) is not date:
        yield _expected("a date such as 2014-07-28", value, where)


def iso_date(value: object, where: str) -> Iterator[str]:
    """A date as JSON holds it: text, "2014-07-28"."""
    if not isinstance(value, str) or parse_date(value) is None:
        yield _expected("a date such as 2014-07-28, as text", value, where)


def money(value: object, where: str) -> Iterator[str]:
    """Pounds as text with two decimals; a JSON number would have been a float."""
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        yield _expected('pounds as text with two decimals, such as "8957000.00"', value, where)


def decimal(value: object, where: str) -> Iterator[str]:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        yield _expected('a number as text, such as "41.75"', value, where)


def whole(minimum: int, maximum: int) -> Shape:
    """A whole number from `minimum` to `maximum`."""

    def shape(value: object, where: str) -> Iterator[str]:
        if type(value) is not int or not minimum <= value <= maximum:
            yield _expected(f"a whole number from {minimum} to {maximum}", value, where)

    return shape


def one_of(*allowed: str) -> Shape:
    """One of some words."""

    def shape(value: object, where: str) -> Iterator[str]:
        if value not in allowed:
            yield _expected(f"one of {', '.join(allowed)}", value, where)

    return shape


def nullable(inner: Shape) -> Shape:
    """The inner shape, or nothing (null)."""

    def shape(value: object, where: str) -> Iterator[str]:
        if value is not None:
            yield from inner(value, where)

    return shape


def list_of(inner: Shape) -> Shape:
    """A list, each item of the inner shape."""

    def shape(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield _expected("a list", value, where)
            return
        for index, item in enumerate(value):
            yield from inner(item, f"{where}[{index}]")

    return shape


def mapping_of(inner: Shape) -> Shape:
    """Keys that are text, each with a value of the inner shape."""

    def shape(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _expected("keys with values", value, where)
            return
        for key, item in value.items():
            yield from text(key, f"{where}: the key {key!r}")
            yield from inner(item, _join(where, str(key)))

    return shape


def record(required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """Keys known by name. Missing and unknown ones are problems."""
    known = {**required, **(optional or {})}

    def shape(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _expected("keys with values", value, where)
            return
        for key in required:
            if key not in value:
                yield f"{where or 'top'}: {key} is missing"
        for key, item in value.items():
            if key in known:
                yield from known[key](item, _join(where, key))
            else:
                yield f"{where or 'top'}: unknown key {key!r}; known are {', '.join(known)}"

    return shape


def parse_date(value: str) -> date | None:
    """The date of "2014-07-28", or None. Other ISO forms, such as "20140728", are refused."""
    try:
        parsed = date.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.isoformat() == value else None


def parse_decimal(value: str) -> Decimal | None:
    """The number of "41.75", or None. No exponent, no thousands, no sign but a leading minus."""
    return Decimal(value) if _DECIMAL.fullmatch(value) else None


def _expected(what: str, value: object, where: str) -> str:
    found = "nothing" if value is None else repr(value)
    return f"{where or 'top'}: expected {what}, found {found if len(found) <= 60 else found[:57] + '...'}"


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
