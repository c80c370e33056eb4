"""Uploaded scheme plans, for the people of the partner that uploaded them, and the plan that they are set against."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, TextField
from django.db.models.functions import Cast

from integration_hub.core.models import Period, StagedImport
from partners.models import Organisation, User
from pooled_budgets.domain import scheme_fields
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.plan_changes import ADDED, CHANGED, REMOVED, SAME, Change, Standing, changes_plan
from pooled_budgets.domain.plan_sheet import Checked, PlanSheet, Problem, check
from pooled_budgets.domain.position import budget_of
from pooled_budgets.domain.words import count
from pooled_budgets.models import (
    Commitment,
    Forecast,
    Fund,
    LedgerCode,
    PeriodLock,
    ProfileMonth,
    Scheme,
    SchemeLine,
    Transaction,
    Virement,
)
from pooled_budgets.models.virement import APPROVED
from pooled_budgets.selectors import periods

PLAN = "pooled_budgets.plan"
PROFILED = "profiled month"


@dataclass(frozen=True)
class Preview:
    """A staged plan ready for its page: what it would change, what is refused, and how it ties."""

    staged: StagedImport
    sheet: PlanSheet
    checked: Checked
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[str, int]:
        return {kind: sum(change.kind == kind for change in self.changes) for kind in (ADDED, CHANGED, REMOVED, SAME)}

    @property
    def correctable(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_correctable)

    @property
    def obstacles(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if not problem.is_correctable)

    @property
    def outturns(self) -> int:
        """How many projected outturns the sheet has."""
        return sum(scheme.outturn is not None for scheme in self.checked.schemes)

    @property
    def is_open(self) -> bool:
        return self.staged.status in (StagedImport.STAGED, StagedImport.REFUSED)

    @property
    def is_ready(self) -> bool:
        """Whether it can be confirmed as it is."""
        return self.staged.status == StagedImport.STAGED

    @property
    def is_confirmed(self) -> bool:
        return self.staged.status == StagedImport.CONFIRMED

    @property
    def summary(self) -> str:
        """ "7 schemes added, 1 removed"."""
        verbs = {ADDED: "added", CHANGED: "changed", REMOVED: "removed", SAME: "unchanged"}
        parts = [
            f"{count(number, 'scheme', 'schemes')} {verbs[kind]}" for kind, number in self.counts.items() if number
        ]
        return ", ".join(parts) or "no scheme"


def plans(user: User) -> QuerySet[StagedImport]:
    """The plans that the person's partners uploaded, newest first, without the bytes of their files."""
    # Ids are text in core.
    partners = Organisation.objects.acted_for_by(user).values(as_text=Cast("pk", TextField()))
    return StagedImport.objects.filter(kind=PLAN, owner_id__in=partners).defer("content").order_by("-uploaded_at", "pk")


def no_plans() -> QuerySet[StagedImport]:
    """What the API's description is made from: no row of anybody."""
    return StagedImport.objects.none()


def plans_of(fund: Fund, user: User) -> QuerySet[StagedImport]:
    """The uploads for one fund."""
    return plans(user).filter(target_id=str(fund.pk))


def preview(staged: StagedImport) -> Preview:
    """What is kept of an upload, in shape for its page or the API. No query."""
    sheet = PlanSheet.from_rows(staged.rows)
    return Preview(
        staged=staged,
        sheet=sheet,
        checked=check(sheet),
        changes=tuple(Change.from_dict(row) for row in staged.changes),
        problems=tuple(Problem(**row) for row in staged.problems),
    )


@dataclass(frozen=True)
class Locks:
    """What keeps an upload from being imported: locks on quarters while it would change the plan, or outturns."""

    plan: tuple[PeriodLock, ...] = ()
    outturns: PeriodLock | None = None

    @property
    def all(self) -> tuple[PeriodLock, ...]:
        return self.plan or ((self.outturns,) if self.outturns else ())


def locks_on(fund: Fund, preview: Preview) -> Locks:
    """The locks in force that an open upload would come up against. One query, and four more where there are any."""
    in_force = periods.locks_in_force(fund) if preview.is_open else []
    if not in_force:
        return Locks()
    is_other_plan = changes_plan(standing(fund, None), preview.checked.schemes)
    quarter = preview.sheet.quarter if preview.outturns else None
    return Locks(
        plan=tuple(in_force) if is_other_plan else (),
        outturns=next((lock for lock in in_force if lock.period.number == quarter), None),
    )


def latest_confirmed(fund: Fund) -> StagedImport | None:
    """The fund's latest import that was not undone: what stands now."""
    return _confirmed(fund).first()


