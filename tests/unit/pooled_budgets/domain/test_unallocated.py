"""What is left of each source and in all: exact, and never a number while something is to be confirmed."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pooled_budgets.domain.unallocated import NO_SOURCE, Line, Source, balances, in_all

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)
KEYS = st.sampled_from(["a", "b", "c"])


def source(key, amount, state="stated"):
    return Source(key, f"Source {key}", None if amount is None else Decimal(amount), state)


def line(key, budget, name="Scheme 1, line 1", state="stated"):
    return Line(key, name, None if budget is None else Decimal(budget), state)


def test_balances_three_partners_at_forty_thousand_leave_what_no_line_holds():
    sources = [source(key, "40000.00") for key in ("council", "ccg", "trust")]
    lines = [line("council", "40000.00"), line("ccg", "39999.99"), line("trust", "40000.01")]

    assert [found.unallocated for found in balances(sources, lines)] == [
        Decimal("0.00"),
        Decimal("0.01"),
        Decimal("-0.01"),
    ]
    assert [found.is_over for found in balances(sources, lines)] == [False, False, True]
    assert in_all(sources, lines).unallocated == Decimal("0.00")


def test_balances_while_a_line_is_to_be_confirmed_only_its_source_cannot_be_said():
    sources = [source("a", "10.00"), source("b", "5.00")]
    lines = [line("a", None, "Scheme 3, line 1", "to_be_confirmed"), line("b", "2.00")]

    first, second = balances(sources, lines)

    assert (first.unallocated, first.because) == (
        None,
        "Cannot be said while Scheme 3, line 1 is to be confirmed",
    )
    assert (second.unallocated, second.because) == (Decimal("3.00"), "")
    assert in_all(sources, lines).because == first.because


def test_balances_of_lines_without_a_source_stand_by_themselves():
    found = balances([source("a", "10.00")], [line(None, "4.00")])

    assert [(each.name, each.unallocated) for each in found] == [
        ("Source a", Decimal("10.00")),
        (NO_SOURCE, Decimal("-4.00")),
    ]


def test_in_all_without_any_source_says_so():
    assert in_all([], [line(None, "4.00")]).because == "Cannot be said while no source is entered"


def test_in_all_with_a_source_that_is_not_stated_names_it():
    found = in_all([source("a", None, "not_stated"), source("b", "1.00")], [])

    assert (found.income, found.unallocated) == (None, None)
    assert found.because == "Cannot be said while Source a is not stated"


@given(
    st.dictionaries(KEYS, AMOUNTS, min_size=1),
    st.lists(st.tuples(st.one_of(st.none(), KEYS), AMOUNTS), max_size=20),
)
def test_balances_add_up_to_the_whole_whatever_the_lines(incomes, given_lines):
    sources = [source(key, amount) for key, amount in incomes.items()]
    lines = [line(key, amount) for key, amount in given_lines]

    parts = balances(sources, lines)

    assert sum(part.unallocated for part in parts) == in_all(sources, lines).unallocated
    assert sum(part.in_lines for part in parts) == sum((each.budget for each in lines), Decimal(0))
