from decimal import Decimal

import pytest

from pooled_budgets.domain.payment_for_performance import performance

BASELINE = (8_000, 8_100, 8_050, 8_200)
PLANNED = (283, 283, 283, 283)


def paid(actual, **kwargs):
    return [
        None if each.paid is None else str(each.paid)
        for each in performance(BASELINE, PLANNED, actual, **kwargs).quarters
    ]


def test_fund_is_the_planned_reduction_at_the_unit():
    assert performance(BASELINE, PLANNED, (None,) * 4).fund == Decimal("1686680.00")


def test_good_year_releases_the_whole_fund_without_claw_back():
    year = performance(BASELINE, PLANNED, (7_800, 7_700, 8_100, 7_600))

    assert [str(each.paid) for each in year.quarters] == ["298000.00", "545340.00", "0.00", "843340.00"]
    assert (year.released, year.retained) == (Decimal("1686680.00"), Decimal("0.00"))


def test_weak_year_leaves_the_rest_with_the_nhs():
    year = performance(BASELINE, PLANNED, (7_950, 8_080, 8_010, 8_100))

    assert [str(each.paid) for each in year.quarters] == ["74500.00", "29800.00", "59600.00", "149000.00"]
    assert year.retained == Decimal("1373780.00")


def test_without_the_cap_to_date_an_early_fall_is_paid_at_once():
    # 600 fewer by quarter 2, where 566 were planned; never more than the year's 1,132.
    assert paid((7_800, 7_700, 8_100, 7_600), capped_at_plan_to_date=False)[1] == "596000.00"
    assert paid((0, 8_100, 8_050, 8_200), capped_at_plan_to_date=False) == ["1686680.00", "0.00", "0.00", "0.00"]


def test_rise_pays_nothing_and_takes_nothing_back():
    assert paid((9_000, 9_000, 9_000, 9_000)) == ["0.00"] * 4


def test_missing_count_leaves_that_quarter_and_later_ones_open():
    year = performance(BASELINE, PLANNED, (7_800, None, 8_100, 7_600))

    assert [each.paid for each in year.quarters] == [Decimal("298000.00"), None, None, None]
    assert not year.is_complete
    assert year.quarters[2].reduction_to_date is None


def test_unit_may_be_another():
    assert paid((7_999, 8_100, 8_050, 8_200), unit=Decimal("1490.01"))[0] == "1490.01"


@pytest.mark.parametrize(
    ("planned", "actual"), [((1, 1, 1), (1, 1, 1, 1)), ((1, 1, 1, 1), (1,)), ((1, 1, 1, -1), (1, 1, 1, 1))]
)
def test_series_that_do_not_fit_are_refused(planned, actual):
    with pytest.raises(ValueError, match=r"same quarters|0 or more"):
        performance(BASELINE, planned, actual)
