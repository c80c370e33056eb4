"""Agreement of balances: each partner states its figures, and differences are typed and settled."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from integration_hub.core import audit, money, reasons
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.models import Period
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.domain.balances import Balance
from pooled_budgets.models import BalanceDifference, BalanceStatement, Fund, SchemeLine
from pooled_budgets.selectors import balances
from pooled_budgets.services.locking import hold_fund


@service
def state(
    *, fund: Fund, quarter: Period, amounts: Mapping[UUID, Decimal | None], release: bool, by: User, at: datetime
) -> int:
    """State what the person's partner has in its books, by line, all or none; None takes a draft back.

    With `release` the partners see all that it stated for the quarter; what was released before is changed for all at
    once. Answers how many lines changed. Raises PeriodLocked, Malformed.
    """
    held, partner = _held(fund, quarter, by=by)
    known = {line.pk: line for line in SchemeLine.objects.filter(scheme__fund=held, pk__in=amounts)}
    if len(known) != len(amounts):
        raise Malformed("The fund's plan has no such line any more. Reload the page.", field="amounts")
    standing = {
        row.line_id: row for row in BalanceStatement.objects.filter(owner=partner, period=quarter, line__in=known)
    }
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for key, amount in amounts.items():
        row = standing.get(key)
        if (row.amount if row else None) == amount:
            continue
        if amount is None and row is not None and row.released_at is not None:
            raise Malformed("A figure that the partners see is not taken out. State another one.", field="amounts")
        before[str(key)] = money.as_plain(row.amount) if row else None
        after[str(key)] = None if amount is None else money.as_plain(amount)
        _write(known[key], quarter, partner, row, amount, by=by, at=at)
    released = 0
    if release:
        drafts = BalanceStatement.objects.filter(
            line__scheme__fund=held, period=quarter, owner=partner, released_at__isnull=True
        )
        released = drafts.update(released_at=at)
    if after or released:
        audit.record(
            "balances.stated",
            target=held,
            by=by,
            at=at,
            partner=partner,
            before={"quarter": quarter.label, **before},
            after={"quarter": quarter.label, "released": released, **after},
        )
    return len(after)


@service
def type_difference(
    *,
    fund: Fund,
    quarter: Period,
    line_id: UUID,
    kind: str,
    owner_id: UUID,
    person: str,
    note: str,
    by: User,
    at: datetime,
) -> BalanceDifference:
    """Say of which kind a difference is, which partner clears it up, and who there. Raises NoDifference."""
    held, partner = _held(fund, quarter, by=by)
    balance = _differing(held, quarter, line_id, by=by)
    owner = next((party for party in balances.parties(held) if party.pk == owner_id), None)
    if owner is None or kind not in BalanceDifference.KINDS or not person.strip():
        raise Malformed("Choose the kind and the partner, and name the person who clears it up.", field="person")
    row, _ = BalanceDifference.objects.update_or_create(
        line_id=line_id,
        period=quarter,
        defaults={
            "amount": balance.difference or money.NIL,
            "kind": kind,
            "owner": owner,
            "person": person.strip(),
            "note": note.strip(),
            "released_at": at,
            "typed_by": by,
            "typed_at": at,
            "settled_at": None,
            "settled_by_name": None,
            "settled_because": "",
        },
    )
    audit.record(
        "balances.difference_typed",
        target=held,
        by=by,
        at=at,
        partner=partner,
        after={"line": balance.words, "quarter": quarter.label, "kind": kind, "owner": str(owner), "person": person},
    )
    return row


@service
def settle(
    *, fund: Fund, quarter: Period, line_id: UUID, seen: Decimal, reason: str, by: User, at: datetime
) -> BalanceDifference:
    """Settle a difference that was typed, with how; it is open again where a partner states another figure.

    `seen` is the difference that the person was shown. Raises ChangedMeanwhile, NoDifference, reasons.ReasonMissing.
    """
    held, partner = _held(fund, quarter, by=by)
    balance = _differing(held, quarter, line_id, by=by)
    words = reasons.given(reason, ask="Say how the difference was settled: the return rests on it.")
    row = BalanceDifference.objects.filter(line=line_id, period=quarter).first()
    if row is None:
        raise policies.NoDifference("Say first of which kind the difference is, and who clears it up.")
    if balance.difference != seen:
        raise ChangedMeanwhile(
            f"The difference is {money.pounds(balance.difference or money.NIL)} by now; you were shown "
            f"{money.pounds(seen)}. Nothing was settled. Look at it again."
        )
    row.amount, row.settled_at, row.settled_by_name, row.settled_because = seen, at, str(by), words[:500]
    row.save(update_fields=["amount", "settled_at", "settled_by_name", "settled_because"])
    audit.record(
        "balances.difference_settled",
        target=held,
        by=by,
        at=at,
        partner=partner,
        after={"line": balance.words, "quarter": quarter.label, "difference": money.as_plain(seen)},
        reason=words,
    )
    return row


def _held(fund: Fund, quarter: Period, *, by: User) -> tuple[Fund, Organisation]:
    """The fund, locked, and the party for which the person acts; the quarter is open."""
    held = hold_fund(fund.pk, by=by)
    partner = permissions.acting_for(by, Permission.FORECAST_RECORD, among=balances.parties(held))
    policies.check_period_of_fund(held, quarter)
    policies.check_period_open(held, quarter)
    return held, partner


def _differing(held: Fund, quarter: Period, line_id: UUID, *, by: User) -> Balance:
    rows = balances.rows(held, quarter, by, None)
    balance = next((row.balance for row in rows if row.balance.key == line_id), None)
    if balance is None or not balance.difference:
        raise policies.NoDifference("The partners' released figures of this line do not differ.")
    return balance


def _write(
    line: SchemeLine,
    quarter: Period,
    partner: Organisation,
    row: BalanceStatement | None,
    amount: Decimal | None,
    *,
    by: User,
    at: datetime,
) -> None:
    if amount is None:
        if row is not None:
            row.delete()
        return
    if row is None:
        row = BalanceStatement(line=line, period=quarter, owner=partner)
    row.amount, row.entered_by, row.entered_at = amount, by, at
    row.save()
