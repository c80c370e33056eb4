"""A signed return submitted to the national team, and ratified by the Board."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from bcf_metrics import policies_submission as policies
from bcf_metrics.domain.status import EventKind
from bcf_metrics.models import Ratification, Submission
from bcf_metrics.policies_submission import Malformed
from bcf_metrics.selectors import returns
from bcf_metrics.selectors import submissions as selectors
from bcf_metrics.services import amendments, events
from bcf_metrics.services.holding import hold
from governance.models import Decision
from integration_hub.core import audit
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission

LONGEST, LONGEST_REASON = 300, 1000


@service
def submit(*, return_id: UUID, how: str, late_reason: str = "", by: User, at: datetime) -> Submission:
    """Record that the signed version went to the national team, and how.

    Where its cover says that the Board had signed it off, it waits for no ratification. Raises NotForSubmission,
    NothingChanged, Malformed.
    """
    held = hold(return_id, by)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_SUBMIT, among=held.parties)
    before = selectors.of_return(quarterly_return)
    last = before[0] if before else None
    policies.check_can_submit(quarterly_return, last)
    if held.current is None:
        raise RuntimeError("a signed return has a version")
    words, late = typed(how, LONGEST, field="how"), typed(late_reason, LONGEST_REASON, field="late_reason")
    if not words:
        raise Malformed("Say how it was sent, and to whom.", field="how")
    policies.check_late(quarterly_return, timezone.localdate(at), late)
    version = returns.content_of(held.current)
    differences = (
        amendments.compare(quarterly_return, returns.content_of(last.version), version) if last is not None else []
    )
    policies.check_differs(last, differences)

    submission = Submission(
        quarterly_return=quarterly_return,
        number=len(before) + 1,
        version=version,
        how=words,
        late_reason=late,
        differences=[asdict(row) for row in differences],
        organisation=partner,
        submitted_by=by,
        submitted_by_name=by.acting_name(partner),
        submitted_at=at,
    )
    submission.save(force_insert=True)
    told = f"Submission {submission.number}: {words}" + (f"\nLate: {late}" if late else "")
    events.write(held, EventKind.SUBMITTED, by=by, at=at, partner=partner, version=version.number, reason=told)
    answers = version.content["answers"]
    if answers.get("signed_off_by_board") == "Yes":
        signed_by = answers.get("signed_off_by") or "not named"
        told = f"The return says that the Board had signed it off: {signed_by}."
        events.write(held, EventKind.RATIFIED, by=by, at=at, partner=partner, version=version.number, reason=told)
    audit.record(
        "return.submitted",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        after={
            "submission": submission.number,
            "version": version.number,
            "sha256": version.sha256,
            "how": words,
            "differences": len(differences),
            "status": quarterly_return.status_words,
        },
        reason=late,
    )
    return submission


@service
def ratify(*, return_id: UUID, decision: Decision, by: User, at: datetime) -> Ratification:
    """Link the Board's decision by which the last submission was ratified. Raises NothingToRatify."""
    held = hold(return_id, by)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.DECISION_RECORD, among=held.parties)
    policies.check_can_ratify(quarterly_return)
    policies.check_decision(quarterly_return, decision)
    policies.check_names_returns(decision)
    if not selectors.decisions(by, quarterly_return).filter(pk=decision.pk).exists():
        raise policies.NothingToRatify(
            "That is no decision of the area's Health and Wellbeing Board. Choose another.", field="decision"
        )

    submission = selectors.of_return(quarterly_return)[0]
    ratification = Ratification(
        submission=submission, decision=decision, linked_by_name=by.acting_name(partner), linked_at=at
    )
    ratification.save(force_insert=True)
    number = submission.version.number
    events.write(held, EventKind.RATIFIED, by=by, at=at, partner=partner, version=number, reason=str(decision))
    audit.record(
        "return.ratified",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        after={
            "submission": submission.number,
            "decision": str(decision),
            "status": quarterly_return.status_words,
        },
    )
    return ratification


def typed(given: str, longest: int, *, field: str) -> str:
    """What was typed, without spaces around it; raises Malformed where it cannot be kept."""
    words = given.strip()
    if "\x00" in words or len(words) > longest:
        raise Malformed(f"Write at most {longest:,} characters.", field=field)
    return words
