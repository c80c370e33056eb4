"""An open return moved to the layout and the conditions that were published after it was opened."""

from datetime import datetime
from uuid import UUID

from django.http import Http404

from bcf_metrics import policies, policies_of_years
from bcf_metrics.domain.status import EventKind
from bcf_metrics.models import QuarterlyReturn
from bcf_metrics.selectors import policy as selectors
from bcf_metrics.selectors import returns
from bcf_metrics.services import events, policy_rows
from integration_hub.core import audit, reasons
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.services.locking import hold_fund

ASK = "Say why the return is moved to the newer layout and conditions."


@service
def move(*, return_id: UUID, reason: str, by: User, at: datetime) -> QuarterlyReturn:
    """Move a return that can still be changed to the newest versions of its year; its answers stay where they are.

    Raises UnderSignOff, NothingNewer, ReasonMissing, AnswersWouldBeLost.
    """
    fund = returns.visible_to(by).filter(pk=return_id).values_list("fund", flat=True).first()
    if fund is None:
        raise Http404("There is no such return.")
    hold_fund(fund, by=by)
    held = returns.locked(by, return_id)
    found = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.parties)
    policies.check_open(found, held.newest, signatories=[party.name for party in held.parties])
    words = reasons.given(reason, ask=ASK)
    policies_of_years.check_newer(found, newer=selectors.newer(found) is not None)

    before = _said(found)
    year, ends_on = found.policy_year, found.period.ends_on
    policy, layout = (
        policy_rows.newest_policy(year, ends_on=ends_on),
        policy_rows.newest_layout(year.template, ends_on=ends_on),
    )
    policies_of_years.check_keeps_answers(found, selectors.losses(found, policy, layout))
    found.policy_version = policy
    if year.template is not None:
        found.template, found.layout_version = year.template, layout
    found.save(update_fields=["policy_version", "template", "layout_version"])
    events.write(held, EventKind.CHANGED, by=by, at=at, partner=partner, reason=f"Moved to {_words(found)}: {words}")
    audit.record(
        "return.moved_to_version",
        target=found,
        by=by,
        at=at,
        partner=partner,
        before=before,
        after=_said(found),
        reason=words,
    )
    return found


def _said(found: QuarterlyReturn) -> dict[str, int | str | None]:
    policy, layout = found.policy_version, found.layout_version
    return {
        "policy": policy.number if policy else None,
        "layout": layout.number if layout else None,
        "template": found.template.code,
    }


def _words(found: QuarterlyReturn) -> str:
    policy, layout = found.policy_version, found.layout_version
    said = [f"version {policy.number} of the policy"] if policy else []
    return " and ".join([*said, *([f"version {layout.number} of the layout"] if layout else [])])
