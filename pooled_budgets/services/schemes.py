"""Schemes and their budget lines, entered one by one: numbers may have gaps, a line has one source."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.http import Http404
from django.utils import timezone

from governance.domain.authority import Matter, Named
from governance.models import Decision, Delegation
from governance.services import authority
from integration_hub.core import audit
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError, Malformed
from integration_hub.core.once import claim
from integration_hub.core.services import service
from integration_hub.core.states import AmountState
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.domain import scheme_fields
from pooled_budgets.domain.position import budget_of
from pooled_budgets.domain.scheme_fields import Problem
from pooled_budgets.domain.seen import wanted_changes
from pooled_budgets.domain.words import listed
from pooled_budgets.models import Fund, FundingLine, Scheme, SchemeLine, SchemeStart, VirementSide
from pooled_budgets.selectors import periods, value_lists
from pooled_budgets.services.contributions import amount_words, refuse_clashes
from pooled_budgets.services.locking import hold_fund

SCHEME_LABELS = {
    "number": "Number",
    "name": "Name",
    "note": "Note",
    "accounting_treatment": "Accounting treatment",
    "vat_regime": "VAT regime",
    "irrecoverable_vat": "VAT that nobody gets back",
    "vat_advice": "Advice on VAT",
}
LINE_LABELS = {"funding": "Source of funding", "budget": "Budget", **scheme_fields.LABELS}
UNCHANGED = "Nothing was saved."


class NumberTaken(HubError):
    """The fund has a scheme of that number."""

    code = "number_taken"


class CannotStart(HubError):
    """The scheme has started already, or has no budget to start with."""

    code = "cannot_start"


class NotOfThisFund(HubError):
    """The source of funding is no contribution to the scheme's fund."""

    code = "not_of_this_fund"
    http_status = 400


class MovedByVirement(HubError):
    """Virements moved money in the line, so that only another one changes its budget or source."""

    code = "moved_by_virement"


class FieldsWrong(Malformed):
    """What the year's template does not take: `found` has each field with its message."""

    code = "fields_wrong"

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(
            " ".join(problem.message for problem in found),
            problems=[{"field": each.field, "code": each.code, "message": each.message} for each in found],
            field=found[0].field,
        )
        self.found = tuple(found)


