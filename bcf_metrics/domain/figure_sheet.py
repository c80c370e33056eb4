"""Metric figures of a quarter as a sheet, .xlsx or .csv: a row for each metric, and what such a file would change.

A cell left empty leaves what stands there; a figure is taken away by writing why there is none. The column "Mark" says
what stood there when the file was made, so that a figure changed on the hub since is told. A sheet without it is read
against what stands now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bcf_metrics.domain import grid, numbers
from bcf_metrics.domain.cell_reading import day_of, plain
from bcf_metrics.domain.entries import NOTHING, NOTHING_CODES, Entered, figure_code, merged, problems, shown
from bcf_metrics.domain.grid import COLUMNS, DENOMINATOR, FIGURE, NUMERATOR
from bcf_metrics.domain.numbers import NumberError
from bcf_metrics.domain.progress import ProgressError
from bcf_metrics.domain.round_trip import STALE, WRONG, Change, Loaded, Refused, mark
from bcf_metrics.domain.words import listed
from integration_hub.core.errors import HubError
from integration_hub.core.spreadsheets.reader import Cell, CellError, Sheet, Workbook
from integration_hub.core.states import EFFECTS, Figure, FigureState

TITLE = "Metric figures"
FIELDS = {NUMERATOR: "Numerator", DENOMINATOR: "Denominator", FIGURE: "Figure", "challenges": "Commentary"}
FIELDS |= {"action": "Action"}
CODE, METRIC, UNIT, MARK = "Code", "Metric", "Unit", "Mark: leave it as it is"
HEADINGS = (CODE, METRIC, UNIT, *FIELDS.values(), MARK)
STATES = {
    EFFECTS[state].words: state
    for state in (FigureState.NIL, FigureState.NOT_APPLICABLE, FigureState.SUPPRESSED, FigureState.MISSING)
} | {"n/a": FigureState.NOT_APPLICABLE}
SAID = (FigureState.NIL, FigureState.NOT_APPLICABLE, FigureState.SUPPRESSED)
LATER = EFFECTS[FigureState.NOT_YET_AVAILABLE].words
WRITE = "Write a number, nil, not applicable, suppressed, missing, or the day on which it will be there."
LONGEST_SHOWN = 60


class FigureSheetRefused(HubError):
    """A file of figures that cannot be taken as a whole."""

    code = "figure_sheet_refused"
    http_status = 400


@dataclass(frozen=True, kw_only=True)
class Known:
    """A metric whose figure the person enters, with what stands there; `entered` None is nothing."""

    key: str
    code: str
    name: str
    unit: str
    places: int
    multiplier: Decimal | None
    value_period: str
    entered: Entered | None

    @property
    def codes(self) -> dict[str, str]:
        return self.entered.codes() if self.entered else NOTHING_CODES

    @property
    def marks(self) -> str:
        """What stands there, as its column "Mark" says it."""
        return " ".join(mark(self.codes[field]) for field in FIELDS)


@dataclass(frozen=True)
class About:
    """Whose figures they are: the file says it, so that it cannot go into another quarter by mistake."""

    area: str
    fund: str
    period: str

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        return (("Area", self.area), ("Fund", self.fund), ("Period", self.period))


def template(about: About, known: Sequence[Known]) -> list[list[str | Decimal]]:
    """The sheet with what stands: title, whose it is, headings, and a row for each metric."""
    rows: list[list[str | Decimal]] = [[TITLE]]
    for title, words in about.rows:
        rows.append([title, words])
    rows += [[], [*HEADINGS]]
    for metric in known:
        cells = [_shown(field, metric.codes[field]) for field in FIELDS]
        rows.append([metric.code, metric.name, metric.unit, *cells, metric.marks])
    return rows


def compare(book: Workbook, about: About, known: Sequence[Known], *, on: date) -> Loaded:
    """What a file changes in these metrics. Raises FigureSheetRefused for one that is not this quarter's."""
    sheet = _sheet(book, about)
    header, columns = _header(sheet)
    changes: list[Change] = []
    refused: list[Refused] = []
    found: set[str] = set()
    for number in range(header + 1, len(sheet.values)):
        cells = {name: sheet.cell(number, column) for name, column in columns.items()}
        if not any(plain(cell.value) for cell in cells.values()):
            continue
        metric, problem = _metric(cells, known)
        if metric and metric.key in found:
            problem = f"“{metric.name}” has a row already. Leave one of them."
        if metric is None or problem:
            refused.append(_wrong(cells.get(METRIC, cells[next(iter(cells))]), "", "Metric", problem))
            continue
        found.add(metric.key)
        for row in _row(metric, cells, on):
            if isinstance(row, Change):
                changes.append(row)
            else:
                refused.append(row)
    return Loaded(tuple(changes), tuple(refused))


