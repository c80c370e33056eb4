"""A section of the return: the fields of its template, those of the Hub filled in, the others typed here."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bcf_metrics.domain.answers import Cell
from bcf_metrics.domain.sections import fingerprint
from bcf_metrics.domain.templates import Tab
from bcf_metrics.forms import SectionForm
from bcf_metrics.forms_sections import ReadyForm
from bcf_metrics.presenters import pages
from bcf_metrics.presenters.sections import rows as section_rows
from bcf_metrics.selectors import returns, sections
from bcf_metrics.selectors.content import REASONS, Draft
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import answers
from bcf_metrics.services.answers import AnswersChanged
from bcf_metrics.views.common import READING, acting, shown
from integration_hub.core.errors import HubError, Malformed
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: SignedInRequest, pk: UUID, tab: str) -> HttpResponse:
    """Read or fill in one section."""
    held = returns.get(request.user, pk)
    draft = shown(request, held)
    cells = _cells(draft, tab)
    if request.method in READING:
        return _page(request, held, draft, tab, SectionForm(cells, required=_required(draft)))
    permissions.acting_for(request.user, Permission.RETURN_PREPARE, among=held.parties)
    form = SectionForm(cells, request.POST, required=_required(draft))
    if not form.is_valid():
        return _page(request, held, draft, tab, form, status=400)
    try:
        changed = answers.record(return_id=pk, wanted=form.wanted(), by=request.user, at=timezone.now())
    except HubError as refusal:
        return _refused(request, pk, tab, form, refusal)
    messages.success(request, "The section is saved." if changed else "Nothing was changed.")
    return redirect("bcf_metrics:section", pk, tab)


def _cells(draft: Draft, tab: str) -> list[Cell]:
    """The entries of a section; Http404 for one that the year does not ask for."""
    if tab == REASONS:
        return draft.reasons
    asked = draft.template.asked(draft.content["period"]["financial_year"])
    if tab not in {found.code for found in asked if found.kind != "checklist"}:
        raise Http404("There is no such section.")
    return draft.cells_of(tab)


def _required(draft: Draft) -> list[str]:
    return [check.entry.path for check in draft.completion.checks if check.required] + [
        cell.key for cell in draft.reasons
    ]


def _refused(request: SignedInRequest, pk: UUID, tab: str, typed: SectionForm, refusal: HubError) -> HttpResponse:
    """The section again on the answers as they are now, with what was typed and why it was not saved."""
    held = returns.get(request.user, pk)
    draft = shown(request, held)
    form = typed.rebased(_cells(draft, tab), required=_required(draft))
    problems = [refusal.message]
    if isinstance(refusal, AnswersChanged):
        problems = []
        for conflict in refusal.conflicts:
            form.complain(conflict.key, conflict.words)
    elif isinstance(refusal, Malformed):
        problems = []
        for problem in refusal.problems:
            form.complain(problem["field"], problem["message"])
    return _page(request, held, draft, tab, form, problems=problems, status=refusal.http_status)


def _page(
    request: SignedInRequest,
    held: Standing,
    draft: Draft,
    tab: str,
    form: SectionForm,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    tabs = [
        found for found in draft.template.asked(draft.content["period"]["financial_year"]) if found.kind != "checklist"
    ]
    blocks, title, help_text = _content(draft, tab, tabs)
    chosen = [found for found in tabs if found.code == tab]
    mine = section_rows(held, sections.of_return(held, chosen, draft), on=timezone.localdate())
    can_prepare = bool(acting(request.user, Permission.RETURN_PREPARE, held)) and not held.is_frozen
    context = {
        "held": held,
        "return": held.quarterly_return,
        "title": title,
        "help": help_text,
        "blocks": [_drawn(block, form) for block in blocks],
        "form": form,
        "problems": problems or [],
        "tab": tab,
        "tabs": tabs,
        "lock": pages.lock(held),
        "is_wide": any(block.rows for block in blocks),
        "is_open": bool(form.cells) and can_prepare,
        "row": next(iter(mine), None),
        "can_prepare": can_prepare,
        "ready_form": ReadyForm(initial={"seen": fingerprint(draft.cells_of(tab))}),
    }
    return render(request, "bcf_metrics/section.html", context, status=status)


def _content(draft: Draft, tab: str, tabs: list[Tab]) -> tuple[list[pages.Block], str, str]:
    if tab == REASONS:
        cells = draft.reasons
        block = pages.Block("fields", "", "", cells, [], [], [])
        return (
            [block],
            "Reasons asked for",
            "The checks found this and cannot decide it. Say why it is so, or correct it.",
        )
    found = next(found for found in tabs if found.code == tab)
    return pages.blocks(draft.template, found, draft.cells_of(tab)), found.title, found.help


def _drawn(block: pages.Block, form: SectionForm) -> dict[str, object]:
    """A block with the inputs of its cells."""
    return {
        "block": block,
        "cells": [form.drawn(cell) for cell in block.cells],
        "rows": [[form.drawn(cell) for cell in row] for row in block.rows],
        "titled": [
            (title, [form.drawn(cell) for cell in row]) for title, row in zip(block.titles, block.rows, strict=True)
        ],
        "sources": block.sources,
    }
