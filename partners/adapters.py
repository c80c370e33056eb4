"""How allauth works here: accounts by invitation, one lock-out for pages and API, plain words, an audit line each."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from partners.models import User
from partners.services import lockout, sign_in

WRONG = "The e-mail address or the password is not right. Check both, then try again."


class AccountAdapter(DefaultAccountAdapter):
    """allauth's account flows with this project's rules."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "incorrect_password": "This is not your password. Check it, then try again.",
        "enter_current_password": "This is not your password now. Check it, then try again.",
        "invalid_password_reset": "This link was used already, or is too old. Ask for a new one.",
        "too_many_login_attempts": "Too many wrong codes. Wait a quarter of an hour, then try again.",
        "rate_limited": "Too many tries. Wait a minute, then try again.",
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
        methods = {record.get("method") for record in get_authentication_records(request, user)}
        sign_in.record_signed_in(person=user, second_factor="mfa" in methods, at=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            sign_in.record_own_change("person.signed_out", person=request.user, at=timezone.now())
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        sign_in.record_own_change("person.password_changed", person=user, at=timezone.now())
        lockout.lift(user.email)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("partners:account")

    def format_email_subject(self, subject: str) -> str:
        return f"Integration Hub: {subject}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Plain words for what can go wrong with a code."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right. Wait for the next one in your app, then enter that.",
        "cannot_generate_recovery_codes": "Recovery codes belong to a second factor. Set one up first.",
        "cannot_delete_authenticator": "The second factor cannot be removed now.",
    }