def read(field: str, text: str, *, places: int) -> Figure | None:
    """A number or figure; None for nothing. Raises NumberError with what to write."""
    words = " ".join(text.split())
    if not words:
        return None
    if field != FIGURE:
        return Figure(value=numbers.parse(words))
    if words.casefold() in STATES:
        return Figure(state=STATES[words.casefold()])
    try:
        return Figure(value=numbers.parse(words, places=places))
    except NumberError as error:
        if error.code != "not_a_number":
            raise
    day = day_of(words.casefold().removeprefix(LATER).strip().removeprefix("until").strip())
    if day is None:
        raise NumberError("no_figure", f"“{words[:LONGEST_SHOWN]}” is no figure and no date. {WRITE}")
    return Figure(state=FigureState.NOT_YET_AVAILABLE, until=day)


def entered_with(stands: Entered, codes: Mapping[str, str]) -> Entered:
    """What stands with other fields, given by their codes as `compare` has them."""
    values: dict[str, object] = {}
    for field, code in codes.items():
        if field == FIGURE:
            state, _, until = code.partition(":")
            if state in set(FigureState):
                values["figure"] = Figure(state=FigureState(state), until=day_of(until) if until else None)
            else:
                values["figure"] = Figure(value=Decimal(code))
        else:
            values[field] = (Decimal(code) if code else None) if field in COLUMNS else code
    return replace(stands, **values)  # type: ignore[arg-type]  # each by the name of its field


def _row(metric: Known, cells: Mapping[str, Cell], on: date) -> Iterator[Change | Refused]:
    """The changes of one row; with anything wrong in it, what is wrong alone."""
    given: dict[str, str] = {}
    wrong: list[Refused] = []
    figures: dict[str, Figure | None] = {}
    for field, title in FIELDS.items():
        cell = cells.get(title)
        text = plain(cell.value) if cell else ""
        if cell is None or not text:
            continue
        try:
            if isinstance(cell.value, CellError):
                raise NumberError("formula", cell.value.message)
            if field in COLUMNS:
                figures[field] = read(field, text, places=metric.places)
                given[field] = figure_code(figures[field] or NOTHING.figure)
            else:
                given[field] = text
        except NumberError as error:
            wrong.append(_wrong(cell, f"{metric.key}.{field}", f"{metric.name}: {title}", error.message))
    if wrong:
        yield from wrong
        return
    marks, problem = _marks(metric, cells)
    if problem:
        yield problem
        return
    now = metric.codes
    touched = {field for field, code in given.items() if code != now[field] and mark(code) != marks.get(field, "")}
    if touched & set(COLUMNS):
        try:
            _work_out(metric, figures, given, touched)
        except ProgressError as error:
            yield _wrong(cells.get(FIELDS[FIGURE], cells[METRIC]), f"{metric.key}.figure", metric.name, error.message)
            return
    yield from _sorted(metric, cells, given, touched, marks, on)


def _work_out(metric: Known, figures: Mapping[str, Figure | None], given: dict[str, str], touched: set[str]) -> None:
    """The figure that numerator and denominator give, unless the file has another."""
    stands = metric.entered or NOTHING
    numerator, denominator = (
        found.value if (found := figures.get(field)) else getattr(stands, field) for field in (NUMERATOR, DENOMINATOR)
    )
    typed = figures.get(FIGURE) or (stands.figure if metric.entered else None)
    found = grid.figure_of(
        typed,
        numerator,
        denominator,
        multiplier=metric.multiplier,
        places=metric.places,
        retyped=FIGURE in touched or (typed is not None and typed.state in SAID),
    )
    if found is not None and figure_code(found) != metric.codes[FIGURE]:
        given[FIGURE] = figure_code(found)
        touched.add(FIGURE)


