"""Three cases on figures like theirs, over all rooms: what was there before is there after, to the penny."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from bcf_metrics.models import PolicyYear, QuarterlyReturn, ReturnEvent
from bcf_metrics.selectors import content as return_content
from bcf_metrics.selectors import returns as return_rows
from governance.models import Seat
from partners.domain.roles import Role
from partners.models import Organisation, OrganisationCode, User
from partners.selectors import successions as previews
from partners.services import successions
from partners.services.successions import Wanted
from pooled_budgets.models import Agreement, FundingLine, SchemeLine
from pooled_budgets.presenters.position import funding_tie, plan_tie
from pooled_budgets.selectors import funds as fund_rows
from pooled_budgets.selectors import positions
from reports.domain import snapshot as snapshots
from reports.services import briefs, reports
from tests.factories.money import PolicyYearFactory, SchemeFactory, quarter
from tests.factories.partners import NOON, OrganisationFactory, UserFactory, give_role
from tests.factories.worlds import World
from tests.integration.bcf_metrics.conftest import begin
from tests.integration.bcf_metrics.test_succession import operator
from tests.integration.partners.succeeding import Stage
from tests.integration.reports.building import complete, run

PENCE = Decimal("0.01")
EAST_WEST = ("west", "east")


@dataclass(frozen=True)
class Books:
    """What there is of everything that a succession moves, without saying whose it is. Amounts in pounds."""

    seats: Counter[tuple[str, str, str]]
    agreements: frozenset[str]
    contributions: dict[tuple[str, int, str], Decimal]
    budgets: dict[tuple[str, int], Decimal]
    returns: dict[tuple[str, str], str]


def books(on: date) -> Books:
    """As they stand: seats filled on the day, agreements, money in by fund and source, budgets, open returns."""
    contributions: dict[tuple[str, int, str], Decimal] = {}
    for line in FundingLine.objects.select_related("fund"):
        key = (line.fund.name, line.fund.financial_year, line.source)
        contributions[key] = contributions.get(key, Decimal(0)) + (line.amount or Decimal(0))
    budgets: dict[tuple[str, int], Decimal] = {}
    for row in SchemeLine.objects.select_related("scheme__fund"):
        place = (row.scheme.fund.name, row.scheme.fund.financial_year)
        budgets[place] = budgets.get(place, Decimal(0)) + (row.budget or Decimal(0))
    filled = Seat.objects.filter(starts_on__lte=on).exclude(ends_on__lt=on).select_related("board", "person")
    opened = QuarterlyReturn.objects.exclude(status="signed").select_related("fund", "period")
    return Books(
        seats=Counter((seat.board.name, seat.title, seat.person.email) for seat in filled),
        agreements=frozenset(Agreement.objects.exclude(status="ended").values_list("title", flat=True)),
        contributions=contributions,
        budgets=budgets,
        returns={(row.fund.name, row.period.label): row.status for row in opened},
    )


def parties(stage: Stage) -> dict[str, set[str]]:
    return {area: set(held.parties.values_list("key", flat=True)) for area, held in stage.agreements.items()}


def signatories() -> dict[str, set[str]]:
    """By fund, the partners whose signature its open return needs."""
    found = QuarterlyReturn.objects.exclude(status="signed").prefetch_related("fund__agreement__parties")
    return {row.fund.name: {party.key for party in row.fund.agreement.parties.all()} for row in found}


def payers(stage: Stage, fund: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in FundingLine.objects.filter(fund=stage.funds[fund]).select_related("payer"):
        if line.payer is not None and line.amount is not None:
            found[line.payer.key] = found.get(line.payer.key, Decimal(0)) + line.amount
    return found


def open_return(stage: Stage, fund: str, number: int) -> None:
    held = stage.funds[fund]
    code = f"{held.financial_year}-{held.financial_year % 100 + 1}"
    year = PolicyYear.objects.filter(code=code).first() or PolicyYearFactory(
        code=code, financial_year=held.financial_year, label=held.year.label
    )
    opened = QuarterlyReturn.objects.create(
        fund=held,
        period=quarter(held.financial_year, number),
        policy_year=year,
        template=year.template,
        status="in_progress",
    )
    for place, kind in enumerate(("opened", "changed"), start=1):
        ReturnEvent.objects.create(quarterly_return=opened, number=place, kind=kind, at=NOON, by_name="Officer")


def schemes(stage: Stage, fund: str, *budgets: str) -> None:
    for position, budget in enumerate(budgets, start=1):
        SchemeFactory(fund=stage.funds[fund], number=str(position), position=position, budget=budget)


def differences(preview: previews.Preview) -> set[Decimal]:
    return {row.difference for row in preview.rows if row.difference is not None}


# Several CCGs into one ICB on 1 July 2022


@pytest.fixture
def ccgs() -> Stage:
    """Three CCGs of two councils' areas; in Hertfordshire two of them sit on one board and in one agreement."""
    stage = Stage()
    stage.organisation("hwe", "icb", title="NHS Hertfordshire and West Essex Integrated Care Board")
    stage.organisation("enh", "ccg", "Hertfordshire", title="NHS East and North Hertfordshire CCG")
    stage.organisation("hv", "ccg", "Hertfordshire", title="NHS Herts Valleys CCG")
    stage.organisation("we", "ccg", "Essex", title="NHS West Essex CCG")
    stage.organisation("herts", "county", "Hertfordshire", title="Hertfordshire County Council")
    stage.organisation("essex", "county", "Essex", title="Essex County Council")
    stage.fund("Hertfordshire", "Hertfordshire", "herts", "enh", "hv", total="90123456.81")
    stage.fund("Essex", "Essex", "we", "essex", total="40000000.01")
    for fund, payer, amount, source in (
        ("Hertfordshire", "enh", "36482111.37", "Minimum contribution, East and North"),
        ("Hertfordshire", "hv", "38641345.43", "Minimum contribution, Herts Valleys"),
        ("Hertfordshire", "herts", "15000000.01", "Improved Better Care Fund"),
        ("Essex", "we", "27000000.01", "Minimum contribution"),
        ("Essex", "essex", "13000000.00", "Disabled facilities grant"),
    ):
        stage.pays(fund, payer, amount, source)
    schemes(stage, "Hertfordshire", "45123456.80", "45000000.01")
    schemes(stage, "Essex", "40000000.01")
    for area, payer in (("Hertfordshire", "enh"), ("Hertfordshire", "hv"), ("Essex", "we"), ("Essex", "essex")):
        stage.seat(area, payer, f"Chief officer of {payer}")
    for fund in ("Hertfordshire", "Essex"):
        open_return(stage, fund, 1)
    return stage


