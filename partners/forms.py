"""Shapes of what is typed about accounts and in the filters. Sign-in forms are allauth's, in this project's words."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils import timezone

from integration_hub.core.dates import long_date
from integration_hub.core.formfields import CheckboxSelectMultiple, DateField, RadioSelect
from integration_hub.core.formrendering import HubBoundField
from partners.domain import scopes
from partners.domain.capacities import Capacity
from partners.domain.codes import SCHEME_CHOICES, SCHEMES
from partners.domain.kinds import CHOICES as KIND_CHOICES
from partners.domain.roles import NOT_GRANTED_BY_PARTNERS, Permission, Role
from partners.models import User
from partners.models.area import KINDS as AREA_KINDS
from partners.selectors.single_sign_on import ProviderPeople
from partners.services import lockout, mail
from partners.services.tokens import DAYS_AT_MOST

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


LOCKED = lockout.LockedOut.code


class TellsOfLock:
    """For forms that are refused while an account is closed for a while."""

    errors: ErrorDict

    @property
    def locked_for(self) -> int:
        """Seconds until the account opens again; 0 where it is not locked."""
        found = (error for errors in self.errors.as_data().values() for error in errors)
        return next((error.params["seconds"] for error in found if error.params and error.code == LOCKED), 0)


class CountedFactor(TellsOfLock):
    """For forms that look at a code or key: five wrong ones close the second factor for a while."""

    user: User

    def counted(self, look: Callable[[], Any]) -> Any:
        """What `look` finds, in one of the places that there are. Raises ValidationError."""
        try:
            tried = lockout.begin_second_factor(self.user)
        except lockout.LockedOut as refusal:
            raise ValidationError(refusal.message, code=refusal.code, params={"seconds": refusal.seconds}) from refusal
        try:
            found = look()
        except ValidationError:
            lockout.failed(tried)
            raise
        lockout.succeeded(tried)
        return found


class CountedCode(CountedFactor):
    """For forms with a code."""

    def clean_code(self) -> str:
        code: str = self.counted(super().clean_code)  # type: ignore[misc]  # a mixin
        return code


class CountedKey(CountedFactor):
    """For forms with a security key."""

    def clean_credential(self) -> Any:
        return self.counted(super().clean_credential)  # type: ignore[misc]  # a mixin


class SignInForm(TellsOfLock, account_forms.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self.fields["login"], ADDRESS, required="Enter your e-mail address", autocomplete="username")
        self.fields["login"].error_messages["invalid"] = "Enter an e-mail address, such as name@council.gov.uk"
        describe(self.fields["password"], "Password", required="Enter your password")


# The limit is five a minute (settings.ACCOUNT_RATE_LIMITS).
ASKED_TOO_OFTEN = ValidationError(
    "Too many requests for a new password, so asking for one is closed for 1 more minute. Wait, then ask again; a link "
    "that you have already got works. Other accounts are not affected.",
    code=LOCKED,
    params={"seconds": 60},
)


class AskForPasswordForm(TellsOfLock, account_forms.ResetPasswordForm):
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


class ChangePasswordForm(_NewPassword, TellsOfLock, account_forms.ChangePasswordForm):
    """The password now, and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self.fields["oldpassword"], "Your password now", required="Enter your password now")
        self.describe_new_password()

    def clean_oldpassword(self) -> str:
        """Counted like every other password: a session that was left open is no place to try them out."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class ReauthenticateForm(TellsOfLock, account_forms.ReauthenticateForm):
    """The password once more, before something about the account changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self.fields["password"], "Password", required="Enter your password")


class CodeForm(CountedCode, mfa_forms.AuthenticateForm):
    """The second factor at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe_code(self.fields["code"], recovery=True)


class CodeAgainForm(CountedCode, mfa_forms.ReauthenticateForm):
    """The second factor once more, before something about the account changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe_code(self.fields["code"], recovery=True)


class ActivateForm(CountedCode, totp_forms.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe_code(self.fields["code"], recovery=False)


KEY_MISSING = "The browser sent no key. Choose the button again, then touch your key"


class KeyForm(CountedKey, webauthn_forms.AuthenticateWebAuthnForm):
    """A security key at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self.fields["credential"], "Security key", required=KEY_MISSING)


class KeyAgainForm(CountedKey, webauthn_forms.ReauthenticateWebAuthnForm):
    """A security key once more, before something about the account changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self.fields["credential"], "Security key", required=KEY_MISSING)


