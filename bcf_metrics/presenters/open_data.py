"""A return as open data: a .csv file with a line for each entry, what each field means, and both as a data package.

A number, a text and a date have columns of their own, and each line says in which state it is, so that nil, suppressed
and missing are told apart by whoever reads the file by program. The same content gives the same bytes.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bcf_metrics.domain import content as contents
from bcf_metrics.domain.completion import Entry, entries
from bcf_metrics.domain.content import Content
from bcf_metrics.domain.rules import ALWAYS, NEVER
from bcf_metrics.domain.shapes import parse_date, parse_decimal
from bcf_metrics.domain.templates import AMOUNTS, Field, FieldType, Table, Template
from integration_hub.core.spreadsheets.texts import CellValue, csv_bytes, download_name
from integration_hub.core.states import EFFECTS, FigureState

# Whom the national team rings up: of no use to the public.
CONTACT = frozenset({"completed_by", "email", "phone"})
ANSWERED, NOT_ANSWERED = "answered", "not_answered"
_MARK = b"\xef\xbb\xbf"
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
PROFILE = "tabular-data-package"


@dataclass(frozen=True)
class Column:
    """A column of a file: its name, its type in the words of Frictionless, and what it means."""

    name: str
    kind: str
    meaning: str


COLUMNS = (
    Column("sheet", "string", "The sheet of the return"),
    Column("field", "string", "The field; what it means stands in the dictionary"),
    Column("line", "integer", "Which line of a table, from 1; empty for a single field"),
    Column("label", "string", "What the entry is called, with its line"),
    Column("number", "number", "The number, in pounds for money; empty where there is none"),
    Column("date", "date", "The date; empty where the field holds none"),
    Column("text", "string", "The text; an apostrophe stands before what a spreadsheet would take for a formula"),
    Column("state", "string", "Whether there is an answer, or why there is none"),
    Column("available_on", "date", "The day from which a figure that is not yet available is expected"),
)
MEANINGS = (
    Column("field", "string", "The field, as the other file names it"),
    Column("sheet", "string", "The sheet of the return"),
    Column("label", "string", "The question, or the heading of the column"),
    Column("type", "string", "What it holds"),
    Column("unit", "string", "What it is counted in"),
    Column("required", "string", "Whether the return asks for an answer"),
    Column("choices", "string", "The answers to choose from"),
    Column("largest", "number", "The largest number taken"),
    Column("filled_in_by", "string", "Whether it is typed or comes from the Hub"),
    Column("checked", "string", "Whether the question was read in a national document"),
    Column("help", "string", "What is said beside the question"),
)


@dataclass(frozen=True)
class File:
    """A file with the name that it is saved under."""

    filename: str
    content: bytes
    content_type: str


def table(template: Template, content: Content) -> list[list[CellValue]]:
    """A header, and a line for each entry of the return but for the contact."""
    found = [entry for entry in entries(template, content) if entry.field.code not in CONTACT]
    return [[column.name for column in COLUMNS], *(_line(entry) for entry in found)]


def dictionary(template: Template, content: Content) -> list[list[CellValue]]:
    """What each field means, from the layout; at its end the states."""
    rows: list[list[CellValue]] = [[column.name for column in MEANINGS]]
    for tab in template.asked(content["period"]["financial_year"]):
        for item in tab.fields:
            if isinstance(item, Table):
                rows += [_meaning(f"{item.rows}.{column.code}", tab.title, column) for column in item.columns]
            elif item.code not in CONTACT:
                rows.append(_meaning(f"answers.{item.code}", tab.title, item))
    return rows + [_state_meaning(state, words) for state, words in _states()]


def csv_file(template: Template, content: Content) -> File:
    return File(_name(content, "", "csv"), csv_bytes(table(template, content)), "text/csv; charset=utf-8")


def dictionary_file(template: Template, content: Content) -> File:
    rows = dictionary(template, content)
    return File(_name(content, "dictionary", "csv"), csv_bytes(rows), "text/csv; charset=utf-8")


def package_file(template: Template, content: Content) -> File:
    """Both files with a datapackage.json that describes them, in a zip."""
    files = {
        "return.csv": _plain(table(template, content)),
        "dictionary.csv": _plain(dictionary(template, content)),
    }
    described = json.dumps(_package(template, content, files), ensure_ascii=False, indent=2).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"datapackage.json": described, **files}.items():
            # A fixed moment: the same return gives the same bytes.
            archive.writestr(zipfile.ZipInfo(name, _FIRST_MOMENT), data, zipfile.ZIP_DEFLATED)
    return File(_name(content, "data package", "zip"), out.getvalue(), "application/zip")


FILES = {"csv": csv_file, "dictionary": dictionary_file, "package": package_file}


def _line(entry: Entry) -> list[CellValue]:
    rows, bracket, rest = entry.path.partition("[")
    index, _, code = rest.partition("].")
    name, line = (f"{rows}.{code}", int(index) + 1) if bracket else (entry.path, None)
    number, day, text, state, until = _value(entry)
    return [entry.tab.title, name, line, entry.label, number, day, text, state, until]


def _value(entry: Entry) -> tuple[CellValue, CellValue, CellValue, str, CellValue]:
    figure, answer = entry.figure, entry.answer
    if figure is not None and figure.state != FigureState.STATED:
        number = Decimal(0) if figure.state == FigureState.NIL else None
        return number, None, None, str(figure.state), figure.until
    if not answer:
        missing = FigureState.MISSING if entry.field.type in AMOUNTS else NOT_ANSWERED
        return None, None, None, str(missing), None
    if entry.field.type in AMOUNTS and (found := parse_decimal(answer)) is not None:
        return found, None, None, str(FigureState.STATED), None
    if entry.field.type is FieldType.DATE and (day := parse_date(answer)) is not None:
        return None, day, None, ANSWERED, None
    return None, None, entry.field.shown(answer), ANSWERED, None


def _meaning(name: str, sheet: str, field: Field) -> list[CellValue]:
    required = "always" if field.required == ALWAYS else "never" if field.required == NEVER else "in some cases"
    unit = field.unit or ("pounds" if field.type is FieldType.MONEY else "")
    return [
        name,
        sheet,
        field.label,
        field.type.value.replace("_", " "),
        unit,
        required,
        "; ".join(words for _, words in field.choices),
        field.limit,
        "the Hub" if field.prefill else "the officer",
        "yes" if field.checked else "no",
        field.help,
    ]


def _states() -> Iterator[tuple[str, str]]:
    yield ANSWERED, "There is an answer."
    yield NOT_ANSWERED, "Nobody has answered."
    for state, effect in EFFECTS.items():
        yield str(state), effect.meaning


def _state_meaning(state: str, words: str) -> list[CellValue]:
    row: list[CellValue] = [None] * len(MEANINGS)
    row[0], row[2], row[3], row[-1] = "state", state, "state", words
    return row


def _plain(rows: list[list[CellValue]]) -> bytes:
    """A .csv file without the mark that Excel wants: a data package is read by programs."""
    return csv_bytes(rows).removeprefix(_MARK)


def _package(template: Template, content: Content, files: dict[str, bytes]) -> dict[str, Any]:
    area, period = content["area"], content["period"]["label"]
    state = "signed off" if contents.is_signed(content) else "a draft, not signed off"
    version = content["version"]
    return {
        "profile": PROFILE,
        "name": _name(content, "data package", "").rstrip(".").lower(),
        "title": f"{template.title}: {area['name']}, {period}",
        "description": (
            f"The quarterly Better Care Fund return of {area['name']} for {period}, {state}"
            f"{f', version {version}' if version else ''}. True on {content['as_at']}. "
            "Empty figures say why they are empty in the column state. The contact of the area is left out."
        ),
        "version": str(version or "draft"),
        "created": f"{content['as_at']}T00:00:00Z",
        "keywords": ["Better Care Fund", "health and social care", area["ons_code"]],
        "content_sha256": contents.digest(content),
        "resources": [
            _resource("return", "return.csv", COLUMNS, files),
            _resource("dictionary", "dictionary.csv", MEANINGS, files),
        ],
    }


def _resource(name: str, path: str, columns: tuple[Column, ...], files: dict[str, bytes]) -> dict[str, Any]:
    data = files[path]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {
            "fields": [{"name": column.name, "type": column.kind, "description": column.meaning} for column in columns],
            "missingValues": [""],
        },
    }


def _name(content: Content, what: str, suffix: str) -> str:
    state = f"version {content['version']}" if content["version"] else "draft"
    return download_name(f"BCF return {content['area']['name']} {content['period']['label']} {state} {what}", suffix)
