"""National policy by year: read by everybody, worked on and published by those who keep the register."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bcf_metrics.domain import policy_drafts
from bcf_metrics.forms_policy import BeginForm, NewFieldForm, PublishForm, RowForm, YearForm
from bcf_metrics.forms_policy_parts import ROW_FORMS, NewTabForm, SignatoryForm
from bcf_metrics.models import PolicyDraft, PolicyYear
from bcf_metrics.presenters import policy as presenter
from bcf_metrics.selectors import policy as selectors
from bcf_metrics.services import policy_drafts as services
from integration_hub.core.errors import HubError
from partners import permissions
from partners.requests import SignedInRequest

READ_AND_SEND = ["GET", "HEAD", "POST"]
NEW = "new"


@require_safe
def years(request: SignedInRequest) -> HttpResponse:
    """/returns/policy/: every year, and how far its policy is known."""
    rows = [
        {
            "year": year,
            "state": presenter.state(year),
            "draft": getattr(year, "draft", None),
            "version": newest,
            "marks": presenter.marks(newest.content, None) if newest else presenter.NOT_LOADED,
        }
        for year, newest in selectors.years()
    ]
    return render(request, "bcf_metrics/policy_years.html", {"rows": rows})


@require_safe
def year(request: SignedInRequest, code: str) -> HttpResponse:
    """One year: its lists, its layout, its versions."""
    found = selectors.year(code)
    versions, layout = selectors.versions(found), selectors.newest_layout(found)
    newest = versions[0] if versions else None
    content, own = (newest.content if newest else {}), (layout.content if layout else None)
    page = {
        "year": found,
        "state": presenter.state(found),
        "versions": versions,
        "layout": layout,
        "marks": presenter.marks(content, own),
        "tables": presenter.tables(content, own),
        "others": [other for other, published in selectors.years() if published and other.pk != found.pk],
        "draft": getattr(found, "draft", None),
        "differing_file": selectors.differing_file(found, newest),
        "may_maintain": permissions.may_maintain(request.user),
    }
    return render(request, "bcf_metrics/policy_year.html", page)


@require_safe
def compare(request: SignedInRequest, code: str, other: str) -> HttpResponse:
    """How a year differs from another, or from an earlier version of itself."""
    found = selectors.year(code)
    label, changes = selectors.compared(found, other)
    columns, rows = presenter.differences(changes)
    page = {"year": found, "other": label, "columns": columns, "rows": rows, "counted": presenter.counted(changes)}
    return render(request, "bcf_metrics/policy_compare.html", page)


@require_http_methods(READ_AND_SEND)
def begin(request: SignedInRequest, code: str) -> HttpResponse:
    """Begin a working copy of a year."""
    found = selectors.year(code)
    permissions.require_maintenance(request.user)
    form = BeginForm(request.POST if request.method == "POST" else None, choices=_sources(found))

    def save() -> None:
        services.begin(code=code, source=form.cleaned_data["source"], by=request.user, at=timezone.now())

    page = {"year": found, "draft": getattr(found, "draft", None)}
    return _answer(request, form, save, "bcf_metrics/policy_begin.html", page, back=_to_draft(code))


@require_safe
def draft(request: SignedInRequest, code: str) -> HttpResponse:
    """The working copy: its parts, and how it differs from what is published."""
    return render(request, "bcf_metrics/policy_draft.html", _draft_page(request, _draft(request, code)))


@require_http_methods(READ_AND_SEND)
def draft_year(request: SignedInRequest, code: str) -> HttpResponse:
    """What the working copy says of the year itself."""
    held = _draft(request, code)
    row = services.year_row(held)
    form = YearForm(request.POST if request.method == "POST" else None, row=row, seen=services.seen_of(row))
    choices = [(template.code, template.title) for template in selectors.layouts()]
    own = held.content["return_template"]
    if own and own not in dict(choices):
        choices.append((own, f"Its own layout, begun from {held.begun_from}"))
    form.offer(choices)

    def save() -> None:
        services.put_year(
            code=code, values=form.values, seen=form.cleaned_data["seen"], by=request.user, at=timezone.now()
        )

    page = {"year": held.policy_year, "title": "The year itself", "what": "Change the year itself", "index": None}
    return _answer(request, form, save, "bcf_metrics/policy_row.html", page, back=_to_draft(code))


@require_safe
def draft_part(request: SignedInRequest, code: str, part: str) -> HttpResponse:
    """One part of the working copy."""
    held = _draft(request, code)
    _known(part)
    number = len(policy_drafts.rows(held.content, held.layout, part))
    links = [reverse("bcf_metrics:policy_row", args=[code, part, index]) for index in range(number)]
    page = {
        "year": held.policy_year,
        "table": presenter.table(part, held.content, held.layout, links=links),
        "part": part,
        "add_words": f"Add a {policy_drafts.PARTS[part][2]}",
        "can_add": part not in policy_drafts.LAYOUT_PARTS or held.layout is not None,
    }
    return render(request, "bcf_metrics/policy_part.html", page)


@require_http_methods(READ_AND_SEND)
def draft_row(request: SignedInRequest, code: str, part: str, index: int | None = None) -> HttpResponse:
    """One row of a part, or a new one."""
    held = _draft(request, code)
    _known(part)
    row = None if index is None else services.row_of(held, part, index)
    form = _row_form(request, held, part, row)

    def save() -> None:
        services.put_row(
            code=code,
            part=part,
            index=index,
            values=form.values,
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=timezone.now(),
        )

    _, title, one = policy_drafts.PARTS[part]
    page = {
        "year": held.policy_year,
        "part": part,
        "title": title,
        "what": f"{'Add' if row is None else 'Change'} a {one}",
        "index": index,
        "seen": services.seen_of(row) if row else "",
        "can_remove": row is not None and row.get("kind") != "checklist",
    }
    return _answer(request, form, save, "bcf_metrics/policy_row.html", page, back=_to_part(code, part))


@require_POST
def remove_row(request: SignedInRequest, code: str, part: str, index: int) -> HttpResponse:
    """Take a row out of the working copy."""
    held = _draft(request, code)
    _known(part)
    services.row_of(held, part, index)
    seen = request.POST.get("seen", "")
    try:
        services.remove_row(code=code, part=part, index=index, seen=seen, by=request.user, at=timezone.now())
    except HubError as refusal:
        page = _draft_page(request, held) | {"problems": [refusal.message]}
        return render(request, "bcf_metrics/policy_draft.html", page, status=refusal.http_status)
    messages.success(request, "Taken out of the working copy.")
    return redirect(_to_part(code, part))


@require_POST
def discard(request: SignedInRequest, code: str) -> HttpResponse:
    """Throw the working copy away."""
    _draft(request, code)
    services.discard(code=code, by=request.user, at=timezone.now())
    messages.success(request, "The working copy was discarded. What is published stays as it is.")
    return redirect("bcf_metrics:policy_year", code)


@require_http_methods(READ_AND_SEND)
def publish(request: SignedInRequest, code: str) -> HttpResponse:
    """Read the differences, and publish them with a reason."""
    held = _draft(request, code)
    data = request.POST if request.method == "POST" else None
    form = PublishForm(data, initial={"seen": held.changes})

    def save() -> None:
        services.publish(code=code, **form.cleaned_data, by=request.user, at=timezone.now())

    page = _draft_page(request, held) | {
        "open_returns": selectors.open_returns(held.policy_year),
        "shared": selectors.others_with_layout(held.policy_year, held.content["return_template"]),
    }
    back = reverse("bcf_metrics:policy_year", args=[code])
    return _answer(request, form, save, "bcf_metrics/policy_publish.html", page, back=back, said="Published.")


def _draft(request: SignedInRequest, code: str) -> PolicyDraft:
    """The working copy for those who may work on it; 404 where there is no such year, 403 for everybody else."""
    selectors.year(code)
    permissions.require_maintenance(request.user)
    return selectors.draft(code)


def _draft_page(request: SignedInRequest, held: PolicyDraft) -> dict[str, Any]:
    changes = services.differences(held)
    columns, rows = presenter.differences(changes)
    return {
        "year": held.policy_year,
        "draft": held,
        "editors": [editor["name"] for editor in held.editors],
        "is_editor": str(request.user.pk) in {editor["id"] for editor in held.editors},
        "parts": [
            {"part": part, "title": title, "number": len(policy_drafts.rows(held.content, held.layout, part))}
            for part, (_, title, _) in policy_drafts.PARTS.items()
        ],
        "marks": presenter.marks(held.content, held.layout),
        "columns": columns,
        "rows": rows,
        "counted": presenter.counted(changes),
    }


def _row_form(request: SignedInRequest, held: PolicyDraft, part: str, row: dict[str, Any] | None) -> RowForm:
    data = request.POST if request.method == "POST" else None
    if row is None and part in policy_drafts.LAYOUT_PARTS:
        if held.layout is None:
            raise Http404("The year has no layout.")
        if part == "tabs":
            return NewTabForm(data, row=None)
        new = NewFieldForm(data, row=None)
        new.offer(held.layout)
        return new
    form = ROW_FORMS[part](data, row=row, seen=services.seen_of(row) if row is not None else "")
    if isinstance(form, SignatoryForm):
        form.offer(held.layout)
    return form


def _sources(found: PolicyYear) -> list[tuple[str, str]]:
    """What a working copy can begin from."""
    own = [(found.code, f"{found.label}, as it is published")] if found.loaded else []
    others = [
        (other.code, f"{other.label}: its lists and layout")
        for other, newest in selectors.years()
        if newest and other.loaded and other.pk != found.pk
    ]
    return [*own, *others, ("", "An empty year")]


def _known(part: str) -> None:
    if part not in policy_drafts.PARTS:
        raise Http404("There is no such part.")


def _to_draft(code: str) -> str:
    return reverse("bcf_metrics:policy_draft", args=[code])


def _to_part(code: str, part: str) -> str:
    return reverse("bcf_metrics:policy_part", args=[code, part])


def _answer(
    request: SignedInRequest,
    form: Any,
    save: Callable[[], None],
    template: str,
    page: dict[str, Any],
    *,
    back: str,
    said: str = "Saved in the working copy. Nobody works with it before it is published.",
) -> HttpResponse:
    """The form, or what was typed saved and the way back."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                save()
            except HubError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, said)
                return redirect(back)
    return render(request, template, page | {"form": form}, status=status)
