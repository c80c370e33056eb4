"""The risk share of a fund: its rules in words, who pays what, and what-ifs that touch no forecast."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integration_hub.core.errors import HubError
from integration_hub.core.models import Period
from partners import permissions
from partners.models import Organisation
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.domain.risk_share import reading
from pooled_budgets.domain.risk_share.inputs import FundFigures, trial
from pooled_budgets.domain.risk_share.reading import RuleRefused
from pooled_budgets.domain.risk_share.settling import Settlement
from pooled_budgets.forms_risk_share import BEGINNING, ApproveForm, FiguresForm, RulesForm, ScenarioForm, WhatIfForm
from pooled_budgets.models import Fund, RiskShareRules
from pooled_budgets.presenters import risk_share as words
from pooled_budgets.presenters import risk_share_rules
from pooled_budgets.selectors import funds as fund_rows
from pooled_budgets.selectors import risk_share as selectors
from pooled_budgets.services import risk_share as services
from pooled_budgets.views.common import QuarterLink, load_fund, load_quarter


@dataclass(frozen=True)
class Loaded:
    """What every page of a fund's risk share begins with."""

    fund: Fund
    period: Period
    quarters: list[QuarterLink]
    parties: list[Organisation]
    versions: list[RiskShareRules]
    rules: RiskShareRules | None
    figures: FundFigures


@require_safe
def risk_share(request: SignedInRequest, pk: UUID) -> HttpResponse:
    loaded = _load(request, pk)
    return _page(request, loaded, WhatIfForm(loaded.figures), ScenarioForm())


@require_POST
def what_if(request: SignedInRequest, pk: UUID) -> HttpResponse:
    loaded = _load(request, pk)
    form = WhatIfForm(loaded.figures, request.POST)
    if not form.is_valid():
        return _page(request, loaded, form, ScenarioForm(), status=400)
    if request.headers.get("HX-Request"):
        return render(request, "pooled_budgets/risk_share_result.html", _result(loaded, form))
    return _page(request, loaded, form, ScenarioForm())


@require_POST
def scenario_save(request: SignedInRequest, pk: UUID) -> HttpResponse:
    loaded = _load(request, pk)
    permissions.acting_for(request.user, Permission.RISK_SHARE_PREPARE, among=loaded.parties)
    form, named = WhatIfForm(loaded.figures, request.POST), ScenarioForm(request.POST)
    if not (form.is_valid() & named.is_valid()):
        return _page(request, loaded, form, named, status=400)
    try:
        saved = services.save_scenario(
            fund=loaded.fund,
            period=loaded.period,
            name=named.cleaned_data["name"],
            outturns=form.outturns,
            by=request.user,
            at=timezone.now(),
        )
    except HubError as refusal:
        named.add_error(refusal.field if refusal.field == "name" else None, refusal.message)
        return _page(request, loaded, form, named, status=refusal.http_status)
    messages.success(request, f"“{saved.name}” saved. Only {saved.owner} sees it until it is released.")
    return redirect(_address(loaded.fund, loaded.period))


