"""Successions by the API, to read: who follows whom, from which day, on which legal instrument. Nobody's figures."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from partners.models import Succession, SuccessionLine
from partners.models.succession import KINDS, STATES
from partners.requests import person_of
from partners.selectors import successions


class SuccessionLineOut(serializers.ModelSerializer[SuccessionLine]):
    """`share` is an exact part of the whole, "3/5"; no area: everywhere."""

    predecessor_name = serializers.CharField(source="predecessor.name")
    successor_name = serializers.CharField(source="successor.name")
    share = serializers.SerializerMethodField()
    takes_what_cannot_be_divided = serializers.BooleanField(source="keeps")

    class Meta:
        model = SuccessionLine
        fields = [
            "predecessor",
            "predecessor_name",
            "successor",
            "successor_name",
            "area",
            "share",
            "takes_what_cannot_be_divided",
        ]

    def get_share(self, line: SuccessionLine) -> str:
        return f"{line.numerator}/{line.denominator}"


class SuccessionOut(serializers.ModelSerializer[Succession]):
    lines = SuccessionLineOut(many=True)

    class Meta:
        model = Succession
        fields = [
            "id",
            "kind",
            "state",
            "effective_on",
            "legal_reference",
            "renamed",
            "new_name",
            "prepared_at",
            "confirmed_at",
            "lines",
        ]


class SuccessionFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=list(KINDS.items()))
    state = django_filters.ChoiceFilter(choices=list(STATES.items()))
    since = django_filters.DateFilter(field_name="effective_on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="effective_on", lookup_expr="lt")


class SuccessionViewSet(ReadOnlyModelViewSet[Succession]):
    """The confirmed successions of your partners, and drafts that concern a partner that you administer."""

    serializer_class = SuccessionOut
    filterset_class = SuccessionFilter
    queryset = successions.none()

    def get_queryset(self) -> QuerySet[Any]:
        return successions.rows(person_of(self.request))
