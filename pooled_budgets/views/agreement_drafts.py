"""Working copies of an agreement: begun, written in, shown, sent for signature, brought up to date, withdrawn."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance.selectors import boards
from integration_hub.core.errors import HubError, Malformed
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from partners.selectors import directory, people
from pooled_budgets.domain import terms
from pooled_budgets.forms_agreements import (
    BeginForm,
    ClauseForm,
    DocumentForm,
    ReasonForm,
    TermsForm,
    by_name,
    shown,
)
from pooled_budgets.models import AgreementDraft
from pooled_budgets.presenters import agreements as words
from pooled_budgets.selectors import agreements as selectors
from pooled_budgets.services import agreement_drafts as services
from pooled_budgets.services.agreement_drafts import Upload


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Begin an agreement."""
    permissions.require_any(request.user, Permission.AGREEMENT_PREPARE)
    organisations = directory.visible_to(request.user)
    mine = permissions.organisations_where(request.user, Permission.AGREEMENT_PREPARE)
    choices = {
        "owner": [(str(row.pk), row.name) for row in organisations.filter(pk__in=mine)],
        "area": [
            ("", "Choose an area"),
            *((str(row.pk), row.name) for row in directory.areas_visible_to(request.user)),
        ],
        "board": [("", "None"), *((str(row.pk), row.name) for row in boards.visible_to(request.user).order_by("name"))],
    }
    form = BeginForm(request.POST or None, choices=choices, names=by_name(organisations))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            try:
                draft = services.begin(
                    owner=directory.get(request.user, given["owner"]),
                    title=given["title"],
                    kind=given["kind"],
                    area=directory.areas_visible_to(request.user).get(pk=given["area"]),
                    board=boards.get(request.user, given["board"]) if given["board"] else None,
                    parties=list(organisations.filter(pk__in=[party["id"] for party in given["parties"]])),
                    once=given["once"],
                    by=request.user,
                    at=timezone.now(),
                )
            except HubError as refusal:
                status = _told(form, refusal)
            else:
                messages.success(request, "Begun. Only your partner sees the draft.")
                return redirect("agreements:draft", draft.agreement_id, draft.pk)
    return render(request, "pooled_budgets/agreement_new.html", {"form": form}, status=status)


@require_safe
def draft(request: SignedInRequest, pk: UUID, draft_pk: UUID) -> HttpResponse:
    """A working copy with its difference and gaps."""
    return _page(request, selectors.draft(request.user, pk, draft_pk))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: UUID, draft_pk: UUID) -> HttpResponse:
    """The terms but their clauses."""
    found = _to_write(request, pk, draft_pk)
    accounts = [(str(row.pk), str(row)) for row in people.members(found.owner, on=timezone.localdate())]
    form = TermsForm(
        request.POST or None,
        initial=shown(found.content, revision=found.revision, effective_from=found.effective_from, reason=found.reason),
        names=by_name(directory.visible_to(request.user)),
        parties=found.content["parties"],
        people=accounts,
        varies=found.based_on_id is not None,
    )

    def save() -> object:
        return services.edit(
            draft_id=found.pk,
            changes=form.changes(),
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=timezone.now(),
        )

    return _answer(request, found, form, save, title="Change the terms")


@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: SignedInRequest, pk: UUID, draft_pk: UUID, letter: str) -> HttpResponse:
    """One matter of the regulation."""
    found = _to_write(request, pk, draft_pk)
    matter = next((row for row in words.clause_rows(found.content) if row.letter == letter), None)
    if matter is None:
        raise Http404("The regulation has no such matter.")
    initial = found.content["clauses"][letter] | {"seen": found.revision}
    form = ClauseForm(request.POST or None, request.FILES or None, initial=initial)

    def save() -> object:
        return services.set_clause(
            draft_id=found.pk,
            letter=letter,
            reference=form.cleaned_data["reference"],
            summary=form.cleaned_data["summary"].replace("\r\n", "\n"),
            upload=_upload(form),
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=timezone.now(),
        )

    return _answer(request, found, form, save, title=f"({letter}) {matter.words}")


