"""Metric figures of a quarter: many saved at once or none, and released to the partners."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from bcf_metrics import policies
from bcf_metrics.domain import checks
from bcf_metrics.domain.entries import (
    FIELD_WORDS,
    NOTHING,
    NOTHING_CODES,
    Conflict,
    Entered,
    Problem,
    merged,
    problems,
    shown,
)
from bcf_metrics.models import MetricFigure, MetricPlan
from bcf_metrics.selectors import figures, returns
from bcf_metrics.selectors.checks import thresholds_of
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import sections
from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.models import Period
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.domain.entries import is_conflict, is_wanted
from pooled_budgets.domain.words import moment
from pooled_budgets.models import Fund
from pooled_budgets.services.locking import hold_fund


@dataclass(frozen=True)
class Entry:
    """One metric as somebody wants it. `seen` has the code of each field that the person was shown; None does not look.

    `has_figure` False leaves the figure itself as it is: it was left empty where none was recorded.
    """

    plan_id: UUID
    entered: Entered
    seen: Mapping[str, str] | None = None
    has_figure: bool = True

    def codes(self) -> dict[str, str]:
        codes = self.entered.codes()
        return codes if self.has_figure else codes | {"figure": ""}


class FiguresChanged(ChangedMeanwhile):
    """Somebody else changed the same fields after they were shown; `conflicts` has both values of each."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(
            "Somebody else changed what you changed, so nothing was saved. "
            + " ".join(conflict.words for conflict in conflicts)
            + " Check the values and save again.",
            field=f"{conflicts[0].key}.{conflicts[0].field}",
        )
        self.conflicts = tuple(conflicts)


class FiguresMalformed(Malformed):
    """Figures that cannot be kept; `found` has the problems of each plan, by its id."""

    def __init__(self, found: Mapping[UUID, Sequence[Problem]], names: Mapping[UUID, str]) -> None:
        listed = [(plan, problem) for plan, problems_of in found.items() for problem in problems_of]
        super().__init__(
            "Nothing was saved. " + " ".join(f"{names[plan]}: {problem.message}" for plan, problem in listed),
            problems=[
                {"field": f"{plan}.{problem.field}", "code": problem.code, "message": problem.message}
                for plan, problem in listed
            ],
        )
        self.found = found


@dataclass(frozen=True)
class Saved:
    """The names of the metrics that a save changed."""

    names: tuple[str, ...]


@service
def record(*, fund: Fund, period: Period, entries: Sequence[Entry], by: User, at: datetime) -> Saved:
    """Save the figures of many metrics, all or none.

    Raises FiguresMalformed, FiguresChanged, UnderSignOff. Before release only the owner's people see them;
    afterwards a change is seen by the partners at once.
    """
    held = hold_fund(fund.pk, by=by)
    plans = _plans(held, entries, by=by)
    _require(plans, by)
    policies.check_period_of_fund(held, period)
    standing = _check_open(held, period)

    recorded: dict[UUID, MetricFigure] = {}
    for figure in MetricFigure.objects.filter(plan__in=list(plans), period=period).select_related("entered_by"):
        if figure.plan_id not in recorded or figure.owner_id == plans[figure.plan_id].owner_id:
            recorded[figure.plan_id] = figure
    changes = {entry.plan_id: _changed(entry, recorded.get(entry.plan_id)) for entry in entries}
    _check_conflicts(entries, plans, recorded)
    _check_shape(entries, changes, plans, recorded, at=at)

    released = _released_owners(held, period)
    rows: list[MetricFigure] = []
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for entry in entries:
        changed, plan, existing = changes[entry.plan_id], plans[entry.plan_id], recorded.get(entry.plan_id)
        if not changed:
            continue
        was = _codes(existing)
        row = _of(plan, existing) or MetricFigure(
            plan=plan,
            period=period,
            owner=plan.owner,
            at=period.ends_on,
            released_at=at if plan.owner_id in released else None,
        )
        now = merged(entry.entered, _entered(existing), changed)
        _put(row, now, by=by, at=at)
        rows.append(row)
        before[plan.name] = {field: was[field] for field in sorted(changed)}
        after[plan.name] = {field: now.codes()[field] for field in sorted(changed)}
    _write(rows)
    if after:
        audit.record(
            "figures.recorded",
            target=held,
            by=by,
            at=at,
            partner=next(iter(plans.values())).owner,
            before={"period": period.label, **before},
            after={"period": period.label, **after},
        )
        _recheck(standing, next(iter(plans.values())).owner, by=by, at=at, what="changed")
    return Saved(tuple(after))


