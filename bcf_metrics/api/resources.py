"""Metrics, their figures and returns by the API."""

from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from bcf_metrics.api.returns_way import ReturnWay
from bcf_metrics.domain import numbers
from bcf_metrics.domain.entries import FIELD_WORDS, LONG, MEDIUM, NOTHING, SHORT, Entered
from bcf_metrics.domain.progress import STATUS_WORDS
from bcf_metrics.models import MetricDefinition, MetricFigure, MetricPlan, QuarterlyReturn
from bcf_metrics.presenters import pages
from bcf_metrics.selectors import figures, returns
from bcf_metrics.services import figures as figure_service
from bcf_metrics.services import returns as return_service
from bcf_metrics.services.figures import Entry
from integration_hub.core.spreadsheets import XLSX_CONTENT_TYPE
from integration_hub.core.states import Figure, FigureState, FigureStateError
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets.selectors import periods


def person(request: Request) -> User:
    """The person who asks; the API has answered 401 to anybody else before."""
    return cast(User, request.user)


class MetricFilter(django_filters.FilterSet):
    policy_year = django_filters.CharFilter(field_name="policy_year__code", label="For example 2014-15")
    code = django_filters.CharFilter()


class ValueFilter(django_filters.FilterSet):
    fund = django_filters.UUIDFilter(field_name="plan__fund")
    plan = django_filters.UUIDFilter()
    metric = django_filters.CharFilter(field_name="plan__metric__code", label="The metric's code")
    quarter = django_filters.NumberFilter(field_name="period__number")
    state = django_filters.CharFilter()


class ReturnFilter(django_filters.FilterSet):
    fund = django_filters.UUIDFilter()
    quarter = django_filters.NumberFilter(field_name="period__number")
    financial_year = django_filters.NumberFilter(
        field_name="fund__financial_year", label="The year it starts in: 2014 is 2014/15"
    )
    status = django_filters.CharFilter()


@extend_schema_field({"type": "string", "format": "decimal"})
class Number(serializers.Field[Decimal | None, str | None, str | None, Any]):
    """A number as text, exactly as it is kept: "23", "41.75"; null for none."""

    def to_representation(self, value: Decimal | None) -> str | None:
        return figures.plain(value)

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, (str, int)) or isinstance(data, bool):
            raise ValidationError('Send a number as text, such as "23".', code="not_a_number")
        try:
            return numbers.parse(str(data)[: numbers.LONGEST + 1])
        except numbers.NumberError as error:
            raise ValidationError(error.message, code=error.code) from error


class PlanOut(serializers.ModelSerializer[MetricPlan]):
    target = Number(allow_null=True)
    baseline = Number(allow_null=True)
    owner = serializers.CharField(source="owner_id")
    fund = serializers.CharField(source="fund_id")

    class Meta:
        model = MetricPlan
        fields = [
            "id",
            "fund",
            "owner",
            "name",
            "unit",
            "basis",
            "target",
            "target_state",
            "target_period",
            "baseline",
            "baseline_period",
            "profile",
            "illustrative",
        ]


class MetricOut(serializers.ModelSerializer[MetricDefinition]):
    """A metric as a policy year defines it, with the plans for it that you may read."""

    policy_year = serializers.CharField(source="policy_year.code")
    plans = PlanOut(many=True, source="readable_plans")

    class Meta:
        model = MetricDefinition
        fields = [
            "id",
            "policy_year",
            "code",
            "name",
            "unit",
            "better",
            "basis",
            "precision",
            "numerator",
            "denominator",
            "source",
            "lag_note",
            "checked",
            "plans",
        ]


class ValueOut(serializers.ModelSerializer[MetricFigure]):
    """One metric's figure for one quarter."""

    metric = serializers.CharField(source="plan.metric.code")
    name = serializers.CharField(source="plan.name")
    fund = serializers.CharField(source="plan.fund_id")
    period = serializers.CharField(source="period.label")
    owner = serializers.CharField(source="owner_id")
    value = Number(allow_null=True)
    numerator = Number(allow_null=True)
    denominator = Number(allow_null=True)
    entered_by = serializers.CharField(source="entered_by.name")
    codes = serializers.SerializerMethodField(help_text="Each field as it stands: send it back as `seen` with a PUT")

    class Meta:
        model = MetricFigure
        fields = [
            "id",
            "plan",
            "metric",
            "name",
            "fund",
            "period",
            "owner",
            "value",
            "state",
            "available_on",
            "value_period",
            "lagged",
            "numerator",
            "denominator",
            "source",
            "provisional",
            "override_status",
            "override_reason",
            "challenges",
            "achievements",
            "support_needs",
            "action",
            "at",
            "released_at",
            "entered_by",
            "entered_at",
            "codes",
        ]

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_codes(self, figure: MetricFigure) -> dict[str, str]:
        return figures.entered_of(figure).codes()


