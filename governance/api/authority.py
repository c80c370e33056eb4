"""Decisions and delegations by the API."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from governance.models import Decision, Delegation
from governance.selectors import authority
from partners.requests import person_of


class DecisionOut(serializers.ModelSerializer[Decision]):
    amount_limit = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)

    class Meta:
        model = Decision
        fields = [
            *("id", "board", "meeting", "reference", "made_on", "title", "text", "matters", "amount_limit", "source"),
            *("ended_on", "ended_reason", "illustrative"),
        ]


class DelegationOut(serializers.ModelSerializer[Delegation]):
    limit = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    year_total = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    given_by = serializers.UUIDField(source="owner_id")
    holder = serializers.CharField(source="holder_words")

    class Meta:
        model = Delegation
        fields = [
            *("id", "board", "reference", "given_by", "granted_by", "scheme_text", "to_organisation", "to_role"),
            *("to_capacity", "to_board", "holder", "matters", "limit", "year_total", "starts_on", "ends_on"),
            *("ended_on", "ended_reason", "note", "illustrative"),
        ]


class DecisionViewSet(ReadOnlyModelViewSet[Decision]):
    """Decisions of the boards of your partners, and those that you sit on. `amount_limit`: pounds in all, or null."""

    serializer_class = DecisionOut
    filterset_fields = {"board": ["exact"], "reference": ["exact"], "made_on": ["exact", "gte", "lte"]}
    queryset = authority.no_decisions()

    def get_queryset(self) -> QuerySet[Decision]:
        return authority.decisions(person_of(self.request))


class DelegationViewSet(ReadOnlyModelViewSet[Delegation]):
    """Delegations in the registers of those boards. `limit`: pounds for one movement; `year_total`: for a financial
    year; null where there is none.
    """

    serializer_class = DelegationOut
    filterset_fields = {"board": ["exact"], "to_organisation": ["exact"], "starts_on": ["exact", "gte", "lte"]}
    queryset = authority.no_delegations()

    def get_queryset(self) -> QuerySet[Delegation]:
        return authority.delegations(person_of(self.request))