@service
def release(*, fund: Fund, period: Period, by: User, at: datetime) -> int:
    """Let the parties to the agreement and its board see the figures of a quarter; answers how many were drafts.

    It releases the drafts of the partners for which the person enters figures, and no other partner's.
    """
    held = hold_fund(fund.pk, by=by)
    owners = _owners(held, by)
    policies.check_period_of_fund(held, period)
    standing = _check_open(held, period)

    drafts = MetricFigure.objects.filter(
        plan__fund=held, period=period, owner__in=owners, released_at__isnull=True
    ).order_by("plan__position", "plan__name")
    names = list(drafts.values_list("plan__name", flat=True))
    if not names:
        raise policies.NothingToRelease(
            f"There is no draft figure of {period.label} to release: enter the figures first, or all of them are "
            "released already."
        )
    drafts.order_by().update(released_at=at)
    audit.record(
        "figures.released",
        target=held,
        by=by,
        at=at,
        partner=owners[0],
        after={"period": period.label, "metrics": names},
    )
    _recheck(standing, owners[0], by=by, at=at, what="released")
    return len(names)


def _plans(fund: Fund, entries: Sequence[Entry], *, by: User) -> dict[UUID, MetricPlan]:
    """The plans that the rows are about; Http404 for one that the person may not know of, Malformed for one twice."""
    wanted = [entry.plan_id for entry in entries]
    rows = figures.plans_visible_to(by).filter(fund=fund, pk__in=wanted).select_related("metric__policy_year")
    found = {plan.pk: plan for plan in rows}
    if set(wanted) - set(found):
        raise Http404("There is no such metric in the fund.")
    twice = [found[plan].name for plan in found if wanted.count(plan) > 1]
    if twice:
        raise Malformed(f"{twice[0]} is there more than once. Nothing was saved. Send each metric once.")
    return found


def _require(plans: Mapping[UUID, MetricPlan], by: User) -> None:
    for plan in plans.values():
        permissions.require(by, Permission.FIGURE_RECORD, organisation=plan.owner)


def _owners(fund: Fund, by: User) -> list[Organisation]:
    """The partners with metrics in the fund for which the person enters figures; PermissionDenied for none."""
    owners = list(Organisation.objects.filter(pk__in=MetricPlan.objects.filter(fund=fund).values("owner")))
    held = [owner for owner in owners if permissions.can(by, Permission.FIGURE_RECORD, organisation=owner)]
    if not held:
        names = ", ".join(str(owner) for owner in owners) or "any partner"
        raise PermissionDenied(f"{Permission.FIGURE_RECORD.words}: this needs a role that you do not hold in {names}.")
    return held


def _check_open(fund: Fund, period: Period) -> Standing | None:
    standing = returns.of_fund(fund, period)
    if standing is not None:
        policies.check_open(
            standing.quarterly_return, standing.newest, signatories=[party.name for party in standing.parties]
        )
    return standing


def _recheck(standing: Standing | None, partner: Organisation, *, by: User, at: datetime, what: str) -> None:
    """What was said to be ready of the quarter's return is not, where it shows something else now."""
    if standing is not None:
        sections.recheck(standing, by=by, at=at, partner=partner, why=f"Metric figures were {what}.")


def _of(plan: MetricPlan, existing: MetricFigure | None) -> MetricFigure | None:
    """The row to write: the owner's own, or a new one over a predecessor's, which stays as it was released."""
    if existing is None or existing.owner_id == plan.owner_id:
        return existing
    values = {field.attname: getattr(existing, field.attname) for field in MetricFigure._meta.concrete_fields}
    kept = {name: value for name, value in values.items() if name not in ("id", "owner_id", "recorded_at")}
    return MetricFigure(owner=plan.owner, **kept)


