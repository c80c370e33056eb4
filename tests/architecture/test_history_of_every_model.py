"""Every tracked model keeps before and after of each field, whoever writes and however: page, API, job, command, bulk
write, raw SQL. And nobody takes a version back: the application's own database role is refused whatever it tries.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bcf_metrics.models import PolicyDraft
from integration_hub.core import jobs
from integration_hub.core.commands import WritingCommand
from integration_hub.core.middleware import HistoryMiddleware
from integration_hub.core.services import service
from partners.models import (
    AreaCode,
    Confirmation,
    Footprint,
    FootprintArea,
    FootprintLink,
    IdleNotice,
    Organisation,
    OrganisationArea,
    OrganisationName,
    RegisterEdition,
)
from pooled_budgets.models import FormerParty, PerformancePay, PerformanceQuarter
from tests.architecture.matrix.stage import Stage, set_up
from tests.factories.partners import LONG_AGO, NOON

# The field that is changed in each tracked model. A new model without one fails below.
FIELDS = {
    "partners.Area": "name",
    "partners.AreaCode": "source",
    "partners.ApiToken": "name",
    "partners.Confirmation": "by_name",
    "partners.Deputy": "appointed_by_name",
    "partners.Footprint": "note",
    "partners.FootprintArea": "starts_on",
    "partners.FootprintLink": "starts_on",
    "partners.IdleNotice": "idle_since",
    "partners.Invitation": "name",
    "partners.Membership": "starts_on",
    "partners.Organisation": "note",
    "partners.OrganisationArea": "starts_on",
    "partners.OrganisationCode": "source",
    "partners.OrganisationName": "valid_to",
    "partners.RegisterEdition": "sha256",
    "partners.SingleSignOn": "name",
    "partners.SingleSignOnLink": "address",
    "partners.Succession": "reason",
    "partners.SuccessionLine": "position",
    "partners.User": "name",
    "governance.Board": "note",
    "governance.BoardLink": "note",
    "governance.BoardParty": "note",
    "governance.Decision": "source",
    "governance.Delegation": "note",
    "governance.Meeting": "outcome",
    "governance.Seat": "title",
    "pooled_budgets.Agreement": "note",
    "pooled_budgets.AgreementDraft": "reason",
    "pooled_budgets.AlignedBudget": "note",
    "pooled_budgets.JointContract": "note",
    "pooled_budgets.AgreementParty": "organisation",
    "pooled_budgets.Allocation": "source",
    "pooled_budgets.BalanceDifference": "note",
    "pooled_budgets.BalanceStatement": "entered_at",
    "pooled_budgets.Commitment": "supplier",
    "pooled_budgets.Forecast": "note",
    "pooled_budgets.FormerParty": "organisation_name",
    "pooled_budgets.Fund": "split_note",
    "pooled_budgets.FundingLine": "note",
    "pooled_budgets.FundingStream": "source",
    "pooled_budgets.Instalment": "due_on",
    "pooled_budgets.LedgerCode": "code",
    "pooled_budgets.ListValue": "source",
    "pooled_budgets.MonthForecast": "entered_at",
    "pooled_budgets.ParkedRow": "description",
    "pooled_budgets.PeriodLock": "reason",
    "pooled_budgets.ProfileMonth": "amount",
    "pooled_budgets.PerformancePay": "at",
    "pooled_budgets.PerformanceQuarter": "at",
    "pooled_budgets.RiskShareFigures": "at",
    "pooled_budgets.RiskShareRules": "note",
    "pooled_budgets.RiskShareScenario": "name",
    "pooled_budgets.Scheme": "note",
    "pooled_budgets.SchemeLead": "at",
    "pooled_budgets.SchemeLine": "at",
    "pooled_budgets.Virement": "effective_on",
    "pooled_budgets.VarianceThreshold": "recorded_at",
    "bcf_metrics.MetricDefinition": "lag_note",
    "bcf_metrics.MetricFigure": "challenges",
    "bcf_metrics.MetricPlan": "rationale",
    "bcf_metrics.MetricWaiver": "reason",
    "bcf_metrics.NationalCondition": "text",
    "bcf_metrics.PolicyDraft": "begun_from",
    "bcf_metrics.PolicyYear": "note",
    "bcf_metrics.QuarterlyReturn": "due_note",
    "bcf_metrics.ReturnAnswer": "value",
    "bcf_metrics.ReturnSection": "title",
    "bcf_metrics.ReturnTemplate": "title",
    "programme.NextStep": "held_by",
    "programme.Risk": "response",
    "reports.Report": "asked_at",
    "reports.ReportBrief": "content",
}
# Which rows take a change, where others do not.
CHANGEABLE = {"pooled_budgets.Virement": {"status": "prepared"}}
# Fields of a tracked model of which no version is kept, and why.
NOT_KEPT = {
    "partners.User": {
        "password": "a hash that serves nobody but an attacker; that it changed stands in the audit log",
        "last_login": "each sign-in has its own audit line",
    },
    "partners.ApiToken": {"last_used_at": "written at each use: a version for each would say nothing of a change"},
    "partners.Invitation": {"digest": "of the link that lets somebody in; each letter has its own audit line"},
    "partners.SingleSignOn": {"sealed_secret": "old secrets are not kept; that it changed stands in the audit log"},
    "reports.Report": {"snapshot": "frozen by a trigger once it is there, and told by its hash, which is kept"},
}
ATTEMPTS = {
    "update": 'UPDATE "{table}" SET pgh_label = pgh_label',
    "delete": 'DELETE FROM "{table}"',
    "truncate": 'TRUNCATE "{table}"',
    "alter": 'ALTER TABLE "{table}" ADD COLUMN forged text',
    "disable triggers": 'ALTER TABLE "{table}" DISABLE TRIGGER ALL',
    "disable triggers of the row": 'ALTER TABLE "{row}" DISABLE TRIGGER ALL',
    "drop": 'DROP TABLE "{table}"',
}

Write = Callable[[], Any]

pytestmark = pytest.mark.django_db


def tracked() -> dict[str, type[models.Model]]:
    """Each tracked model by its label."""
    found = [event.pgh_tracked_model for event in apps.get_models() if hasattr(event, "pgh_tracked_model")]
    return {model._meta.label: model for model in found}


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """One of everything, as the application's role sees it, and a row of each model that this has none of."""
    with django_db_blocker.unblock(), set_up() as made:
        _add_what_is_missing(made)
        with connection.cursor() as cursor:
            # What the building was told of its actor must not speak for the writes below.
            cursor.execute(
                "SELECT set_config(name, '', true)"
                " FROM unnest(ARRAY['pghistory.context_id', 'pghistory.context_metadata']) AS name"
            )
        yield made