class AddKeyForm(webauthn_forms.AddWebAuthnForm):
    """A new security key and what its owner calls it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self.fields["credential"], "Security key", required=KEY_MISSING)
        describe(self.fields["name"], "What you call this key", hint="For example, blue key at the office")
        self.fields["name"].validators.append(MaxLengthValidator(60))


def describe_code(field: forms.Field, *, recovery: bool) -> None:
    """The words of a box for a code of the app or, where they count, a recovery code."""
    hint = (
        "Six digits. Without your app or key: one of your recovery codes, eight digits." if recovery else "Six digits."
    )
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
    areas = forms.MultipleChoiceField(
        label="Where",
        help_text="Tick none for everything. A token that is stolen opens no more than what is ticked.",
        required=False,
        choices=list(scopes.WORDS.items()),
        widget=CheckboxSelectMultiple(),
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
        return scopes.scopes(writes=self.cleaned_data["scope"] == "write", areas=self.cleaned_data["areas"])


class AllowSingleSignOnForm(forms.Form):
    """Who may sign in by which of the partner's providers."""

    person = forms.TypedChoiceField(label="Who", coerce=UUID, error_messages={"required": "Choose a person"})
    provider = forms.TypedChoiceField(
        label="By which provider", coerce=UUID, widget=RadioSelect, error_messages={"required": "Choose a provider"}
    )
    subject = forms.CharField(
        label="Their id at the provider",
        help_text="Leave this empty where the provider sends e-mail addresses: then the first sign-in with the address "
        "of the account counts. For NHS Care Identity it is the number that the card office knows.",
        max_length=255,
        required=False,
    )

    def __init__(self, *args: Any, choices: list[ProviderPeople], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = choices[0].people if choices else []
        self.fields["person"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "Choose a person"),
            *((str(row.person.pk), f"{row.person.name} ({row.person.email})") for row in people),
        ]
        self.fields["provider"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (str(each.provider.pk), each.provider.name) for each in choices
        ]


class FilterBoundField(HubBoundField):
    """A filter is never asked for, so its label need not say that it is optional."""

    @property
    def optional_label(self) -> str:
        return str(self.label)


class DirectoryFilter(forms.Form):
    """What narrows the directory of organisations."""

    bound_field_class = FilterBoundField

    name = forms.CharField(label="Name or code", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Every kind"), *KIND_CHOICES])
    standing = forms.ChoiceField(
        label="Standing",
        required=False,
        choices=[("current", "Current"), ("ended", "Ended"), ("all", "Current and ended")],
    )
    on = DateField(label="As on (day, month, year)", required=False, help_text="")

    def clean_standing(self) -> str:
        return self.cleaned_data["standing"] or "current"


class AreaFilter(forms.Form):
    """What narrows the list of areas, and the day that it is about."""

    bound_field_class = FilterBoundField

    name = forms.CharField(label="Name or code", required=False, max_length=120)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Every kind"), *AREA_KINDS.items()])
    on = DateField(label="As on (day, month, year)", required=False, help_text="")


class DayFilter(forms.Form):
    """The day that a page is about."""

    bound_field_class = FilterBoundField

    on = DateField(label="As on (day, month, year)", required=False, help_text="")


REASON = {"required": "Enter why the register changes"}
# The register knows older days than figures have: of councils, some of 1889.
FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2199, 12, 31)


class RegisterDateField(DateField):
    """A day of the register; one outside FIRST_DAY to LAST_DAY was mistyped."""

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(
                f"Enter a real date from {long_date(FIRST_DAY)} to {long_date(LAST_DAY)}.", code="out_of_range"
            )
        return day


