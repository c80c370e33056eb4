"""One of everything that a partner can own, around the `world`: drafts and released rows of each kind.

Every text that a person can enter carries `mark`, and every amount is one of AMOUNTS, so that a test can look for both
where they must not be.
"""

import hashlib
import io
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from bcf_metrics.domain import cell_map, official
from bcf_metrics.domain import content as contents
from bcf_metrics.domain.round_trip import WRONG, Change, Refused
from bcf_metrics.models import (
    CellMap,
    MetricDefinition,
    MetricFigure,
    MetricPlan,
    MetricWaiver,
    NationalCondition,
    OfficialFile,
    OfficialFilling,
    PolicyDraft,
    PolicyYear,
    QuarterlyReturn,
    ReturnAnswer,
    ReturnEvent,
    ReturnSection,
    ReturnTemplate,
    ReturnVersion,
    Signature,
)
from bcf_metrics.selectors import content as return_content
from bcf_metrics.selectors import loads
from bcf_metrics.services import policy, policy_drafts, policy_rows
from governance.domain.authority import Matter
from governance.models import BoardLink, Seat
from integration_hub.core.models import AuditEvent, Job, Period, StagedImport
from integration_hub.core.quarters import FinancialYear, Quarter
from integration_hub.core.spreadsheets.patch import Workbook, Write
from integration_hub.core.states import FigureState
from partners.domain.roles import Permission, Role
from partners.models import (
    ApiToken,
    Footprint,
    FootprintArea,
    FootprintLink,
    Membership,
    OrganisationArea,
    OrganisationCode,
    Succession,
    SuccessionLine,
    User,
)
from partners.selectors import successions as succession_rows
from partners.services import deputies, invitations, links, memberships, single_sign_on, tokens
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import (
    AgreementAttachment,
    AgreementDraft,
    AgreementVersion,
    AlignedBudget,
    Forecast,
    Fund,
    FundingLine,
    JointContract,
    LedgerCode,
    PeriodLock,
    RiskShareFigures,
    RiskShareRules,
    RiskShareScenario,
    Scheme,
    SchemeLead,
    SchemeLine,
    Virement,
)
from pooled_budgets.presenters import plan_files
from pooled_budgets.presenters.plan_files import PlanFile, PlanRow
from pooled_budgets.services import forecasts, plans, virements
from pooled_budgets.services import settlement as settlements
from programme.models import NextStep, Risk
from reports.domain import brief as words_of
from reports.domain import snapshot as snapshots
from reports.models import Report, ReportBrief, ReportDocument
from reports.presenters import document, html
from tests.factories import authority, fund_of_the_year, ledger, settlement, worlds
from tests.factories import official as official_file
from tests.factories.money import (
    AgreementFactory,
    BoardFactory,
    FundFactory,
    MeetingFactory,
    join_agreement,
    join_board,
    quarter,
    terms_of,
)
from tests.factories.partners import LONG_AGO, NOON, OrganisationFactory, UserFactory, give_role

SCHEME_BUDGETS = ("1234567.89", "2345678.91", "345678.12")
DRAFT_OUTTURN, RELEASED_OUTTURN, STAGED_BUDGET, CONTRIBUTION, FUND_TOTAL, DRAFT_TOTAL = (
    "613579.24",
    "1246813.57",
    "789456.13",
    "3579135.79",
    "7654321.09",
    "4567891.23",
)
DRAFT_VALUE, RELEASED_VALUE, TARGET = "472913", "581379", "619371"
# The answer to a field of a return.
ANSWER = "{} joint answer"
# What stands in the texts of rows that their partner has not released: the council's, and the CCG's.
DRAFT, CCG_DRAFT = "COUNCIL-ONLY", "CCG-ONLY"
SNAPSHOT = Path(__file__).parents[1] / "unit" / "reports" / "snapshot_southwark.json"
# The Southwark amounts as pages, workbooks and the API may print them.
AMOUNTS = (
    *SCHEME_BUDGETS,
    DRAFT_OUTTURN,
    RELEASED_OUTTURN,
    STAGED_BUDGET,
    CONTRIBUTION,
    FUND_TOTAL,
    DRAFT_TOTAL,
)
DRAFT_AMOUNTS = (DRAFT_OUTTURN, STAGED_BUDGET, DRAFT_TOTAL)


def printed(amount: str) -> tuple[str, ...]:
    """An amount as it may stand in a page or an answer."""
    return (amount, f"{Decimal(amount):,.2f}")


@dataclass
class Everything:
    """The world with its objects by name: everything["fund"], everything.pk("fund")."""

    world: worlds.World
    mark: str
    objects: dict[str, models.Model] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.objects[name]

    def pk(self, name: str) -> str:
        return str(self.objects[name].pk)

    def keep(self, **named: models.Model) -> None:
        self.objects.update(named)


def build(mark: str = "") -> Everything:
    """Everything of Southwark; Hackney's people are strangers to all of it. `mark` is put into each text."""
    made = Everything(worlds.build(), mark)
    _people(made)
    _boards(made)
    _money(made)
    _agreements(made)
    fund_of_the_year.add(made)
    ledger.add(made)
    _programme(made)
    _metrics(made)
    _returns(made)
    _official(made)
    _loads(made)
    _reports(made)
    _successions(made)
    _regions(made)
    made.keep(audit_event=AuditEvent.objects.filter(partner_id=made.pk("council")).latest("recorded_at"))
    return made


