"""A return as a workbook: the sheets of its template, a live checklist, and only what its content says.

Two passes. The first gives every entry its cell, because the checklist comes first and refers to all of them;
the second writes. The same content gives the same bytes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from bcf_metrics.domain import content as contents
from bcf_metrics.domain import round_trip
from bcf_metrics.domain.answers import code_of
from bcf_metrics.domain.cell_reading import Written, plain, written
from bcf_metrics.domain.completion import (
    COMPLETE,
    INCOMPLETE,
    Check,
    Completion,
    Entry,
    Level,
    assess,
    entries,
)
from bcf_metrics.domain.content import Content
from bcf_metrics.domain.rules import ALWAYS, NEVER
from bcf_metrics.domain.shapes import parse_date
from bcf_metrics.domain.templates import AMOUNTS, Field, FieldType, Tab, Table, Template
from bcf_metrics.domain.words import listed
from bcf_metrics.presenters import workbook_formulas as formulas
from integration_hub.core.dates import EARLIEST, LATEST, long_date
from integration_hub.core.spreadsheets.writer import (
    HEADER,
    INPUT,
    MONEY_FORMAT,
    NOT_RELEVANT,
    PREFILLED,
    TITLE,
    WRAPPED,
    Book,
    Box,
    SheetWriter,
)
from integration_hub.core.states import EFFECTS, NO_FIGURE, AmountState, InWorkbook, total

NAME_PART = re.compile(r"\[(?P<row>[0-9]+)\]\.")
DRAFT = "Draft: not signed off"
ILLUSTRATIVE = "illustrative"

FIRST_FIELD_ROW = 5
FORM_WIDTHS = (46.0, 50.0, 52.0)
CHECKLIST_WIDTHS = (26.0, 64.0, 12.0, 12.0, 72.0)
NARROW = {"number": 9.0, "scheme_no": 9.0}
WIDTHS = {
    FieldType.TEXT: 18.0,
    FieldType.LONG_TEXT: 28.0,
    FieldType.YES_NO: 14.0,
    FieldType.CHOICE: 18.0,
    FieldType.DATE: 18.0,
    FieldType.MONEY: 19.0,
    FieldType.NUMBER: 14.0,
    FieldType.PERCENT: 12.0,
}
# The column that names the row. Long texts share what is left of a page's width.
ROW_LABEL_WIDTH = 30.0
PAGE_WIDTH = 160.0
# A narrower first column cannot hold "Sheet complete" beside its answer.
NARROWEST_LABEL = 16.0
LINE = 15.0
TALLEST_ROW = 409.0
# A text longer than this gets a box of its own over the width of the sheet.
LONG = 8_000
SHORTEST_BOX = 20

TEXT = {**WRAPPED}
BOLD = {"bold": True, **WRAPPED}
SECTION = {"bold": True, "font_size": 13}
HELP = {"font_color": "#505A5F", **WRAPPED}
STATUS = {"bold": True, "align": "center", "valign": "top", "border": 1}
WARNING = {"bold": True, "font_color": "#942514", "font_size": 13}
TOTAL = {"bold": True, "top": 1, "bottom": 6, "bg_color": "#E6EEF5"}
# Zero alone shows the word, so that a number typed over it is seen.
NIL_FORMAT = MONEY_FORMAT + ';"nil"'
YES = {"bg_color": "#CCE2D8", "font_color": "#005A30"}
NO = {"bg_color": "#F6D7D2", "font_color": "#942514"}
LEVEL_WORDS = {
    Level.BLOCK: "Must be put right",
    Level.JUSTIFY: "Needs a reason",
    Level.INFORM: "For information",
}


@dataclass(frozen=True)
class Place:
    """Where an entry stands: its sheet and its cell, or the cells merged into one."""

    sheet: str
    box: Box

    @property
    def cell(self) -> str:
        return str(xl_rowcol_to_cell(self.box.first_row, self.box.first_column))

    @property
    def reference(self) -> str:
        """The cell as another sheet's formula names it."""
        absolute = xl_rowcol_to_cell(self.box.first_row, self.box.first_column, row_abs=True, col_abs=True)
        return f"'{self.sheet.replace(chr(39), chr(39) * 2)}'!{absolute}"


@dataclass(frozen=True)
class Origin:
    """Whose file it is, so that it can be loaded back: the return's id, and the key of each answer typed in it."""

    return_id: str
    keys: Mapping[str, str]


