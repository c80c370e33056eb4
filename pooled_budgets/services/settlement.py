"""A fund's year settled: prepared with frozen figures, approved by another person, carried forward by decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from governance.domain.authority import Matter, Named
from governance.models import Decision, Delegation
from governance.services import authority
from integration_hub.core import audit, reasons
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError, Malformed
from integration_hub.core.money import NIL, pounds
from integration_hub.core.once import claim
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.domain import year_end
from pooled_budgets.domain.risk_share import inputs
from pooled_budgets.domain.risk_share.settling import Settlement as Settled
from pooled_budgets.domain.words import listed
from pooled_budgets.domain.year_end import Division, YearFigures
from pooled_budgets.models import Fund, OpeningBalance, RiskShareRules, Settlement, SettlementApproval
from pooled_budgets.selectors import settlement as selectors
from pooled_budgets.selectors.settlement import YearRead
from pooled_budgets.selectors.virements import parties_of
from pooled_budgets.services.locking import hold_fund
from pooled_budgets.services.risk_share import simulate

ASK_WHY = "Say why the approved settlement is replaced: both stay, and everybody reads it."
ASK_WHY_CARRIED = "Say why the money is carried forward: it stands beside the opening balance."
MOST_NAMED = 5


class NotReady(HubError):
    """Something that the year end needs is not there yet, or does not agree."""

    code = "not_ready"


class NotSettled(HubError):
    """The settlement is not approved, or was approved already."""

    code = "not_settled"


class OwnSettlement(HubError):
    """Whoever prepared a settlement never approves it, whatever roles they hold."""

    code = "own_settlement"


class FiguresChanged(HubError):
    """The figures are no longer those that were prepared."""

    code = "figures_changed"


class CannotCarry(HubError):
    """The amount cannot be carried forward."""

    code = "cannot_carry"


@dataclass(frozen=True)
class YearEnd:
    """A year as far as it can be settled now: its content, or what stops it, each in words."""

    read: YearRead
    settled: Settled | None
    content: dict[str, Any] | None
    stops: tuple[str, ...]


def year_end_of(fund: Fund, user: User, division: Division | None = None) -> YearEnd:
    """The fund's year as the reader sees it now, without the year before; writes nothing."""
    read = selectors.year(fund, user)
    stops = []
    settled = None
    if read.period is None:
        return YearEnd(read, None, None, (f"the quarters of {fund.year.label} are not loaded",))
    if read.rules is None:
        stops.append(f"no risk-share rules hold on {long_date(fund.year.ends_on)}")
        stops += [gap.words for gap in inputs.gaps(read.figures, {"groups": []})]
    else:
        try:
            settled = simulate(read.figures, read.rules.rules)
        except HubError as refusal:
            gaps = getattr(refusal, "gaps", None)
            stops += [gap.words for gap in gaps] if gaps else [refusal.message]
    stops += read.drafts
    stops += [
        f"the ledger has {pounds(read.posted[scheme.number])} for scheme {scheme.number}, and its outturn is "
        f"{pounds(scheme.outturn)}"
        for scheme in selectors.differing(read.figures, read.posted)
        if scheme.outturn is not None
    ]
    stops += [f"the partners' own books differ on {words}" for words in read.unsettled]
    content = None
    if settled is not None:
        content = _content(fund, read, settled, division or Division())
    return YearEnd(read, settled, content, tuple(stops))


def stops_on(fund: Fund, now: YearEnd, on: date) -> tuple[str, ...]:
    """What stops a settlement on a day, each in words; nothing where it can be prepared."""
    if on <= fund.year.ends_on:
        return (f"the year ends on {long_date(fund.year.ends_on)}", *now.stops)
    return now.stops


@service
def prepare(
    *,
    fund_id: UUID | str,
    reason: str = "",
    shares: Mapping[str, Decimal] | None = None,
    named: Named | None = None,
    by: User,
    at: datetime,
) -> Settlement:
    """Freeze the year as it stands and show it to the parties, so that another person can approve it.

    `shares` say how the board's decision `named` divides what the rules leave unresolved, by partner's key. After an
    approved settlement `reason` says why it is replaced. Raises NotReady with everything that stops it.
    """
    fund = hold_fund(fund_id, by=by)
    permissions.require(by, Permission.RISK_SHARE_PREPARE, organisation=fund.owner)
    rows = selectors.of_fund(fund, by)
    replaced = selectors.in_force(rows)
    why = reasons.given(reason, ask=ASK_WHY) if replaced else ""
    now = year_end_of(fund, by)
    _check_ready(fund, now, at)
    given = {key: amount for key, amount in (shares or {}).items() if amount}
    decision = _divided(fund, now, given, named or Named(), by=by, at=at)
    content = _content(fund, now.read, _settled(now), Division(str(decision) if decision else "", given))
    content["comparative"] = _year_before(fund, by)
    sha256 = year_end.digest(content)
    if rows and rows[0].sha256 == sha256 and selectors.approval_of(rows[0]) is None:
        raise NotSettled(
            f"Settlement {rows[0].number} has these very figures and waits for approval. Nothing was prepared again.",
            code="same_figures",
        )
    made = Settlement(
        fund=fund,
        owner=fund.owner,
        released_at=at,
        number=rows[0].number + 1 if rows else 1,
        replaces=replaced,
        reason=why,
        content=content,
        sha256=sha256,
        divided_by=decision,
        prepared_by=by,
        prepared_by_name=str(by),
        prepared_at=at,
    )
    made.save(force_insert=True)
    audit.record(
        "settlement.prepared",
        target=made,
        by=by,
        partner=fund.owner,
        at=at,
        after={"number": made.number, "sha256": made.sha256, "moved": content["moved"]},
        reason=why,
    )
    return made