def _regions(made: Everything) -> None:
    """A region with Southwark in it; the governance officer of Hackney reads how far its returns are, and no more."""
    region = Footprint.objects.create(key="region", kind="region", name="The region", body=made.world.hackney)
    FootprintArea.objects.create(footprint=region, area=made.world.area)
    give_role(made.world.person("governance", "hackney"), made.world.hackney, Role.REGIONAL)
    made.keep(region=region)


def _successions(made: Everything) -> None:
    """A draft that ends the CCG, which its administrator has to agree to, and one that concerns nobody's people."""
    preparer = UserFactory(email="preparer@hub.example", name="Operator who prepared it")
    later = OrganisationFactory(key="later-icb", name="NHS Later ICB", kind="icb")
    shared = {"prepared_by": preparer, "prepared_by_name": str(preparer), "prepared_at": NOON}
    made.keep(
        later_icb=later,
        succession=Succession.objects.create(
            kind="merger", effective_on=date(2014, 7, 1), legal_reference="Order 2014", **shared
        ),
        renaming=Succession.objects.create(
            kind="rename",
            effective_on=date(2014, 7, 1),
            legal_reference="Order 2014",
            renamed=later,
            new_name="NHS Later still ICB",
            **shared,
        ),
    )
    SuccessionLine.objects.create(
        succession=made["succession"], position=1, predecessor=made.world.ccg, successor=later, copy_people=True
    )


def seen(made: Everything, name: str) -> str:
    """The digest of a succession's preview, as its page shows it."""
    draft = Succession.objects.get(pk=made.pk(name))
    return succession_rows.preview(draft, succession_rows.lines_of(draft)).sha256


def former(world: worlds.World) -> User:
    """A person whose only role ended yesterday."""
    key = ("finance", "former")
    if key not in world.people:
        person = UserFactory(email="former@council.example", name="Former officer")
        memberships.grant(
            person=person,
            organisation=world.council,
            role=Role.FINANCE,
            starts_on=LONG_AGO,
            ends_on=timezone.localdate() - timedelta(days=1),
            by=None,
            at=NOON,
            system="test",
        )
        world.people[key] = person
    return world.people[key]


def _people(made: Everything) -> None:
    world = made.world
    for name in ("council", "ccg"):
        organisation = getattr(world, name)
        organisation.note = f"The directory is no secret among those who work on integration ({name})"
        organisation.save()
        made.keep(**{name: organisation})
    made.keep(hackney=world.hackney, area=world.area)
    made.keep(
        code=OrganisationCode.objects.create(
            organisation=world.council, scheme="ons", code="E09000028", checked=True, source="A published list"
        )
    )
    # An organisation of which nobody has anything, and two geographies, one inside the other.
    spare = OrganisationFactory(key="spare-provider", name="Spare provider", kind="provider")
    wide = Footprint.objects.create(key="wide", kind="ics", name="Wide system")
    narrow = Footprint.objects.create(key="narrow", kind="locality", name="Narrow locality")
    FootprintLink.objects.create(child=narrow, parent=wide)
    made.keep(
        spare=spare,
        service=OrganisationArea.objects.create(organisation=spare, area=world.area),
        footprint=wide,
        narrow_footprint=narrow,
    )
    _single_sign_on(made)
    for role in ("finance", "governance"):
        token = tokens.make(
            name=f"{made.mark} token of {role}",
            scopes=tokens.READ_AND_WRITE,
            lasts=timedelta(days=30),
            by=world.person(role),
            at=timezone.now(),
        )
        made.keep(**{f"token_{role}": ApiToken.objects.get(pk=token.token.pk)})
        made.secrets[role] = token.secret
    _life_cycle(made)


def _life_cycle(made: Everything) -> None:
    """An invitation that waits, one whose link is known, a deputy, and a role that the yearly review asks about."""
    world, mark = made.world, made.mark
    administrator, now = world.person("admin"), timezone.now()
    metrics, approver = world.person("metrics"), world.person("approver")
    for name in ("invitation", "linked_invitation"):
        invitation = invitations.invite(
            organisation=world.council,
            email=f"{name.replace('_', '.')}@council.example",
            name=f"{mark} {DRAFT} {name}",
            roles=[Role.FINANCE],
            starts_on=timezone.localdate(),
            ends_on=None,
            site="http://testserver/",
            by=administrator,
            # Long enough ago that it may be sent again.
            at=now - timedelta(hours=2),
        )
        made.keep(**{name: invitation})
    # The letter of one has been written.
    link = links.make(invitation_id=made.pk("linked_invitation"), at=now)
    if link is None:
        raise RuntimeError("the invitation waits")
    made.secrets["invitation"] = link.secret
    deputy = deputies.appoint(
        membership_id=approver.memberships.get().pk,
        person=metrics,
        wanted=[Permission.RETURN_EXPORT],
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate(),
        by=approver,
        at=now,
    )
    # The council came a year ago, so that a review of its roles is open.
    Membership.objects.filter(organisation=world.council).update(recorded_at=now - timedelta(days=350))
    made.keep(
        deputy=deputy,
        metrics_person=metrics,
        metrics_role=metrics.memberships.get(),
        approver_role=approver.memberships.get(),
    )


