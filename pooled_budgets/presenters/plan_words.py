"""The preview of a plan in words: each scheme before and after, the controls, what became of the upload."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integration_hub.core import money
from integration_hub.core.errors import HubError, Malformed
from integration_hub.core.models import StagedImport
from pooled_budgets.domain.plan_changes import ADDED, CHANGED, REMOVED, SAME, Change, Field
from pooled_budgets.domain.plan_sheet import BUDGET, KEEPER_CHANGED, LABELS, outturn_label
from pooled_budgets.domain.words import count, listed, moment
from pooled_budgets.models import PeriodLock
from pooled_budgets.presenters.position import Tie
from pooled_budgets.selectors.imports import Locks, Preview

KIND_WORDS = {ADDED: "Added", CHANGED: "Changed", REMOVED: "Removed", SAME: "No change"}
KIND_TONES = {ADDED: "good", CHANGED: "info", REMOVED: "bad", SAME: "neutral"}
STATES = {
    StagedImport.STAGED: ("To confirm", "waiting"),
    StagedImport.REFUSED: ("Cells refused", "attention"),
    StagedImport.CONFIRMED: ("Imported", "good"),
    StagedImport.UNDONE: ("Undone", "neutral"),
    StagedImport.DISCARDED: ("Discarded", "neutral"),
}
_WAITING = "waits for you to confirm or discard it. Nothing has changed yet."
_REFUSED = "cannot be imported as it is: see what is refused below. Nothing has changed."


@dataclass(frozen=True)
class FieldWords:
    """A field of a scheme in the preview: the value after, and the one before where it differs."""

    after: str
    before: str = ""
    is_refused: bool = False


@dataclass(frozen=True)
class PreviewRow:
    """One scheme in the preview's table."""

    kind_words: str
    tone: str
    number: str
    name: FieldWords
    budget: FieldWords
    outturn: FieldWords
    note: FieldWords


@dataclass(frozen=True)
class UploadRow:
    """An upload in the list: its file, when, and what became of it."""

    staged: StagedImport
    uploaded: str
    state_words: str
    tone: str


@dataclass(frozen=True)
class RefusalWords:
    """A refused upload: what is wrong, and the cell with its value and what was expected where one is to blame."""

    message: str
    address: str
    value: str
    expected: str


@dataclass(frozen=True)
class LockWords:
    """A lock in the way of an import, as the lock notice takes it."""

    what: str
    lock: PeriodLock


def locks(found: Locks, fund_name: str) -> list[LockWords]:
    """Each lock in the way of an import, in the words of every other lock."""
    return [LockWords(f"{lock.period.label} of {fund_name} is locked.", lock) for lock in found.all]


def locked_words(found: Locks) -> list[str]:
    """What cannot be imported because of the locks, one sentence each."""
    words = []
    if found.plan:
        quarters = listed([lock.period.label for lock in found.plan])
        words.append(
            f"This sheet changes schemes or budgets, and the figures of {quarters} rest on them. It cannot be imported "
            f"while {quarters} {'is' if len(found.plan) == 1 else 'are'} locked."
        )
    if found.outturns:
        words.append(
            f"The projected outturns in this sheet are those of {found.outturns.period.label}, which is locked: they "
            "cannot be imported."
        )
    return words


def replaced(found: tuple[StagedImport, StagedImport] | None) -> str:
    """That the same file was imported before and another one since, or nothing."""
    if found is None or found[0].confirmed_at is None or found[1].confirmed_at is None:
        return ""
    earlier, latest = found
    return (
        f"This file was imported on {moment(found[0].confirmed_at)} by {earlier.confirmed_by_name}, and replaced "
        f"since: {latest.confirmed_by_name} imported {latest.filename} on {moment(found[1].confirmed_at)}."
    )


def uploads(found: Iterable[StagedImport]) -> list[UploadRow]:
    """The uploads of a fund as their list shows them."""
    return [UploadRow(staged, moment(staged.uploaded_at), *STATES[staged.status]) for staged in found]


def refused_words(preview: Preview) -> str:
    """ "1 cell", or what stands in the way where no cell is to blame."""
    cells, others = len(preview.correctable), len(preview.obstacles)
    parts = [count(cells, "cell", "cells")] if cells else []
    return " and ".join([*parts, count(others, "scheme", "schemes")] if others else parts)


def rows(preview: Preview) -> list[PreviewRow]:
    """The schemes of the sheet in its order, with those that would go."""
    refused = {(problem.row_name, problem.column) for problem in preview.problems}
    outturn = outturn_label(preview.sheet.quarter) if preview.sheet.quarter else ""
    return [_row(change, refused, outturn) for change in preview.changes]


