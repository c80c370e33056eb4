"""When a return can be submitted, and what ratifies it. Each refusal says why, and who can lift it."""

from collections.abc import Sequence
from datetime import date

from bcf_metrics.domain.changes import Difference
from bcf_metrics.domain.status import SUBMITTED, ReturnStatus
from bcf_metrics.domain.words import listed
from bcf_metrics.models import QuarterlyReturn, Submission
from governance.domain.authority import Matter
from governance.models import Decision
from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError
from pooled_budgets.domain.words import moment


class NotForSubmission(HubError):
    """The return is not signed off, or was submitted already."""

    code = "not_for_submission"


class NothingChanged(HubError):
    """The version says what the last submission said."""

    code = "nothing_changed"


class Malformed(HubError):
    """How it was sent, or why it is late, is not said."""

    code = "malformed"
    http_status = 400


class NothingToRatify(HubError):
    """No submission waits for the Board, or the decision cannot ratify it."""

    code = "nothing_to_ratify"


class NothingToAccept(HubError):
    """The return is not with the national team, or waits for the Board."""

    code = "nothing_to_accept"


class NothingToRestate(HubError):
    """The return was not accepted."""

    code = "nothing_to_restate"


def check_can_submit(quarterly_return: QuarterlyReturn, last: Submission | None) -> None:
    """Raise NotForSubmission unless every signature is there and this version was not submitted yet."""
    status, period = ReturnStatus(quarterly_return.status), quarterly_return.period.label
    if status in SUBMITTED and last is not None:
        raise NotForSubmission(
            f"{last.submitted_by_name} submitted the return of {period} on {moment(last.submitted_at)}. Nothing was "
            "recorded. Amend it, and have it signed, before it is submitted again."
        )
    if status is not ReturnStatus.SIGNED:
        raise NotForSubmission(
            f"The return of {period} is not signed off (it is: {quarterly_return.status_words.lower()}), so it cannot "
            "be submitted.",
            who_can_lift="those whose signature it waits for",
        )


def check_differs(last: Submission | None, differences: Sequence[Difference]) -> None:
    """Raise NothingChanged for a submission that says what the last one said."""
    if last is not None and not differences:
        raise NothingChanged(
            f"Nothing in the return has changed since submission {last.number}, so there is nothing to submit again."
        )


def check_late(quarterly_return: QuarterlyReturn, on: date, reason: str) -> None:
    """Raise Malformed for a late submission without its reason. The day on which it was due never moves."""
    due_on = quarterly_return.due_on
    if due_on is not None and on > due_on and not reason:
        raise Malformed(f"The return was due on {long_date(due_on)}. Say why it is late.", field="late_reason")


def check_can_ratify(quarterly_return: QuarterlyReturn) -> None:
    """Raise NothingToRatify unless a submission waits for the Board's decision."""
    if quarterly_return.status != ReturnStatus.NOT_YET_RATIFIED:
        raise NothingToRatify(
            f"The return of {quarterly_return.period.label} does not wait for a decision of the Board (it is: "
            f"{quarterly_return.status_words.lower()})."
        )


def check_decision(quarterly_return: QuarterlyReturn, decision: Decision) -> None:
    """Raise NothingToRatify for a rescinded decision, or one made before the quarter was over."""
    ends_on = quarterly_return.period.ends_on
    if decision.ended_on is not None:
        raise NothingToRatify(
            f"{decision} was rescinded on {long_date(decision.ended_on)}. Choose another.", field="decision"
        )
    if decision.made_on <= ends_on:
        raise NothingToRatify(
            f"{decision} was made on {long_date(decision.made_on)}, before the quarter was over, so it cannot ratify "
            "the quarter's return. Choose another.",
            field="decision",
        )


def check_names_returns(decision: Decision) -> None:
    """Raise NothingToRatify for a decision that does not say that it ratifies a return."""
    if Matter.RETURN not in decision.matters:
        named = listed([words.lower() for words in decision.matters_words])
        raise NothingToRatify(
            f"{decision} does not ratify a return (it allows: {named}). Choose another, or record what the Board "
            "resolved on the return as a decision of its own.",
            field="decision",
        )


def check_can_accept(quarterly_return: QuarterlyReturn) -> None:
    """Raise NothingToAccept unless the return is submitted and ratified."""
    if quarterly_return.status == ReturnStatus.NOT_YET_RATIFIED:
        raise NothingToAccept(
            f"The return of {quarterly_return.period.label} waits for the Board. Nothing was recorded. Link the "
            "decision that ratifies it first.",
            who_can_lift="a governance officer, by linking the Board's decision",
        )
    if ReturnStatus(quarterly_return.status) not in SUBMITTED - {ReturnStatus.ACCEPTED}:
        raise NothingToAccept(
            f"The return of {quarterly_return.period.label} is not with the national team (it is: "
            f"{quarterly_return.status_words.lower()})."
        )


def check_accepted_on(submission: Submission, accepted_on: date, *, sent_on: date, today: date) -> None:
    """Raise Malformed for an acceptance before the submission or in the future."""
    if accepted_on < sent_on:
        raise Malformed(
            f"Submission {submission.number} was recorded on {long_date(sent_on)}: it was not accepted before.",
            field="accepted_on",
        )
    if accepted_on > today:
        raise Malformed("This day is still to come.", field="accepted_on")


def check_can_restate(quarterly_return: QuarterlyReturn) -> None:
    """Raise NothingToRestate unless the return was accepted."""
    if quarterly_return.status != ReturnStatus.ACCEPTED:
        raise NothingToRestate(
            f"The return of {quarterly_return.period.label} was not accepted (it is: "
            f"{quarterly_return.status_words.lower()}), so it is amended or sent back, not restated."
        )