def _single_sign_on(made: Everything) -> None:
    """The council's provider, which does not answer, and two people who may have it: one not yet, one who waits."""
    council, administrator = made.world.council, made.world.person("admin")
    provider = single_sign_on.set_up(
        organisation=council,
        name=f"{made.mark} account",
        issuer="nowhere",
        client_id="hub",
        secret="secret",
        reason="test",
        system="test",
        at=timezone.now(),
    )
    people = []
    for number in range(2):
        person = UserFactory(email=f"own{number}@council.example", name=f"Own {number}", is_demonstration=False)
        give_role(person, council, Role.MEMBER)
        people.append(person)
    link = single_sign_on.allow(provider_id=provider.pk, person_id=people[1].pk, by=administrator, at=timezone.now())
    made.keep(single_sign_on=provider, single_sign_on_link=link, own_account=people[0])


def _boards(made: Everything) -> None:
    world, mark = made.world, made.mark
    world.board.note = f"{mark} note of the board"
    world.board.since = f"{mark} since"
    world.board.name = f"{mark} Southwark Health and Wellbeing Board"
    world.board.save()
    lower = BoardFactory(key="southwark-smt", name=f"{mark} Joint management team", area=world.area)
    join_board(lower, world.council, world.ccg)
    BoardLink.objects.create(parent=world.board, child=lower, note=f"{mark} link")
    world.meeting.title = f"{mark} title of the meeting"
    world.meeting.purpose = f"{mark} purpose"
    world.meeting.outcome = f"{mark} outcome"
    world.meeting.save()
    world.sitting_member()
    Seat.objects.filter(board=world.board).update(title=f"{mark} Member")
    made.keep(
        board=world.board,
        lower_board=lower,
        meeting=world.meeting,
        coming_meeting=MeetingFactory(board=world.board, held_on=date(2014, 10, 27), title=f"{mark} coming"),
        bare_meeting=MeetingFactory(board=lower, held_on=date(2014, 9, 8)),
    )
    _authority(made)


def _recurrent(made: Everything) -> None:
    """An approved virement of 2014/15 that is recurrent, for the draft fund of the year after to answer."""
    made.keep(recurrent_virement=recurrent_virement(made, 900))


def recurrent_virement(made: Everything, number: int) -> Virement:
    """One that never went through the services: no budget moved."""
    lines = SchemeLine.objects.filter(scheme__fund=made["fund"]).order_by("scheme__position")
    return Virement.objects.create(
        fund=made["fund"],
        owner=made["council"],
        number=number,
        from_line=lines[0],
        to_line=lines[1],
        amount=Decimal("1.07"),
        recurrent=True,
        reason=f"{made.mark} recurrent",
        effective_on=date(2014, 8, 1),
        status="approved",
        decision=made["decision"],
        prepared_by=made.world.person("finance"),
        prepared_at=NOON,
        decided_by=made.world.person("approver"),
        decided_at=NOON,
        decided_on=NOON.date(),
        released_at=NOON,
    )


def _authority(made: Everything) -> None:
    """A decision of the board and a delegation in its register, which its partners and sitting members read."""
    world, mark = made.world, made.mark
    words = {"title": f"{mark} decision", "text": f"{mark} text of what was resolved", "source": f"{mark} minutes"}
    made.keep(
        decision=authority.decision(
            world, reference=f"{mark} 2014/12", matters=[Matter.VIREMENT, Matter.RETURN], **words
        ),
        delegation=authority.delegation(
            world, reference=f"{mark} D1", scheme_text=f"{mark} part 3", note=f"{mark} note of the delegation"
        ),
    )


