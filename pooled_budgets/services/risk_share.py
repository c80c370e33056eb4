"""Risk-share rules from draft to in force, the figures they need, and named what-ifs."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.http import Http404

from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile, HubError, Malformed
from integration_hub.core.models import Period
from integration_hub.core.money import as_plain
from integration_hub.core.services import service
from integration_hub.core.states import AmountState
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.domain.risk_share import inputs, reading
from pooled_budgets.domain.risk_share.inputs import FundFigures, Gap
from pooled_budgets.domain.risk_share.reading import RuleRefused
from pooled_budgets.domain.risk_share.settling import Settlement, settle
from pooled_budgets.domain.words import listed, moment
from pooled_budgets.models import (
    Agreement,
    AgreementVersion,
    Fund,
    RiskShareFigures,
    RiskShareRules,
    RiskShareScenario,
    Scheme,
    SchemeLead,
)
from pooled_budgets.selectors import funds as fund_rows
from pooled_budgets.selectors import risk_share as selectors
from pooled_budgets.services.locking import hold_fund

MOST_NAMED = 5


class RulesRefused(Malformed):
    """Rules that do not settle every penny; `field` is the place in the rules."""

    code = "rule_refused"

    def __init__(self, refusal: RuleRefused) -> None:
        super().__init__(
            "These rules cannot be kept: they do not settle every penny.",
            problems=[{"field": refusal.field, "code": self.code, "message": refusal.message}],
        )
        self.field = refusal.field
        self.reason = refusal.message


class FiguresMissing(HubError):
    """A figure that the rules need is not known; each is named in `gaps`."""

    code = "figures_missing"

    def __init__(self, gaps: list[Gap]) -> None:
        named = listed([gap.words for gap in gaps[:MOST_NAMED]])
        more = f", and {len(gaps) - MOST_NAMED} more" if len(gaps) > MOST_NAMED else ""
        super().__init__(
            f"The risk share cannot be worked out: {named}{more}. Nothing missing is taken for nil.",
            field=gaps[0].field,
        )
        self.gaps = gaps


class NoRules(HubError):
    """No version of the rules applies to the fund."""

    code = "no_rules"


class RulesDoNotFit(HubError):
    """The rules that apply name schemes or partners that this fund does not have."""

    code = "rules_do_not_fit"


def simulate(figures: FundFigures, rules: Mapping[str, Any]) -> Settlement:
    """Settle the fund's figures by the rules; writes nothing. Raises FiguresMissing or RulesDoNotFit."""
    if missing := inputs.gaps(figures, rules):
        raise FiguresMissing(missing)
    try:
        return settle(reading.read(inputs.document(figures, rules)))
    except RuleRefused as refusal:
        raise RulesDoNotFit(
            f"The rules do not fit this fund: {refusal.message} (at {refusal.field}). Prepare a new version of them.",
            field=refusal.field,
        ) from refusal


def check(figures: FundFigures, groups: object) -> None:
    """Raise RulesRefused unless the rules settle every penny of a pool of these partners and schemes."""
    try:
        reading.read(inputs.trial(figures, {"groups": groups} if isinstance(groups, list) else {}))
    except RuleRefused as refusal:
        raise RulesRefused(refusal) from refusal


def seen(draft: RiskShareRules | None) -> str:
    """What a form carries to tell whether the draft changed since it was shown; empty where there was none."""
    if draft is None:
        return ""
    plain = [draft.groups, draft.clause, draft.note, draft.illustrative, draft.released_at is not None]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


