"""What is stated of a settled year's memorandum account: its purpose, certificates, the auditor's statement."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from integration_hub.core import audit
from integration_hub.core.dates import long_date
from integration_hub.core.errors import Malformed
from integration_hub.core.once import claim
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.models import AccountStatement
from pooled_budgets.models.account_statement import KINDS, PURPOSE
from pooled_budgets.selectors import settlement as selectors
from pooled_budgets.services.locking import hold_fund
from pooled_budgets.services.settlement import NotSettled


@service
def state(
    *,
    settlement_id: UUID | str,
    kind: str,
    text: str,
    stated_by: str,
    stated_on: date,
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> AccountStatement:
    """Add a statement to the account of a settlement; an earlier one of its kind stays beneath it.

    The purpose may be stated at any time; a certificate or the auditor's statement is of an approved settlement alone.
    `once` is the mark of the form: raises SentTwice where the form has stated it already.
    """
    found = selectors.settlements(by).filter(pk=settlement_id).first()
    fund = hold_fund(found.fund_id if found else None, by=by)
    permissions.require(by, Permission.RISK_SHARE_PREPARE, organisation=fund.owner)
    rows = selectors.of_fund(fund, by)
    settlement = next(row for row in rows if str(row.pk) == str(settlement_id))
    new_id = claim(AccountStatement, once, sender=by.pk, what="The statement")
    if kind not in KINDS:
        raise Malformed("Choose what is stated.", field="kind")
    words, who = text.strip(), stated_by.strip() if kind != PURPOSE else ""
    if not words:
        raise Malformed("Write the statement.", field="text")
    if kind != PURPOSE and not who:
        raise Malformed("Say who states it, and in which capacity.", field="stated_by")
    if stated_on > timezone.localdate(at):
        raise Malformed("The day of a statement cannot be in the future.", field="stated_on")
    if kind != PURPOSE and stated_on <= fund.year.ends_on:
        raise Malformed(
            f"The account is of the whole year: enter a day after {long_date(fund.year.ends_on)}.", field="stated_on"
        )
    if (later := selectors.replaced_by(settlement, rows)) is not None:
        raise NotSettled(f"Settlement {later.number} took its place: state it of that one's account.")
    if kind != PURPOSE and selectors.approval_of(settlement) is None:
        raise NotSettled("The settlement is not approved yet: only an approved account is certified or audited.")
    made = AccountStatement(
        id=new_id,
        settlement=settlement,
        owner=fund.owner,
        released_at=at,
        kind=kind,
        text=words,
        stated_by=who,
        stated_on=stated_on,
        entered_by=by,
        entered_by_name=str(by),
        at=at,
    )
    made.save(force_insert=True)
    audit.record(
        "account.stated",
        target=settlement,
        by=by,
        partner=fund.owner,
        at=at,
        after={"what": KINDS[kind], "text": words, "stated_by": who, "stated_on": stated_on},
    )
    return made