def _add_what_is_missing(stage: Stage) -> None:
    world, made = stage.made.world, stage.made
    parent, child = (Footprint.objects.create(key=key, kind="area", name=key) for key in ("parent", "child"))
    FootprintLink.objects.create(parent=parent, child=child, starts_on=LONG_AGO)
    FootprintArea.objects.create(footprint=child, area=world.area, starts_on=LONG_AGO)
    OrganisationArea.objects.create(organisation=world.council, area=world.area, starts_on=LONG_AGO)
    OrganisationName.objects.create(organisation=world.council, name="Southwark Council", valid_from=LONG_AGO)
    AreaCode.objects.create(area=world.area, scheme="ons", code="E09000028", source="A list")
    RegisterEdition.objects.create(name="a file", sha256="0" * 64, loaded_at=NOON)
    membership, person = made["metrics_role"], made["metrics_person"]
    Confirmation.objects.create(membership=membership, due_on=date(2015, 1, 1), by_name="Somebody", at=NOON)
    IdleNotice.objects.create(person=person, idle_since=LONG_AGO, days_before=10, closes_on=date(2015, 1, 1), at=NOON)
    FormerParty.objects.create(
        agreement=world.agreement,
        organisation=world.hackney,
        organisation_name="Hackney",
        followed_by=world.council,
        ended_at=NOON,
    )
    pay = PerformancePay.objects.create(fund=made["draft_fund"], unit=1490, nhs_partner=world.ccg, at=LONG_AGO)
    PolicyDraft.objects.create(
        policy_year=made["policy_year"], content={}, begun_from="a version", begun_at=NOON, changed_at=NOON
    )
    PerformanceQuarter.objects.create(pay=pay, number=1, baseline=8000, planned_reduction=283, at=LONG_AGO)


