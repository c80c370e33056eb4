"""The arithmetic of a fund's position: it ties to the penny, and never counts what is not there."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from integration_hub.core.states import AmountState, FigureState
from pooled_budgets.domain.position import FundPosition, PositionLine, add_up, budget_of

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
BUDGETS = st.decimals(min_value=0, max_value=10**9, places=2)
EMPTY = [FigureState.NOT_APPLICABLE, FigureState.NOT_YET_AVAILABLE, FigureState.SUPPRESSED, FigureState.MISSING]


def line(number, budget, outturn, *, outturn_state=FigureState.STATED, budget_state=AmountState.STATED):
    return PositionLine(
        scheme_id=number,
        number=str(number),
        name=f"Scheme {number}",
        budget=budget,
        budget_state=budget_state,
        outturn=outturn,
        outturn_state=outturn_state,
    )


def position(lines, total=Decimal("8957000.00")):
    return FundPosition("2014/15", "Quarter 1 2014/15", date(2014, 6, 30), tuple(lines), total, AmountState.STATED)


@st.composite
def any_line(draw):
    number = draw(st.integers(min_value=1, max_value=10**6))
    budget = draw(st.one_of(st.none(), BUDGETS))
    outturn = draw(st.one_of(st.none(), AMOUNTS))
    state = FigureState.STATED if outturn is not None else draw(st.sampled_from(EMPTY))
    budget_state = AmountState.TO_BE_CONFIRMED if budget is None else AmountState.STATED
    return line(number, budget, outturn, outturn_state=state, budget_state=budget_state)


@given(st.lists(any_line(), max_size=30))
def test_add_up_each_total_is_the_sum_of_the_amounts_that_are_there(lines):
    totals = add_up(lines)

    for name in ("budget", "outturn", "variance"):
        known = [getattr(each, name) for each in lines if getattr(each, name) is not None]
        assert getattr(totals, name) == (sum(known, Decimal("0.00")) if known else None)


@given(st.lists(any_line(), max_size=30))
def test_add_up_names_exactly_the_schemes_that_a_total_leaves_out(lines):
    totals = add_up(lines)

    left_out = [each.number for each in lines if each.outturn is None and each.outturn_state != "not_applicable"]
    assert list(totals.missing) == left_out
    assert totals.is_complete == (left_out == [])


@given(st.lists(st.tuples(BUDGETS, AMOUNTS), min_size=1, max_size=30))
def test_add_up_of_complete_lines_has_outturn_less_budget_as_its_variance(amounts):
    totals = add_up([line(number, budget, outturn) for number, (budget, outturn) in enumerate(amounts)])

    assert totals.variance == totals.outturn - totals.budget


@given(st.lists(BUDGETS, max_size=30), BUDGETS)
def test_unallocated_and_budgets_make_up_the_total_whatever_the_order(budgets, total):
    lines = [line(number, budget, None, outturn_state="missing") for number, budget in enumerate(budgets)]
    forwards, backwards = position(lines, total), position(reversed(lines), total)

    assert forwards.unallocated + (forwards.totals.budget or 0) == total
    assert forwards.unallocated == backwards.unallocated
    assert forwards.is_tied == (sum(budgets) == total)


def test_variance_where_an_outturn_is_missing_sets_like_against_like():
    lines = [
        line(1, Decimal("100.00"), Decimal("150.00")),
        line(2, Decimal("900.00"), None, outturn_state=FigureState.MISSING),
    ]
    totals = add_up(lines)

    assert totals.variance == Decimal("50.00")
    assert totals.budget == Decimal("1000.00")
    assert totals.missing == ("2",)
    assert lines[1].variance is None
    assert lines[1].variance_state == FigureState.MISSING


def test_nil_counts_as_nought_and_leaves_the_total_complete():
    totals = add_up([line(1, Decimal("100.00"), Decimal("0.00"), outturn_state=FigureState.NIL)])

    assert (totals.outturn, totals.variance, totals.missing) == (Decimal("0.00"), Decimal("-100.00"), ())


def test_not_applicable_leaves_the_total_complete_and_uncounted():
    totals = add_up([line(1, Decimal("100.00"), None, outturn_state=FigureState.NOT_APPLICABLE)])

    assert (totals.outturn, totals.missing, totals.outturn_state) == (None, (), FigureState.NOT_APPLICABLE)


def test_is_tied_is_denied_while_a_budget_is_to_be_confirmed():
    lines = [
        line(1, Decimal("8957000.00"), None, outturn_state="missing"),
        line(2, None, None, outturn_state="missing", budget_state=AmountState.TO_BE_CONFIRMED),
    ]

    assert position(lines).unallocated == 0
    assert not position(lines).is_tied


def test_budget_of_several_lines_is_their_sum_unless_one_has_no_amount():
    stated = (Decimal("1.10"), AmountState.STATED)

    assert budget_of([stated, stated]) == (Decimal("2.20"), AmountState.STATED)
    assert budget_of([stated, (None, AmountState.TO_BE_CONFIRMED)]) == (None, AmountState.TO_BE_CONFIRMED)
    assert budget_of([]) == (None, AmountState.NOT_STATED)