FIGURE = frozenset({"value", "state", "available_on"})


class ValueIn(serializers.Serializer[Any]):
    """A figure as you want it; what is left out stays as it is. A PUT needs `seen`: `codes` as you were shown them."""

    value = Number(allow_null=True, required=False)
    state = serializers.ChoiceField(choices=[state.value for state in FigureState], required=False)
    available_on = serializers.DateField(allow_null=True, required=False)
    value_period = serializers.CharField(max_length=SHORT, allow_blank=True, required=False)
    lagged = serializers.BooleanField(required=False)
    numerator = Number(allow_null=True, required=False)
    denominator = Number(allow_null=True, required=False)
    source = serializers.CharField(max_length=MEDIUM, allow_blank=True, required=False)  # type: ignore[assignment]  # the figure's own source
    provisional = serializers.BooleanField(required=False)
    override_status = serializers.ChoiceField(choices=["", *STATUS_WORDS], required=False)
    override_reason = serializers.CharField(max_length=LONG, allow_blank=True, required=False)
    challenges = serializers.CharField(max_length=LONG, allow_blank=True, required=False)
    achievements = serializers.CharField(max_length=LONG, allow_blank=True, required=False)
    support_needs = serializers.CharField(max_length=LONG, allow_blank=True, required=False)
    action = serializers.CharField(max_length=LONG, allow_blank=True, required=False)
    seen = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=LONG), required=False)

    def entered(self, stands: Entered) -> Entered:
        """What was sent over what stands; raises ValidationError where number, state and date contradict."""
        given = self.validated_data
        fields = {field: given.get(field, getattr(stands, field)) for field in FIELD_WORDS if field != "figure"}
        return Entered(figure=self._figure(stands.figure), **fields)

    @property
    def has_figure(self) -> bool:
        return bool(FIGURE & set(self.validated_data))

    def seen_codes(self) -> dict[str, str]:
        """What the sender was shown of each field that they send; raises ValidationError for one that is not there."""
        sent = {"figure" if name in FIGURE else name for name in self.validated_data} & set(FIELD_WORDS)
        seen: dict[str, str] = self.validated_data.get("seen", {})
        if missing := sorted(sent - set(seen)):
            message = f"Send `codes` as you were shown them; nothing is there for {', '.join(missing)}."
            raise ValidationError({"seen": message}, code="required")
        return seen

    def _figure(self, stands: Figure) -> Figure:
        given = self.validated_data
        if not self.has_figure:
            return stands
        value = given.get("value")
        state = given.get("state") or (FigureState.STATED if value is not None else "")
        if not state:
            raise ValidationError({"state": "Say why there is no value."})
        try:
            return Figure(value=value, state=FigureState(state), until=given.get("available_on"))
        except FigureStateError as error:
            field = "available_on" if error.code in ("no_date", "date_without_reason") else "value"
            raise ValidationError({field: error.message}) from error


class NewValueIn(ValueIn):
    """The first figure of a metric for a quarter."""

    plan = serializers.UUIDField()
    quarter = serializers.IntegerField(min_value=1, max_value=4)


class ReturnOut(serializers.ModelSerializer[QuarterlyReturn]):
    """A fund's return for a quarter, and what it waits for."""

    fund = serializers.CharField(source="fund_id")
    area = serializers.CharField(source="fund.agreement.area.name")
    period = serializers.CharField(source="period.label")
    quarter = serializers.IntegerField(source="period.number")
    financial_year = serializers.CharField(source="fund.year.label")
    policy_year = serializers.CharField(source="policy_year.code")
    template = serializers.CharField(source="template.code")
    status_words = serializers.CharField()
    version = serializers.SerializerMethodField(help_text="The version with the signatories, or signed")
    waiting = serializers.SerializerMethodField()

    class Meta:
        model = QuarterlyReturn
        fields = [
            "id",
            "fund",
            "area",
            "period",
            "quarter",
            "financial_year",
            "policy_year",
            "template",
            "due_on",
            "due_note",
            "status",
            "status_words",
            "version",
            "waiting",
        ]

    def get_version(self, row: QuarterlyReturn) -> int | None:
        current = returns.rows([row])[0].current
        return current.number if current else None

    def get_waiting(self, row: QuarterlyReturn) -> str:
        return pages.waiting(returns.rows([row])[0])


class WorkbookRenderer(BaseRenderer):
    """The bytes of a workbook as they are."""

    media_type = XLSX_CONTENT_TYPE
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        return data


class MetricViewSet(ReadOnlyModelViewSet[MetricDefinition]):
    """The metrics of each policy year, with the plans that you may read."""

    serializer_class = MetricOut
    filterset_class = MetricFilter
    queryset = figures.definitions().none()

    def get_queryset(self) -> QuerySet[MetricDefinition]:
        plans = figures.plans_visible_to(person(self.request))
        return figures.definitions().prefetch_related(Prefetch("plans", plans, to_attr="readable_plans"))


class MetricValueViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[MetricFigure]):
    """The metric figures that you may read; PUT changes one, POST enters the first of a quarter."""

    serializer_class = ValueOut
    filterset_class = ValueFilter
    queryset = figures.none()

    def get_queryset(self) -> QuerySet[MetricFigure]:
        return figures.visible_to(person(self.request))

    @extend_schema(
        request=ValueIn,
        responses={
            200: ValueOut,
            400: OpenApiResponse(description="Something has the wrong shape"),
            403: OpenApiResponse(description="You do not enter figures for this partner"),
            404: OpenApiResponse(description="No such figure, or not yours to see"),
            409: OpenApiResponse(description="Under sign-off, or changed by somebody else meanwhile"),
        },
    )
    def update(self, request: Request, pk: str) -> Response:
        """Change a figure. A field that somebody else changed since `seen` is refused with both values."""
        figure = self.get_object()
        permissions.require(person(request), Permission.FIGURE_RECORD, organisation=figure.owner)
        given = ValueIn(data=request.data)
        given.is_valid(raise_exception=True)
        self._record(request, figure.plan, figure.period.number, given, figures.entered_of(figure))
        return Response(ValueOut(self.get_queryset().get(pk=figure.pk)).data)

    @extend_schema(
        request=NewValueIn,
        responses={
            201: ValueOut,
            400: OpenApiResponse(description="Something has the wrong shape"),
            403: OpenApiResponse(description="You do not enter figures for this partner"),
            409: OpenApiResponse(description="Under sign-off, or entered by somebody else meanwhile"),
        },
    )
    def create(self, request: Request) -> Response:
        """Enter the figure of a metric for a quarter of its fund's year."""
        if not self._enters_any(request):
            raise PermissionDenied(f"{Permission.FIGURE_RECORD.words}: this needs a role that you do not hold.")
        given = NewValueIn(data=request.data)
        given.is_valid(raise_exception=True)
        plan = figures.plans_visible_to(person(request)).filter(pk=given.validated_data["plan"]).first()
        if plan is None:
            raise ValidationError({"plan": "There is no such metric plan."})
        self._record(request, plan, given.validated_data["quarter"], given, NOTHING, is_new=True)
        figure = get_object_or_404(
            self.get_queryset(), plan=plan, period__number=given.validated_data["quarter"], owner=plan.owner_id
        )
        return Response(ValueOut(figure).data, status=status.HTTP_201_CREATED)

    def _record(
        self, request: Request, plan: MetricPlan, quarter: int, given: ValueIn, stands: Entered, *, is_new: bool = False
    ) -> None:
        """One service call; a new figure was seen as nothing, so that one entered meanwhile is not written over."""
        fund = plan.fund
        period = get_object_or_404(periods.quarters(fund), number=quarter)
        seen = {"figure": ""} if is_new else given.seen_codes()
        entry = Entry(plan.pk, given.entered(stands), seen)
        figure_service.record(fund=fund, period=period, entries=[entry], by=person(request), at=timezone.now())

    def _enters_any(self, request: Request) -> bool:
        owners = {plan.owner_id: plan.owner for plan in figures.plans_visible_to(person(request))}
        return any(
            permissions.can(person(request), Permission.FIGURE_RECORD, organisation=owner) for owner in owners.values()
        )


class ReturnViewSet(ReturnWay, ReadOnlyModelViewSet[QuarterlyReturn]):
    """The returns that you may read, and their way from signatures to restatement."""

    serializer_class = ReturnOut
    filterset_class = ReturnFilter
    queryset = returns.none()

    def get_queryset(self) -> QuerySet[QuarterlyReturn]:
        return returns.listed(person(self.request))

    @extend_schema(
        parameters=[OpenApiParameter("version", OpenApiTypes.INT, description="A version; else the one in force")],
        responses={
            (200, XLSX_CONTENT_TYPE): OpenApiTypes.BINARY,
            403: OpenApiResponse(description="You may not export returns"),
            404: OpenApiResponse(description="No such return or version, or not yours to see"),
        },
    )
    @action(detail=True, methods=["get"], renderer_classes=[WorkbookRenderer, JSONRenderer])
    def export(self, request: Request, pk: str) -> HttpResponse:
        """The return as a workbook: its version in force with the signatures, else its present state as a draft."""
        found = self.get_object()
        asked = request.query_params.get("version", "")
        number = int(asked) if asked.isascii() and asked.isdigit() else None
        if asked and number is None:
            raise ValidationError({"version": "A version is a whole number."})
        made = return_service.export(
            return_id=UUID(str(found.pk)), number=number, by=person(request), at=timezone.now()
        )
        answer = HttpResponse(made.content, content_type=XLSX_CONTENT_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{made.filename}"'
        return answer