@dataclass
class Grid:
    """The plan of one sheet: its columns, and the row at which each field and table begins."""

    tab: Tab
    widths: list[float]
    label_columns: int
    starts: dict[str, int] = field(default_factory=dict)
    end: int = FIRST_FIELD_ROW

    @property
    def last(self) -> int:
        """The number of the last column."""
        return len(self.widths) - 1

    @property
    def answer_width(self) -> float:
        """The width, in characters, that the answer of a single field has."""
        return sum(self.widths[self.label_columns : self.last])


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Everything that the second pass needs, worked out by the first."""

    book: Book
    template: Template
    content: Content
    completion: Completion
    entries: Mapping[str, Entry]
    grids: Mapping[str, Grid]
    places: Mapping[str, Place]
    origin: Origin | None
    digest: str

    def is_fixed(self, entry: Entry) -> bool:
        """Whether nothing is typed in the cell: it is prefilled, or the Hub takes it from elsewhere."""
        return entry.locked or bool(self.origin and self.origin.keys and entry.path not in self.origin.keys)

    def required(self, entry: Entry) -> str:
        """When the entry must be answered, as a formula."""
        return formulas.condition(
            entry.field.required,
            lambda name: self.places[path].reference if (path := entry.names[name]) in self.places else None,
            lambda name, value: self.entries[entry.names[name]].field.shown(value),
        )


def build(template: Template, content: Content, *, origin: Origin | None = None) -> bytes:
    """The .xlsx file of a return. Raises ShapeError for a content that has not its shape.

    With an `origin` it has a hidden sheet by which it can be loaded back, and what is not typed is locked.
    """
    contents.validate(content)
    found = {entry.path: entry for entry in entries(template, content)}
    grids = {tab.code: _grid(tab, content, found) for tab in template.asked(content["period"]["financial_year"])}
    draft = Draft(
        book=Book(
            title=f"{template.title}: {content['area']['name']}, {content['period']['label']}",
            subject=content["fund"]["name"],
            created=datetime.fromisoformat(content["as_at"]),
        ),
        template=template,
        content=content,
        completion=assess(template, content),
        entries=found,
        grids=grids,
        places=_places(grids, content),
        origin=origin,
        digest=contents.digest(content),
    )
    _stamp(draft)
    for grid in grids.values():
        if grid.tab.kind == "checklist":
            _write_checklist(draft, grid)
        else:
            _write_form(draft, grid)
    if origin is not None:
        _write_stamp(draft, origin)
    return draft.book.finish()


def _stamp(draft: Draft) -> None:
    """Say in the file's properties which content it was made from, so that a stale copy can be told."""
    content = draft.content
    for name, value in (
        ("Template", content["template"]),
        ("Area code", content["area"]["ons_code"]),
        ("Period", content["period"]["label"]),
        ("Version", str(content["version"] or "draft")),
        ("Content SHA-256", draft.digest),
    ):
        draft.book.workbook.set_custom_property(name, value, "text")


def _write_stamp(draft: Draft, origin: Origin) -> None:
    """The hidden sheet that tells, when the file comes back, whose it is and what was changed in it."""
    content = draft.content
    head = round_trip.head_of(content, return_id=origin.return_id, digest=draft.digest)
    stamp = round_trip.Stamp(head, tuple(_marked(draft, origin, entry) for entry in draft.entries.values()))
    sheet = draft.book.workbook.add_worksheet(round_trip.SHEET)
    sheet.very_hidden()
    sheet.protect("")
    for number, row in enumerate(stamp.rows()):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, text)


def _marked(draft: Draft, origin: Origin, entry: Entry) -> round_trip.Marked:
    place, key = draft.places[entry.path], origin.keys.get(entry.path, "")
    return round_trip.Marked(
        path=entry.path,
        key=key,
        label=entry.label,
        sheet=place.sheet,
        cell=place.cell,
        held=round_trip.mark(code_of(entry, contents.row_of(draft.content, entry.path))) if key else "",
        written=round_trip.mark(plain(written(entry))),
        beside=tuple((cell, round_trip.mark(plain(text))) for cell, text in _beside(draft, entry)) if key else (),
    )


