from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_hub.core import money
from integration_hub.core.money import MoneyError, from_cell, parse_pounds, split_largest_remainder, suggest_for_total

SCHEME_BUDGETS = [Decimal(n) for n in (5_621_000, 1_200_000, 402_000, 500_000, 520_000, 500_000)]

pence = st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1)
amounts = pence.map(lambda number: Decimal(number).scaleb(-2))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5621000", "5621000.00"),
        ("5,621,000", "5621000.00"),
        ("£5,621,000.00", "5621000.00"),
        (" £ 1,234.5 ", "1234.50"),
        ("\N{NO-BREAK SPACE}£214,000\N{NO-BREAK SPACE}", "214000.00"),
        (".5", "0.50"),
        ("007", "7.00"),
        ("0", "0.00"),
        ("-0.00", "0.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_parse_pounds_written_usually_gives_two_places(text, expected):
    amount = parse_pounds(text)

    assert str(amount) == expected


@pytest.mark.parametrize(
    "text",
    [
        "-1234",
        "\N{MINUS SIGN}1,234",
        "\N{EN DASH}£1,234.00",
        "£-1,234",
        "(1,234.00)",
        "(£1,234)",
        "£(1,234)",
        "£ - 1,234",
    ],
)
def test_parse_pounds_below_nil_is_read_only_where_it_may_be(text):
    assert parse_pounds(text, negative=True) == Decimal("-1234.00")
    with pytest.raises(MoneyError) as refusal:
        parse_pounds(text)
    assert refusal.value.code == "negative"


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "empty", "Write 0.00 if you mean nil"),
        (" \t ", "empty", "Write 0.00 if you mean nil"),
        ("tbc", "not_a_number", '"tbc"'),
        ("-", "not_a_number", "0.00 if you mean nil"),
        ("£", "not_a_number", "digits"),
        ("££5", "not_a_number", "digits"),
        ("--5", "not_a_number", "digits"),
        ("-(5)", "not_a_number", "digits"),
        ("5.", "not_a_number", "digits"),
        ("1.2.3", "not_a_number", "digits"),
        ("+5", "not_a_number", "digits"),
        ("7%", "not_a_number", "digits"),
        ("NaN", "not_a_number", '"NaN"'),
        ("inf", "not_a_number", '"inf"'),
        ("\N{ARABIC-INDIC DIGIT THREE}", "not_a_number", "digits"),
        ("£214,00", "thousands", "214,00, with 2 digits (00) after a comma"),
        ("1234,567", "thousands", "4 digits before the first comma"),
        ("0,123", "thousands", "begins with 0"),
        ("5,", "thousands", "no digits after a comma"),
        ("1.234,56", "thousands", "comma after the decimal point"),
        ("1,,234", "thousands", "groups of three digits"),
        ("1.005", "decimals", "3 decimals"),
        ("1e6", "exponent", "Write it out in full"),
        ("5.6E+06", "exponent", "Write it out in full"),
        ("£40k", "suffix", "40,000.00 for 40k"),
        ("1.5m", "suffix", "1,500,000.00 for 1.5m"),
        ("2 million", "suffix", '"million"'),
        ("$5", "currency", "in pounds"),
        ("5€", "currency", "in pounds"),
        ("1 234 567", "spaces", "spaces between the digits"),
        ("1000000000000", "too_large", "999,999,999,999.99"),
    ],
)
@pytest.mark.parametrize("negative", [False, True])
def test_parse_pounds_unclear_is_refused_with_what_to_do(text, code, says, negative):
    with pytest.raises(MoneyError) as refusal:
        parse_pounds(text, negative=negative)

    assert refusal.value.code == code
    assert says in refusal.value.message
    assert refusal.value.value == text


def test_parse_pounds_endless_text_is_quoted_short():
    with pytest.raises(MoneyError) as refusal:
        parse_pounds("x\x00" * 5000)

    assert len(refusal.value.message) < 200
    assert "\x00" not in refusal.value.message


@given(amounts)
def test_parse_pounds_of_what_was_printed_gives_the_amount_back(amount):
    assert parse_pounds(money.pounds(amount), negative=True) == amount
    assert parse_pounds(money.as_plain(amount), negative=True) == amount


@given(st.text(max_size=30), st.booleans())
def test_parse_pounds_of_any_text_gives_two_places_or_a_refusal(text, negative):
    try:
        amount = parse_pounds(text, negative=negative)
    except MoneyError:
        return
    assert amount.as_tuple().exponent == -2
    assert negative or amount >= 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, "5.00"),
        (0.07, "0.07"),
        (0.1 + 0.2, "0.30"),
        (8_957_000.0, "8957000.00"),
        (123_456_789_012.35, "123456789012.35"),
        (-0.0, "0.00"),
        (Decimal("214000"), "214000.00"),
        ("£1,234.50", "1234.50"),
    ],
)
def test_from_cell_number_keeps_its_pennies(value, expected):
    assert str(from_cell(value)) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "empty"),
        (True, "boolean"),
        (False, "boolean"),
        (date(2014, 7, 28), "date"),
        (1.005, "decimals"),
        (12.34001, "decimals"),
        (Decimal("0.001"), "decimals"),
        (float("nan"), "not_a_number"),
        (float("inf"), "not_a_number"),
        (1e300, "too_large"),
        (10**400, "too_large"),
        (-5, "negative"),
        (object(), "not_a_number"),
    ],
)
def test_from_cell_not_an_amount_is_refused(value, code):
    with pytest.raises(MoneyError) as refusal:
        from_cell(value)

    assert refusal.value.code == code


