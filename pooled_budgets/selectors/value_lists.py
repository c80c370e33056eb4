"""Funding streams, lists and published minima: the same for everybody."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from pooled_budgets.domain import value_lists
from pooled_budgets.domain.scheme_fields import Lists
from pooled_budgets.models import Allocation, Fund, FundingStream, ListValue


def streams(financial_year: int) -> QuerySet[FundingStream]:
    """The streams of a year in the order of its template; none where the year is not loaded."""
    return FundingStream.objects.filter(financial_year=financial_year).order_by("position")


def every_stream() -> QuerySet[FundingStream]:
    return FundingStream.objects.order_by("-financial_year", "position")


def values(financial_year: int) -> QuerySet[ListValue]:
    """The values of a year's lists, each with the scheme type that it belongs to."""
    return (
        ListValue.objects.filter(financial_year=financial_year)
        .select_related("parent")
        .order_by("kind", "parent__position", "position")
    )


def every_value() -> QuerySet[ListValue]:
    return ListValue.objects.order_by("-financial_year", "kind", "position")


def years() -> list[int]:
    """The years of which streams are loaded, newest first."""
    found = FundingStream.objects.order_by("-financial_year").values_list("financial_year", flat=True)
    return list(dict.fromkeys(found))


def lists_of(financial_year: int) -> Lists:
    """What the fields of a scheme line may hold in a year. One query."""
    plain: dict[str, list[str]] = defaultdict(list)
    of_type: dict[str, dict[str, list[str]]] = {value_lists.SUB_TYPE: {}, value_lists.UNIT: {}}
    for row in values(financial_year):
        if row.parent is None:
            plain[row.kind].append(row.name)
        else:
            of_type[row.kind].setdefault(row.parent.name, []).append(row.name)
    return Lists(plain, of_type)


def allocations(financial_year: int) -> QuerySet[Allocation]:
    """What was published for a year, the latest announcement of an area and kind first."""
    return (
        Allocation.objects.filter(financial_year=financial_year)
        .select_related("area")
        .order_by("area__name", "kind", "-known_from")
    )


def allocations_of(fund: Fund, *, on: date) -> dict[str, Decimal]:
    """The amounts that hold for a fund on a day, by kind. One query."""
    rows = Allocation.objects.filter(
        area=fund.agreement.area_id, financial_year=fund.financial_year, known_from__lte=on
    ).order_by("known_from")
    return {row.kind: row.amount for row in rows}


def stream(pk: UUID) -> FundingStream | None:
    return FundingStream.objects.filter(pk=pk).first()
