"""Successions with real cases: CCGs into an ICB, an ICB between two, a county into two councils, a name, a boundary."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.models import BoardParty, Seat
from integration_hub.core.models import AuditEvent
from partners import permissions, policies_succession
from partners.models import (
    Inheritance,
    Membership,
    Organisation,
    OrganisationArea,
    OrganisationEnding,
    Succession,
    SuccessionMove,
)
from partners.permissions import Permission
from partners.selectors import history, kinds
from partners.selectors import successions as selectors
from partners.services import successions
from pooled_budgets.domain.instalments import instalments
from pooled_budgets.models import AgreementParty, FormerParty, Fund, FundingLine, Instalment, Scheme
from tests.factories.money import SchemeFactory
from tests.integration.partners.succeeding import JULY_2022, THEN, Stage, paid

CCGS = ("barking", "havering", "newham")


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def merger(stage: Stage) -> Stage:
    """Three CCGs into one ICB on 1 July 2022; Newham's CCG keeps its fund, the others' are kept by the councils."""
    stage.organisation("icb", "icb", title="NHS North East London ICB")
    for name, amount in zip(CCGS, ("12345678.90", "9876543.21", "20000000.03"), strict=True):
        stage.organisation(name, "ccg", name.capitalize(), title=f"NHS {name.capitalize()} CCG")
        stage.organisation(f"{name}-council", "london_borough", name.capitalize(), title=f"{name.capitalize()} Council")
        owner, other = (name, f"{name}-council") if name == "newham" else (f"{name}-council", name)
        stage.fund(name, name.capitalize(), owner, other, total="30000000.00")
        stage.pays(name, name, amount)
        stage.pays(name, f"{name}-council", "1000000.00", "Council's own")
        stage.seat(name.capitalize(), name)
    stage.fund("newham next year", "Newham", "newham", year=2023, total="31000000.00")
    stage.pays("newham next year", "newham", "21000000.00")
    stage.fund("newham last year", "Newham", "newham", year=2021, total="29000000.00")
    stage.pays("newham last year", "newham", "19000000.00")
    return stage


def merge(stage: Stage, **options: bool) -> Succession:
    return stage.prepare("merger", *[stage.line(name, "icb", **options) for name in CCGS])


def total_of(*funds: Fund) -> dict[object, Decimal]:
    return {
        fund.pk: sum((line.amount or Decimal(0) for line in fund.funding_lines.all()), Decimal(0)) for fund in funds
    }


# Several CCGs into one ICB


def test_preview_of_a_merger_shows_each_line_before_and_after_and_writes_nothing(merger: Stage):
    draft = merge(merger)
    before = total_of(*merger.funds.values())

    shown = merger.preview(draft)

    assert shown.problems == []
    kinds = [row.kind for row in shown.rows]
    assert kinds.count("Contribution to a fund") == 4  # one each, and Newham's next year
    assert kinds.count("Seat that it appoints to") == 3
    assert kinds.count("Board that it belongs to") == 3
    assert kinds.count("Agreement that it is party to") == 3
    assert kinds.count("Fund that it keeps") == 2
    assert {row.difference for row in shown.rows if row.whole is not None} == {Decimal("0.00")}
    assert total_of(*merger.funds.values()) == before
    assert not SuccessionMove.objects.exists()
    assert not OrganisationEnding.objects.exists()


def test_confirming_a_merger_splits_the_running_year_by_its_months(merger: Stage):
    merger.confirm(merge(merger))

    assert paid(merger.funds["barking"]) == {
        "barking": Decimal("3086419.72"),  # 3/12 of 12,345,678.90 = 3,086,419.725: the odd penny goes to the ICB
        "barking-council": Decimal("1000000.00"),
        "icb": Decimal("9259259.18"),
    }
    assert paid(merger.funds["newham"])["newham"] == Decimal("5000000.01")
    assert paid(merger.funds["newham"])["icb"] == Decimal("15000000.02")


def test_the_instalments_of_a_contribution_divide_as_its_amount_does(merger: Stage):
    for name in ("barking", "newham next year"):
        for line in merger.funds[name].funding_lines.exclude(payer__key="barking-council"):
            for part in instalments(line.amount, [quarter.starts_on for quarter in line.fund.year.quarters]):
                Instalment.objects.create(line=line, number=part.number, due_on=part.due_on, amount=part.amount)

    merger.confirm(merge(merger))

    def due(name: str, payer: str) -> list[str]:
        rows = Instalment.objects.filter(line__fund=merger.funds[name], line__payer__key=payer).order_by("number")
        return [f"{row.due_on} {row.amount}" for row in rows]

    # 3/12 of 12,345,678.90 stays, and 3,086,419.72 was due on 1 April; the ICB makes up the rest on the days left.
    assert due("barking", "barking") == ["2022-04-01 3086419.72"]
    assert due("barking", "icb") == ["2022-07-01 3086419.72", "2022-10-01 3086419.72", "2023-01-01 3086419.74"]
    assert [each.split()[1] for each in due("newham next year", "icb")] == ["5250000.00"] * 4
    for line in FundingLine.objects.filter(instalments__isnull=False).distinct():
        assert sum(part.amount for part in line.instalments.all()) == line.amount


def test_confirming_a_merger_moves_next_year_whole_and_leaves_last_year(merger: Stage):
    merger.confirm(merge(merger))

    assert paid(merger.funds["newham next year"]) == {"icb": Decimal("21000000.00")}
    assert paid(merger.funds["newham last year"]) == {"newham": Decimal("19000000.00")}
    icb = merger.organisations["icb"]
    owners = {fund.name: fund.owner_id for fund in Fund.objects.all()}
    assert owners["newham"] == owners["newham next year"] == icb.pk
    assert owners["newham last year"] == merger.organisations["newham"].pk
    assert owners["barking"] == merger.organisations["barking-council"].pk


def test_confirming_a_merger_conserves_money_by_fund(merger: Stage):
    before = total_of(*merger.funds.values())

    merger.confirm(merge(merger))

    assert total_of(*merger.funds.values()) == before


def test_confirming_a_merger_moves_parties_boards_seats_and_areas(merger: Stage):
    merger.confirm(merge(merger))

    icb = merger.organisations["icb"]
    assert set(AgreementParty.objects.filter(organisation=icb).values_list("agreement__area__name", flat=True)) == {
        "Barking",
        "Havering",
        "Newham",
    }
    assert not AgreementParty.objects.filter(organisation__key__in=CCGS).exists()
    assert FormerParty.objects.filter(followed_by=icb).count() == 3
    assert BoardParty.objects.filter(organisation=icb).count() == 3
    assert not BoardParty.objects.filter(organisation__key__in=CCGS).exists()
    assert [str(seat.ends_on) for seat in Seat.objects.filter(appointed_by__key="newham")] == ["2022-06-30"]
    assert [str(seat.starts_on) for seat in Seat.objects.filter(appointed_by=icb)] == ["2022-07-01"] * 3
    assert set(icb.area_links.values_list("area__name", "starts_on")) == {
        (name.capitalize(), JULY_2022) for name in CCGS
    }
    newham = Organisation.objects.get(key="newham")
    assert str(newham.valid_to) == "2022-06-30"
    assert [str(link.ends_on) for link in newham.area_links.all()] == ["2022-06-30"]


def test_successors_people_act_on_what_is_open_and_read_what_is_closed(merger: Stage):
    closed = FundingLine.objects.get(fund=merger.funds["newham last year"])
    FundingLine.objects.filter(pk=closed.pk).update(released_at=None)
    officer, former = merger.person("finance", "icb"), merger.person("finance", "newham")
    assert not Fund.objects.visible_to(officer).exists()

    draft = merge(merger)
    merger.agree(draft, "newham")
    merger.agree(draft, "icb")
    merger.confirm(draft)

    officer = type(officer).objects.get(pk=officer.pk)
    former = type(former).objects.get(pk=former.pk)
    fund = Fund.objects.get(name="newham")
    assert permissions.can(officer, Permission.FORECAST_RECORD, organisation=fund.owner)
    assert not permissions.can(former, Permission.FORECAST_RECORD, organisation=fund.owner)
    assert not permissions.can(former, Permission.FORECAST_RECORD, organisation=merger.organisations["newham"])
    assert Fund.objects.visible_to(officer).count() == 5
    assert closed in FundingLine.objects.visible_to(officer)
    # The predecessor's own draft, and what was released to it while it was there.
    assert closed in FundingLine.objects.visible_to(former)
    assert Fund.objects.visible_to(former).filter(name="newham").exists()


def test_predecessors_people_read_nothing_that_was_released_after_it_ended(merger: Stage):
    former = merger.person("finance", "barking")
    earlier = SchemeFactory(fund=merger.funds["barking"], number="1", released_at=datetime(2022, 5, 1, tzinfo=UTC))
    draft = merge(merger)
    merger.agree(draft, "barking")
    merger.confirm(draft)
    later = SchemeFactory(fund=merger.funds["barking"], number="2", released_at=datetime(2022, 9, 1, tzinfo=UTC))

    read = set(Scheme.objects.visible_to(former).values_list("pk", flat=True))

    assert earlier.pk in read
    assert later.pk not in read


def test_timeline_shows_predecessors_people_no_version_from_after_its_ending(merger: Stage):
    former, council = merger.person("finance", "barking"), merger.person("finance", "barking-council")
    draft = merge(merger)
    merger.agree(draft, "barking")
    merger.confirm(draft)
    fund, kind = merger.funds["barking"], kinds.named("fund")
    read = {person: history.heads(person, kind, fund) for person in (former, council)}
    every = read[council].count()

    # The rows were written now, years after the ending; then as if it had ended tomorrow.
    assert every > 0
    assert read[former].count() == 0
    FormerParty.objects.update(ended_at=timezone.now() + timedelta(days=1))
    assert 0 < history.heads(former, kind, fund).count() <= every


# One ICB between two, by area


@pytest.fixture
def split(stage: Stage) -> Stage:
    """Hertfordshire and West Essex goes to two successors by area."""
    stage.organisation("icb", "icb", "Hertfordshire", "Essex", title="NHS Hertfordshire and West Essex ICB")
    stage.organisation("central", "icb", title="NHS Central East ICB")
    stage.organisation("essex", "icb", title="NHS Essex ICB")
    for area in ("Hertfordshire", "Essex"):
        stage.organisation(f"{area.lower()}-county", "county", area, title=f"{area} County Council")
        stage.fund(area, area, "icb", f"{area.lower()}-county", year=2026, total="50000000.00")
        stage.pays(area, "icb", "40000000.01")
        FundingLine.objects.create(
            fund=stage.funds[area],
            owner=stage.organisations["icb"],
            position=9,
            source=f"Draft of {area}",
            payer=stage.organisations[f"{area.lower()}-county"],
            amount=Decimal("7.00"),
            at=date(2026, 4, 1),
        )
        stage.fund(f"{area} before", area, "icb", year=2024, total="45000000.00")
        FundingLine.objects.create(
            fund=stage.funds[f"{area} before"],
            owner=stage.organisations["icb"],
            position=1,
            source=f"Closed draft of {area}",
            amount=Decimal("5.00"),
            at=date(2024, 4, 1),
        )
    return stage


APRIL_2026 = date(2026, 4, 1)


def divide(stage: Stage) -> Succession:
    return stage.prepare(
        "split",
        stage.line("icb", "central", area="Hertfordshire"),
        stage.line("icb", "essex", area="Essex"),
        on=APRIL_2026,
    )


def test_split_by_area_gives_each_successor_its_area_and_nothing_of_the_other(split: Stage):
    split.confirm(divide(split), at=datetime(2026, 4, 1, 9, tzinfo=UTC))

    assert paid(split.funds["Hertfordshire"])["central"] == Decimal("40000000.01")
    assert paid(split.funds["Essex"])["essex"] == Decimal("40000000.01")
    assert Fund.objects.get(name="Hertfordshire").owner.key == "central"
    assert Fund.objects.get(name="Essex").owner.key == "essex"
    assert list(split.organisations["central"].areas.values_list("name", flat=True)) == ["Hertfordshire"]


@pytest.mark.parametrize(
    ("successor", "area", "other"), [("central", "Hertfordshire", "Essex"), ("essex", "Essex", "Hertfordshire")]
)
def test_split_successor_reads_the_predecessors_drafts_in_its_areas_alone(split: Stage, successor, area, other):
    officer = split.person("finance", successor)
    draft = divide(split)
    split.agree(draft, successor)
    split.confirm(draft, at=datetime(2026, 4, 1, 9, tzinfo=UTC))

    read = set(FundingLine.objects.visible_to(officer).values_list("source", flat=True))
    funds = set(Fund.objects.visible_to(officer).values_list("name", flat=True))

    assert {f"Draft of {area}", f"Closed draft of {area}"} <= read
    assert not {source for source in read if other in source}
    assert funds == {area, f"{area} before"}


def test_split_leaves_an_area_without_successor_as_a_problem(split: Stage):
    with pytest.raises(policies_succession.LinesDoNotFit, match="also serves Essex"):
        split.prepare("split", split.line("icb", "central", area="Hertfordshire"), on=APRIL_2026)

    assert not Succession.objects.exists()


# A county into two councils


@pytest.fixture
def county(stage: Stage) -> Stage:
    stage.organisation("county", "county", "Surrey", title="Surrey County Council")
    stage.organisation("west", "unitary", title="West Surrey Council")
    stage.organisation("east", "unitary", title="East Surrey Council")
    stage.organisation("icb", "icb", "Surrey", title="NHS Surrey ICB")
    stage.fund("Surrey", "Surrey", "county", "icb", year=2027, total="90000000.00")
    return stage


def halve(stage: Stage) -> Succession:
    return stage.prepare(
        "split",
        stage.line("county", "west", "3/5"),
        stage.line("county", "east", "2/5", keeps=False),
        on=date(2027, 4, 1),
    )


APRIL_2027 = datetime(2027, 4, 1, 9, tzinfo=UTC)


def test_county_splits_sixty_forty_with_odd_pennies_by_largest_remainder(county: Stage):
    for amount in ("100.01", "0.01", "33333333.33"):
        county.pays("Surrey", "county", amount)
    county.pays("Surrey", "icb", "1.00")

    county.confirm(halve(county), at=APRIL_2027)

    lines = FundingLine.objects.filter(fund=county.funds["Surrey"]).order_by("position")
    assert [(line.payer.key, line.amount) for line in lines] == [
        ("west", Decimal("60.01")),
        ("west", Decimal("0.01")),
        ("west", Decimal("20000000.00")),
        ("icb", Decimal("1.00")),
        ("east", Decimal("40.00")),
        ("east", Decimal("0.00")),
        ("east", Decimal("13333333.33")),
    ]
    assert set(county.agreements["Surrey"].parties.values_list("key", flat=True)) == {"west", "east", "icb"}
    assert Fund.objects.get(name="Surrey").owner.key == "west"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.integers(0, 10**11), min_size=1, max_size=6),
    weights=st.tuples(st.integers(1, 99), st.integers(1, 99)),
)
def test_confirmed_split_conserves_money_by_line_and_period(db, amounts, weights):
    """Whatever the amounts and shares: by fund, period and source the sum after is the sum before."""
    sid = connection.savepoint()
    stage = Stage()
    stage.organisation("county", "county", "Surrey")
    stage.organisation("west", "unitary")
    stage.organisation("east", "unitary")
    for year in (2026, 2027, 2028):
        stage.fund(f"fund {year}", "Surrey", "county", year=year)
        for number, pennies in enumerate(amounts):
            stage.pays(f"fund {year}", "county", str(Decimal(pennies) / 100), f"Source {number}")
    before = by_line()
    whole = sum(weights)

    stage.confirm(
        stage.prepare(
            "split",
            stage.line("county", "west", f"{weights[0]}/{whole}"),
            stage.line("county", "east", f"{weights[1]}/{whole}", keeps=False),
            on=date(2027, 9, 17),
        ),
        at=datetime(2027, 10, 1, tzinfo=UTC),
    )

    assert by_line() == before
    connection.savepoint_rollback(sid)


def by_line() -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = {}
    for line in FundingLine.objects.select_related("fund"):
        key = (line.fund.name, line.source)
        found[key] = found.get(key, Decimal(0)) + (line.amount or Decimal(0))
    return found


# A name, and a boundary


def test_rename_changes_the_name_and_moves_nothing(county: Stage):
    draft = county.prepare("rename", renamed=county.organisations["county"], new_name="Surrey Unitary Council")

    county.confirm(draft)

    assert Organisation.objects.get(key="county").name == "Surrey Unitary Council"
    assert not OrganisationEnding.objects.exists()
    assert not SuccessionMove.objects.exists()
    assert AuditEvent.objects.filter(kind="organisation.renamed").get().before == {"name": "Surrey County Council"}


def test_boundary_change_moves_one_area_and_the_organisation_goes_on(split: Stage):
    draft = split.prepare("boundary_change", split.line("icb", "essex", area="Essex"), on=APRIL_2026)

    split.confirm(draft, at=datetime(2026, 4, 1, 9, tzinfo=UTC))

    icb = Organisation.objects.get(key="icb")
    assert icb.valid_to is None
    assert not OrganisationEnding.objects.exists()
    assert list(
        OrganisationArea.objects.filter(organisation=icb, ends_on=None).values_list("area__name", flat=True)
    ) == ["Hertfordshire"]
    assert Fund.objects.get(name="Essex").owner.key == "essex"
    assert Fund.objects.get(name="Hertfordshire").owner.key == "icb"


# Who may, and when


def test_confirming_needs_the_consent_of_each_partner_that_has_people(merger: Stage):
    draft = merge(merger)
    merger.person("admin", "newham"), merger.person("finance", "newham"), merger.person("admin", "icb")
    merger.agree(draft, "icb")

    with pytest.raises(policies_succession.NotAgreed, match="NHS Newham CCG") as refusal:
        merger.confirm(draft)

    assert "administrator of NHS Newham CCG" in refusal.value.who_can_lift
    assert Succession.objects.get(pk=draft.pk).state == "draft"
    assert not OrganisationEnding.objects.exists()
    merger.agree(draft, "newham")
    assert merger.confirm(draft).state == "confirmed"


def test_partner_with_people_but_no_administrator_is_never_moved(merger: Stage):
    merger.person("finance", "barking")
    draft = merge(merger)

    with pytest.raises(policies_succession.NotAgreed, match="no administrator"):
        merger.confirm(draft)


def test_change_after_the_preview_is_refused_and_asks_for_consent_again(merger: Stage):
    merger.person("admin", "newham")
    draft = merge(merger)
    merger.agree(draft, "newham")
    seen = merger.preview(draft).sha256
    merger.pays("newham", "newham", "500.00", "Voluntary")

    with pytest.raises(policies_succession.PreviewChanged):
        successions.confirm(succession_id=draft.pk, seen=seen, by=merger.operator(2), at=THEN)
    with pytest.raises(policies_succession.NotAgreed):
        merger.confirm(draft)

    assert not OrganisationEnding.objects.exists()
    assert paid(merger.funds["newham"])["newham"] == Decimal("20000500.03")


def test_whoever_prepared_it_neither_agrees_nor_confirms(merger: Stage):
    from tests.factories.partners import give_role

    give_role(merger.operator(), merger.organisations["newham"], permissions.Role.ADMIN)
    permissions.forget(merger.operator())
    draft = merge(merger)

    with pytest.raises(policies_succession.PreparedBySame):
        merger.confirm(draft, by=merger.operator())
    with pytest.raises(policies_succession.PreparedBySame):
        successions.agree(
            succession_id=draft.pk,
            organisation=merger.organisations["newham"],
            seen=merger.preview(draft).sha256,
            by=merger.operator(),
            at=THEN,
        )
    assert not draft.consents.exists()


def test_nothing_is_confirmed_before_its_day(merger: Stage):
    draft = merge(merger)

    with pytest.raises(policies_succession.NotYetDue, match="1 July 2022"):
        merger.confirm(draft, at=datetime(2022, 6, 30, 12, tzinfo=UTC))


@pytest.mark.parametrize("role", ["finance", "approver", "auditor", "member"])
def test_only_operators_prepare(merger: Stage, role: str):
    with pytest.raises(PermissionDenied):
        successions.prepare(
            kind="merger",
            effective_on=JULY_2022,
            legal_reference="x",
            lines=[merger.line("newham", "icb")],
            by=merger.person(role, "newham"),
            at=THEN,
        )
    assert not Succession.objects.exists()


def test_strangers_and_officers_do_not_know_of_a_draft(merger: Stage):
    draft = merge(merger)

    for person in (merger.person("finance", "newham"), merger.person("admin", "newham-council")):
        with pytest.raises(Http404):
            selectors.get(person, draft.pk)
    assert selectors.get(merger.person("admin", "newham"), draft.pk) == draft


def test_operator_sees_no_figures_and_each_administrator_its_own_lines(merger: Stage):
    draft = merge(merger)
    newham, icb = merger.person("admin", "newham"), merger.person("admin", "icb")
    lines = selectors.lines_of(draft)

    def seen_by(person):
        shown = merger.preview(draft)
        return selectors.view(person, draft, lines, shown, selectors.agreeing(draft, lines, shown.sha256))

    merger.person("admin", "barking")
    operators = seen_by(merger.operator())
    assert operators.own == operators.coming == operators.balances == []
    assert operators.hidden == len(merger.preview(draft).rows)
    own = seen_by(newham)
    assert {row.predecessor.key for row in own.own} == {"newham"}
    assert own.coming == []
    # Havering has nobody to ask; the others have not agreed.
    waiting = seen_by(icb)
    assert {row.predecessor.key for row in waiting.coming} == {"havering"}
    assert [organisation.key for organisation in waiting.waiting_for] == ["barking", "newham"]
    merger.agree(draft, "newham")
    assert {row.predecessor.key for row in seen_by(icb).coming} == {"havering", "newham"}
    assert all(row.whole is None for row in seen_by(icb).coming)


def test_organisation_has_one_ending(merger: Stage):
    merger.confirm(merge(merger))
    merger.organisation("later", "icb")

    with pytest.raises(policies_succession.LinesDoNotFit, match="has ended already"):
        merger.prepare("merger", merger.line("newham", "later"), on=date(2023, 4, 1))


def test_cycle_is_refused_in_either_order_of_time(merger: Stage):
    merger.confirm(merge(merger))

    with pytest.raises(policies_succession.LinesDoNotFit, match="has ended already"):
        merger.prepare("merger", merger.line("icb", "newham"), on=date(2023, 4, 1))
    with pytest.raises(policies_succession.LinesDoNotFit, match="took something over"):
        merger.prepare("merger", merger.line("icb", "newham-council"), on=date(2021, 4, 1))


def test_chain_lets_the_last_successor_read_the_first_predecessor(merger: Stage):
    officer = merger.organisation("london", "icb") and merger.person("finance", "london")
    merger.confirm(merge(merger))
    draft = merger.prepare("merger", merger.line("icb", "london"), on=date(2026, 4, 1))
    merger.person("admin", "london")
    merger.agree(draft, "london")
    merger.confirm(draft, at=datetime(2026, 4, 2, tzinfo=UTC))

    assert Inheritance.objects.filter(holder__key="london", predecessor__key="newham").exists()
    assert Fund.objects.visible_to(officer).filter(name="newham last year").exists()


def test_roles_are_copied_only_where_that_was_chosen(merger: Stage):
    merger.person("admin", "newham"), merger.person("finance", "newham"), merger.person("admin", "barking")
    draft = merger.prepare(
        "merger",
        merger.line("newham", "icb", copy_people=True),
        merger.line("barking", "icb"),
        merger.line("havering", "icb"),
    )
    merger.agree(draft, "newham")
    merger.agree(draft, "barking")

    merger.confirm(draft)

    held = Membership.objects.filter(organisation__key="icb").values_list("person__email", "role")
    assert set(held) == {("admin@newham.example", "admin"), ("finance@newham.example", "finance")}
    officer = type(merger.operator()).objects.get(email="finance@newham.example")
    assert permissions.can(officer, Permission.FORECAST_RECORD, organisation=merger.organisations["icb"])


def test_confirmed_succession_keeps_what_it_moved_with_the_names_of_the_day(merger: Stage):
    merger.confirm(merge(merger))

    moves = SuccessionMove.objects.filter(kind="Contribution to a fund", predecessor__key="barking")
    assert {(move.successor_name, move.amount) for move in moves} == {
        ("NHS North East London ICB", Decimal("9259259.18")),
        ("", Decimal("3086419.72")),
    }
    assert AuditEvent.objects.filter(kind="succession.confirmed").count() == 4


# Cost


def test_preview_costs_as_many_queries_at_two_hundred_lines_as_at_ten(merger: Stage):
    def cost(number: int) -> int:
        held = merger.funds["newham"]
        start = held.funding_lines.count() + 1
        FundingLine.objects.bulk_create(
            FundingLine(
                fund=held,
                owner=held.owner,
                position=start + n,
                source=f"Grown {n}",
                payer=merger.organisations["newham"],
                amount=Decimal("10.01"),
                at=date(2022, 4, 1),
                released_at=THEN,
            )
            for n in range(number)
        )
        draft = Succession.objects.get()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            merger.preview(draft)
        return len(queries)

    merge(merger)
    few, many = cost(10), cost(200)

    assert few == many
    assert many <= 24


def test_confirming_costs_as_many_queries_at_two_hundred_lines_as_at_ten():
    costs = []
    for number in (10, 200):
        sid = connection.savepoint()
        stage = Stage()
        stage.organisation("ccg", "ccg", "Area")
        stage.organisation("icb", "icb")
        stage.fund("fund", "Area", "ccg")
        for n in range(number):
            stage.pays("fund", "ccg", "10.01", f"Source {n}")
        draft = stage.prepare("merger", stage.line("ccg", "icb"))
        seen, operator = stage.preview(draft).sha256, stage.operator(2)
        with CaptureQueriesContext(connection) as queries:
            successions.confirm(succession_id=draft.pk, seen=seen, by=operator, at=THEN)
        costs.append(len(queries))
        connection.savepoint_rollback(sid)

    assert costs[0] == costs[1]


def test_withdrawn_succession_says_who_withdrew_it_and_changes_no_more(merger: Stage, client):
    draft = merge(merger)
    successions.withdraw(succession_id=draft.pk, by=merger.operator(2), at=THEN)
    client.force_login(merger.operator(), backend="partners.backends.EmailBackend")

    page = client.get(f"/partners/successions/{draft.pk}/").content.decode()

    assert "Withdrawn: Operator 2 withdrew it on 4 July 2022" in page
    for act in (
        lambda: successions.withdraw(succession_id=draft.pk, by=merger.operator(), at=THEN),
        lambda: merger.agree(draft, CCGS[0]),
        lambda: merger.confirm(draft),
    ):
        with pytest.raises(policies_succession.NotADraft, match="withdrawn by Operator 2 on 4 July 2022"):
            act()
    draft.refresh_from_db()
    assert draft.state == Succession.WITHDRAWN
    assert not OrganisationEnding.objects.exists()