def replaced_before(fund: Fund, staged: StagedImport) -> tuple[StagedImport, StagedImport] | None:
    """The latest import of the very same bytes with what took its place since, for an upload that still waits."""
    earlier = _confirmed(fund).filter(content_sha256=staged.content_sha256).first()
    latest = latest_confirmed(fund)
    if earlier is None or latest is None or earlier == latest:
        return None
    return earlier, latest


def _confirmed(fund: Fund) -> QuerySet[StagedImport]:
    return (
        StagedImport.objects.filter(kind=PLAN, target_id=str(fund.pk), status=StagedImport.CONFIRMED)
        .defer("content")
        .order_by("-confirmed_at", "-recorded_at")
    )


def standing(fund: Fund, period: Period | None) -> list[Standing]:
    """The fund's plan as it stands, with the owner's outturns at a period. Eight queries whatever its size.

    It asks nobody's rights: for services that hold the fund and have asked already.
    """
    schemes = list(Scheme.objects.filter(fund=fund).order_by("position", "number"))
    lines = _lines(schemes)
    outturns = _outturns(fund, period)
    held, moved = _held(fund), _moved(fund)
    return [
        _standing(
            scheme,
            lines[scheme.pk],
            outturns.get(scheme.pk, ""),
            (*held.get(scheme.pk, ()), *(["virements"] if scheme.pk in moved else [])),
            moved=moved.get(scheme.pk, False),
        )
        for scheme in schemes
    ]


def _lines(schemes: Sequence[Scheme]) -> dict[Any, list[SchemeLine]]:
    by_scheme: dict[Any, list[SchemeLine]] = {scheme.pk: [] for scheme in schemes}
    for line in SchemeLine.objects.filter(scheme__in=list(by_scheme)).order_by("position"):
        by_scheme[line.scheme_id].append(line)
    return by_scheme


def _outturns(fund: Fund, period: Period | None) -> dict[Any, str]:
    if period is None:
        return {}
    rows = Forecast.objects.of_keeper().filter(scheme__fund=fund, period=period)
    return {
        row.scheme_id: Figure(row.amount, row.state, row.available_on).code
        for row in rows.only("scheme", "amount", "state", "available_on")
    }


def _held(fund: Fund) -> dict[Any, tuple[str, ...]]:
    """What keeps each scheme from being removed, in words."""
    held: dict[Any, tuple[str, ...]] = {}
    figures = Forecast.objects.filter(scheme__fund=fund).order_by().values("scheme").annotate(number=Count("pk"))
    for scheme, number in figures.values_list("scheme", "number"):
        held[scheme] = (count(number, "projected outturn", "projected outturns"),)
    codes = LedgerCode.objects.filter(line__scheme__fund=fund).values("line__scheme").annotate(number=Count("pk"))
    for scheme, number in codes.values_list("line__scheme", "number"):
        held[scheme] = (*held.get(scheme, ()), count(number, "ledger code", "ledger codes"))
    for model, one, many in (
        (Transaction, "posting", "postings"),
        (Commitment, "commitment", "commitments"),
        (ProfileMonth, PROFILED, f"{PROFILED}s"),
    ):
        rows = model._default_manager.filter(line__scheme__fund=fund).order_by().values("line__scheme")
        for scheme, number in rows.annotate(number=Count("pk")).values_list("line__scheme", "number"):
            held[scheme] = (*held.get(scheme, ()), count(number, one, many))
    return held


def _moved(fund: Fund) -> dict[Any, bool]:
    """The schemes that virements name, prepared ones too, with whether one was approved. One query."""
    rows = Virement.objects.filter(fund=fund).order_by().values_list("from_line__scheme", "to_line__scheme", "status")
    moved: dict[Any, bool] = {}
    for source, target, status in rows:
        for scheme in (source, target):
            moved[scheme] = moved.get(scheme, False) or status == APPROVED
    return moved


def _standing(
    scheme: Scheme, lines: Sequence[SchemeLine], outturn: str, holds: tuple[str, ...], *, moved: bool
) -> Standing:
    budget, state = budget_of([(line.budget, line.state) for line in lines])
    return Standing(
        number=scheme.number,
        name=scheme.name,
        note=scheme.note,
        position=scheme.position,
        budget=budget,
        budget_state=state,
        lines=max(len(lines), 1),
        outturn=outturn,
        holds=holds,
        moved=moved,
        details=_details(lines, holds),
    )


def _details(lines: Sequence[SchemeLine], holds: Sequence[str]) -> str:
    """What the lines of a scheme say beside their budgets, and whether they are profiled; "" where nothing."""
    said = [
        f"{line.position} {name} {value}"
        for line in lines
        for name in ("funding_id", *scheme_fields.LABELS)
        if (value := getattr(line, name)) not in (None, "")
    ]
    return "|".join([*said, *(words for words in holds if PROFILED in words)])