@require_POST
def scenario_release(request: SignedInRequest, pk: UUID, scenario_pk: UUID) -> HttpResponse:
    loaded = _load(request, pk)
    found = next((row for row in selectors.scenarios(loaded.fund, request.user) if row.pk == scenario_pk), None)
    if found is None:
        raise Http404("There is no such what-if.")
    permissions.require(request.user, Permission.RISK_SHARE_PREPARE, organisation=found.owner)
    try:
        services.release_scenario(scenario_id=found.pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _page(request, loaded, WhatIfForm(loaded.figures), ScenarioForm(), refusal, refusal.http_status)
    messages.success(request, f"“{found.name}” released: the parties to the agreement and its board see it.")
    return redirect(_address(loaded.fund, loaded.period))


@require_http_methods(["GET", "POST"])
def figures(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk, Permission.RISK_SHARE_PREPARE, figures=True)
    permissions.require(request.user, Permission.RISK_SHARE_PREPARE, organisation=fund.owner)
    period, _ = load_quarter(request, fund)
    recorded = selectors.recorded_figures(fund)
    initial = {"contingency": recorded.contingency, "contingency_state": recorded.contingency_state} if recorded else {}
    form = FiguresForm(request.POST or None, figures=selectors.figures(fund, period, request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        amount = form.cleaned_data["contingency"]
        services.record_figures(
            fund=fund,
            contingency=amount,
            contingency_state=services.stated_or(amount, form.cleaned_data["contingency_state"]),
            leads=form.leads,
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, "Contingency and leads saved.")
        return redirect("pooled_budgets:risk_share", fund.pk)
    status = 400 if form.errors else 200
    return render(request, "pooled_budgets/risk_share_figures.html", {"fund": fund, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def rules_edit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    loaded = _load(request, pk)
    owner = permissions.acting_for(request.user, Permission.RISK_SHARE_PREPARE, among=loaded.parties)
    draft = selectors.draft_of(loaded.versions, owner)
    if request.method == "GET":
        shown = draft or loaded.rules
        form = RulesForm(loaded.figures.names, groups=shown.groups if shown else BEGINNING)
        form.clause, form.note = (shown.clause, shown.note) if shown else ("", "")
        form.is_illustrative, form.seen = bool(shown and shown.illustrative), services.seen(draft)
        return _editor(request, loaded, form, owner)
    form = RulesForm(loaded.figures.names, data=request.POST)
    groups = form.as_json()
    if not form.is_save or groups is None:
        return _editor(request, loaded, form, owner, status=400 if form.is_save else 200)
    try:
        services.save_draft(
            fund=loaded.fund,
            period=loaded.period,
            groups=groups,
            clause=form.clause,
            note=form.note,
            illustrative=form.is_illustrative,
            seen_draft=form.seen,
            by=request.user,
            at=timezone.now(),
        )
    except services.RulesRefused:
        # The editor names the place itself.
        return _editor(request, loaded, form, owner, status=400)
    except HubError as refusal:
        form.refusal = refusal.message
        return _editor(request, loaded, form, owner, status=refusal.http_status)
    messages.success(request, f"Draft saved. Only {owner} sees it until you release it.")
    return redirect("pooled_budgets:risk_share", loaded.fund.pk)


@require_safe
def rules_version(request: SignedInRequest, pk: UUID, rules_pk: UUID) -> HttpResponse:
    loaded = _load(request, pk)
    return _version(request, loaded, _find(loaded, rules_pk), ApproveForm())


@require_POST
def rules_release(request: SignedInRequest, pk: UUID, rules_pk: UUID) -> HttpResponse:
    loaded = _load(request, pk)
    rules = _find(loaded, rules_pk)
    permissions.require(request.user, Permission.RISK_SHARE_PREPARE, organisation=rules.owner)
    try:
        services.release_draft(rules_id=rules.pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _version(request, loaded, rules, ApproveForm(), refusal)
    messages.success(request, "Draft released: the parties and their board read it, and another person can approve it.")
    return redirect("pooled_budgets:risk_share_version", loaded.fund.pk, rules.pk)


@require_POST
def rules_withdraw(request: SignedInRequest, pk: UUID, rules_pk: UUID) -> HttpResponse:
    loaded = _load(request, pk)
    rules = _find(loaded, rules_pk)
    permissions.require(request.user, Permission.RISK_SHARE_PREPARE, organisation=rules.owner)
    try:
        services.withdraw_draft(rules_id=rules.pk, by=request.user, at=timezone.now())
    except HubError as refusal:
        return _version(request, loaded, rules, ApproveForm(), refusal)
    messages.success(request, "Draft withdrawn.")
    return redirect("pooled_budgets:risk_share", loaded.fund.pk)


@require_POST
def rules_approve(request: SignedInRequest, pk: UUID, rules_pk: UUID) -> HttpResponse:
    loaded = _load(request, pk)
    rules = _find(loaded, rules_pk)
    permissions.acting_for(request.user, Permission.RISK_SHARE_APPROVE, among=loaded.parties)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _version(request, loaded, rules, form, status=400)
    try:
        made = services.approve(
            rules_id=rules.pk, effective_from=form.cleaned_data["effective_from"], by=request.user, at=timezone.now()
        )
    except HubError as refusal:
        return _version(request, loaded, rules, form, refusal)
    messages.success(request, f"Version {made.number} of the rules approved.")
    return redirect("pooled_budgets:risk_share", loaded.fund.pk)


def _load(request: SignedInRequest, pk: UUID) -> Loaded:
    fund = load_fund(request, pk, figures=True)
    period, quarters = load_quarter(request, fund)
    parties = fund_rows.parties_of(fund.agreement)
    versions = selectors.rules_of(fund.agreement, request.user)
    return Loaded(
        fund,
        period,
        quarters,
        parties,
        versions,
        selectors.in_force(versions, selectors.day_of(fund)),
        selectors.figures(fund, period, request.user, parties=parties),
    )


def _find(loaded: Loaded, rules_pk: UUID) -> RiskShareRules:
    found = next((row for row in loaded.versions if row.pk == rules_pk), None)
    if found is None:
        raise Http404("There are no such rules.")
    return found


def _settle(loaded: Loaded, figures: FundFigures) -> tuple[Settlement | None, HubError | None]:
    if loaded.rules is None:
        return None, services.NoRules("No risk-share rules are approved for this year, so nobody can be given a share.")
    try:
        return services.simulate(figures, loaded.rules.rules), None
    except HubError as refusal:
        return None, refusal


def _try(loaded: Loaded, outturns: Mapping[str, Decimal]) -> tuple[Settlement | None, HubError | None]:
    """Settle with other outturns; a saved one may name a scheme that the plan has no more."""
    try:
        return _settle(loaded, loaded.figures.with_outturns(outturns))
    except KeyError as gone:
        return None, HubError(f"It names scheme {gone.args[0]}, which the plan does not have any more.")


def _result(loaded: Loaded, form: WhatIfForm) -> dict[str, object]:
    """What the settled figures show: each partner's pounds, the tables, or why there are none."""
    tried = loaded.figures.with_outturns(form.outturns)
    settlement, refusal = _settle(loaded, tried)
    names = tried.names
    return {
        "fund": loaded.fund,
        "period": loaded.period,
        "is_tried": bool(form.outturns),
        "refusal": refusal,
        "partners": words.partner_rows(settlement, names, tried.partners) if settlement else [],
        "blocks": words.blocks(settlement.entries, names) if settlement else [],
        "parts": words.parts(settlement) if settlement else [],
        "settlement": settlement,
    }


def _page(
    request: SignedInRequest,
    loaded: Loaded,
    form: WhatIfForm,
    named: ScenarioForm,
    refusal: HubError | None = None,
    status: int = 200,
) -> HttpResponse:
    live, _ = _settle(loaded, loaded.figures)
    saved = []
    for row in selectors.scenarios(loaded.fund, request.user):
        shown = words.Compared(
            row.name,
            f"{row.owner}, {row.period.label}",
            scenario_id=str(row.pk),
            is_own=permissions.can(request.user, Permission.RISK_SHARE_PREPARE, organisation=row.owner),
            is_draft=row.released_at is None,
        )
        settled, why = _try(loaded, {number: Decimal(amount) for number, amount in row.outturns.items()})
        if settled is None:
            saved.append(replace(shown, refusal=why.message if why else ""))
        else:
            saved.append(words.compared(shown, settled))
    rules = loaded.rules
    context = _result(loaded, form) | {
        "quarters": loaded.quarters,
        "rules": rules,
        "read_back": risk_share_rules.read_back(loaded.figures, rules.groups) if rules else [],
        "versions": loaded.versions,
        "form": form,
        "named": named,
        "stopped": refusal,
        "live": words.partner_rows(live, loaded.figures.names, loaded.figures.partners) if live else [],
        "compared": saved,
        "names": list(loaded.figures.names.values()),
        "difference": loaded.figures.difference,
        "can_prepare": any(
            permissions.can(request.user, Permission.RISK_SHARE_PREPARE, organisation=party) for party in loaded.parties
        ),
        "can_record": permissions.can(request.user, Permission.RISK_SHARE_PREPARE, organisation=loaded.fund.owner),
    }
    return render(request, "pooled_budgets/risk_share.html", context, status=status)


def _editor(
    request: SignedInRequest, loaded: Loaded, form: RulesForm, owner: Organisation, status: int = 200
) -> HttpResponse:
    """The inputs with each rule read back under it and examples worked, or the reason where that cannot be done."""
    examples = []
    groups = form.as_json() if not form.problems else None
    if groups is not None:
        try:
            pool = reading.read(trial(loaded.figures, {"groups": groups}))
            risk_share_rules.read_back_in(form, pool, loaded.figures.names)
            examples = risk_share_rules.worked(pool, loaded.figures.names)
        except RuleRefused as refusal:
            form.refuse(refusal.field, refusal.message)
    is_known = not loaded.figures.gaps and any(loaded.figures.partners.values())
    context = {"fund": loaded.fund, "form": form, "owner": owner, "examples": examples, "is_known": is_known}
    return render(request, "pooled_budgets/risk_share_rules.html", context, status=status)


def _version(
    request: SignedInRequest,
    loaded: Loaded,
    rules: RiskShareRules,
    form: ApproveForm,
    refusal: HubError | None = None,
    status: int = 200,
) -> HttpResponse:
    if refusal is not None:
        status = refusal.http_status
        if refusal.field in form.fields and form.is_bound:
            form.add_error(refusal.field, refusal.message)
    is_draft = rules.approved_at is None
    own = permissions.can(request.user, Permission.RISK_SHARE_PREPARE, organisation=rules.owner)
    context = {
        "fund": loaded.fund,
        "rules": rules,
        "read_back": risk_share_rules.read_back(loaded.figures, rules.groups),
        "form": form,
        "refusal": refusal,
        "can_release": is_draft and own and rules.released_at is None,
        "can_withdraw": is_draft and own,
        "can_approve": is_draft
        and rules.released_at is not None
        and rules.prepared_by_id != request.user.pk
        and any(
            permissions.can(request.user, Permission.RISK_SHARE_APPROVE, organisation=party) for party in loaded.parties
        ),
    }
    return render(request, "pooled_budgets/risk_share_version.html", context, status=status)


def _address(fund: Fund, period: Period) -> str:
    return f"{reverse('pooled_budgets:risk_share', args=[fund.pk])}?quarter={period.number}"