@service
def save_draft(
    *,
    fund: Fund,
    period: Period,
    groups: list[Any],
    clause: str = "",
    note: str = "",
    illustrative: bool = False,
    seen_draft: str = "",
    by: User,
    at: datetime,
) -> RiskShareRules:
    """Keep a partner's draft of the agreement's rules, checked against the fund's partners and schemes.

    Raises RulesRefused, or ChangedMeanwhile where somebody else saved the draft after it was shown.
    """
    agreement = _hold_agreement(fund.agreement_id, by=by)
    owner = permissions.acting_for(by, Permission.RISK_SHARE_PREPARE, among=fund_rows.parties_of(agreement))
    check(selectors.figures(fund, period, by), groups)

    draft = selectors.draft_of(selectors.rules_of(agreement, by), owner)
    if draft is not None and seen(draft) != seen_draft:
        raise ChangedMeanwhile(
            f"{draft.prepared_by_name} saved this draft on {moment(draft.prepared_at)}, after you had opened it. "
            "Nothing was saved. What you typed stands below: open the draft beside it and save what is to stand.",
            field="groups",
        )
    before = {"groups": draft.groups, "clause": draft.clause} if draft else None
    row = draft or RiskShareRules(agreement=agreement, owner=owner)
    row.groups, row.clause, row.note, row.illustrative = groups, clause, note, illustrative
    row.prepared_by, row.prepared_by_name, row.prepared_at = by, str(by), at
    row.save()
    audit.record(
        "risk_share_rules.drafted",
        target=row,
        by=by,
        at=at,
        partner=owner,
        before=before,
        after={"groups": groups, "clause": clause, "illustrative": illustrative},
    )
    return row


@service
def release_draft(*, rules_id: UUID, by: User, at: datetime) -> RiskShareRules:
    """Let the parties and their board read a draft, so that it can be approved."""
    row = _hold_rules(rules_id, by=by)
    permissions.require(by, Permission.RISK_SHARE_PREPARE, organisation=row.owner)
    policies.check_rules_are_draft(row)
    policies.check_not_released(row)
    row.released_at = at
    row.save(update_fields=["released_at"])
    audit.record("risk_share_rules.released", target=row, by=by, at=at, partner=row.owner)
    return row


@service
def withdraw_draft(*, rules_id: UUID, by: User, at: datetime) -> None:
    """Take a draft away; its history stays."""
    row = _hold_rules(rules_id, by=by)
    permissions.require(by, Permission.RISK_SHARE_PREPARE, organisation=row.owner)
    policies.check_rules_are_draft(row)
    audit.record("risk_share_rules.withdrawn", target=row, by=by, at=at, partner=row.owner, before=row.rules)
    row.delete()


@service
def approve(*, rules_id: UUID, effective_from: date, by: User, at: datetime) -> RiskShareRules:
    """Put a released draft in force from a day, as a numbered version that never changes again.

    Whoever prepared it never approves it. Under a signed agreement they begin with
    one of its versions: nothing else changes what was signed.
    """
    agreement_id = _hold_rules(rules_id, by=by, lock=False).agreement_id
    agreement = _hold_agreement(agreement_id, by=by)
    row = _hold_rules(rules_id, by=by)
    partner = permissions.acting_for(by, Permission.RISK_SHARE_APPROVE, among=fund_rows.parties_of(agreement))
    policies.check_rules_are_draft(row)
    policies.check_released(row)
    policies.check_other_person(row.prepared_by_id, row.prepared_by_name, by)
    versions = selectors.rules_of(agreement, by)
    after = max((version.effective_from for version in versions if version.effective_from), default=None)
    signed = list(AgreementVersion.objects.filter(agreement=agreement).agreed().order_by("number"))
    row.agreement_version = policies.check_variation_brings_rules(signed, effective_from, after=after)
    policies.check_rules_in_order(versions, effective_from)

    last = RiskShareRules.objects.filter(agreement=agreement).aggregate(last=Max("number"))["last"] or 0
    row.number, row.effective_from = last + 1, effective_from
    row.approved_by, row.approved_by_name, row.approved_for, row.approved_at = by, str(by), partner, at
    row.save()
    audit.record(
        "risk_share_rules.approved",
        target=row,
        by=by,
        at=at,
        partner=partner,
        after={"number": row.number, "effective_from": effective_from.isoformat(), "prepared_by": row.prepared_by_name},
    )
    return row


