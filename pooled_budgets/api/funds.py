"""Agreements, funds with their position, and schemes by the API."""

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from integration_hub.core.models import Period
from partners import permissions
from partners.permissions import Permission
from pooled_budgets.api.common import person
from pooled_budgets.api.serializers import (
    AgreementOut,
    FundOut,
    ImportOut,
    PositionOut,
    SchemeOut,
    UploadIn,
    import_data,
    position_data,
)
from pooled_budgets.models import Agreement, Fund, Scheme
from pooled_budgets.selectors import funds, imports, periods, positions
from pooled_budgets.services import plans


class FundFilter(django_filters.FilterSet):
    financial_year = django_filters.NumberFilter(label="The year it starts in: 2014 is 2014/15")
    agreement = django_filters.UUIDFilter()
    owner = django_filters.UUIDFilter()
    area = django_filters.CharFilter(field_name="agreement__area__ons_code", label="ONS code of the area")


class AgreementViewSet(ReadOnlyModelViewSet[Agreement]):
    """The agreements that your partners are party to, and those overseen by a board that you sit on."""

    serializer_class = AgreementOut
    filterset_fields = {"kind": ["exact"], "status": ["exact"], "area__ons_code": ["exact"]}
    queryset = funds.no_agreements()

    def get_queryset(self) -> QuerySet[Agreement]:
        return funds.agreements(person(self.request))


class FundViewSet(ReadOnlyModelViewSet[Fund]):
    """The funds that you may read, newest year first."""

    serializer_class = FundOut
    filterset_class = FundFilter
    queryset = funds.no_funds()

    def get_queryset(self) -> QuerySet[Fund]:
        return funds.funds(person(self.request))

    @extend_schema(
        responses=PositionOut,
        parameters=[
            OpenApiParameter("quarter", OpenApiTypes.INT, description="1 to 4; the last with figures if left out")
        ],
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def position(self, request: Request, pk: str | None = None) -> Response:
        """Where the fund stands at the end of a quarter."""
        fund = self.get_object()
        period = self._period(request, fund)
        position = positions.position(fund, period, person(request))
        return Response(position_data(position, period.number))

    @extend_schema(request={"multipart/form-data": UploadIn}, responses={201: ImportOut})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser], filterset_class=None)
    def imports(self, request: Request, pk: str | None = None) -> Response:
        """Upload a scheme plan (.xlsx or .csv): the answer says what it would change; nothing has changed yet."""
        fund = self.get_object()
        permissions.require(person(request), Permission.PLAN_IMPORT, organisation=fund.owner)
        given = UploadIn(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        staged = plans.stage(fund=fund, file=file, filename=file.name, by=person(request), at=timezone.now())
        return Response(import_data(imports.preview(staged)), status=status.HTTP_201_CREATED)

    def _period(self, request: Request, fund: Fund) -> Period:
        asked = request.query_params.get("quarter")
        if asked is None:
            latest = positions.latest_quarter(positions.quarters(fund, person(request)))
            if latest is not None:
                return latest
        if asked not in {"1", "2", "3", "4"}:
            raise ValidationError({"quarter": ["A quarter is 1, 2, 3 or 4."]})
        return get_object_or_404(periods.quarters(fund), number=int(asked))


class SchemeViewSet(ReadOnlyModelViewSet[Scheme]):
    """The schemes of the funds that you may read; `budget` is null where one of its lines has no amount."""

    serializer_class = SchemeOut
    filterset_fields = {"fund": ["exact"], "number": ["exact"]}
    queryset = funds.no_schemes()

    def get_queryset(self) -> QuerySet[Scheme]:
        return funds.schemes(person(self.request))