def _beside(draft: Draft, entry: Entry) -> Iterator[tuple[str, Written]]:
    """The cells with the words that say what an entry is: its label; in a table its heading and its row's name."""
    grid, box = draft.grids[entry.tab.code], draft.places[entry.path].box
    name, bracket, _ = entry.path.partition("[")
    if not bracket:
        yield xl_rowcol_to_cell(grid.starts[entry.field.code], 0), _label(draft, entry)
        return
    table = next(item for item in entry.tab.fields if isinstance(item, Table) and item.rows == name)
    yield xl_rowcol_to_cell(grid.starts[table.code] + 1, box.first_column), entry.field.label
    label = draft.entries[entry.names[table.row_label]]
    yield draft.places[label.path].cell, written(label)


# The first pass: where everything stands.


def _grid(tab: Tab, content: Content, found: Mapping[str, Entry]) -> Grid:
    tables = [item for item in tab.fields if isinstance(item, Table)]
    if tab.kind == "checklist":
        return Grid(tab, list(CHECKLIST_WIDTHS), 1)
    if not tables:
        widths = list(FORM_WIDTHS)
    else:
        columns = max(3, *(len(table.columns) for table in tables))
        widths = [0.0] * columns
        for table in tables:
            # Tables end at the same column: amounts of one stand under those of the other.
            offset = columns - len(table.columns)
            for number, column in enumerate(table.columns):
                # A first column that spans several takes its width from the other table.
                if offset == 0 or number > 0:
                    place = offset + number
                    widths[place] = max(widths[place], _column_width(table, column))
        _widen_long_texts(widths, tables)
    grid = Grid(tab, widths, _label_columns(widths))
    row = FIRST_FIELD_ROW
    for item in tab.fields:
        if isinstance(item, Table):
            row += 1 if row > FIRST_FIELD_ROW else 0
            grid.starts[item.code] = row
            row += _table_height(item, content) + 1
        else:
            grid.starts[item.code] = row
            row += _box_rows(grid, found[f"answers.{item.code}"].answer) + 2 if _boxed(item) else 1
    grid.end = row
    return grid


def _column_width(table: Table, column: Field) -> float:
    if column.code in NARROW:
        return NARROW[column.code]
    width = WIDTHS[column.type]
    return max(width, ROW_LABEL_WIDTH) if column.code == table.row_label else width


def _label_columns(widths: list[float]) -> int:
    """How many columns the label of a single field takes to be readable; two stay for answer and help."""
    count = 1
    while sum(widths[:count]) < ROW_LABEL_WIDTH and count < len(widths) - 2:
        count += 1
    return count


def _widen_long_texts(widths: list[float], tables: list[Table]) -> None:
    """Share the rest of the page's width among the columns of long text."""
    long = {
        len(widths) - len(table.columns) + number
        for table in tables
        for number, column in enumerate(table.columns)
        if column.type is FieldType.LONG_TEXT and (number > 0 or len(table.columns) == len(widths))
    }
    spare = PAGE_WIDTH - sum(widths)
    for place in long:
        widths[place] += max(0.0, spare / len(long))


def _places(grids: Mapping[str, Grid], content: Content) -> dict[str, Place]:
    places = {}
    for grid in grids.values():
        items = list(grid.tab.fields)
        for item in items:
            row = grid.starts[item.code]
            if isinstance(item, Table):
                offset = len(grid.widths) - len(item.columns)
                for index in range(len(content[item.rows])):
                    for number, column in enumerate(item.columns):
                        first = 0 if number == 0 else offset + number
                        box = Box(row + 2 + index, first, row + 2 + index, offset + number)
                        places[f"{item.rows}[{index}].{column.code}"] = Place(grid.tab.title, box)
            elif _boxed(item):
                last = _end_of_box(grid, item)
                places[f"answers.{item.code}"] = Place(grid.tab.title, Box(row + 1, 0, last, grid.last))
            else:
                box = Box(row, grid.label_columns, row, grid.last - 1)
                places[f"answers.{item.code}"] = Place(grid.tab.title, box)
    return places


def _boxed(item: Field) -> bool:
    return item.type is FieldType.LONG_TEXT and item.max_length > LONG


def _box_rows(grid: Grid, answer: str | None) -> int:
    return max(SHORTEST_BOX, _lines(answer or "", sum(grid.widths)) + 2)


def _end_of_box(grid: Grid, item: Field) -> int:
    following = [start for start in grid.starts.values() if start > grid.starts[item.code]]
    return min([*following, grid.end]) - 2


def _table_height(table: Table, content: Content) -> int:
    """Rows from the table's title to its last line: title, header, lines, and up to four rows of totals."""
    return 2 + len(content[table.rows]) + (4 if any(column.total for column in table.columns) else 0)


# The second pass: sheets.


