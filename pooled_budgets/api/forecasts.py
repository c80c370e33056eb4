"""Projected outturns by the API: read, recorded one at a time with the value that was seen."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from integration_hub.core.models import Period
from partners import permissions
from partners.permissions import Permission
from pooled_budgets.api.common import person
from pooled_budgets.api.serializers import ForecastIn, ForecastNewIn, ForecastOut
from pooled_budgets.domain.entries import Entry
from pooled_budgets.models import Forecast, Scheme
from pooled_budgets.selectors import forecasts, funds, periods
from pooled_budgets.services import forecasts as services


class ForecastFilter(django_filters.FilterSet):
    fund = django_filters.UUIDFilter(field_name="scheme__fund")
    scheme = django_filters.UUIDFilter()
    quarter = django_filters.NumberFilter(field_name="period__number")
    financial_year = django_filters.NumberFilter(
        field_name="period__financial_year", label="The year it starts in: 2014 is 2014/15"
    )


class ForecastViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Forecast]):
    """Projected outturns: your partners' own, and those released to you."""

    serializer_class = ForecastOut
    filterset_class = ForecastFilter
    queryset = forecasts.none()

    def get_queryset(self) -> QuerySet[Forecast]:
        return forecasts.visible_to(person(self.request))

    @extend_schema(request=ForecastNewIn, responses={201: ForecastOut})
    def create(self, request: Request) -> Response:
        """Record the first figure of a scheme at a quarter; 409 where somebody else recorded another one meanwhile."""
        given = ForecastNewIn(data=request.data, schemes=funds.schemes(person(request)))
        given.is_valid(raise_exception=True)
        scheme: Scheme = given.validated_data["scheme"]
        period = get_object_or_404(periods.quarters(scheme.fund), number=given.validated_data["quarter"])
        forecast = self._record(scheme, period, given.validated_data, seen=None)
        return Response(ForecastOut(forecast).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ForecastIn, responses=ForecastOut)
    def update(self, request: Request, pk: str | None = None) -> Response:
        """Record another figure or note, with `seen`; 409 where somebody else changed the same field meanwhile.

        A note that is not named stays as it is.
        """
        return self._update(request, partial=False)

    @extend_schema(request=ForecastIn, responses=ForecastOut)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """The same for the figure or the note alone: what is not named stays as it is. `seen` has what is named."""
        return self._update(request, partial=True)

    def _update(self, request: Request, *, partial: bool) -> Response:
        forecast = self.get_object()
        permissions.require(person(request), Permission.FORECAST_RECORD, organisation=forecast.scheme.fund.owner)
        given = ForecastIn(forecast, data=request.data, partial=partial)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        changed = self._record(forecast.scheme, forecast.period, data, seen=data["seen"])
        return Response(ForecastOut(changed).data)

    def _record(self, scheme: Scheme, period: Period, data: dict[str, Any], *, seen: dict[str, Any] | None) -> Forecast:
        entry = Entry(
            number=scheme.number,
            figure=data["figure"],
            note=data.get("note"),
            seen_figure=seen["figure"].code if seen and seen["figure"] else "",
            seen_note=seen.get("note", "") if seen else "",
        )
        services.record(fund=scheme.fund, period=period, entries=[entry], by=person(self.request), at=timezone.now())
        return forecasts.of_fund(scheme.fund, period, person(self.request)).get(scheme=scheme)
