"""Money between schemes: the total stays, nothing goes below nil, and no source is left."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration_hub.core.money import NIL
from pooled_budgets.domain.virement import Line, moved, obstacle

RICH = Line("Scheme 1: Reablement", 1, Decimal("500.00"), source="nhs", source_words="NHS minimum")
POOR = Line("Scheme 2: Carers", 2, NIL, source="nhs", source_words="NHS minimum")
DISABLED = Line("Scheme 3: Adaptations", 3, Decimal("10.00"), source="dfg", source_words="Disabled Facilities Grant")
# A busy machine makes no test fail.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
AMOUNTS = st.decimals(Decimal("0.01"), Decimal("1000.00"), places=2)


@pytest.mark.parametrize(
    ("source", "target", "amount", "code", "field"),
    [
        (RICH, POOR, NIL, "nothing", "amount"),
        (RICH, POOR, Decimal("-1.00"), "nothing", "amount"),
        (RICH, replace(POOR, scheme=1), Decimal("1.00"), "same_scheme", "to_line"),
        (replace(RICH, budget=None), POOR, Decimal("1.00"), "not_stated", "from_line"),
        (RICH, replace(POOR, budget=None), Decimal("1.00"), "not_stated", "to_line"),
        (RICH, DISABLED, Decimal("1.00"), "ring_fence", "to_line"),
        (RICH, replace(POOR, source=None), Decimal("1.00"), "ring_fence", "to_line"),
        (RICH, POOR, Decimal("500.01"), "below_nil", "amount"),
        (replace(RICH, spent=Decimal("400.00")), POOR, Decimal("100.01"), "below_spent", "amount"),
        (replace(RICH, spent=Decimal("600.00")), POOR, Decimal("0.01"), "below_spent", "amount"),
    ],
)
def test_what_stands_in_the_way_is_named_with_its_field(source, target, amount, code, field):
    found = obstacle(source, target, amount)

    assert found is not None
    assert (found.code, found.field) == (code, field)


def test_a_ring_fence_is_named_on_both_sides():
    found = obstacle(RICH, DISABLED, Decimal("1.00"))

    assert found is not None
    assert "NHS minimum" in found.message
    assert "Disabled Facilities Grant" in found.message


@pytest.mark.parametrize(
    ("source", "amount"),
    [(RICH, "500.00"), (replace(RICH, spent=Decimal("400.00")), "100.00"), (replace(RICH, spent=NIL), "500.00")],
)
def test_up_to_the_whole_of_what_is_free_can_move(source, amount):
    assert obstacle(source, POOR, Decimal(amount)) is None


@patient
@given(
    budgets=st.lists(st.decimals(NIL, Decimal("1000.00"), places=2), min_size=2, max_size=8),
    moves=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), AMOUNTS), max_size=20),
)
def test_whatever_may_move_leaves_the_total_and_takes_no_line_below_nil(budgets, moves):
    now = dict(enumerate(budgets))
    done = []
    for source, target, amount in moves:
        source, target = source % len(now), target % len(now)
        lines = [Line(f"Line {key}", key, now[key]) for key in (source, target)]
        if obstacle(*lines, amount) is None:
            now = moved(now, [(source, target, amount)])
            done.append((source, target, amount))
        assert min(now.values()) >= NIL
        assert sum(now.values()) == sum(budgets)

    # Original + virements, in one go.
    assert moved(dict(enumerate(budgets)), done) == now
