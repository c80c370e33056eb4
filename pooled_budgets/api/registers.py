"""Aligned budgets, joint contracts and the versions of agreements by the API."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from pooled_budgets.api.common import person
from pooled_budgets.models import AgreementVersion, AlignedBudget, JointContract
from pooled_budgets.selectors import agreements, registers


class AlignedBudgetOut(serializers.ModelSerializer[AlignedBudget]):
    """A budget of one partner for a year, in pounds; null where its `state` says why."""

    class Meta:
        model = AlignedBudget
        fields = [
            *("id", "agreement", "owner", "service", "financial_year", "amount", "state", "review_on", "candidate"),
            *("note", "released_at"),
        ]


class JointContractOut(serializers.ModelSerializer[JointContract]):
    """A contract that partners hold jointly; `amount` is its whole value in pounds, null where `state` says why."""

    class Meta:
        model = JointContract
        fields = [
            *("id", "agreement", "owner", "provider", "service", "scheme", "amount", "state", "starts_on", "ends_on"),
            *("route", "note", "released_at"),
        ]


class AgreementVersionOut(serializers.ModelSerializer[AgreementVersion]):
    """The terms of an agreement as they went to its signatories. Never changed; `sha256` is of `content`."""

    content = serializers.JSONField()

    class Meta:
        model = AgreementVersion
        fields = [
            *("id", "agreement", "number", "based_on", "effective_from", "reason", "is_paper", "prepared_by_name"),
            *("prepared_at", "sha256", "content"),
        ]


class AlignedBudgetViewSet(ReadOnlyModelViewSet[AlignedBudget]):
    """The aligned budgets that you may read, the newest year first."""

    serializer_class = AlignedBudgetOut
    filterset_fields = {"agreement": ["exact"], "owner": ["exact"], "financial_year": ["exact"]}
    queryset = registers.no_aligned_budgets()

    def get_queryset(self) -> QuerySet[AlignedBudget]:
        return registers.aligned_budgets(person(self.request))


class JointContractViewSet(ReadOnlyModelViewSet[JointContract]):
    """The joint contracts that you may read, the one that ends first at the top."""

    serializer_class = JointContractOut
    filterset_fields = {"agreement": ["exact"], "owner": ["exact"], "scheme": ["exact"]}
    queryset = registers.no_joint_contracts()

    def get_queryset(self) -> QuerySet[JointContract]:
        return registers.joint_contracts(person(self.request))


class AgreementVersionViewSet(ReadOnlyModelViewSet[AgreementVersion]):
    """The versions of the agreements that you may read: the parties' from the day they were sent for signature."""

    serializer_class = AgreementVersionOut
    filterset_fields = {"agreement": ["exact"], "number": ["exact"]}
    queryset = agreements.no_versions()

    def get_queryset(self) -> QuerySet[AgreementVersion]:
        return agreements.versions(person(self.request))
