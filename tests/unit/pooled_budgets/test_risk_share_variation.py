"""Under a signed agreement rules begin with one of its versions, and with nothing else."""

from datetime import date

import pytest

from pooled_budgets import policies
from pooled_budgets.domain.risk_share.inputs import FundFigures
from pooled_budgets.models import AgreementVersion
from pooled_budgets.presenters.risk_share_rules import read_back


def versions(*days: date) -> list[AgreementVersion]:
    return [AgreementVersion(number=number, effective_from=day) for number, day in enumerate(days, start=1)]


def test_rules_begin_with_the_last_version_of_their_day_and_are_free_where_nothing_is_signed():
    signed = versions(date(2014, 4, 1), date(2014, 10, 1), date(2014, 10, 1))

    assert policies.check_variation_brings_rules(signed, date(2014, 10, 1)) is signed[2]
    assert policies.check_variation_brings_rules([], date(2014, 5, 1)) is None


def test_rules_on_any_other_day_are_refused_with_the_days_that_there_are():
    with pytest.raises(policies.NoVariation, match="1 April 2014") as refused:
        policies.check_variation_brings_rules(versions(date(2014, 4, 1)), date(2014, 5, 1))

    assert refused.value.field == "effective_from"
    assert refused.value.who_can_lift == "The parties, by signing a variation"


def test_where_every_version_has_rules_a_variation_comes_first_and_no_day_is_offered():
    signed = versions(date(2014, 4, 1), date(2014, 10, 1))

    with pytest.raises(policies.NoVariation, match="No version is left: have a variation signed first"):
        policies.check_variation_brings_rules(signed, date(2014, 10, 1), after=date(2014, 10, 1))
    with pytest.raises(policies.NoVariation, match=r"begin \(1 October 2014\), or have a variation"):
        policies.check_variation_brings_rules(signed, date(2014, 11, 1), after=date(2014, 4, 1))


def test_rules_of_an_agreement_that_no_partner_is_left_in_are_told_as_not_fitting():
    figures = FundFigures(partners={}, names={}, schemes=())

    told = read_back(figures, [{"name": "All", "overspend": [{"method": "contributions"}]}])

    assert [group.name for group in told] == ["These rules do not fit this fund"]