def _sheet(draft: Draft, grid: Grid, **settings: Any) -> SheetWriter:
    """A sheet with what all have: title, help, the draft's mark, header and footer in print."""
    content, tab = draft.content, grid.tab
    sheet = draft.book.sheet(tab.title, widths=grid.widths, protected=True, **settings)
    signed = contents.is_signed(content)
    version = f"Version {content['version']}" if content["version"] else "No version yet"
    mark = "" if signed else DRAFT
    sheet.write_text(0, 0, tab.title, TITLE)
    sheet.worksheet.set_row(0, 24)
    _set_height(sheet, 1, [(tab.help, sum(grid.widths))])
    sheet.worksheet.set_row(3, 22)
    # A scheme's or quarter's number is text on purpose.
    sheet.worksheet.ignore_errors({"number_stored_as_text": "A1:Z2000"})
    _merged(sheet, Box(1, 0, 1, grid.last), HELP)
    sheet.write_text(1, 0, tab.help, HELP)
    sheet.write_text(3, 0, mark or f"Signed off: {version.lower()}", WARNING if mark else BOLD)
    names = f"{content['area']['name']}, {content['period']['label']}"
    sheet.worksheet.set_header(f"&L{_printed(names)}&C&B{_printed(mark)}&R{_printed(content['template'])}")
    sheet.worksheet.set_footer(f"&L{_printed(version)}, content {draft.digest[:12]}&C&A&RPage &P of &N")
    return sheet


def _write_form(draft: Draft, grid: Grid) -> None:
    only_table = len(grid.tab.fields) == 1 and isinstance(grid.tab.fields[0], Table)
    header = FIRST_FIELD_ROW + 1 if only_table else None
    freeze = (header + 1, 0) if header else None
    sheet = _sheet(draft, grid, freeze=freeze, repeat_header=header)
    number = [sheet_row.tab for sheet_row in draft.completion.sheets].index(grid.tab)
    complete = draft.completion.sheets[number].complete
    for entry in draft.entries.values():
        if entry.tab is grid.tab:
            place = draft.places[entry.path]
            draft.book.workbook.define_name(_name(entry), f"={place.reference}")
    sheet.write_text(2, 0, "Sheet complete", {"bold": True})
    checklist = next(tab.title for tab in draft.template.tabs if tab.kind == "checklist")
    formula = f"='{checklist}'!$D${_summary_row(number) + 1}"
    column = 1 if grid.widths[0] >= NARROWEST_LABEL else 2
    _write_answer(sheet, 2, column, formula, "Yes" if complete else "No")
    for item in grid.tab.fields:
        if isinstance(item, Table):
            _write_table(draft, sheet, grid, item)
        else:
            _write_field(draft, sheet, grid, draft.entries[f"answers.{item.code}"])
    if grid.tab.code == "cover":
        _write_about(draft, sheet, grid)


def _write_field(draft: Draft, sheet: SheetWriter, grid: Grid, entry: Entry) -> None:
    """A single field: label, answer, help; or a box over the sheet's width for a very long text."""
    place = draft.places[entry.path]
    row = grid.starts[entry.field.code]
    note = _help(draft, entry)
    if _boxed(entry.field):
        sheet.write_text(row, 0, _label(draft, entry), BOLD)
    else:
        if grid.label_columns > 1:
            _merged(sheet, Box(row, 0, row, grid.label_columns - 1), BOLD)
        sheet.write_text(row, 0, entry.label, BOLD)
        sheet.write_text(row, grid.last, note, HELP)
        label_width = sum(grid.widths[: grid.label_columns])
        answer = (entry.answer or "", grid.answer_width)
        _set_height(sheet, row, [(entry.label, label_width), answer, (note, grid.widths[-1])])
    _write_entry(draft, sheet, entry, place.box)
    _allow(draft, sheet, entry, place.box)
    _grey_where_not_asked(draft, sheet, entry, place.box)


