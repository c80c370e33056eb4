"""Contributions: entered, corrected in words, changed in amount, divided into instalments, received and outstanding."""

from collections.abc import Collection, Mapping, Sequence
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
from integration_hub.core import audit, emptyfigures, money, reasons
from integration_hub.core.dates import long_date
from integration_hub.core.errors import ChangedMeanwhile, HubError, Malformed
from integration_hub.core.money import MoneyError
from integration_hub.core.services import service
from integration_hub.core.states import AmountState
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.domain import contributions as arithmetic
from pooled_budgets.domain.instalments import Instalment as Part
from pooled_budgets.domain.seen import Clash, wanted_changes
from pooled_budgets.models import (
    ContributionChange,
    Fund,
    FundingLine,
    FundingStream,
    Instalment,
    Receipt,
    ReceiptReversal,
)
from pooled_budgets.models.fund import CASH, FORMS
from pooled_budgets.services.locking import hold_fund

WORDS = ("source", "stream", "payer", "form", "note")
LABELS = {"source": "Source", "stream": "Funding stream", "payer": "Paid by", "form": "Cash or in kind", "note": "Note"}


class NotAParty(HubError):
    """Somebody pays who is no party to the fund's agreement."""

    code = "not_a_party"
    http_status = 400


class OtherYearsStream(HubError):
    """The stream is of another policy year than the fund."""

    code = "other_years_stream"
    http_status = 400


class SameAmount(HubError):
    """The change would change nothing."""

    code = "same_amount"


class AmountNotStated(HubError):
    """Instalments need an amount to be parts of."""

    code = "amount_not_stated"


class NotYetReceived(HubError):
    """A receipt of a day that has not come."""

    code = "not_yet_received"
    http_status = 400


class ReceivedAlready(HubError):
    """The same receipt is entered already, or reversed already."""

    code = "received_already"


class SourceTaken(HubError):
    """The fund has a contribution of that name already."""

    code = "source_taken"


