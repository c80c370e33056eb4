"""Areas, organisations, footprints, the person who asks, and the audit log, by the API."""

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view, authentication_classes, parser_classes, permission_classes
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from integration_hub.core.models import AuditEvent
from partners.api.authentication import NoAuthentication
from partners.domain.footprints import KINDS as FOOTPRINT_KINDS
from partners.domain.kinds import CHOICES as KIND_CHOICES
from partners.domain.kinds import kinds_of
from partners.domain.roles import Role
from partners.models import Area, AreaCode, Footprint, Membership, Organisation, OrganisationCode, OrganisationName
from partners.models.area import KINDS as AREA_KINDS
from partners.models.organisation import OrganisationQuerySet
from partners.selectors import audit, directory, keeping, memberships
from partners.services import lockout, sign_in, tokens

WRONG = "The e-mail address or the password is not right."


CODE_FIELDS = ["scheme", "code", "valid_from", "valid_to", "checked", "source"]


class AreaCodeOut(serializers.ModelSerializer[AreaCode]):
    class Meta:
        model = AreaCode
        fields = CODE_FIELDS


class OrganisationCodeOut(serializers.ModelSerializer[OrganisationCode]):
    class Meta:
        model = OrganisationCode
        fields = CODE_FIELDS


class OrganisationNameOut(serializers.ModelSerializer[OrganisationName]):
    class Meta:
        model = OrganisationName
        fields = ["name", "valid_from", "valid_to"]


class AreaOut(serializers.ModelSerializer[Area]):
    codes = AreaCodeOut(many=True)

    class Meta:
        model = Area
        fields = ["id", "kind", "name", "ons_code", "valid_from", "valid_to", "codes"]


class ServedAreaOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="area.id")
    name = serializers.CharField(source="area.name")
    ons_code = serializers.CharField(source="area.ons_code")
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)


class OrganisationOut(serializers.ModelSerializer[Organisation]):
    areas = ServedAreaOut(source="area_links", many=True)
    codes = OrganisationCodeOut(many=True)
    names = OrganisationNameOut(many=True)

    class Meta:
        model = Organisation
        fields = ["id", "key", "name", "kind", "note", "valid_from", "valid_to", "areas", "codes", "names"]


class FootprintAreaOut(serializers.Serializer[Any]):
    """An area that a footprint covers, whole or in part, and on which days."""

    id = serializers.UUIDField(source="area.id")
    name = serializers.CharField(source="area.name")
    ons_code = serializers.CharField(source="area.ons_code")
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)


class FootprintPlaceOut(serializers.Serializer[Any]):
    """A wider footprint in which another lies, and on which days."""

    id = serializers.UUIDField(source="parent.id")
    name = serializers.CharField(source="parent.name")
    kind = serializers.CharField(source="parent.kind")
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)


class FootprintOut(serializers.ModelSerializer[Footprint]):
    body_name = serializers.CharField(source="body.name", allow_null=True, default=None)
    within = FootprintPlaceOut(source="parent_links", many=True)
    areas = FootprintAreaOut(source="area_links", many=True)

    class Meta:
        model = Footprint
        fields = [
            "id",
            "key",
            "kind",
            "name",
            "note",
            "source",
            "body",
            "body_name",
            "valid_from",
            "valid_to",
            "within",
            "areas",
        ]


class MembershipOut(serializers.ModelSerializer[Membership]):
    organisation_name = serializers.CharField(source="organisation.name")
    role_words = serializers.SerializerMethodField()
    capacity_words = serializers.CharField(read_only=True)

    class Meta:
        model = Membership
        fields = [
            "id",
            "organisation",
            "organisation_name",
            "role",
            "role_words",
            "capacity",
            "capacity_words",
            "starts_on",
            "ends_on",
        ]
        extra_kwargs = {"capacity": {"help_text": "In which capacity an approver signs; empty where none is stated"}}

    def get_role_words(self, membership: Membership) -> str:
        return Role(membership.role).words