def test_several_ccgs_into_one_icb_leaves_everything_as_it_was_but_whose_it_is(ccgs: Stage):
    on = date(2022, 7, 1)
    before = books(on)
    draft = ccgs.prepare("merger", *[ccgs.line(name, "hwe") for name in ("enh", "hv", "we")], on=on)
    assert differences(ccgs.preview(draft)) == {Decimal("0.00")}

    ccgs.confirm(draft)

    assert books(on) == before
    assert parties(ccgs) == {"Hertfordshire": {"herts", "hwe"}, "Essex": {"essex", "hwe"}}
    assert signatories() == {"Hertfordshire": {"herts", "hwe"}, "Essex": {"essex", "hwe"}}
    # April, May and June stay the CCGs': 3/12, the odd pennies to the largest remainders.
    assert payers(ccgs, "Hertfordshire") == {
        "enh": Decimal("9120527.84"),  # of 9,120,527.8425
        "hv": Decimal("9660336.36"),  # of 9,660,336.3575
        "herts": Decimal("15000000.01"),
        "hwe": Decimal("27361583.53") + Decimal("28981009.07"),
    }
    assert payers(ccgs, "Essex")["we"] + payers(ccgs, "Essex")["hwe"] == Decimal("27000000.01")
    seats = Seat.objects.filter(appointed_by=ccgs.organisations["hwe"], starts_on=on)
    assert sorted(seats.values_list("title", flat=True)) == [f"Chief officer of {name}" for name in ("enh", "hv", "we")]
    # The day before, each seat still was its CCG's.
    assert Seat.objects.filter(appointed_by__kind="ccg", ends_on=date(2022, 6, 30)).count() == 3


