"""allauth's pages with our forms, statuses and audit lines; templates/account and templates/mfa draw them."""

from dataclasses import dataclass, field
from typing import Any

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as key_views
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache

from partners import forms, policies
from partners.requests import person_of
from partners.selectors import demonstration, memberships, single_sign_on
from partners.services import sign_in


def refused(response: HttpResponse, form: Any) -> HttpResponse:
    """A form that comes back with its errors is a 400, as everywhere here; a 429 where the account is locked."""
    locked_for = getattr(form, "locked_for", 0)
    response.status_code = 429 if locked_for else 400
    if locked_for:
        response["Retry-After"] = str(locked_for)
    return response


class Refused400:
    """A form that comes back with its errors says so by its status."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return refused(self.render_to_response(self.get_context_data(form=form)), form)  # type: ignore[attr-defined]


class OwnAccount:
    """For acts that a shared account must not do: the page with the reason instead, 409 when something was sent."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            policies.check_own_account(person_of(request))
        except policies.SharedAccount as refusal:
            status = 409 if request.method == "POST" else 200
            context = {"refusal": refusal, "back_url": reverse("partners:account")}
            return render(request, "partners/shared_account.html", context, status=status)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin


@dataclass
class Partner:
    """The demonstration accounts of one partner."""

    name: str
    accounts: list[demonstration.DemoAccount] = field(default_factory=list)


def demonstration_partners() -> list[Partner]:
    """Every demonstration account by partner; none outside a demonstration."""
    found: dict[str, Partner] = {}
    for account in demonstration.accounts() if settings.DEMO else []:
        found.setdefault(account.partner_name, Partner(account.partner_name)).accounts.append(account)
    return list(found.values())


class SignIn(Refused400, account_views.LoginView):
    """/account/login/"""

    form_class = forms.SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        partners = demonstration_partners()
        return super().get_context_data(**kwargs) | {
            "partners": partners,
            "single_sign_ons": single_sign_on.active(),
            "demonstration_password": settings.DEMO_PASSWORD if partners else "",
        }


class AskForPassword(Refused400, account_views.PasswordResetView):
    """/account/password/reset/"""

    form_class = forms.AskForPasswordForm

    def form_valid(self, form: forms.AskForPasswordForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if response.status_code == 429:
            # Counted for every address, with an account or without, so that this tells nobody which is which.
            form.add_error(None, forms.ASKED_TOO_OFTEN)
            response = refused(self.render_to_response(self.get_context_data(form=form)), form)
        return response


class SetPassword(Refused400, account_views.PasswordResetFromKeyView):
    """The page behind the link in the mail."""

    form_class = forms.SetPasswordForm


class ChangePassword(OwnAccount, Refused400, account_views.PasswordChangeView):
    """/account/password/change/"""

    form_class = forms.ChangePasswordForm


class Reauthenticate(Refused400, account_views.ReauthenticateView):
    """The password once more."""

    form_class = forms.ReauthenticateForm


class EnterCode(mfa_views.AuthenticateView):
    """The second factor at sign-in."""

    form_class = forms.CodeForm
    webauthn_form_class = forms.KeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        kinds = memberships.kinds_of_second_factor(self.stage.login.user)
        return context | {
            "has_app": "totp" in kinds,
            "has_key": "webauthn" in kinds,
            "options": context.get("js_data", {}).get("request_options"),
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        if not form.locked_for:
            sign_in.record_wrong_code(person=self.stage.login.user, at=timezone.now())
        return refused(super().form_invalid(form), form)


class EnterCodeAgain(Refused400, mfa_views.ReauthenticateView):
    """The second factor once more."""

    form_class = forms.CodeAgainForm


class Activate(OwnAccount, Refused400, totp_views.ActivateTOTPView):
    """Set up an authenticator app."""

    form_class = forms.ActivateForm

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _record("person.second_factor_set", self.request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        standing = memberships.standing(person_of(self.request))
        return super().get_context_data(**kwargs) | {"asking": [] if standing.has_second_factor else standing.asking}


class Deactivate(OwnAccount, Refused400, totp_views.DeactivateTOTPView):
    """Remove the authenticator app."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _record("person.second_factor_removed", self.request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = person_of(self.request)
        is_last = memberships.count_of_second_factors(person) == 1
        return super().get_context_data(**kwargs) | {
            "is_last": is_last,
            "asking": memberships.standing(person).asking,
        }


class KeyPage(Refused400):
    """A page that asks for a security key: the form that was sent, with its errors, and the browser's options."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # a mixin
        options = context["js_data"]
        return context | kwargs | {"options": options.get("creation_options") or options.get("request_options")}


class AddKey(OwnAccount, KeyPage, key_views.AddWebAuthnView):
    """Add a security key."""

    form_class = forms.AddKeyForm

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _record("person.second_factor_set", self.request)
        return response


class RemoveKey(OwnAccount, key_views.RemoveWebAuthnView):
    """Remove a security key."""

    template_name = "mfa/webauthn/remove.html"
    context_object_name = "authenticator"
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # A key of somebody else is not there, before anything is asked.
        self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _record("person.second_factor_removed", self.request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = person_of(self.request)
        is_last = memberships.count_of_second_factors(person) == 1
        return super().get_context_data(**kwargs) | {
            "is_last": is_last,
            "asking": memberships.standing(person).asking,
        }


class EnterKeyAgain(KeyPage, key_views.ReauthenticateWebAuthnView):
    """The security key once more."""

    form_class = forms.KeyAgainForm


class MakeRecoveryCodes(OwnAccount, Refused400, recovery_views.GenerateRecoveryCodesView):
    """New recovery codes; the old ones stop working."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _record("person.recovery_codes_made", self.request)
        return response


def _record(kind: str, request: HttpRequest) -> None:
    sign_in.record_own_change(kind, person=person_of(request), at=timezone.now())


def no_password_yet(request: HttpRequest) -> HttpResponse:
    """allauth sends whoever has no password here to set one: by the link in a mail, like everybody."""
    return redirect("account_reset_password")


sign_in_page = SignIn.as_view()
sign_out = never_cache(account_views.logout)
ask_for_password = AskForPassword.as_view()
asked_for_password = account_views.password_reset_done
set_password = SetPassword.as_view()
password_is_set = account_views.password_reset_from_key_done
change_password = ChangePassword.as_view()
reauthenticate = Reauthenticate.as_view()
second_factor = mfa_views.index
enter_code = EnterCode.as_view()
enter_code_again = EnterCodeAgain.as_view()
activate = Activate.as_view()
deactivate = Deactivate.as_view()
add_key = AddKey.as_view()
remove_key = RemoveKey.as_view()
enter_key_again = EnterKeyAgain.as_view()
recovery_codes = never_cache(recovery_views.view_recovery_codes)
make_recovery_codes = MakeRecoveryCodes.as_view()
download_recovery_codes = recovery_views.download_recovery_codes