def _sorted(
    metric: Known,
    cells: Mapping[str, Cell],
    given: Mapping[str, str],
    touched: set[str],
    marks: Mapping[str, str],
    on: date,
) -> Iterator[Change | Refused]:
    """The touched fields as changes, stale ones, or what may not be kept."""
    now = metric.codes
    stale = {field for field in touched if marks and marks[field] != mark(now[field])}
    # Numerator, denominator and figure belong together: none of them is taken without the others.
    if stale & set(COLUMNS):
        stale |= touched & set(COLUMNS)
    wanted = touched - stale
    stands = metric.entered or replace(NOTHING, value_period=metric.value_period)
    after = entered_with(stands, {field: given[field] for field in wanted})
    changed = frozenset(wanted)
    found = list(problems(merged(after, stands, changed), changed=changed, places=metric.places, on=on))
    for problem in found:
        title = FIELDS.get(problem.field, FIELDS[FIGURE])
        yield _wrong(cells.get(title, cells[METRIC]), f"{metric.key}.{problem.field}", metric.name, problem.message)
    for field, title in FIELDS.items():
        cell = cells.get(title, cells[METRIC])
        key, label = f"{metric.key}.{field}", f"{metric.name}: {title}"
        if field in stale:
            yours = _short(shown(field, given[field]))
            yield Refused(STALE, key, label, cell.address, yours, _short(shown(field, now[field])), "")
        elif field in wanted and not found:
            before = "" if not now[field] else shown(field, now[field])
            yield Change(key, label, cell.address, before, shown(field, given[field]), now[field], given[field])


def _marks(metric: Known, cells: Mapping[str, Cell]) -> tuple[dict[str, str], Refused | None]:
    """What stood there when the file was made, by field; nothing where the file does not say."""
    cell = cells.get(MARK)
    given = plain(cell.value).split() if cell else []
    if cell is None or not given:
        return {}, None
    if len(given) != len(FIELDS) or any(len(one) != len(mark("")) for one in given):
        words = "The mark was changed, so it cannot be told what you changed. Clear it, or download the file again."
        return {}, _wrong(cell, f"{metric.key}.mark", metric.name, words)
    return dict(zip(FIELDS, given, strict=True)), None


def _metric(cells: Mapping[str, Cell], known: Sequence[Known]) -> tuple[Known | None, str]:
    """The metric that a row is about: by its name, else by its code where one alone has it."""
    name = plain(cells[METRIC].value) if METRIC in cells else ""
    code = plain(cells[CODE].value) if CODE in cells else ""
    named = [metric for metric in known if name and metric.name.casefold() == name.casefold()]
    if code and len(named) != 1:
        named = [metric for metric in named or known if metric.code.casefold() == code.casefold()]
    if len(named) == 1 and not (code and named[0].code.casefold() != code.casefold()):
        return named[0], ""
    names = listed([metric.name for metric in known], last="or")
    return None, f"“{name or code}” is no metric that you enter in this quarter. Write {names}."


def _sheet(book: Workbook, about: About) -> Sheet:
    """The first sheet of the file; raises FigureSheetRefused where it is not for this quarter."""
    sheet = next((sheet for sheet in book.sheets if not sheet.hidden), None)
    if sheet is None:
        raise FigureSheetRefused("The file has no sheet. Download the file with the figures as they stand.")
    told = {plain(row[0]): plain(row[1]) for row in sheet.values if len(row) > 1 and isinstance(row[0], str)}
    for title, wanted in about.rows:
        given = told.get(title, "")
        if not given:
            raise FigureSheetRefused(
                f"The file does not say its {title.lower()}: write {title} in column A of a row above the headings, "
                f"and “{wanted}” in column B. So it cannot go into another quarter by mistake.",
                code="not_said",
            )
        if given.casefold() != wanted.casefold():
            raise FigureSheetRefused(
                f"The file is for {given}, and this is {wanted}. Nothing of it was taken.", code="other_quarter"
            )
    return sheet


def _header(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """The row of the headings, and the column of each that is there."""
    wanted = {title.casefold(): title for title in HEADINGS}
    for number, row in enumerate(sheet.values):
        texts = [plain(value).casefold() for value in row]
        columns = {wanted[text]: column for column, text in enumerate(texts) if text in wanted}
        if len(columns) < 2 or not ({METRIC, CODE} & set(columns)) or not (set(FIELDS.values()) & set(columns)):
            continue
        twice = [title for text, title in wanted.items() if texts.count(text) > 1]
        if twice:
            raise FigureSheetRefused(f"The heading {twice[0]} is there twice. Leave one of the columns.")
        if METRIC not in columns:
            columns[METRIC] = columns[CODE]
        return number, columns
    raise FigureSheetRefused(
        f"The file has no row of headings. Write {METRIC}, and one or more of {listed(list(FIELDS.values()))}.",
        code="no_headings",
    )


def _wrong(cell: Cell, key: str, label: str, message: str) -> Refused:
    return Refused(WRONG, key, label, cell.address, _short(cell.text), "", message)


def _shown(field: str, code: str) -> str | Decimal:
    """A code as the sheet's cell has it: numbers as numbers, states in words."""
    if field not in COLUMNS or not code:
        return code
    state = code.partition(":")[0]
    return shown(field, code) if state in EFFECTS else Decimal(code)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN * 3 else f"{text[: LONGEST_SHOWN * 3]}…"
