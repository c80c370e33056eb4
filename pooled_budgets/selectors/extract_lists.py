"""What became of many ledger extracts at once: what they posted, what was taken back, what waits for a line."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from integration_hub.core.models import StagedImport
from integration_hub.core.money import NIL
from partners.models import User
from pooled_budgets.models import ParkedRow, Transaction
from pooled_budgets.selectors import extracts as extract_rows


@dataclass(frozen=True)
class RowSum:
    """So many rows, of so many pounds."""

    rows: int = 0
    amount: Decimal = NIL


@dataclass(frozen=True)
class ParkedCode:
    """The rows of one code that had no line: all of them, and those that still wait for one."""

    code: str
    all: RowSum
    waiting: RowSum


@dataclass(frozen=True)
class Fate:
    """What an extract posted (rows given a line later included), what was reversed, and its codes without a line."""

    posted: RowSum = RowSum()
    reversed: RowSum = RowSum()
    parked: list[ParkedCode] = field(default_factory=list)


def extracts(user: User) -> QuerySet[StagedImport]:
    """The extracts that the person's partners uploaded, newest first, without their files and rows."""
    return extract_rows.extracts(user).defer("content", "rows", "changes")


def none() -> QuerySet[StagedImport]:
    """What the API's description is made from: no row of anybody."""
    return StagedImport.objects.none()


def fates(staged: Sequence[StagedImport], user: User) -> dict[UUID, Fate]:
    """What became of each extract. Two queries, however many there are."""
    batches = [row.pk for row in staged]
    is_reversal = Q(reverses__isnull=False)
    postings = Transaction.objects.visible_to(user).filter(batch__in=batches).order_by().values("batch")
    sums = {
        row["batch"]: row
        for row in postings.annotate(
            posted=Count("pk", filter=~is_reversal),
            posted_amount=Sum("amount", filter=~is_reversal, default=NIL),
            reversed=Count("pk", filter=is_reversal),
            reversed_amount=Sum("amount", filter=is_reversal, default=NIL),
        )
    }
    parked = _parked(batches, user)
    return {
        batch: Fate(
            posted=RowSum(sums[batch]["posted"], sums[batch]["posted_amount"]) if batch in sums else RowSum(),
            reversed=RowSum(sums[batch]["reversed"], sums[batch]["reversed_amount"]) if batch in sums else RowSum(),
            parked=parked[batch],
        )
        for batch in batches
    }


def _parked(batches: Sequence[UUID], user: User) -> dict[UUID, list[ParkedCode]]:
    is_waiting = Q(posted__isnull=True, taken_back_at__isnull=True)
    rows = ParkedRow.objects.visible_to(user).filter(batch__in=batches).values("batch", "code")
    found: dict[UUID, list[ParkedCode]] = defaultdict(list)
    for row in rows.annotate(
        rows=Count("pk"),
        sum=Sum("amount"),
        waiting=Count("pk", filter=is_waiting),
        waiting_sum=Sum("amount", filter=is_waiting, default=NIL),
    ).order_by("batch", "code"):
        waiting = RowSum(row["waiting"], row["waiting_sum"])
        found[row["batch"]].append(ParkedCode(row["code"], RowSum(row["rows"], row["sum"]), waiting))
    return found
