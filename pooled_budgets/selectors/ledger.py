"""Postings and commitments as the reader may see them, and what the postings of a line add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.http import Http404

from partners.models import User, known, prepared_for
from pooled_budgets.models import Commitment, Fund, Scheme, SchemeLine, Transaction

PAGE, LAST_ROW = 50, 2**31 - 1
# Newest first; what one extract brought, by its day in the ledger and then as it stood in the file.
ORDER = ("-entered_at", "-at", "row", "-id")


@dataclass(frozen=True)
class LineChoice:
    """A budget line as a form offers it: "7. Home care", with its place where the scheme has several lines."""

    line: SchemeLine
    words: str


@dataclass(frozen=True)
class Wanted:
    """Which postings a list shows; an empty field does not look."""

    line: UUID | None = None
    month: str = ""
    kind: str = ""
    text: str = ""


@dataclass(frozen=True)
class Page:
    """Some postings, newest first, and the key from which the next page goes on ("" on the last)."""

    rows: tuple[Transaction, ...]
    next_key: str


def lines(fund: Fund, user: User) -> list[LineChoice]:
    """The fund's budget lines in the order of the plan. One query."""
    rows: list[SchemeLine] = _lines(user, fund=fund.pk)
    several = {row.scheme_id for row in rows if row.position > 1}
    return [
        LineChoice(
            row,
            f"{row.scheme.number}. {row.scheme.name}" + (f", line {row.position}" if row.scheme_id in several else ""),
        )
        for row in rows
    ]


@prepared_for
def _lines(user: User, *, fund: UUID) -> QuerySet[SchemeLine]:
    return (
        SchemeLine.objects.filter(scheme__in=known(user, Scheme.objects.visible_to), scheme__fund=fund)
        .select_related("scheme")
        .only("position", "budget", "state", "scheme__number", "scheme__name")
        .order_by("scheme__position", "scheme__number", "position")
    )


def transactions(user: User) -> QuerySet[Transaction]:
    """The postings that the person may read, newest first."""
    return (
        Transaction.objects.visible_to(user)
        .select_related("line__scheme", "period", "entered_by", "owner", "reversed_by")
        .order_by(*ORDER)
    )


def page(fund: Fund, user: User, wanted: Wanted, key: str) -> Page:
    """One page of a fund's postings from a key on: as quick for the last page as for the first. One query."""
    if wanted == Wanted() and not key:
        return _page_of(_newest(user, fund=fund.pk))
    rows = transactions(user).filter(fund=fund)
    if wanted.line:
        rows = rows.filter(line=wanted.line)
    if wanted.month:
        rows = rows.filter(period__number=wanted.month)
    if wanted.kind == "reversal":
        rows = rows.filter(reverses__isnull=False)
    elif wanted.kind:
        rows = rows.filter(kind=wanted.kind, reverses__isnull=True)
    if wanted.text:
        rows = rows.filter(Q(description__icontains=wanted.text) | Q(reference__icontains=wanted.text))
    if key:
        entered_at, at, row, pk = _read_key(key)
        later = Q(at__lt=at) | Q(at=at, row__gt=row) | Q(at=at, row=row, id__lt=pk)
        # The first of the conditions lets the index begin where the page does.
        rows = rows.filter(Q(entered_at__lt=entered_at) | later, entered_at__lte=entered_at)
    return _page_of(list(rows[: PAGE + 1]))


@prepared_for
def _newest(user: User, *, fund: UUID) -> QuerySet[Transaction]:
    return transactions(user).filter(fund=fund)[: PAGE + 1]


def _page_of(found: list[Transaction]) -> Page:
    """As many rows as a page has, and whether one more is there."""
    more = len(found) > PAGE
    last = found[PAGE - 1] if more else None
    return Page(tuple(found[:PAGE]), _key(last) if last else "")


def _key(row: Transaction) -> str:
    return f"{row.entered_at.isoformat()}~{row.at}~{row.row}~{row.pk}"


def _read_key(key: str) -> tuple[datetime, date, int, UUID]:
    """The place in the list that a link names; raises Http404 for anything that no link of ours has."""
    try:
        moment, at, row, pk = key.split("~")
        place = datetime.fromisoformat(moment), date.fromisoformat(at), int(row), UUID(pk)
        if place[0].tzinfo is None or not 0 <= place[2] <= LAST_ROW:
            raise ValueError(key)
        return place
    except ValueError as error:
        raise Http404("There is no such page.") from error


def spent(fund: Fund, user: User) -> Decimal | None:
    """What the postings that the reader sees add up to; None where there are none. One query."""
    found: list[Decimal] = _spent(user, fund=fund.pk)
    return found[0] if found else None


@prepared_for
def _spent(user: User, *, fund: UUID) -> QuerySet[Transaction, Any]:
    rows = Transaction.objects.visible_to(user).filter(fund=fund).order_by().values("fund")
    return rows.annotate(sum=Sum("amount")).values_list("sum", flat=True)


def by_line_and_month(fund: Fund, user: User) -> dict[tuple[UUID, int], Decimal]:
    """What was posted to each line in each month (1 to 13), in pounds; no entry where nothing was. One query."""
    return {(line, month): amount for line, month, amount in _sums(user, fund=fund.pk)}


@prepared_for
def _sums(user: User, *, fund: UUID) -> QuerySet[Transaction, tuple[Any, ...]]:
    return (
        Transaction.objects.visible_to(user)
        .filter(fund=fund)
        .order_by()
        .values_list("line", "period__number")
        .annotate(sum=Sum("amount"))
    )


def commitments(user: User) -> QuerySet[Commitment]:
    """The commitments that the person may read: open ones first, by the month in which they fall due."""
    return (
        Commitment.objects.visible_to(user)
        .select_related("line__scheme__fund", "due", "entered_by")
        .order_by("-closed_at", "due__number", "supplier", "pk")
    )


def commitments_of(fund: Fund, user: User) -> list[Commitment]:
    """A fund's commitments, open ones first. One query."""
    rows = commitments(user).filter(line__scheme__fund=fund)
    return sorted(rows, key=lambda row: (row.closed_at is not None, row.due.number, row.supplier))


def open_total(rows: Iterable[Commitment]) -> Decimal:
    """What is promised and still to be paid, in pounds."""
    return sum((row.open_value for row in rows if row.closed_at is None), Decimal("0.00"))


def none() -> QuerySet[Transaction]:
    """What the API's description is made from: no row of anybody."""
    return Transaction.objects.none()
