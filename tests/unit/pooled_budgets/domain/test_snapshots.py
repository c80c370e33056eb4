"""What was projected at a month end, by scheme."""

from decimal import Decimal

from pooled_budgets.domain.snapshots import KeptLine, by_scheme, whole


def test_a_scheme_is_the_sum_of_its_lines_and_not_known_where_one_is_not():
    scheme_of = {"a": "Care", "b": "Care", "c": "Beds"}
    kept = [
        KeptLine("a", "1. Care", Decimal("52.50")),
        KeptLine("b", "1. Care, line 2", Decimal("10.00")),
        KeptLine("c", "2. Beds", None),
        KeptLine("gone", "3. Ended", Decimal("1.00")),
    ]

    assert by_scheme(kept, scheme_of) == {"Care": Decimal("62.50"), "Beds": None, "3. Ended": Decimal("1.00")}
    assert whole([Decimal("1.00"), None]) is None
    assert whole([]) is None
