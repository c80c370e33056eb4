"""What comes after a submission: the national team accepts it, and a later restatement opens it again."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from bcf_metrics import policies_submission as policies
from bcf_metrics.domain.status import EventKind
from bcf_metrics.models import Acceptance, Restatement
from bcf_metrics.policies import who_can_lift
from bcf_metrics.policies_submission import Malformed
from bcf_metrics.selectors import submissions as selectors
from bcf_metrics.services import events
from bcf_metrics.services.holding import hold
from bcf_metrics.services.submissions import typed
from integration_hub.core import audit
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.services import periods


@service
def accept(
    *, return_id: UUID, accepted_by: str, accepted_on: date, reference: str = "", by: User, at: datetime
) -> Acceptance:
    """Record that the national team accepted the last submission. Raises NothingToAccept, Malformed."""
    held = hold(return_id, by)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_SUBMIT, among=held.parties)
    policies.check_can_accept(quarterly_return)
    submission = selectors.of_return(quarterly_return)[0]
    name, code = typed(accepted_by, 200, field="accepted_by"), typed(reference, 100, field="reference")
    if not name:
        raise Malformed("Say who accepted it.", field="accepted_by")
    sent_on, today = timezone.localdate(submission.submitted_at), timezone.localdate(at)
    policies.check_accepted_on(submission, accepted_on, sent_on=sent_on, today=today)

    acceptance = Acceptance(
        submission=submission,
        accepted_by=name,
        accepted_on=accepted_on,
        reference=code,
        entered_by_name=by.acting_name(partner),
        entered_at=at,
    )
    acceptance.save(force_insert=True)
    number = submission.version.number
    told = f"By {name} on {accepted_on:%-d %B %Y}" + (f", reference {code}" if code else "")
    events.write(held, EventKind.ACCEPTED, by=by, at=at, partner=partner, version=number, reason=told)
    lift = who_can_lift([party.name for party in held.parties], quarterly_return.status)
    periods.say_who_can_lift(quarterly_return.fund, quarterly_return.period, lift)
    audit.record(
        "return.accepted",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        after={
            "submission": submission.number,
            "accepted_by": name,
            "accepted_on": accepted_on,
            "reference": code,
            "status": quarterly_return.status_words,
        },
    )
    return acceptance


@service
def restate(*, return_id: UUID, what: str, why: str, told: str, by: User, at: datetime) -> Restatement:
    """Open an accepted return again: what changes, why, and who was told. What was accepted stays readable.

    As after an amendment, the signatures stand until it is sent again. Raises NothingToRestate, Malformed.
    """
    held = hold(return_id, by)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_SUBMIT, among=held.parties)
    policies.check_can_restate(quarterly_return)
    asks = {"what": (what, "Say what changes."), "why": (why, "Say why."), "told": (told, "Say who was told.")}
    words = {}
    for field, (given, ask) in asks.items():
        words[field] = typed(given, 1000, field=field)
        if not words[field]:
            raise Malformed(ask, field=field)

    submission = selectors.of_return(quarterly_return)[0]
    restatement = Restatement(submission=submission, **words, restated_by_name=by.acting_name(partner), restated_at=at)
    restatement.save(force_insert=True)
    number = submission.version.number
    reason = f"{words['what']}\nWhy: {words['why']}\nTold: {words['told']}"
    events.write(held, EventKind.RESTATED, by=by, at=at, partner=partner, version=number, reason=reason)
    period = quarterly_return.period
    periods.lift(fund=quarterly_return.fund, period=period, by=by, at=at, reason=f"Restated: {words['why']}"[:1000])
    audit.record(
        "return.restated",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        after={"submission": submission.number, **words, "status": quarterly_return.status_words},
        reason=words["why"],
    )
    return restatement
