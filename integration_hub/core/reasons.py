"""The reason that is asked for where something locked is opened, ended or corrected. It stands in the audit line."""

from integration_hub.core.errors import HubError

LONGEST = 1000


class ReasonMissing(HubError):
    """An act that nobody should have to guess about later was asked for without its reason."""

    code = "reason_missing"
    http_status = 400


def given(reason: str, *, ask: str) -> str:
    """The reason without spaces around it, of at most LONGEST characters.

    Raises ReasonMissing with `ask`, which says what to write, or with what is wrong with it.
    """
    words = reason.strip()
    if not words:
        raise ReasonMissing(ask, field="reason")
    if "\x00" in words:
        raise ReasonMissing("The reason holds a sign that cannot be kept. Type it again.", field="reason")
    if len(words) > LONGEST:
        raise ReasonMissing(
            f"The reason has {len(words):,} characters, more than {LONGEST:,}. Shorten it.", field="reason"
        )
    return words
