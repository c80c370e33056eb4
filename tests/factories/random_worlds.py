"""A world drawn at random, built in the database, and what each reader of it may read, worked out from the rules alone.

A `Plan` says in numbers what there is: partners 0 to 2, and 3 that may have followed one of them. `build` makes the
rows; every text that somebody can enter is a word that stands nowhere else, every amount a number that stands nowhere
else. `Oracle` says who may read which word. It knows no queryset.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from bcf_metrics.domain import content as contents
from bcf_metrics.models import (
    MetricDefinition,
    MetricFigure,
    MetricPlan,
    PolicyYear,
    QuarterlyReturn,
    ReturnAnswer,
    ReturnEvent,
    ReturnTemplate,
    ReturnVersion,
)
from bcf_metrics.selectors import content as return_content
from governance.models import Board, BoardParty, Meeting, Seat
from integration_hub.core.models import AuditEvent, Job, StagedImport
from partners.domain.roles import READING_ROLES, ROLE_PERMISSIONS, Permission, Role
from partners.models import (
    Inheritance,
    Membership,
    Organisation,
    OrganisationEnding,
    Succession,
    SuccessionLine,
    User,
)
from partners.permissions import group_for
from pooled_budgets.models import (
    Agreement,
    AgreementParty,
    Forecast,
    FormerParty,
    Fund,
    FundingLine,
    Scheme,
    SchemeLine,
)
from pooled_budgets.selectors import imports
from programme.models import NextStep, Risk
from reports.domain import brief as words_of
from reports.domain import snapshot as snapshots
from reports.models import Report, ReportBrief, ReportDocument
from tests.factories import random_pools
from tests.factories.everything import southwark_snapshot
from tests.factories.money import BoardFactory, quarter
from tests.factories.partners import LONG_AGO, NOON, OrganisationFactory, UserFactory, give_role

PARTNERS, SUCCESSOR = 3, 3
MARKS = count(1)
AMOUNTS = count(1)
DAYS = {"now": (-30, 30), "over": (-30, -1), "not yet": (1, 30)}
STATUSES = ("in_progress", "with_signatories", "signed")


@dataclass(frozen=True)
class FundPlan:
    """A fund: who keeps it, whether it was released, and two rows of each kind, each with its owner and release."""

    owner: int
    released: bool
    rows: tuple[tuple[int, bool], tuple[int, bool]]
    status: str = "in_progress"
    report: tuple[int, bool] = (0, False)


@dataclass(frozen=True)
class Plan:
    """What is drawn at random. `followed` is the partner that the successor follows, and whether what is released was
    released before that partner left its agreement; None where nobody follows anybody."""

    held: tuple[tuple[int, Role, str], ...]
    sits: bool
    in_agreement: frozenset[int]
    on_board: frozenset[int]
    funds: tuple[FundPlan, ...]
    followed: tuple[int, bool] | None = None
    drafted: tuple[int, int] | None = None


@dataclass
class RandomWorld:
    """The rows, and for each word and amount whether the person may read it."""

    plan: Plan
    person: User
    partners: list[Organisation]
    board: Board
    agreement: Agreement
    meeting: Meeting
    words: dict[str, bool] = field(default_factory=dict)
    amounts: dict[str, bool] = field(default_factory=dict)
    sums: list[tuple[Decimal, bool]] = field(default_factory=list)
    # Rows by model, each with whether the person may read it.
    rows: dict[type[Any], list[tuple[Any, bool]]] = field(default_factory=dict)

    def keep(self, row: Any, seen: bool, *words: str, amounts: tuple[Decimal, ...] = ()) -> Any:
        """Note a row and its words."""
        self.rows.setdefault(type(row), []).append((row, seen))
        self.words |= dict.fromkeys(words, seen)
        self.amounts |= dict.fromkeys(map(str, amounts), seen)
        return row

    @property
    def hidden_words(self) -> list[str]:
        return sorted(word for word, seen in self.words.items() if not seen)

    @property
    def hidden_amounts(self) -> list[str]:
        return sorted(amount for amount, seen in self.amounts.items() if not seen)


class Oracle:
    """Who may read what, from the rules: own, followed, released to those who share, released before one left."""

    def __init__(self, plan: Plan, *, lens: int | None = None) -> None:
        """With a `lens` only that partner's roles count, and no seat."""
        self.plan = plan
        now = [(partner, role) for partner, role, when in plan.held if when == "now" and lens in (None, partner)]
        self.acts_for = {partner for partner, role in now if role in READING_ROLES}
        follows = plan.followed is not None and SUCCESSOR in self.acts_for
        self.reads = self.acts_for | ({plan.followed[0]} if plan.followed and follows else set())
        sits = plan.sits and lens is None
        self.knows_board = sits or bool(self.reads & plan.on_board)
        self.party = bool(self.reads & plan.in_agreement)
        self.shares = sits or self.party
        # Released while a partner of the reader was still party to it.
        left, in_time = plan.followed or (None, False)
        self.former = in_time and left in self.acts_for
        # What an operator may do ends with the organisation through which they are one.
        self.is_operator = any(role is Role.OPERATOR and partner != left for partner, role in now)
        self.administers = {partner for partner, role in now if role is Role.ADMIN}
        self.audits = {partner for partner, role in now if Permission.AUDIT_READ in ROLE_PERMISSIONS[role]}

    def fund(self, fund: FundPlan) -> bool:
        return fund.owner in self.reads or (fund.released and (self.shares or self.former))

    def fund_shared_now(self, fund: FundPlan) -> bool:
        return fund.owner in self.reads or (fund.released and self.shares)

    def row(self, fund: FundPlan, row: tuple[int, bool]) -> bool:
        owner, released = row
        return owner in self.reads or (released and (self.fund_shared_now(fund) or self.former))

    def quarterly_return(self, fund: FundPlan) -> bool:
        signed = fund.status == "signed"
        return (self.fund_shared_now(fund) and (self.party or signed)) or (signed and self.former)

    def report(self, fund: FundPlan) -> bool:
        owner, issued = fund.report
        return owner in self.reads or (issued and ((self.knows_board and self.fund_shared_now(fund)) or self.former))

    def of_board(self, row: tuple[int, bool]) -> bool:
        owner, released = row
        return owner in self.reads or (released and self.knows_board)

    def succession(self, concerned: set[int], *, confirmed: bool) -> bool:
        return self.is_operator or bool(concerned & self.administers) or (confirmed and bool(concerned & self.acts_for))


