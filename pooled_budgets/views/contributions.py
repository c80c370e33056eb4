"""Contributions to a fund: the list, one of them, and what is entered about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from governance.domain.authority import Matter
from governance.selectors.authority import authorities_for, why_none
from integration_hub.core import money
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.forms_contributions import (
    ChangeForm,
    ContributionForm,
    DescriptionForm,
    InstalmentsForm,
    ReceiptForm,
    ReversalForm,
    SeenForm,
)
from pooled_budgets.models import Fund, FundingLine
from pooled_budgets.presenters import contributions as words
from pooled_budgets.selectors import contributions as selectors
from pooled_budgets.selectors import settled, settlement, value_lists
from pooled_budgets.services import contributions as services
from pooled_budgets.views.common import load_fund


@require_safe
def contributions(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    rows = selectors.of_fund(request.user, fund, on=timezone.localdate())
    opened = settlement.opening_rows(fund, request.user)
    return render(
        request,
        "pooled_budgets/contributions.html",
        {
            "fund": fund,
            "rows": rows,
            "partners": selectors.by_payer(rows),
            "money": selectors.money_of(fund, request.user, [row.line for row in rows], opened),
            "can_enter": _may(request, fund),
            "approval": settled.approval_in_force(fund, request.user),
        },
    )


@require_safe
def contribution(request: SignedInRequest, pk: UUID, line_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    line = selectors.get(request.user, fund, line_pk)
    found = selectors.with_standing(line, on=timezone.localdate())
    return render(
        request,
        "pooled_budgets/contribution.html",
        {
            "fund": fund,
            "line": line,
            "standing": found.standing,
            "tie": words.schedule_tie(found.standing),
            "late": words.late_words(found.standing),
            "changes": selectors.changes_of(request.user, line),
            "receipts": selectors.receipts_of(request.user, line),
            "can_enter": _may(request, fund),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contribution_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    permissions.require(request.user, Permission.PLAN_IMPORT, organisation=fund.owner)
    form = ContributionForm(request.POST or None, shown={})
    form.offer(list(value_lists.streams(fund.financial_year)), selectors.parties_of(fund), fund.year)

    def save() -> FundingLine:
        given = {name: form.cleaned_data[name] for name in ("amount", "state")}
        return services.add(fund_id=fund.pk, **form.described, **given, by=request.user, at=timezone.now())

    return _answer(request, fund, None, form, save, title="Add a contribution", done="The contribution is entered.")


@require_http_methods(["GET", "HEAD", "POST"])
def contribution_edit(request: SignedInRequest, pk: UUID, line_pk: UUID) -> HttpResponse:
    fund, line = _load(request, pk, line_pk)
    shown = services.seen_of(line)
    form = DescriptionForm(request.POST or None, shown=shown, initial=shown)
    form.offer(
        list(value_lists.streams(fund.financial_year)), words.with_payer(selectors.parties_of(fund), line), fund.year
    )

    def save() -> FundingLine:
        return services.describe(line_id=line.pk, **form.described, seen=form.seen, by=request.user, at=timezone.now())

    return _answer(request, fund, line, form, save, title="Correct the contribution", done="Saved.")


@require_http_methods(["GET", "HEAD", "POST"])
def contribution_change(request: SignedInRequest, pk: UUID, line_pk: UUID) -> HttpResponse:
    fund, line = _load(request, pk, line_pk)
    form = ChangeForm(
        request.POST or None,
        shown={"amount": services.amount_seen(line)},
        initial={"effective_on": min(timezone.localdate(), fund.year.ends_on)},
    )
    parties = selectors.parties_of(fund)
    asked: Any = {"matter": Matter.CONTRIBUTION_CHANGE, "on": timezone.localdate(), "parties": parties}
    choices = authorities_for(request.user, **asked)
    form.offer(choices)

    def save() -> Any:
        given = {name: form.cleaned_data[name] for name in ("amount", "state", "effective_on", "reason")}
        return services.change(
            line_id=line.pk,
            **given,
            authority_named=form.cleaned_data["authority"],
            seen=form.seen["amount"],
            by=request.user,
            at=timezone.now(),
        )

    now = f"The amount is {services.amount_words(line.amount, line.state)} now. {words.RESPREAD}"
    intro = now if choices else f"{now} {why_none(request.user, **asked)} {words.NO_AUTHORITY}"
    about = {"title": "Change the amount", "done": "The amount is changed.", "intro": intro}
    return _answer(request, fund, line, form, save, **about, may=bool(choices))


@require_http_methods(["GET", "HEAD", "POST"])
def contribution_instalments(request: SignedInRequest, pk: UUID, line_pk: UUID) -> HttpResponse:
    fund, line = _load(request, pk, line_pk)
    form = InstalmentsForm(request.POST or None, fund=fund, line=line, shown=services.amount_seen(line))

    def save() -> Any:
        return services.schedule(
            line_id=line.pk, parts=form.parts, seen=form.seen["amount"], by=request.user, at=timezone.now()
        )

    intro = (
        f"They take the place of those that there are. The amount is {services.amount_words(line.amount, line.state)}."
    )
    return _answer(
        request, fund, line, form, save, title="Set the instalments", done="The instalments are set.", intro=intro
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contribution_receive(request: SignedInRequest, pk: UUID, line_pk: UUID) -> HttpResponse:
    fund, line = _load(request, pk, line_pk)
    form = ReceiptForm(request.POST or None, shown={})

    def save() -> Any:
        given = {name: form.cleaned_data[name] for name in ("received_on", "amount", "reference")}
        return services.receive(line_id=line.pk, **given, by=request.user, at=timezone.now())

    return _answer(request, fund, line, form, save, title="Enter a receipt", done="The receipt is entered.")


@require_http_methods(["GET", "HEAD", "POST"])
def receipt_reverse(request: SignedInRequest, pk: UUID, line_pk: UUID, receipt_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    line = selectors.get(request.user, fund, line_pk)
    receipt = selectors.receipt(request.user, line, receipt_pk)
    permissions.require(request.user, Permission.PLAN_IMPORT, organisation=fund.owner)
    form = ReversalForm(request.POST or None, shown={})

    def save() -> Any:
        return services.reverse(
            receipt_id=receipt.pk, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )

    intro = f"{money.pounds(receipt.amount)}, reference {receipt.reference}. It counts no more; it stays in the list."
    return _answer(
        request, fund, line, form, save, title="Reverse a receipt", done="The receipt is reversed.", intro=intro
    )


def _load(request: SignedInRequest, pk: UUID, line_pk: UUID) -> tuple[Fund, FundingLine]:
    """The fund and its contribution, or 404; 403 for whoever may not enter the fund's money."""
    fund = load_fund(request, pk)
    line = selectors.get(request.user, fund, line_pk)
    permissions.require(request.user, Permission.PLAN_IMPORT, organisation=fund.owner)
    return fund, line


def _may(request: SignedInRequest, fund: Fund) -> bool:
    return permissions.can(request.user, Permission.PLAN_IMPORT, organisation=fund.owner)


def _answer(
    request: SignedInRequest,
    fund: Fund,
    line: FundingLine | None,
    form: SeenForm,
    save: Callable[[], Any],
    *,
    title: str,
    done: str,
    intro: str = "",
    may: bool = True,
) -> HttpResponse:
    """The form, or what was typed saved and the way to the contribution. No form where the person may not send it."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                saved = save()
            except HubError as refusal:
                status = form.refuse(refusal)
            else:
                messages.success(request, done)
                return redirect("pooled_budgets:contribution", pk=fund.pk, line_pk=(line or saved).pk)
    page = {"fund": fund, "line": line, "form": form, "title": title, "intro": intro, "may": may}
    return render(request, "pooled_budgets/contribution_form.html", page, status=status)
