"""Boards and meetings by the API."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from governance.models import Board, Meeting
from governance.selectors import boards, meetings
from integration_hub.core.working_days import load_calendar
from partners.requests import person_of


class BoardOut(serializers.ModelSerializer[Board]):
    area = serializers.CharField(source="area.name")
    parties = serializers.SerializerMethodField()

    class Meta:
        model = Board
        fields = ["id", "name", "kind", "status", "area", "since", "note", "illustrative", "parties"]

    def get_parties(self, board: Board) -> list[str]:
        return [str(organisation.pk) for organisation in board.parties.all()]


class MeetingOut(serializers.ModelSerializer[Meeting]):
    class Meta:
        model = Meeting
        fields = ["id", "board", "held_on", "title", "purpose", "outcome"]


class BoardViewSet(ReadOnlyModelViewSet[Board]):
    """The boards of your partners, and those that you sit on."""

    serializer_class = BoardOut
    filterset_fields = {"kind": ["exact"], "status": ["exact"], "area__ons_code": ["exact"]}
    queryset = boards.none()

    def get_queryset(self) -> QuerySet[Board]:
        return boards.shared_now(person_of(self.request)).prefetch_related("parties")


class MeetingViewSet(ReadOnlyModelViewSet[Meeting]):
    """The meetings of those boards."""

    serializer_class = MeetingOut
    filterset_fields = {"board": ["exact"], "held_on": ["exact", "gte", "lte"]}
    queryset = meetings.none()

    def get_queryset(self) -> QuerySet[Meeting]:
        return meetings.visible_to(person_of(self.request))


@extend_schema(
    parameters=[OpenApiParameter("meeting", OpenApiTypes.DATE, description="Day of the meeting", required=True)],
    responses={
        200: inline_serializer("PublicationDeadline", {"publish_by": serializers.DateField()}),
        400: OpenApiResponse(description="Not a date"),
        422: OpenApiResponse(description="Past the end of the known calendar"),
    },
    description="The last day on which papers can be published with five clear working days before the meeting.",
)
@api_view(["GET"])
def publication_deadline(request: Request) -> Response:
    return Response({"publish_by": load_calendar().publication_deadline(_day(request.query_params)).isoformat()})


def _day(parameters: Any) -> date:
    try:
        return date.fromisoformat(parameters.get("meeting", ""))
    except ValueError as error:
        raise ValidationError({"meeting": "Write the day of the meeting as 2014-07-28."}) from error