def _money(made: Everything) -> None:
    world, mark = made.world, made.mark
    finance = world.person("finance")
    periods = {number: quarter(2014, number) for number in range(1, 5)}
    for number, period in periods.items():
        made.keep(**{f"quarter_{number}": period})
    quarter(2015, 1)
    agreement, fund = world.agreement, world.fund
    for name in ("title", "statutory_basis", "note"):
        setattr(agreement, name, f"{mark} Southwark {name}")
    agreement.host = world.council
    agreement.save()
    fund.name, fund.total = f"{mark} Better Care Fund", Decimal(FUND_TOTAL)
    fund.total_note, fund.split_note, fund.source = f"{mark} total", f"{mark} split", f"{mark} source"
    fund.discrepancies = [{"figure": "Total", "printed": "£1.3m", "where": f"{mark} 42", "note": f"{mark} discrepancy"}]
    fund.save()
    draft_fund = FundFactory(
        agreement=agreement,
        owner=world.council,
        financial_year=2015,
        name=f"{mark} {DRAFT} fund",
        total=Decimal(DRAFT_TOTAL),
        released_at=None,
    )
    contribution = FundingLine.objects.create(
        fund=fund,
        owner=world.council,
        position=1,
        source=f"{mark} existing transfers",
        payer=world.ccg,
        amount=Decimal(CONTRIBUTION),
        note=f"{mark} contribution",
        at=date(2014, 4, 1),
        released_at=NOON,
    )
    schemes = [_scheme(fund, number, Decimal(budget), mark) for number, budget in enumerate(SCHEME_BUDGETS, start=1)]
    LedgerCode.objects.create(
        line=SchemeLine.objects.get(scheme=schemes[0]), organisation=world.council, code=f"{mark} ledger"
    )
    _forecast(fund, periods[1], "1", RELEASED_OUTTURN, f"{mark} released note", finance)
    forecasts.release(fund=fund, period=periods[1], by=finance, at=NOON)
    _forecast(fund, periods[2], "1", DRAFT_OUTTURN, f"{mark} {DRAFT} note", finance)
    PeriodLock.objects.create(
        fund=fund,
        period=periods[1],
        locked_at=NOON,
        locked_by_name="Finance of council",
        reason=f"{mark} lock",
        who_can_lift="The approvers",
    )
    made.keep(
        # Effective in a quarter that is open, and prepared by the council's finance officer, who may not decide on it.
        virement=virements.prepare(
            fund_id=fund.pk,
            from_line=schemes[1].lines.get().pk,
            to_line=schemes[2].lines.get().pk,
            amount=Decimal("12345.67"),
            reason=f"{mark} reason of the virement",
            effective_on=date(2014, 8, 1),
            by=finance,
            at=NOON,
        ),
        agreement=agreement,
        fund=fund,
        draft_fund=draft_fund,
        contribution=contribution,
        scheme=schemes[0],
        scheme_without_figure=schemes[1],
        forecast=Forecast.objects.get(scheme=schemes[0], period=periods[1]),
        draft_forecast=Forecast.objects.get(scheme=schemes[0], period=periods[2]),
        **{f"import_{name}": _staged(made, name, finance) for name in ("staged", "refused", "confirmed")},
    )
    _recurrent(made)
    _risk_share(made)
    _settlement(made)


def _settlement(made: Everything) -> None:
    """A settlement that waits for approval, prepared by the council's finance officer."""
    world = made.world
    content = settlement.content(world.council.key, world.ccg.key, mark=made.mark)
    made.keep(settlement=settlement.frozen(made["fund"], world.council, content, by=world.person("finance")))


def add_year_ends(made: Everything) -> None:
    """Years that can be settled: one with nothing done, one whose settlement waits, one settled with a balance left."""
    world, mark = made.world, made.mark
    allowed = settlement.decision(world, reference=f"{mark} 2015/1", title=f"{mark} year", text=f"{mark} year")
    unsettled, waiting, settled = (
        settlement.small_year(world, f"{mark} {name} fund") for name in ("unsettled", "waiting", "settled")
    )
    shared = {"by": world.person("finance"), "at": settlement.AFTER}
    settlements.prepare(fund_id=waiting.pk, **shared)
    approved = settlements.prepare(fund_id=settled.pk, **shared)
    settlement.approve(world, approved, allowed)
    later = Fund.objects.create(
        agreement=world.agreement,
        owner=world.council,
        financial_year=2015,
        name=f"{mark} later fund",
        total=Decimal("90.00"),
        released_at=NOON,
    )
    made.keep(
        unsettled_fund=unsettled, waiting_fund=waiting, settled_fund=settled, later_fund=later, year_decision=allowed
    )


def _risk_share(made: Everything) -> None:
    """Rules in force and a draft that its partner has released, another draft, a contingency, a lead, two what-ifs."""
    world, mark = made.world, made.mark
    finance, shared = world.person("finance"), {"agreement": world.agreement, "prepared_at": NOON}
    group = {
        "name": f"{mark} whole pool",
        "schemes": "rest",
        "overspend": [{"method": "fixed", "shares": {world.council.key: "50", world.ccg.key: "50"}}],
        "underspend": [{"method": "carry_forward"}],
    }
    # By the order of their ids the draft comes first: it alone can be changed.
    draft = RiskShareRules.objects.create(
        id=UUID(int=1),
        owner=world.council,
        groups=[{**group, "name": f"{mark} {DRAFT} pool"}],
        clause=f"{mark} {DRAFT} clause",
        note=f"{mark} {DRAFT} note",
        prepared_by=finance,
        prepared_by_name=str(finance),
        **shared,
    )
    preparer, approver = world.person("finance", "ccg"), world.person("approver", "ccg")
    released = RiskShareRules.objects.create(
        id=UUID(int=2),
        owner=world.ccg,
        groups=[group],
        clause=f"{mark} clause",
        prepared_by=preparer,
        prepared_by_name=str(preparer),
        released_at=NOON,
        **shared,
    )
    rules = RiskShareRules.objects.create(
        id=UUID(int=3),
        owner=world.council,
        number=1,
        groups=[group],
        clause=f"{mark} clause",
        note=f"{mark} note",
        effective_from=date(2014, 4, 1),
        prepared_by=finance,
        prepared_by_name=str(finance),
        approved_by=approver,
        approved_by_name=str(approver),
        approved_for=world.ccg,
        approved_at=NOON,
        released_at=NOON,
        **shared,
    )
    figures = RiskShareFigures.objects.create(
        fund=world.fund, contingency=Decimal(CONTRIBUTION), contingency_state="stated", at=date(2014, 4, 1)
    )
    lead = SchemeLead.objects.create(scheme=made["scheme"], lead=world.council, at=date(2014, 4, 1))
    made.keep(rules=rules, draft_rules=draft, released_rules=released, risk_share_figures=figures, scheme_lead=lead)
    for name, released_at, word in (("scenario", NOON, ""), ("draft_scenario", None, f"{DRAFT} ")):
        row = RiskShareScenario.objects.create(
            fund=world.fund,
            owner=world.council,
            name=f"{mark} {word}{name}",
            period=made["quarter_2"],
            outturns={"1": DRAFT_OUTTURN if word else RELEASED_OUTTURN},
            saved_by=finance,
            saved_by_name=str(finance),
            at=NOON,
            released_at=released_at,
        )
        made.keep(**{name: row})