def build(plan: Plan) -> RandomWorld:
    """The world of a plan. Reference data (policy, quarters) is there already."""
    mark, oracle = next(MARKS), Oracle(plan)
    partners = [OrganisationFactory(key=f"p{mark}-{n}", name=f"Partner {mark} {n}") for n in range(PARTNERS + 1)]
    person = UserFactory(email=f"random{mark}@partner.example", name="Reader")
    appoint(person, partners, plan.held)
    # Every partner has somebody who has to agree before a successor reads what would come to it.
    for number, partner in enumerate(partners):
        give_role(UserFactory(email=f"someone{mark}-{number}@partner.example", name="Someone"), partner, Role.FINANCE)
    board = BoardFactory(key=f"b{mark}", name=f"BOARD-{mark}-X")
    BoardParty.objects.bulk_create(BoardParty(board=board, organisation=partners[n]) for n in sorted(plan.on_board))
    agreement = Agreement.objects.create(
        key=f"a{mark}",
        title=f"AGREEMENT-{mark}-X",
        kind="preparatory",
        status="in_force",
        area=board.area,
        board=board,
    )
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=agreement, organisation=partners[n]) for n in sorted(plan.in_agreement)
    )
    if plan.sits:
        Seat.objects.create(board=board, person=person, title="Member", starts_on=LONG_AGO)
    other = UserFactory(email=f"sits{mark}@partner.example", name="Somebody else")
    Seat.objects.create(board=board, person=other, title="Member", starts_on=LONG_AGO)
    appoint(other, partners, ((1, Role.FINANCE, "now"),))
    meeting = Meeting.objects.create(board=board, held_on=date(2014, 7, 28), title=f"MEETING-{mark}-X")
    world = RandomWorld(plan, person, partners, board, agreement, meeting)
    world.keep(board, oracle.knows_board)
    world.keep(meeting, oracle.knows_board, f"MEETING-{mark}-X")
    world.keep(agreement, oracle.shares)
    # A fund that is read names its agreement, and a report its board.
    knows_both = oracle.knows_board or oracle.shares
    _successions(world, oracle, mark)
    random_pools.of_agreement(world, oracle, str(mark), other)
    for number, fund in enumerate(plan.funds):
        knows_both = _fund(world, oracle, f"{mark}-{number}", fund) or knows_both
    world.words |= {f"BOARD-{mark}-X": knows_both, f"AGREEMENT-{mark}-X": knows_both}
    return world