def _write_table(draft: Draft, sheet: SheetWriter, grid: Grid, table: Table) -> None:
    """A table: its name, its header, a line for each row of the content, and its totals."""
    row, content = grid.starts[table.code], draft.content
    rows = content[table.rows]
    marked = [contents.is_illustrative(content, f"{table.rows}[{index}].*") for index in range(len(rows))]
    offset = len(grid.widths) - len(table.columns)
    sheet.write_text(row, 0, table.label, SECTION)
    for number, column in enumerate(table.columns):
        first = 0 if number == 0 else offset + number
        _merged(sheet, Box(row + 1, first, row + 1, offset + number), HEADER)
        sheet.write_text(row + 1, first, column.label, HEADER)
    if any(marked):
        sheet.worksheet.set_column(grid.last + 1, grid.last + 1, 14)
        sheet.write_text(row + 1, grid.last + 1, "Mark", HEADER)
    for index in range(len(rows)):
        texts = []
        for column in table.columns:
            entry = draft.entries[f"{table.rows}[{index}].{column.code}"]
            box = draft.places[entry.path].box
            _write_entry(draft, sheet, entry, box)
            _grey_where_not_asked(draft, sheet, entry, box)
            words = entry.figure.words if entry.figure else column.shown(entry.answer or "")
            texts.append((words, sum(grid.widths[box.first_column : box.last_column + 1])))
        _set_height(sheet, row + 2 + index, texts)
        if marked[index]:
            sheet.write_text(row + 2 + index, grid.last + 1, ILLUSTRATIVE, HELP)
    for number, column in enumerate(table.columns):
        if rows:
            top = draft.entries[f"{table.rows}[0].{column.code}"]
            _allow(draft, sheet, top, Box(row + 2, offset + number, row + 1 + len(rows), offset + number))
    if any(column.total for column in table.columns):
        _write_totals(draft, sheet, grid, table)


def _write_totals(draft: Draft, sheet: SheetWriter, grid: Grid, table: Table) -> None:
    """The sum as a formula, the fund's own total beside it, the difference, and what the sum leaves out."""
    first = grid.starts[table.code] + 2
    count = len(draft.content[table.rows])
    row, offset = first + count, len(grid.widths) - len(table.columns)
    printed = draft.content["totals"].get(table.totals, {})
    summed = [number for number, column in enumerate(table.columns) if column.total]
    left_out: list[str] = []
    labels = ["Total of the lines above", *(["Total in the fund's books", "Difference"] if printed else [])]
    for step, label in enumerate(labels):
        _merged(sheet, Box(row + step, 0, row + step, offset + summed[0] - 1), TOTAL)
        sheet.write_text(row + step, 0, label, TOTAL)
    for number in summed:
        column, place = table.columns[number], offset + number
        lines = total(
            figure
            for index in range(count)
            if (figure := draft.entries[f"{table.rows}[{index}].{column.code}"].figure) is not None
        )
        left_out += [f"{column.label.lower()} {words}" for words in lines.left_out]
        cells = f"{xl_rowcol_to_cell(first, place)}:{xl_rowcol_to_cell(row - 1, place)}"
        money = {"num_format": MONEY_FORMAT}
        # ROUND takes away what binary addition leaves behind the pence.
        formula = f'=IF(COUNT({cells})=0,"{NO_FIGURE}",ROUND(SUM({cells}),2))' if count else f'="{NO_FIGURE}"'
        reached = lines.amount if lines.added else NO_FIGURE
        sheet.write_formula(row, place, formula, reached, TOTAL, money, {"align": "right"})
        if not printed:
            continue
        own = printed.get(column.code)
        if own is None:
            sheet.write_text(row + 1, place, EFFECTS[AmountState.NOT_STATED].words, TOTAL, {"align": "right"})
            sheet.write_blank(row + 2, place, TOTAL)
            continue
        sheet.write_money(row + 1, place, Decimal(own), TOTAL)
        above, books = (xl_rowcol_to_cell(row + step, place) for step in (0, 1))
        difference = f'=IF(ISNUMBER({above}),ROUND({above}-{books},2),"")'
        apart = lines.amount - Decimal(own) if lines.added else ""
        sheet.write_formula(row + 2, place, difference, apart, TOTAL, money)
    if left_out:
        words = listed([f"{left_out.count(reason)} x {reason}" for reason in dict.fromkeys(left_out)])
        sheet.write_text(row + len(labels), 0, f"The totals leave out: {words}.", HELP | {"text_wrap": False})