def _agreements(made: Everything) -> None:
    """A copy of the terms that only the council's people see, with a document, and a version with its signatories."""
    world, mark, finance = made.world, made.mark, made.world.person("finance")
    prepared = {
        "prepared_by": finance,
        "prepared_by_name": str(finance),
        "prepared_at": NOON,
        "preparers": [{"id": str(finance.pk), "name": str(finance)}],
    }
    draft = AgreementDraft.objects.create(
        agreement=world.agreement,
        owner=world.council,
        content=terms_of(
            world.agreement,
            kind="section_75",
            services=f"{mark} {DRAFT} services",
            pool_manager=f"{mark} {DRAFT} manager",
        ),
        reason=f"{mark} {DRAFT} reason",
        **prepared,
    )
    attachment = AgreementAttachment.objects.create(
        draft=draft,
        filename=f"{mark} {DRAFT} agreement.pdf",
        content_type="application/pdf",
        content=f"%PDF-1.7 {mark} {DRAFT}".encode(),
        size=20,
        sha256="0" * 64,
        added_by_name=str(finance),
        added_at=NOON,
    )
    signing = AgreementFactory(
        key="signing",
        title=f"{mark} agreement with its signatories",
        status="with_partners",
        owner=world.council,
        area=world.area,
        board=world.board,
    )
    join_agreement(signing, world.council, world.ccg)
    content = terms_of(signing, commences_on="2026-04-01", services=f"{mark} services")
    version = AgreementVersion.objects.create(
        agreement=signing,
        number=1,
        content=content,
        sha256="0" * 64,
        effective_from=date(2026, 4, 1),
        **prepared,
    )
    AgreementDraft.objects.create(
        agreement=signing,
        owner=world.council,
        content=content,
        status="for_signature",
        version=version,
        released_at=NOON,
        **prepared,
    )
    beside = {"agreement": world.agreement, "owner": world.council, "amount": Decimal("41.17")}
    made.keep(
        aligned_budget=AlignedBudget.objects.create(
            **beside, service=f"{mark} {DRAFT} aligned", financial_year=2014, note=f"{mark} {DRAFT}"
        ),
        joint_contract=JointContract.objects.create(
            **beside, service=f"{mark} contract", provider=f"{mark} provider", released_at=NOON
        ),
    )
    made.keep(agreement_draft=draft, agreement_attachment=attachment, signing=signing, agreement_version=version)


def _scheme(fund: Fund, number: int, budget: Decimal, mark: str) -> Scheme:
    scheme = Scheme.objects.create(
        fund=fund,
        owner=fund.owner,
        number=str(number),
        position=number,
        name=f"{mark} scheme {number}",
        note=f"{mark} note of scheme {number}",
        released_at=NOON,
    )
    SchemeLine.objects.create(
        scheme=scheme, owner=fund.owner, budget=budget, at=date(fund.financial_year, 4, 1), released_at=NOON
    )
    return scheme


def _forecast(fund: Fund, period: Period, number: str, amount: str, note: str, by: User) -> None:
    entry = Entry(number=number, figure=Figure.stated(Decimal(amount)), note=note, source=note)
    forecasts.record(fund=fund, period=period, entries=[entry], by=by, at=NOON)


def sheet(made: Everything, name: str, *, wrong: bool = False) -> bytes:
    """A scheme plan as a file, which adds one scheme; `wrong` has an outturn that cannot be read."""
    rows = [
        *(
            PlanRow(str(number), f"{made.mark} scheme {number}", Decimal(budget), None, "")
            for number, budget in enumerate(SCHEME_BUDGETS, start=1)
        ),
        PlanRow(
            "9", f"{made.mark} {DRAFT} staged {name}", Decimal(STAGED_BUDGET), "£214,00" if wrong else Decimal(9), ""
        ),
    ]
    plan = PlanFile(made["area"].name, made.world.fund.name, Quarter(FinancialYear(2014), 3), tuple(rows))
    return plan_files.csv_file(plan)


