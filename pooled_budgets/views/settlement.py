"""The year end of a fund: what it comes to, its settlements, their approval, and what is carried forward."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from governance.domain.authority import Matter
from governance.selectors.authority import authorities_for, why_none
from integration_hub.core.dates import long_date
from integration_hub.core.documents.word import MEDIA_TYPE as WORD_CONTENT_TYPE
from integration_hub.core.errors import HubError
from integration_hub.core.money import NIL
from integration_hub.core.spreadsheets import XLSX_CONTENT_TYPE
from integration_hub.core.spreadsheets.texts import download_name
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.domain import year_end
from pooled_budgets.domain.year_end import division_of
from pooled_budgets.forms_account_statement import StatementForm
from pooled_budgets.forms_settlement import ApproveSettlementForm, CarryForwardForm, PrepareForm
from pooled_budgets.models import Fund, Settlement
from pooled_budgets.presenters import memorandum as accounts
from pooled_budgets.presenters import settlement as words
from pooled_budgets.presenters import statements
from pooled_budgets.selectors import settlement as selectors
from pooled_budgets.selectors.virements import parties_of
from pooled_budgets.services import account_statements
from pooled_budgets.services import settlement as services
from pooled_budgets.views.common import load_fund, refuse


@require_safe
def settlement(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The year as it stands now, what stops its settlement, and the settlements made."""
    fund = _load(request, pk)
    rows = selectors.of_fund(fund, request.user)
    settled = selectors.in_force(rows)
    now = services.year_end_of(fund, request.user, division_of(settled.content) if settled else None)
    as_settled = settled is not None and now.content is not None and not year_end.changes(settled.content, now.content)
    stops = services.stops_on(fund, now, timezone.localdate())
    context = {
        "fund": fund,
        "rows": [_row(row, rows) for row in rows],
        "settled": settled,
        "is_as_settled": as_settled and not stops,
        "stops": stops,
        "now": words.of_content(now.content, words.explained(fund)) if now.content else None,
        "opening": words.carried_table(now.read.opened),
        "carried": words.carried_table(now.read.carried),
        "can_prepare": not stops
        and permissions.can(request.user, Permission.RISK_SHARE_PREPARE, organisation=fund.owner),
        "can_carry": settled is not None
        and permissions.can(request.user, Permission.RISK_SHARE_APPROVE, organisation=fund.owner),
    }
    return render(request, "pooled_budgets/settlement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Freeze the year for the approval of another person."""
    fund = _load(request, pk)
    permissions.require(request.user, Permission.RISK_SHARE_PREPARE, organisation=fund.owner)
    now = services.year_end_of(fund, request.user)
    replaces = selectors.in_force(selectors.of_fund(fund, request.user))
    unresolved = now.settled.unresolved if now.settled else NIL
    form = PrepareForm(
        request.POST if request.method == "POST" else None,
        replaces=replaces is not None,
        unresolved=unresolved,
        names={key: name for key, name in now.read.figures.names.items() if key in now.read.figures.partners},
        offered=_offered(request, fund, Matter.SETTLEMENT) if unresolved else [],
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = services.prepare(fund_id=fund.pk, by=request.user, at=timezone.now(), **form.values())
            except HubError as refusal:
                status = refuse(form, refusal)
            else:
                messages.success(request, "The settlement is prepared. Another person has to approve it.")
                return redirect("pooled_budgets:settlement_version", fund.pk, made.number)
    stops = services.stops_on(fund, now, timezone.localdate())
    context = {"fund": fund, "form": form, "stops": stops, "unresolved": unresolved, "replaces": replaces}
    return render(request, "pooled_budgets/settlement_prepare.html", context, status=status)


@require_safe
def version(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    """One settlement as it was frozen, and what has changed since."""
    fund = _load(request, pk)
    rows = selectors.of_fund(fund, request.user)
    found = selectors.numbered(rows, number)
    content = found.content
    now = services.year_end_of(fund, request.user, division_of(content))
    approval = selectors.approval_of(found)
    is_last = rows[0].pk == found.pk
    can_approve = any(
        permissions.can(request.user, Permission.RISK_SHARE_APPROVE, organisation=party)
        for party in (*now.read.parties, fund.owner)
    )
    context = _row(found, rows) | {
        "fund": fund,
        "is_whole": year_end.digest(content) == found.sha256,
        "changes": words.change_table(year_end.changes(content, now.content)) if now.content else None,
        "stops": now.stops if approval is None and is_last else (),
        "is_open": approval is None and is_last,
        "is_own": found.prepared_by_id == request.user.pk,
        "may_approve": can_approve and found.prepared_by_id != request.user.pk,
        "shown": words.of_content(content, words.explained(fund, timezone.localdate(found.prepared_at))),
        "later": rows[0] if not is_last else None,
    }
    return render(request, "pooled_budgets/settlement_version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    """Approve a settlement that another prepared, naming what allows it."""
    fund = load_fund(request, pk)
    rows = selectors.of_fund(fund, request.user)
    found = selectors.numbered(rows, number)
    permissions.acting_for(request.user, Permission.RISK_SHARE_APPROVE, among=parties_of(fund))
    offered = _offered(request, fund, Matter.SETTLEMENT)
    form = ApproveSettlementForm(request.POST if request.method == "POST" else None, offered=offered)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            named = form.cleaned_data["authority"]
            try:
                services.approve(settlement_id=found.pk, named=named, by=request.user, at=timezone.now())
            except HubError as refusal:
                status = refuse(form, refusal)
            else:
                messages.success(request, "The settlement is approved. The year is settled.")
                return redirect("pooled_budgets:settlement_version", fund.pk, found.number)
    context = _row(found, rows) | {
        "fund": fund,
        "form": form,
        "why_none": "" if offered else _why_none(request, fund, Matter.SETTLEMENT),
        "is_own": found.prepared_by_id == request.user.pk,
        "can_approve": bool(offered) and found.pk == rows[0].pk and found.prepared_by_id != request.user.pk,
        "later": rows[0] if found.pk != rows[0].pk else None,
        "settlement_table": words.partners_table(found.content),
        "moved": Decimal(found.content["moved"]),
    }
    return render(request, "pooled_budgets/settlement_approve.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def carry_forward(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Carry some of the approved closing balance into the next year's fund."""
    fund = load_fund(request, pk)
    permissions.require(request.user, Permission.RISK_SHARE_APPROVE, organisation=fund.owner)
    settled = selectors.in_force(selectors.of_fund(fund, request.user))
    offered = _offered(request, fund, Matter.CARRY_FORWARD)
    form = CarryForwardForm(
        request.POST if request.method == "POST" else None,
        funds=selectors.next_funds(fund, request.user),
        offered=offered,
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                services.carry_forward(fund_id=fund.pk, by=request.user, at=timezone.now(), **form.values())
            except HubError as refusal:
                status = refuse(form, refusal)
            else:
                messages.success(request, "Carried forward into the opening balance of the next year.")
                return redirect("pooled_budgets:settlement", fund.pk)
    why = "" if offered else _why_none(request, fund, Matter.CARRY_FORWARD)
    context = {
        "fund": fund,
        "form": form,
        "why_none": why,
        "settled": settled,
        "left": services.left_to_carry(fund, settled, request.user) if settled else None,
    }
    return render(request, "pooled_budgets/settlement_carry_forward.html", context, status=status)


@require_safe
def memorandum(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    """The memorandum account of a settlement, from its frozen figures."""
    fund = load_fund(request, pk)
    rows = selectors.of_fund(fund, request.user)
    found = selectors.numbered(rows, number)
    context = _row(found, rows) | {
        "fund": fund,
        "memorandum": _account(request, found, rows),
        "can_state": permissions.can(request.user, Permission.RISK_SHARE_PREPARE, organisation=fund.owner)
        and selectors.replaced_by(found, rows) is None,
    }
    return render(request, "pooled_budgets/memorandum.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def memorandum_statement(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    """State the purpose, a certificate or the auditor's words, which are printed with the account."""
    fund = load_fund(request, pk)
    rows = selectors.of_fund(fund, request.user)
    found = selectors.numbered(rows, number)
    permissions.require(request.user, Permission.RISK_SHARE_PREPARE, organisation=fund.owner)
    form = StatementForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                account_statements.state(
                    settlement_id=found.pk, by=request.user, at=timezone.now(), **form.cleaned_data
                )
            except HubError as refusal:
                status = refuse(form, refusal)
            else:
                messages.success(request, "The statement is added. It is printed with the account.")
                return redirect("pooled_budgets:memorandum", fund.pk, found.number)
    context = _row(found, rows) | {"fund": fund, "form": form}
    return render(request, "pooled_budgets/memorandum_statement.html", context, status=status)


@require_safe
def memorandum_file(request: SignedInRequest, pk: UUID, number: int, file_format: str) -> HttpResponse:
    """The same as a Word file or a workbook."""
    fund = load_fund(request, pk)
    rows = selectors.of_fund(fund, request.user)
    found = selectors.numbered(rows, number)
    made = _account(request, found, rows)
    file = accounts.word_file(made) if file_format == "docx" else accounts.workbook(made, found.content)
    return _download(file, made.title, file_format, is_draft=made.is_draft)


@require_safe
def statement_file(request: SignedInRequest, pk: UUID, number: int, partner: str, file_format: str) -> HttpResponse:
    """The settlement statement of one partner as a Word file or a workbook."""
    fund = load_fund(request, pk)
    rows = selectors.of_fund(fund, request.user)
    found = selectors.numbered(rows, number)
    made = statements.statement(found, partner, selectors.replaced_by(found, rows))
    if made is None:
        raise Http404("The settlement has no such partner.")
    file = statements.word_file(made) if file_format == "docx" else statements.workbook(made)
    return _download(file, made.title, file_format, is_draft=made.is_draft)


def _download(file: bytes, title: str, file_format: str, *, is_draft: bool) -> HttpResponse:
    """A file under a name that says whether it is a draft."""
    answer = HttpResponse(file, content_type=WORD_CONTENT_TYPE if file_format == "docx" else XLSX_CONTENT_TYPE)
    name = download_name(f"{title}{' draft' if is_draft else ''}", file_format)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _account(request: SignedInRequest, found: Settlement, rows: Sequence[Settlement]) -> accounts.Memorandum:
    stated = selectors.statements(found, request.user)
    return accounts.memorandum(found, stated, selectors.replaced_by(found, rows))


def _load(request: SignedInRequest, pk: UUID) -> Fund:
    """The fund with what its year end is worked out from, as far as that can be read along with it."""
    return load_fund(request, pk, figures=True, along=selectors.last_quarter())


def _offered(request: SignedInRequest, fund: Fund, matter: Matter) -> Any:
    return authorities_for(request.user, matter=matter, on=timezone.localdate(), parties=parties_of(fund))


def _why_none(request: SignedInRequest, fund: Fund, matter: Matter) -> str:
    return why_none(request.user, matter=matter, on=timezone.localdate(), parties=parties_of(fund))


def _row(found: Settlement, rows: Sequence[Settlement]) -> dict[str, Any]:
    """One of the fund's settlements, the last of which is the first of `rows`, with how it stands."""
    approval = selectors.approval_of(found)
    replaced_by = selectors.replaced_by(found, rows)
    if approval and replaced_by is not None:
        status = f"Replaced by settlement {replaced_by.number}; approved by {approval.approved_by_name}, " + long_date(
            approval.on
        )
    elif approval:
        status = f"Approved by {approval.approved_by_name}, {long_date(approval.on)}"
    elif found.pk != rows[0].pk:
        status = f"Never approved: settlement {rows[0].number} took its place"
    else:
        status = "Waits for approval"
    return {"settlement": found, "approval": approval, "label": f"Settlement {found.number}", "status": status}
