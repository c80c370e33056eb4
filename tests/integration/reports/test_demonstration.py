"""The demonstration: what five papers state, to the penny, and not a figure more."""

from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count

from governance.models import Board, BoardLink, Meeting, Seat
from integration_hub.core.models import AuditEvent
from partners.domain.roles import READING_ROLES, ROLE_PERMISSIONS, Role
from partners.models import Area, Membership, Organisation, User
from partners.permissions import Permission, can
from partners.selectors import demonstration as accounts
from pooled_budgets.models import Agreement, Fund, FundingLine
from reports.services import demonstration
from tests.factories.partners import NOON, UserFactory

pytestmark = pytest.mark.django_db

PARTNERS = {
    "southwark-council",
    "southwark-ccg",
    "city-corporation",
    "hackney-council",
    "city-hackney-ccg",
    "tower-hamlets-council",
    "tower-hamlets-ccg",
    "sutton-council",
    "sutton-ccg",
    "plymouth-council",
    "nhs-plymouth",
}
# Every total that the papers print, and the two that are to be confirmed.
TOTALS = {
    ("Southwark Better Care Fund", 2014): Decimal("8957000.00"),
    ("Southwark Better Care Fund", 2015): Decimal("22000000.00"),
    ("City of London integrated commissioning fund", 2017): None,
    ("Hackney integrated commissioning fund", 2017): None,
    ("Tower Hamlets Better Care Fund", 2019): Decimal("53780000.00"),
    ("Sutton Better Care Fund", 2017): Decimal("16753000.00"),
}


@pytest.fixture
def cast() -> demonstration.Cast:
    return demonstration.load(at=NOON)


def stated(queryset: Any) -> Any:
    return queryset.filter(illustrative=False)


def test_load_enters_the_five_papers_as_they_print_them_and_leaves_a_trail(cast):
    assert {area.ons_code for area in Area.objects.filter(boards__isnull=False)} == {
        "E09000028",
        "E09000001",
        "E09000012",
        "E09000030",
        "E09000029",
        "E06000026",
    }
    ccg = Organisation.objects.get(key="city-hackney-ccg")
    assert {area.name for area in ccg.areas.all()} == {"City of London", "Hackney"}
    funds = stated(Fund.objects)
    assert {(fund.name, fund.financial_year): fund.total for fund in funds} == TOTALS
    assert set(funds.filter(total=None).values_list("total_state", flat=True)) == {"to_be_confirmed"}
    assert cast.funds["sutton-2017-18"].total_note == "potential"

    lines = stated(FundingLine.objects).order_by("fund__name", "position")
    assert [(line.fund.name, line.amount, line.state, str(line.payer)) for line in lines] == [
        ("Southwark Better Care Fund", Decimal("1300000.00"), "stated", "None"),
        ("Southwark Better Care Fund", Decimal("7657000.00"), "stated", "None"),
        ("Tower Hamlets Better Care Fund", Decimal("18400000.00"), "stated", "None"),
        ("Tower Hamlets Better Care Fund", Decimal("8900000.00"), "stated", "NHS Tower Hamlets CCG"),
        ("Tower Hamlets Better Care Fund", None, "not_stated", "None"),
    ]
    southwark = cast.funds["southwark-2014-15"]
    assert sum(line.amount for line in southwark.funding_lines.all()) == southwark.total
    assert "not stated" in southwark.split_note
    assert [row["printed"] for row in southwark.discrepancies] == ["£1.3m"]
    assert [row["printed"] for row in cast.funds["tower-hamlets-2019-20"].discrepancies] == ["£53.8m"]

    assert AuditEvent.objects.filter(kind="fund.created").count() == Fund.objects.count()
    assert AuditEvent.objects.filter(kind="person.created").count() == User.objects.count()
    assert set(AuditEvent.objects.values_list("system", flat=True)) == {"load_demo"}


