"""The register of risks and next steps as a board's people may read it."""

from dataclasses import dataclass, field
from datetime import date

from django.shortcuts import get_object_or_404

from governance.models import Board, BoardParty
from governance.selectors import boards
from partners import permissions
from partners.models import Organisation, User, prepared_for
from partners.permissions import Permission
from programme.models import NextStep, NextStepQuerySet, Risk, RiskQuerySet


@dataclass
class BoardRegister:
    """What the page shows of one board. `may_record`: the reader may enter for one of its partners."""

    board: Board
    may_record: bool = False
    risks: list[Risk] = field(default_factory=list)
    steps: list[NextStep] = field(default_factory=list)

    @property
    def drafts(self) -> bool:
        """Whether something is not yet released."""
        return any(row.released_at is None for row in [*self.risks, *self.steps])


@dataclass(frozen=True)
class ReportRegister:
    """What the quarterly report lists: open risks and steps not yet done."""

    risks: list[Risk]
    steps: list[NextStep]


def registers(user: User) -> list[BoardRegister]:
    """Every visible board with its risks and steps, in a constant number of queries."""
    found = {board.pk: BoardRegister(board) for board in boards.visible_to(user)}
    for link in BoardParty.objects.filter(board__in=found).select_related("organisation"):
        if permissions.can(user, Permission.RISK_RECORD, organisation=link.organisation):
            found[link.board_id].may_record = True
    for risk in _risks(user):
        if risk.board_id in found:
            found[risk.board_id].risks.append(risk)
    for step in _steps(user):
        if step.board_id in found:
            found[step.board_id].steps.append(step)
    return list(found.values())


def for_board(board: Board, user: User) -> ReportRegister:
    """The open risks and coming steps of one board, as the reader may see them. Two queries."""
    return ReportRegister(
        risks=list(_risks(user).filter(board=board, status="open")),
        steps=list(_steps(user).filter(board=board, done_on__isnull=True)),
    )


def due(user: User, on: date) -> list[NextStep]:
    """The steps of the reader's own partners that have a date and are not done."""
    return _due(user)


@prepared_for
def _due(user: User) -> NextStepQuerySet:
    own = Organisation.objects.acted_for_by(user)
    return _steps(user).filter(owner__in=own, done_on__isnull=True, due_on__isnull=False).order_by("due_on", "pk")


def risk(user: User, pk: object) -> Risk:
    """A visible risk; Http404 for any other."""
    return get_object_or_404(_risks(user), pk=pk)


def step(user: User, pk: object) -> NextStep:
    """A visible next step; Http404 for any other."""
    return get_object_or_404(_steps(user), pk=pk)


def _risks(user: User) -> RiskQuerySet:
    rows = Risk.objects.visible_to(user).select_related("board", "owner")
    return rows.order_by("status", "recorded_at", "pk")


def _steps(user: User) -> NextStepQuerySet:
    rows = NextStep.objects.visible_to(user).select_related("board", "owner")
    return rows.order_by("done_on", "due_on", "recorded_at", "pk")
