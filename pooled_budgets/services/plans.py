"""Scheme plans from a sheet: staged, corrected, imported all at once, and undone as one batch."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404

from integration_hub.core import audit, money
from integration_hub.core.errors import ChangedMeanwhile, HubError, Malformed
from integration_hub.core.models import Period, StagedImport
from integration_hub.core.services import service
from integration_hub.core.spreadsheets import reader
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.plan_changes import changes_plan, compare, differences, fingerprint, obstacles, snapshot
from pooled_budgets.domain.plan_sheet import LONGEST_NOTE, Checked, PlanSheet, check, read_plan
from pooled_budgets.domain.words import listed, moment
from pooled_budgets.models import Forecast, Fund, PeriodLock, Scheme, SchemeLine
from pooled_budgets.selectors import imports, periods
from pooled_budgets.services import forecasts
from pooled_budgets.services.locking import hold_fund


class PlanChanged(ChangedMeanwhile):
    """The fund's plan is not what it was when the preview was made."""

    code = "plan_changed"


class ImportBuiltOn(HubError):
    """Something later rests on the import, so that undoing it would take the ground away."""

    code = "import_built_on"


def stage(*, fund: Fund, file: IO[bytes], filename: str, by: User, at: datetime) -> StagedImport:
    """Read an upload and keep it with what it would change; the plan itself stays as it is.

    Raises SheetRefused or PlanRefused for a file that cannot be taken, AlreadyImported for the file that stands now.
    """
    permissions.require(by, Permission.PLAN_IMPORT, organisation=fund.owner)
    # Reading may take seconds: no row is held meanwhile.
    workbook = reader.read(file, filename)
    plan = read_plan(workbook, fund=fund.name, area=fund.agreement.area.name, year=fund.year)
    file.seek(0)
    return _keep(fund=fund, plan=plan, content=file.read(), filename=filename, by=by, at=at)


@service
def _keep(*, fund: Fund, plan: PlanSheet, content: bytes, filename: str, by: User, at: datetime) -> StagedImport:
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    digest = hashlib.sha256(content).hexdigest()
    policies.check_not_what_stands(imports.latest_confirmed(held), digest)

    # The same file once more before it was confirmed: the newer preview takes the place of the older.
    StagedImport.objects.filter(
        kind=imports.PLAN,
        target_id=str(held.pk),
        content_sha256=digest,
        status__in=[StagedImport.STAGED, StagedImport.REFUSED],
    ).update(status=StagedImport.DISCARDED)
    staged = StagedImport(
        kind=imports.PLAN,
        target_type=held._meta.label_lower,
        target_id=str(held.pk),
        owner_id=str(held.owner_id),
        filename=filename[:200],
        content=content,
        content_sha256=digest,
        uploaded_by_id=str(by.pk),
        uploaded_by_name=str(by),
        uploaded_at=at,
    )
    _preview(staged, held, plan)
    staged.save(force_insert=True)
    audit.record(
        "plan.staged",
        target=staged,
        by=by,
        at=at,
        partner=held.owner,
        after={"fund": str(held), "sha256": digest, "status": staged.status, "refused_cells": _cells(staged)},
    )
    return staged