def _staged(made: Everything, name: str, by: User) -> StagedImport:
    content = sheet(made, name, wrong=name == "refused")
    file = io.BytesIO(content)
    filename = f"{made.mark} {DRAFT} {name}.csv"
    if name == "confirmed":
        return _confirmed(made, content, filename, by)
    return plans.stage(fund=made.world.fund, file=file, filename=filename, by=by, at=NOON)


def _confirmed(made: Everything, content: bytes, filename: str, by: User) -> StagedImport:
    """An import that stands, of another fund, so that the others' previews stay as they are."""
    world = made.world
    fund = FundFactory(
        agreement=world.agreement,
        owner=world.council,
        financial_year=2014,
        name=f"{made.mark} imported fund",
        total=Decimal(FUND_TOTAL),
    )
    first, second = (
        PlanRow(number, f"{made.mark} imported scheme {number}", Decimal("100.00"), None, "") for number in ("1", "2")
    )

    def stage(*rows: PlanRow) -> StagedImport:
        plan = PlanFile(made["area"].name, fund.name, Quarter(FinancialYear(2014), 3), rows)
        file = io.BytesIO(plan_files.csv_file(plan))
        return plans.stage(fund=fund, file=file, filename=filename, by=by, at=NOON)

    confirmed = plans.confirm(import_id=stage(first).pk, by=by, at=NOON)
    # No quarter of this fund is locked, so that another plan may be confirmed as well.
    made.keep(imported_fund=fund, import_open=stage(first, second))
    return confirmed


def _programme(made: Everything) -> None:
    world, mark = made.world, made.mark
    for name, released_at, word in (("", NOON, ""), ("draft_", None, f"{DRAFT} ")):
        shared = {"board": world.board, "owner": world.council, "at": date(2014, 7, 1), "released_at": released_at}
        risk = Risk.objects.create(
            **shared, text=f"{mark} {word}risk", response=f"{mark} {word}response", held_by=f"{mark} {word}holder"
        )
        step = NextStep.objects.create(
            **shared, text=f"{mark} {word}step", held_by=f"{mark} {word}holder", due_on=date(2014, 9, 1)
        )
        made.keep(**{f"{name}risk": risk, f"{name}step": step})


def _metrics(made: Everything) -> None:
    """The policy of 2014/15 from the shipped files, plans for two metrics, a released and a draft figure."""
    world, mark = made.world, made.mark
    policy.load(at=NOON, system="test")
    definitions = list(MetricDefinition.objects.filter(policy_year__financial_year=2014).order_by("position"))
    for position, (name, definition) in enumerate(zip(("plan", "other_plan"), definitions, strict=False), start=1):
        plan = MetricPlan.objects.create(
            fund=world.fund,
            owner=world.ccg,
            metric=definition,
            position=position,
            name=f"{mark} metric {position}",
            unit=definition.unit,
            basis=definition.basis,
            target=Decimal(TARGET),
            target_period=f"{mark} full year",
            rationale=f"{mark} rationale",
            released_at=NOON,
        )
        made.keep(**{name: plan})
    waiver = MetricWaiver.objects.create(
        plan=made["plan"],
        owner=world.ccg,
        released_at=NOON,
        code="M2",
        reason=f"{mark} waiver",
        given_on=date(2014, 7, 14),
        until=date(2090, 12, 31),
        given_by=world.person("approver", "ccg"),
        given_at=NOON,
    )
    made.keep(waiver=waiver)
    for name, period, value, released_at, word in (
        ("figure", made["quarter_1"], RELEASED_VALUE, NOON, ""),
        ("draft_figure", made["quarter_2"], DRAFT_VALUE, None, f"{CCG_DRAFT} "),
    ):
        figure = MetricFigure.objects.create(
            plan=made["plan"],
            owner=world.ccg,
            period=period,
            value=Decimal(value),
            state=FigureState.STATED,
            value_period=f"{mark} {word}months",
            source=f"{mark} {word}source",
            challenges=f"{mark} {word}commentary",
            achievements=f"{mark} {word}achievements",
            support_needs=f"{mark} {word}support needs",
            action=f"{mark} {word}action",
            at=period.ends_on,
            entered_by=world.person("metrics", "ccg"),
            entered_at=NOON,
            released_at=released_at,
        )
        made.keep(**{name: figure})
    made.keep(
        definition=definitions[0],
        policy_year=PolicyYear.objects.get(financial_year=2014),
        condition=NationalCondition.objects.filter(policy_year__financial_year=2014).first(),
        template=ReturnTemplate.objects.get(policy_years__financial_year=2014),
    )
    made.keep(policy_draft=PolicyDraft.objects.first() or _policy_draft(world))
    # Published after the returns were opened: they go on with version 1.
    addendum = made["policy_year"].versions.get(number=1).content | {"note": "An addendum"}
    policy_rows.keep_policy(made["policy_year"], addendum, at=NOON, reason="An addendum")


def _policy_draft(world: worlds.World) -> PolicyDraft:
    """A year that somebody works on who is not the operator of the council."""
    drafter = world.person("operator", "ccg")
    draft = policy_drafts.begin(code="2025-26", source="2025-26", by=drafter, at=NOON)
    seen = policy_drafts.seen_of(policy_drafts.row_of(draft, "conditions", 0))
    values = {"text": "Corrected."}
    return policy_drafts.put_row(
        code="2025-26", part="conditions", index=0, values=values, seen=seen, by=drafter, at=NOON
    )


