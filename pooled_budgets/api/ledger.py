"""Postings by the API: read, made one at a time, reversed."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from integration_hub.core import money
from integration_hub.core.money import MoneyError
from partners import permissions
from partners.permissions import Permission
from pooled_budgets.api.common import person
from pooled_budgets.models import Fund, Transaction
from pooled_budgets.selectors import funds, ledger, periods
from pooled_budgets.services import postings


class TransactionOut(serializers.ModelSerializer[Transaction]):
    """A posting; `amount` is pounds, below nil for income and for what is taken back."""

    scheme = serializers.UUIDField(source="line.scheme_id")
    scheme_no = serializers.CharField(source="line.scheme.number")
    month = serializers.IntegerField(source="period.number")
    financial_year = serializers.IntegerField(source="period.financial_year")
    entered_by = serializers.CharField(source="entered_by.name")

    class Meta:
        model = Transaction
        fields = [
            "id",
            "fund",
            "line",
            "scheme",
            "scheme_no",
            "financial_year",
            "month",
            "kind",
            "amount",
            "description",
            "reference",
            "at",
            "reverses",
            "reason",
            "batch",
            "entered_by",
            "entered_at",
        ]


class TransactionIn(serializers.Serializer[Any]):
    """A posting to be made. `month` is 1 (April) to 12 (March), 13 for adjustments."""

    fund = serializers.PrimaryKeyRelatedField(queryset=funds.no_funds())
    line = serializers.UUIDField()
    month = serializers.IntegerField(min_value=1, max_value=13)
    kind = serializers.ChoiceField(choices=list(Transaction.KINDS), default=Transaction.ACTUAL)
    amount = serializers.CharField(max_length=40)
    description = serializers.CharField(max_length=300)
    reference = serializers.CharField(max_length=60, required=False, default="")
    at = serializers.DateField(required=False, allow_null=True, default=None)

    def __init__(self, *args: Any, visible: QuerySet[Fund] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if visible is not None:
            self.fields["fund"] = serializers.PrimaryKeyRelatedField(queryset=visible)

    def validate_amount(self, text: str) -> Any:
        try:
            return money.parse_pounds(text, negative=True)
        except MoneyError as error:
            raise serializers.ValidationError(error.message, code=error.code) from error


class ReversalIn(serializers.Serializer[Any]):
    """Why a posting is taken back; `month` is its own unless that is closed."""

    reason = serializers.CharField(max_length=300)
    month = serializers.IntegerField(min_value=1, max_value=13, required=False, allow_null=True, default=None)


class TransactionFilter(django_filters.FilterSet):
    fund = django_filters.UUIDFilter()
    line = django_filters.UUIDFilter()
    scheme = django_filters.UUIDFilter(field_name="line__scheme")
    month = django_filters.NumberFilter(field_name="period__number")
    kind = django_filters.ChoiceFilter(choices=[*Transaction.KINDS.items()])
    batch = django_filters.UUIDFilter()


class TransactionViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Transaction]):
    """What was posted to budget lines, newest first. A posting is never changed; a wrong one is reversed."""

    serializer_class = TransactionOut
    filterset_class = TransactionFilter
    queryset = ledger.none()

    def get_queryset(self) -> QuerySet[Transaction]:
        return ledger.transactions(person(self.request))

    @extend_schema(request=TransactionIn, responses={201: TransactionOut})
    def create(self, request: Request) -> Response:
        """Post an amount to a line in a month; 409 where the month is closed."""
        given = TransactionIn(data=request.data, visible=funds.funds(person(request)))
        given.is_valid(raise_exception=True)
        data = given.validated_data
        fund = data.pop("fund")
        permissions.require(person(request), Permission.FORECAST_RECORD, organisation=fund.owner)
        month = get_object_or_404(periods.months(fund), number=data.pop("month"))
        posted = postings.post(
            fund=fund,
            month=month,
            line_id=data.pop("line"),
            true_on=data.pop("at"),
            **data,
            by=person(request),
            at=timezone.now(),
        )
        return Response(self._out(posted), status=status.HTTP_201_CREATED)

    @extend_schema(request=ReversalIn, responses={201: TransactionOut})
    @action(detail=True, methods=["post"], filterset_class=None)
    def reverse(self, request: Request, pk: str | None = None) -> Response:
        """Take a posting back by one of the opposite amount; 409 where that was done already or the month is closed."""
        posting = self.get_object()
        permissions.require(person(request), Permission.FORECAST_RECORD, organisation=posting.fund.owner)
        given = ReversalIn(data=request.data)
        given.is_valid(raise_exception=True)
        number = given.validated_data["month"]
        month = get_object_or_404(periods.months(posting.fund), number=number) if number else None
        reason = given.validated_data["reason"]
        reversal = postings.reverse(
            transaction_id=posting.pk, reason=reason, month=month, by=person(request), at=timezone.now()
        )
        return Response(self._out(reversal), status=status.HTTP_201_CREATED)

    def _out(self, posting: Transaction) -> dict[str, Any]:
        return TransactionOut(self.get_queryset().get(pk=posting.pk)).data