def test_names_and_codes_of_the_day_stay_with_the_ccgs(ccgs: Stage):
    for name, code in (("enh", "06K"), ("hv", "06N"), ("we", "07H")):
        OrganisationCode.objects.create(
            organisation=ccgs.organisations[name], scheme="ods", code=code, checked=True, source="A published list"
        )

    ccgs.confirm(ccgs.prepare("merger", *[ccgs.line(name, "hwe") for name in ("enh", "hv", "we")]))

    kept = Organisation.objects.filter(kind="ccg").order_by("name")
    assert [(row.name, row.codes.get().code, str(row.valid_to)) for row in kept] == [
        ("NHS East and North Hertfordshire CCG", "06K", "2022-06-30"),
        ("NHS Herts Valleys CCG", "06N", "2022-06-30"),
        ("NHS West Essex CCG", "07H", "2022-06-30"),
    ]
    assert not ccgs.organisations["hwe"].codes.exists()
    former = Agreement.objects.get(title="Hertfordshire agreement").former_links.values_list(
        "organisation_name", "followed_by__key"
    )
    assert set(former) == {("NHS East and North Hertfordshire CCG", "hwe"), ("NHS Herts Valleys CCG", "hwe")}


# One ICB between two successors


@pytest.fixture
def icb() -> Stage:
    stage = Stage()
    stage.organisation("hwe", "icb", "Hertfordshire", "Essex", title="NHS Hertfordshire and West Essex ICB")
    stage.organisation("central", "icb", title="NHS Central East ICB")
    stage.organisation("all-essex", "icb", title="NHS Essex ICB")
    for area, total, nhs, council in (
        ("Hertfordshire", "98765432.10", "71234567.09", "27530865.01"),
        ("Essex", "41000000.03", "29000000.02", "12000000.01"),
    ):
        key = f"{area.lower()}-county"
        stage.organisation(key, "county", area, title=f"{area} County Council")
        # The running year and the next; the successors begin in the middle of the running one.
        for year in (2026, 2027):
            stage.fund(f"{area} {year}", area, "hwe", key, year=year, total=total)
            stage.pays(f"{area} {year}", "hwe", nhs, "Minimum contribution")
            stage.pays(f"{area} {year}", key, council, "Local authority")
            schemes(stage, f"{area} {year}", total)
        stage.seat(area, "hwe", f"Director of place, {area}")
        open_return(stage, f"{area} 2026", 2)
    return stage


def test_one_icb_split_between_two_leaves_everything_as_it_was_but_whose_it_is(icb: Stage):
    on = date(2026, 10, 16)
    before = books(on)
    draft = icb.prepare(
        "split",
        icb.line("hwe", "central", area="Hertfordshire"),
        icb.line("hwe", "all-essex", area="Essex"),
        on=on,
    )
    assert differences(icb.preview(draft)) == {Decimal("0.00")}

    icb.confirm(draft, at=datetime(2026, 10, 16, 9, tzinfo=UTC))

    assert books(on) == before
    assert parties(icb) == {
        "Hertfordshire": {"hertfordshire-county", "central"},
        "Essex": {"essex-county", "all-essex"},
    }
    assert signatories() == {
        "Hertfordshire 2026": {"hertfordshire-county", "central"},
        "Essex 2026": {"essex-county", "all-essex"},
    }
    # Six whole months and 15 days of October's 31 stay: (6 + 15/31) / 12 = 201/372.
    stays = Decimal("71234567.09") * 201 / 372
    assert abs(payers(icb, "Hertfordshire 2026")["hwe"] - stays) < PENCE
    assert payers(icb, "Hertfordshire 2026")["hwe"] + payers(icb, "Hertfordshire 2026")["central"] == Decimal(
        "71234567.09"
    )
    assert payers(icb, "Hertfordshire 2027") == {
        "central": Decimal("71234567.09"),
        "hertfordshire-county": Decimal("27530865.01"),
    }
    owners = {fund.name: fund.owner.key for fund in fund_rows.funds(_reader(icb, "central")).select_related("owner")}
    assert owners == {"Hertfordshire 2026": "central", "Hertfordshire 2027": "central"}
    appointed = {seat.title: seat.appointed_by.key for seat in Seat.objects.filter(starts_on=on)}
    assert appointed == {"Director of place, Hertfordshire": "central", "Director of place, Essex": "all-essex"}


