"""Ledger extracts by the API: their control totals, what each posted, what waits for a line, what was taken back."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from integration_hub.core import money
from integration_hub.core.models import StagedImport
from pooled_budgets.api.common import person
from pooled_budgets.selectors import extract_lists as selectors
from pooled_budgets.selectors.extract_lists import Fate, RowSum


class RowSumOut(serializers.Serializer[Any]):
    """So many rows, of so many pounds; null where nobody stated it."""

    rows = serializers.IntegerField(allow_null=True)
    amount = serializers.CharField(allow_null=True)


class ParkedOut(serializers.Serializer[Any]):
    """The rows of one code that had no line when the extract was posted."""

    code = serializers.CharField()
    rows = serializers.IntegerField()
    amount = serializers.CharField()
    waiting = RowSumOut()


class ControlTotalsOut(serializers.Serializer[Any]):
    """What the person who uploaded stated, and what the file says at its end."""

    stated = RowSumOut()
    file = RowSumOut()


class WrongOut(serializers.Serializer[Any]):
    """What cannot be taken; `cell` is empty for the file as a whole."""

    cell = serializers.CharField()
    value = serializers.CharField()
    message = serializers.CharField()


class ExtractOut(serializers.Serializer[Any]):
    """An uploaded extract, in pounds.

    `posted` counts what became postings, parked rows that were given a line included; `reversed` what of it was taken
    back. A parked row adds to no total until it is posted; none of them waits once the extract is undone.
    """

    id = serializers.UUIDField()
    fund = serializers.UUIDField()
    filename = serializers.CharField()
    sha256 = serializers.CharField()
    status = serializers.ChoiceField(choices=StagedImport.STATUSES)
    uploaded_by = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    confirmed_by = serializers.CharField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.CharField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    control_totals = ControlTotalsOut()
    refused = serializers.IntegerField(help_text="How many rows or totals are wrong; `problems` tells the first")
    problems = WrongOut(many=True)
    posted = RowSumOut()
    reversed = RowSumOut()
    parked = ParkedOut(many=True)


class ExtractFilter(django_filters.FilterSet):
    fund = django_filters.UUIDFilter(field_name="target_id")
    status = django_filters.ChoiceFilter(choices=[(status, status) for status in StagedImport.STATUSES])


class ExtractViewSet(GenericViewSet[StagedImport]):
    """The ledger extracts that your partners uploaded, newest first. Nobody else's extracts are told of."""

    serializer_class = ExtractOut
    filterset_class = ExtractFilter
    queryset = selectors.none()

    def get_queryset(self) -> QuerySet[StagedImport]:
        return selectors.extracts(person(self.request))

    @extend_schema(responses=ExtractOut(many=True))
    def list(self, request: Request) -> Response:
        """What was uploaded, and what became of it."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        fates = selectors.fates(page, person(request))
        return self.get_paginated_response([_data(staged, fates[staged.pk]) for staged in page])

    @extend_schema(responses=ExtractOut)
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One extract."""
        staged = self.get_object()
        return Response(_data(staged, selectors.fates([staged], person(request))[staged.pk]))


def _data(staged: StagedImport, fate: Fate) -> dict[str, Any]:
    return {
        "id": staged.pk,
        "fund": staged.target_id,
        "filename": staged.filename,
        "sha256": staged.content_sha256,
        "status": staged.status,
        "uploaded_by": staged.uploaded_by_name,
        "uploaded_at": staged.uploaded_at,
        "confirmed_by": staged.confirmed_by_name,
        "confirmed_at": staged.confirmed_at,
        "undone_by": staged.undone_by_name,
        "undone_at": staged.undone_at,
        "control_totals": {
            name: {"rows": staged.before[name]["count"], "amount": staged.before[name]["total"]}
            for name in ("stated", "file")
        },
        "refused": staged.before["refused"],
        "problems": staged.problems,
        "posted": _sum(fate.posted),
        "reversed": _sum(fate.reversed),
        "parked": [{"code": code.code, **_sum(code.all), "waiting": _sum(code.waiting)} for code in fate.parked],
    }


def _sum(found: RowSum) -> dict[str, Any]:
    return {"rows": found.rows, "amount": money.as_plain(found.amount)}
