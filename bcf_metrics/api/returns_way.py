"""The way of a return by the API: signatures, submission, ratification, acceptance and restatement.

The services and refusals are those of the pages. Each act answers with what it made.
"""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from bcf_metrics.models import Acceptance, QuarterlyReturn, Ratification, Restatement, Signature, Submission
from bcf_metrics.selectors import returns
from bcf_metrics.selectors import submissions as selectors
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import acceptance, signatures, submissions
from partners import permissions
from partners.models import User
from partners.permissions import Permission

LINE, TEXT = 300, 1000
REFUSED = {
    400: OpenApiResponse(description="Something has the wrong shape"),
    403: OpenApiResponse(description="You may read the return, and not do this"),
    404: OpenApiResponse(description="No such return, or not yours to see"),
    409: OpenApiResponse(description="At the wrong moment: it says why, and who can lift it"),
}


class SignatureOut(serializers.ModelSerializer[Signature]):
    """A signature, bound to one version."""

    version = serializers.IntegerField(source="version.number")
    organisation = serializers.CharField(source="organisation_name")
    carried_from = serializers.SerializerMethodField(help_text="The version that it was given to, where kept")

    class Meta:
        model = Signature
        fields = ["id", "version", "organisation", "person_name", "capacity", "signed_at", "sha256", "carried_from"]

    def get_carried_from(self, row: Signature) -> int | None:
        return cast(int | None, getattr(row, "given_to", None))


class SubmissionOut(serializers.ModelSerializer[Submission]):
    """A signed version as it went to the national team, and what came of it."""

    version = serializers.IntegerField(source="version.number")
    sha256 = serializers.CharField(source="version.sha256")
    differences = serializers.SerializerMethodField()
    ratified_by = serializers.SerializerMethodField(help_text="The Board's decision; null where none is linked")
    accepted = serializers.SerializerMethodField(help_text="By whom, when, and under which reference")
    restated = serializers.SerializerMethodField(help_text="What changes, why, and who was told")

    class Meta:
        model = Submission
        fields = [
            "id",
            "number",
            "version",
            "sha256",
            "how",
            "late_reason",
            "submitted_by_name",
            "submitted_at",
            "differences",
            "ratified_by",
            "accepted",
            "restated",
        ]

    def get_differences(self, row: Submission) -> list[dict[str, str]]:
        return [{key: cell[key] for key in ("sheet", "label", "before", "after")} for cell in row.differences]

    def get_ratified_by(self, row: Submission) -> str | None:
        found: Ratification | None = getattr(row, "ratification", None)
        return str(found.decision_id) if found else None

    def get_accepted(self, row: Submission) -> dict[str, str] | None:
        found: Acceptance | None = getattr(row, "acceptance", None)
        if found is None:
            return None
        return {"by": found.accepted_by, "on": found.accepted_on.isoformat(), "reference": found.reference}

    def get_restated(self, row: Submission) -> dict[str, str] | None:
        found: Restatement | None = getattr(row, "restatement", None)
        return {"what": found.what, "why": found.why, "told": found.told} if found else None


class SignIn(serializers.Serializer[Any]):
    """Your signature for one of your partners. `signing_as` is the capacity of the policy year, where it names some."""

    organisation = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1, help_text="The version that you read")
    capacity = serializers.CharField(max_length=signatures.LONGEST_CAPACITY, allow_blank=True, default="")
    signing_as = serializers.CharField(max_length=40, allow_blank=True, default="")


class SubmitIn(serializers.Serializer[Any]):
    """How the signed version was sent, and why it is late where it is."""

    how = serializers.CharField(max_length=LINE)
    late_reason = serializers.CharField(max_length=TEXT, allow_blank=True, default="")


class RatifyIn(serializers.Serializer[Any]):
    """The Board's decision that ratifies the last submission."""

    decision = serializers.UUIDField()


class AcceptIn(serializers.Serializer[Any]):
    """Who accepted the return, and when."""

    accepted_by = serializers.CharField(max_length=200)
    accepted_on = serializers.DateField()
    reference = serializers.CharField(max_length=100, allow_blank=True, default="")


class RestateIn(serializers.Serializer[Any]):
    """What changes in an accepted return, why, and who was told."""

    what = serializers.CharField(max_length=TEXT)
    why = serializers.CharField(max_length=TEXT)
    told = serializers.CharField(max_length=TEXT)