class MeOut(serializers.Serializer[Any]):
    """The person who asks, with the roles that they hold today."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    is_demonstration = serializers.BooleanField()
    memberships = serializers.SerializerMethodField()

    @extend_schema_field(MembershipOut(many=True))
    def get_memberships(self, person: Any) -> list[dict[str, Any]]:
        return [dict(held) for held in MembershipOut(memberships.standing(person).memberships, many=True).data]


class AuditEventOut(serializers.ModelSerializer[AuditEvent]):
    class Meta:
        model = AuditEvent
        fields = [
            "id",
            "kind",
            "at",
            "recorded_at",
            "actor_id",
            "actor_name",
            "system",
            "partner_id",
            "partner_name",
            "target_type",
            "target_id",
            "target_name",
            "before",
            "after",
            "reason",
            "request_id",
        ]


class TokenIn(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class TokenOut(serializers.Serializer[Any]):
    token = serializers.CharField()
    expires = serializers.DateTimeField()


class OrganisationFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", label="A part of the name")
    key = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(
        choices=KIND_CHOICES, method="of_kind", label="A kind, or council, commissioner or trust for several"
    )
    code = django_filters.CharFilter(
        field_name="codes__code", lookup_expr="iexact", label="An official code, of today or before", distinct=True
    )
    area = django_filters.CharFilter(
        field_name="area_links__area__ons_code", label="ONS code of an area served", distinct=True
    )

    def of_kind(self, organisations: OrganisationQuerySet, name: str, value: str) -> OrganisationQuerySet:
        return organisations.filter(kind__in=kinds_of(value))


class AreaRegisterFilter(django_filters.FilterSet):
    ons_code = django_filters.CharFilter()
    name__icontains = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="A part of the name")
    kind = django_filters.ChoiceFilter(choices=list(AREA_KINDS.items()))
    code = django_filters.CharFilter(
        field_name="codes__code", lookup_expr="iexact", label="A code, of today or before", distinct=True
    )


class FootprintFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", label="A part of the name")
    key = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=list(FOOTPRINT_KINDS.items()))
    on = django_filters.DateFilter(method="on_day", label="Those that there are on this day")
    within = django_filters.UUIDFilter(
        method="lying_in", label="Those that lie in this footprint, on the day of `on` or on any"
    )

    def on_day(self, rows: QuerySet[Footprint], name: str, value: date) -> QuerySet[Footprint]:
        return keeping.on(rows, value)

    def lying_in(self, rows: QuerySet[Footprint], name: str, value: UUID) -> QuerySet[Footprint]:
        return keeping.lying_in(rows, value, on=self.form.cleaned_data.get("on"))


class AuditFilter(django_filters.FilterSet):
    kind = django_filters.CharFilter()
    partner = django_filters.UUIDFilter(field_name="partner_id")
    actor = django_filters.UUIDFilter(field_name="actor_id")
    target_type = django_filters.CharFilter()
    target = django_filters.UUIDFilter(field_name="target_id")
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")


class AreaViewSet(ReadOnlyModelViewSet[Area]):
    """The areas of Health and Wellbeing Boards and of integrated care boards, with their codes."""

    serializer_class = AreaOut
    filterset_class = AreaRegisterFilter
    queryset = directory.no_areas()

    def get_queryset(self) -> QuerySet[Area]:
        return directory.areas_with_codes(self.request.user)


class OrganisationViewSet(ReadOnlyModelViewSet[Organisation]):
    """The register of organisations, with the areas that each serves, its names and its official codes."""

    serializer_class = OrganisationOut
    filterset_class = OrganisationFilter
    queryset = directory.no_organisations()

    def get_queryset(self) -> OrganisationQuerySet:
        return directory.with_codes(self.request.user)


class FootprintViewSet(ReadOnlyModelViewSet[Footprint]):
    """The geographies in which health and care is planned, with what each lies in and the areas that it covers."""

    serializer_class = FootprintOut
    filterset_class = FootprintFilter
    queryset = keeping.no_footprints()

    def get_queryset(self) -> QuerySet[Footprint]:
        return keeping.footprints_with_places(self.request.user)


class AuditViewSet(ReadOnlyModelViewSet[AuditEvent]):
    """The audit lines of the partners whose log you may read, newest first."""

    serializer_class = AuditEventOut
    filterset_class = AuditFilter
    queryset = audit.none()

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return audit.visible_to(self.request.user)


@extend_schema(responses=MeOut, description="You: the account, and the roles that it holds today.")
@api_view(["GET"])
def me(request: Request) -> Response:
    return Response(MeOut(request.user).data)


class LockedOut(Throttled):
    """429, with the seconds to wait in Retry-After."""

    default_code = "locked_out"

    def __init__(self, refusal: lockout.LockedOut) -> None:
        super().__init__(detail=refusal.message)
        self.wait = refusal.seconds


@extend_schema(
    request=TokenIn,
    responses={
        200: TokenOut,
        400: OpenApiResponse(description="Something that was sent has the wrong shape"),
        401: OpenApiResponse(description="The address or the password is not right"),
        403: OpenApiResponse(description="second_factor_required: make a token in the browser instead"),
        429: OpenApiResponse(description="Too many wrong passwords; Retry-After says for how long"),
    },
    auth=[],
    description="A token for one hour, to read and to write, for an account that signs in by password alone.",
)
@api_view(["POST"])
@authentication_classes([NoAuthentication])
@permission_classes([AllowAny])
@parser_classes([JSONParser])
def token(request: Request) -> Response:
    sent = TokenIn(data=request.data)
    sent.is_valid(raise_exception=True)
    now = timezone.now()
    try:
        person = sign_in.check_password(**sent.validated_data, request=request._request, at=now)
    except lockout.LockedOut as refusal:
        raise LockedOut(refusal) from refusal
    if person is None:
        raise AuthenticationFailed(WRONG)
    made = tokens.make_by_password(person=person, at=now)
    response = Response(TokenOut({"token": made.secret, "expires": made.token.expires_at}).data)
    response["Cache-Control"] = "no-store"
    return response
