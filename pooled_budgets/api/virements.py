"""Virements by the API: read, prepared, approved within an authority, rejected."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from governance.domain.authority import Named
from integration_hub.core import money
from integration_hub.core.money import MoneyError
from pooled_budgets.api.common import person
from pooled_budgets.models import Fund, Virement
from pooled_budgets.selectors import funds
from pooled_budgets.selectors import virements as selectors
from pooled_budgets.services import virements as services


class VirementOut(serializers.ModelSerializer[Virement]):
    """Money moved from one line to another, in pounds; `decision` or `delegation` is what allowed it."""

    prepared_by = serializers.CharField(source="prepared_by.name")
    decided_by = serializers.CharField(source="decided_by.name", allow_null=True, default=None)

    class Meta:
        model = Virement
        fields = [
            *("id", "fund", "number", "from_line", "to_line", "amount", "recurrent", "reason", "effective_on"),
            *("status", "prepared_by", "prepared_at", "decided_by", "decided_on", "rejected_because"),
            *("decision", "delegation"),
        ]


class VirementIn(serializers.Serializer[Any]):
    """A virement to prepare. `recurrent`: it is proposed for next year's budgets."""

    fund = serializers.PrimaryKeyRelatedField(queryset=funds.no_funds())
    from_line = serializers.UUIDField()
    to_line = serializers.UUIDField()
    amount = serializers.CharField(max_length=40)
    recurrent = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=500)
    effective_on = serializers.DateField()

    def __init__(self, *args: Any, visible: QuerySet[Fund] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if visible is not None:
            self.fields["fund"] = serializers.PrimaryKeyRelatedField(queryset=visible)

    def validate_amount(self, text: str) -> Any:
        try:
            amount = money.parse_pounds(text)
        except MoneyError as error:
            raise serializers.ValidationError(error.message, code=error.code) from error
        if amount <= money.NIL:
            raise serializers.ValidationError("Send an amount above nil.", code="nil")
        return amount


class ApprovalIn(serializers.Serializer[Any]):
    """What allows it: "decision:<id>" or "delegation:<id>"."""

    authority = serializers.CharField(max_length=80)


class RejectionIn(serializers.Serializer[Any]):
    """Why it is rejected."""

    reason = serializers.CharField(max_length=500)


class VirementViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Virement]):
    """The virements of the funds that you may read, newest first. What was decided on never changes."""

    serializer_class = VirementOut
    filterset_fields = {"fund": ["exact"], "status": ["exact"]}
    queryset = selectors.none()

    def get_queryset(self) -> QuerySet[Virement]:
        return selectors.virements(person(self.request))

    @extend_schema(request=VirementIn, responses={201: VirementOut})
    def create(self, request: Request) -> Response:
        """Prepare a virement: no budget changes until another person approves it. 409 where the money cannot move."""
        given = VirementIn(data=request.data, visible=funds.funds(person(request)))
        given.is_valid(raise_exception=True)
        data = given.validated_data
        made = services.prepare(fund_id=data.pop("fund").pk, **data, by=person(request), at=timezone.now())
        return self._answer(made, status.HTTP_201_CREATED)

    @extend_schema(request=ApprovalIn, responses=VirementOut)
    @action(detail=True, methods=["post"], filterset_fields=None)
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """Move the money: both budgets change, or neither. 409 where the authority does not allow it."""
        virement = self.get_object()
        given = ApprovalIn(data=request.data)
        given.is_valid(raise_exception=True)
        named = Named.parse(given.validated_data["authority"])
        made = services.approve(virement_id=virement.pk, named=named, by=person(request), at=timezone.now())
        return self._answer(made, status.HTTP_200_OK)

    @extend_schema(request=RejectionIn, responses=VirementOut)
    @action(detail=True, methods=["post"], filterset_fields=None)
    def reject(self, request: Request, pk: str | None = None) -> Response:
        """Refuse it for good, with the reason."""
        virement = self.get_object()
        given = RejectionIn(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.reject(
            virement_id=virement.pk, reason=given.validated_data["reason"], by=person(request), at=timezone.now()
        )
        return self._answer(made, status.HTTP_200_OK)

    def _answer(self, made: Virement, code: int) -> Response:
        return Response(VirementOut(self.get_queryset().get(pk=made.pk)).data, status=code)