class NoteForm(forms.Form):
    """What the register notes of an organisation, with the note as it was shown."""

    note = forms.CharField(
        label="Note",
        help_text="Everybody who works here reads it. No figures, and nothing about a person.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen_note = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    reason = forms.CharField(label="Reason for the change", max_length=300, error_messages=REASON)

    def clean_note(self) -> str:
        return self.cleaned_data["note"].replace("\r\n", "\n")

    def clean_seen_note(self) -> str:
        return self.cleaned_data["seen_note"].replace("\r\n", "\n")


class AreaCodeForm(forms.Form):
    """A code to be entered, and where it was read."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
        error_messages={"required": "Enter the code"},
    )
    starts_on = RegisterDateField(
        label="First day on which it is right",
        help_text="Empty only where it is not known. A code of the same scheme that is in use ends the day before.",
        required=False,
    )
    source = forms.CharField(
        label="Where it was read", help_text="For example, the ODS list of 1 July 2025", max_length=300, required=False
    )
    checked = forms.BooleanField(label="I read the code there", required=False)
    reason = forms.CharField(label="Reason for the change", max_length=300, error_messages=REASON)

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("checked") and not cleaned.get("source"):
            self.add_error("source", "Enter where you read the code")
        return cleaned


class OrganisationCodeForm(AreaCodeForm):
    """A code of an organisation to be entered."""

    field_order = ("scheme",)
    scheme = forms.ChoiceField(
        label="Scheme",
        choices=SCHEME_CHOICES,
        widget=RadioSelect(hints={code: f"Looks like: {scheme.looks}" for code, scheme in SCHEMES.items()}),
        error_messages={"required": "Choose the scheme"},
    )


class CodeCheckForm(forms.Form):
    """Where a code was read."""

    source = forms.CharField(
        label="Where you read it",
        help_text="For example, the ODS list of 1 July 2025",
        max_length=300,
        error_messages={"required": "Enter where you read the code"},
    )
    reason = forms.CharField(label="Reason for the change", max_length=300, error_messages=REASON)


class CodeEndForm(forms.Form):
    """The last day of a code."""

    ends_on = RegisterDateField(
        label="Last day on which it is right", error_messages={"required": "Enter the last day of the code"}
    )
    reason = forms.CharField(label="Reason for the change", max_length=300, error_messages=REASON)


class AuditFilter(forms.Form):
    """What narrows the audit log of a partner."""

    bound_field_class = FilterBoundField

    since = DateField(label="From (day, month, year)", required=False, help_text="")
    until = DateField(label="To (day, month, year)", required=False, help_text="")
    kind = forms.ChoiceField(label="What happened", required=False)
    person = forms.ChoiceField(label="By or about", required=False)
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


# The people of a partner

GRANTED = [role for role in Role if role not in NOT_GRANTED_BY_PARTNERS]
ROLE_HINTS = {role.value: role.description for role in GRANTED}
FROM, UNTIL = "From (day, month, year)", "Until (day, month, year)"
UNTIL_HINT = "The last day. Leave it empty where no end is set."


def _capacity() -> forms.ChoiceField:
    """In which capacity an approver signs."""
    return forms.ChoiceField(
        label="An approver signs as",
        help_text="Printed beside the signature. For the role of approver only.",
        required=False,
        choices=[("", "No capacity stated"), *((capacity.value, capacity.words) for capacity in Capacity)],
    )


class RoleDays(forms.Form):
    """What a role, an invitation and a deputy share: from a day to a day, both included."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        kwargs["initial"] = {"starts_on": today} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and starts_on < self.today:
            self.add_error("starts_on", "A role begins today at the earliest. Choose today or a later day.")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day is before the first. Change one of them.")
        roles = {cleaned.get("role"), *cleaned.get("roles", [])}
        if cleaned.get("capacity") and Role.APPROVER.value not in roles:
            self.add_error("capacity", "Only an approver signs. Leave this at “No capacity stated”, or add the role.")
        return cleaned


class InviteForm(RoleDays):
    """Whom to invite, to which roles."""

    email = forms.EmailField(
        label=ADDRESS,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter the e-mail address",
            "invalid": "Enter an e-mail address, such as name@council.gov.uk",
        },
    )
    name = forms.CharField(
        label="Name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the person's name"},
    )
    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=[(role.value, role.words) for role in GRANTED],
        widget=CheckboxSelectMultiple(hints=ROLE_HINTS),
        error_messages={"required": "Choose at least one role"},
    )
    capacity = _capacity()
    starts_on = DateField(label=FROM, error_messages={"required": "Enter the first day"})
    ends_on = DateField(label=UNTIL, required=False, help_text=UNTIL_HINT)


