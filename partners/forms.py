"""Shapes of what is typed about accounts and in the filters. Sign-in forms are allauth's, in this project's words."""

from collections.abc import Iterable
from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from integration_hub.core.formfields import DateField, RadioSelect
from integration_hub.core.formrendering import HubBoundField
from partners.domain.roles import Role
from partners.models.organisation import KINDS
from partners.services import mail
from partners.services.tokens import DAYS_AT_MOST, READ_AND_WRITE, READ_ONLY

ADDRESS = "E-mail address"
NEW_HINT = (
    "At least 12 characters; three words that do not belong together are good. Not a common password, nor one made of "
    "your name or e-mail address."
)
CODE_WIDGET = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}


def describe(field: forms.Field, label: str, *, hint: str = "", required: str = "", **attrs: str) -> None:
    """Give a field of allauth's our words; a placeholder that vanishes is no label."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)
    if required:
        field.error_messages["required"] = required


class SignInForm(account_forms.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self.fields["login"], ADDRESS, required="Enter your e-mail address", autocomplete="username")
        self.fields["login"].error_messages["invalid"] = "Enter an e-mail address, such as name@council.gov.uk"
        describe(self.fields["password"], "Password", required="Enter your password")

    @property
    def locked_for(self) -> int:
        """Seconds until the account opens again; 0 where it is not locked."""
        errors = self.errors.as_data().get("__all__", [])
        return next((error.params["seconds"] for error in errors if error.code == "locked_out"), 0)


class AskForPasswordForm(account_forms.ResetPasswordForm):
    """The address to which the link for a new password goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self.fields["email"], ADDRESS, required="Enter your e-mail address", autocomplete="username")
        self.fields["email"].error_messages["invalid"] = "Enter an e-mail address, such as name@council.gov.uk"

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Ask for a mail either way, so that neither the page nor its speed tells who has an account."""
        email: str = self.cleaned_data["email"]
        mail.ask_for_password_mail(
            email=email,
            person=next(iter(self.users), None),
            site=request.build_absolute_uri("/"),
            at=timezone.now(),
        )
        return email


class _NewPassword:
    """The two boxes for a new password."""

    fields: dict[str, forms.Field]

    def describe_new_password(self) -> None:
        describe(self.fields["password1"], "New password", hint=NEW_HINT, required="Enter the new password")
        describe(self.fields["password2"], "New password again", required="Enter the new password again")


class SetPasswordForm(_NewPassword, account_forms.ResetPasswordKeyForm):
    """A new password, after the link in the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.describe_new_password()


class ChangePasswordForm(_NewPassword, account_forms.ChangePasswordForm):
    """The password now, and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self.fields["oldpassword"], "Your password now", required="Enter your password now")
        self.describe_new_password()


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """The password once more, before something about the account changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self.fields["password"], "Password", required="Enter your password")


class CodeForm(mfa_forms.AuthenticateForm):
    """The second factor at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe_code(self.fields["code"], recovery=True)


class CodeAgainForm(mfa_forms.ReauthenticateForm):
    """The second factor once more, before something about the account changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe_code(self.fields["code"], recovery=True)


class ActivateForm(totp_forms.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe_code(self.fields["code"], recovery=False)


def describe_code(field: forms.Field, *, recovery: bool) -> None:
    """The words of a box for a code of the app or, where they count, a recovery code."""
    hint = "Six digits. Without your app: one of your recovery codes, eight digits." if recovery else "Six digits."
    describe(field, "Code from your authenticator app", hint=hint, required="Enter the code", **CODE_WIDGET)


class TokenForm(forms.Form):
    """A token to be made."""

    name = forms.CharField(
        label="What it is for",
        help_text="For example, monthly figures from the finance system",
        max_length=80,
        error_messages={"required": "Enter what the token is for"},
    )
    scope = forms.ChoiceField(
        label="What it may do",
        choices=[("read", "Read"), ("write", "Read and write")],
        widget=RadioSelect(
            hints={"read": "See what you can see", "write": "Also enter and change what your roles let you change"}
        ),
        error_messages={"required": "Choose what the token may do"},
    )
    days = forms.IntegerField(
        label="For how many days",
        help_text=f"1 to {DAYS_AT_MOST}",
        min_value=1,
        max_value=DAYS_AT_MOST,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        error_messages={
            "required": f"Enter for how many days, 1 to {DAYS_AT_MOST}",
            "invalid": f"Enter a whole number of days, 1 to {DAYS_AT_MOST}",
            "min_value": f"Enter 1 to {DAYS_AT_MOST} days",
            "max_value": f"Enter 1 to {DAYS_AT_MOST} days",
        },
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return READ_AND_WRITE if self.cleaned_data["scope"] == "write" else READ_ONLY


class FilterBoundField(HubBoundField):
    """A filter is never asked for, so its label need not say that it is optional."""

    @property
    def optional_label(self) -> str:
        return str(self.label)


class DirectoryFilter(forms.Form):
    """What narrows the directory of organisations."""

    bound_field_class = FilterBoundField

    name = forms.CharField(label="Name", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Every kind"), *KINDS.items()])


class AuditFilter(forms.Form):
    """What narrows the audit log of a partner."""

    bound_field_class = FilterBoundField

    since = DateField(label="From (day, month, year)", required=False, help_text="")
    until = DateField(label="To (day, month, year)", required=False, help_text="")
    kind = forms.ChoiceField(label="What happened", required=False)
    person = forms.ChoiceField(label="Who", required=False)
    about = forms.CharField(label="To what", required=False, max_length=100)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Everybody"), *people]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["kind"].choices = [("", "Everything"), *kinds]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise ValidationError("The first day is after the last. Change one of them.", code="in_order")
        return cleaned


class ViewAsForm(forms.Form):
    """As whom an administrator looks: a role of the partner, or one of its people."""

    role = forms.ChoiceField(
        label="A role",
        required=False,
        choices=[("", "No role"), *((role.value, role.words) for role in Role)],
        help_text="Somebody who holds this role alone, and has never done anything.",
    )
    person = forms.ChoiceField(
        label="A person",
        required=False,
        help_text="What they see as one of this partner's people: nothing of their other partners, nor of boards on "
        "which they sit.",
    )

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Nobody"), *people]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned["role"]) == bool(cleaned["person"]):
            raise ValidationError("Choose a role or a person, one of the two.", code="one_of_two")
        return cleaned
