"""Schemes and lines entered one by one, the rules on the money, and profiles by month."""

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
from integration_hub.core.errors import HubError
from partners import permissions
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.domain.rules_on_money import Basis
from pooled_budgets.forms_contributions import SeenForm
from pooled_budgets.forms_schemes import LineForm, ProfileForm, SchemeForm, StartForm
from pooled_budgets.models import Fund, SchemeLine
from pooled_budgets.presenters import schemes as words
from pooled_budgets.presenters.contributions import NO_AUTHORITY
from pooled_budgets.selectors import contributions, funds, positions, settlement, value_lists
from pooled_budgets.selectors import schemes as selectors
from pooled_budgets.services import profiles as profile_services
from pooled_budgets.services import schemes as services
from pooled_budgets.views.common import load_fund, load_quarter


@require_safe
def schemes(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    funding = funds.funding_of(fund, request.user)
    return render(
        request,
        "pooled_budgets/schemes.html",
        {
            "fund": fund,
            "schemes": selectors.with_lines(request.user, fund),
            "money": contributions.money_of(fund, request.user, funding, settlement.opening_rows(fund, request.user)),
            "can_enter": _may(request, fund),
        },
    )


@require_safe
def scheme(request: SignedInRequest, pk: UUID, scheme_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    found = selectors.get(request.user, fund, scheme_pk)
    lines = [(line, words.template_fields(line, fund.financial_year)) for line in found.lines.all()]
    page = {"fund": fund, "scheme": found, "lines": lines, "can_enter": _may(request, fund)}
    return render(request, "pooled_budgets/scheme.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    _require(request, fund)
    form = SchemeForm(request.POST or None, shown={})

    def save() -> UUID:
        return services.add(fund_id=fund.pk, values=form.values, by=request.user, at=timezone.now()).pk

    return _answer(request, fund, form, save, title="Add a scheme", done="The scheme is entered. Add its lines.")


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_edit(request: SignedInRequest, pk: UUID, scheme_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    found = selectors.get(request.user, fund, scheme_pk)
    _require(request, fund)
    shown = services.seen_of(found)
    form = SchemeForm(request.POST or None, shown=shown, initial=shown)

    def save() -> UUID:
        given = {"values": form.values, "seen": form.seen}
        return services.describe(scheme_id=found.pk, **given, by=request.user, at=timezone.now()).pk

    return _answer(request, fund, form, save, title=f"Correct scheme {found.number}", done="Saved.")


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_start(request: SignedInRequest, pk: UUID, scheme_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    found = selectors.get(request.user, fund, scheme_pk)
    _require(request, fund)
    form = StartForm(request.POST or None, shown={}, initial={"starts_on": timezone.localdate()})
    parties = contributions.parties_of(fund)
    asked: Any = {"matter": Matter.SCHEME_START, "on": timezone.localdate(), "parties": parties}
    choices = authorities_for(request.user, **asked)
    form.offer(choices)

    def save() -> UUID:
        services.start(
            scheme_id=found.pk,
            starts_on=form.cleaned_data["starts_on"],
            authority_named=form.cleaned_data["authority"],
            by=request.user,
            at=timezone.now(),
        )
        return found.pk

    intro = "" if choices else f"{why_none(request.user, **asked)} {NO_AUTHORITY}"
    title = f"Start scheme {found.number}"
    return _answer(
        request, fund, form, save, title=title, done="The scheme is started.", intro=intro, may=bool(choices)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def line_new(request: SignedInRequest, pk: UUID, scheme_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    found = selectors.get(request.user, fund, scheme_pk)
    _require(request, fund)
    return _line_form(request, fund, found.pk, None, title=f"Add a line to scheme {found.number}")


@require_http_methods(["GET", "HEAD", "POST"])
def line_edit(request: SignedInRequest, pk: UUID, line_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    found = selectors.line(request.user, fund, line_pk)
    _require(request, fund)
    title = f"Change line {found.position} of scheme {found.scheme.number}"
    return _line_form(request, fund, found.scheme_id, found, title=title)


@require_safe
def rules(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    period, quarters = load_quarter(request, fund)
    asked = request.GET.get("basis", "")
    basis = Basis(asked) if asked in list(Basis) else Basis.PLAN
    funding = funds.funding_of(fund, request.user)
    position = positions.position(fund, period, request.user) if basis is Basis.FORECAST else None
    results = selectors.rules(request.user, fund, funding, basis=basis, position=position, on=timezone.localdate())
    page = {
        "fund": fund,
        "results": results,
        "basis": basis,
        "bases": list(Basis),
        "period": period,
        "quarters": quarters,
    }
    return render(request, "pooled_budgets/rules.html", page)


@require_safe
def profile(request: SignedInRequest, pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    page = {
        "fund": fund,
        "profiles": selectors.profiles(request.user, fund),
        "months": selectors.months_of(fund),
        "can_enter": _may(request, fund),
    }
    return render(request, "pooled_budgets/profile.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: SignedInRequest, pk: UUID, line_pk: UUID) -> HttpResponse:
    fund = load_fund(request, pk)
    line = selectors.line(request.user, fund, line_pk)
    _require(request, fund)
    form = ProfileForm(
        request.POST or None,
        year=fund.year,
        budget=line.budget,
        months=selectors.profile_of(line).months,
        shown=services.budget_seen(line.budget, line.state),
    )

    def save() -> None:
        profile_services.set_months(
            line_id=line.pk, months=form.months, seen=form.seen["budget"], by=request.user, at=timezone.now()
        )

    title = f"Profile of scheme {line.scheme.number}, line {line.position}"
    intro = f"The budget of the year is {words.amount_words(line.budget, line.state)}."
    return _answer(request, fund, form, save, title=title, done="The profile is saved.", intro=intro, to="profile")


def _line_form(
    request: SignedInRequest, fund: Fund, scheme_id: UUID, line: SchemeLine | None, *, title: str
) -> HttpResponse:
    shown = services.seen_of_line(line) if line else {}
    initial = {**shown, "state": line.state, "amount": line.budget} if line else {}
    lists = value_lists.lists_of(fund.financial_year)
    form = LineForm(
        request.POST or None,
        year=fund.year,
        lists=lists,
        funding=funds.funding_of(fund, request.user),
        shown=shown,
        initial=initial,
    )

    def save() -> UUID:
        services.save_line(
            scheme_id=scheme_id,
            line_id=line.pk if line else None,
            funding_id=form.funding_id,
            budget=form.cleaned_data["amount"],
            state=form.cleaned_data["state"],
            fields=form.template_fields,
            seen=form.seen,
            once=form.cleaned_data.get("once"),
            by=request.user,
            at=timezone.now(),
        )
        return scheme_id

    intro = "" if lists.is_loaded else f"The lists of {fund.year.label} are not loaded, so every field takes any words."
    return _answer(request, fund, form, save, title=title, done="The line is saved.", intro=intro)


def _require(request: SignedInRequest, fund: Fund) -> None:
    """403 for whoever may not enter the fund's plan."""
    permissions.require(request.user, Permission.PLAN_IMPORT, organisation=fund.owner)


def _may(request: SignedInRequest, fund: Fund) -> bool:
    return permissions.can(request.user, Permission.PLAN_IMPORT, organisation=fund.owner)


def _answer(
    request: SignedInRequest,
    fund: Fund,
    form: SeenForm,
    save: Callable[[], UUID | None],
    *,
    title: str,
    done: str,
    intro: str = "",
    to: str = "scheme",
    may: bool = True,
) -> HttpResponse:
    """The form, or what was typed saved and the way to the scheme, or to the profiles. No form without `may`."""
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
                if to == "scheme":
                    return redirect("pooled_budgets:scheme", pk=fund.pk, scheme_pk=saved)
                return redirect(f"pooled_budgets:{to}", pk=fund.pk)
    page = {"fund": fund, "form": form, "title": title, "intro": intro, "to": to, "may": may}
    return render(request, "pooled_budgets/scheme_form.html", page, status=status)
