"""Pages about the people of a partner: their roles, leaving, deputies, and the yearly review."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integration_hub.core.errors import HubError
from partners import permissions
from partners.domain.roles import Permission, Role
from partners.forms import DeputyForm, EndRoleForm, GrantForm, LeaveForm, ReviewForm
from partners.models import Organisation, User
from partners.requests import person_of
from partners.selectors import people as selectors
from partners.services import deputies, leaving, memberships, reviews

PAGE_SIZE = 50


def refuse(form: Any, refusal: HubError) -> int:
    """Put a refusal into a form; the status to answer with."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return refusal.http_status


def managed(request: HttpRequest, pk: UUID) -> Organisation:
    """A partner whose people the reader looks after: 404 where they may not know of them, 403 where not theirs."""
    organisation = selectors.partner(person_of(request), pk)
    permissions.require(person_of(request), Permission.MEMBERSHIP_GRANT, organisation=organisation)
    return organisation


def overseen(request: HttpRequest, pk: UUID) -> tuple[Organisation, selectors.Access]:
    """A partner whose people the reader sees with their days: for administrators and auditors, 403 for others."""
    organisation = selectors.partner(person_of(request), pk)
    access = selectors.access(person_of(request), organisation)
    if not access.sees_all:
        raise PermissionDenied(f"The days of roles are for the administrators and auditors of {organisation}.")
    return organisation, access