def _write_about(draft: Draft, sheet: SheetWriter, grid: Grid) -> None:
    """The end of the cover: who signed, from what the file was made, and what to know about its figures."""
    content, row = draft.content, grid.end + 1
    sheet.write_text(row, 0, "Signatures", SECTION)
    sheet.write_header(row + 1, ["Organisation", "Name and capacity", "Signed"])
    row += 2
    for signature in content["signatures"]:
        person = ", ".join(filter(None, [signature["name_words"], signature["capacity"]]))
        sheet.write_text(row, 0, signature["organisation"], TEXT)
        sheet.write_text(row, 1, person, TEXT)
        sheet.write_text(row, 2, _signed_words(signature), TEXT)
        _set_height(sheet, row, [(signature["organisation"], grid.widths[0]), (person, grid.widths[1])])
        row += 1
    if not content["signatures"]:
        sheet.write_text(row, 0, "None yet", TEXT)
        row += 1
    row += 1
    sheet.write_text(row, 0, "About this file", SECTION)
    about = [
        ("Status", content["status_words"]),
        ("Version", str(content["version"] or "none: a draft")),
        ("True on", _long(content["as_at"])),
        ("Prepared by", content["prepared_by"]),
        ("Parties", listed(content["organisations"])),
        ("Layout", content["layout_note"] or draft.template.title),
        ("Content (SHA-256)", draft.digest),
    ]
    about += [("Difference in the sources", words) for words in content["discrepancies"]]
    if content.get("illustrative"):
        about.append((ILLUSTRATIVE.capitalize(), "What is marked so is stated in no document."))
    for step, (label, words) in enumerate(about, start=row + 1):
        _merged(sheet, Box(step, 1, step, grid.last), TEXT)
        sheet.write_text(step, 0, label, BOLD)
        sheet.write_text(step, 1, words, TEXT)
        _set_height(sheet, step, [(label, grid.widths[0]), (words, sum(grid.widths[1:]))])


# The second pass: the checklist.


def _summary_row(number: int) -> int:
    """The row of the checklist that sums up a sheet, counted as the sheets are, from 0."""
    return FIRST_FIELD_ROW + 2 + number


def _write_checklist(draft: Draft, grid: Grid) -> None:
    sheets, checks = draft.completion.sheets, draft.completion.checks
    not_asked = [tab for tab in draft.template.tabs if tab.code not in draft.grids]
    key_row = _summary_row(len(sheets) + len(not_asked)) + 1
    header = key_row + 6
    sheet = _sheet(draft, grid)
    last = _summary_row(len(sheets) - 1)
    statuses = f"$D${_summary_row(0) + 1}:$D${last + 1}"
    banner = f'=IF(COUNTIF({statuses},"No")=0,"{COMPLETE}","{INCOMPLETE}")'
    sheet.write_text(2, 0, "This return", BOLD)
    sheet.write_formula(2, 1, banner, draft.completion.banner, STATUS)
    _colour(sheet, Box(2, 1, 2, 1), yes=COMPLETE, no=INCOMPLETE)

    sheet.write_text(FIRST_FIELD_ROW, 0, "Sheets", SECTION)
    sheet.write_header(FIRST_FIELD_ROW + 1, ["Sheet", "What it asks", "To complete", "Complete"])
    top = header + 1
    for number, summary in enumerate(sheets):
        row = _summary_row(number)
        count = sum(check.entry.tab is summary.tab for check in checks)
        sheet.write_link(row, 0, f"'{summary.tab.title}'!A1", summary.tab.title, WRAPPED)
        sheet.write_text(row, 1, summary.tab.help, TEXT)
        _set_height(sheet, row, [(summary.tab.help, grid.widths[1])])
        outstanding = f'=COUNTIF($D${top + 1}:$D${top + count},"No")' if count else "=0"
        sheet.write_formula(row, 2, outstanding, summary.outstanding, {"align": "center", "valign": "top"})
        answer = "Yes" if summary.complete else "No"
        sheet.write_formula(row, 3, f'=IF(C{row + 1}=0,"Yes","No")', answer, STATUS)
        top += count
    _colour(sheet, Box(_summary_row(0), 3, last, 3), yes="Yes", no="No")
    for number, tab in enumerate(not_asked, start=len(sheets)):
        row = _summary_row(number)
        sheet.write_text(row, 0, tab.title, NOT_RELEVANT)
        year = draft.content["period"]["financial_year"]
        sheet.write_text(row, 1, f"Not asked for in {year}", NOT_RELEVANT)

    sheet.write_text(key_row, 0, "Colours", SECTION)
    for step, (style, words) in enumerate(
        (
            (INPUT | {"locked": True}, "To be filled in"),
            (PREFILLED, "Filled in by the Hub; locked"),
            (NOT_RELEVANT, "Question not relevant to you"),
        ),
        start=key_row + 1,
    ):
        sheet.write_text(step, 0, words, style)
    sheet.write_text(header - 1, 0, "Fields", SECTION)
    sheet.write_header(header, ["Sheet", "Field", "Cell", "Complete", "What to do"])
    for row, check in enumerate(checks, start=header + 1):
        _write_check(draft, sheet, row, check)
    if checks:
        _colour(sheet, Box(header + 1, 3, header + len(checks), 3), yes="Yes", no="No")
    _write_findings(draft, sheet, header + len(checks) + 2)


