"""A metric's target and trajectory, changed by the partner that enters its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.shortcuts import get_object_or_404

from bcf_metrics.domain.numbers import plain
from bcf_metrics.models import MetricPlan
from bcf_metrics.selectors import figures
from bcf_metrics.services import plans
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.domain.entries import is_conflict, is_wanted
from pooled_budgets.services.locking import hold_fund

FIELDS = {
    "target": "target",
    "target_period": "period of the target",
    "baseline": "baseline",
    "baseline_period": "period of the baseline",
    "profile": "trajectory",
    "rationale": "rationale",
}
SEPARATOR = " / "


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What the partners aim at. `profile` is where the year should stand at the end of each quarter, or nothing."""

    target: Decimal | None = None
    target_period: str = ""
    baseline: Decimal | None = None
    baseline_period: str = ""
    profile: tuple[Decimal, ...] = ()
    rationale: str = ""

    def codes(self) -> dict[str, str]:
        """Each field as one exact text, which a form carries as the value that was seen."""
        return {
            "target": plain(self.target),
            "target_period": self.target_period,
            "baseline": plain(self.baseline),
            "baseline_period": self.baseline_period,
            "profile": SEPARATOR.join(plain(end) for end in self.profile),
            "rationale": self.rationale,
        }


def aim_of(plan: MetricPlan) -> Aim:
    """What a plan says now."""
    return Aim(
        target=plan.target,
        target_period=plan.target_period,
        baseline=plan.baseline,
        baseline_period=plan.baseline_period,
        profile=tuple(Decimal(end) for end in plan.profile),
        rationale=plan.rationale,
    )


@service
def change(*, plan_id: UUID, aim: Aim, seen: Mapping[str, str], by: User, at: datetime) -> MetricPlan:
    """Change what was changed on the page that showed `seen`; plans.set checks, keeps and records it.

    Raises ChangedMeanwhile where somebody else changed the same, Malformed without a rationale.
    """
    found = get_object_or_404(figures.plans_visible_to(by), pk=plan_id)
    held = hold_fund(found.fund_id, by=by)
    plan = get_object_or_404(figures.plans_visible_to(by), pk=plan_id)
    permissions.require(by, Permission.FIGURE_RECORD, organisation=plan.owner)
    if not aim.rationale.strip():
        message = "Say why the partners aim at this: the rationale is empty."
        raise Malformed(message, problems=[{"field": "rationale", "code": "reason_missing", "message": message}])

    now, new = aim_of(plan), aim.codes()
    stands = now.codes()
    _check_conflicts(new, seen, stands)
    merged = {
        field: getattr(aim if is_wanted(new[field], seen.get(field), stands[field]) else now, field) for field in FIELDS
    }
    if Aim(**merged).codes() == stands:
        return plan
    return plans.set(
        fund=held,
        owner=plan.owner,
        code=plan.metric.code,
        name=plan.name,
        unit=plan.unit,
        basis=plan.basis,
        better=plan.better,
        illustrative=plan.illustrative,
        by=by,
        at=at,
        **merged,
    )


def _check_conflicts(new: Mapping[str, str], seen: Mapping[str, str], stands: Mapping[str, str]) -> None:
    for field, words in FIELDS.items():
        if is_conflict(new[field], seen.get(field), stands[field]):
            raise ChangedMeanwhile(
                f"Somebody else changed the {words} after you saw it, so nothing was saved: you saw "
                f"{seen.get(field) or 'nothing'}, now there is {stands[field] or 'nothing'}, and you entered "
                f"{new[field] or 'nothing'}. Check it and save again.",
                field=field,
            )
