"""Secrets are unreadable without the key, and outlive a change of key."""

import pytest
from pytest_django import Settings

from integration_hub.core import sealing

OTHER_KEY = "another key " * 5


def test_sealed_text_hides_the_secret_and_differs_each_time():
    first, second = sealing.seal("JBSWY3DP"), sealing.seal("JBSWY3DP")

    assert "JBSWY3DP" not in first
    assert first != second
    assert sealing.unseal(first) == sealing.unseal(second) == "JBSWY3DP"


def test_new_key_reads_what_the_earlier_sealed_while_that_is_named(settings: Settings):
    earlier = settings.SECRET_KEY
    sealed = sealing.seal("secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER_KEY, [earlier]

    again = sealing.reseal(sealed)
    settings.SECRET_KEY_FALLBACKS = []

    assert sealing.unseal(again) == "secret"
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealed)


@pytest.mark.parametrize("text", ["", "JBSWY3DP", "sealed:", "sealed:nonsense"])
def test_what_was_never_sealed_is_not_read(text):
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(text)
