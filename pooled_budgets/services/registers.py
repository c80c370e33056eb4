"""The registers beside agreements: entered by a partner as drafts of its own, changed, released to the parties."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.once import claim
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.domain.merging import merge
from pooled_budgets.domain.registers import LABELS
from pooled_budgets.models import Agreement, AlignedBudget, JointContract, Scheme
from pooled_budgets.selectors import registers as selectors
from pooled_budgets.selectors.registers import Row

KINDS: dict[type[Row], str] = {AlignedBudget: "aligned_budget", JointContract: "joint_contract"}


@service
def add(
    *,
    model: type[Row],
    agreement: Agreement,
    values: Mapping[str, Any],
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> Row:
    """Enter a row for the person's partner beside an agreement that it is party to. Nobody else sees it yet.

    `once` is the mark of the form: raises SentTwice where the form has entered it already.
    """
    Agreement.objects.select_for_update(of=("self",), no_key=True).get(pk=agreement.pk)
    partner = permissions.acting_for(by, Permission.AGREEMENT_PREPARE, among=agreement.parties.order_by("name", "pk"))
    new_id = claim(model, once, sender=by.pk, what="The row")
    _check(values, agreement)
    row = model(pk=new_id, agreement=agreement, owner=partner, **values)
    row.save(force_insert=True)
    audit.record(f"{KINDS[model]}.entered", target=row, by=by, at=at, partner=partner, after=_told(values))
    return row


@service
def change(
    *, model: type[Row], row_id: UUID, values: Mapping[str, Any], seen: Mapping[str, Any], by: User, at: datetime
) -> Row:
    """Change a row of the person's partner. `seen` are the values that the person was shown.

    Raises ChangedMeanwhile where somebody changed the same field to something else since; nothing is saved then.
    """
    row: Row = selectors.held(model, by, row_id)
    permissions.require(by, Permission.AGREEMENT_PREPARE, organisation=row.owner)
    before = {name: getattr(row, name) for name in values}
    merged = merge(seen, before, values)
    if merged.conflicts:
        told = [f"{LABELS[found.name]}: they wrote “{found.theirs}”, you “{found.mine}”" for found in merged.conflicts]
        raise ChangedMeanwhile(
            f"Somebody changed the same after you opened this page, so nothing was saved. {'. '.join(told)}."
        )
    _check(merged.values, row.agreement)
    for name, value in merged.values.items():
        setattr(row, name, value)
    row.save()
    audit.record(
        f"{KINDS[model]}.changed",
        target=row,
        by=by,
        at=at,
        partner=row.owner,
        before=_told(before),
        after=_told(merged.values),
    )
    return row


@service
def release(*, model: type[Row], row_id: UUID, by: User, at: datetime) -> Row:
    """Show a row to the parties of its agreement and the board that oversees it."""
    row: Row = selectors.held(model, by, row_id)
    permissions.require(by, Permission.AGREEMENT_PREPARE, organisation=row.owner)
    if row.released_at is None:
        row.released_at = at
        row.save()
        audit.record(f"{KINDS[model]}.released", target=row, by=by, at=at, partner=row.owner)
    return row


def _check(values: Mapping[str, Any], agreement: Agreement) -> None:
    scheme: Scheme | None = values.get("scheme")
    if scheme is not None and scheme.fund.agreement_id != agreement.pk:
        raise Malformed(f"{scheme} belongs to a fund of another agreement. Choose one of {agreement}.", field="scheme")
    first, last = values.get("starts_on"), values.get("ends_on")
    if first and last and last < first:
        raise Malformed("The last day is before the first. Change one of them.", field="ends_on")


def _told(values: Mapping[str, Any]) -> dict[str, object]:
    return {name: str(value) if isinstance(value, Scheme) else value for name, value in values.items()}