# The ways to write, each with the actor that the version must name.


def by_page(stage: Stage, write: Write, patch: pytest.MonkeyPatch) -> dict[str, str]:
    person = stage.made.world.person("finance")
    request = RequestFactory().post("/somewhere/")
    request.user = person

    def view(request: HttpRequest) -> HttpResponse:
        write()
        return HttpResponse()

    HistoryMiddleware(view)(request)
    return {"person": str(person.pk), "person_name": str(person), "address": "/somewhere/"}


def by_api(stage: Stage, write: Write, patch: pytest.MonkeyPatch) -> dict[str, str]:
    class Writing(APIView):
        def post(self, request: Request) -> Response:
            write()
            return Response()

    person = stage.made.world.person("finance")
    secret = stage.made.secrets["finance"]
    request = RequestFactory().post("/api/v1/somewhere/", headers={"Authorization": f"Token {secret}"})
    request.user = AnonymousUser()
    assert HistoryMiddleware(Writing.as_view())(request).status_code == 200
    return {"person": str(person.pk), "person_name": str(person)}


def by_job(stage: Stage, write: Write, patch: pytest.MonkeyPatch) -> dict[str, str]:
    patch.setitem(jobs._handlers, "test.write", lambda attempt: write())
    jobs.run(job_id=jobs.enqueue("test.write", at=NOON, arguments={}, by=None).pk)
    return {"system": "job test.write"}


def by_command(stage: Stage, write: Write, patch: pytest.MonkeyPatch) -> dict[str, str]:
    class Writing(WritingCommand):
        def handle(self, *args: Any, **options: Any) -> None:
            write()

    Writing().execute(force_color=False, no_color=False, skip_checks=True)
    return {"system": f"command {__name__.rpartition('.')[2]}"}


def by_service(stage: Stage, write: Write, patch: pytest.MonkeyPatch) -> dict[str, str]:
    """From a shell: the service's own context names nobody, so the database does."""
    service(write)()
    return {"system": "database role hub_app"}


def by_itself(stage: Stage, write: Write, patch: pytest.MonkeyPatch) -> dict[str, str]:
    """Outside of everything that names an actor: the database names its role."""
    write()
    return {"system": "database role hub_app"}


WAYS = (
    # (who writes, how)
    ("page", by_page, "save"),
    ("API", by_api, "save"),
    ("job", by_job, "update"),
    ("command", by_command, "bulk"),
    ("service in a shell", by_service, "save"),
    ("bulk write", by_itself, "bulk"),
    ("update of many", by_itself, "update"),
    ("raw SQL", by_itself, "raw"),
)


