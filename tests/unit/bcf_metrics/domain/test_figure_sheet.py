"""Metric figures from a file: what it would change, what is stale, and what is wrong, in words."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcf_metrics.domain import figure_sheet
from bcf_metrics.domain.entries import Entered
from bcf_metrics.domain.figure_sheet import FIELDS, HEADINGS, MARK, About, FigureSheetRefused, Known
from bcf_metrics.domain.round_trip import STALE, Loaded
from integration_hub.core.spreadsheets import reader
from integration_hub.core.spreadsheets.texts import csv_bytes
from integration_hub.core.states import Figure, FigureState

ABOUT = About("Southwark", "Southwark Better Care Fund", "Quarter 1 2014/15")
TODAY = date(2014, 7, 14)
TITLES = {title: field for field, title in FIELDS.items()}


def known(code: str = "REABL91", entered: Entered | None = None, **fields: Any) -> Known:
    given = {"name": "Still at home", "unit": "%", "places": 1, "multiplier": Decimal(100), "value_period": ""} | fields
    return Known(key=f"plan-{code}", code=code, entered=entered, **given)


HOME = known(entered=Entered(figure=Figure(value=Decimal("87.2")), numerator=Decimal(34), denominator=Decimal(39)))
DELAYS = known("DTOC", name="Delayed days", unit="days", places=0, multiplier=None)


def read(rows: list[list[Any]], *metrics: Known) -> Loaded:
    book = reader.read(BytesIO(csv_bytes(rows)), "figures.csv")
    return figure_sheet.compare(book, ABOUT, metrics or (HOME, DELAYS), on=TODAY)


def sheet(*rows: dict[str, Any], metrics: tuple[Known, ...] = (HOME, DELAYS), marked: bool = True) -> list[list[Any]]:
    """The template with other texts in cells of its rows, in order."""
    made: list[list[Any]] = [list(row) for row in figure_sheet.template(ABOUT, metrics)]
    first = made.index(list(HEADINGS)) + 1
    for number, cells in enumerate(rows):
        for title, value in cells.items():
            made[first + number][HEADINGS.index(title)] = value
    if not marked:
        for row in made[first:]:
            row[HEADINGS.index(MARK)] = ""
    return made


def test_the_template_changes_nothing() -> None:
    assert read(sheet()) == Loaded((), ())
    assert read(sheet(marked=False)) == Loaded((), ())


figures = (
    st.decimals(0, 10**6, places=1).map(lambda value: Figure(value=value))
    | st.sampled_from([FigureState.NIL, FigureState.MISSING, FigureState.SUPPRESSED, FigureState.NOT_APPLICABLE]).map(
        lambda state: Figure(state=state)
    )
    | st.dates(date(2014, 8, 1), date(2030, 1, 1)).map(
        lambda day: Figure(state=FigureState.NOT_YET_AVAILABLE, until=day)
    )
)
numbers = st.none() | st.decimals(1, 10**6, places=2)
words = st.text(st.characters(exclude_categories=["C"]), max_size=30).map(str.strip)


@settings(deadline=None)
@given(
    figure=figures,
    ratio=st.none() | st.tuples(numbers, numbers),
    commentary=words,
    action=words,
    marked=st.booleans(),
)
def test_what_stands_goes_out_and_comes_back_without_a_change(
    figure: Figure, ratio: tuple[Decimal, Decimal] | None, commentary: str, action: str, marked: bool
) -> None:
    numerator, denominator = ratio or (None, None)
    entered = Entered(figure=figure, numerator=numerator, denominator=denominator, challenges=commentary, action=action)
    metric = known(entered=entered)

    assert read(sheet(metrics=(metric,), marked=marked), metric) == Loaded((), ())


def test_each_field_of_a_row_is_told_before_and_after() -> None:
    found = read(sheet({"Commentary": "Up again"}, {"Figure": "nil", "Action": "None needed"}))

    assert found.refused == ()
    assert [(row.label, row.before, row.after, row.code) for row in found.changes] == [
        ("Still at home: Commentary", "", "“Up again”", "Up again"),
        ("Delayed days: Figure", "", "nil", "nil"),
        ("Delayed days: Action", "", "“None needed”", "None needed"),
    ]
    assert found.changes[0].where == "figures!G7"


def test_numerator_and_denominator_give_the_figure() -> None:
    found = read(sheet({"Numerator": "35"}))

    assert [(row.key, row.code) for row in found.changes] == [
        ("plan-REABL91.numerator", "35"),
        ("plan-REABL91.figure", "89.7"),
    ]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Figure": "about 90"}, "“about 90” is no figure and no date"),
        ({"Figure": "-1"}, "below 0"),
        ({"Figure": "87.25"}, "too many decimals"),
        ({"Figure": "1 July 2014"}, "1 July 2014 was entered, and 34 of 39 times 100 is 87.2"),
        ({"Figure": "50"}, "50 was entered, and 34 of 39 times 100 is 87.2"),
        ({"Numerator": "many"}, "is not a number"),
        ({"Denominator": "0"}, "denominator"),
        ({"Commentary": "x" * 4001}, "Shorten it to 4,000 or fewer"),
        ({MARK: "1234"}, "The mark was changed"),
        ({"Metric": "Another", "Code": "OTHER"}, "“Another” is no metric that you enter in this quarter"),
        ({"Metric": "Delayed days", "Code": "DTOC"}, "“Delayed days” has a row already"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_of_the_row_changes(cells: dict[str, str], words: str) -> None:
    found = read(sheet(cells))

    assert found.changes == ()
    assert any(words in row.message for row in found.wrong), found.wrong


def test_a_day_that_has_passed_is_no_reason() -> None:
    (row,) = read(sheet({}, {"Figure": "1 July 2014"})).wrong

    assert row.message.startswith("1 July 2014 is not in the future")


def test_a_figure_that_was_changed_here_since_is_refused_and_the_rest_kept() -> None:
    made = sheet({"Figure": "88", "Numerator": "", "Denominator": "", "Commentary": "Up again"})
    now = known(entered=Entered(figure=Figure(value=Decimal(90))))

    found = read(made, now, DELAYS)

    assert [(row.kind, row.yours, row.now) for row in found.refused] == [(STALE, "88", "90")]
    assert [row.key for row in found.changes] == ["plan-REABL91.challenges"]


def test_what_changed_here_alone_stays() -> None:
    now = known(entered=Entered(figure=Figure(value=Decimal(90)), challenges="Counted again"))

    assert read(sheet(), now, DELAYS) == Loaded((), ())


def test_a_sheet_of_ones_own_needs_no_mark_and_any_of_the_columns() -> None:
    rows = [["Area", "southwark"], ["Fund", ABOUT.fund], ["Period", ABOUT.period], ["code", "FIGURE"], ["DTOC", "23"]]

    assert [(row.key, row.code) for row in read(rows).changes] == [("plan-DTOC.figure", "23")]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["Metric", "Figure"]], "The file does not say its area"),
        ([["Area", "Hackney"], ["Metric", "Figure"]], "The file is for Hackney, and this is Southwark"),
        ([list(row) for row in ABOUT.rows], "no row of headings"),
        ([*[list(row) for row in ABOUT.rows], ["Metric", "Figure", "Figure"]], "The heading Figure is there twice"),
    ],
)
def test_the_file_of_another_quarter_or_without_headings_is_refused(rows: list[list[str]], words: str) -> None:
    with pytest.raises(FigureSheetRefused, match=words):
        read(rows)


def test_period_of_another_quarter_is_refused() -> None:
    made = sheet()
    made[3][1] = "Quarter 2 2014/15"

    with pytest.raises(FigureSheetRefused, match="The file is for Quarter 2 2014/15, and this is Quarter 1 2014/15"):
        read(made)