@require_safe
def people(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/partners/<id>/people/: who acts for the partner; for administrators and auditors also who did and who may."""
    organisation, today = selectors.partner(person_of(request), pk), timezone.localdate()
    access = selectors.access(person_of(request), organisation)
    former = access.sees_all and request.GET.get("who") == "former"
    members = selectors.members(organisation, on=today, former=former)
    page = Paginator(members, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": organisation,
        "access": access,
        "former": former,
        "page": page,
        "rows": selectors.rows(page.object_list, organisation, on=today),
        "invitations": selectors.invitations(organisation)[:PAGE_SIZE] if access.sees_all and not former else [],
        "now": timezone.now(),
        "upkeep": selectors.upkeep(organisation, on=today) if access.sees_all and not former else None,
    }
    return render(request, "partners/people.html", context)


@require_safe
def person(request: HttpRequest, pk: UUID, person_pk: UUID) -> HttpResponse:
    """One person of a partner: roles from and to, and deputies."""
    organisation, access = overseen(request, pk)
    shown, today = selectors.person_of(organisation, person_pk), timezone.localdate()
    roles = selectors.roles_of(shown, organisation)
    context = {
        "organisation": organisation,
        "access": access,
        "shown": shown,
        "is_oneself": shown == person_of(request),
        "roles": [role for role in roles if role.goes_on(today)],
        "past_roles": [role for role in roles if not role.goes_on(today)],
        "deputies": selectors.deputies_of(shown, organisation, on=today),
        "timeline": f"{reverse('partners:audit', args=[organisation.pk])}?person={shown.pk}",
    }
    return render(request, "partners/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def role_grant(request: HttpRequest, pk: UUID, person_pk: UUID) -> HttpResponse:
    """Give somebody who is, or was, among the partner's people a role."""
    organisation = managed(request, pk)
    shown, status = selectors.person_of(organisation, person_pk), 200
    form = GrantForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            granted = memberships.grant(
                person=shown,
                organisation=organisation,
                role=Role(given["role"]),
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                capacity=given["capacity"],
                by=person_of(request),
                at=timezone.now(),
            )
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"{shown} has the role: {granted.role_words}.")
            return redirect("partners:person", pk, person_pk)
    elif request.method == "POST":
        status = 400
    context = {"organisation": organisation, "shown": shown, "form": form}
    return render(request, "partners/role_grant.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def role_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a role now or on a day."""
    membership, status = selectors.membership_of(person_of(request), pk), 200
    permissions.require(person_of(request), Permission.MEMBERSHIP_GRANT, organisation=membership.organisation)
    form = EndRoleForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        now = form.cleaned_data["when"] == "now"
        ends_on: date = timezone.localdate() if now else form.cleaned_data["ends_on"]
        try:
            memberships.end(
                membership_id=pk,
                ends_on=ends_on,
                at_once=now,
                reason=form.cleaned_data["reason"],
                by=person_of(request),
                at=timezone.now(),
            )
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"The role of {membership.person} as {membership.role_words} has its end.")
            return redirect("partners:person", membership.organisation_id, membership.person_id)
    elif request.method == "POST":
        status = 400
    return render(request, "partners/role_end.html", {"membership": membership, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def person_leaves(request: HttpRequest, pk: UUID, person_pk: UUID) -> HttpResponse:
    """Say what ends and what is left undone, then end everything that somebody holds in the partner."""
    organisation = managed(request, pk)
    today, status = timezone.localdate(), 200
    shown, roles = selectors.leaver(organisation, person_pk)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        why, by = form.cleaned_data["reason"], person_of(request)
        try:
            leaving.leave(person=shown, organisation=organisation, reason=why, by=by, at=timezone.now())
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"{shown} no longer acts for {organisation}.")
            return redirect("partners:people", pk)
    elif request.method == "POST":
        status = 400
    context = {
        "organisation": organisation,
        "shown": shown,
        "roles": [role for role in roles if role.goes_on(today)],
        "tasks": selectors.open_tasks(shown, organisation, on=today),
        "form": form,
    }
    return render(request, "partners/person_leaves.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def deputy_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name a deputy for a role: the holder's act, or an administrator's."""
    membership, status = selectors.membership_of(person_of(request), pk), 200
    deputies.check_may_appoint(person_of(request), membership)
    candidates: list[User] = list(selectors.may_stand_in(membership, on=timezone.localdate()))
    form = DeputyForm(
        request.POST if request.method == "POST" else None,
        today=timezone.localdate(),
        people=candidates,
        may=selectors.delegable(membership),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            deputy = deputies.appoint(
                membership_id=pk,
                person=next(candidate for candidate in candidates if str(candidate.pk) == given["person"]),
                wanted=[Permission(value) for value in given["permissions"]],
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                by=person_of(request),
                at=timezone.now(),
            )
        except HubError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, f"{deputy.person} stands in for {membership.person}.")
            return redirect("partners:people", membership.organisation_id)
    elif request.method == "POST":
        status = 400
    context = {"membership": membership, "form": form, "kept_back": selectors.kept_back(membership)}
    return render(request, "partners/deputy_new.html", context, status=status)


@require_POST
def deputy_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a deputy's time at once."""
    deputy = selectors.deputy_of(person_of(request), pk)
    try:
        deputies.end(deputy_id=pk, by=person_of(request), at=timezone.now())
    except HubError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{deputy.person} stands in for {deputy.membership.person} no more.")
    return redirect("partners:people", deputy.membership.organisation_id)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/partners/<id>/review/: every role confirmed once a year by an administrator who is not that person."""
    organisation, access = overseen(request, pk)
    form, status = ReviewForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        permissions.require(person_of(request), Permission.MEMBERSHIP_GRANT, organisation=organisation)
        status = 400
        if form.is_valid():
            try:
                given = reviews.confirm(
                    organisation=organisation,
                    membership_ids=form.cleaned_data["membership"],
                    by=person_of(request),
                    at=timezone.now(),
                )
            except HubError as refusal:
                status = refuse(form, refusal)
            else:
                words = "1 role is" if len(given) == 1 else f"{len(given)} roles are"
                messages.success(request, f"{words} confirmed.")
                return redirect("partners:review", pk)
    context = {
        "organisation": organisation,
        "access": access,
        "form": form,
        "review": selectors.review(person_of(request), organisation, on=timezone.localdate()),
    }
    return render(request, "partners/review.html", context, status=status)
