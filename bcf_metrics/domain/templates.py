"""The layout of a quarterly return, as data: tabs, the fields on them, and when each must be answered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from bcf_metrics.domain import datafiles, rules
from bcf_metrics.domain.rules import Rule
from bcf_metrics.domain.shapes import (
    Shape,
    ShapeError,
    boolean,
    check,
    decimal,
    list_of,
    one_of,
    record,
    text,
    whole,
)

FOLDER = "return_templates"
# Excel's limits, which every template keeps to so that its workbook can be written.
LONGEST_CELL = 32_767
LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
CODE = re.compile(r"[a-z][a-z0-9_]*")


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    CONDITION_TABLE = "condition_table"
    MONEY_TABLE = "money_table"
    METRIC_TABLE = "metric_table"


TABLES = (FieldType.CONDITION_TABLE, FieldType.MONEY_TABLE, FieldType.METRIC_TABLE)
AMOUNTS = (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT)
YES_NO = (("Yes", "Yes"), ("No", "No"))


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field with one answer, or a column of a table.

    `choices` pairs each answer with its words. `prefill` is the place in a return's content that the answer
    comes from ("row" in a table); such a field is never typed. `state` and `until` name the keys of a row
    that say why an amount is empty. `limit` is the largest number allowed; none is below 0. `validation` is
    the number of the validation that an unfinished answer breaks, where it is neither V1 nor V2.
    """

    code: str
    label: str
    type: FieldType
    required: Rule
    checked: bool
    help: str = ""
    unit: str = ""
    limit: Decimal | None = None
    max_length: int = LONGEST_CELL
    format: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    prefill: str = ""
    state: str = ""
    until: str = ""
    total: bool = False
    validation: str = ""

    def shown(self, answer: str) -> str:
        """The words for an answer: "On track" for "on_track"."""
        return dict(self.choices).get(answer, answer)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of the content, each with the same columns. `totals` is the key of its totals in the content.

    A row is called by its column `row_label`, after `row_prefix`: "Condition 2".
    """

    code: str
    label: str
    type: FieldType
    rows: str
    row_label: str
    columns: tuple[Field, ...]
    checked: bool
    help: str = ""
    totals: str = ""
    row_prefix: str = ""


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One sheet. `not_asked_in` lists the financial years ("2014/15") that do not ask its questions."""

    code: str
    title: str
    kind: str
    help: str
    checked: bool
    not_asked_in: tuple[str, ...]
    fields: tuple[Field | Table, ...]


@dataclass(frozen=True, kw_only=True)
class Template:
    """The layout of one return."""

    code: str
    title: str
    note: str
    tabs: tuple[Tab, ...]

    def asked(self, financial_year: str) -> tuple[Tab, ...]:
        """The tabs whose questions a year asks, in order; the checklist is always among them."""
        return tuple(tab for tab in self.tabs if financial_year not in tab.not_asked_in)

    def single_fields(self) -> Iterator[Field]:
        """Each field that is not in a table."""
        for tab in self.tabs:
            yield from (field for field in tab.fields if isinstance(field, Field))

    def tables(self) -> Iterator[Table]:
        """Each table."""
        for tab in self.tabs:
            yield from (field for field in tab.fields if isinstance(field, Table))


def layout(code: str) -> dict[str, Any]:
    """The layout that ships under a code, for example "2015-16", as plain data that JSON can hold."""
    data: dict[str, Any] = datafiles.read(datafiles.DATA / FOLDER / f"{code}.yaml")
    parse(data, name=f"{code}.yaml")
    return data


@cache
def load(code: str) -> Template:
    """The template that ships under a code; raises ShapeError with every mistake in the file."""
    return parse(layout(code), name=f"{code}.yaml")


def load_all() -> tuple[Template, ...]:
    """Every template that ships, in order."""
    return tuple(load(code) for code in datafiles.codes(FOLDER))


def parse(data: Any, *, name: str) -> Template:
    """The template in plain data, from a file or the database; raises ShapeError with every mistake."""
    check(data, _TEMPLATE, name=name)
    template = Template(
        code=data["code"],
        title=data["title"],
        note=data["note"],
        tabs=tuple(_tab(tab) for tab in data["tabs"]),
    )
    problems = list(_contradictions(template))
    if problems:
        raise ShapeError(name, problems)
    return template


def _choices(value: object, where: str) -> Iterator[str]:
    """A list of words, or answers with their words."""
    items = value if isinstance(value, list) else list(value.items()) if isinstance(value, dict) else None
    if not items:
        yield f"{where}: expected a list of answers, or answers with their words"
        return
    for item in items:
        for part in item if isinstance(item, tuple) else (item,):
            yield from text(part, where)


