"""Pages about invitations: an administrator's, and the one behind the link in the mail."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from integration_hub.core.errors import HubError
from partners.domain.roles import Role
from partners.forms import AcceptForm, InviteForm
from partners.requests import person_of
from partners.selectors import invitations as selectors
from partners.selectors import people
from partners.services import invitations
from partners.views.people import managed, refuse


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invite somebody to roles in the partner."""
    organisation, status = managed(request, pk), 200
    form = InviteForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invitation = invitations.invite(
                organisation=organisation,
                email=given["email"],
                name=given["name"],
                roles=[Role(value) for value in given["roles"]],
                capacity=given["capacity"],
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                site=request.build_absolute_uri("/"),
                by=person_of(request),
                at=timezone.now(),
            )
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"The invitation to {invitation.email} is on its way. It opens for seven days.")
            return redirect("partners:people", pk)
    elif request.method == "POST":
        status = 400
    return render(request, "partners/invite.html", {"organisation": organisation, "form": form}, status=status)


@require_POST
def invitation_send_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new link for seven more days."""
    invitation = people.invitation_of(person_of(request), pk)
    try:
        site = request.build_absolute_uri("/")
        invitations.send_again(invitation_id=pk, site=site, by=person_of(request), at=timezone.now())
    except HubError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Another invitation to {invitation.email} is on its way; the first no longer opens.")
    return redirect("partners:people", invitation.organisation_id)


@require_POST
def invitation_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close an invitation."""
    invitation = people.invitation_of(person_of(request), pk)
    try:
        invitations.withdraw(invitation_id=pk, by=person_of(request), at=timezone.now())
    except HubError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"The invitation to {invitation.email} no longer opens.")
    return redirect("partners:people", invitation.organisation_id)


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind the link: set a password, or accept with the account that is there. Looking uses nothing up."""
    seen = selectors.as_seen(request.user, secret, at=timezone.now())
    sent = request.POST if request.method == "POST" else None
    email, status = seen.invitation.email, 200
    form = AcceptForm(sent if seen.sets_password else None, email=email, initial={"name": seen.invitation.name})
    problems: list[str] = []
    if request.method == "POST" and seen.sets_password and not form.is_valid():
        status = 400
    elif request.method == "POST":
        try:
            accepted = _accept(request, secret, form, sets_password=seen.sets_password)
        except HubError as refusal:
            problems, status = [refusal.message], refusal.http_status
            seen = selectors.as_seen(request.user, secret, at=timezone.now())
        else:
            return _go_on(request, accepted)
    context = {"seen": seen, "form": form, "problems": problems}
    return render(request, "partners/invitation.html", context, status=status)


def _accept(request: HttpRequest, secret: str, form: AcceptForm, *, sets_password: bool) -> invitations.Accepted:
    if sets_password:
        return invitations.accept_with_password(
            secret=secret,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password1"],
            at=timezone.now(),
        )
    if not request.user.is_authenticated:
        raise invitations.SignInToAccept("There is an account for this address. Sign in with it, then accept.")
    return invitations.accept(secret=secret, person=person_of(request), at=timezone.now())


def _go_on(request: HttpRequest, accepted: invitations.Accepted) -> HttpResponse:
    """A new account is signed in; one that was closed signs in, perhaps with its second factor."""
    if accepted.was_closed:
        messages.success(request, "Your account is open again. Sign in with the password that you have just set.")
        return redirect("account_login")
    if accepted.is_new:
        record_authentication(request, accepted.person, method="password", reauthenticated=True)
        get_adapter(request).login(request, accepted.person)
    messages.success(request, "You have taken up the invitation.")
    return redirect("home")