@service
def correct(*, import_id: UUID, corrections: Mapping[str, str], by: User, at: datetime) -> StagedImport:
    """Put other values in refused cells, by reference ("D13"), and check all again against the plan as it now is.

    Without corrections it only makes the preview again.
    """
    staged, held = _held(import_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    policies.check_import_open(staged)
    refused = set(_cells(staged))
    _check_corrections(corrections, refused)

    before = {problem["cell"]: problem["value"] for problem in staged.problems if problem["cell"]}
    _preview(staged, held, PlanSheet.from_rows(staged.rows).corrected(corrections))
    staged.save(update_fields=["rows", "changes", "problems", "fingerprint", "before", "status"])
    audit.record(
        "plan.corrected",
        target=staged,
        by=by,
        at=at,
        partner=held.owner,
        before=before,
        after={"corrections": dict(corrections), "refused_cells": _cells(staged)},
    )
    return staged


@service
def confirm(*, import_id: UUID, include_outturns: bool = True, by: User, at: datetime) -> StagedImport:
    """Import the whole plan or nothing of it. `include_outturns` records the sheet's projected outturns as well.

    The schemes are seen by the parties at once, as the fund is; the outturns are a draft until they are released.
    Raises PeriodLocked for other schemes or budgets while any quarter is locked: what was signed rests on the plan.
    """
    staged, held = _held(import_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    policies.check_import_open(staged)
    policies.check_import_clean(staged)
    policies.check_not_what_stands(imports.latest_confirmed(held), staged.content_sha256)
    plan = PlanSheet.from_rows(staged.rows)
    period = _period(held, plan)
    _check_unchanged(staged, held, period)

    checked = check(plan)
    is_other_plan = changes_plan(imports.standing(held, period), checked.schemes)
    if is_other_plan:
        policies.check_plan_open(held, periods.locks_in_force(held))
    entries = _entries(staged, checked) if include_outturns else []
    if entries and period is not None:
        permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
        policies.check_period_open(held, period)
    before = _remember(held, period)
    if is_other_plan:
        _apply(staged, held, checked, at=at)
    if entries and period is not None:
        forecasts.write(held, period, entries, by=by, at=at, imported_by=staged.pk)

    after = imports.standing(held, period)
    staged.before = before | {"after": fingerprint(after), "include_outturns": bool(entries)}
    staged.status, staged.confirmed_by_name, staged.confirmed_at = StagedImport.CONFIRMED, str(by), at
    staged.save(update_fields=["before", "status", "confirmed_by_name", "confirmed_at"])
    audit.record(
        "plan.imported",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        before={"plan": before["seen"]},
        after={"plan": snapshot(after), "file": staged.filename, "import": str(staged.pk), **_sums(checked, entries)},
    )
    return staged


@service
def undo(*, import_id: UUID, by: User, at: datetime) -> StagedImport:
    """Bring the plan back to what it was before the import, as one batch; raises ImportBuiltOn."""
    staged, held = _held(import_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    policies.check_import_confirmed(staged)
    period = _period(held, PlanSheet.from_rows(staged.rows))
    _check_nothing_built_on(staged, held, period)

    taken_back = snapshot(imports.standing(held, period))
    _restore(held, period, staged.before)
    staged.status, staged.undone_by_name, staged.undone_at = StagedImport.UNDONE, str(by), at
    staged.save(update_fields=["status", "undone_by_name", "undone_at"])
    audit.record(
        "plan.import_undone",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        before={"plan": taken_back, "import": str(staged.pk), "file": staged.filename},
        after={"plan": snapshot(imports.standing(held, period))},
    )
    return staged


@service
def discard(*, import_id: UUID, by: User, at: datetime) -> StagedImport:
    """Put an upload away that nobody wants to import."""
    staged, held = _held(import_id, by=by)
    permissions.require(by, Permission.PLAN_IMPORT, organisation=held.owner)
    policies.check_import_open(staged)

    staged.status = StagedImport.DISCARDED
    staged.save(update_fields=["status"])
    audit.record("plan.discarded", target=staged, by=by, at=at, partner=held.owner, after={"fund": str(held)})
    return staged


# Staging


def _held(import_id: UUID, *, by: User) -> tuple[StagedImport, Fund]:
    """The upload and its fund, both locked, the fund first as everywhere; Http404 where the person may not know."""
    target = imports.plans(by).filter(pk=import_id).values_list("target_id", flat=True).first()
    if target is None:
        raise Http404("There is no such import.")
    held = hold_fund(target, by=by)
    staged = imports.plans(by).select_for_update(of=("self",)).get(pk=import_id)
    return staged, held


def _preview(staged: StagedImport, held: Fund, plan: PlanSheet) -> None:
    """Fill in what the page shows: the sheet's cells, the changes, the refusals, and what they were set against."""
    standing = imports.standing(held, _period(held, plan))
    checked = check(plan)
    problems = [*checked.problems, *obstacles(standing, checked.schemes)]
    staged.rows = plan.as_rows()
    staged.changes = [change.as_dict() for change in compare(standing, checked.schemes)]
    staged.problems = [asdict(problem) for problem in problems]
    staged.fingerprint = fingerprint(standing)
    staged.before = {"seen": snapshot(standing)}
    staged.status = StagedImport.REFUSED if problems else StagedImport.STAGED


def _period(held: Fund, plan: PlanSheet) -> Period | None:
    """The quarter that the sheet's outturn column is for."""
    if plan.quarter is None:
        return None
    try:
        return periods.quarters(held).get(number=plan.quarter)
    except ObjectDoesNotExist as error:
        raise HubError(
            f"Quarter {plan.quarter} of {held.year.label} is not set up. Ask the operator to load the reference data.",
            code="no_such_period",
        ) from error


def _cells(staged: StagedImport) -> list[str]:
    return [problem["cell"] for problem in staged.problems if problem["cell"]]


def _check_corrections(corrections: Mapping[str, str], refused: set[str]) -> None:
    wrong = sorted(set(corrections) - refused)
    if wrong:
        raise Malformed(
            f"Only refused cells can be corrected here, and {listed(wrong)} is not refused. Correct it in the sheet "
            "and upload that.",
            code="not_refused",
            problems=[{"field": cell, "code": "not_refused", "message": f"{cell} is not refused."} for cell in wrong],
        )
    for cell, text in corrections.items():
        if len(text) > LONGEST_NOTE:
            raise Malformed(f"The value for {cell} is longer than {LONGEST_NOTE:,} characters. Shorten it.", field=cell)


# Importing


def _check_unchanged(staged: StagedImport, held: Fund, period: Period | None) -> None:
    standing = imports.standing(held, period)
    if fingerprint(standing) == staged.fingerprint:
        return
    words = "; ".join(differences(staged.before["seen"], standing)) or "its order, or what its lines say"
    raise PlanChanged(
        f"The fund's plan changed after this preview was made: {words}. Nothing was imported. Make the preview again, "
        "check it and confirm."
    )


def _entries(staged: StagedImport, checked: Checked) -> list[Entry]:
    return [
        Entry(
            number=scheme.number,
            figure=scheme.outturn,
            as_printed=scheme.as_printed[:60],
            source=f"Scheme plan {staged.filename}"[:200],
        )
        for scheme in checked.schemes
        if scheme.outturn is not None
    ]


def _apply(staged: StagedImport, held: Fund, checked: Checked, *, at: datetime) -> None:
    """Make the plan what the sheet says, every scheme added, changed or removed, in a constant number of queries."""
    left = {scheme.number: scheme for scheme in Scheme.objects.filter(fund=held)}
    lines = _first_lines(held)
    new_schemes, changed_schemes, new_lines, changed_lines = [], [], [], []
    for position, wanted in enumerate(checked.schemes, start=1):
        scheme = left.pop(wanted.number, None)
        if scheme is None:
            scheme = Scheme(
                fund=held,
                owner=held.owner,
                number=wanted.number,
                illustrative=held.illustrative,
                released_at=at,
                imported_by=staged.pk,
            )
            new_schemes.append(scheme)
        else:
            changed_schemes.append(scheme)
        scheme.position, scheme.name = position, wanted.name
        if wanted.note is not None:
            scheme.note = wanted.note
        line = lines.get(scheme.pk)
        if line is None:
            line = SchemeLine(scheme=scheme, owner=held.owner, at=held.year.starts_on, released_at=at)
            new_lines.append(line)
        elif line.is_only_one:  # type: ignore[attr-defined]  # annotated by _first_lines
            changed_lines.append(line)
        else:
            # A scheme of several lines comes here only with the budget that they add up to already.
            continue
        line.budget, line.state = wanted.budget, wanted.budget_state
    _remove(list(left.values()))
    Scheme.objects.bulk_create(new_schemes)
    Scheme.objects.bulk_update(changed_schemes, ["position", "name", "note"])
    SchemeLine.objects.bulk_create(new_lines)
    SchemeLine.objects.bulk_update(changed_lines, ["budget", "state"])


def _first_lines(held: Fund) -> dict[Any, SchemeLine]:
    """The first budget line of each scheme, which knows whether it `is_only_one`."""
    others = SchemeLine.objects.filter(scheme=OuterRef("scheme"), position__gt=OuterRef("position"))
    lines = SchemeLine.objects.filter(scheme__fund=held).annotate(is_only_one=~Exists(others)).order_by("-position")
    return {line.scheme_id: line for line in lines}


def _remove(schemes: list[Scheme]) -> None:
    SchemeLine.objects.filter(scheme__in=schemes).delete()
    Scheme.objects.filter(pk__in=[scheme.pk for scheme in schemes]).delete()


def _sums(checked: Checked, entries: list[Entry]) -> dict[str, object]:
    amounts = [scheme.budget for scheme in checked.schemes if scheme.budget is not None]
    return {"schemes": len(checked.schemes), "budget": money.as_plain(money.total(amounts)), "outturns": len(entries)}


# Undoing


def _remember(held: Fund, period: Period | None) -> dict[str, Any]:
    """Everything that the import may touch, so that it can be brought back row by row."""
    outturns = Forecast.objects.filter(scheme__fund=held, period=period, owner=held.owner)
    return {
        "seen": snapshot(imports.standing(held, period)),
        "schemes": [_kept(row) for row in Scheme.objects.filter(fund=held).order_by("position", "number")],
        "lines": [_kept(row) for row in SchemeLine.objects.filter(scheme__fund=held).order_by("scheme", "position")],
        "forecasts": [_kept(row) for row in (outturns if period else outturns.none())],
    }


def _kept(row: Scheme | SchemeLine | Forecast) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {
        name: value if isinstance(value, (str, int, bool)) or value is None else str(value)
        for name, value in values.items()
    }


def _check_nothing_built_on(staged: StagedImport, held: Fund, period: Period | None) -> None:
    reasons = _built_on(staged, held, period)
    if reasons:
        raise ImportBuiltOn(
            f"The import of {staged.filename} cannot be undone, because later work builds on it: {'; '.join(reasons)}. "
            "Nothing was changed. Import a corrected plan instead."
        )


def _built_on(staged: StagedImport, held: Fund, period: Period | None) -> list[str]:
    """What was done after the import and would lose its ground."""
    since = staged.confirmed_at
    reasons = []
    later = _later_import(held, staged)
    if later is not None and later.confirmed_at is not None:
        reasons.append(f"{later.confirmed_by_name} imported {later.filename} on {moment(later.confirmed_at)}")
    entered = (
        Forecast.objects.filter(scheme__fund=held, entered_at__gte=since)
        .exclude(imported_by=staged.pk)
        .select_related("period", "scheme", "entered_by")
        .order_by("-entered_at", "scheme__position")
        .first()
    )
    if entered is not None:
        reasons.append(
            f"{entered.entered_by} entered projected outturns at {entered.period.label} on "
            f"{moment(entered.entered_at)}, such as that of scheme {entered.scheme.number}"
        )
    released = Forecast.objects.filter(imported_by=staged.pk, released_at__gt=since).first()
    if released is not None and released.released_at is not None:
        reasons.append(f"its projected outturns were released to the partners on {moment(released.released_at)}")
    if held.virements.filter(prepared_at__gte=since).exists():
        reasons.append("virements were prepared since")
    lock = (
        PeriodLock.objects.filter(fund=held, lifted_at__isnull=True, locked_at__gte=since)
        .select_related("period")
        .first()
    )
    if lock is not None:
        reasons.append(
            f"{lock.period.label} was locked by {lock.locked_by_name} on {moment(lock.locked_at)}: {lock.reason}"
        )
    if not reasons and fingerprint(imports.standing(held, period)) != staged.before["after"]:
        reasons.append("the plan was changed since")
    return reasons


def _later_import(held: Fund, staged: StagedImport) -> StagedImport | None:
    """The latest plan of the fund confirmed after this one and not undone."""
    return (
        StagedImport.objects.filter(
            kind=imports.PLAN,
            target_id=str(held.pk),
            status=StagedImport.CONFIRMED,
            confirmed_at__gte=staged.confirmed_at,
        )
        .exclude(pk=staged.pk)
        .defer("content")
        .order_by("-confirmed_at", "-recorded_at")
        .first()
    )


def _restore(held: Fund, period: Period | None, before: Mapping[str, Any]) -> None:
    """Make the plan and the outturns of the period exactly what they were, row by row and with the same ids."""
    schemes = _Restoration(Scheme, Scheme.objects.filter(fund=held), before["schemes"])
    lines = _Restoration(SchemeLine, SchemeLine.objects.filter(scheme__fund=held), before["lines"])
    drafts = Forecast.objects.filter(scheme__fund=held, period=period, owner=held.owner)
    outturns = _Restoration(Forecast, drafts if period else Forecast.objects.none(), before["forecasts"])
    for restoration in (schemes, lines, outturns):
        restoration.bring_back()
    for restoration in (outturns, lines, schemes):
        restoration.take_away()


class _Restoration:
    """Rows of one model as they are, and as they were kept by `_kept`."""

    def __init__(self, model: type[Model], rows: QuerySet[Any], kept: Sequence[Mapping[str, Any]]) -> None:
        self.model = model
        self.now = {row.pk: row for row in rows}
        self.then = {row.pk: row for row in (self._revived(values) for values in kept)}

    def bring_back(self) -> None:
        """Add the rows that are gone, and set back those that differ."""
        fields = [field for field in self.model._meta.concrete_fields if not field.primary_key]
        gone = [row for key, row in self.then.items() if key not in self.now]
        changed = [
            row
            for key, row in self.then.items()
            if key in self.now
            and any(getattr(row, field.attname) != getattr(self.now[key], field.attname) for field in fields)
        ]
        self.model._default_manager.bulk_create(gone)
        self.model._default_manager.bulk_update(changed, [field.name for field in fields])

    def take_away(self) -> None:
        """Delete the rows that were not there."""
        self.model._default_manager.filter(pk__in=self.now.keys() - self.then.keys()).delete()

    def _revived(self, values: Mapping[str, Any]) -> Model:
        fields = {field.attname: field for field in self.model._meta.concrete_fields}
        return self.model(**{name: fields[name].to_python(value) for name, value in values.items()})