def _reader(stage: Stage, name: str) -> User:
    return User.objects.get(pk=stage.person("finance", name).pk)


# A county into two councils, sixty to forty


@pytest.fixture
def county() -> Stage:
    stage = Stage()
    stage.organisation("surrey", "county", "Surrey", title="Surrey County Council")
    stage.organisation("east", "unitary", title="East Surrey Council")
    stage.organisation("west", "unitary", title="West Surrey Council")
    stage.organisation("icb", "icb", "Surrey", title="NHS Surrey Heartlands ICB")
    # The year that ends, whose last return is open, and the first of the two councils.
    for year, grant in ((2026, "9876543.21"), (2027, "10000000.01")):
        total = Decimal(grant) + Decimal("2000000.02") + Decimal("0.01") + Decimal("70000000.00")
        stage.fund(f"Surrey {year}", "Surrey", "surrey", "icb", year=year, total=str(total))
        for payer, amount, source in (
            ("surrey", grant, "Local authority grant"),
            ("surrey", "2000000.02", "Disabled facilities grant"),
            ("surrey", "0.01", "Rounding of last year"),
            ("icb", "70000000.00", "Minimum contribution"),
        ):
            stage.pays(f"Surrey {year}", payer, amount, source)
        schemes(stage, f"Surrey {year}", str(total - Decimal("5000000.07")), "5000000.07")
    for title in ("Cabinet member", "Director of adults' services"):
        stage.seat("Surrey", "surrey", title)
    open_return(stage, "Surrey 2026", 4)
    return stage


def test_county_into_two_councils_sixty_to_forty_leaves_everything_as_it_was_but_whose_it_is(county: Stage):
    on = date(2027, 4, 1)
    before = books(on)
    draft = county.prepare(
        "split", county.line("surrey", "west", "60/100"), county.line("surrey", "east", "40/100", keeps=False), on=on
    )
    assert differences(county.preview(draft)) == {Decimal("0.00")}

    county.confirm(draft, at=datetime(2027, 4, 1, 9, tzinfo=UTC))

    assert books(on) == before
    assert parties(county) == {"Surrey": {"west", "east", "icb"}}
    assert signatories() == {"Surrey 2026": {"west", "east", "icb"}}
    # A year that is over stays as it was paid; of the new year each line is split by itself.
    assert payers(county, "Surrey 2026") == {"surrey": Decimal("11876543.24"), "icb": Decimal("70000000.00")}
    lines = FundingLine.objects.filter(fund=county.funds["Surrey 2027"]).select_related("payer").order_by("position")
    assert [(line.source, line.payer.key, line.amount) for line in lines if line.payer] == [
        ("Local authority grant", "west", Decimal("6000000.01")),  # 6,000,000.006: the larger remainder
        ("Disabled facilities grant", "west", Decimal("1200000.01")),  # 1,200,000.012
        ("Rounding of last year", "west", Decimal("0.01")),
        ("Minimum contribution", "icb", Decimal("70000000.00")),
        ("Local authority grant", "east", Decimal("4000000.00")),
        ("Disabled facilities grant", "east", Decimal("800000.01")),  # 800,000.008: the larger remainder
        ("Rounding of last year", "east", Decimal("0.00")),
    ]
    assert Counter(Seat.objects.filter(starts_on=on).values_list("appointed_by__key", flat=True)) == {"west": 2}


# The fund's own arithmetic after a split by share


def split_the_council(world: World, shares: dict[Organisation, str], *, on: date) -> None:
    """Split the council; the administrators of all who have people agree. Whoever stands first takes what is whole."""
    at = datetime(on.year, on.month, on.day, 12, 0, tzinfo=UTC)
    keeper = next(iter(shares))
    wanted = [
        Wanted(predecessor=world.council, successor=place, share=Fraction(share), keeps=place == keeper)
        for place, share in shares.items()
    ]
    draft = successions.prepare(
        kind="split", effective_on=on, legal_reference="Order 2014", lines=wanted, by=operator(1), at=at
    )
    lines = previews.lines_of(draft)
    for partner in (world.council, *shares):
        administrator = UserFactory(email=f"admin-of-{partner.key}@test.example")
        give_role(administrator, partner, Role.ADMIN)
        seen = previews.preview(draft, lines).sha256
        successions.agree(succession_id=draft.pk, organisation=partner, seen=seen, by=administrator, at=at)
    seen = previews.preview(draft, lines).sha256
    successions.confirm(succession_id=draft.pk, seen=seen, by=operator(2), at=at)


