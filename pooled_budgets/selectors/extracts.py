"""Ledger extracts: what was uploaded, what it would post, and the rows that wait for a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from integration_hub.core.models import StagedImport
from partners.models import Organisation, User
from pooled_budgets.domain import ledger_sheet
from pooled_budgets.domain.ledger_sheet import Portion, Row, Sorted, Wrong
from pooled_budgets.models import Fund, LedgerCode, ParkedRow
from pooled_budgets.selectors import ledger

EXTRACT = "pooled_budgets.ledger"


@dataclass(frozen=True)
class LineChange:
    """What an extract adds to one line: so many rows, pounds before, with them, and after."""

    words: str
    rows: int
    before: Decimal | None
    amount: Decimal
    after: Decimal


@dataclass(frozen=True)
class CodeSum:
    """A code without a line: so many rows of so many pounds, in which months."""

    code: str
    rows: int
    amount: Decimal
    first: int = 0
    last: int = 0

    @property
    def months(self) -> str:
        return f"month {self.first}" if self.first == self.last else f"months {self.first} to {self.last}"


@dataclass(frozen=True)
class Preview:
    """A staged extract ready for its page: what it would post to each line, and what would be parked."""

    staged: StagedImport
    changes: tuple[LineChange, ...]
    parked: tuple[CodeSum, ...]
    problems: tuple[Wrong, ...]
    seen: str
    rows: int
    total: Decimal
    nil: int

    @property
    def is_open(self) -> bool:
        return self.staged.status in (StagedImport.STAGED, StagedImport.REFUSED)

    @property
    def is_ready(self) -> bool:
        return self.staged.status == StagedImport.STAGED

    @property
    def is_confirmed(self) -> bool:
        return self.staged.status == StagedImport.CONFIRMED


def extracts(user: User) -> QuerySet[StagedImport]:
    """The extracts that the person's partners uploaded, newest first, without the bytes and rows of their files."""
    partners = Organisation.objects.acted_for_by(user).values(as_text=Cast("pk", TextField()))
    rows = StagedImport.objects.filter(kind=EXTRACT, owner_id__in=partners)
    return rows.defer("content", "rows").order_by("-uploaded_at", "pk")


def extracts_of(fund: Fund, user: User) -> QuerySet[StagedImport]:
    """The extracts of one fund."""
    return extracts(user).filter(target_id=str(fund.pk))


def codes_of(fund: Fund) -> dict[str, UUID | None]:
    """Which line each code of the keeper's ledger belongs to, in small letters; None where it stands at several."""
    found: dict[str, UUID | None] = {}
    rows = LedgerCode.objects.filter(line__scheme__fund=fund, organisation=fund.owner_id)
    for code, line in rows.values_list("code", "line"):
        key = code.strip().casefold()
        found[key] = None if key in found and found[key] != line else line
    return found


def portions_of(staged: StagedImport) -> tuple[Portion, ...]:
    """The rows of an extract by code and month, summed when it was read."""
    if not staged.changes:
        # It was staged before the sums were kept.
        return ledger_sheet.portions(map(Row.from_list, staged.rows))
    return tuple(map(Portion.from_list, staged.changes))


def preview(staged: StagedImport, fund: Fund, user: User) -> Preview:
    """What an extract changes, worked out from the codes as they are now. Three queries whatever its size."""
    portions = portions_of(staged)
    codes = codes_of(fund)
    found = ledger_sheet.sort(portions, codes)
    return Preview(
        staged=staged,
        changes=_changes(found, fund, user),
        parked=tuple(CodeSum(code, waits.rows, waits.amount) for code, waits in found.by_code().items()),
        problems=tuple(Wrong(**kept) for kept in staged.problems),
        seen=ledger_sheet.fingerprint(codes),
        rows=sum(portion.rows + portion.nil for portion in portions),
        total=sum((portion.amount for portion in portions), Decimal("0.00")),
        nil=found.nil,
    )


def _changes(found: Sorted, fund: Fund, user: User) -> tuple[LineChange, ...]:
    sums, before = found.by_line(), _before(fund, user)
    changes = []
    for choice in ledger.lines(fund, user):
        added = sums.get(choice.line.pk)
        if added is None:
            continue
        stood = before.get(choice.line.pk)
        after = (stood or Decimal("0.00")) + added.amount
        changes.append(LineChange(choice.words, added.rows, stood, added.amount, after))
    return tuple(changes)


def _before(fund: Fund, user: User) -> dict[Any, Decimal]:
    rows = ledger.transactions(user).filter(fund=fund).order_by().values("line").annotate(sum=Sum("amount"))
    return dict(rows.values_list("line", "sum"))


def parked(fund: Fund, user: User) -> list[CodeSum]:
    """The codes of a fund's extracts that wait for a line, largest amounts first. One query."""
    rows = waiting(fund, user).order_by().values("code")
    sums = rows.annotate(
        rows=Count("pk"), amount=Sum("amount"), first=Min("period__number"), last=Max("period__number")
    )
    return sorted((CodeSum(**row) for row in sums), key=lambda found: (-abs(found.amount), found.code))


def waiting(fund: Fund, user: User) -> QuerySet[ParkedRow]:
    """The parked rows of a fund that are neither posted nor taken back."""
    return ParkedRow.objects.visible_to(user).filter(fund=fund, posted__isnull=True, taken_back_at__isnull=True)


def summary(found: Iterable[CodeSum]) -> tuple[int, Decimal]:
    """How many rows wait, and what they add up to."""
    sums = list(found)
    return sum(one.rows for one in sums), sum((one.amount for one in sums), Decimal("0.00"))
