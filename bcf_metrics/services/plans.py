"""Metric plans: what a fund's partners aim at for each metric."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from bcf_metrics import policies
from bcf_metrics.domain import numbers
from bcf_metrics.domain.progress import Basis, Better, ProgressError, check_profile, profile_from_cumulative
from bcf_metrics.models import MetricDefinition, MetricPlan
from bcf_metrics.selectors import returns
from integration_hub.core import audit
from integration_hub.core.errors import HubError, Malformed
from integration_hub.core.services import service
from integration_hub.core.states import TargetState
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.models import Fund


class NoSuchMetric(HubError):
    """The fund's policy year has no metric with the code."""

    code = "no_such_metric"
    http_status = 400


@service
def set(
    *,
    fund: Fund,
    owner: Organisation,
    code: str,
    name: str = "",
    unit: str = "",
    basis: str = "",
    better: str = "",
    target: Decimal | None = None,
    target_period: str = "",
    baseline: Decimal | None = None,
    baseline_period: str = "",
    profile: Sequence[Decimal] = (),
    rationale: str = "",
    illustrative: bool = False,
    released: bool = True,
    by: User | None,
    at: datetime,
    system: str = "",
) -> MetricPlan:
    """Set what the partners aim at for one metric of the fund's policy year (`code`), in the metric's unit.

    Name, unit, basis and direction are the definition's unless given. Without a target it is not yet defined.
    `profile` is where the year should stand at the end of each quarter. `owner` enters the figures. Setting the same
    metric and name again changes it. `by` holds the right for `owner`; only set-up passes None and `system`.
    Raises NoSuchMetric, Malformed for a profile that misses its target, UnderSignOff while a return is being signed.
    """
    held = Fund.objects.select_for_update(of=("self",), no_key=True).select_related("agreement").get(pk=fund.pk)
    if by is not None:
        permissions.require(by, Permission.FIGURE_RECORD, organisation=owner)
    signing = returns.with_signatories(held)
    if signing is not None:
        policies.check_open(
            signing.quarterly_return, signing.newest, signatories=[party.name for party in signing.parties]
        )

    metric = _metric(held, code)
    wanted = {
        "unit": unit or metric.unit,
        "basis": basis or metric.basis,
        "better": better,
        "target": target,
        "target_state": TargetState.NOT_YET_DEFINED if target is None else TargetState.SET,
        "target_period": target_period,
        "baseline": baseline,
        "baseline_period": baseline_period,
        "profile": [numbers.plain(end) for end in profile],
        "rationale": rationale,
        "illustrative": illustrative,
    }
    _check(wanted, profile)
    plan = MetricPlan.objects.filter(fund=held, metric=metric, name=name or metric.name).first()
    before = {} if plan is None else {field: getattr(plan, field) for field in wanted}
    if plan is None:
        plan = MetricPlan(
            fund=held,
            owner=owner,
            metric=metric,
            name=name or metric.name,
            position=held.metric_plans.count() + 1,
            released_at=at if released else None,
        )
    elif plan.owner_id != owner.pk:
        raise Malformed(
            f"{plan.name} is entered by {plan.owner}, not by {owner}.",
            problems=[{"field": "owner", "code": "other_owner", "message": f"Its owner is {plan.owner}."}],
        )
    for field, value in wanted.items():
        setattr(plan, field, value)
    plan.save()
    audit.record(
        "metric_plan.set",
        target=plan,
        by=by,
        at=at,
        partner=owner,
        system=system,
        before=before,
        after={"metric": code, **wanted},
    )
    return plan


def _metric(fund: Fund, code: str) -> MetricDefinition:
    metric = MetricDefinition.objects.filter(
        policy_year__financial_year=fund.financial_year, policy_year__loaded=True, code=code
    ).first()
    if metric is None:
        raise NoSuchMetric(
            f"The policy of {fund.year.label} has no metric {code}. Use one of its codes, or load the policy year.",
            field="code",
        )
    return metric


def _check(wanted: Mapping[str, object], profile: Sequence[Decimal]) -> None:
    """Raise Malformed for words that the columns do not know, numbers below 0, and a profile that misses its target."""
    problems = []
    if wanted["basis"] not in {*Basis}:
        problems.append(("basis", "unknown_basis", f"Use one of {', '.join(Basis)}."))
    if wanted["better"] not in {"", *Better}:
        problems.append(("better", "unknown_direction", f"Use one of {', '.join(Better)}, or leave it out."))
    for field in ("target", "baseline"):
        number = wanted[field]
        if isinstance(number, Decimal):
            try:
                numbers.check(number)
            except numbers.NumberError as error:
                problems.append((field, error.code, error.message))
    if profile and not problems:
        target = wanted["target"]
        try:
            check_profile(
                profile_from_cumulative(profile),
                target=target if isinstance(target, Decimal) else None,
                basis=Basis(str(wanted["basis"])),
            )
        except ProgressError as error:
            problems.append((error.field, error.code, error.message))
    if problems:
        raise Malformed(
            " ".join(message for _, _, message in problems),
            problems=[{"field": field, "code": code, "message": message} for field, code, message in problems],
        )
