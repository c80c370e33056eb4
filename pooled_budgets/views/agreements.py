"""Agreements: the list, one agreement as at a day, its versions with their signatures, and how it ends."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integration_hub.core.errors import HubError
from integration_hub.core.formfields import DateField
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from partners.selectors import directory
from pooled_budgets.domain.life import state_words
from pooled_budgets.forms_agreements import FilterForm, ReasonForm, SignForm, TerminateForm, VaryForm
from pooled_budgets.models import AgreementVersion
from pooled_budgets.presenters import agreements as words
from pooled_budgets.selectors import agreements as selectors
from pooled_budgets.services import agreement_drafts, agreement_signatures

PAGE = 50


@require_safe
def agreements(request: SignedInRequest) -> HttpResponse:
    """/agreements/: every agreement that the reader may see."""
    on = timezone.localdate()
    form = FilterForm(request.GET)
    rows = selectors.agreements(request.user, on=on)
    if form.is_valid():
        rows = selectors.narrowed(rows, **form.cleaned_data)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = [(row, state_words(row.state)) for row in page]  # type: ignore[attr-defined]  # annotated
    context = {
        "form": form,
        "page": page,
        "rows": shown,
        "can_begin": permissions.anywhere(request.user, Permission.AGREEMENT_PREPARE),
    }
    return render(request, "pooled_budgets/agreements.html", context, status=400 if form.errors else 200)


@require_safe
def agreement(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One agreement as at a day (?on=2018-04-01), today unless given."""
    on = _day(request)
    standing = selectors.standing(request.user, pk, on=on)
    found = standing.agreement
    done = selectors.done_keys(standing.acts)
    duties = selectors.due(found, standing.terms(), on=timezone.localdate(), done=done) if standing.acts else []
    hosts = found.host is not None and permissions.can(
        request.user, Permission.AGREEMENT_PREPARE, organisation=found.host
    )
    prepares = _may(request, Permission.AGREEMENT_PREPARE, standing.parties)
    signs = _may(request, Permission.AGREEMENT_SIGN, standing.parties)
    ended = found.terminated_on is not None or found.state_on(timezone.localdate()) in {"ended", "expired"}
    begun = found.status not in {"draft", "with_partners"}
    context = {
        "agreement": found,
        "standing": standing,
        "on": on,
        "is_today": on == timezone.localdate(),
        "state": state_words(found.state_on(on)),
        "duties": [(duty, prepares and (hosts or not duty.of_host)) for duty in duties],
        "today": timezone.localdate(),
        "can_vary": prepares and begun and not ended,
        "can_terminate": signs and begun and not ended,
        "reason_form": VaryForm(auto_id="vary_%s"),
        "versions": [(row, row.number in standing.agreed) for row in reversed(standing.versions)],
    }
    if standing.version is not None:
        context |= words.pages_of(standing.version.content)
    return render(request, "pooled_budgets/agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def version(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    """One version with its signatures; who may signs it here."""
    found = selectors.version(request.user, pk, number)
    form = SignForm(request.POST or None, partners=_signs_for(request, found))
    if request.method != "POST":
        return _version_page(request, found, form)
    _require_signing(request, found)
    if form.is_valid():
        try:
            agreement_signatures.sign(
                agreement_id=pk,
                number=number,
                organisation=directory.get(request.user, form.cleaned_data["organisation"]),
                capacity=form.cleaned_data["capacity"],
                by=request.user,
                at=timezone.now(),
            )
        except HubError as refusal:
            form.add_error(None, refusal.message)
            return _version_page(request, found, form, status=refusal.http_status)
        messages.success(request, f"You signed {found}.")
        return redirect("agreements:version", pk, number)
    return _version_page(request, found, form, status=400)


@require_POST
def send_back(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    """Send a version back to who prepared it."""
    found = selectors.version(request.user, pk, number)
    form = SignForm(partners=_signs_for(request, found))
    try:
        draft = agreement_signatures.send_back(
            agreement_id=pk, number=number, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
        )
    except HubError as refusal:
        return _version_page(request, found, form, refusal=refusal, status=refusal.http_status)
    messages.success(request, f"{found} was sent back. It stays readable.")
    return redirect("agreements:draft", pk, draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def terminate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End an agreement before its time."""
    found = selectors.get(request.user, pk)
    parties = selectors.parties(found)
    permissions.acting_for(request.user, Permission.AGREEMENT_SIGN, among=parties)
    form = TerminateForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                agreement_signatures.terminate(agreement_id=pk, **form.cleaned_data, by=request.user, at=timezone.now())
            except HubError as refusal:
                form.add_error(refusal.field, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "The termination is recorded.")
                return redirect("agreements:agreement", pk)
    context = {"agreement": found, "form": form, "terms": found.current_version and found.current_version.content}
    return render(request, "pooled_budgets/agreement_terminate.html", context, status=status)


@require_POST
def duty_done(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say that a duty of the agreement was done."""
    try:
        agreement_signatures.duty_done(
            agreement_id=pk, key=request.POST.get("duty", ""), by=request.user, at=timezone.now()
        )
    except HubError as refusal:
        return _refused(request, pk, refusal)
    messages.success(request, "Recorded as done.")
    return redirect("agreements:agreement", pk)


@require_POST
def vary(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Begin a variation."""
    form = VaryForm(request.POST)
    form.is_valid()
    try:
        draft = agreement_drafts.vary(
            agreement_id=pk,
            reason=request.POST.get("reason", ""),
            once=form.cleaned_data.get("once"),
            by=request.user,
            at=timezone.now(),
        )
    except HubError as refusal:
        return _refused(request, pk, refusal)
    return redirect("agreements:draft", pk, draft.pk)


@require_safe
def attachment(request: SignedInRequest, pk: UUID, attachment_pk: UUID) -> HttpResponse:
    """A document of the agreement, to be saved."""
    found = selectors.attachment(request.user, pk, attachment_pk)
    answer = HttpResponse(bytes(found.content), content_type=found.content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.filename) or ""
    return answer


def _day(request: SignedInRequest) -> date:
    asked = request.GET.get("on", "")
    try:
        return DateField(required=False).clean(asked) or timezone.localdate()
    except ValidationError as error:
        raise BadRequest(" ".join(error.messages)) from error


def _may(request: SignedInRequest, permission: Permission, parties: list[Any]) -> bool:
    return any(permissions.can(request.user, permission, organisation=party) for party in parties)


def _signs_for(request: SignedInRequest, found: AgreementVersion) -> list[tuple[str, str]]:
    """The parties for which the person may sign."""
    mine = set(permissions.organisations_where(request.user, Permission.AGREEMENT_SIGN))
    return [(party["id"], party["name"]) for party in found.content["parties"] if party["id"] in mine]


def _require_signing(request: SignedInRequest, found: AgreementVersion) -> None:
    permissions.acting_for(request.user, Permission.AGREEMENT_SIGN, among=selectors.parties(found.agreement))


def _version_page(
    request: SignedInRequest,
    found: AgreementVersion,
    form: SignForm,
    *,
    refusal: HubError | None = None,
    status: int = 200,
) -> HttpResponse:
    waiting = selectors.waiting(request.user, found)
    signatures = selectors.signatures_of(found)
    own = set(permissions.organisations_where(request.user, Permission.AGREEMENT_SIGN))
    prepares = waiting is not None and permissions.can(
        request.user, Permission.AGREEMENT_PREPARE, organisation=waiting.owner
    )
    signs = bool(_signs_for(request, found))
    context = {
        "agreement": found.agreement,
        "version": found,
        "form": form,
        "reason_form": ReasonForm(auto_id="back_%s"),
        "refusal": refusal,
        "summary_problems": [refusal.message] if refusal else [],
        "signatures": words.signature_rows(found, signatures),
        "changes": words.changes_in(found),
        "waits": waiting is not None,
        "can_sign": waiting is not None
        and signs
        and not own & {str(row.organisation_id) for row in signatures}
        and str(request.user.pk) not in {row["id"] for row in found.preparers},
        "prepared_it": str(request.user.pk) in {row["id"] for row in found.preparers},
        "can_send_back": waiting is not None and (signs or prepares),
    }
    context |= words.pages_of(found.content)
    return render(request, "pooled_budgets/agreement_version.html", context, status=status)


def _refused(request: SignedInRequest, pk: UUID, refusal: HubError) -> HttpResponse:
    context = {"agreement": selectors.get(request.user, pk), "refusal": refusal}
    return render(request, "pooled_budgets/agreement_refused.html", context, status=refusal.http_status)