def _write_check(draft: Draft, sheet: SheetWriter, row: int, check: Check) -> None:
    entry = check.entry
    place = draft.places[entry.path]
    sheet.write_text(row, 0, entry.tab.title, TEXT)
    sheet.write_text(row, 1, entry.label, TEXT)
    sheet.write_link(row, 2, f"'{place.sheet}'!{place.cell}", place.cell, WRAPPED)
    checker = formulas.checker(entry, place.reference, draft.required(entry))
    sheet.write_formula(row, 3, checker, check.checker, STATUS)
    todo = f'=IF($D${row + 1}="Yes","",{formulas.literal(check.todo)})'
    sheet.write_formula(row, 4, todo, "" if check.ok else check.todo, TEXT)
    _set_height(sheet, row, [(entry.label, CHECKLIST_WIDTHS[1]), (check.todo, CHECKLIST_WIDTHS[4])])


def _write_findings(draft: Draft, sheet: SheetWriter, row: int) -> None:
    """The checks that no formula can make, as they stood when the file was made."""
    checked = {check.entry.path for check in draft.completion.checks if not check.ok}
    findings = [finding for finding in draft.completion.findings if finding.path not in checked]
    if not findings:
        return
    sheet.write_text(row, 0, "Checked in the Hub when this file was made", SECTION)
    sheet.write_header(row + 1, ["Kind", "Finding", "Number", "", "Reason given"])
    for step, finding in enumerate(findings, start=row + 2):
        sheet.write_text(step, 0, LEVEL_WORDS[finding.level], TEXT)
        sheet.write_text(step, 1, finding.message, TEXT)
        sheet.write_text(step, 2, finding.code, {"align": "center", "valign": "top"})
        sheet.write_text(step, 4, finding.justification, TEXT)
        texts = [(finding.message, CHECKLIST_WIDTHS[1]), (finding.justification, CHECKLIST_WIDTHS[4])]
        _set_height(sheet, step, texts)


# Cells.


def _write_entry(draft: Draft, sheet: SheetWriter, entry: Entry, box: Box) -> None:
    """The answer of one entry, typed: numbers and dates as such, reasons and everything else as text."""
    style = (PREFILLED if draft.is_fixed(entry) else INPUT) | WRAPPED
    _merged(sheet, box, style)
    row, column, value = box.first_row, box.first_column, written(entry)
    if value is None:
        sheet.write_blank(row, column, *_empty_style(entry), style)
    elif isinstance(value, Decimal):
        if entry.figure is not None and entry.figure.effect.in_workbook is InWorkbook.NIL:
            sheet.write_number(row, column, 0, {"num_format": NIL_FORMAT, "align": "right"}, style)
            return
        shape = {"num_format": MONEY_FORMAT if entry.field.type is FieldType.MONEY else "#,##0.####"}
        sheet.write_number(row, column, value, shape, style)
    elif isinstance(value, date):
        sheet.write_date(row, column, value, style)
    elif entry.figure is not None and entry.figure.effect.in_workbook is InWorkbook.WORDS:
        sheet.write_text(row, column, value, style, {"align": "right"})
    else:
        sheet.write_text(row, column, value, style)


def _write_answer(sheet: SheetWriter, row: int, column: int, formula: str, answer: str) -> None:
    """A cell that says Yes or No, in words and in colour."""
    sheet.write_formula(row, column, formula, answer, STATUS)
    _colour(sheet, Box(row, column, row, column), yes="Yes", no="No")


def _empty_style(entry: Entry) -> Iterable[dict[str, Any]]:
    """An empty cell has the format of what will be typed into it."""
    if entry.field.type is FieldType.MONEY:
        yield {"num_format": MONEY_FORMAT}
    elif entry.field.type is FieldType.DATE:
        yield {"num_format": "d mmmm yyyy", "align": "left"}


