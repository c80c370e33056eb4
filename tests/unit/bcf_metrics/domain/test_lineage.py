"""Where metrics come from: joined by an exact factor, or broken with a reason, and never in a circle."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_metrics.domain import lineage, policy_years
from bcf_metrics.domain.lineage import Kind, Line, LineageError, Step, factor_of, path, runs

A = Line(
    year=2016, code="B", former_year=2015, former="A", kind=Kind.RENAMED, factor=Fraction(1), reason="Why", checked=True
)
CODES = st.sampled_from("ABC")
YEARS = st.integers(2014, 2027)


@st.composite
def made_up(draw: st.DrawFn) -> list[Line]:
    """Any lines that a year may have: one for each metric, each to an earlier year."""
    keys = draw(st.lists(st.tuples(st.integers(2015, 2027), CODES), unique=True, max_size=12))
    factors = st.none() | st.fractions(Fraction(1, 100), 100, max_denominator=100)
    return [
        replace(
            A,
            year=year,
            code=code,
            former_year=draw(st.integers(2014, year - 1)),
            former=draw(CODES),
            factor=draw(factors),
        )
        for year, code in keys
    ]


def test_a_metric_without_a_line_goes_on_under_its_code() -> None:
    assert path(2015, "A", [], first=2014, last=2016) == (Step(2014, "A"), Step(2015, "A"), Step(2016, "A"))


def test_a_chain_of_three_years_multiplies_its_factors_exactly() -> None:
    lines = [replace(A, factor=Fraction(1, 3)), replace(A, year=2017, code="C", former_year=2016, former="B")]
    lines[1] = replace(lines[1], factor=Fraction(3, 10))

    steps = path(2016, "B", lines, first=2015, last=2017)
    (run,) = runs(steps)

    assert [(step.year, step.code) for step in steps] == [(2015, "A"), (2016, "B"), (2017, "C")]
    assert run.factors == (Fraction(1, 10), Fraction(3, 10), Fraction(1))


def test_a_break_gives_two_runs_each_on_its_own_basis() -> None:
    lines = [replace(A, factor=None), replace(A, year=2017, code="B", former_year=2016, former="B", factor=Fraction(2))]

    before, after = runs(path(2017, "B", lines, first=2014, last=2017))

    assert ([step.year for step in before.steps], before.factors) == ([2014, 2015], (1, 1))
    assert ([step.year for step in after.steps], after.factors) == ([2016, 2017], (2, 1))


def test_a_metric_that_several_followed_ends() -> None:
    lines = [A, replace(A, code="C")]

    assert path(2015, "A", lines, first=2015, last=2016) == (Step(2015, "A"),)
    assert path(2016, "C", lines, first=2015, last=2016)[0] == Step(2015, "A")


def test_a_code_that_another_metric_took_over_is_not_followed() -> None:
    took = replace(A, code="A", former="Z")

    assert path(2015, "A", [took], first=2015, last=2016) == (Step(2015, "A"),)


def test_a_line_may_skip_the_years_that_asked_for_nothing() -> None:
    steps = path(2016, "B", [replace(A, former_year=2013)], first=2012, last=2016)

    assert [(step.year, step.code) for step in steps] == [(2012, "A"), (2013, "A"), (2016, "B")]


@pytest.mark.parametrize(
    ("text", "found"),
    [("", None), (" 1 ", Fraction(1)), ("0.95", Fraction(19, 20)), ("1/12", Fraction(1, 12))],
)
def test_a_factor_is_read_exactly(text: str, found: Fraction | None) -> None:
    assert factor_of(text) == found


@pytest.mark.parametrize("text", ["0", "0.0", "-1", "1/0", "1/00", "1e3", "half", "1,5", "NaN"])
def test_what_is_no_factor_is_refused(text: str) -> None:
    with pytest.raises(LineageError):
        factor_of(text)


@pytest.mark.parametrize("changed", [{"former_year": 2016}, {"factor": Fraction(0)}, {"reason": "  "}])
def test_a_line_that_leads_nowhere_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(LineageError):
        replace(A, **changed)  # type: ignore[arg-type]


@given(made_up(), YEARS, CODES)
def test_there_is_no_way_round_in_a_circle_and_no_step_is_lost(lines: list[Line], year: int, code: str) -> None:
    steps = path(year, code, lines, first=2014, last=2027)
    cut = runs(steps)

    assert all(one.year < other.year for one, other in pairwise(steps))
    assert (year, code) in [(step.year, step.code) for step in steps]
    assert tuple(step for run in cut for step in run.steps) == steps
    breaks = sum(step.line is not None and step.line.breaks for step in steps)
    assert len(cut) == breaks + 1
    assert all(run.factors[-1] == 1 for run in cut)


@given(made_up(), YEARS, CODES, st.fractions(-1000, 1000))
def test_a_join_by_the_factor_1_leaves_every_figure_as_it_is(
    lines: list[Line], year: int, code: str, figure: Fraction
) -> None:
    joined = [replace(line, factor=Fraction(1)) for line in lines]

    (run,) = runs(path(year, code, joined, first=2014, last=2027))

    assert {figure * factor for factor in run.factors} == {figure}


def test_every_line_that_ships_comes_from_a_metric_of_a_year_that_ships() -> None:
    years = {year.financial_year: {metric.code for metric in year.metrics} for year in policy_years.load_all()}
    rows = [
        (year.financial_year, row.code, lineage.year_of(row.former_year), row.former)
        for year in policy_years.load_all()
        for row in year.lineage
    ]

    assert len(rows) == 7
    for year, code, former_year, former in rows:
        assert code in years[year]
        assert former in years[former_year]
