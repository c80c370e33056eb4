"""The answers of a return: many saved at once or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from bcf_metrics import policies
from bcf_metrics.domain import answers
from bcf_metrics.domain.answers import Cell, Wanted
from bcf_metrics.domain.status import EventKind
from bcf_metrics.models import QuarterlyReturn, ReturnAnswer
from bcf_metrics.selectors import content, returns
from bcf_metrics.services import events, sections
from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile, HubError, Malformed
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.domain.entries import is_conflict, is_wanted
from pooled_budgets.domain.words import moment


@dataclass(frozen=True)
class Conflict:
    """An answer that two people changed."""

    key: str
    words: str


class AnswersChanged(ChangedMeanwhile):
    """Somebody else changed the same answers after they were shown; `conflicts` has both values of each."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(
            "Somebody else changed what you changed, so nothing was saved. "
            + " ".join(conflict.words for conflict in conflicts)
            + " Check the values and save again.",
            field=conflicts[0].key,
        )
        self.conflicts = tuple(conflicts)


class NoSuchField(HubError):
    """The return has no such field now, or it is filled in by the Hub."""

    code = "no_such_field"


@service
def record(*, return_id: UUID, wanted: Sequence[Wanted], by: User, at: datetime) -> tuple[str, ...]:
    """Save answers of a return by their keys, all or none; answers with the keys that changed.

    Raises UnderSignOff, NoSuchField, AnswersChanged, Malformed.
    """
    held = returns.locked(by, return_id)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.parties)
    policies.check_open(quarterly_return, held.newest, signatories=[party.name for party in held.parties])

    today = timezone.localdate(at)
    draft = content.draft(quarterly_return, by, on=today, parties=held.parties)
    cells = {cell.key: cell for cell in (*draft.cells, *draft.reasons) if cell.is_typed}
    now = {key: cell.code for key, cell in cells.items()}
    unknown = [answer.key for answer in wanted if answer.key not in now]
    if unknown:
        raise NoSuchField(
            f"The return has no field {unknown[0]} to fill in any more: the fund's plan or the layout changed. "
            "Nothing was saved. Load the page again.",
        )
    _check_conflicts(wanted, now, cells, quarterly_return.pk)
    changed = [answer for answer in wanted if is_wanted(answer.value, answer.seen, now[answer.key])]
    problems = [(answer.key, _problem(answer, cells, today)) for answer in changed]
    if any(words for _, words in problems):
        raise Malformed(
            "Nothing was saved. " + " ".join(words for _, words in problems if words),
            problems=[{"field": key, "code": "malformed", "message": words} for key, words in problems if words],
        )
    if not changed:
        return ()
    _write(changed, quarterly_return, partner, by=by, at=at)
    events.write(held, EventKind.CHANGED, by=by, at=at, partner=partner)
    sections.recheck(held, by=by, at=at, partner=partner, why="An answer was changed.")
    audit.record(
        "return.answered",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        before={answer.key: now[answer.key] for answer in changed},
        after={answer.key: answer.value for answer in changed},
    )
    return tuple(answer.key for answer in changed)


def _write(
    changed: Sequence[Wanted], quarterly_return: QuarterlyReturn, partner: Organisation, *, by: User, at: datetime
) -> None:
    """The answers in a constant number of queries, however many they are."""
    wanted = {answer.key: answer.value for answer in changed}
    kept = list(ReturnAnswer.objects.filter(quarterly_return=quarterly_return, field__in=list(wanted)))
    given = {"owner": partner, "entered_by": by, "entered_at": at}
    for row in kept:
        row.value = wanted.pop(row.field)
        for name, value in given.items():
            setattr(row, name, value)
    ReturnAnswer.objects.bulk_update(kept, ["value", *given])
    ReturnAnswer.objects.bulk_create(
        ReturnAnswer(quarterly_return=quarterly_return, field=key, value=value, **given)
        for key, value in wanted.items()
    )


def _check_conflicts(wanted: Sequence[Wanted], now: dict[str, str], cells: dict[str, Cell], return_id: UUID) -> None:
    clashing = [answer for answer in wanted if is_conflict(answer.value, answer.seen, now[answer.key])]
    if not clashing:
        return
    rows = ReturnAnswer.objects.filter(
        quarterly_return=return_id, field__in=[answer.key for answer in clashing]
    ).select_related("entered_by")
    writers = {row.field: row for row in rows}
    found = []
    for answer in clashing:
        cell, writer = cells[answer.key], writers.get(answer.key)
        saved = f"{writer.entered_by} saved" if writer else "there is now"
        when = f" on {moment(writer.entered_at)}" if writer else ""
        found.append(
            Conflict(
                answer.key,
                f"{cell.entry.label}: you saw {_shown(cell, answer.seen or '')}; {saved} "
                f"{_shown(cell, now[answer.key])}{when}; you entered {_shown(cell, answer.value)}.",
            )
        )
    raise AnswersChanged(found)


def _shown(cell: Cell, code: str) -> str:
    words = answers.words(cell.field, code)
    short = words if len(words) <= 200 else f"{words[:200]}…"
    return f"“{short}”" if short else "nothing"


def _problem(answer: Wanted, cells: dict[str, Cell], today: date) -> str:
    cell = cells[answer.key]
    words = answers.problem(cell, answer.value, on=today)
    return f"{cell.entry.label}: {words}" if words else ""
