"""When somebody may change something about their own account."""

from integration_hub.core.errors import HubError
from partners.models import SingleSignOn, User

TOKENS_AT_MOST = 20


class SharedAccount(HubError):
    """A demonstration account belongs to everybody who tries the demonstration."""

    code = "demonstration_account"


class TooManyTokens(HubError):
    """A person keeps a number of tokens that they can still oversee."""

    code = "too_many_tokens"


class SecondFactorRequired(HubError):
    """What was asked is for people who have shown a second factor, or need none."""

    code = "second_factor_required"
    http_status = 403


class ShowsNoAddress(HubError):
    """The provider sends no e-mail address by which a person could be known at their first sign-in."""

    code = "shows_no_address"


def check_single_sign_on_shows_who(provider: SingleSignOn, *, subject: str) -> None:
    """Raise ShowsNoAddress where only the provider's own id for a person could link them, and none is given."""
    if not subject and not provider.address_claim:
        raise ShowsNoAddress(
            f"{provider.name} sends no e-mail addresses. Enter the id that it has for this person.", field="subject"
        )


def check_own_account(person: User) -> None:
    """Raise SharedAccount for a demonstration account, whose password and second factor stay as they are."""
    if person.is_demonstration:
        raise SharedAccount(
            "This is a demonstration account, which everybody who tries the demonstration shares, so its password and "
            "second factor cannot be changed. Sign in with an account of your own to do that."
        )


def check_room_for_token(count: int) -> None:
    """Raise TooManyTokens where the person already has as many as they may."""
    if count >= TOKENS_AT_MOST:
        raise TooManyTokens(
            f"You have {count} tokens, and {TOKENS_AT_MOST} is the most. Revoke one, then make this one."
        )