def test_load_enters_the_boards_with_their_lines_and_the_meetings_of_the_papers(cast):
    together = cast.boards["tower-hamlets-together"]
    accountable = BoardLink.objects.filter(parent=together, kind=BoardLink.ACCOUNTABLE)
    assert accountable.count() == 13
    executive = cast.boards["tower-hamlets-joint-commissioning-executive"]
    moved = BoardLink.objects.filter(child=executive, kind=BoardLink.FUNCTIONS_MOVED)
    assert {(link.parent.name, link.note) for link in moved} == {
        ("Tower Hamlets Together Board", "Strategic functions"),
        ("Born Well, Growing Well", "Operational functions"),
        ("Living Well", "Operational functions"),
        ("Promoting Independence", "Operational functions"),
    }
    # The paper does not say which body it accounts to.
    assert not BoardLink.objects.filter(child=cast.boards["southwark-joint-smt"]).exists()
    assert cast.boards["plymouth-integration-board"].status == "shadow"
    held = Meeting.objects.values_list("board__key", "held_on").order_by("held_on")
    assert [f"{day} {key}" for key, day in held] == [
        "2009-08-11 plymouth-cabinet",
        "2014-03-24 southwark-hwb",
        "2014-07-28 southwark-hwb",
        "2016-11-01 city-scrutiny",
        "2016-11-18 city-community-and-childrens-services",
        "2016-11-25 city-of-london-hwb",
        "2016-12-15 city-policy-and-resources",
        "2017-07-17 sutton-strategy-and-resources",
        "2020-03-12 tower-hamlets-scrutiny",
    ]


def test_accounts_are_one_for_each_role_and_partner_and_sign_in_with_the_password(cast, client):
    roles = [role for role in Role if role in READING_ROLES]
    expected = {f"{role.value}@{partner}.example" for role in roles for partner in PARTNERS}
    members = {f"member@{area}-hwb.example" for area in ("southwark", "sutton", "tower-hamlets", "city-of-london")}
    # Who signs Southwark's returns beside its approver.
    signatories = {f"{name}@southwark-council.example" for name in ("chair", "finance-director")}
    everybody = expected | members | signatories | {"operator@hub.example"}
    assert set(User.objects.values_list("email", flat=True)) == everybody
    assert all(User.objects.values_list("is_demonstration", flat=True))
    assert set(Seat.objects.values_list("person__email", flat=True)) == members
    assert not Membership.objects.filter(person__email__in=members).exists()

    for email in ("finance@southwark-council.example", "member@sutton-hwb.example", "operator@hub.example"):
        assert client.login(username=email, password=settings.DEMO_PASSWORD), email
    assert not client.login(username="finance@southwark-council.example", password="integration-hub")

    finance = cast.person("finance", "southwark-council")
    allowed = {
        permission
        for permission in Permission
        if can(finance, permission, organisation=cast.organisations["southwark-council"])
    }
    assert allowed == ROLE_PERMISSIONS[Role.FINANCE]


def seen(person: User) -> dict[str, set[str]]:
    return {
        "boards": set(Board.objects.visible_to(person).values_list("key", flat=True)),
        "agreements": set(Agreement.objects.visible_to(person).values_list("key", flat=True)),
        "funds": set(Fund.objects.visible_to(person).values_list("name", flat=True)),
        "funding": set(FundingLine.objects.visible_to(person).values_list("source", flat=True)),
        "meetings": set(Meeting.objects.visible_to(person).values_list("board__key", flat=True)),
    }