def another(row: models.Model, field: models.Field, number: int) -> Any:
    """A value that the field does not have, and that no constraint refuses."""
    if isinstance(field, models.ForeignKey):
        return Organisation.objects.get_or_create(
            key=f"other-{number}", defaults={"name": f"Other {number}", "kind": "unitary"}
        )[0]
    if isinstance(field, models.DateTimeField):
        return datetime(2014, 7, 1, 12, number, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date(2009, 5, 1) + timedelta(days=number)
    if isinstance(field, models.JSONField):
        return {"changed": number} if isinstance(getattr(row, field.attname), dict) else f"Changed {number}"
    if isinstance(field, models.DecimalField):
        return Decimal(number)
    return 20 + number if isinstance(field, models.PositiveSmallIntegerField) else f"Changed {number}"


def writing(how: str, row: Any, field: models.Field, value: Any) -> Write:
    rows = type(row)._default_manager.filter(pk=row.pk)

    def write() -> None:
        if how == "raw":
            column = field.get_db_prep_save(getattr(value, "pk", value), connection)
            with connection.cursor() as cursor:
                sql = f'UPDATE "{row._meta.db_table}" SET "{field.column}" = %s WHERE "{row._meta.pk.column}" = %s'
                cursor.execute(sql, [column, str(row.pk)])
            return
        setattr(row, field.name, value)
        if how == "save":
            row.save(update_fields=[field.name])
        elif how == "bulk":
            type(row)._default_manager.bulk_update([row], [field.name])
        else:
            rows.update(**{field.name: value})

    return write


@pytest.mark.parametrize("label", FIELDS)
def test_each_way_to_write_keeps_before_and_after_and_names_the_actor(stage: Stage, label: str) -> None:
    model = tracked()[label]
    field, versions = model._meta.get_field(FIELDS[label]), model.pgh_event_model._default_manager
    told = []
    for number, (name, by, how) in enumerate(WAYS, start=1):
        # Each is taken back, and with it whom the transaction took for the actor.
        with stage.undone(), pytest.MonkeyPatch.context() as patch:
            row = model._default_manager.filter(**CHANGEABLE.get(label, {})).order_by("pk").first()
            assert row is not None, "there is no row to change"
            before, value = getattr(row, field.attname), another(row, field, number)
            known = versions.filter(pgh_obj=row.pk)
            stood = known.order_by("-pgh_id").first()
            actor = by(stage, writing(how, row, field, value), patch)
            new = list(known.filter(pgh_id__gt=stood.pgh_id).select_related("pgh_context"))
            if getattr(stood, field.attname) != before:
                told.append(f"{name}: before is not what stood")
            if [(made.pgh_label, getattr(made, field.attname)) for made in new] != [
                ("update", getattr(value, "pk", value))
            ]:
                told.append(f"{name}: after is not what stands")
            said = new[-1].pgh_context.metadata if new else {}
            if {key: said.get(key) for key in actor} != actor:
                told.append(f"{name}: {said} does not name {actor}")
    assert told == []


@pytest.mark.parametrize("label", FIELDS)
def test_no_version_can_be_taken_back(stage: Stage, label: str) -> None:
    model = tracked()[label]
    names = {"table": model.pgh_event_model._meta.db_table, "row": model._meta.db_table}
    went_through = []
    with stage.undone(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("hub_app",)
        # A trigger of a row says nothing where there is none.
        assert model.pgh_event_model._default_manager.exists()
        for name, attempt in ATTEMPTS.items():
            try:
                with transaction.atomic():
                    cursor.execute(attempt.format(**names))
                    went_through.append(name)
            except DatabaseError:
                pass
    assert went_through == []


def test_every_tracked_model_is_tried():
    assert set(FIELDS) == set(tracked())


def test_each_field_is_kept_or_says_why_not():
    left_out = {
        label: {field.name for field in model._meta.concrete_fields}
        - {field.name for field in model.pgh_event_model._meta.concrete_fields}
        for label, model in tracked().items()
    }

    assert {label: names for label, names in left_out.items() if names} == {
        label: set(reasons) for label, reasons in NOT_KEPT.items()
    }


def test_inserts_and_deletions_are_kept_as_well():
    """A trigger for each of the three, in force, on every table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
            " AND t.tgname ~ '^pgtrigger_(insert_insert|update_update|delete_delete)' GROUP BY 1"
        )
        found = dict(cursor.fetchall())

    assert {model._meta.db_table: 3 for model in tracked().values()} == found


def test_the_context_of_a_write_is_kept_for_ever(stage: Stage):
    """Who wrote stands in the context: it can be added to while it is open, and never be renamed or removed."""
    with stage.undone(), pghistory.context(system="first"), connection.cursor() as cursor:
        stage.made["board"].note = f"at {timezone.now()}"
        stage.made["board"].save()
        for attempt in (
            "UPDATE pghistory_context SET metadata = '{}'",
            "DELETE FROM pghistory_context",
            "TRUNCATE pghistory_context",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(attempt)