@service
def record_figures(
    *,
    fund: Fund,
    contingency: Decimal | None,
    contingency_state: str,
    leads: Mapping[str, str],
    illustrative: bool = False,
    by: User,
    at: datetime,
) -> None:
    """Record the contingency of the year, in pounds, and the lead of each scheme (a partner's key, or empty)."""
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.RISK_SHARE_PREPARE, organisation=held.owner)
    parties = {party.key: party for party in fund_rows.parties_of(held.agreement)}
    schemes = {scheme.number: scheme for scheme in Scheme.objects.visible_to(by).filter(fund=held)}
    if unknown := [key for key in leads.values() if key and key not in parties]:
        raise Malformed(f"{unknown[0]} is no party to the agreement, so it leads no scheme.", field="lead")
    if gone := [number for number in leads if number not in schemes]:
        raise Malformed(f"The fund has no scheme {gone[0]}.", field="lead")

    row = RiskShareFigures.objects.filter(fund=held).first() or RiskShareFigures(fund=held)
    existing = {lead.scheme_id: lead for lead in SchemeLead.objects.filter(scheme__fund=held).select_related("lead")}
    before = {
        "contingency": as_plain(row.contingency) if row.contingency is not None else None,
        "leads": {number: existing[scheme.pk].lead.key for number, scheme in schemes.items() if scheme.pk in existing},
    }
    row.contingency, row.contingency_state, row.illustrative = contingency, contingency_state, illustrative
    row.at = held.year.starts_on
    row.save()
    for number, key in leads.items():
        lead = existing.get(schemes[number].pk)
        if not key:
            if lead is not None:
                lead.delete()
        elif lead is None:
            SchemeLead.objects.create(scheme=schemes[number], lead=parties[key], at=held.year.starts_on)
        elif lead.lead_id != parties[key].pk:
            lead.lead = parties[key]
            lead.save(update_fields=["lead"])
    audit.record(
        "risk_share.figures_recorded",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        before=before,
        after={"contingency": as_plain(contingency) if contingency is not None else None, "leads": dict(leads)},
    )


@service
def save_scenario(
    *, fund: Fund, period: Period, name: str, outturns: Mapping[str, Decimal], by: User, at: datetime
) -> RiskShareScenario:
    """Keep a what-if under a name; one of the same name is replaced. No forecast is touched."""
    held = hold_fund(fund.pk, by=by)
    owner = permissions.acting_for(by, Permission.RISK_SHARE_PREPARE, among=fund_rows.parties_of(held.agreement))
    policies.check_period_of_fund(held, period)
    row = RiskShareScenario.objects.filter(fund=held, owner=owner, name=name).first()
    policies.check_scenario_open(row)
    before = dict(row.outturns) if row else None
    row = row or RiskShareScenario(fund=held, owner=owner, name=name)
    row.period, row.outturns = period, {number: as_plain(amount) for number, amount in outturns.items()}
    row.saved_by, row.saved_by_name, row.at = by, str(by), at
    row.save()
    audit.record(
        "risk_share_scenario.saved",
        target=row,
        by=by,
        at=at,
        partner=owner,
        before={"outturns": before} if before is not None else None,
        after={"outturns": row.outturns, "period": period.label},
    )
    return row


@service
def release_scenario(*, scenario_id: UUID, by: User, at: datetime) -> RiskShareScenario:
    """Let the parties and their board read a what-if; from then on it stays as it is."""
    row = _hold_scenario(scenario_id, by=by)
    permissions.require(by, Permission.RISK_SHARE_PREPARE, organisation=row.owner)
    policies.check_scenario_open(row)
    row.released_at = at
    row.save(update_fields=["released_at"])
    audit.record("risk_share_scenario.released", target=row, by=by, at=at, partner=row.owner)
    return row


def stated_or(contingency: Decimal | None, state: str) -> str:
    """The state that goes with an amount."""
    return AmountState.STATED if contingency is not None else state


def _hold_agreement(agreement_id: UUID, *, by: User) -> Agreement:
    held = (
        Agreement.objects.visible_to(by)
        .select_for_update(of=("self",), no_key=True)
        .select_related("area")
        .filter(pk=agreement_id)
        .first()
    )
    if held is None:
        raise Http404("There is no such agreement.")
    return held


def _hold_rules(rules_id: UUID, *, by: User, lock: bool = True) -> RiskShareRules:
    rows = RiskShareRules.objects.visible_to(by).select_related("owner").filter(pk=rules_id)
    held = (rows.select_for_update(of=("self",), no_key=True) if lock else rows).first()
    if held is None:
        raise Http404("There are no such rules.")
    return held


def _hold_scenario(scenario_id: UUID, *, by: User) -> RiskShareScenario:
    held = (
        RiskShareScenario.objects.visible_to(by)
        .select_for_update(of=("self",), no_key=True)
        .select_related("owner")
        .filter(pk=scenario_id)
        .first()
    )
    if held is None:
        raise Http404("There is no such what-if.")
    return held