def ties(preview: Preview, fund_total: Decimal | None) -> list[Tie]:
    """Whether each column ties to the sheet's own total, and the budgets to the fund's."""
    found = []
    for control in preview.checked.controls:
        is_budget = control.column == BUDGET
        label = LABELS[BUDGET] if is_budget else outturn_label(preview.sheet.quarter or 1)
        if control.printed is None:
            found.append(
                Tie(f"{label}: {money.pounds(control.added)}. The sheet has no total to check it against.", False)
            )
        elif not control.is_readable:
            found.append(
                Tie(
                    f"{label}: {money.pounds(control.added)} without the refused cells; the sheet's total is "
                    f"{money.pounds(control.printed)}, {_gap(control.printed - control.added)}.",
                    False,
                )
            )
        elif control.ties:
            found.append(Tie(f"{label}: {money.pounds(control.added)}, which ties to the sheet's total.", True))
        else:
            found.append(
                Tie(
                    f"{label}: {money.pounds(control.added)}; the sheet's total is {money.pounds(control.printed)}, "
                    f"{_gap(control.printed - control.added)}.",
                    False,
                )
            )
    return [*found, _fund_tie(preview, fund_total)] if fund_total is not None else found


def outturn_choice(preview: Preview) -> str:
    """The label of the choice to record the sheet's outturns."""
    number = count(preview.outturns, "projected outturn", "projected outturns")
    return f"Record the {number} at quarter {preview.sheet.quarter} too"


def outturn_hint(preview: Preview, owner: str) -> str:
    return (
        f"They go into the monitoring grid as a draft that only {owner} sees until it is released. Take the tick out "
        "to import the plan alone and enter the outturns in the grid."
    )


def fate(staged: StagedImport) -> str:
    """What became of an upload, in one sentence without its subject."""
    if staged.status == StagedImport.CONFIRMED and staged.confirmed_at:
        return f"was imported by {staged.confirmed_by_name} on {moment(staged.confirmed_at)}."
    if staged.status == StagedImport.UNDONE and staged.undone_at:
        return f"was imported, and undone by {staged.undone_by_name} on {moment(staged.undone_at)}."
    ended = next((row["message"] for row in staged.problems if row["code"] == KEEPER_CHANGED), "")
    if staged.status == StagedImport.DISCARDED and ended:
        return f"was put away, and nothing of it was imported. {ended}"
    words = {StagedImport.STAGED: _WAITING, StagedImport.REFUSED: _REFUSED}
    return words.get(staged.status, "was discarded. Nothing of it was imported.")


def refusal(error: HubError) -> RefusalWords:
    """A refused upload with the cell that is to blame, where there is one."""
    problems: Sequence[dict[str, Any]] = error.problems if isinstance(error, Malformed) else ()
    problem = problems[0] if problems else {}
    cell = problem.get("cell", "")
    return RefusalWords(
        error.message,
        address=f"{problem['sheet']}!{cell}" if cell else "",
        value=problem.get("value", ""),
        expected=problem.get("expected", ""),
    )


def _row(change: Change, refused: set[tuple[str, str]], outturn: str) -> PreviewRow:
    whose = f"Scheme {change.number}: {change.name}"
    is_refused = {column for row, column in refused if row == whose}
    kind = change.kind
    return PreviewRow(
        kind_words=KIND_WORDS[kind],
        tone=KIND_TONES[kind],
        number=change.number,
        name=_field(change.field("name"), kind, refused=False),
        budget=_field(change.field("budget"), kind, refused=LABELS[BUDGET] in is_refused),
        outturn=_field(change.field("outturn"), kind, refused=outturn in is_refused),
        note=_field(change.field("note"), kind, refused=False),
    )


def _field(field: Field | None, kind: str, *, refused: bool) -> FieldWords:
    if field is None:
        return FieldWords("")
    if refused:
        return FieldWords("refused", before=field.before if kind == CHANGED else "", is_refused=True)
    if kind == REMOVED:
        return FieldWords("", before=field.before)
    return FieldWords(field.after, before=field.before if kind == CHANGED and field.is_changed else "")


def _fund_tie(preview: Preview, total: Decimal) -> Tie:
    amounts = [scheme.budget for scheme in preview.checked.schemes if scheme.budget is not None]
    unallocated = total - money.total(amounts)
    if unallocated == 0:
        return Tie(f"The plan ties to the fund's total of {money.pounds(total)}; nothing is left.", True)
    if unallocated > 0:
        return Tie(
            f"{money.pounds(unallocated)} of the fund's total of {money.pounds(total)} stays unallocated.", False
        )
    return Tie(f"The plan is {money.pounds(-unallocated)} more than the fund's total of {money.pounds(total)}.", False)


def _gap(difference: Decimal) -> str:
    return f"{money.pounds(abs(difference))} {'more' if difference > 0 else 'less'}"
