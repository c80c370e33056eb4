"""Budget lines of schemes by the API, with the fields of the year's template and the profile by month."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from integration_hub.core import money
from pooled_budgets.api.common import person
from pooled_budgets.domain import scheme_fields
from pooled_budgets.models import SchemeLine
from pooled_budgets.selectors import schemes


class ProfileMonthOut(serializers.Serializer[Any]):
    month = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)


class SchemeLineOut(serializers.ModelSerializer[SchemeLine]):
    """A budget line, in pounds: `budget` is null where its `state` says why, `virements` what of it they moved."""

    fund = serializers.UUIDField(source="scheme.fund_id")
    scheme_no = serializers.CharField(source="scheme.number")
    ring_fence = serializers.CharField()
    virements = serializers.SerializerMethodField()
    profile = serializers.SerializerMethodField()

    class Meta:
        model = SchemeLine
        fields = [
            *("id", "fund", "scheme", "scheme_no", "position", "funding", "ring_fence", "budget", "state"),
            *("virements", "profile", *scheme_fields.LABELS, "at"),
        ]

    def get_virements(self, line: SchemeLine) -> str:
        return money.as_plain(getattr(line, "moved", None) or Decimal("0.00"))

    @extend_schema_field(ProfileMonthOut(many=True))
    def get_profile(self, line: SchemeLine) -> list[dict[str, Any]]:
        """The months from April (1) of the profile; empty where none was made."""
        return [{"month": row.period.number, "amount": money.as_plain(row.amount)} for row in line.profile.all()]


class SchemeLineFilter(django_filters.FilterSet):
    fund = django_filters.UUIDFilter(field_name="scheme__fund")
    scheme = django_filters.UUIDFilter()
    funding = django_filters.UUIDFilter()


class SchemeLineViewSet(ReadOnlyModelViewSet[SchemeLine]):
    """The budget lines of the schemes that you may read, in the order of each plan."""

    serializer_class = SchemeLineOut
    filterset_class = SchemeLineFilter
    queryset = schemes.no_lines()

    def get_queryset(self) -> QuerySet[SchemeLine]:
        return schemes.lines(person(self.request))
