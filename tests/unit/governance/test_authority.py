"""What an authority allows, on which day, for whom and up to how much."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.domain.authority import MATTER_WORDS, Authority, Holder, Matter, Named, Standing, check
from integration_hub.core.money import NIL

TREASURER = Standing("council", "approver", "section_151_officer")
DELEGATION = Authority(
    name="Delegation D1 by Southwark Council",
    matters=frozenset({Matter.VIREMENT}),
    decider="the board",
    starts_on=date(2014, 4, 1),
    ends_on=date(2015, 3, 31),
    limit=Decimal("50000.00"),
    total=Decimal("80000.00"),
    holder=Holder(
        "the Section 151 officer of Southwark Council", organisation="council", capacity="section_151_officer"
    ),
)
DAYS = st.dates(date(2014, 1, 1), date(2015, 12, 31))
# A busy machine makes no test fail.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
AMOUNTS = st.decimals(NIL, Decimal("99999999.99"), places=2)


def asked(authority=DELEGATION, **changes):
    usual = {
        "matter": Matter.VIREMENT,
        "amount": Decimal("50000.00"),
        "on": date(2014, 7, 14),
        "by_capacities": [TREASURER],
    }
    return check(authority, **(usual | changes))


def test_check_up_to_the_limit_allows():
    assert asked() is None


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"amount": Decimal("50000.01")}, "over_limit", "£50,000.00 for one movement, and this is £50,000.01"),
        ({"amount": Decimal("-50000.01")}, "over_limit", "this is £50,000.01"),
        ({"matter": Matter.SETTLEMENT}, "other_matter", "does not cover this: settle the year"),
        ({"on": date(2014, 3, 31)}, "not_yet", "holds from 1 April 2014"),
        ({"on": date(2015, 4, 1)}, "lapsed", "lapsed after 31 March 2015"),
        ({"by_capacities": []}, "not_the_holder", "the Section 151 officer of Southwark Council, which you are not"),
        ({"by_capacities": [Standing("ccg", "approver", "section_151_officer")]}, "not_the_holder", "not"),
        ({"by_capacities": [Standing("council", "approver")]}, "not_the_holder", "not"),
    ],
)
def test_check_outside_of_what_is_delegated_says_why_and_who_can_decide(changes, code, words):
    refusal = asked(**changes)

    assert refusal is not None
    assert (refusal.code, refusal.who_can_lift) == (code, "the board")
    assert words in refusal.message
    assert "Who can decide instead: the board." in refusal.message


def test_check_over_what_is_left_of_the_year_says_how_much_is_left():
    refusal = asked(replace(DELEGATION, used=Decimal("40000.00")), amount=Decimal("40000.01"))

    assert refusal is not None
    assert refusal.code == "over_total"
    assert "£80,000.00 in the financial year, of which £40,000.00 is used, so £40,000.00 is left" in refusal.message
    assert asked(replace(DELEGATION, used=Decimal("40000.00")), amount=Decimal("40000.00")) is None


def test_check_of_what_a_board_holds_asks_for_its_decision():
    refusal = asked(replace(DELEGATION, holder=Holder("Executive group", board="1")))

    assert refusal is not None
    assert refusal.code == "board_decides"


def test_check_without_an_amount_asks_for_no_limit():
    assert asked(amount=None, authority=replace(DELEGATION, limit=NIL, total=NIL)) is None


@patient
@given(day=DAYS, revoked=DAYS)
def test_a_revoked_authority_is_refused_from_that_day_and_not_before(day, revoked):
    open_ended = replace(DELEGATION, starts_on=date(2014, 1, 1), ends_on=None, ended_on=revoked, ended_because="Gone")
    refusal = asked(open_ended, on=day)

    assert (refusal is not None) == (day >= revoked)
    assert refusal is None or (refusal.code == "revoked" and ": Gone." in refusal.message)


@patient
@given(amount=AMOUNTS, limit=AMOUNTS, total=AMOUNTS, used=AMOUNTS)
def test_an_amount_is_allowed_exactly_within_both_limits(amount, limit, total, used):
    given_ = replace(DELEGATION, limit=limit, total=total, used=used)

    assert (asked(given_, amount=amount) is None) == (amount <= limit and (amount == 0 or used + amount <= total))


@patient
@given(key=st.uuids())
def test_what_a_form_carries_is_read_back(key):
    for named in (Named(decision=str(key)), Named(delegation=str(key)), Named()):
        assert Named.parse(str(named)) == named
    assert not Named.parse(f"meeting:{key}")
    assert not Named.parse("decision:")


def test_every_matter_has_words_and_a_holder_has_a_day_before_its_start():
    assert set(MATTER_WORDS) == set(Matter)
    assert asked(on=DELEGATION.starts_on) is None
    assert asked(on=DELEGATION.starts_on - timedelta(days=1)) is not None