def appoint(person: User, partners: list[Organisation], held: tuple[tuple[int, Role, str], ...]) -> None:
    today = timezone.localdate()
    for partner, role, when in held:
        first, last = DAYS[when]
        group = group_for(partners[partner], role)
        Membership.objects.create(
            person=person,
            organisation=partners[partner],
            role=role.value,
            group=group,
            starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=last),
        )
        person.groups.add(group)


def _amount() -> Decimal:
    number = next(AMOUNTS)
    return Decimal(f"{3_000_001 + number * 104_729}.{10 + number * 7 % 90}")


def _successions(world: RandomWorld, oracle: Oracle, mark: int) -> None:
    """One that is confirmed, by which the successor follows a partner; one that is a draft."""
    plan = world.plan
    by = [UserFactory(email=f"{word}{mark}@hub.example", name=f"Operator {word}") for word in ("one", "two")]
    shared = {"kind": "merger", "prepared_by": by[0], "prepared_by_name": str(by[0]), "prepared_at": NOON}
    if plan.followed is not None:
        left, in_time = plan.followed
        day = date(2014, 7, 1)
        made = Succession.objects.create(effective_on=day, legal_reference="Order 2014", **shared)
        SuccessionLine.objects.create(
            succession=made, position=1, predecessor=world.partners[left], successor=world.partners[SUCCESSOR]
        )
        made.state, made.confirmed_by, made.confirmed_by_name = Succession.CONFIRMED, by[1], str(by[1])
        made.confirmed_at, made.preview_sha256 = NOON, "0" * 64
        made.save()
        OrganisationEnding.objects.create(
            organisation=world.partners[left], succession=made, ended_on=day - timedelta(days=1)
        )
        Inheritance.objects.create(holder=world.partners[SUCCESSOR], predecessor=world.partners[left], succession=made)
        FormerParty.objects.create(
            agreement=world.agreement,
            organisation=world.partners[left],
            organisation_name=str(world.partners[left]),
            followed_by=world.partners[SUCCESSOR],
            ended_at=NOON + timedelta(days=1 if in_time else -1),
        )
        # The page of the succession is for those concerned; that it was, and on which order, the register tells all.
        world.keep(made, oracle.succession({left, SUCCESSOR}, confirmed=True))
    if plan.drafted is not None and plan.drafted[0] != plan.drafted[1]:
        ending, taking = plan.drafted
        word = f"DRAFTED-{mark}-X"
        draft = Succession.objects.create(effective_on=date(2014, 10, 1), legal_reference=word, **shared)
        SuccessionLine.objects.create(
            succession=draft, position=1, predecessor=world.partners[ending], successor=world.partners[taking]
        )
        world.keep(draft, oracle.succession({ending, taking}, confirmed=False), word)


def _fund(world: RandomWorld, oracle: Oracle, mark: str, plan: FundPlan) -> bool:
    """A fund with everything on it; whether the person may read something that names its agreement and board."""
    sees, total, name = oracle.fund(plan), _amount(), f"FUND-{mark}-X"
    fund = Fund.objects.create(
        agreement=world.agreement,
        owner=world.partners[plan.owner],
        financial_year=2014,
        name=name,
        released_at=NOON if plan.released else None,
        total=total,
    )
    by = UserFactory(email=f"by{mark}@partner.example", name="Somebody who enters")
    made = [_row(world, oracle, fund, plan, number, by) for number in range(len(plan.rows))]
    for kind in zip(*made, strict=True):
        # What is hidden of two figures is hidden in their sum as well; where both are seen, or none, it tells nothing.
        world.sums.append((sum((amount for amount, _ in kind), Decimal(0)), all(seen for _, seen in kind)))
    random_pools.of_fund(world, oracle, fund, plan, mark, by, (_amount(), _amount(), _amount()))
    returned = _return(world, oracle, fund, plan, mark, by)
    reported = _report(world, oracle, fund, plan, mark, by)
    _import(world, oracle, fund, plan, mark, by)
    shown = sees or returned or reported or any(seen for kind in made for _, seen in kind)
    # A return, report or row of it that is read names the fund.
    world.keep(fund, sees, amounts=(total,))
    world.words[name] = shown
    world.amounts[str(total)] = sees or returned or reported
    return shown