@service
def approve(*, settlement_id: UUID | str, named: Named, by: User, at: datetime) -> SettlementApproval:
    """Approve a settlement that another prepared; from then on the year is settled. `named` is what allows it.

    Refused where the figures are others by now, or where something is left unresolved.
    """
    found = selectors.settlements(by).filter(pk=settlement_id).first()
    fund = hold_fund(found.fund_id if found else None, by=by)
    rows = selectors.of_fund(fund, by)
    settlement = next(row for row in rows if str(row.pk) == str(settlement_id))
    parties = parties_of(fund)
    partner = permissions.acting_for(by, Permission.RISK_SHARE_APPROVE, among=parties)
    _check_open(settlement, rows, by)
    content = settlement.content
    unresolved = Decimal(content["account"]["unresolved"])
    if unresolved:
        raise NotReady(
            f"The rules leave {pounds(unresolved)} unresolved. A decision of the board has to divide it: prepare the "
            "settlement again and name that decision.",
            code="unresolved",
        )
    now = year_end_of(fund, by, year_end.division_of(content))
    if now.stops or now.content is None:
        _check_ready(fund, now, at)
    if now.content is None or year_end.changes(content, now.content):
        raise FiguresChanged(
            f"Figures have changed since {settlement.prepared_by_name} prepared the settlement. They are listed on its "
            "page. Prepare it again, so that what is approved is what holds.",
        )
    today = timezone.localdate(at)
    amount = Decimal(content["moved"])
    allowed_by = authority.require(
        named=named, matter=Matter.SETTLEMENT, amount=amount, on=today, parties=parties, by=by
    )
    made = SettlementApproval(
        settlement=settlement,
        amount=amount,
        decision=allowed_by if isinstance(allowed_by, Decision) else None,
        delegation=allowed_by if isinstance(allowed_by, Delegation) else None,
        approved_by=by,
        approved_by_name=str(by),
        approved_for=partner,
        at=at,
        on=today,
    )
    made.save(force_insert=True)
    audit.record(
        "settlement.approved",
        target=settlement,
        by=by,
        partner=partner,
        at=at,
        after={"number": settlement.number, "sha256": settlement.sha256, "allowed_by": str(allowed_by)},
    )
    return made


