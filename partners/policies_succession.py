"""When a succession may be agreed to, confirmed or withdrawn. Each refusal says who, when, why and who can lift it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from django.core.exceptions import PermissionDenied

from integration_hub.core.dates import long_date
from integration_hub.core.errors import ChangedMeanwhile, HubError
from integration_hub.core.models import AuditEvent
from partners.domain.succession import Problem
from partners.models import Organisation, Succession, SuccessionConsent, User


class LinesDoNotFit(HubError):
    """The lines of a succession cannot stand; the message names each."""

    code = "lines_do_not_fit"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = list(problems)


class NotADraft(HubError):
    """It was confirmed or withdrawn already."""

    code = "not_a_draft"


class NotYetDue(HubError):
    """The day from which it holds has not come."""

    code = "not_yet_due"


class NotAgreed(HubError):
    """A partner concerned has not agreed to what moves now."""

    code = "not_agreed"


class PreparedBySame(HubError):
    """Whoever prepared a succession neither agrees to it nor confirms it, whatever other roles they hold."""

    code = "prepared_by_same"
    http_status = 403


class PreviewChanged(ChangedMeanwhile):
    """Something that the succession moves changed after its preview was shown."""

    code = "preview_changed"


class Asked(Protocol):
    """A partner that has to agree."""

    @property
    def organisation(self) -> Organisation: ...
    @property
    def consent(self) -> SuccessionConsent | None: ...
    @property
    def administered(self) -> bool: ...


def check_lines(problems: Sequence[Problem]) -> None:
    """Raise LinesDoNotFit where anything stands against the lines."""
    if problems:
        raise LinesDoNotFit(problems)


def check_draft(succession: Succession, withdrawn: AuditEvent | None) -> None:
    """Raise NotADraft for one that was confirmed or withdrawn; `withdrawn` is the line that tells by whom."""
    if succession.state == Succession.CONFIRMED and succession.confirmed_at is not None:
        raise NotADraft(
            f"{succession.confirmed_by_name} confirmed this succession on "
            f"{long_date(succession.confirmed_at.date())}. A confirmed one never changes: another succession puts it "
            "right."
        )
    if succession.state == Succession.WITHDRAWN:
        who = f" by {withdrawn.actor_name} on {long_date(withdrawn.at.date())}" if withdrawn else ""
        raise NotADraft(f"This succession was withdrawn{who}. Prepare another one if it is needed.")


def check_another_person(succession: Succession, person: User) -> None:
    """Raise PreparedBySame for whoever prepared it."""
    if succession.prepared_by_id == person.pk:
        raise PreparedBySame(
            "You prepared this succession, so somebody else has to agree to it and confirm it, whatever you hold.",
            who_can_lift="another operator, or an administrator of a partner concerned",
        )


def check_concerned(organisation: Organisation, concerned: Iterable[Organisation]) -> None:
    """Raise PermissionDenied for an administrator of a partner that the succession does not concern."""
    if organisation not in list(concerned):
        raise PermissionDenied(f"This succession does not concern {organisation}.")


def check_due(succession: Succession, today: date) -> None:
    """Raise NotYetDue before the effective date: until then everything is still the predecessor's."""
    if today < succession.effective_on:
        raise NotYetDue(
            f"This succession takes effect on {long_date(succession.effective_on)}. It can be confirmed from that day; "
            "until then nothing moves.",
            field="effective_on",
        )


def check_unchanged(sha256: str, seen: str) -> None:
    """Raise PreviewChanged where the preview is not the one that was shown."""
    if sha256 != seen:
        raise PreviewChanged(
            "Something that moves changed after this preview was shown, so nothing was done. This is the new preview: "
            "read it, then send it again."
        )


def check_agreed(asked: Sequence[Asked]) -> None:
    """Raise NotAgreed, naming the partners whose administrators have not agreed to the preview as it is now."""
    without = [row.organisation.name for row in asked if not row.administered]
    if without:
        raise NotAgreed(
            f"{', '.join(without)} has people but no administrator who could agree. An administrator has to be named "
            "first.",
            who_can_lift="the operator, by naming an administrator",
        )
    missing = [row.organisation.name for row in asked if row.consent is None]
    if missing:
        names = ", ".join(missing)
        raise NotAgreed(
            f"Not agreed yet to what moves now: {names}. Nothing was moved.",
            who_can_lift=f"an administrator of {' and of '.join(missing)}, by agreeing",
        )
