"""Pages about organisations, roles, and the audit log of a partner."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from integration_hub.core.registry import organisation_panels
from integration_hub.core.spreadsheets.texts import download_name
from partners import permissions
from partners.domain.roles import Permission
from partners.forms import AuditFilter, DirectoryFilter
from partners.models import Organisation
from partners.presenters import audit as audit_words
from partners.presenters import audit_file as file_words
from partners.presenters import register as register_words
from partners.presenters import roles as roles_table
from partners.requests import person_of
from partners.selectors import audit, successions
from partners.selectors import directory as organisations
from partners.services import audit_export

PAGE_SIZE = 50


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """/partners/: the organisations, by name, searched and by kind."""
    form = DirectoryFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(organisations.rows(person_of(request), **wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    narrowed = any(value for name, value in wanted.items() if name != "standing")
    context = {"form": form, "page": page, "narrowed": narrowed, "on": wanted.get("on") or timezone.localdate()}
    context["may_keep"] = permissions.may_maintain(person_of(request))
    return render(request, "partners/directory.html", context, status=200 if form.is_valid() else 400)


@require_safe
def organisation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One organisation; its people for its own people only, and what the apps above say of it to the reader."""
    person = person_of(request)
    shown = organisations.detail(person, pk)
    panels = [provider(person, shown.organisation) for provider in organisation_panels]
    context = {
        "shown": shown,
        "codes": register_words.codes(shown.codes),
        "panels": [panel for panel in panels if panel.links],
        "successions": successions.succession_of(shown.organisation),
        "may_audit": permissions.can(person, Permission.AUDIT_READ, organisation=shown.organisation),
        "may_grant": permissions.can(person, Permission.MEMBERSHIP_GRANT, organisation=shown.organisation),
        "may_correct": permissions.may_correct(person, organisation=shown.organisation),
        "may_keep": permissions.may_maintain(person),
    }
    return render(request, "partners/organisation.html", context)


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """/partners/roles/: what each role may do, what a deputy may do for somebody, and the capacities of approvers."""
    context = {
        "rows": roles_table.table(),
        "permissions": list(Permission),
        "rights": roles_table.rights(),
        "capacities": roles_table.capacities(),
    }
    return render(request, "partners/roles.html", context)


@require_safe
def audit_log(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The audit log of one partner, for its auditors and administrators."""
    shown = organisations.get(person_of(request), pk)
    permissions.require(person_of(request), Permission.AUDIT_READ, organisation=shown)
    form = _audit_filter(request, shown)
    lines = audit.of_partner(shown, **form.cleaned_data) if form.is_valid() else audit.none()
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"organisation": shown, "form": form, "page": page, "lines": audit_words.lines(page.object_list)}
    return render(request, "partners/audit.html", context, status=200 if form.is_valid() else 400)


@require_safe
def audit_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The lines that the filters leave, as a .csv file. The log tells of it."""
    shown = organisations.get(person_of(request), pk)
    permissions.require(person_of(request), Permission.AUDIT_READ, organisation=shown)
    form = _audit_filter(request, shown)
    if not form.is_valid():
        return audit_log(request, pk)
    lines = audit_export.export(organisation_id=pk, wanted=form.cleaned_data, by=person_of(request), at=timezone.now())
    name = download_name(f"Audit log {shown.name}", ".csv")
    return StreamingHttpResponse(
        file_words.rows(lines.iterator(chunk_size=file_words.CHUNK)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _audit_filter(request: HttpRequest, shown: Organisation) -> AuditFilter:
    kinds = sorted((audit_words.kind_words(kind), kind) for kind in audit.kinds(shown))
    choices = [(kind, words) for words, kind in kinds]
    return AuditFilter(request.GET, kinds=choices, people=audit.people(shown))
