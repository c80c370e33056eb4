"""Uploaded scheme plans by the API: read, corrected, confirmed, undone."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from integration_hub.core.models import StagedImport
from partners import permissions
from partners.permissions import Permission
from pooled_budgets.api.common import person
from pooled_budgets.api.serializers import ConfirmIn, CorrectionsIn, ImportOut, import_data
from pooled_budgets.selectors import funds, imports
from pooled_budgets.services import plans


class ImportViewSet(GenericViewSet[StagedImport]):
    """The scheme plans that your partners uploaded, newest first."""

    serializer_class = ImportOut
    filterset_fields = {"status": ["exact"], "target_id": ["exact"]}
    queryset = imports.no_plans()

    def get_queryset(self) -> QuerySet[StagedImport]:
        return imports.plans(person(self.request))

    @extend_schema(responses=ImportOut(many=True))
    def list(self, request: Request) -> Response:
        """What was uploaded, with what each would change or changed."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([import_data(imports.preview(staged)) for staged in page or []])

    @extend_schema(responses=ImportOut)
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One upload."""
        return Response(import_data(imports.preview(self.get_object())))

    @extend_schema(request=CorrectionsIn, responses=ImportOut)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Put other values in refused cells and check all again."""
        staged = self._to_change(request)
        corrections = self._given(CorrectionsIn(data=request.data))["corrections"]
        staged = plans.correct(import_id=staged.pk, corrections=corrections, by=person(request), at=timezone.now())
        return Response(import_data(imports.preview(staged)))

    @extend_schema(request=ConfirmIn, responses=ImportOut)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str | None = None) -> Response:
        """Import the whole plan, or nothing of it."""
        staged = self._to_change(request)
        choice = self._given(ConfirmIn(data=request.data))["include_outturns"]
        staged = plans.confirm(import_id=staged.pk, include_outturns=choice, by=person(request), at=timezone.now())
        return Response(import_data(imports.preview(staged)))

    @extend_schema(request=None, responses=ImportOut)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str | None = None) -> Response:
        """Bring the plan back to what it was before the import; 409 where later work builds on it."""
        staged = self._to_change(request)
        staged = plans.undo(import_id=staged.pk, by=person(request), at=timezone.now())
        return Response(import_data(imports.preview(staged)))

    def _to_change(self, request: Request) -> StagedImport:
        """The upload, or 404; 403 for a reader who may not import plans."""
        staged = self.get_object()
        fund = funds.funds(person(request)).get(pk=staged.target_id)
        permissions.require(person(request), Permission.PLAN_IMPORT, organisation=fund.owner)
        return staged

    def _given(self, serializer: Serializer[Any]) -> dict[str, Any]:
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data
