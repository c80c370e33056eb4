"""Who pays what of an over- or underspend, by the API: of any pool that is sent, and of a stored fund."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integration_hub.core.errors import Malformed
from integration_hub.core.models import Period
from integration_hub.core.money import MoneyError, parse_pounds
from pooled_budgets.api.common import person
from pooled_budgets.domain.risk_share import reading
from pooled_budgets.domain.risk_share.reading import RuleRefused
from pooled_budgets.domain.risk_share.settling import settle
from pooled_budgets.models import Fund, RiskShareRules
from pooled_budgets.selectors import funds, positions, risk_share
from pooled_budgets.services import risk_share as services

# Larger than any pool that partners have; what is larger still would keep a server busy for others' cost.
MOST = {"partners": 100, "schemes": 1_000, "groups": 200}
_EXAMPLE = {
    "partners": {"council": "9000000.00", "ccg": "13000000.00"},
    "contingency": "150000.00",
    "schemes": [{"no": "1", "budget": "12000000.00", "outturn": "12900000.00", "lead": "council"}],
    "groups": [
        {
            "name": "Whole pool",
            "schemes": "rest",
            "overspend": [{"method": "contingency"}, {"method": "contributions"}],
            "underspend": [{"method": "carry_forward"}],
        }
    ],
}


class SimulateView(APIView):
    """Settle a pool that is sent whole. Nothing is read from any fund and nothing is kept."""

    @extend_schema(
        request=OpenApiTypes.OBJECT,
        responses=OpenApiTypes.OBJECT,
        examples=[OpenApiExample("A pool of two partners", value=_EXAMPLE, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Who pays and who receives what, to the penny; 400 names the field of the first rule that cannot settle."""
        return Response(settled(request.data))


def settled(data: Any) -> dict[str, Any]:
    """The settlement of a pool as JSON. Raises Malformed with the field that is wrong."""
    if isinstance(data, dict):
        for name, most in MOST.items():
            given = data.get(name)
            if isinstance(given, (list, dict)) and len(given) > most:
                raise malformed(RuleRefused(name, f"has {len(given)} entries; at most {most} are taken"))
    try:
        return reading.as_json(settle(reading.read(data)))
    except RuleRefused as refusal:
        raise malformed(refusal) from refusal


def malformed(refusal: RuleRefused, code: str = "rule_refused") -> Malformed:
    """The API's 400 for it."""
    return Malformed(
        "The pool cannot be settled as it was sent.",
        problems=[{"field": refusal.field, "code": code, "message": refusal.message}],
    )


class OutturnsIn(serializers.Serializer[Any]):
    """Other outturns by scheme number; a version of the rules, or those that apply."""

    outturns = serializers.DictField(child=serializers.CharField(max_length=30), required=False, default=dict)
    rules_version = serializers.IntegerField(required=False, min_value=1)
    quarter = serializers.IntegerField(required=False, min_value=1, max_value=4)


class FundSimulateView(GenericAPIView[Fund]):
    """Settle a stored fund with other outturns. Its forecasts stay as they are."""

    serializer_class = OutturnsIn
    queryset = funds.no_funds()

    def get_queryset(self) -> QuerySet[Fund]:
        return funds.funds(person(self.request))

    @extend_schema(request=OutturnsIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, pk: UUID) -> Response:
        """Who pays and who receives what; 409 names what is missing. Outturns that are not sent are those recorded."""
        fund, user = self.get_object(), person(request)
        given = OutturnsIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        rules = self._rules(fund, asked.get("rules_version"))
        figures = risk_share.figures(fund, self._period(fund, asked.get("quarter")), user)
        try:
            figures = figures.with_outturns(_amounts(asked["outturns"]))
        except KeyError as unknown:
            number = str(unknown.args[0])
            refusal = RuleRefused(f"outturns.{number}", f"the fund has no scheme {number}")
            raise malformed(refusal, "unknown_scheme") from unknown
        return Response(reading.as_json(services.simulate(figures, rules.rules)))

    def _rules(self, fund: Fund, version: int | None) -> RiskShareRules:
        versions = risk_share.rules_of(fund.agreement, person(self.request))
        if version is None:
            found = risk_share.in_force(versions, risk_share.day_of(fund))
            if found is None:
                raise services.NoRules("No risk-share rules apply to this fund: none has been approved for its year.")
            return found
        chosen = next((row for row in versions if row.number == version), None)
        if chosen is None:
            raise ValidationError({"rules_version": [f"The agreement has no version {version} of its rules."]})
        return chosen

    def _period(self, fund: Fund, number: int | None) -> Period:
        quarters = positions.quarters(fund, person(self.request))
        if number is None:
            found = positions.latest_quarter(quarters)
        else:
            found = next((quarter for quarter in quarters if quarter.number == number), None)
        if found is None:
            raise services.NoRules(f"The quarters of {fund.year.label} are not loaded.", code="no_quarters")
        return found


def _amounts(outturns: dict[str, str]) -> dict[str, Decimal]:
    found = {}
    for number, text in outturns.items():
        try:
            found[number] = parse_pounds(text, negative=True)
        except MoneyError as error:
            raise malformed(RuleRefused(f"outturns.{number}", error.message), error.code) from error
    return found