def _returns(made: Everything) -> None:
    """A return of quarter 1 that is signed, one of quarter 2 in progress, and one of quarter 3 with its signatories."""
    made.keep(
        signed_return=_return(made, made["quarter_1"], ["opened", "sent_for_sign_off", "signed", "signed"]),
        open_return=_return(made, made["quarter_2"], ["opened"]),
        sent_return=_return(made, made["quarter_3"], ["opened", "sent_for_sign_off"]),
    )
    ReturnSection.objects.create(
        quarterly_return=made["open_return"],
        tab="narrative",
        title=f"{made.mark} section",
        owner=made.world.council,
        assigned_by_name=f"{made.mark} by",
        assigned_at=NOON,
    )


def _official(made: Everything) -> None:
    """An official workbook of the return in progress, its cell map, and one that was filled in from it."""
    world, mark = made.world, made.mark
    blank = official_file.blank()
    workbook = Workbook(blank)
    person = world.person("finance")
    file = OfficialFile.objects.create(
        quarterly_return=made["open_return"],
        number=1,
        filename=f"{mark}.xlsx",
        content=blank,
        sha256=hashlib.sha256(blank).hexdigest(),
        outline=[cell_map.outline_to_data(workbook.outline(name)) for name in workbook.sheets],
        organisation=world.council,
        uploaded_by=person,
        uploaded_by_name=f"{mark} by",
        uploaded_at=NOON,
    )
    entries = [cell_map.MapEntry("answers.reporting_period", "1. Cover", "Quarter")]
    cells = CellMap.objects.create(
        file=file,
        number=1,
        entries=cell_map.to_data(entries),
        organisation=world.council,
        made_by_name=f"{mark} by",
        made_at=NOON,
    )
    filled = workbook.fill([Write("1. Cover", "C5", "Quarter 2", f"{mark} label")])
    filling = OfficialFilling.objects.create(
        map=cells,
        content_sha256="0" * 64,
        filename=f"{mark}-filled.xlsx",
        content=filled.content,
        sha256=hashlib.sha256(filled.content).hexdigest(),
        proof=official.proof_of(filled, []),
        organisation=world.council,
        filled_by_name=f"{mark} by",
        filled_at=NOON,
    )
    made.keep(official_file=file, cell_map=cells, official_filling=filling)


def _loads(made: Everything) -> None:
    """Files loaded into the return in progress: one that waits, one with a wrong cell, one that was taken over; and
    one of the CCG's metric figures."""
    world, answered = made.world, ANSWER.format(made.mark)
    for name, partner, key, seen, code in (
        ("staged", "council", "finance_commentary", "", f"{made.mark} {DRAFT} commentary"),
        ("refused", "council", "email", "", "a@b.example"),
        ("confirmed", "council", "narrative", "", answered),
        ("figures", "ccg", f"{made.pk('other_plan')}.challenges", "", f"{made.mark} {DRAFT} commentary"),
    ):
        change = Change(key, f"{made.mark} field", "Cover!C9", seen, code, seen, code)
        wrong = Refused(WRONG, "phone", f"{made.mark} field", "Cover!C10", f"{made.mark} {DRAFT}", "", "Too long.")
        is_over = name == "confirmed"
        staged = StagedImport.objects.create(
            kind=loads.FIGURES if name == "figures" else loads.RETURN,
            target_type=QuarterlyReturn._meta.label_lower,
            target_id=made.pk("open_return"),
            owner_id=str(getattr(world, partner).pk),
            status={"refused": StagedImport.REFUSED, "confirmed": StagedImport.CONFIRMED}.get(
                name, StagedImport.STAGED
            ),
            filename=f"{made.mark} {DRAFT} {name}.xlsx",
            content=b"",
            content_sha256=name.ljust(64, "0"),
            changes=[asdict(change)],
            problems=[asdict(wrong)] if name == "refused" else [],
            fingerprint="0" * 64,
            uploaded_by_id=str(world.person("finance", partner).pk),
            uploaded_by_name=f"{made.mark} by",
            uploaded_at=NOON,
            confirmed_by_name=f"{made.mark} by" if is_over else None,
            confirmed_at=NOON if is_over else None,
        )
        made.keep(**{f"load_{name}": staged})


