"""Pages about one's own account."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integration_hub.core.errors import HubError
from partners.forms import ActingForForm, TokenForm
from partners.requests import person_of
from partners.selectors import memberships
from partners.selectors import tokens as token_rows
from partners.services import tokens


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """/account/: who is signed in, for whom they act and since when, and what they can change."""
    standing = memberships.standing(person_of(request))
    context = {
        "standing": standing,
        "second_factor": memberships.second_factor_words(person_of(request)),
        "acting_form": ActingForForm(person=person_of(request)),
    }
    return render(request, "partners/account.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """/account/tokens/: the person's tokens, and a new one, whose text the answer to the POST alone shows."""
    now = timezone.now()
    form = TokenForm(request.POST or None)
    status, made = 200, None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = tokens.make(
                    name=form.cleaned_data["name"],
                    scopes=form.scopes,
                    lasts=timedelta(days=form.cleaned_data["days"]),
                    by=person_of(request),
                    at=now,
                )
            except HubError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.http_status
            else:
                form, status = TokenForm(), 200
    context = {
        "form": form,
        "made": made,
        "tokens": token_rows.usable_by(person_of(request), at=now),
        "soon": now + tokens.NOTICE,
    }
    return render(request, "partners/tokens.html", context, status=status)


@require_POST
def token_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a token at once."""
    token = tokens.revoke(token_id=pk, by=person_of(request), at=timezone.now())
    messages.success(request, f"The token “{token.name}” no longer opens anything.")
    return redirect("partners:tokens")
