"""Contributions by the API: with what is due, received and outstanding; receipts entered and amounts changed."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from governance.domain.authority import Named
from integration_hub.core import money
from integration_hub.core.dates import ENTER_PLAUSIBLE, is_plausible
from integration_hub.core.money import MoneyError
from integration_hub.core.states import AmountState
from partners import permissions
from partners.permissions import Permission
from pooled_budgets.api.common import person
from pooled_budgets.api.serializers import PartyOut
from pooled_budgets.models import FundingLine, Instalment
from pooled_budgets.selectors import contributions as selectors
from pooled_budgets.selectors import funds
from pooled_budgets.services import contributions as services


class InstalmentOut(serializers.ModelSerializer[Instalment]):
    class Meta:
        model = Instalment
        fields = ["number", "due_on", "amount"]


class StreamOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    key = serializers.CharField()
    name = serializers.CharField()


class ContributionOut(serializers.ModelSerializer[FundingLine]):
    """Money into a fund from one source, in pounds; an unknown payer or stream is null, its ring-fence "" then."""

    payer = PartyOut(allow_null=True)
    stream = StreamOut(allow_null=True)
    ring_fence = serializers.CharField()
    received = serializers.SerializerMethodField()
    outstanding = serializers.SerializerMethodField()
    late = serializers.SerializerMethodField()
    instalments = InstalmentOut(many=True)

    class Meta:
        model = FundingLine
        fields = [
            "id",
            "fund",
            "position",
            "source",
            "payer",
            "stream",
            "ring_fence",
            "form",
            "amount",
            "state",
            "received",
            "outstanding",
            "late",
            "instalments",
            "note",
            "illustrative",
            "at",
        ]

    def get_received(self, line: FundingLine) -> str:
        return money.as_plain(self._standing(line).received)

    def get_outstanding(self, line: FundingLine) -> str | None:
        """Null while the amount is not stated; below nil where more came in."""
        outstanding = self._standing(line).outstanding
        return None if outstanding is None else money.as_plain(outstanding)

    def get_late(self, line: FundingLine) -> str:
        return money.as_plain(self._standing(line).late)

    def _standing(self, line: FundingLine) -> Any:
        return selectors.with_standing(line, on=timezone.localdate()).standing


class ReceiptIn(serializers.Serializer[Any]):
    """Money that came in."""

    received_on = serializers.DateField()
    amount = serializers.CharField(max_length=40)
    reference = serializers.CharField(max_length=100)

    def validate_amount(self, text: str) -> Any:
        amount = _pounds(text)
        if amount <= money.NIL:
            raise serializers.ValidationError("Send an amount above nil. A wrong receipt is reversed.", code="nil")
        return amount

    def validate_received_on(self, day: Any) -> Any:
        return _plausible(day)


class ChangeIn(serializers.Serializer[Any]):
    """Another amount for the year. `authority` names what allows it: "decision:<id>" or "delegation:<id>".

    `seen` is the amount that was read before, or its state where there was none.
    """

    amount = serializers.CharField(max_length=40, allow_null=True, required=False, default=None)
    state = serializers.ChoiceField(choices=[state.value for state in AmountState], default="stated")
    effective_on = serializers.DateField()
    reason = serializers.CharField(max_length=300)
    authority = serializers.CharField(max_length=80)
    seen = serializers.CharField(max_length=40)

    def validate_amount(self, text: str | None) -> Any:
        return None if text is None else _pounds(text)

    def validate_effective_on(self, day: Any) -> Any:
        return _plausible(day)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["amount"] is None) is (attrs["state"] == AmountState.STATED):
            raise serializers.ValidationError(
                {"amount": ["Send an amount, or null with the state that says why there is none."]}, code="state"
            )
        return attrs


class ContributionViewSet(ReadOnlyModelViewSet[FundingLine]):
    """Money into the funds that you may read; an unknown payer is null."""

    serializer_class = ContributionOut
    filterset_fields = {"fund": ["exact"], "payer": ["exact"]}
    queryset = funds.no_funding_lines()

    def get_queryset(self) -> QuerySet[FundingLine]:
        return selectors.contributions(person(self.request))

    @extend_schema(request=ReceiptIn, responses={201: ContributionOut})
    @action(detail=True, methods=["post"])
    def receipts(self, request: Request, pk: str | None = None) -> Response:
        """Enter money that came in; 409 for a receipt that is entered already."""
        line = self._line(request)
        given = ReceiptIn(data=request.data)
        given.is_valid(raise_exception=True)
        services.receive(line_id=line.pk, **given.validated_data, by=person(request), at=timezone.now())
        return self._answer(line)

    @extend_schema(request=ChangeIn, responses={201: ContributionOut})
    @action(detail=True, methods=["post"])
    def changes(self, request: Request, pk: str | None = None) -> Response:
        """Change the amount of the year; 409 where the authority does not allow it or somebody else was faster."""
        line = self._line(request)
        given = ChangeIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        services.change(
            line_id=line.pk,
            authority_named=Named.parse(data.pop("authority")),
            **data,
            by=person(request),
            at=timezone.now(),
        )
        return self._answer(line)

    def _line(self, request: Request) -> FundingLine:
        """The contribution, or 404; 403 for whoever may not enter the fund's money."""
        line: FundingLine = self.get_object()
        permissions.require(person(request), Permission.PLAN_IMPORT, organisation=line.fund.owner)
        return line

    def _answer(self, line: FundingLine) -> Response:
        found = self.get_queryset().get(pk=line.pk)
        return Response(ContributionOut(found).data, status=status.HTTP_201_CREATED)


def _pounds(text: str) -> Any:
    try:
        return money.parse_pounds(text)
    except MoneyError as error:
        raise serializers.ValidationError(error.message, code=error.code) from error


def _plausible(day: Any) -> Any:
    if not is_plausible(day):
        raise serializers.ValidationError(ENTER_PLAUSIBLE, code="date")
    return day