def _released_owners(fund: Fund, period: Period) -> frozenset[Any]:
    """What is entered after release is meant for all: there is no second draft beside released figures."""
    rows = MetricFigure.objects.filter(plan__fund=fund, period=period, released_at__isnull=False)
    return frozenset(rows.order_by().values_list("owner", flat=True).distinct())


def _entered(figure: MetricFigure | None) -> Entered:
    return figures.entered_of(figure) if figure else NOTHING


def _codes(figure: MetricFigure | None) -> dict[str, str]:
    return figures.entered_of(figure).codes() if figure else NOTHING_CODES


def _changed(entry: Entry, existing: MetricFigure | None) -> frozenset[str]:
    """The fields that the person means to change and that differ from what stands there."""
    now, new, seen = _codes(existing), entry.codes(), entry.seen or {}
    return frozenset(field for field in FIELD_WORDS if is_wanted(new[field], seen.get(field), now[field]))


def _check_conflicts(
    entries: Sequence[Entry], plans: Mapping[UUID, MetricPlan], recorded: Mapping[UUID, MetricFigure]
) -> None:
    found = []
    for entry in entries:
        existing = recorded.get(entry.plan_id)
        now, new, seen = _codes(existing), entry.codes(), entry.seen or {}
        for field, field_words in FIELD_WORDS.items():
            if is_conflict(new[field], seen.get(field), now[field]):
                found.append(
                    Conflict(
                        key=str(entry.plan_id),
                        name=plans[entry.plan_id].name,
                        field=field,
                        field_words=field_words,
                        seen=shown(field, seen.get(field, "")),
                        now=shown(field, now[field]),
                        yours=shown(field, new[field]),
                        changed_by=str(existing.entered_by) if existing else "somebody",
                        changed_when=moment(existing.entered_at) if existing else "",
                    )
                )
    if found:
        raise FiguresChanged(found)


def _check_shape(
    entries: Sequence[Entry],
    changes: Mapping[UUID, frozenset[str]],
    plans: Mapping[UUID, MetricPlan],
    recorded: Mapping[UUID, MetricFigure],
    *,
    at: datetime,
) -> None:
    found = {}
    for entry in entries:
        changed = changes[entry.plan_id]
        if not changed:
            continue
        now = merged(entry.entered, _entered(recorded.get(entry.plan_id)), changed)
        plan = plans[entry.plan_id]
        wrong = list(problems(now, changed=changed, places=plan.metric.precision, on=timezone.localdate(at)))
        if not wrong and changed & {"figure", "numerator", "denominator"}:
            wrong = list(_impossible(plan, now))
        if wrong:
            found[entry.plan_id] = wrong
    if found:
        raise FiguresMalformed(found, {key: plan.name for key, plan in plans.items()})


def _write(rows: Sequence[MetricFigure]) -> None:
    """Two queries at most, however many there are."""
    MetricFigure.objects.bulk_create([row for row in rows if row._state.adding])
    kept = [row for row in rows if not row._state.adding]
    fields = ["value", "state", "available_on", *(set(FIELD_WORDS) - {"figure"}), "entered_by", "entered_at"]
    MetricFigure.objects.bulk_update(kept, fields)


def _impossible(plan: MetricPlan, now: Entered) -> Iterator[Problem]:
    return checks.impossible(
        number=now.figure.counted,
        numerator=now.numerator,
        denominator=now.denominator,
        is_share=checks.is_share(unit=plan.unit, multiplier=plan.metric.multiplier),
        unit=plan.unit,
        thresholds=thresholds_of(plan.metric.policy_year.details, plan.metric.code),
    )


def _put(row: MetricFigure, now: Entered, *, by: User, at: datetime) -> None:
    row.value = now.figure.counted
    row.state = str(now.figure.state)
    row.available_on = now.figure.until
    for field in FIELD_WORDS:
        if field != "figure":
            setattr(row, field, getattr(now, field))
    row.entered_by, row.entered_at = by, at
