"""Reports by the API: listed, asked for, watched, and read as files."""

from typing import Any, cast
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from governance.models import Board
from governance.selectors import boards
from integration_hub.core.quarters import FinancialYear
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.models import Fund
from reports.models import Report
from reports.presenters.files import CONTENT_TYPES, answer
from reports.selectors import reports as selectors
from reports.services import briefs
from reports.services import reports as services


@extend_schema_field(OpenApiTypes.STR)
class YearField(serializers.Field[FinancialYear, Any, str, Any]):
    """A financial year as "2014/15"."""

    def to_internal_value(self, data: Any) -> FinancialYear:
        try:
            return FinancialYear.parse(str(data))
        except ValueError as error:
            raise ValidationError('Write the financial year as "2014/15".', code="financial_year") from error

    def to_representation(self, value: FinancialYear) -> str:
        return value.label


class ReportIn(serializers.Serializer[Any]):
    """What to report on. `fund` is needed where the board oversees several funds in that year."""

    board = serializers.PrimaryKeyRelatedField(queryset=boards.none())
    financial_year = YearField()
    quarter = serializers.IntegerField(min_value=1, max_value=4)
    fund = serializers.PrimaryKeyRelatedField(queryset=selectors.no_funds(), required=False)

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user is not None:
            # Only rows that the caller may read: anybody else's are as if they were not there.
            _offer(self.fields["board"], boards.visible_to(user))
            _offer(self.fields["fund"], selectors.funds_visible_to(user))


def _offer(field: Any, rows: QuerySet[Any]) -> None:
    field.queryset = rows


class ReportOut(serializers.ModelSerializer[Report]):
    """A report with how far it is. `documents` are its files once it is ready, `failure` the reason if it failed."""

    financial_year = serializers.CharField(source="fund.year.label")
    quarter = serializers.IntegerField(source="period.number")
    status = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()
    failure = serializers.SerializerMethodField()
    issued_at = serializers.DateTimeField(source="released_at", allow_null=True)
    documents = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = [
            "id",
            "board",
            "fund",
            "financial_year",
            "quarter",
            "version",
            "owner",
            "meeting",
            "status",
            "progress",
            "words",
            "failure",
            "asked_at",
            "ready_at",
            "issued_at",
            "sha256",
            "documents",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=["queued", "running", "ready", "failed"]))
    def get_status(self, report: Report) -> str:
        return selectors.progress(report).status

    def get_progress(self, report: Report) -> int:
        return selectors.progress(report).percent

    def get_words(self, report: Report) -> str:
        return selectors.progress(report).words

    def get_failure(self, report: Report) -> str:
        progress = selectors.progress(report)
        return progress.words if progress.status == selectors.FAILED else ""

    def get_documents(self, report: Report) -> dict[str, str]:
        if report.ready_at is None:
            return {}
        return {
            suffix: reverse("api:reports-document", kwargs={"pk": report.pk, "file_format": suffix})
            for suffix in CONTENT_TYPES
        }


class ReportFilter(django_filters.FilterSet):
    board = django_filters.UUIDFilter()
    fund = django_filters.UUIDFilter()
    quarter = django_filters.NumberFilter(field_name="period__number")
    financial_year = django_filters.NumberFilter(
        field_name="period__financial_year", label="The year it starts in: 2014 is 2014/15"
    )
    issued = django_filters.BooleanFilter(field_name="released_at", lookup_expr="isnull", exclude=True)


class AsItIs(DefaultContentNegotiation):
    """A file has one type, named by its address: whatever the caller would like to have."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ReportViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Report]):
    """The reports of your partners, and those issued to the boards that you may know of."""

    serializer_class = ReportOut
    filterset_class = ReportFilter
    queryset = selectors.none()

    def get_queryset(self) -> QuerySet[Report]:
        return selectors.visible_to(_person(self.request))

    @extend_schema(
        request=ReportIn,
        responses={
            202: ReportOut,
            400: OpenApiResponse(description="Malformed, or words of the report are missing"),
            403: OpenApiResponse(description="Not a governance officer of a partner to board and fund"),
        },
    )
    def create(self, request: Request) -> Response:
        """Ask for a report: 202 with its id. While the same report is being built, that one is answered.

        It takes the words that a governance officer wrote for this board, fund and quarter. Where there are none,
        it says that nothing was assessed.
        """
        permissions.require_any(_person(request), Permission.REPORT_REQUEST)
        given = ReportIn(data=request.data, user=_person(request))
        given.is_valid(raise_exception=True)
        data = given.validated_data
        fund = _fund(_person(request), data["board"], data["financial_year"], data.get("fund"))
        brief = briefs.begin(
            board_id=data["board"].pk,
            fund_id=fund.pk,
            period=selectors.quarter(fund.financial_year, data["quarter"]),
            by=_person(request),
            at=timezone.now(),
            unwritten=True,
        )
        report = services.queue(brief_id=brief.pk, by=_person(request), at=timezone.now())
        shown = ReportOut(selectors.get(_person(request), report.pk)).data
        address = reverse("api:reports-detail", kwargs={"pk": report.pk})
        return Response(shown, status=status.HTTP_202_ACCEPTED, headers={"Location": address})

    @extend_schema(
        parameters=[OpenApiParameter("file_format", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(CONTENT_TYPES))],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def document(self, request: Request, pk: UUID, file_format: str) -> HttpResponse:
        """A file of a report that is ready, byte for byte as it was made; 404 before."""
        return answer(selectors.document(_person(request), pk, file_format=file_format))


def _fund(user: User, board: Board, year: FinancialYear, asked: Fund | None) -> Fund:
    """The fund of the board in the year; ValidationError where there is none, or several and none is named."""
    funds = [
        fund
        for fund in selectors.reportable_funds(user)
        if fund.agreement.board_id == board.pk and fund.year == year and asked in (None, fund)
    ]
    if not funds:
        raise ValidationError({"fund" if asked else "board": f"{board} oversees no such fund in {year.label}."})
    if len(funds) > 1:
        names = "; ".join(f"{fund.name} ({fund.pk})" for fund in funds)
        raise ValidationError({"fund": f"{board} oversees several funds in {year.label}. Name one: {names}."})
    return funds[0]


def _person(request: Request) -> User:
    """The person who asks; the API has answered 401 to anybody else before."""
    return cast(User, request.user)
