"""Settlements of a fund's year by the API, as they were frozen."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from pooled_budgets.api.common import person
from pooled_budgets.models import Settlement
from pooled_budgets.selectors import settlement as selectors


class SettlementOut(serializers.ModelSerializer[Settlement]):
    """One settlement; `content` holds the statements, the invoice lines and the memorandum account, money as text."""

    status = serializers.SerializerMethodField()
    approved_by = serializers.SerializerMethodField()
    approved_on = serializers.SerializerMethodField()
    allowed_by = serializers.SerializerMethodField()
    content = serializers.SerializerMethodField()

    class Meta:
        model = Settlement
        fields = (
            *("id", "fund", "number", "status", "replaces", "reason", "sha256", "prepared_by_name", "prepared_at"),
            *("approved_by", "approved_on", "allowed_by", "content"),
        )

    def get_status(self, row: Settlement) -> str:
        return "approved" if selectors.approval_of(row) else "prepared"

    def get_approved_by(self, row: Settlement) -> str | None:
        approval = selectors.approval_of(row)
        return approval.approved_by_name if approval else None

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_approved_on(self, row: Settlement) -> str | None:
        approval = selectors.approval_of(row)
        return approval.on.isoformat() if approval else None

    def get_allowed_by(self, row: Settlement) -> str | None:
        approval = selectors.approval_of(row)
        return str(approval.authority) if approval else None

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_content(self, row: Settlement) -> Any:
        return row.content


class SettlementViewSet(ReadOnlyModelViewSet[Settlement]):
    """The settlements that you may read, newest first."""

    serializer_class = SettlementOut
    filterset_fields = {"fund": ["exact"], "number": ["exact"]}
    queryset = selectors.none()

    def get_queryset(self) -> QuerySet[Settlement]:
        return selectors.settlements(person(self.request))
