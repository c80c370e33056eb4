"""Pages about organisations, roles, and the audit log of a partner."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners import permissions
from partners.domain.roles import Permission
from partners.forms import AuditFilter, DirectoryFilter
from partners.presenters import audit as audit_words
from partners.presenters import roles as roles_table
from partners.requests import person_of
from partners.selectors import audit, successions
from partners.selectors import directory as organisations

PAGE_SIZE = 50


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """/partners/: the organisations, by name, searched and by kind."""
    form = DirectoryFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(organisations.rows(person_of(request), **wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "narrowed": any(wanted.values())}
    return render(request, "partners/directory.html", context, status=200 if form.is_valid() else 400)


@require_safe
def organisation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One organisation; its people for its own people only."""
    shown = organisations.detail(person_of(request), pk)
    may_audit = permissions.can(person_of(request), Permission.AUDIT_READ, organisation=shown.organisation)
    context = {"shown": shown, "may_audit": may_audit, "successions": successions.succession_of(shown.organisation)}
    return render(request, "partners/organisation.html", context)


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """/partners/roles/: what each role may do."""
    return render(request, "partners/roles.html", {"rows": roles_table.table(), "permissions": list(Permission)})


@require_safe
def audit_log(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The audit log of one partner, for its auditors and administrators."""
    shown = organisations.get(person_of(request), pk)
    permissions.require(person_of(request), Permission.AUDIT_READ, organisation=shown)
    kinds = sorted((audit_words.kind_words(kind), kind) for kind in audit.kinds(shown))
    form = AuditFilter(request.GET, kinds=[(kind, words) for words, kind in kinds])
    lines = audit.of_partner(shown, **form.cleaned_data) if form.is_valid() else audit.none()
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"organisation": shown, "form": form, "page": page, "lines": audit_words.lines(page.object_list)}
    return render(request, "partners/audit.html", context, status=200 if form.is_valid() else 400)