def total_of(rows: Iterable[dict[str, str | None]], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


def report_of(world: World, officer: User, *, at: datetime) -> snapshots.Snapshot:
    """The quarter's report as the officer's partner makes it."""
    begun = briefs.begin(board_id=world.board.pk, fund_id=world.fund.pk, period=world.period, by=officer, at=at)
    seen = briefs.fingerprint(begun.content, begun.meeting_id)
    briefs.save(brief_id=begun.pk, content=complete(begun.content), meeting=begun.meeting, seen=seen, by=officer, at=at)
    built = run(reports.queue(brief_id=begun.pk, by=officer, at=at))
    return snapshots.parse(built.snapshot)


def test_fund_with_two_payers_after_a_split_by_share_adds_up_everywhere(world: World):
    """Position, the return's income and expenditure, and the report reconcile with the fund's total to the penny."""
    whole, on = Decimal("8957000.00"), date(2014, 8, 18)
    journey = begin(world)
    for source, payer, amount in (
        ("Integration payment", world.council, "1300000.01"),
        ("Existing NHS transfers", world.ccg, "7656999.99"),
    ):
        FundingLine.objects.filter(fund=world.fund, source=source).update(payer=payer, amount=Decimal(amount))
    places = {
        key: OrganisationFactory(key=key, name=f"{key.capitalize()} Council", kind="unitary") for key in EAST_WEST
    }
    officers = {key: UserFactory(email=f"officer@{key}.example") for key in EAST_WEST}
    for key in EAST_WEST:
        give_role(officers[key], places[key], Role.FINANCE)
        give_role(officers[key], places[key], Role.GOVERNANCE)

    split_the_council(world, {places["west"]: "3/5", places["east"]: "2/5"}, on=on)

    world.fund.refresh_from_db()
    for key in EAST_WEST:
        person = User.objects.get(pk=officers[key].pk)
        lines = fund_rows.funding_of(world.fund, person)
        # (4 + 17/31) / 12 = 141/372 of the year is over, so that of 1,300,000.01 the council keeps 492,741.94.
        assert {(line.source, line.payer.key): line.amount for line in lines if line.payer} == {
            ("Integration payment", "southwark-council"): Decimal("492741.94"),
            ("Integration payment", "west"): Decimal("484354.84"),
            ("Integration payment", "east"): Decimal("322903.23"),
            ("Existing NHS transfers", "southwark-ccg"): Decimal("7656999.99"),
        }
        assert funding_tie(world.fund.total, lines).is_tied
        position = positions.position(world.fund, world.period, person, on=on)
        assert (position.fund_total, position.totals.budget, position.unallocated) == (whole, whole, Decimal(0))
        assert position.totals.outturn == whole
        assert plan_tie(position).is_tied
        held = return_rows.get(person, journey.quarterly_return.pk)
        shown = return_content.draft(held.quarterly_return, person, on=on, parties=held.parties).content
        assert set(shown["organisations"]) == {"West Council", "East Council", "NHS Southwark CCG"}
        assert [row["plan"] for row in shown["income"]] == ["492741.94", "7656999.99", "484354.84", "322903.23"]
        assert total_of(shown["income"], "plan") == total_of(shown["expenditure"], "plan") == whole
        assert {shown["totals"][name]["plan"] for name in ("income", "expenditure")} == {f"{whole:.2f}"}
    snapshot = report_of(world, User.objects.get(pk=officers["west"].pk), at=datetime(2014, 8, 18, 13, 0, tzinfo=UTC))
    assert sum(row.amount.value or 0 for row in snapshot.fund.funding) == snapshot.fund.total.value == whole
    assert sum(row.budget.value or 0 for row in snapshot.schemes) == snapshot.scheme_total.budget == whole
    assert snapshot.scheme_total.outturn == whole
