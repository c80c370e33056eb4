"""Reading costs a constant number of queries: each page and list at 10 and at 200 rows, the same and few."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from bcf_metrics.models import MetricFigure, MetricPlan, QuarterlyReturn
from governance.models import Board, BoardParty, Decision, Delegation, Meeting, Seat
from integration_hub.core.models import AuditEvent, StagedImport
from partners.domain.roles import Role
from partners.models import (
    ApiToken,
    Area,
    Deputy,
    Footprint,
    FootprintArea,
    FootprintLink,
    Invitation,
    Membership,
    Organisation,
    OrganisationArea,
    OrganisationCode,
    Succession,
    SuccessionLine,
    SuccessionMove,
    User,
)
from partners.permissions import group_for
from partners.selectors import kinds
from pooled_budgets.models import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    AlignedBudget,
    Forecast,
    Fund,
    FundingLine,
    JointContract,
    ParkedRow,
    Scheme,
    SchemeLine,
    Transaction,
    Virement,
)
from programme.models import NextStep, Risk
from reports.models import Report, ReportBrief
from tests.architecture.matrix.stage import Stage, set_up
from tests.factories import settlement
from tests.factories.everything import Everything, recurrent_virement
from tests.factories.partners import LONG_AGO, NOON, give_role

FEW, MANY, AT_MOST = 10, 200, 12
# What a page that works a whole return out may cost instead, and one that shows an organisation with all that is its.
RETURN_PAGE, REGISTER_PAGE = 18, 15
# What the entry grid may cost, with the quarters before, the checks, their reasons and waivers.
GRID_PAGE = 14
# What a return beside last quarter's may cost, which works one out and reads the other.
COMPARE_PAGE = 22
# What the official workbook's page may cost, which works the return out and reads file, map and last quarter's file.
OFFICIAL_PAGE = 21
# What the page of a region may cost, which counts the sections and signatures of each return in it.
REGION_PAGE = 22
# What the preview of a succession may cost, which asks every app for what it holds.
PREVIEW_PAGE = 28
# What a timeline may cost beside one query for each part of the object.
HISTORY_PAGE = 12
Grower = Callable[[Everything, range], None]

pytestmark = pytest.mark.django_db


# What grows


def settlements(made: Everything, numbers: range) -> None:
    content = settlement.content("a", "b", mark="Grown")
    for fund in funds(made, numbers):
        settlement.frozen(fund, made["council"], content, by=made.world.person("finance"))


def agreements(made: Everything, numbers: range) -> None:
    shared = {"kind": "preparatory", "status": "in_force", "area": made["area"], "host": made["council"]}
    rows = Agreement.objects.bulk_create(Agreement(key=f"grown-{n}", title=f"Agreement {n}", **shared) for n in numbers)
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=row, organisation=made[name]) for row in rows for name in ("council", "ccg")
    )


def funds(made: Everything, numbers: range) -> list[Fund]:
    rows = Fund.objects.bulk_create(
        Fund(
            agreement=made["agreement"],
            owner=made["council"],
            financial_year=2014,
            name=f"Fund {n}",
            total=Decimal(n),
            released_at=NOON,
        )
        for n in numbers
    )
    for row in rows:
        row.agreement = made["agreement"]
    schemes_of(rows[0], range(2))
    return rows


def schemes_of(fund: Fund, numbers: range) -> list[Scheme]:
    shared = {"fund": fund, "owner": fund.owner, "released_at": NOON}
    rows = Scheme.objects.bulk_create(
        Scheme(number=f"G{n}", position=n + 10, name=f"Scheme {n}", **shared) for n in numbers
    )
    SchemeLine.objects.bulk_create(
        SchemeLine(scheme=row, owner=fund.owner, budget=Decimal(7), at=date(2014, 4, 1), released_at=NOON)
        for row in rows
    )
    return rows


def schemes(made: Everything, numbers: range) -> None:
    rows = schemes_of(made["fund"], numbers)
    Forecast.objects.bulk_create(
        Forecast(
            scheme=row,
            owner=made["council"],
            period=made[period],
            amount=Decimal(8),
            state="stated",
            at=date(2014, 6, 30),
            entered_by=made.world.person("finance"),
            entered_at=NOON,
            released_at=NOON,
        )
        for row in rows
        for period in ("quarter_1", "quarter_2")
    )


def contributions(made: Everything, numbers: range) -> None:
    FundingLine.objects.bulk_create(
        FundingLine(
            fund=made["fund"],
            owner=made["council"],
            position=n + 10,
            source=f"Source {n}",
            payer=made["ccg"],
            amount=Decimal(5),
            at=date(2014, 4, 1),
            released_at=NOON,
        )
        for n in numbers
    )


def boards(made: Everything, numbers: range) -> None:
    rows = Board.objects.bulk_create(
        Board(key=f"grown-{n}", name=f"Board {n}", kind="hwb", area=made["area"]) for n in numbers
    )
    BoardParty.objects.bulk_create(
        BoardParty(board=row, organisation=made[name]) for row in rows for name in ("council", "ccg")
    )


def meetings(made: Everything, numbers: range) -> None:
    first = date(2016, 1, 4)
    Meeting.objects.bulk_create(
        Meeting(board=made["board"], held_on=first + timedelta(days=n), title=f"Meeting {n}") for n in numbers
    )


def seats(made: Everything, numbers: range) -> None:
    Seat.objects.bulk_create(
        Seat(board=made["board"], person=person, title="Member", starts_on=LONG_AGO, appointed_by=made["council"])
        for person in people(made, numbers)
    )


def people(made: Everything, numbers: range) -> list[User]:
    return User.objects.bulk_create(
        User(email=f"grown{n}@council.example", name=f"Person {n}", password="!") for n in numbers
    )


def members(made: Everything, numbers: range) -> None:
    group = group_for(made["council"], Role.MEMBER)
    Membership.objects.bulk_create(
        Membership(person=person, organisation=made["council"], role="member", group=group, starts_on=LONG_AGO)
        for person in people(made, numbers)
    )


def roles_of_the_council(made: Everything, numbers: range) -> None:
    """People who came before the review opened, each with a deputy."""
    members(made, numbers)
    held = Membership.objects.filter(organisation=made["council"], role="member", deputies__isnull=True)
    held.update(recorded_at=timezone.now() - timedelta(days=340))
    today = timezone.localdate()
    Deputy.objects.bulk_create(
        Deputy(
            membership=membership,
            person=made["metrics_person"],
            permissions=["return_export"],
            starts_on=today,
            ends_on=today,
            appointed_by_name="Admin",
            appointed_at=NOON,
        )
        for membership in held
    )


def invitations(made: Everything, numbers: range) -> None:
    now = timezone.now()
    Invitation.objects.bulk_create(
        Invitation(
            organisation=made["council"],
            email=f"invited{n}@council.example",
            name=f"Invited {n}",
            roles=["finance"],
            starts_on=now.date(),
            invited_by=made.world.person("admin"),
            invited_by_name="Admin",
            invited_at=now,
            expires_at=now + timedelta(days=7),
        )
        for n in numbers
    )


def organisations(made: Everything, numbers: range) -> None:
    Organisation.objects.bulk_create(
        Organisation(key=f"grown-{n}", name=f"Partner {n}", kind="unitary") for n in numbers
    )


def postings(made: Everything, numbers: range) -> None:
    Transaction.objects.bulk_create(
        Transaction(
            fund=made["fund"],
            line=made["line"],
            owner=made["council"],
            period=made["july"],
            amount=Decimal(3),
            description=f"Posting {n}",
            at=date(2014, 7, 31),
            entered_by=made.world.person("finance"),
            entered_at=NOON,
            released_at=NOON,
        )
        for n in numbers
    )


def decisions(made: Everything, numbers: range) -> None:
    shared = {"board": made["board"], "owner": made["council"], "matters": ["virement"], "released_at": NOON}
    Decision.objects.bulk_create(
        Decision(
            reference=f"G{n}", made_on=date(2014, 4, 1), title="Grown", text="Grown", recorded_by_name="A", **shared
        )
        for n in numbers
    )
    Delegation.objects.bulk_create(
        Delegation(
            reference=f"G{n}",
            scheme_text="Part 3",
            to_organisation=made["council"],
            to_role="approver",
            starts_on=date(2014, 4, 1),
            recorded_by_name="A",
            **shared,
        )
        for n in numbers
    )


def registers(made: Everything, numbers: range) -> None:
    shared = {"agreement": made["agreement"], "owner": made["council"], "amount": Decimal(9), "released_at": NOON}
    AlignedBudget.objects.bulk_create(
        AlignedBudget(service=f"Aligned {n}", financial_year=2014, **shared) for n in numbers
    )
    JointContract.objects.bulk_create(
        JointContract(service=f"Contract {n}", provider=f"Provider {n}", scheme=made["scheme"], **shared)
        for n in numbers
    )


def versions(made: Everything, numbers: range) -> None:
    given = made["agreement_version"]
    AgreementVersion.objects.bulk_create(
        AgreementVersion(
            agreement=given.agreement,
            number=n + 10,
            content=given.content,
            sha256="0" * 64,
            effective_from=date(2030, 1, 1),
            reason="Grown",
            prepared_by_name="A",
            prepared_at=NOON,
        )
        for n in numbers
    )


def moved(made: Everything, numbers: range) -> None:
    lines = list(SchemeLine.objects.filter(scheme__fund=made["fund"]).order_by("scheme__position")[:2])
    Virement.objects.bulk_create(
        Virement(
            fund=made["fund"],
            owner=made["council"],
            number=n + 1000,
            from_line=lines[0],
            to_line=lines[1],
            amount=Decimal(1),
            reason="Grown",
            effective_on=date(2014, 8, 1),
            prepared_by=made.world.person("finance"),
            prepared_at=NOON,
            released_at=NOON,
        )
        for n in numbers
    )


def recurrent(made: Everything, numbers: range) -> None:
    for number in numbers:
        recurrent_virement(made, number + 1000)


def areas(made: Everything, numbers: range) -> None:
    Area.objects.bulk_create(Area(name=f"Area {n}", ons_code=f"E1{n:07d}") for n in numbers)


def served(made: Everything, numbers: range) -> None:
    rows = Organisation.objects.bulk_create(
        Organisation(key=f"serving-{n}", name=f"Serving {n}", kind="provider") for n in numbers
    )
    OrganisationArea.objects.bulk_create(OrganisationArea(organisation=row, area=made["area"]) for row in rows)


def codes(made: Everything, numbers: range) -> None:
    OrganisationCode.objects.bulk_create(
        OrganisationCode(organisation=made["council"], scheme="other", code=f"C{n}") for n in numbers
    )


def footprints(made: Everything, numbers: range) -> None:
    """Systems with an area each, and a locality in it."""
    for kind in ("ics", "area", "locality"):
        Footprint.objects.bulk_create(Footprint(key=f"{kind}-{n}", kind=kind, name=f"{kind} {n}") for n in numbers)
    by_key = Footprint.objects.in_bulk(field_name="key")
    FootprintLink.objects.bulk_create(
        FootprintLink(child=by_key[f"{child}-{n}"], parent=by_key[f"{parent}-{n}"])
        for n in numbers
        for child, parent in (("area", "ics"), ("locality", "area"))
    )
    FootprintArea.objects.bulk_create(FootprintArea(footprint=by_key[f"area-{n}"], area=made["area"]) for n in numbers)


def footprints_inside(made: Everything, numbers: range) -> None:
    """Localities that lie in one system, which covers as many areas."""
    rows = Footprint.objects.bulk_create(
        Footprint(key=f"inside-{n}", kind="locality", name=f"Inside {n}") for n in numbers
    )
    FootprintLink.objects.bulk_create(FootprintLink(child=row, parent=made["footprint"]) for row in rows)
    covered = Area.objects.bulk_create(Area(name=f"Covered {n}", ons_code=f"E2{n:07d}") for n in numbers)
    FootprintArea.objects.bulk_create(FootprintArea(footprint=made["footprint"], area=area) for area in covered)


def services_of_the_spare(made: Everything, numbers: range) -> None:
    rows = Area.objects.bulk_create(Area(name=f"Served {n}", ons_code=f"E3{n:07d}") for n in numbers)
    OrganisationArea.objects.bulk_create(OrganisationArea(organisation=made["spare"], area=area) for area in rows)


def risks(made: Everything, numbers: range) -> None:
    shared = {"board": made["board"], "owner": made["council"], "at": date(2014, 7, 1), "released_at": NOON}
    Risk.objects.bulk_create(Risk(text=f"Risk {n}", **shared) for n in numbers)
    NextStep.objects.bulk_create(NextStep(text=f"Step {n}", due_on=date(2014, 9, 1), **shared) for n in numbers)


def returns(made: Everything, numbers: range) -> None:
    QuarterlyReturn.objects.bulk_create(
        QuarterlyReturn(
            fund=fund,
            period=made["quarter_1"],
            policy_year=made["policy_year"],
            template=made["template"],
            status="in_progress",
        )
        for fund in funds(made, numbers)
    )


def areas_of_region(made: Everything, numbers: range) -> None:
    """Areas of the region, each with a return in progress or none."""
    areas = Area.objects.bulk_create(Area(name=f"Area {n}", ons_code=f"E06{n:06}") for n in numbers)
    FootprintArea.objects.bulk_create(FootprintArea(footprint=made["region"], area=area) for area in areas)
    shared = {"kind": "preparatory", "status": "in_force", "host": made["council"]}
    agreements = Agreement.objects.bulk_create(
        Agreement(key=f"regional-{n}", title=f"Agreement {n}", area=area, **shared)
        for n, area in zip(numbers, areas, strict=True)
        if n % 2
    )
    AgreementParty.objects.bulk_create(AgreementParty(agreement=row, organisation=made["ccg"]) for row in agreements)
    QuarterlyReturn.objects.bulk_create(
        QuarterlyReturn(
            fund=fund,
            period=made["quarter_1"],
            policy_year=made["policy_year"],
            template=made["template"],
            status="in_progress",
        )
        for fund in Fund.objects.bulk_create(
            Fund(agreement=row, owner=made["council"], financial_year=2014, name="Fund", total=Decimal(7))
            for row in agreements
        )
    )


def figures(made: Everything, numbers: range) -> None:
    metric = made["definition"]
    rows = MetricPlan.objects.bulk_create(
        MetricPlan(
            fund=made["fund"],
            owner=made["ccg"],
            metric=metric,
            position=n + 10,
            name=f"Metric {n}",
            unit=metric.unit,
            basis=metric.basis,
            target=Decimal(7),
            target_period="full year",
            released_at=NOON,
        )
        for n in numbers
    )
    MetricFigure.objects.bulk_create(
        MetricFigure(
            plan=row,
            owner=made["ccg"],
            period=made[period],
            value=Decimal(3),
            state="stated",
            at=date(2014, 6, 30),
            entered_by=made.world.person("metrics", "ccg"),
            entered_at=NOON,
            released_at=NOON,
        )
        for row in rows
        for period in ("quarter_1", "quarter_2")
    )


def reports(made: Everything, numbers: range) -> None:
    issued = made["issued_report"]
    Report.objects.bulk_create(
        Report(
            board=made["board"],
            fund=made["fund"],
            period=made["quarter_1"],
            owner=made["council"],
            version=n + 10,
            job=issued.job,
            asked_by=issued.asked_by,
            asked_at=NOON,
            snapshot=issued.snapshot,
            sha256=issued.sha256,
            ready_at=NOON,
            released_at=NOON,
            meeting=made["meeting"],
        )
        for n in numbers
    )


def briefs(made: Everything, numbers: range) -> None:
    brief = made["brief"]
    ReportBrief.objects.bulk_create(
        ReportBrief(
            board=made["board"],
            fund=fund,
            period=brief.period,
            owner=brief.owner,
            content=brief.content,
            entered_by=brief.entered_by,
            entered_at=NOON,
        )
        for fund in funds(made, numbers)
    )


def imports(made: Everything, numbers: range) -> None:
    kept = StagedImport.objects.get(pk=made.pk("import_staged"))
    names = [
        field.attname for field in StagedImport._meta.concrete_fields if field.attname not in ("id", "recorded_at")
    ]
    values = {name: getattr(kept, name) for name in names}
    StagedImport.objects.bulk_create(StagedImport(**values | {"content_sha256": f"{n:064d}"}) for n in numbers)


def extracts(made: Everything, numbers: range) -> None:
    """Posted extracts, each with a posting and a row that waits for a line."""
    kept = StagedImport.objects.get(pk=made.pk("extract_confirmed"))
    names = [
        field.attname for field in StagedImport._meta.concrete_fields if field.attname not in ("id", "recorded_at")
    ]
    values = {name: getattr(kept, name) for name in names}
    rows = StagedImport.objects.bulk_create(
        StagedImport(**values | {"content_sha256": f"{n:064d}", "target_id": made.pk("draft_fund")}) for n in numbers
    )
    posted = Transaction.objects.filter(batch=kept.pk).values()[0]
    parked = ParkedRow.objects.filter(batch=kept.pk).values()[0]
    for model, given in ((Transaction, posted), (ParkedRow, parked)):
        model.objects.bulk_create(model(**given | {"id": uuid4(), "batch": row.pk}) for row in rows)


def loads(made: Everything, numbers: range) -> None:
    """Files loaded into the return, each with as many cells that change and as many that do not."""
    kept = StagedImport.objects.get(pk=made.pk("load_staged"))
    values = {
        field.attname: getattr(kept, field.attname)
        for field in StagedImport._meta.concrete_fields
        if field.attname not in ("id", "recorded_at")
    }
    StagedImport.objects.bulk_create(StagedImport(**values | {"content_sha256": f"{n:064d}"}) for n in numbers)
    refused = StagedImport.objects.get(pk=made.pk("load_refused")).problems[0]
    kept.changes += [kept.changes[0]] * len(numbers)
    kept.problems = [refused | {"kind": "stale"}] * len(numbers)
    kept.save(update_fields=["changes", "problems"])


def audit_lines(made: Everything, numbers: range) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(
            kind="fund.created",
            at=NOON,
            system="test",
            partner_id=made.pk("council"),
            partner_name="Southwark Council",
            target_type="pooled_budgets.fund",
            target_id=made.pk("fund"),
            target_name=f"Fund {n}",
        )
        for n in numbers
    )


def tokens(made: Everything, numbers: range) -> None:
    now = timezone.now()
    ApiToken.objects.bulk_create(
        ApiToken(
            person=made.world.person("finance"),
            name=f"Token {n}",
            digest=f"{n:064d}",
            scopes=["read"],
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
        for n in numbers
    )


# What is read


def successions(made: Everything, numbers: range) -> None:
    """Confirmed and draft ones of the CCG, each with a line."""
    shared = {"prepared_by": made.world.sitting_member(), "prepared_by_name": "Operator", "prepared_at": NOON}
    later = Organisation.objects.bulk_create(
        Organisation(key=f"later-{n}", name=f"NHS Later {n}", kind="icb") for n in numbers
    )
    rows = Succession.objects.bulk_create(
        Succession(kind="merger", effective_on=date(2014, 7, 1), legal_reference=f"Order {n}", **shared)
        for n in numbers
    )
    SuccessionLine.objects.bulk_create(
        SuccessionLine(succession=row, position=1, predecessor=made["ccg"], successor=organisation)
        for row, organisation in zip(rows, later, strict=True)
    )


def moves(made: Everything, numbers: range) -> None:
    """What a confirmed succession of the CCG moved: holdings in two parts each."""
    SuccessionMove.objects.bulk_create(
        SuccessionMove(
            succession=confirmed(made),
            position=n,
            kind="Contribution to a fund",
            key=made.pk("fund"),
            label=f"Source {n}",
            predecessor=made["ccg"],
            predecessor_name="NHS Southwark CCG",
            successor=successor,
            successor_name="" if successor is None else successor.name,
            whole=Decimal(7),
            amount=amount,
        )
        for n in numbers
        for successor, amount in ((made["later_icb"], Decimal(4)), (None, Decimal(3)))
    )


def confirmed(made: Everything) -> Succession:
    """The draft that ends the CCG, as if it were confirmed."""
    Succession.objects.filter(pk=made.pk("succession"), state="draft").update(
        state="confirmed",
        confirmed_by=made.world.sitting_member(),
        confirmed_by_name="Member",
        confirmed_at=NOON,
        preview_sha256="0" * 64,
    )
    return Succession.objects.get(pk=made.pk("succession"))


@dataclass(frozen=True)
class Budget:
    """An address, what grows under it, who reads, and how many queries that may cost."""

    name: str
    grows: Grower
    on: dict[str, str] = field(default_factory=dict)
    query: str = ""
    actor: str = "council finance"
    at_most: int = AT_MOST

    def __str__(self) -> str:
        return f"{self.name} {self.grows.__name__} {self.actor}"

    def address(self, made: Everything) -> str:
        parts = {
            key: made.pk(name) if name in made.objects else name.removeprefix("=") for key, name in self.on.items()
        }
        return reverse(self.name, kwargs=parts) + (f"?{self.query}" if self.query else "")


SUCCESSION = {"pk": "succession"}
FUND, BOARD, RETURN, COUNCIL = {"pk": "fund"}, {"pk": "board"}, {"pk": "open_return"}, {"pk": "council"}
LEAVER = COUNCIL | {"person_pk": "metrics_person"}
TABLE = [
    Budget("home", risks),
    Budget("home", funds),
    Budget("home", returns, actor="ccg metrics"),
    Budget("home", returns, actor="ccg approver"),
    Budget("home", briefs, actor="council governance"),
    Budget("home", reports, actor="sitting member"),
    Budget("partners:directory", organisations),
    Budget("partners:organisation", members, COUNCIL, at_most=REGISTER_PAGE),
    Budget("partners:organisation", codes, COUNCIL, at_most=REGISTER_PAGE),
    Budget("partners:organisation", boards, COUNCIL, at_most=REGISTER_PAGE),
    Budget("partners:organisation", funds, COUNCIL, at_most=REGISTER_PAGE),
    Budget("partners:areas", areas),
    Budget("partners:area", served, {"pk": "area"}),
    Budget("partners:area", boards, {"pk": "area"}),
    Budget("partners:area", funds, {"pk": "area"}),
    Budget("partners:footprints", footprints),
    Budget("partners:footprint", footprints_inside, {"pk": "footprint"}),
    Budget("partners:footprint_new", footprints, actor="operator"),
    Budget("partners:footprint_move", footprints, {"pk": "footprint"}, actor="operator"),
    Budget("partners:service_new", areas, {"pk": "council"}, actor="operator"),
    Budget("partners:organisation", services_of_the_spare, {"pk": "spare"}, actor="operator", at_most=REGISTER_PAGE),
    Budget("partners:audit", audit_lines, COUNCIL, actor="council auditor"),
    Budget("partners:audit_file", audit_lines, COUNCIL, actor="council auditor", at_most=16),
    Budget("partners:view_as", members, COUNCIL, actor="council admin"),
    Budget("partners:why", seats, {"kind": "=board", "pk": "board"}),
    Budget("partners:tokens", tokens),
    Budget("partners:successions", successions, actor="ccg admin"),
    Budget("partners:successions", successions, actor="operator"),
    Budget("partners:succession", contributions, SUCCESSION, actor="ccg admin", at_most=PREVIEW_PAGE),
    Budget("partners:succession", contributions, SUCCESSION, actor="operator", at_most=PREVIEW_PAGE),
    Budget("partners:succession", boards, SUCCESSION, actor="ccg admin", at_most=PREVIEW_PAGE),
    Budget("partners:succession", risks, SUCCESSION, actor="ccg admin", at_most=PREVIEW_PAGE),
    Budget("partners:succession", moves, SUCCESSION, actor="ccg admin"),
    Budget("home", successions, actor="ccg admin"),
    Budget("home", roles_of_the_council, actor="council admin"),
    Budget("partners:operations", organisations, actor="operator"),
    Budget("partners:operations", roles_of_the_council, actor="operator"),
    Budget("partners:people", roles_of_the_council, COUNCIL),
    Budget("partners:people", roles_of_the_council, COUNCIL, actor="council admin"),
    Budget("partners:people", invitations, COUNCIL, actor="council admin"),
    Budget("partners:review", roles_of_the_council, COUNCIL, actor="council admin"),
    Budget("partners:person", roles_of_the_council, COUNCIL | {"person_pk": "metrics_person"}, actor="council admin"),
    Budget("partners:deputy_new", roles_of_the_council, {"pk": "approver_role"}, actor="council admin"),
    Budget("partners:person_leaves", roles_of_the_council, LEAVER, actor="council admin"),
    Budget("partners:person_leaves", returns, LEAVER, actor="council admin"),
    Budget("partners:person_leaves", funds, LEAVER, actor="council admin"),
    Budget("governance:boards", boards),
    Budget("governance:board", meetings, BOARD),
    Budget("governance:board", seats, BOARD),
    Budget("governance:board", reports, BOARD),
    Budget("programme:programme", risks),
    Budget("programme:programme", boards),
    Budget("pooled_budgets:funds", funds),
    Budget("pooled_budgets:fund", schemes, FUND),
    Budget("pooled_budgets:fund", contributions, FUND),
    Budget("pooled_budgets:monitoring", schemes, FUND, "quarter=2"),
    Budget("pooled_budgets:plan_upload", imports, FUND),
    Budget("pooled_budgets:plan_template", schemes, FUND),
    Budget("governance:decisions", decisions, BOARD),
    Budget("governance:delegations", decisions, BOARD),
    Budget("agreements:aligned_budgets", registers),
    Budget("agreements:joint_contracts", registers),
    Budget("pooled_budgets:ledger", schemes, FUND),
    Budget("pooled_budgets:grid", schemes, FUND),
    Budget("pooled_budgets:outturns", schemes, FUND),
    Budget("pooled_budgets:outturn_snapshots", schemes, FUND),
    Budget("pooled_budgets:balances", schemes, FUND),
    Budget("pooled_budgets:months", schemes, FUND),
    Budget("pooled_budgets:commitments", schemes, FUND),
    Budget("pooled_budgets:schemes", schemes, FUND),
    Budget("pooled_budgets:rules", schemes, FUND),
    Budget("pooled_budgets:profile", schemes, FUND),
    Budget("pooled_budgets:risk_share", schemes, FUND),
    Budget("pooled_budgets:performance", funds, {"pk": "draft_fund"}),
    Budget("pooled_budgets:risk_share_figures", schemes, FUND),
    Budget("pooled_budgets:risk_share_rules", schemes, FUND),
    Budget("pooled_budgets:parked", schemes, FUND),
    Budget("pooled_budgets:extracts", schemes, FUND),
    Budget("pooled_budgets:virement_new", schemes, FUND),
    Budget("pooled_budgets:ledger", postings, FUND),
    Budget("pooled_budgets:grid", postings, FUND),
    Budget("pooled_budgets:contributions", contributions, FUND),
    Budget("pooled_budgets:settlement", schemes, FUND),
    Budget("pooled_budgets:settlement", contributions, FUND, actor="council approver"),
    Budget("pooled_budgets:settlement_version", schemes, FUND | {"number": "=1"}),
    Budget("pooled_budgets:settlement_version", postings, FUND | {"number": "=1"}, actor="council approver"),
    Budget("pooled_budgets:settlement_prepare", schemes, FUND),
    Budget("pooled_budgets:settlement_approve", decisions, FUND | {"number": "=1"}, actor="council approver"),
    Budget("pooled_budgets:carry_forward", decisions, FUND, actor="council approver"),
    Budget("pooled_budgets:memorandum", schemes, FUND | {"number": "=1"}),
    Budget("pooled_budgets:virements", moved, FUND),
    Budget("pooled_budgets:recurrent", recurrent, {"pk": "draft_fund"}),
    Budget("pooled_budgets:authority", moved),
    Budget("pooled_budgets:fund_authority", moved, FUND),
    Budget("home", moved, actor="council approver"),
    Budget("api:settlements-list", settlements),
    Budget("api:ledger-extracts-list", extracts),
    Budget("api:funds-months", schemes, FUND),
    Budget("api:funds-months", postings, FUND),
    Budget("api:transactions-list", postings),
    Budget("api:virements-list", moved),
    Budget("api:aligned-budgets-list", registers),
    Budget("api:joint-contracts-list", registers),
    Budget("api:agreement-versions-list", versions),
    Budget("api:scheme-lines-list", schemes),
    Budget("api:decisions-list", decisions),
    Budget("api:delegations-list", decisions),
    Budget("bcf_metrics:returns", returns),
    Budget("bcf_metrics:returns", funds),
    Budget("bcf_metrics:return_detail", figures, RETURN, at_most=RETURN_PAGE),
    Budget("bcf_metrics:return_detail", schemes, RETURN, at_most=RETURN_PAGE),
    Budget("bcf_metrics:figures", figures, RETURN, actor="ccg metrics"),
    Budget("bcf_metrics:grid", figures, RETURN, actor="ccg metrics", at_most=GRID_PAGE),
    Budget("bcf_metrics:target", figures, {"pk": "plan"}, actor="ccg metrics"),
    Budget("bcf_metrics:metric", figures, {"pk": "plan"}),
    Budget("bcf_metrics:load", loads, RETURN),
    Budget("bcf_metrics:figure_file", figures, RETURN, actor="ccg metrics"),
    Budget("bcf_metrics:figure_template", figures, RETURN, actor="ccg metrics"),
    Budget("bcf_metrics:open_data", schemes, RETURN, at_most=RETURN_PAGE),
    Budget("bcf_metrics:load_preview", loads, RETURN | {"import_pk": "load_staged"}),
    *(
        Budget(
            name,
            areas_of_region,
            {"pk": "region"},
            actor="hackney governance",
            at_most=REGION_PAGE,
            query="quarter=2014-1",
        )
        for name in ("bcf_metrics:completeness", "bcf_metrics:completeness_csv")
    ),
    Budget("bcf_metrics:waivers", figures, {"pk": "plan"}),
    Budget("bcf_metrics:official", schemes, RETURN, at_most=OFFICIAL_PAGE),
    Budget("bcf_metrics:official_line", schemes, RETURN, at_most=OFFICIAL_PAGE),
    Budget("bcf_metrics:official_filled", schemes, RETURN | {"filling_pk": "official_filling"}),
    Budget("bcf_metrics:compare", schemes, RETURN, at_most=COMPARE_PAGE),
    Budget("bcf_metrics:compare", figures, RETURN, at_most=COMPARE_PAGE),
    Budget("bcf_metrics:section_owner", schemes, RETURN | {"tab": "=narrative"}),
    Budget("bcf_metrics:section", schemes, RETURN | {"tab": "income_and_expenditure"}, at_most=RETURN_PAGE),
    Budget("reports:reports", reports),
    Budget("reports:reports", briefs, actor="council governance"),
    Budget("reports:new", funds, actor="council governance"),
    Budget("reports:dashboard", schemes, BOARD, actor="sitting member"),
    Budget("reports:dashboard", figures, BOARD, actor="sitting member"),
    Budget("reports:dashboard", reports, BOARD, actor="sitting member"),
    Budget("api:areas-list", areas),
    Budget("api:organisations-list", organisations),
    Budget("api:footprints-list", footprints),
    Budget("api:successions-list", successions, actor="ccg admin"),
    Budget("api:audit-list", audit_lines, actor="council auditor"),
    Budget("api:boards-list", boards),
    Budget("api:meetings-list", meetings),
    Budget("api:agreements-list", agreements),
    Budget("agreements:agreements", agreements),
    Budget("api:funds-list", funds),
    Budget("api:funds-position", schemes, FUND),
    Budget("api:schemes-list", schemes),
    Budget("api:contributions-list", contributions),
    Budget("api:forecasts-list", schemes),
    Budget("api:imports-list", imports),
    Budget("api:metrics-list", figures),
    Budget("api:metric-values-list", figures),
    Budget("api:returns-list", returns),
    Budget("api:reports-list", reports),
]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), set_up() as made:
        yield made


def cost(stage: Stage, address: str, actor: str) -> tuple[int, list[str]]:
    """How many queries one reading takes, and what was asked."""
    with CaptureQueriesContext(connection) as captured:
        response: Any = stage.request(address, "GET", actor)
    assert response.status_code == 200, address
    # That somebody is at work is written down once a minute, whatever they read.
    beside = ("SAVEPOINT", 'UPDATE "partners_session"')
    asked = [query["sql"] for query in captured if not any(words in query["sql"] for words in beside)]
    return len(asked), asked


@pytest.mark.parametrize("budget", TABLE, ids=str)
def test_reading_costs_the_same_at_10_and_200_rows(stage: Stage, budget: Budget):
    address = budget.address(stage.made)
    with stage.undone():
        budget.grows(stage.made, range(FEW))
        stage.request(address, "GET", budget.actor)  # what is kept for good is read now
        few, _ = cost(stage, address, budget.actor)
        budget.grows(stage.made, range(FEW, MANY))
        many, asked = cost(stage, address, budget.actor)

    assert few == many, "\n".join(asked)
    assert many <= budget.at_most, "\n".join(asked)


@pytest.mark.parametrize(
    ("grows", "kind", "pk"),
    [(schemes, "fund", "fund"), (meetings, "board", "board"), (figures, "return", "open_return")],
    ids=["fund", "board", "return"],
)
def test_timeline_costs_no_more_than_one_query_for_each_part(stage: Stage, grows: Grower, kind: str, pk: str):
    """Parts of which a page shows nothing cost nothing, so that the number is no constant; its limit is."""
    address = Budget("partners:history", grows, {"kind": f"={kind}", "pk": pk}).address(stage.made)
    with stage.undone():
        for numbers in (range(FEW), range(FEW, MANY)):
            grows(stage.made, numbers)
            number, asked = cost(stage, address, "council finance")
            assert number <= HISTORY_PAGE + len(kinds.named(kind).parts), "\n".join(asked)


@pytest.mark.parametrize(("name", "on"), [("home", {}), ("reports:dashboard", BOARD)])
def test_page_with_the_most_parts_costs_no_more_to_an_account_of_somebodys_own(
    stage: Stage, name: str, on: dict[str, str]
):
    """Whoever is no demonstration is asked for a second factor too, which takes a query."""
    with stage.undone():
        risks(stage.made, range(FEW))
        User.objects.filter(pk=stage.made.world.person("finance").pk).update(is_demonstration=False)
        address = Budget(name, risks, on).address(stage.made)
        stage.request(address, "GET", "council finance")
        number, asked = cost(stage, address, "council finance")

    assert any("mfa_authenticator" in sql for sql in asked)
    assert number <= AT_MOST, "\n".join(asked)


def test_page_of_a_leaver_with_every_role_costs_no_more_to_an_administrator_with_an_account_of_their_own(stage: Stage):
    """Every app is asked what waits for the leaver, and the reader for a second factor."""
    with stage.undone():
        world = stage.made.world
        leaver, reader = world.person("metrics"), world.person("admin")
        for role in set(Role) - {Role.METRICS, Role.OPERATOR}:
            give_role(leaver, world.council, role)
        User.objects.filter(pk=reader.pk).update(is_demonstration=False)
        TOTP.activate(reader, "JBSWY3DPEHPK3PXP")
        address = Budget("partners:person_leaves", returns, LEAVER).address(stage.made)
        stage.request(address, "GET", "council admin")
        number, asked = cost(stage, address, "council admin")

    assert any("mfa_authenticator" in sql for sql in asked)
    assert number <= AT_MOST, "\n".join(asked)


def test_every_list_of_the_api_has_a_budget():
    from tests.architecture.matrix.addresses import addresses

    lists = {name for name, _ in addresses() if name.startswith("api:") and name.endswith("-list")}

    assert lists - {budget.name for budget in TABLE} == set()
