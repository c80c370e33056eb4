"""Pages about the succession of organisations: prepared, previewed, agreed to and confirmed."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integration_hub.core.errors import HubError
from partners import permissions
from partners.forms_succession import LINES, SeenForm, SuccessionForm, wanted
from partners.models import Succession
from partners.permissions import Permission
from partners.policies_succession import LinesDoNotFit
from partners.requests import person_of
from partners.selectors import successions as selectors
from partners.services import successions

PAGE, ROWS = 50, 100
SHOWN = 3  # lines of the form that are not folded away


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """/partners/successions/: those that the reader may know of, the newest first."""
    person = person_of(request)
    context = {
        "page": selectors.page(person, request.GET.get("page"), PAGE),
        "may_prepare": permissions.anywhere(person, Permission.SUCCESSION_PREPARE),
    }
    return render(request, "partners/successions.html", context)


@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Enter a succession as a draft."""
    person = person_of(request)
    permissions.require_any(person, Permission.SUCCESSION_PREPARE)
    form, lines = SuccessionForm(request.POST or None), LINES(request.POST or None, prefix="lines")
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and lines.is_valid():
            try:
                draft = successions.prepare(lines=wanted(lines), by=person, at=timezone.now(), **form.cleaned_data)
            except LinesDoNotFit as refusal:
                for problem in refusal.problems:
                    form.add_error(None, problem.message)
                status = refusal.http_status
            else:
                messages.success(request, "The draft is kept. Nothing has moved: read the preview.")
                return redirect("partners:succession", pk=draft.pk)
    context = {"form": form, "lines": lines, "more_lines": any(line.is_begun for line in lines.forms[SHOWN:])}
    return render(request, "partners/succession_new.html", context, status=status)


@require_safe
def succession(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A draft with its preview, or what a confirmed succession moved, as far as the reader may see it."""
    return _page(request, selectors.get(person_of(request), pk))


@require_POST
def agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Agree for a partner that the person administers."""
    person = person_of(request)
    shown = selectors.get(person, pk)
    administered = selectors.administered(person, shown, selectors.lines_of(shown))
    if not administered:
        raise PermissionDenied("An administrator of a partner concerned agrees to a succession.")
    form = SeenForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, refusal="The preview was not sent with it. Read it again, then agree.", status=400)
    given = form.cleaned_data["organisation"]
    organisation = next((row for row in administered if row.pk == given), None)
    if organisation is None:
        raise PermissionDenied("You agree only for a partner that you administer.")
    try:
        successions.agree(
            succession_id=pk, organisation=organisation, seen=form.cleaned_data["seen"], by=person, at=timezone.now()
        )
    except HubError as refusal:
        return _page(request, shown, refusal=refusal.message, lift=refusal.who_can_lift, status=refusal.http_status)
    messages.success(request, f"You agreed for {organisation}. Nothing has moved yet.")
    return redirect("partners:succession", pk=pk)


@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move everything, for good."""
    person = person_of(request)
    shown = selectors.get(person, pk)
    if not selectors.administered(person, shown, selectors.lines_of(shown)):
        permissions.require_any(person, Permission.SUCCESSION_PREPARE)
    form = SeenForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, refusal="The preview was not sent with it. Read it again.", status=400)
    try:
        successions.confirm(succession_id=pk, seen=form.cleaned_data["seen"], by=person, at=timezone.now())
    except HubError as refusal:
        return _page(request, shown, refusal=refusal.message, lift=refusal.who_can_lift, status=refusal.http_status)
    messages.success(
        request, "The succession is confirmed. What moved is kept here: each partner's own people see theirs."
    )
    return redirect("partners:succession", pk=pk)


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Drop a draft."""
    person = person_of(request)
    shown = selectors.get(person, pk)
    permissions.require_any(person, Permission.SUCCESSION_PREPARE)
    try:
        successions.withdraw(succession_id=pk, by=person, at=timezone.now())
    except HubError as refusal:
        return _page(request, shown, refusal=refusal.message, lift=refusal.who_can_lift, status=refusal.http_status)
    messages.success(request, "The draft is withdrawn. Nothing was moved.")
    return redirect("partners:successions")


def _page(
    request: HttpRequest, shown: Succession, *, refusal: str = "", lift: str = "", status: int = 200
) -> HttpResponse:
    person = person_of(request)
    lines = selectors.lines_of(shown)
    context: dict[str, object] = {"succession": shown, "lines": lines, "refusal": refusal, "lift": lift}
    context["withdrawal"] = selectors.withdrawal(shown)
    if shown.state == Succession.DRAFT:
        preview = selectors.preview(shown, lines)
        asked = selectors.agreeing(shown, lines, preview.sha256)
        mine = selectors.administered(person, shown, lines)
        agreed = {row.organisation.pk for row in asked if row.consent}
        is_other = shown.prepared_by_id != person.pk
        operates = permissions.anywhere(person, Permission.SUCCESSION_PREPARE)
        view = selectors.view(person, shown, lines, preview, asked)
        context |= {
            "preview": preview,
            "asked": asked,
            "to_agree": [row for row in mine if is_other and row.pk not in agreed],
            "may_confirm": is_other and bool(mine or operates) and len(agreed) == len(asked),
            "may_withdraw": operates,
            "is_due": timezone.localdate() >= shown.effective_on,
            "people": [row for row in preview.people if row[0].predecessor in mine or row[0].successor in mine],
        }
    else:
        view = selectors.moved(person, shown, lines)
    rows = Paginator(view.own, ROWS).get_page(request.GET.get("page"))
    return render(request, "partners/succession.html", context | {"view": view, "rows": rows}, status=status)