class ReturnWay:
    """What can be done with a return that the reader may see; a part of its resource."""

    @extend_schema(responses={200: SignatureOut(many=True)}, methods=["GET"])
    @extend_schema(request=SignIn, responses={201: SignatureOut, **REFUSED}, methods=["POST"])
    @action(detail=True, methods=["get", "post"], filterset_class=None, pagination_class=None)
    def signatures(self, request: Request, pk: str) -> Response:
        """The signatures of the version in force, or of the one that is being amended; POST signs for a partner."""
        held = self._held(request)
        if request.method != "POST":
            version = held.current or held.amended
            rows = list(version.signatures.all()) if version else []
            return Response(SignatureOut(rows, many=True).data)
        permissions.acting_for(_person(request), Permission.RETURN_SIGN, among=held.parties)
        given = _given(SignIn, request)
        organisation = next((row for row in held.parties if row.pk == given["organisation"]), None)
        if organisation is None or not permissions.can(
            _person(request), Permission.RETURN_SIGN, organisation=organisation
        ):
            raise ValidationError({"organisation": ["Choose a party to the return for which you sign."]})
        made = signatures.sign(
            return_id=held.quarterly_return.pk,
            **given | {"organisation": organisation},
            by=_person(request),
            at=timezone.now(),
        )
        return Response(SignatureOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={200: SubmissionOut(many=True)})
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def submissions(self, request: Request, pk: str) -> Response:
        """The submissions of the return, newest first, each with what differs from the one before."""
        found = selectors.of_return(self._held(request).quarterly_return)
        return Response(SubmissionOut(found, many=True).data)

    @extend_schema(request=SubmitIn, responses={201: SubmissionOut, **REFUSED})
    @action(detail=True, methods=["post"], filterset_class=None)
    def submit(self, request: Request, pk: str) -> Response:
        """Record that the signed version went to the national team. The Hub sends nothing itself."""
        return self._act(request, SubmitIn, Permission.RETURN_SUBMIT, submissions.submit)

    @extend_schema(request=RatifyIn, responses={201: SubmissionOut, **REFUSED})
    @action(detail=True, methods=["post"], filterset_class=None)
    def ratify(self, request: Request, pk: str) -> Response:
        """Link the Board's decision by which the last submission was ratified."""
        held = self._allowed(request, Permission.DECISION_RECORD)
        given = _given(RatifyIn, request)
        offered = selectors.decisions(_person(request), held.quarterly_return)
        decision = offered.filter(pk=given["decision"]).first()
        if decision is None:
            message = "That is no decision of the area's Health and Wellbeing Board that can ratify the return."
            raise ValidationError({"decision": [message]})
        submissions.ratify(
            return_id=held.quarterly_return.pk, decision=decision, by=_person(request), at=timezone.now()
        )
        return self._last(request)

    @extend_schema(request=AcceptIn, responses={201: SubmissionOut, **REFUSED})
    @action(detail=True, methods=["post"], filterset_class=None)
    def accept(self, request: Request, pk: str) -> Response:
        """Record that the national team accepted the last submission."""
        return self._act(request, AcceptIn, Permission.RETURN_SUBMIT, acceptance.accept)

    @extend_schema(request=RestateIn, responses={201: SubmissionOut, **REFUSED})
    @action(detail=True, methods=["post"], filterset_class=None)
    def restate(self, request: Request, pk: str) -> Response:
        """Open an accepted return again; what was accepted stays readable."""
        return self._act(request, RestateIn, Permission.RETURN_SUBMIT, acceptance.restate)

    def _act(self, request: Request, shape: type[serializers.Serializer[Any]], needs: Permission, act: Any) -> Response:
        """404, then 403, then 400, then the service, which refuses with 409."""
        held = self._allowed(request, needs)
        act(return_id=held.quarterly_return.pk, **_given(shape, request), by=_person(request), at=timezone.now())
        return self._last(request)

    def _held(self, request: Request) -> Standing:
        found: QuarterlyReturn = self.get_object()  # type: ignore[attr-defined]  # of the viewset that this is part of
        return returns.get(_person(request), found.pk)

    def _allowed(self, request: Request, needs: Permission) -> Standing:
        held = self._held(request)
        permissions.acting_for(_person(request), needs, among=held.parties)
        return held

    def _last(self, request: Request) -> Response:
        newest = selectors.of_return(self._held(request).quarterly_return)[0]
        return Response(SubmissionOut(newest).data, status=status.HTTP_201_CREATED)


def _person(request: Request) -> User:
    return cast(User, request.user)


def _given(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    found = shape(data=request.data)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)