def test_everybody_sees_their_own_partners_and_boards_and_nothing_of_strangers(cast):
    # Hackney's people, whatever their role, see nothing of Southwark or the City.
    for role in demonstration.PARTNER_ROLES:
        assert seen(cast.person(role.value, "hackney-council")) == {
            "boards": {"hackney-integrated-commissioning-board", "integrated-commissioning-steering-group"},
            "agreements": {"hackney-integrated-commissioning"},
            "funds": {"Hackney integrated commissioning fund"},
            "funding": set(),
            "meetings": set(),
        }

    # The City sees nothing of Hackney; the commissioning group that serves both sees both pools.
    city = seen(cast.person("finance", "city-corporation"))
    assert city["funds"] == {"City of London integrated commissioning fund"}
    assert "hackney-integrated-commissioning-board" not in city["boards"]

    ccg = seen(cast.person("finance", "city-hackney-ccg"))
    assert ccg["funds"] == {"City of London integrated commissioning fund", "Hackney integrated commissioning fund"}
    councils = {"city-corporation", "hackney-council"}
    both = (
        Board.objects.filter(parties__key__in=councils)
        .annotate(councils=Count("parties"))
        .values_list("key", "councils")
    )
    assert [key for key, number in both if number == 2] == ["integrated-commissioning-steering-group"]

    # A sitting member sees the fund that the board oversees, the operator no partner's anything.
    assert seen(cast.people["member@tower-hamlets-hwb.example"])["funds"] == {"Tower Hamlets Better Care Fund"}
    assert seen(cast.people["operator@hub.example"]) == {
        "boards": set(),
        "agreements": set(),
        "funds": set(),
        "funding": set(),
        "meetings": set(),
    }


def test_load_again_is_refused_and_if_empty_says_nothing(cast, capsys):
    lines = AuditEvent.objects.count()

    with pytest.raises(demonstration.CannotLoad, match="demo-reset"):
        demonstration.load(at=NOON)
    call_command("load_demo", "--if-empty")

    assert capsys.readouterr().out == ""
    assert AuditEvent.objects.count() == lines


def test_load_beside_a_real_person_is_refused_and_loads_nothing():
    UserFactory(is_demonstration=False)

    with pytest.raises(CommandError, match="Real people have accounts"):
        call_command("load_demo")
    call_command("load_demo", "--if-empty")

    assert User.objects.count() == 1
    assert not Organisation.objects.exists()


def test_load_without_demo_is_refused_and_loads_nothing(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO is not 1"):
        call_command("load_demo", "--at=start")

    assert not User.objects.exists()
    assert not AuditEvent.objects.exists()


def test_accounts_are_listed_by_partner_in_one_query_and_printed(cast, django_assert_num_queries, capsys):
    with django_assert_num_queries(1):
        listed = accounts.accounts()

    assert len(listed) == User.objects.count()
    assert [account.partner_name for account in listed] == sorted(account.partner_name for account in listed)
    seated = accounts.DemoAccount("member@sutton-hwb.example", "Board member", "Sutton Health and Wellbeing Board")
    assert seated in listed
    southwark = [account.role_words for account in listed if account.partner_name == "Southwark Council"]
    # Three approvers: the chair and the finance director sign Southwark's returns beside its approver.
    roles = [role for role in Role if role in READING_ROLES]
    assert southwark == [role.words for role in roles for _ in range(3 if role is Role.APPROVER else 1)]
    assert accounts.DemoAccount("operator@hub.example", "Operator", "Integration Hub operations") in listed

    call_command("demo_accounts")

    printed = capsys.readouterr().out
    assert settings.DEMO_PASSWORD in printed
    assert "finance, metrics, governance, approver, programme, member, auditor" in printed
    for partner in PARTNERS:
        assert f"{partner}.example" in printed
    assert "member@southwark-hwb.example" in printed
    assert max(len(line) for line in printed.splitlines()) <= 100


def test_accounts_without_demo_are_none(settings):
    UserFactory(name="Finance officer, Southwark Council")
    assert len(accounts.accounts()) == 1

    settings.DEMO = False

    assert accounts.accounts() == []


def test_demo_accounts_command_without_a_demonstration_says_so(capsys):
    call_command("demo_accounts")

    assert capsys.readouterr().out == "There are no demonstration accounts here.\n"
