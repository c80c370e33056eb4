"""Quarterly returns: opened for a fund's quarter, sent for sign-off, sent back, exported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from bcf_metrics import policies
from bcf_metrics.domain import content as contents
from bcf_metrics.domain.status import EventKind
from bcf_metrics.models import PolicyYear, QuarterlyReturn, ReturnEvent, ReturnVersion
from bcf_metrics.presenters import workbook
from bcf_metrics.selectors import content, returns
from bcf_metrics.selectors.shown import shown
from bcf_metrics.services import amendments, events, policy_rows, sections
from bcf_metrics.services.holding import hold
from integration_hub.core import audit, reasons
from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.models import Period
from integration_hub.core.services import service
from integration_hub.core.spreadsheets.texts import download_name
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.models import Fund
from pooled_budgets.services import periods
from pooled_budgets.services.locking import hold_fund


@dataclass(frozen=True)
class Export:
    """A workbook with the name that it is saved under."""

    filename: str
    content: bytes


@service
def open(*, fund: Fund, period: Period, by: User, at: datetime) -> QuarterlyReturn:
    """Open the return of a fund for a quarter. Raises PolicyYearNotLoaded, ReturnExists, OtherYear."""
    held = hold_fund(fund.pk, by=by)
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.agreement.parties.order_by("name", "pk"))
    policies.check_period_of_fund(held, period)
    found = PolicyYear.objects.filter(financial_year=held.financial_year).select_related("template").first()
    existing = QuarterlyReturn.objects.filter(fund=held, period=period).first()
    year, template = policies.check_can_open(held, period, found, existing)

    due_on, note = _due(year, period)
    opened = QuarterlyReturn(
        fund=held,
        period=period,
        policy_year=year,
        policy_version=policy_rows.newest_policy(year, ends_on=period.ends_on),
        template=template,
        layout_version=policy_rows.newest_layout(template, ends_on=period.ends_on),
        due_on=due_on,
        due_note=note,
    )
    opened.save(force_insert=True)
    event = ReturnEvent(
        quarterly_return=opened, number=1, kind=EventKind.OPENED.value, at=at, by_name=str(by), organisation=partner
    )
    event.save(force_insert=True)
    audit.record(
        "return.opened",
        target=opened,
        by=by,
        at=at,
        partner=partner,
        after={"period": period.label, "policy_year": year.label, "template": template.code, "due_on": due_on},
    )
    return opened


@service
def send_for_sign_off(*, return_id: UUID, by: User, at: datetime, seen: str = "") -> ReturnVersion:
    """Freeze the return as its next version and send it to the parties for signature; the quarter is locked.

    `seen` is the digest of the content that the sender was shown. Raises NotComplete, UnderSignOff, ChangedMeanwhile.
    """
    held = hold(return_id, by)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.parties)
    names = [party.name for party in held.parties]
    policies.check_open(quarterly_return, held.newest, signatories=names)
    today = timezone.localdate(at)
    draft = content.draft(quarterly_return, by, on=today, parties=held.parties)
    if seen and seen != contents.digest(draft.content):
        raise ChangedMeanwhile(
            "Something in the return changed after you opened this page, so nothing was sent. Read it again, then "
            "send it."
        )
    policies.check_complete(draft.completion)

    number = held.newest.number + 1 if held.newest else 1
    frozen = draft.content | {"version": number, "prepared_by": str(by), "submitted_on": today.isoformat()}
    contents.validate(frozen)
    version = ReturnVersion(
        quarterly_return=quarterly_return,
        number=number,
        content=frozen,
        sha256=contents.digest(frozen),
        prepared_by=by,
        prepared_by_name=str(by),
        preparers=returns.preparers(quarterly_return, sender=by),
        signatories=returns.signatories_of(quarterly_return),
        prepared_at=at,
    )
    version.save(force_insert=True)
    former = held.amended
    held.versions.append(version)
    events.write(held, EventKind.SENT_FOR_SIGN_OFF, by=by, at=at, partner=partner, version=number)
    if former is not None:
        amendments.carry_over(held, version, returns.content_of(former), by=by, at=at, partner=partner)
    periods.lock(
        fund=quarterly_return.fund,
        period=quarterly_return.period,
        reason=policies.lock_reason(quarterly_return, number),
        who_can_lift=policies.who_can_lift(names),
        by=by,
        at=at,
    )
    audit.record(
        "return.sent_for_sign_off",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        after={"version": number, "sha256": version.sha256, "preparers": [row["name"] for row in version.preparers]},
    )
    return version


@service
def send_back(
    *, return_id: UUID, reason: str, by: User, at: datetime, named: Mapping[str, str] | None = None
) -> QuarterlyReturn:
    """Send a return back to its preparers: its signatures fall, the quarter opens; the version stays readable.

    `named` has the reason of each section that is to be put right, by its tab.
    Raises NothingToSendBack, reasons.ReasonMissing, Malformed.
    """
    held = hold(return_id, by)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_SIGN, among=held.parties)
    policies.check_can_be_sent_back(quarterly_return)
    words = reasons.given(reason, ask="Say what has to be put right before the return is sent again.")

    before = quarterly_return.status_words
    number = held.newest.number if held.newest else None
    fallen = [signature.organisation_name for signature in held.newest.signatures.all()] if held.newest else []
    events.write(held, EventKind.SENT_BACK, by=by, at=at, partner=partner, version=number, reason=words)
    told = sections.name_sections(held, named or {}, by=by, at=at, partner=partner, version=number)
    periods.lift(fund=quarterly_return.fund, period=quarterly_return.period, by=by, at=at, reason=f"Sent back: {words}")
    audit.record(
        "return.sent_back",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        before={"status": before, "version": number, "signatures": fallen},
        after={"status": quarterly_return.status_words} | ({"sections": told} if told else {}),
        reason=words,
    )
    return quarterly_return


@service
def export(*, return_id: UUID, by: User, at: datetime, number: int | None = None) -> Export:
    """The return as a workbook: its version in force with the signatures, else its present state as a draft.

    `number` asks for a version by its number; one that was sent back is a draft without signatures.
    """
    held = returns.get(by, return_id)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_EXPORT, among=held.readers)
    found = shown(held, by, on=timezone.localdate(at), number=number)
    version = found.version
    origin = workbook.Origin(str(quarterly_return.pk), found.keys)
    made = Export(_filename(quarterly_return, version), workbook.build(found.template, found.content, origin=origin))
    audit.record(
        "return.exported",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        after={
            "file": made.filename,
            "version": version.number if version else None,
            "sha256": contents.digest(found.content),
        },
    )
    return made


def _due(year: PolicyYear, period: Period) -> tuple[date | None, str]:
    """The day on which the national return is due, and what to know about it."""
    for row in year.details.get("reporting_periods", []):
        if row["quarter"] == period.number:
            return date.fromisoformat(row["due_on"]) if row["due_on"] else None, row["note"]
    return None, "The policy year names no due date for this quarter."


def _filename(quarterly_return: QuarterlyReturn, version: ReturnVersion | None) -> str:
    state = f"version {version.number}" if version else "draft"
    area = quarterly_return.fund.agreement.area.name
    return download_name(f"BCF return {area} {quarterly_return.period.label} {state}", "xlsx")
