import pytest

from integration_hub.core import reasons


@pytest.mark.parametrize(
    ("typed", "says"),
    [(" \n", "Say why"), ("a\x00b", "a sign that cannot be kept"), ("x" * 1001, "1,001 characters")],
)
def test_a_reason_that_says_nothing_or_cannot_be_kept_is_refused(typed, says):
    with pytest.raises(reasons.ReasonMissing, match=says) as refusal:
        reasons.given(typed, ask="Say why.")
    assert refusal.value.field == "reason"


def test_a_reason_is_kept_without_the_blanks_around_it():
    assert reasons.given("  Late invoices ", ask="Say why.") == "Late invoices"