@service
def add(*, fund_id: UUID, values: Mapping[str, Any], by: User, at: datetime) -> Scheme:
    """Enter a scheme; `values` are the fields of SCHEME_LABELS. Raises NumberTaken, PeriodLocked."""
    held = hold_fund(fund_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    policies.check_plan_open(held, periods.locks_in_force(held), unchanged=UNCHANGED)
    _check_number(held, values["number"])
    last = Scheme.objects.filter(fund=held).aggregate(last=Max("position"))["last"]
    scheme = Scheme(
        fund=held,
        owner=held.owner,
        position=(last or 0) + 1,
        illustrative=held.illustrative,
        released_at=held.released_at,
        **{name: values[name] for name in SCHEME_LABELS},
    )
    scheme.save(force_insert=True)
    audit.record("scheme.added", target=scheme, by=by, at=at, partner=held.owner, after=seen_of(scheme))
    return scheme


@service
def describe(*, scheme_id: UUID, values: Mapping[str, Any], seen: Mapping[str, str], by: User, at: datetime) -> Scheme:
    """Correct a scheme but for its lines; raises ChangedMeanwhile with both values, NumberTaken, PeriodLocked."""
    held, scheme = _hold(scheme_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    before = seen_of(scheme)
    changes, clashes = wanted_changes(now=before, seen=seen, wanted={name: _text(values[name]) for name in before})
    refuse_clashes(clashes, SCHEME_LABELS)
    if not changes:
        return scheme
    if changes & {"number", "name"}:
        policies.check_plan_open(held, periods.locks_in_force(held), unchanged=UNCHANGED)
    if "number" in changes:
        _check_number(held, values["number"])
    for name in changes:
        setattr(scheme, name, values[name])
    scheme.save(update_fields=sorted(changes))
    audit.record(
        "scheme.corrected", target=scheme, by=by, at=at, partner=held.owner, before=before, after=seen_of(scheme)
    )
    return scheme


@service
def save_line(
    *,
    scheme_id: UUID,
    line_id: UUID | None,
    funding_id: UUID | None,
    budget: Decimal | None,
    state: str = AmountState.STATED,
    fields: Mapping[str, Any],
    seen: Mapping[str, str],
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> SchemeLine:
    """Enter a budget line (`line_id` None) or change one, budget in pounds, `fields` those of the year's template.

    `once` is the mark of the form that enters a line: raises SentTwice where it has entered it already. Raises
    FieldsWrong, NotOfThisFund, ChangedMeanwhile, and, where a budget or source would change, PeriodLocked or
    MovedByVirement.
    """
    held, scheme = _hold(scheme_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    line = _line(scheme, held, line_id)
    if line_id is None:
        line.pk = claim(SchemeLine, once, sender=by.pk, what="The line")
    lists = value_lists.lists_of(held.financial_year)
    settled = scheme_fields.settled(fields, year=held.financial_year, is_loaded=lists.is_loaded)
    problems = scheme_fields.check(settled, year=held.financial_year, lists=lists)
    if problems:
        raise FieldsWrong(problems)
    funding = _funding(held, funding_id)
    before = {} if line_id is None else seen_of_line(line)
    wanted = {
        "funding": str(funding_id or ""),
        "budget": budget_seen(budget, state),
        **{name: _text(value) for name, value in settled.items()},
    }
    if line_id is None:
        changes = set(wanted)
    else:
        # A value that the template works out by itself is nobody's to have seen.
        looked = {name: value for name, value in seen.items() if name != scheme_fields.PERCENT}
        changes, clashes = wanted_changes(now=before, seen=looked, wanted=wanted)
        refuse_clashes(clashes, LINE_LABELS)
    if not changes:
        return line
    if changes & {"funding", "budget"}:
        policies.check_plan_open(held, periods.locks_in_force(held), unchanged=UNCHANGED)
        _check_not_moved(held, line)
    for name in changes:
        if name == "budget":
            line.budget, line.state = budget, state
        elif name == "funding":
            line.funding = funding
        else:
            setattr(line, name, settled[name])
    line.save()
    audit.record(
        "scheme_line.added" if line_id is None else "scheme_line.changed",
        target=line,
        by=by,
        at=at,
        partner=held.owner,
        before={name: before[name] for name in sorted(changes) if name in before},
        after={name: wanted[name] for name in sorted(changes)} | {"budget": amount_words(line.budget, line.state)},
    )
    return line


@service
def start(*, scheme_id: UUID, starts_on: date, authority_named: Named, by: User, at: datetime) -> SchemeStart:
    """Let a scheme spend its budget from a day on, by what allows it; once.

    Raises CannotStart, AuthorityMissing, AuthorityRefused.
    """
    held, scheme = _hold(scheme_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    known = SchemeStart.objects.filter(scheme=scheme).select_related("entered_by").first()
    if known is not None:
        raise CannotStart(
            f"{known.entered_by} entered on {long_date(known.done_on)} that the scheme started on "
            f"{long_date(known.starts_on)}. It starts once; money moves by a virement afterwards."
        )
    budget, state = budget_of(list(SchemeLine.objects.filter(scheme=scheme).values_list("budget", "state")))
    if budget is None:
        raise CannotStart(
            f"The budget of {scheme} is {amount_words(None, state)}, so nothing can allow it. State its lines first.",
            who_can_lift=f"A finance officer of {held.owner}",
        )
    found = authority.require(
        named=authority_named,
        matter=Matter.SCHEME_START,
        amount=budget,
        on=timezone.localdate(at),
        parties=list(held.agreement.parties.all()),
        by=by,
    )
    made = SchemeStart(
        scheme=scheme,
        starts_on=starts_on,
        amount=budget,
        decision=found if isinstance(found, Decision) else None,
        delegation=found if isinstance(found, Delegation) else None,
        entered_by=by,
        done_on=timezone.localdate(at),
        at=at,
    )
    made.save(force_insert=True)
    audit.record(
        "scheme.started",
        target=scheme,
        by=by,
        at=at,
        partner=held.owner,
        after={"starts_on": starts_on, "amount": budget, "authority": str(found)},
    )
    return made


def seen_of(scheme: Scheme) -> dict[str, str]:
    """A scheme as a form carries it along."""
    return {name: _text(getattr(scheme, name)) for name in SCHEME_LABELS}


def seen_of_line(line: SchemeLine) -> dict[str, str]:
    """A line as a form carries it along."""
    fields = {name: _text(getattr(line, name)) for name in scheme_fields.LABELS}
    return {"funding": str(line.funding_id or ""), "budget": budget_seen(line.budget, line.state), **fields}


def budget_seen(budget: Decimal | None, state: str) -> str:
    """A budget, or its state, in one exact text."""
    return str(state) if budget is None else f"{budget:.2f}"


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def _hold(scheme_id: UUID, *, by: User) -> tuple[Fund, Scheme]:
    fund_id = Scheme.objects.visible_to(by).filter(pk=scheme_id).values_list("fund", flat=True).first()
    if fund_id is None:
        raise Http404("There is no such scheme.")
    held = hold_fund(fund_id, by=by)
    return held, Scheme.objects.visible_to(by).select_for_update(of=("self",), no_key=True).get(pk=scheme_id)


def _line(scheme: Scheme, held: Fund, line_id: UUID | None) -> SchemeLine:
    """The line, held, or a new one in the last place."""
    if line_id is None:
        last = SchemeLine.objects.filter(scheme=scheme).aggregate(last=Max("position"))["last"]
        return SchemeLine(
            scheme=scheme,
            owner=held.owner,
            position=(last or 0) + 1,
            at=held.year.starts_on,
            released_at=scheme.released_at,
        )
    found = SchemeLine.objects.select_for_update(of=("self",), no_key=True).filter(scheme=scheme, pk=line_id).first()
    if found is None:
        raise Http404("There is no such line.")
    return found


def _check_not_moved(held: Fund, line: SchemeLine) -> None:
    """What an authority allowed by a virement is not taken back by typing over it."""
    numbers = VirementSide.objects.filter(line=line).order_by("virement__number")
    moved_by = [str(number) for number in numbers.values_list("virement__number", flat=True)]
    if moved_by:
        which = f"Virement {moved_by[0]}" if len(moved_by) == 1 else f"Virements {listed(moved_by)}"
        raise MovedByVirement(
            f"{which} moved money in this line, whose budget is now {amount_words(line.budget, line.state)}. "
            "Its budget and source cannot be typed over. To move money, prepare another virement; to put money in, "
            f"change the contribution and enter a new line. {UNCHANGED}",
            field="budget",
            who_can_lift=f"A finance officer of {held.owner}, by another virement",
        )


def _funding(held: Fund, funding_id: UUID | None) -> FundingLine | None:
    if funding_id is None:
        return None
    found = FundingLine.objects.filter(fund=held, pk=funding_id).first()
    if found is None:
        raise NotOfThisFund(f"That is no contribution to {held}. Choose one of its own.", field="funding")
    return found


def _check_number(held: Fund, number: str) -> None:
    known = Scheme.objects.filter(fund=held, number=number).first()
    if known is not None:
        raise NumberTaken(f"Scheme {number} of {held} is “{known.name}”. Choose another number.", field="number")