_FIELD: dict[str, Shape] = {
    "code": text,
    "label": text,
    "type": one_of(*(kind for kind in FieldType if kind not in TABLES)),
    "required": rules.shape,
    "checked": boolean,
}
_FIELD_OPTIONS: dict[str, Shape] = {
    "help": text,
    "unit": text,
    "limit": decimal,
    "max_length": whole(1, LONGEST_CELL),
    "format": one_of("email"),
    "choices": _choices,
    "prefill": text,
    "validation": one_of("V1", "V2", "V3", "V4", "V5", "V6", "V8"),
}
_COLUMN_OPTIONS: dict[str, Shape] = {**_FIELD_OPTIONS, "state": text, "until": text, "total": boolean}
_TABLE: dict[str, Shape] = {
    "code": text,
    "label": text,
    "type": one_of(*TABLES),
    "rows": text,
    "row_label": text,
    "columns": list_of(record(_FIELD, _COLUMN_OPTIONS)),
    "checked": boolean,
}
_one_field = record(_FIELD, _FIELD_OPTIONS)
_one_table = record(_TABLE, {"help": text, "totals": text, "row_prefix": text})


def _field_or_table(value: object, where: str) -> Iterator[str]:
    is_table = isinstance(value, dict) and value.get("type") in TABLES
    yield from (_one_table if is_table else _one_field)(value, where)


_TEMPLATE = record(
    {
        "code": text,
        "title": text,
        "note": text,
        "tabs": list_of(
            record(
                {
                    "code": text,
                    "title": text,
                    "kind": one_of("checklist", "form"),
                    "help": text,
                    "checked": boolean,
                    "fields": list_of(_field_or_table),
                },
                {"not_asked_in": list_of(text)},
            )
        ),
    }
)


def _tab(data: dict[str, Any]) -> Tab:
    return Tab(
        code=data["code"],
        title=data["title"],
        kind=data["kind"],
        help=data["help"],
        checked=data["checked"],
        not_asked_in=tuple(data.get("not_asked_in", ())),
        fields=tuple(_table(item) if item["type"] in TABLES else _field(item) for item in data["fields"]),
    )


def _table(data: dict[str, Any]) -> Table:
    columns = tuple(_field(column) for column in data["columns"])
    return Table(**{**data, "type": FieldType(data["type"]), "columns": columns})


def _field(data: dict[str, Any]) -> Field:
    kind = FieldType(data["type"])
    limit = data.get("limit")
    choices = data.get("choices", [])
    if isinstance(choices, list):
        choices = {word: word for word in choices}
    return Field(
        **{
            **data,
            "type": kind,
            "required": rules.parse(data["required"]),
            "limit": None if limit is None else Decimal(limit),
            "choices": YES_NO if kind is FieldType.YES_NO else tuple(choices.items()),
        }
    )


def _contradictions(template: Template) -> Iterator[str]:
    """What no single value shows: names that clash, rules that ask for nothing, impossible sheet names."""
    yield from _twice("tab", [tab.code for tab in template.tabs])
    yield from _twice("sheet", [tab.title.casefold() for tab in template.tabs])
    yield from _twice("field", [field.code for tab in template.tabs for field in tab.fields])
    if [tab.kind for tab in template.tabs].count("checklist") != 1:
        yield "tabs: expected exactly one checklist"
    for tab in template.tabs:
        if len(tab.title) > LONGEST_SHEET_NAME or NOT_IN_SHEET_NAME.search(tab.title):
            yield f"{tab.code}: a sheet name has at most 31 characters and none of [ ] : * ? / \\"
    singles = {field.code for field in template.single_fields()}
    for field in template.single_fields():
        yield from _field_problems(field, field.code, known=singles)
    for table in template.tables():
        codes = [column.code for column in table.columns]
        yield from _twice(f"{table.code}: column", codes)
        if table.row_label not in codes:
            yield f"{table.code}: row_label names no column: {table.row_label}"
        for column in table.columns:
            yield from _field_problems(column, f"{table.code}.{column.code}", known=singles | set(codes))


def _field_problems(field: Field, where: str, *, known: set[str]) -> Iterator[str]:
    if not CODE.fullmatch(field.code):
        yield f"{where}: a code has small letters, digits and _, and begins with a letter"
    for name in field.required.asked():
        if name not in known:
            yield f"{where}: the rule asks for {name}, which is no field"
    if field.type in AMOUNTS and field.limit is None:
        yield f"{where}: a number needs a limit"
    if field.type not in AMOUNTS and (field.limit is not None or field.state or field.total):
        yield f"{where}: only a number has a limit, a state or a total"
    if (field.type is FieldType.CHOICE) is not bool(field.choices) and field.type is not FieldType.YES_NO:
        yield f"{where}: choices belong to a choice, and a choice needs them"


def _twice(what: str, names: list[str]) -> Iterator[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{what} {name} is given twice"