@require_http_methods(["GET", "HEAD", "POST"])
def document(request: SignedInRequest, pk: UUID, draft_pk: UUID) -> HttpResponse:
    """The agreement itself as a file."""
    found = _to_write(request, pk, draft_pk)
    form = DocumentForm(request.POST or None, request.FILES or None, initial={"seen": found.revision})

    def save() -> object:
        upload = _upload(form)
        if upload is None:
            raise Malformed("Choose the file.", field="file")
        return services.set_document(
            draft_id=found.pk, upload=upload, seen=form.cleaned_data["seen"], by=request.user, at=timezone.now()
        )

    return _answer(request, found, form, save, title="Attach the agreement")


@require_POST
def share(request: SignedInRequest, pk: UUID, draft_pk: UUID) -> HttpResponse:
    """Show a working copy to the parties."""
    return _done(request, pk, draft_pk, services.share, "The parties can read it now.")


@require_POST
def send(request: SignedInRequest, pk: UUID, draft_pk: UUID) -> HttpResponse:
    """Send a working copy for signature."""
    seen = _number(request.POST.get("seen", ""))
    return _done(request, pk, draft_pk, services.send, "It is with the parties for signature.", seen=seen)


@require_POST
def renew(request: SignedInRequest, pk: UUID, draft_pk: UUID) -> HttpResponse:
    """Bring a variation up to date with what was signed meanwhile."""
    return _done(request, pk, draft_pk, services.renew, "It is up to date.", keep=request.POST.getlist("keep"))


@require_POST
def withdraw(request: SignedInRequest, pk: UUID, draft_pk: UUID) -> HttpResponse:
    """Put a working copy away."""
    reason = request.POST.get("reason", "")
    return _done(request, pk, draft_pk, services.withdraw, "It is withdrawn.", reason=reason)


def _to_write(request: SignedInRequest, pk: UUID, draft_pk: UUID) -> AgreementDraft:
    """The working copy, or 404; 403 for who may not write in it."""
    found = selectors.draft(request.user, pk, draft_pk)
    permissions.require(request.user, Permission.AGREEMENT_PREPARE, organisation=found.owner)
    return found


def _upload(form: forms.Form) -> Upload | None:
    file = form.cleaned_data["file"]
    # One byte more than is taken tells a file that is too large.
    return Upload(file.name, file.read(services.LARGEST + 1)) if file else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _told(form: forms.Form, refusal: HubError) -> int:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return refusal.http_status


def _answer(
    request: SignedInRequest, found: AgreementDraft, form: forms.Form, save: Callable[[], object], *, title: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                save()
            except HubError as refusal:
                status = _told(form, refusal)
            else:
                messages.success(request, "Saved.")
                return redirect("agreements:draft", found.agreement_id, found.pk)
    context = {"agreement": found.agreement, "draft": found, "form": form, "title": title}
    return render(request, "pooled_budgets/agreement_form.html", context, status=status)


def _done(
    request: SignedInRequest, pk: UUID, draft_pk: UUID, act: Callable[..., Any], success: str, **given: Any
) -> HttpResponse:
    found = selectors.draft(request.user, pk, draft_pk)
    try:
        act(draft_id=found.pk, **given, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _page(request, selectors.draft(request.user, pk, draft_pk), refusal=refusal)
    messages.success(request, success)
    return redirect("agreements:draft", pk, draft_pk)


def _page(request: SignedInRequest, found: AgreementDraft, *, refusal: HubError | None = None) -> HttpResponse:
    agreement = found.agreement
    writes = permissions.can(request.user, Permission.AGREEMENT_PREPARE, organisation=found.owner)
    is_open = found.status == "open"
    behind = is_open and found.based_on_id != agreement.current_version_id
    context = {
        "agreement": agreement,
        "draft": found,
        "changes": words.changes_of(found),
        "conflicts": [(row.name, terms.label(row.name)) for row in selectors.conflicts(found)] if behind else [],
        "behind": behind,
        "can_write": writes and is_open,
        "refusal": refusal,
        "summary_problems": [refusal.message] if refusal else [],
        "reason_form": ReasonForm(auto_id="withdraw_%s"),
        "preparers": ", ".join(row["name"] for row in found.preparers),
    }
    context |= words.pages_of(found.content)
    status = refusal.http_status if refusal else 200
    return render(request, "pooled_budgets/agreement_draft.html", context, status=status)
