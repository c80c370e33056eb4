"""Risks and next steps: entered by a programme officer, a partner's own until released to the board."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from governance.models import Board
from governance.selectors import boards
from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from programme.models import NextStep, Risk

Row = TypeVar("Row", Risk, NextStep)


@dataclass(frozen=True)
class RiskWords:
    """What a person enters of a risk."""

    text: str
    response: str = ""
    held_by: str = ""
    status: str = "open"


@dataclass(frozen=True)
class StepWords:
    """What a person enters of a next step."""

    text: str
    held_by: str = ""
    due_on: date | None = None
    done_on: date | None = None


@service
def add_risk(*, board_id: UUID | str, words: RiskWords, illustrative: bool = False, by: User, at: datetime) -> Risk:
    """Enter a risk of a board for the partner that the person acts for. A draft until released."""
    board = _board(board_id, by)
    owner = permissions.acting_for(by, Permission.RISK_RECORD, among=boards.parties(board))
    risk = Risk(board=board, owner=owner, illustrative=illustrative, at=at.date(), **vars(words))
    risk.save(force_insert=True)
    audit.record("risk.added", target=risk, by=by, partner=owner, at=at, after=vars(words))
    return risk


@service
def add_step(*, board_id: UUID | str, words: StepWords, illustrative: bool = False, by: User, at: datetime) -> NextStep:
    """Enter a next step of a board for the partner that the person acts for. A draft until released."""
    board = _board(board_id, by)
    owner = permissions.acting_for(by, Permission.RISK_RECORD, among=boards.parties(board))
    step = NextStep(board=board, owner=owner, illustrative=illustrative, at=at.date(), **vars(words))
    step.save(force_insert=True)
    audit.record("next_step.added", target=step, by=by, partner=owner, at=at, after=vars(words))
    return step


@service
def change_risk(*, risk_id: UUID | str, words: RiskWords, seen: RiskWords, by: User, at: datetime) -> Risk:
    """Change a risk. `seen` is what the form showed: a field that both changed is refused with both values."""
    risk = Risk.objects.visible_to(by).select_for_update(of=("self",)).select_related("owner").get(pk=risk_id)
    return _change(risk, vars(words), vars(seen), kind="risk.changed", by=by, at=at)


@service
def change_step(*, step_id: UUID | str, words: StepWords, seen: StepWords, by: User, at: datetime) -> NextStep:
    """Change a next step; as change_risk."""
    step = NextStep.objects.visible_to(by).select_for_update(of=("self",)).select_related("owner").get(pk=step_id)
    return _change(step, vars(words), vars(seen), kind="next_step.changed", by=by, at=at)


@service
def release(*, board_id: UUID | str, by: User, at: datetime) -> int:
    """Release the person's partner's drafts of a board to its partners; returns how many."""
    board = _board(board_id, by)
    owner = permissions.acting_for(by, Permission.RISK_RECORD, among=boards.parties(board))
    drafts = [
        *Risk.objects.select_for_update().filter(board=board, owner=owner, released_at__isnull=True),
        *NextStep.objects.select_for_update().filter(board=board, owner=owner, released_at__isnull=True),
    ]
    for draft in drafts:
        draft.released_at = at
        draft.save(update_fields=["released_at"])
    if drafts:
        audit.record(
            "register.released", target=board, by=by, partner=owner, at=at, after={"rows": [str(row) for row in drafts]}
        )
    return len(drafts)


def _board(board_id: UUID | str, by: User) -> Board:
    """The board, held: while somebody writes to it nobody follows one of its partners, nor the other way round."""
    return Board.objects.visible_to(by).select_for_update(of=("self",), no_key=True).get(pk=board_id)


def _change(row: Row, words: dict[str, object], seen: dict[str, object], *, kind: str, by: User, at: datetime) -> Row:
    permissions.require(by, Permission.RISK_RECORD, organisation=row.owner)
    before = {name: getattr(row, name) for name in words}
    for name, value in words.items():
        if before[name] not in (seen[name], value) and value != seen[name]:
            raise ChangedMeanwhile(
                f"Somebody changed this while you wrote: it now reads “{before[name]}”, yours reads “{value}”. "
                "Nothing was saved. Make it right and save again.",
                field=name,
            )
    changed = {name: value for name, value in words.items() if value != seen[name] and value != before[name]}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    audit.record(
        kind,
        target=row,
        by=by,
        partner=row.owner,
        at=at,
        before={name: before[name] for name in changed},
        after=changed,
    )
    return row