def _row(
    world: RandomWorld, oracle: Oracle, fund: Fund, plan: FundPlan, number: int, by: User
) -> list[tuple[Decimal, bool]]:
    """One row of each kind with the same owner and release; its amounts with whether they are seen."""
    owner, released = plan.rows[number]
    sees, of_board, mark = oracle.row(plan, plan.rows[number]), oracle.of_board(plan.rows[number]), fund.name[5:-2]
    shared = {"owner": world.partners[owner], "released_at": NOON if released else None}
    money, budget, outturn, value = (_amount() for _ in range(4))
    position = number + 1
    words = {kind: f"{kind.upper()}-{mark}-{number}-X" for kind in ("line", "scheme", "outturn", "plan", "figure")}
    line = FundingLine.objects.create(
        fund=fund, position=position, source=words["line"], at=date(2014, 4, 1), amount=money, **shared
    )
    scheme = Scheme.objects.create(
        fund=fund, number=str(position), position=position, name=words["scheme"], note=words["scheme"], **shared
    )
    SchemeLine.objects.create(scheme=scheme, budget=budget, at=date(2014, 4, 1), **shared)
    forecast = Forecast.objects.create(
        scheme=scheme,
        period=quarter(2014, 1),
        amount=outturn,
        state="stated",
        at=date(2014, 6, 30),
        entered_by=by,
        entered_at=NOON,
        note=words["outturn"],
        **shared,
    )
    metric = MetricDefinition.objects.filter(policy_year__financial_year=2014).order_by("position")[number]
    aim = MetricPlan.objects.create(
        fund=fund,
        metric=metric,
        position=position,
        name=words["plan"],
        unit=metric.unit,
        basis=metric.basis,
        target=Decimal(1000),
        rationale=words["plan"],
        **shared,
    )
    figure = MetricFigure.objects.create(
        plan=aim,
        period=quarter(2014, 1),
        value=value,
        state="stated",
        challenges=words["figure"],
        at=date(2014, 6, 30),
        entered_by=by,
        entered_at=NOON,
        **shared,
    )
    of_partner = {"board": world.board, "at": date(2014, 4, 1), **shared}
    risk = Risk.objects.create(text=f"RISK-{mark}-{number}-X", response=f"RISK-{mark}-{number}-X", **of_partner)
    step = NextStep.objects.create(text=f"STEP-{mark}-{number}-X", due_on=date(2014, 9, 1), **of_partner)
    audit = AuditEvent.objects.create(
        kind="forecast.recorded",
        at=NOON,
        actor_id=str(by.pk),
        actor_name=str(by),
        partner_id=str(world.partners[owner].pk),
        partner_name=str(world.partners[owner]),
        target_type=fund._meta.label_lower,
        target_id=str(fund.pk),
        target_name=f"AUDIT-{mark}-{number}-X",
        after={"note": f"AUDIT-{mark}-{number}-X"},
    )
    random_pools.of_row(world, oracle, f"{mark}-{number}", plan.rows[number], by, (_amount(), _amount()))
    world.keep(line, sees, words["line"], amounts=(money,))
    world.keep(scheme, sees, words["scheme"], amounts=(budget,))
    world.keep(forecast, sees, words["outturn"], amounts=(outturn,))
    world.keep(aim, sees, words["plan"])
    world.keep(figure, sees, words["figure"], amounts=(value,))
    world.keep(risk, of_board, risk.text)
    world.keep(step, of_board, step.text)
    # The line stands in the audit log for those who may read that, and in the fund's timeline for the partner's own.
    world.keep(audit, owner in oracle.audits & oracle.acts_for)
    world.words[audit.target_name] = owner in oracle.acts_for
    return [(money, sees), (budget, sees), (outturn, sees)]