@service
def add(
    *,
    fund_id: UUID,
    source: str,
    amount: Decimal | None,
    state: str = AmountState.STATED,
    payer_id: UUID | None = None,
    stream_id: UUID | None = None,
    form: str = CASH,
    note: str = "",
    illustrative: bool = False,
    by: User,
    at: datetime,
) -> FundingLine:
    """Enter what a partner puts into the fund for the year, in pounds; raises NotAParty, OtherYearsStream, SourceTaken.

    The parties see it with the fund.
    """
    held = hold_fund(fund_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    payer, stream = _payer(held, payer_id), _stream(held, stream_id)
    if FundingLine.objects.filter(fund=held, source=source, payer=payer).exists():
        raise SourceTaken(
            f"{held} has “{source}” of {payer or 'nobody stated'} already. Change that, or give this another name.",
            field="source",
        )
    last = FundingLine.objects.filter(fund=held).aggregate(last=Max("position"))["last"]
    line = FundingLine(
        fund=held,
        owner=held.owner,
        position=(last or 0) + 1,
        source=source,
        stream=stream,
        payer=payer,
        form=form,
        amount=amount,
        state=state,
        note=note,
        illustrative=illustrative,
        at=held.year.starts_on,
        released_at=held.released_at,
    )
    line.save(force_insert=True)
    audit.record(
        "contribution.added",
        target=line,
        by=by,
        at=at,
        partner=held.owner,
        after={"fund": str(held), "amount": amount_words(amount, state), **words_of(line)},
    )
    return line


@service
def describe(
    *,
    line_id: UUID,
    source: str,
    stream_id: UUID | None,
    payer_id: UUID | None,
    form: str,
    note: str,
    seen: Mapping[str, str],
    by: User,
    at: datetime,
) -> FundingLine:
    """Correct everything of a contribution but its amount; raises ChangedMeanwhile with both values."""
    held, line = _hold(line_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    payer = line.payer if payer_id == line.payer_id else _payer(held, payer_id)
    stream = line.stream if stream_id == line.stream_id else _stream(held, stream_id)
    values = {"source": source, "stream": stream, "payer": payer, "form": form, "note": note}
    wanted = {
        "source": source,
        "stream": str(stream_id or ""),
        "payer": str(payer_id or ""),
        "form": form,
        "note": note,
    }
    changes, clashes = wanted_changes(now=seen_of(line), seen=seen, wanted=wanted)
    refuse_clashes(clashes, LABELS)
    if not changes:
        return line
    before = words_of(line)
    for name in changes:
        setattr(line, name, values[name])
    line.save(update_fields=sorted(changes))
    audit.record(
        "contribution.corrected",
        target=line,
        by=by,
        at=at,
        partner=held.owner,
        before=before,
        after=words_of(line),
    )
    return line


@service
def change(
    *,
    line_id: UUID,
    amount: Decimal | None,
    state: str = AmountState.STATED,
    effective_on: date,
    reason: str,
    authority_named: Named,
    seen: str,
    by: User,
    at: datetime,
) -> ContributionChange:
    """Make a contribution's amount of the year another, in pounds; `seen` is the amount that was shown (`amount_seen`).

    Instalments due before `effective_on` stay, the later ones share the rest. What was signed keeps the amount that it
    was signed with. Raises ReasonMissing, ChangedMeanwhile, SameAmount, AuthorityMissing, AuthorityRefused.
    """
    held, line = _hold(line_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    why = reasons.given(reason, ask="Say why the contribution changes: the partners and their auditors read it.")
    if seen != amount_seen(line):
        raise ChangedMeanwhile(
            f"Somebody else changed the amount: it is now {amount_words(line.amount, line.state)}. Nothing was saved. "
            "Check it and save again.",
            field="amount",
        )
    if (amount, state) == (line.amount, line.state):
        raise SameAmount("The contribution has that amount already. Enter the new one.", field="amount")
    if effective_on > held.year.ends_on:
        raise Malformed(
            f"{held.year.label} ends on {long_date(held.year.ends_on)}. Enter a day until then.", field="effective_on"
        )
    moved = abs((amount or money.NIL) - (line.amount or money.NIL))
    found = authority.require(
        named=authority_named,
        matter=Matter.CONTRIBUTION_CHANGE,
        amount=moved,
        on=timezone.localdate(at),
        parties=list(held.agreement.parties.all()),
        by=by,
    )
    made = ContributionChange(
        line=line,
        before=line.amount,
        before_state=line.state,
        after=amount,
        after_state=state,
        moved=moved,
        effective_on=effective_on,
        reason=why,
        decision=found if isinstance(found, Decision) else None,
        delegation=found if isinstance(found, Delegation) else None,
        entered_by=by,
        done_on=timezone.localdate(at),
        at=at,
    )
    made.save(force_insert=True)
    line.amount, line.state = amount, state
    line.save(update_fields=["amount", "state"])
    respread = _respread(line, effective_on)
    audit.record(
        "contribution.changed",
        target=line,
        by=by,
        at=at,
        partner=held.owner,
        before={"amount": amount_words(made.before, made.before_state)},
        after={
            "amount": amount_words(amount, state),
            "effective_on": effective_on,
            "authority": str(found),
            "instalments_respread": respread,
        },
        reason=why,
    )
    return made


@service
def schedule(*, line_id: UUID, parts: Sequence[Part], seen: str, by: User, at: datetime) -> list[Instalment]:
    """Put instalments in the place of those that there are; `seen` is the amount that they were made from.

    Raises AmountNotStated, ChangedMeanwhile, and MoneyError where they do not add up to the amount.
    """
    held, line = _hold(line_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    if line.amount is None:
        raise AmountNotStated(
            f"{line} is {emptyfigures.words(line.state)}: instalments are parts of an amount. State the amount first.",
            who_can_lift=f"A finance officer of {held.owner}",
        )
    if seen != amount_seen(line) or money.total(part.amount for part in parts) != line.amount:
        raise ChangedMeanwhile(
            f"The contribution is {money.pounds(line.amount)} now, and these instalments were made for another amount. "
            "Nothing was saved. Check them and save again."
        )
    before = _schedule_words(Instalment.objects.filter(line=line).order_by("number"))
    new = _replace(line, parts)
    audit.record(
        "contribution.scheduled",
        target=line,
        by=by,
        at=at,
        partner=held.owner,
        before={"instalments": before},
        after={"instalments": _schedule_words(new)},
    )
    return new


@service
def receive(*, line_id: UUID, received_on: date, amount: Decimal, reference: str, by: User, at: datetime) -> Receipt:
    """Enter money that came in, in pounds, with its reference; raises NotYetReceived, ReceivedAlready."""
    held, line = _hold(line_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    if received_on > timezone.localdate(at):
        raise NotYetReceived(
            f"{long_date(received_on)} has not come yet. Enter the day on which the money came in.", field="received_on"
        )
    same = Receipt.objects.filter(
        line=line, received_on=received_on, amount=amount, reference=reference, reversal__isnull=True
    ).select_related("entered_by")
    if (known := same.first()) is not None:
        raise ReceivedAlready(
            f"{known.entered_by} entered this receipt already: {money.pounds(amount)} on {long_date(received_on)}, "
            f"reference {reference}. Give another reference if it is another payment.",
            field="reference",
        )
    receipt = Receipt(line=line, received_on=received_on, amount=amount, reference=reference, entered_by=by, at=at)
    receipt.save(force_insert=True)
    audit.record(
        "contribution.received",
        target=line,
        by=by,
        at=at,
        partner=held.owner,
        after={"received_on": received_on, "amount": amount, "reference": reference},
    )
    return receipt


@service
def reverse(*, receipt_id: UUID, reason: str, by: User, at: datetime) -> ReceiptReversal:
    """Say that a receipt was entered wrongly: it counts no more. Raises ReasonMissing, ReceivedAlready."""
    line_id = Receipt.objects.visible_to(by).filter(pk=receipt_id).values_list("line", flat=True).first()
    if line_id is None:
        raise Http404("There is no such receipt.")
    held, line = _hold(line_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    why = reasons.given(reason, ask="Say why the receipt is reversed: it stays in the list with this beside it.")
    receipt = Receipt.objects.select_related("reversal__entered_by").get(pk=receipt_id)
    known = ReceiptReversal.objects.filter(receipt=receipt).select_related("entered_by").first()
    if known is not None:
        raise ReceivedAlready(
            f"{known.entered_by} reversed this receipt on {long_date(timezone.localdate(known.at))}: {known.reason}. "
            "Enter the money again if it did come in."
        )
    made = ReceiptReversal(receipt=receipt, reason=why, entered_by=by, at=at)
    made.save(force_insert=True)
    audit.record(
        "contribution.receipt_reversed",
        target=line,
        by=by,
        at=at,
        partner=held.owner,
        before={"received_on": receipt.received_on, "amount": receipt.amount, "reference": receipt.reference},
        reason=why,
    )
    return made


def refuse_clashes(clashes: Collection[Clash], labels: Mapping[str, str]) -> None:
    """Raise ChangedMeanwhile with both values of each field that two people changed."""
    if clashes:
        words = " ".join(
            f"{labels[clash.field]}: you saw {_quoted(clash.seen)}, somebody saved {_quoted(clash.now)}, you entered "
            f"{_quoted(clash.wanted)}."
            for clash in clashes
        )
        raise ChangedMeanwhile(
            f"Somebody else changed what you changed, so nothing was saved. {words} Check the values and save again.",
            field=next(iter(clashes)).field,
        )


def seen_of(line: FundingLine) -> dict[str, str]:
    """A contribution as a form carries it along, to notice what somebody else changes meanwhile."""
    return {
        "source": line.source,
        "stream": str(line.stream_id or ""),
        "payer": str(line.payer_id or ""),
        "form": line.form,
        "note": line.note,
    }


def amount_seen(line: FundingLine) -> str:
    """The amount, or its state, in one exact text."""
    return money.as_plain(line.amount) if line.amount is not None else str(line.state)


def amount_words(amount: Decimal | None, state: str) -> str:
    """An amount as it is printed."""
    return emptyfigures.words(state) if amount is None else money.pounds(amount)


def words_of(line: FundingLine) -> dict[str, object]:
    """A contribution without its amount, in words for the audit."""
    return {
        "source": line.source,
        "stream": str(line.stream) if line.stream else None,
        "payer": str(line.payer) if line.payer else None,
        "form": FORMS[line.form],
        "note": line.note,
    }


def _hold(line_id: UUID, *, by: User) -> tuple[Fund, FundingLine]:
    """The fund, held first as everywhere, and the contribution, held; Http404 where the person may not know of it."""
    fund_id = FundingLine.objects.visible_to(by).filter(pk=line_id).values_list("fund", flat=True).first()
    if fund_id is None:
        raise Http404("There is no such contribution.")
    held = hold_fund(fund_id, by=by)
    line = FundingLine.objects.visible_to(by).select_for_update(of=("self",), no_key=True).get(pk=line_id)
    return held, line


def _payer(held: Fund, payer_id: UUID | None) -> Organisation | None:
    if payer_id is None:
        return None
    payer = held.agreement.parties.filter(pk=payer_id).first()
    if payer is None:
        raise NotAParty(
            f"Only parties to {held.agreement} pay into its fund. Choose one of them, or say that it is not stated.",
            field="payer",
        )
    return payer


def _stream(held: Fund, stream_id: UUID | None) -> FundingStream | None:
    if stream_id is None:
        return None
    stream = FundingStream.objects.filter(pk=stream_id, financial_year=held.financial_year).first()
    if stream is None:
        raise OtherYearsStream(
            f"That is no funding stream of {held.year.label}. Choose one of that year.", field="stream"
        )
    return stream


def _respread(line: FundingLine, effective_on: date) -> bool:
    """Make the later instalments share what is left; False where there are none, or they cannot."""
    rows = list(Instalment.objects.filter(line=line).order_by("number"))
    if not rows or line.amount is None:
        return False
    parts = [Part(row.number, row.due_on, row.amount) for row in rows]
    try:
        _replace(line, arithmetic.respread(parts, line.amount, effective_on=effective_on))
    except MoneyError:
        # The page says by how much the schedule misses the new amount.
        return False
    return True


def _replace(line: FundingLine, parts: Sequence[Part]) -> list[Instalment]:
    Instalment.objects.filter(line=line).delete()
    return Instalment.objects.bulk_create(
        Instalment(line=line, number=part.number, due_on=part.due_on, amount=part.amount) for part in parts
    )


def _schedule_words(rows: Any) -> list[str]:
    return [f"{money.pounds(row.amount)} on {long_date(row.due_on)}" for row in rows]


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "nothing"