@given(amounts)
def test_from_cell_of_the_float_of_an_amount_gives_the_amount_back(amount):
    assert from_cell(float(amount), negative=True) == amount


@given(st.lists(st.integers(min_value=0, max_value=10**9).map(lambda n: n / 100), min_size=1, max_size=20))
def test_from_cell_of_a_column_added_up_in_floats_gives_the_exact_total(column):
    assert from_cell(sum(column)) == sum((Decimal(repr(value)) for value in column), Decimal(0))


def test_suggest_for_total_one_unread_cell_gives_what_the_printed_total_proves():
    column = [*SCHEME_BUDGETS, None]

    assert suggest_for_total(column, Decimal("8957000")) == Decimal("214000")


@pytest.mark.parametrize(
    ("column", "total"),
    [
        (SCHEME_BUDGETS, Decimal("8957000")),
        ([*SCHEME_BUDGETS, None, None], Decimal("8957000")),
        ([*SCHEME_BUDGETS, None], Decimal("1.00")),
    ],
)
def test_suggest_for_total_nothing_to_prove_gives_none(column, total):
    assert suggest_for_total(column, total) is None


def test_suggest_for_total_column_with_credits_may_give_a_credit():
    assert suggest_for_total([Decimal("-5.00"), None], Decimal("-8.00")) == Decimal("-3.00")


def test_printing_amounts_uses_a_true_minus_for_people_and_a_hyphen_for_programs():
    loss = Decimal("-1234.5")

    assert money.pounds(Decimal("8957000")) == "£8,957,000.00"
    assert money.pounds(loss) == "\N{MINUS SIGN}£1,234.50"
    assert money.signed(-loss) == "+£1,234.50"
    assert money.signed(loss) == "\N{MINUS SIGN}£1,234.50"
    assert money.signed(Decimal("-0.00")) == "£0.00"
    assert money.as_plain(loss) == "-1234.50"


@pytest.mark.parametrize("amount", [Decimal("0.005"), Decimal("NaN"), Decimal("Infinity")])
def test_printing_less_than_a_penny_is_refused_not_rounded(amount):
    with pytest.raises(MoneyError):
        money.pounds(amount)


def test_total_of_nothing_is_nil_with_two_places():
    assert str(money.total([])) == "0.00"


def test_split_thirds_gives_left_penny_to_first_in_tie_order():
    weights = dict.fromkeys(("council", "ccg", "trust"), Decimal(40_000))

    shares = split_largest_remainder(Decimal("100.00"), weights, tie_order=["ccg", "council", "trust"])

    assert shares == {"council": Decimal("33.33"), "ccg": Decimal("33.34"), "trust": Decimal("33.33")}
    assert list(shares) == ["council", "ccg", "trust"]


def test_split_by_contributions_follows_the_worked_example():
    weights = {"council": Decimal("6000000.00"), "ccg": Decimal("10753000.00")}

    shares = split_largest_remainder(Decimal("100000.01"), weights, tie_order=["ccg", "council"])

    assert shares == {"council": Decimal("35814.48"), "ccg": Decimal("64185.53")}


@pytest.mark.parametrize(
    ("weights", "tie_order", "code"),
    [
        ({}, [], "weights"),
        ({"council": Decimal(0)}, ["council"], "weights"),
        ({"council": Decimal(-1), "ccg": Decimal(2)}, ["council", "ccg"], "weights"),
        ({"council": Decimal("NaN")}, ["council"], "weights"),
        ({"council": Decimal(1), "ccg": Decimal(1)}, ["council"], "tie_order"),
    ],
)
def test_split_by_weights_that_cannot_share_is_refused(weights, tie_order, code):
    with pytest.raises(MoneyError) as refusal:
        split_largest_remainder(Decimal("10.00"), weights, tie_order=tie_order)

    assert refusal.value.code == code


@given(
    amounts,
    st.dictionaries(st.text(min_size=1, max_size=3), st.decimals(0, 10**9, places=2), min_size=1, max_size=8),
)
def test_split_any_amount_adds_up_and_stays_within_a_penny_of_exact(amount, weights):
    weights["last"] = Decimal("1.00")
    tie_order = sorted(weights)

    shares = split_largest_remainder(amount, weights, tie_order=tie_order)

    assert sum(shares.values()) == amount
    whole = sum(map(Fraction, weights.values()))
    for key, weight in weights.items():
        exact = Fraction(amount) * Fraction(weight) / whole
        assert abs(Fraction(shares[key]) - exact) < Fraction(1, 100)
        assert shares[key].as_tuple().exponent == -2
    negated = split_largest_remainder(-amount, weights, tie_order=tie_order)
    assert negated == {key: -share for key, share in shares.items()}
