"""When a year's policy may be worked on and published. Each refusal says who, since when, why, and who can lift it."""

from collections.abc import Sequence
from datetime import date

from bcf_metrics.domain.words import listed
from bcf_metrics.models import LayoutVersion, PolicyDraft, PolicyVersion, PolicyYear, QuarterlyReturn
from integration_hub.core.errors import ChangedMeanwhile, HubError
from integration_hub.core.quarters import FinancialYear
from partners.models import User
from pooled_budgets.domain.words import count, moment


class DraftExists(HubError):
    """There is one working copy of a year."""

    code = "draft_exists"


class PublisherEdited(HubError):
    """Whoever changed something in a working copy does not publish it."""

    code = "publisher_edited"
    http_status = 403


class NothingToPublish(HubError):
    """The working copy says what is published already."""

    code = "nothing_to_publish"


class MetricInUse(HubError):
    """Partners plan with a metric that is to go."""

    code = "metric_in_use"


class NothingNewer(HubError):
    """The return has the newest versions already."""

    code = "nothing_newer"


class AnswersWouldBeLost(HubError):
    """The newer layout has no place for something that was answered."""

    code = "answers_would_be_lost"


class NotWhole(HubError):
    """The working copy has a tab that asks nothing, or a signatory of a tab that is not there."""

    code = "policy_not_whole"


class OutsideYear(HubError):
    """A day on which no quarter of the year can begin to differ."""

    code = "outside_year"


def check_keeps_answers(quarterly_return: QuarterlyReturn, lost: Sequence[str]) -> None:
    """Raise AnswersWouldBeLost where a newer layout or policy has no place for what was answered."""
    if lost:
        raise AnswersWouldBeLost(
            f"The newer layout has no place for {count(len(lost), 'answer', 'answers')} of the return of "
            f"{quarterly_return.period.label}: {listed(list(lost))}. Nothing was moved. Keep the return as it was "
            "opened, or empty these first.",
            who_can_lift="whoever prepares the return, by emptying them; or an operator, by putting them back",
        )


def check_whole(empty_tabs: Sequence[str], unknown_sheets: Sequence[str]) -> None:
    """Raise NotWhole where a tab asks nothing, or a signatory vouches for a tab that the layout does not have."""
    problems = [f"The tab {title} asks nothing: add a field to it, or take it out." for title in empty_tabs]
    problems += [f"{words}, which is no tab of the layout." for words in unknown_sheets]
    if problems:
        raise NotWhole(f"Nothing was published. {' '.join(problems)}", who_can_lift="an operator, in the working copy")


def check_effective(year: PolicyYear, effective_on: date | None) -> None:
    """Raise OutsideYear for a day that is not in the financial year."""
    if effective_on is not None and FinancialYear.containing(effective_on).start != year.financial_year:
        raise OutsideYear(
            f"An addendum of {year.label} holds from a day in that year. Nothing was published. Correct the day, or "
            "leave it empty.",
            field="effective_on",
        )


def check_no_draft(draft: PolicyDraft | None) -> None:
    """Raise DraftExists where somebody works on the year already."""
    if draft is not None:
        raise DraftExists(
            f"There is a working copy of {draft.policy_year} already: {editors_words(draft)} since "
            f"{moment(draft.begun_at)}. Work on that one, or discard it first.",
            who_can_lift="an operator, by publishing or discarding it",
        )


def check_publisher(draft: PolicyDraft, person: User) -> None:
    """Raise PublisherEdited for whoever changed something in the working copy."""
    if str(person.pk) in {editor["id"] for editor in draft.editors}:
        raise PublisherEdited(
            f"You began this working copy of {draft.policy_year} or changed something in it, so somebody else has to "
            "read and publish it. Nothing was published.",
            who_can_lift="another operator",
        )


def check_base(draft: PolicyDraft, policy: PolicyVersion | None, layout: LayoutVersion | None) -> None:
    """Raise ChangedMeanwhile where another version was published after the working copy was begun."""
    for mine, newest in ((draft.policy_version_id, policy), (draft.layout_version_id, layout)):
        if newest is not None and newest.pk != mine:
            raise ChangedMeanwhile(
                f"Version {newest.number} of {newest} was published on {moment(newest.published_at)}, after this "
                "working copy was begun. Nothing was published. Discard the copy and begin it again.",
                who_can_lift="an operator, by beginning the working copy again",
            )


def check_changed(draft: PolicyDraft, changes: Sequence[object]) -> None:
    """Raise NothingToPublish where the working copy differs in nothing."""
    if not changes:
        raise NothingToPublish(
            f"The working copy of {draft.policy_year} says what is published already. Change something first."
        )


def check_unused(names: Sequence[str]) -> None:
    """Raise MetricInUse where partners have plans for a metric that the working copy leaves out."""
    if names:
        raise MetricInUse(
            f"Partners plan with {listed(list(names))}, so it cannot be left out in this year. Nothing was published. "
            "Put it back into the working copy.",
            who_can_lift="an operator, by adding it to the working copy again",
        )


def check_newer(quarterly_return: QuarterlyReturn, *, newer: bool) -> None:
    """Raise NothingNewer unless a version was published after the one that the return has."""
    if not newer:
        raise NothingNewer(
            f"The return of {quarterly_return.period.label} has the newest layout and policy of its year already."
        )


def editors_words(draft: PolicyDraft) -> str:
    """Who worked on it."""
    return listed([editor["name"] for editor in draft.editors])