def _return(world: RandomWorld, oracle: Oracle, fund: Fund, plan: FundPlan, mark: str, by: User) -> bool:
    sees, word = oracle.quarterly_return(plan), f"ANSWER-{mark}-X"
    made = QuarterlyReturn.objects.create(
        fund=fund,
        period=quarter(2014, 1),
        policy_year=PolicyYear.objects.get(financial_year=2014),
        template=ReturnTemplate.objects.get(policy_years__financial_year=2014),
        due_note=f"DUE-{mark}-X",
        status=plan.status,
    )
    owner = world.partners[plan.rows[0][0]]
    answer = ReturnAnswer.objects.create(
        quarterly_return=made, field="narrative", value=word, owner=owner, entered_by=by, entered_at=NOON
    )
    kinds = ["opened", "sent_for_sign_off", "signed"][: STATUSES.index(plan.status) + 1]
    for number, kind in enumerate(kinds, start=1):
        ReturnEvent.objects.create(
            quarterly_return=made,
            number=number,
            kind=kind,
            at=NOON,
            by_name=f"EVENT-{mark}-X",
            organisation=owner,
            version=None if kind == "opened" else 1,
        )
    if plan.status != "in_progress":
        parties = list(world.agreement.parties.order_by("name", "pk"))
        draft = return_content.draft(made, by, on=NOON.date(), parties=parties)
        content = draft.content | {"version": 1, "prepared_by": str(by), "submitted_on": NOON.date().isoformat()}
        version = ReturnVersion.objects.create(
            quarterly_return=made,
            number=1,
            content=content,
            sha256=contents.digest(content),
            prepared_by=by,
            prepared_by_name=str(by),
            prepared_at=NOON,
        )
        world.rows.setdefault(ReturnVersion, []).append((version, sees))
    world.keep(made, sees, f"DUE-{mark}-X", f"EVENT-{mark}-X")
    world.keep(answer, sees, word)
    return sees


def _report(world: RandomWorld, oracle: Oracle, fund: Fund, plan: FundPlan, mark: str, by: User) -> bool:
    """A report with its files, and the words of the next one, which are the partner's own."""
    owner, issued = plan.report
    sees, word, next_word = oracle.report(plan), f"REPORT-{mark}-X", f"WORDS-{mark}-X"
    words = words_of.unwritten(
        words_of.beginning(period="Quarter 2 2014/15", fund=fund.name, owner=str(world.partners[owner]))
    )
    words["background"] = [next_word]
    brief = ReportBrief.objects.create(
        board=world.board,
        fund=fund,
        period=quarter(2014, 2),
        owner=world.partners[owner],
        content=words,
        entered_by=by,
        entered_at=NOON,
    )
    frozen = southwark_snapshot(word)
    report = Report.objects.create(
        board=world.board,
        fund=fund,
        period=quarter(2014, 1),
        owner=world.partners[owner],
        version=1,
        asked_by=by,
        asked_at=NOON,
        snapshot=frozen,
        sha256=snapshots.sha256(frozen),
        ready_at=NOON,
        released_at=NOON if issued else None,
        job=Job.objects.create(
            kind="reports.build",
            status=Job.Status.READY,
            progress=100,
            queued_at=NOON,
            finished_at=NOON,
            asked_by_id=str(by.pk),
            asked_by_name=f"ASKED-{mark}-X",
            owner_id=str(world.partners[owner].pk),
        ),
    )
    for file_format in ReportDocument.FORMATS:
        ReportDocument.objects.create(
            report=report, format=file_format, content=f"<p>{word}</p>".encode(), sha256="0" * 64, made_at=NOON
        )
    world.keep(brief, owner in oracle.reads, next_word)
    world.keep(report, sees, word, f"ASKED-{mark}-X")
    return sees or owner in oracle.reads


def _import(world: RandomWorld, oracle: Oracle, fund: Fund, plan: FundPlan, mark: str, by: User) -> None:
    sees, word = plan.owner in oracle.acts_for, f"IMPORT-{mark}-X"
    staged = StagedImport.objects.create(
        kind=imports.PLAN,
        target_type=fund._meta.label_lower,
        target_id=str(fund.pk),
        owner_id=str(world.partners[plan.owner].pk),
        filename=f"{word}.csv",
        content=word.encode(),
        content_sha256="0" * 64,
        fingerprint="0" * 64,
        before={"seen": {}},
        rows=[{"sheet": "Plan", "quarter": 1, "columns": []}],
        problems=[{"code": "x", "value": word, "message": word}],
        status=StagedImport.REFUSED,
        uploaded_by_id=str(by.pk),
        uploaded_by_name=f"{word} uploader",
        uploaded_at=NOON,
    )
    world.keep(staged, sees, word)