def _allow(draft: Draft, sheet: SheetWriter, entry: Entry, box: Box) -> None:
    """What may be typed: the same as the checklist takes."""
    kind, limit = entry.field, entry.field.limit or Decimal(0)
    if draft.is_fixed(entry):
        return
    if entry.figure is not None:
        cell = xl_rowcol_to_cell(box.first_row, box.first_column)
        message = f"Enter pounds and pence, from 0 to {limit:,.2f}, or one of the reasons in words."
        sheet.worksheet.data_validation(
            box.first_row,
            box.first_column,
            box.last_row,
            box.last_column,
            {
                "validate": "custom",
                "value": formulas.amount_rule(cell, f"{limit:f}"),
                "input_title": kind.label[:32],
                "input_message": message,
                "error_title": kind.label[:32],
                "error_message": message,
            },
        )
    elif kind.type is FieldType.MONEY:
        sheet.allow_money(box, maximum=limit, title=kind.label)
    elif kind.type in AMOUNTS:
        sheet.allow_number(box, minimum=Decimal(0), maximum=limit, title=kind.label)
    elif kind.type is FieldType.DATE:
        sheet.allow_date(box, first=EARLIEST, last=LATEST, title=kind.label)
    elif kind.choices:
        sheet.allow_list(box, [words for _, words in kind.choices], title=kind.label)
    else:
        sheet.allow_length(box, maximum=kind.max_length, title=kind.label)


def _grey_where_not_asked(draft: Draft, sheet: SheetWriter, entry: Entry, box: Box) -> None:
    """Grey an empty answer that its rule does not ask for, as long as it does not."""
    if draft.is_fixed(entry) or entry.field.required in (ALWAYS, NEVER):
        return
    cell = xl_rowcol_to_cell(box.first_row, box.first_column, row_abs=True, col_abs=True)
    sheet.worksheet.conditional_format(
        box.first_row,
        box.first_column,
        box.last_row,
        box.last_column,
        {
            "type": "formula",
            "criteria": f"=AND(LEN({cell})=0,NOT({draft.required(entry)}))",
            "format": sheet.book.style({"bg_color": NOT_RELEVANT["bg_color"]}),
        },
    )


def _colour(sheet: SheetWriter, box: Box, *, yes: str, no: str) -> None:
    place = (box.first_row, box.first_column, box.last_row, box.last_column)
    for words, style in ((yes, YES), (no, NO)):
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": f'"{words}"',
            "format": sheet.book.style(style),
        }
        sheet.worksheet.conditional_format(*place, rule)


def _merged(sheet: SheetWriter, box: Box, style: Mapping[str, Any]) -> None:
    """Merge cells into one; a single cell needs nothing."""
    if (box.first_row, box.first_column) != (box.last_row, box.last_column):
        place = (box.first_row, box.first_column, box.last_row, box.last_column)
        sheet.worksheet.merge_range(*place, "", sheet.book.style(dict(style)))


def _name(entry: Entry) -> str:
    """The workbook's name for a cell: return_email, return_income_2_plan (rows count from 1)."""
    return NAME_PART.sub(lambda found: f"_{int(found['row']) + 1}_", f"return_{entry.path.removeprefix('answers.')}")


def _label(draft: Draft, entry: Entry) -> str:
    """The words beside a single field; those over a box say all that is to be known about it."""
    return f"{entry.label} {_help(draft, entry)}".strip() if _boxed(entry.field) else entry.label


def _help(draft: Draft, entry: Entry) -> str:
    mark = f"{ILLUSTRATIVE.capitalize()}." if contents.is_illustrative(draft.content, entry.path) else ""
    return f"{mark} {entry.field.help}".strip()


def _set_height(sheet: SheetWriter, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Make a row high enough for texts in cells so many characters wide: not every program does so itself."""
    lines = max(_lines(text, width) for text, width in texts)
    sheet.worksheet.set_row(row, min(TALLEST_ROW, LINE * lines + 3))


def _lines(text: str, width: float) -> int:
    """About how many lines a text takes in a cell so many characters wide."""
    return sum(max(1, ceil(len(line) / width)) for line in text.split("\n"))


def _signed_words(signature: Mapping[str, Any]) -> str:
    if signature["signed_at"] is None:
        return "not signed"
    day = parse_date(signature["signed_at"][:10])
    when = long_date(day) if day else signature["signed_at"]
    return f"{when}, version {signature['version']}"


def _long(day: str) -> str:
    return long_date(date.fromisoformat(day))


def _printed(text: str) -> str:
    """Text for a printed header or footer, where & begins a code and the whole has at most 255 characters."""
    return text[:70].replace("&", "&&")