def _return(made: Everything, period: Period, kinds: list[str]) -> QuarterlyReturn:
    world, mark = made.world, made.mark
    prepared, sent = world.person("finance"), "sent_for_sign_off" in kinds
    status = "signed" if "signed" in kinds else "with_signatories" if sent else "in_progress"
    made_return = QuarterlyReturn.objects.create(
        fund=world.fund,
        period=period,
        policy_year=made["policy_year"],
        policy_version=made["policy_year"].versions.get(number=1),
        template=made["template"],
        layout_version=made["template"].versions.get(number=1),
        due_note=f"{mark} due",
        status=status,
    )
    ReturnAnswer.objects.create(
        quarterly_return=made_return,
        field="narrative",
        value=ANSWER.format(mark),
        owner=world.council,
        entered_by=prepared,
        entered_at=NOON,
    )
    for number, kind in enumerate(kinds, start=1):
        ReturnEvent.objects.create(
            quarterly_return=made_return,
            number=number,
            kind=kind,
            at=NOON,
            by_name=f"{mark} by",
            organisation=world.ccg if number == 4 else world.council,
            version=1 if sent and kind != "opened" else None,
        )
    if sent:
        content = _frozen(made_return, prepared)
        version = ReturnVersion.objects.create(
            quarterly_return=made_return,
            number=1,
            content=content,
            sha256=contents.digest(content),
            prepared_by=prepared,
            prepared_by_name=str(prepared),
            preparers=[{"id": str(prepared.pk), "name": str(prepared)}],
            prepared_at=NOON,
        )
        made.keep(**{f"{status}_version": version})
        for partner in ("council", "ccg") if "signed" in kinds else ():
            person = world.person("approver", partner)
            Signature.objects.create(
                version=version,
                organisation=getattr(world, partner),
                organisation_name=getattr(world, partner).name,
                person=person,
                person_name=str(person),
                capacity=f"{mark} capacity",
                signed_at=NOON,
                sha256=version.sha256,
            )
    return made_return


def _frozen(made_return: QuarterlyReturn, by: User) -> dict[str, Any]:
    """The content of a return as it stands, as sending it for sign-off freezes it."""
    parties = list(made_return.fund.agreement.parties.order_by("name", "pk"))
    draft = return_content.draft(made_return, by, on=NOON.date(), parties=parties)
    return draft.content | {"version": 1, "prepared_by": str(by), "submitted_on": NOON.date().isoformat()}


def _reports(made: Everything) -> None:
    """A brief, and reports that are issued (quarter 1), ready, queued and failed (quarter 2)."""
    world, mark = made.world, made.mark
    officer = world.person("governance")
    words = words_of.unwritten(
        words_of.beginning(period="Quarter 2 2014/15", fund=f"{mark} {DRAFT} fund", owner=world.council.name)
    )
    words["background"] = [f"{mark} {DRAFT} background"]
    brief = ReportBrief.objects.create(
        board=world.board,
        fund=world.fund,
        period=made["quarter_2"],
        owner=world.council,
        meeting=made["coming_meeting"],
        content=words,
        entered_by=officer,
        entered_at=NOON,
    )
    made.keep(brief=brief)
    ready = datetime(2014, 7, 18, 9, tzinfo=NOON.tzinfo)
    made.keep(
        issued_report=_report(made, made["quarter_1"], 1, officer, word="", ready_at=ready, released_at=ready),
        ready_report=_report(made, made["quarter_2"], 1, officer, word=f"{DRAFT} ", ready_at=ready),
        failed_report=_report(made, made["quarter_3"], 1, officer, word=f"{DRAFT} ", status=Job.Status.FAILED),
        queued_report=_report(made, made["quarter_4"], 1, officer, word=f"{DRAFT} ", status=Job.Status.QUEUED),
    )


def _report(
    made: Everything,
    period: Period,
    version: int,
    by: User,
    *,
    word: str,
    status: str = Job.Status.READY,
    ready_at: datetime | None = None,
    released_at: datetime | None = None,
) -> Report:
    world, mark = made.world, made.mark
    finished = status in Job.FINISHED
    job = Job.objects.create(
        kind="reports.build",
        status=status,
        progress=100 if status == Job.Status.READY else 0,
        queued_at=NOON,
        finished_at=NOON if finished else None,
        failure_code="refused" if status == Job.Status.FAILED else "",
        failure_words=f"{mark} {word}failure" if status == Job.Status.FAILED else "",
        asked_by_id=str(by.pk),
        asked_by_name=str(by),
        owner_id=str(world.council.pk),
    )
    frozen = southwark_snapshot(f"{mark} {word}") if ready_at else None
    report = Report.objects.create(
        board=world.board,
        fund=world.fund,
        period=period,
        owner=world.council,
        version=version,
        job=job,
        asked_by=by,
        asked_at=NOON,
        snapshot=frozen,
        sha256=snapshots.sha256(frozen) if frozen else "",
        ready_at=ready_at,
        released_at=released_at,
    )
    Job.objects.filter(pk=job.pk).update(target_type=report._meta.label_lower, target_id=str(report.pk))
    if frozen:
        page = html.standalone(document.build(frozen))
        for file_format in ReportDocument.FORMATS:
            ReportDocument.objects.create(
                report=report, format=file_format, content=page, sha256="0" * 64, made_at=ready_at or NOON
            )
    return report


def southwark_snapshot(mark: str) -> dict[str, Any]:
    """A whole snapshot with the mark in the texts that a person writes."""
    frozen: dict[str, Any] = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    frozen["title"] = f"{mark} {frozen['title']}"
    for name in ("background", "key_issues"):
        frozen[name] = [f"{mark} {text}" for text in frozen[name]]
    for name in ("recommendations", "risks", "next_steps"):
        for row in frozen[name]:
            row["text"] = f"{mark} {row['text']}"
    return frozen