class GrantForm(RoleDays):
    """A role for somebody who is among the partner's people, or was."""

    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.words) for role in GRANTED],
        widget=RadioSelect(hints=ROLE_HINTS),
        error_messages={"required": "Choose a role"},
    )
    capacity = _capacity()
    starts_on = DateField(label=FROM, error_messages={"required": "Enter the first day"})
    ends_on = DateField(label=UNTIL, required=False, help_text=UNTIL_HINT)


class EndRoleForm(forms.Form):
    """When a role ends."""

    when = forms.ChoiceField(
        label="When does it end?",
        choices=[("now", "Now"), ("day", "At the end of a day")],
        widget=RadioSelect(hints={"now": "From this moment on", "day": "Today or later; enter the day below"}),
        error_messages={"required": "Choose when the role ends"},
    )
    ends_on = DateField(label="Last day (day, month, year)", required=False)
    reason = forms.CharField(
        label="Why does it end?",
        help_text="For example: moved to another team. It stands in the partner's audit log.",
        max_length=300,
        error_messages={"required": "Enter why the role ends"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == "day" and "ends_on" in cleaned:
            if not cleaned["ends_on"]:
                self.add_error("ends_on", "Enter the last day")
            elif cleaned["ends_on"] < self.today:
                self.add_error("ends_on", "The last day is today at the earliest. Choose today or a later day.")
        return cleaned


class LeaveForm(forms.Form):
    """Why somebody leaves a partner."""

    reason = forms.CharField(
        label="Why do they leave?",
        help_text="For example: moved to another partner. It stands in the partner's audit log.",
        max_length=300,
        error_messages={"required": "Enter why they leave"},
    )


class DeputyForm(RoleDays):
    """Who stands in, for what, from when to when."""

    person = forms.ChoiceField(label="Who stands in?", error_messages={"required": "Choose who stands in"})
    permissions = forms.MultipleChoiceField(
        label="For what?",
        widget=CheckboxSelectMultiple(),
        error_messages={"required": "Choose at least one thing that the deputy may do"},
    )
    starts_on = DateField(label=FROM, error_messages={"required": "Enter the first day"})
    ends_on = DateField(label=UNTIL, error_messages={"required": "Enter the last day"})

    def __init__(self, *args: Any, people: Sequence[User], may: Sequence[Permission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("person", [("", "Choose a person"), *((str(person.pk), str(person)) for person in people)]),
            ("permissions", [(permission.value, permission.words) for permission in may]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field


class Keys(forms.MultipleChoiceField):
    """Ids that were ticked. Whether each is still one to be ticked, the service says."""

    def valid_value(self, value: Any) -> bool:
        try:
            UUID(str(value))
        except ValueError:
            return False
        return True

    def clean(self, value: Any) -> list[UUID]:
        return [UUID(key) for key in super().clean(value)]


class ReviewForm(forms.Form):
    """The roles that were ticked as still needed."""

    membership = Keys(error_messages={"required": "Tick the roles that are still needed"})


class AcceptForm(forms.Form):
    """The name and password of whoever takes up an invitation without an account."""

    name = forms.CharField(
        label="Your name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name"},
    )
    password1 = forms.CharField(
        label="Password",
        help_text=NEW_HINT,
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a password"},
    )
    password2 = forms.CharField(
        label="Password again",
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter the password again"},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        self.email = email
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, again = cleaned.get("password1"), cleaned.get("password2")
        if first and again and first != again:
            self.add_error("password2", "The two passwords are not the same. Enter the same one twice.")
        elif first:
            try:
                validate_password(first, User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned


class ActingForForm(forms.Form):
    """For which partner the person acts in this session."""

    partner = forms.ChoiceField(
        label="Act for",
        required=False,
        widget=RadioSelect,
        error_messages={"invalid_choice": "Choose one of your partners"},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        partners = person.partners_acted_for
        chosen = person.acting_for if person.chosen_partner else ""
        kwargs["initial"] = {"partner": chosen}
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = [("", "All my partners"), *partners]  # type: ignore[attr-defined]  # the same


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