@service
def carry_forward(
    *,
    fund_id: UUID | str,
    to_fund: UUID | str,
    amount: Decimal,
    reason: str,
    named: Named,
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> OpeningBalance:
    """Carry pounds of the approved closing balance into the next year's fund; an amount below nil takes back.

    `named` is the decision or delegation that allows it: no rule of the risk share does so by itself.
    `once` is the mark of the form: raises SentTwice where the form has carried it already.
    """
    fund = hold_fund(fund_id, by=by)
    permissions.require(by, Permission.RISK_SHARE_APPROVE, organisation=fund.owner)
    new_id = claim(OpeningBalance, once, sender=by.pk, what="What is carried forward")
    why = reasons.given(reason, ask=ASK_WHY_CARRIED)
    settled = selectors.in_force(selectors.of_fund(fund, by))
    if settled is None:
        raise NotSettled("The year is not settled yet: nothing is carried forward before its settlement is approved.")
    receiver = next((row for row in selectors.next_funds(fund, by) if str(row.pk) == str(to_fund)), None)
    if receiver is None:
        raise CannotCarry("Choose the fund of the next year under the same agreement.", field="to_fund")
    left = left_to_carry(fund, settled, by)
    carried = Decimal(settled.content["account"]["closing"]) - left
    if not amount or amount > left or carried + amount < 0:
        raise CannotCarry(
            f"{pounds(max(left, NIL))} of the closing balance can be carried forward, and {pounds(carried)} is "
            "carried already. Enter an amount within that.",
            field="amount",
        )
    today = timezone.localdate(at)
    allowed_by = authority.require(
        named=named, matter=Matter.CARRY_FORWARD, amount=amount, on=today, parties=parties_of(fund), by=by
    )
    made = OpeningBalance(
        id=new_id,
        fund=receiver,
        owner=fund.owner,
        released_at=at,
        settlement=settled,
        amount=amount,
        reason=why,
        decision=allowed_by if isinstance(allowed_by, Decision) else None,
        delegation=allowed_by if isinstance(allowed_by, Delegation) else None,
        entered_by=by,
        entered_by_name=str(by),
        at=at,
        on=today,
    )
    made.save(force_insert=True)
    audit.record(
        "fund.carried_forward",
        target=receiver,
        by=by,
        partner=fund.owner,
        at=at,
        after={"from": str(fund), "amount": amount, "allowed_by": str(allowed_by)},
        reason=why,
    )
    return made


def left_to_carry(fund: Fund, settled: Settlement, user: User) -> Decimal:
    """What of the approved closing balance stands in no later year yet, in pounds."""
    carried = sum((row.amount for row in selectors.carried_rows(fund, user)), NIL)
    return Decimal(settled.content["account"]["closing"]) - carried


def _check_ready(fund: Fund, now: YearEnd, at: datetime) -> None:
    stops = stops_on(fund, now, timezone.localdate(at))
    if stops:
        more = f", and {len(stops) - MOST_NAMED} more" if len(stops) > MOST_NAMED else ""
        raise NotReady(
            f"The year cannot be settled yet: {listed(stops[:MOST_NAMED])}{more}. Nothing missing is taken for nil."
        )


def _check_open(settlement: Settlement, rows: list[Settlement], by: User) -> None:
    approval = selectors.approval_of(settlement)
    if approval is not None:
        raise NotSettled(f"{approval.approved_by_name} approved it on {long_date(approval.on)}.", code="approved")
    if rows[0].pk != settlement.pk:
        raise NotSettled(f"Settlement {rows[0].number} was prepared after it: approve that one.", code="not_the_last")
    if settlement.prepared_by_id == by.pk:
        raise OwnSettlement(
            "You prepared this settlement, so another person has to approve it. Nothing was changed.",
            who_can_lift="Another approver of the partners to the agreement",
        )


def _settled(now: YearEnd) -> Settled:
    if now.settled is None:
        raise NotReady("The risk share of the year cannot be worked out.")
    return now.settled


def _divided(
    fund: Fund, now: YearEnd, shares: Mapping[str, Decimal], named: Named, *, by: User, at: datetime
) -> Decision | None:
    """The decision that divides what is unresolved, which the shares have to make up; None where nothing is named."""
    unresolved = _settled(now).unresolved
    if not shares and not named:
        return None
    unknown = [key for key in shares if key not in now.read.figures.partners]
    if unknown or any(amount < 0 for amount in shares.values()):
        raise Malformed("Give amounts of 0.00 or more to the partners of the pool.", field="shares")
    if sum(shares.values(), NIL) != unresolved:
        raise Malformed(
            f"The parts add up to {pounds(sum(shares.values(), NIL))}, and {pounds(unresolved)} is unresolved. "
            "Change a part.",
            field="shares",
        )
    if named.delegation or not named.decision:
        raise authority.AuthorityMissing(
            "Name the decision of the board that divides what is unresolved. Nothing was changed.", field="authority"
        )
    allowed_by = authority.require(
        named=named,
        matter=Matter.SETTLEMENT,
        amount=unresolved,
        on=timezone.localdate(at),
        parties=parties_of(fund),
        by=by,
    )
    return allowed_by if isinstance(allowed_by, Decision) else None


def _content(fund: Fund, read: YearRead, settled: Settled, division: Division) -> dict[str, Any]:
    keeper = fund.owner
    figures = read.figures
    if keeper.key not in figures.names:
        names = {**figures.names, keeper.key: keeper.name}
        figures = type(figures)(figures.partners, names, figures.schemes, figures.contingency, figures.gaps)
    year = YearFigures(host=keeper.key, figures=figures, paid=read.paid, opening=read.opening)
    return year_end.freeze(
        year,
        settled,
        division,
        about={
            "fund": fund.name,
            "year": fund.year.label,
            "year_ends_on": fund.year.ends_on.isoformat(),
            "agreement": fund.agreement.title,
            "agreement_from": fund.agreement.commences_on.isoformat() if fund.agreement.commences_on else None,
            "statutory_basis": fund.agreement.statutory_basis,
            "illustrative": fund.illustrative or _is_illustrative(read.rules),
            "rules": _rules(read.rules),
        },
        posted=read.posted,
        providers=read.providers,
    )


def _year_before(fund: Fund, user: User) -> dict[str, Any] | None:
    """The account of the year before, where that was settled here."""
    found = selectors.before(fund, user)
    return {"year": found.content["year"], "account": found.content["account"]} if found else None


def _is_illustrative(rules: RiskShareRules | None) -> bool:
    return bool(rules and rules.illustrative)


def _rules(rules: RiskShareRules | None) -> dict[str, Any]:
    if rules is None:
        return {}
    began = rules.effective_from.isoformat() if rules.effective_from else None
    return {"number": rules.number, "clause": rules.clause, "from": began, "illustrative": rules.illustrative}
