import copy
from datetime import date
from typing import Any

import pytest

from bcf_metrics.domain import datafiles, policy_years, templates
from bcf_metrics.domain.progress import Basis, Better
from bcf_metrics.domain.shapes import ShapeError


@pytest.fixture
def data() -> dict[str, Any]:
    path = datafiles.DATA / policy_years.FOLDER / "2015-16.yaml"
    return copy.deepcopy(datafiles.read(path))


def test_load_all_has_each_year_from_2014_to_2026_once_and_in_order() -> None:
    years = policy_years.load_all()

    assert [year.financial_year for year in years] == list(range(2014, 2027))
    assert [year.code for year in years] == datafiles.codes(policy_years.FOLDER)
    assert [year.code for year in years if not year.loaded] == ["2026-27"]
    assert [year.code for year in years if year.return_template] == ["2014-15", "2015-16", "2025-26"]


def test_load_a_loaded_year_names_a_template_that_ships_or_says_that_there_is_none() -> None:
    for year in policy_years.load_all():
        if not year.loaded:
            continue
        assert {period.quarter for period in year.reporting_periods} == {1, 2, 3, 4}
        if year.return_template:
            assert templates.load(year.return_template).code == year.return_template
        else:
            assert "not loaded" in year.layout_note


@pytest.mark.parametrize(
    ("code", "codes"),
    [
        ("2016-17", ["NEA", "DTOC_DAYS", "RES65", "REABL91", "LOCAL", "PX"]),
        ("2017-18", ["NEA", "DTOC_DAYS", "RES65", "REABL91"]),
        ("2019-20", ["NEA", "DTOC_DAYS", "RES65", "REABL91"]),
        ("2020-21", []),
        ("2021-22", ["AVOID_ADM", "LOS14", "LOS21", "HOME_DISCH", "RES65", "REABL91"]),
        ("2022-23", ["AVOID_ADM", "HOME_DISCH", "RES65", "REABL91"]),
        ("2023-24", ["AVOID_ADM", "FALLS65", "HOME_DISCH", "RES65", "REABL91"]),
        ("2024-25", ["AVOID_ADM", "FALLS65", "HOME_DISCH", "RES65"]),
    ],
)
def test_load_has_the_metrics_of_each_year(code: str, codes: list[str]) -> None:
    assert [metric.code for metric in policy_years.load(code).metrics] == codes


def test_load_gives_due_dates_with_their_marks_and_none_that_is_not_known() -> None:
    due = {
        (year.code, period.quarter): (str(period.due_on), period.checked)
        for year in policy_years.load_all()
        for period in year.reporting_periods
        if period.due_on
    }

    assert due["2016-17", 2] == ("2016-11-25", True)
    assert due["2018-19", 4] == ("2019-04-18", False)
    assert due["2023-24", 4] == ("2024-05-23", True)
    assert due["2024-25", 3] == ("2025-02-14", True)
    assert ("2024-25", 4) not in due
    assert not any(code == "2025-26" for code, _ in due)


def test_load_2014_15_has_no_national_return_for_quarter_1_and_says_so() -> None:
    year = policy_years.load("2014-15")

    first = year.reporting_periods[0]
    assert (first.national_return, first.due_on) == (False, None)
    assert "no national return for quarter 1" in year.layout_note
    assert year.return_template == "2015-16"


def test_load_2014_15_judges_each_metric_as_the_southwark_paper_does() -> None:
    metrics = {metric.code: metric for metric in policy_years.load("2014-15").metrics}

    assert {code: (m.better, m.basis) for code, m in metrics.items()} == {
        "RES65": (Better.LOWER, Basis.CUMULATIVE),
        "DTOC_DAYS": (Better.LOWER, Basis.SAME_PERIOD),
        "REABL91": (Better.HIGHER, Basis.POINT),
        "AVOID_ADM": (Better.LOWER, Basis.AVERAGE),
        "LOCAL": (Better.HIGHER, Basis.POINT),
        "PX": (Better.HIGHER, Basis.POINT),
    }


def test_load_2015_16_marks_only_the_due_date_that_was_read() -> None:
    periods = policy_years.load("2015-16").reporting_periods

    assert [(period.due_on, period.checked) for period in periods] == [
        (date(2015, 8, 28), False),
        (date(2015, 11, 27), False),
        (date(2016, 2, 26), False),
        (date(2016, 5, 27), True),
    ]
    assert periods[3].due_by == "midday"


def test_load_texts_fit_the_columns_that_will_hold_them() -> None:
    for year in policy_years.load_all():
        for metric in year.metrics:
            texts = (metric.name, metric.numerator, metric.denominator, metric.source, metric.lag_note)
            assert max(len(words) for words in texts) <= 200
            assert len(metric.unit) <= 60


def test_parse_of_a_year_not_loaded_takes_nothing_but_its_dates_and_note(data: dict[str, Any]) -> None:
    data["loaded"] = False

    with pytest.raises(ShapeError, match="unknown key 'metrics'"):
        policy_years.parse(data, name="2015-16.yaml")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"starts_on": date(2015, 4, 2)}, "2015 runs from 1 April to 31 March"),
        ({"kind": "unheard"}, "kind: expected one of preparatory"),
    ],
)
def test_parse_of_a_wrong_value_is_refused(data: dict[str, Any], change: dict[str, Any], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        policy_years.parse(data | change, name="2015-16.yaml")


@pytest.mark.parametrize("key", ["funding_streams", "national_conditions", "metrics", "reporting_periods"])
def test_parse_of_a_row_given_twice_is_refused(data: dict[str, Any], key: str) -> None:
    data[key].append(data[key][0])

    with pytest.raises(ShapeError, match=f"{key}: .* is given twice"):
        policy_years.parse(data, name="2015-16.yaml")
