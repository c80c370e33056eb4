"""Passwords that stand in lists of breached ones, asked of a range service by the first five digits of their hash."""

from django.conf import settings
from pwned_passwords_django.api import PwnedPasswords
from pwned_passwords_django.validators import PwnedPasswordsValidator

MESSAGE = "This password stands in lists of passwords that were stolen elsewhere. Choose another."


class RangeService(PwnedPasswords):
    """The service at BREACHED_PASSWORDS_URL: ours to choose, where the public one must not be asked."""

    @property
    def api_endpoint(self) -> str:
        return settings.BREACHED_PASSWORDS_URL.rstrip("/") + "/"


class BreachedPasswordValidator(PwnedPasswordsValidator):
    """Refuses breached passwords; where the service does not answer within a second, the common ones alone."""

    def __init__(self) -> None:
        super().__init__(error_message=MESSAGE, api_client=RangeService())
