"""The recurrent virements of the year before, and what a fund has made of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from partners.models import User
from pooled_budgets.models import Fund, RecurrentAnswer, Virement
from pooled_budgets.models.virement import APPROVED, REJECTED, VirementQuerySet
from pooled_budgets.selectors import funds, virements
from pooled_budgets.selectors.virements import LineRow


@dataclass(frozen=True)
class Proposal:
    """A recurrent virement of the year before with this year's lines of the same numbers; None where there are none.

    `answer` is what the fund has made of it, None while that is open; `prepared` its virement, where the reader may
    see that.
    """

    virement: Virement
    source: LineRow | None
    target: LineRow | None
    answer: RecurrentAnswer | None
    prepared: Virement | None = None


def recurrent(fund: Fund, user: User) -> VirementQuerySet:
    """The approved recurrent virements of the same fund in the year before, oldest first.

    It is the fund of the same agreement, keeper and name; one that has no namesake is proposed to each of the year.
    """
    past = funds.funds(user).filter(
        agreement=fund.agreement_id, owner=fund.owner_id, financial_year=fund.financial_year - 1
    )
    return (
        virements.virements(user)
        .filter(fund__in=past.order_by().values("pk"), status=APPROVED, recurrent=True)
        .filter(Q(fund__name=fund.name) | ~Exists(_namesakes()))
        .order_by("decided_at", "number", "pk")
    )


def _namesakes() -> QuerySet[Fund]:
    """Of a virement: the funds of the year after that are called as its own."""
    return Fund.objects.filter(
        agreement=OuterRef("fund__agreement"),
        owner=OuterRef("fund__owner"),
        financial_year=OuterRef("fund__financial_year") + 1,
        name=OuterRef("fund__name"),
    )


def open_proposals(fund: Fund, user: User) -> VirementQuerySet:
    """Those that nobody has answered for the fund yet, or whose virement of this year was rejected."""
    return recurrent(fund, user).exclude(Exists(_standing().filter(recurrent=OuterRef("pk"), fund=fund)))


def proposals(fund: Fund, user: User) -> list[Proposal]:
    """Each with this year's lines and what was made of it. Five queries, however many there are."""
    rows = list(recurrent(fund, user))
    if not rows:
        return []
    answers = {row.recurrent_id: row for row in _standing().filter(recurrent__in=rows, fund=fund)}
    lines = {(row.line.scheme.number, row.line.position): row for row in virements.lines(fund, user)}
    seen = virements.of_fund(fund, user).in_bulk([row.prepared_id for row in answers.values() if row.prepared_id])
    found = []
    for row in rows:
        answer = answers.get(row.pk)
        prepared = seen.get(answer.prepared_id) if answer and answer.prepared_id else None
        source, target = lines.get(_place(row.from_line)), lines.get(_place(row.to_line))
        found.append(Proposal(row, source, target, answer, prepared))
    return found


def proposal(fund: Fund, user: User, pk: UUID) -> Proposal:
    """One of them, answered or not; Http404 for any other."""
    row = get_object_or_404(recurrent(fund, user), pk=pk)
    return next(found for found in proposals(fund, user) if found.virement == row)


def to_answer(user: User) -> VirementQuerySet:
    """Of the fund around it: the recurrent virements of the year before that nobody has answered, oldest first."""
    return (
        Virement.objects.visible_to(user)
        .filter(
            fund__agreement=OuterRef("agreement"),
            fund__owner=OuterRef("owner"),
            fund__financial_year=OuterRef("financial_year") - 1,
            status=APPROVED,
            recurrent=True,
        )
        .filter(Q(fund__name=OuterRef("name")) | ~Exists(_namesakes()))
        .exclude(Exists(_standing().filter(recurrent=OuterRef("pk"), fund=OuterRef(OuterRef("pk")))))
        .order_by("decided_at", "number", "pk")
    )


def _standing() -> QuerySet[RecurrentAnswer]:
    """The answers that hold: all but those whose virement was rejected."""
    rows = RecurrentAnswer.objects.exclude(prepared__status=REJECTED)
    return rows.select_related("entered_by", "fund")


def _place(line: Any) -> tuple[str, int]:
    return line.scheme.number, line.position
