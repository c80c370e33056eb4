"""How allauth works here: accounts by invitation, one lock-out for pages and API, plain words, an audit line each."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from integration_hub.core import sealing
from partners.models import User
from partners.requests import session_of, shown_by_provider, whence
from partners.selectors import memberships
from partners.services import lockout, sessions, sign_in

NEW_PASSWORD = "the password changed"  # noqa: S105  # a reason, not a password
WRONG = "The e-mail address or the password is not right. Check both, then try again."


class AccountAdapter(DefaultAccountAdapter):
    """allauth's account flows with this project's rules."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "incorrect_password": "This is not your password. Check it, then try again.",
        "enter_current_password": "This is not your password now. Check it, then try again.",
        "invalid_password_reset": "This link was used already, or is too old. Ask for a new one.",
        # An address's limit (settings.ACCOUNT_RATE_LIMITS); services.lockout has the words for an account's own.
        "too_many_login_attempts": "Too many tries from your network within a minute. Wait a minute, then try again.",
        "rate_limited": "Too many tries from your network within a minute. Wait a minute, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person, or None; counted by services.lockout instead of allauth's own limits."""
        email, password = str(credentials.get("email", "")), str(credentials.get("password", ""))
        try:
            return sign_in.check_password(email=email, password=password, request=request, at=timezone.now())
        except lockout.LockedOut as refusal:
            raise ValidationError(refusal.message, code=refusal.code, params={"seconds": refusal.seconds}) from refusal

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether this is the password of the person who is signed in; counted in the same way."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        session_of(request).start(**whence(request))
        methods = {record.get("method") for record in get_authentication_records(request, user)}
        sign_in.record_signed_in(
            person=user,
            second_factor="mfa" in methods,
            by_provider="single_sign_on" in methods,
            at=timezone.now(),
        )

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            sign_in.record_own_change("person.signed_out", person=request.user, at=timezone.now())
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        now = timezone.now()
        sign_in.record_own_change("person.password_changed", person=user, at=now)
        # The change makes their keys worthless anyhow; ended, they also leave the list.
        if self.request.user == user:
            sessions.end_others(this=self.request.session.session_key or "", by=user, at=now, reason=NEW_PASSWORD)
        else:
            sessions.end_all(person=user, reason=NEW_PASSWORD, by=user, at=now)
        lockout.lift(user.email)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("partners:account")

    def format_email_subject(self, subject: str) -> str:
        return f"Integration Hub: {subject}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets sealed in the database, and plain words for what can go wrong with a code."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This is not right. Wait for the next code in your app, or use a key of this account.",
        "cannot_generate_recovery_codes": "Recovery codes belong to a second factor. Set one up first.",
        "cannot_delete_authenticator": "The second factor cannot be removed now.",
    }

    def is_mfa_enabled(self, user: User, types: Any = None) -> bool:
        # Asked during sign-in, this means: ask for our second factor too. A provider that has just shown one is enough.
        request = context.request
        if not request.user.is_authenticated and shown_by_provider(request, user):
            return False
        return bool(super().is_mfa_enabled(user, types=types))

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        return f"Key {memberships.count_of_second_factors(user) + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # The browser shows this name; the host alone decides where the key works.
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)
