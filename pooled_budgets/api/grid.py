"""The monitoring grid by the API: each budget line by month, with its profile, actual and forecast."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from integration_hub.core import money
from pooled_budgets.api.common import person
from pooled_budgets.models import Fund
from pooled_budgets.selectors import funds
from pooled_budgets.selectors import grid as selectors
from pooled_budgets.selectors.grid import Figures, LineFigures


class MonthOut(serializers.Serializer[Any]):
    """A month of the year: 1 is April, 12 March, 13 the adjustments after it."""

    month = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=["open", "softly_closed", "closed"])


class MonthFiguresOut(serializers.Serializer[Any]):
    """Pounds of one line in one month; null is never nil: no profile, nothing posted, nobody has said."""

    month = serializers.IntegerField()
    profile = serializers.CharField(allow_null=True)
    actual = serializers.CharField(allow_null=True)
    forecast = serializers.CharField(allow_null=True)
    counts = serializers.ChoiceField(
        choices=["actual", "forecast", "missing"], help_text="What of the month is in the outturn of the line"
    )


class GridLineOut(serializers.Serializer[Any]):
    """A budget line; `outturn` and `variance` are null while an open month has no forecast."""

    line = serializers.UUIDField()
    name = serializers.CharField()
    budget = serializers.CharField(allow_null=True)
    budget_state = serializers.CharField()
    months = MonthFiguresOut(many=True)
    outturn = serializers.CharField(allow_null=True)
    variance = serializers.CharField(allow_null=True)


class MonthGridOut(serializers.Serializer[Any]):
    """The grid of a fund's year, in pounds. `drafts` counts the forecasts that are not released to the parties."""

    financial_year = serializers.CharField()
    as_at = serializers.DateField()
    months = MonthOut(many=True)
    lines = GridLineOut(many=True)
    drafts = serializers.IntegerField()


class MonthGridView(GenericAPIView[Fund]):
    """Each line of a fund by month."""

    serializer_class = MonthGridOut
    queryset = funds.no_funds()

    def get_queryset(self) -> QuerySet[Fund]:
        return funds.funds(person(self.request))

    @extend_schema(responses=MonthGridOut)
    def get(self, request: Request, pk: UUID) -> Response:
        """Profile, actual and forecast by line and month, as far as you may read them."""
        fund, today = self.get_object(), timezone.localdate()
        found = selectors.figures(fund, person(request), on=today)
        return Response(
            {
                "financial_year": fund.year.label,
                "as_at": today,
                "months": [
                    {"month": state.period.number, "name": found.names[state.period.number], "state": state.word}
                    for state in found.months
                ],
                "lines": [_line(line, found) for line in found.lines],
                "drafts": found.drafts,
            }
        )


def _line(figures: LineFigures, found: Figures) -> dict[str, Any]:
    line = figures.line
    return {
        "line": line.key,
        "name": line.words,
        "budget": _plain(line.budget),
        "budget_state": line.budget_state,
        "months": [
            {
                "month": number,
                "profile": _plain(figures.profile.get(number)),
                "actual": _plain(figures.actual.get(number)),
                "forecast": _plain(figures.forecast.get(number)),
                "counts": figures.counts(number),
            }
            for number in (state.period.number for state in found.months)
        ],
        "outturn": _plain(line.outturn),
        "variance": _plain(line.variance),
    }


def _plain(amount: Any) -> str | None:
    return None if amount is None else money.as_plain(amount)
