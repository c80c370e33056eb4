"""Why somebody may see an object: always a reason where they see it, never one where they do not."""

import pytest
from django.utils import timezone

from governance.models import Board, Meeting
from partners.domain.roles import Role
from partners.domain.viewing import Lens
from partners.models import Organisation
from partners.selectors import kinds, why
from partners.selectors.viewing import narrowed, seen_as_role
from pooled_budgets.models import Agreement, Fund
from tests.factories.everything import build
from tests.factories.partners import LONG_AGO, UserFactory, give_role


@pytest.fixture
def made(db):
    return build("Southwark's")


def told(user, kind, obj):
    return [
        (reason.rule, [f"{held.words} of {point.name}" for point in reason.through for held in point.held])
        for reason in why.reasons(user, kinds.named(kind), obj.pk)
    ]


def test_own_partners_fund_is_seen_by_each_role_held_there(made):
    person = UserFactory()
    give_role(person, made.world.council, Role.FINANCE)
    give_role(person, made.world.council, Role.METRICS)

    assert told(person, "fund", made["draft_fund"]) == [
        (
            "Your partner keeps the fund.",
            ["Finance officer of Southwark Council", "Metrics officer of Southwark Council"],
        )
    ]


def test_released_fund_is_seen_by_the_other_party(made):
    assert told(made.world.person("finance", "ccg"), "fund", made["fund"]) == [
        (
            "Your partner is a party to the agreement, and the fund was released to the parties.",
            ["Finance officer of NHS Southwark CCG"],
        )
    ]


def test_released_fund_is_seen_by_whoever_sits_on_the_board(made):
    assert told(made.world.sitting_member(), "fund", made["fund"]) == [
        (
            "You sit on the board that oversees the agreement: the fund was released to it.",
            ["Southwark's Member of Southwark's Southwark Health and Wellbeing Board"],
        )
    ]


def test_report_seen_through_a_seat_and_a_role_together_names_both(made):
    """The board by a seat, the fund by a partner's role: neither alone would do."""
    report, person = made["issued_report"], UserFactory()
    partner = made.world.hackney
    report.fund.agreement.party_links.create(organisation=partner)
    give_role(person, partner, Role.FINANCE)
    other = Board.objects.create(key="other", name="Another board", kind="hwb", area=made["area"])
    type(report).objects.filter(pk=report.pk).update(board=other)
    other.seats.create(person=person, title="Observer", starts_on=LONG_AGO)
    Fund.objects.filter(pk=report.fund_id).update(released_at=timezone.now())

    assert type(report).objects.visible_to(person).filter(pk=report.pk).exists()
    assert told(person, "report", report) == [
        (
            "The report was issued to the board, and your partner may know of the board and the fund.",
            ["Finance officer of London Borough of Hackney", "Observer of Another board"],
        )
    ]


def test_organisation_is_open_to_whoever_acts_for_one(made):
    stranger = made.world.person("finance", "hackney")

    assert [rule for rule, _ in told(stranger, "organisation", made.world.council)] == [
        "The directory of partners is open to everybody who acts for one."
    ]
    assert [rule for rule, _ in told(made.world.sitting_member(), "organisation", made.world.council)] == [
        "The directory of partners is open to everybody who sits on a board."
    ]


@pytest.mark.parametrize(
    ("role", "partner"),
    [
        ("finance", "council"),
        ("member", "ccg"),
        ("operator", "council"),
        ("finance", "hackney"),
        ("sitting", ""),
        ("none", ""),
    ],
)
def test_reasons_are_there_exactly_where_an_object_is_seen(made, role, partner):
    person = {"sitting": made.world.sitting_member, "none": UserFactory}.get(
        role, lambda: made.world.person(role, partner)
    )()
    compared = 0
    for kind in kinds.every():
        seen = set(kind.model.objects.filter(kinds.either(kind.ways(person))).values_list("pk", flat=True))
        for pk in kind.model.objects.values_list("pk", flat=True):
            assert bool(why.reasons(person, kind, pk)) is (pk in seen), f"{kind.slug} {pk}"
            compared += 1
    assert compared > 20


@pytest.mark.parametrize("model", [Board, Meeting, Agreement, Fund])
def test_ways_are_those_of_visible_to(made, model):
    for person in (made.world.person("finance"), made.world.person("member", "ccg"), made.world.sitting_member()):
        assert set(model.objects.visible_to(person)) == set(
            model.objects.filter(kinds.either(model.objects.all().ways(person)))
        )


def test_page_is_404_for_whoever_may_not_see_the_object(signed_in, made):
    stranger = signed_in(made.world.person("finance", "hackney"))

    assert stranger.get(f"/why/fund/{made.pk('fund')}/").status_code == 404
    assert stranger.get(f"/why/nothing/{made.pk('fund')}/").status_code == 404
    assert stranger.get(f"/history/fund/{made.pk('fund')}/").status_code == 404


def test_page_names_role_partner_and_days_and_htmx_gets_the_part_alone(signed_in, made):
    client = signed_in(made.world.person("finance", "ccg"))

    page = client.get(f"/why/fund/{made.pk('fund')}/").content.decode()
    part = client.get(f"/why/fund/{made.pk('fund')}/", headers={"HX-Request": "true"}).content.decode()

    assert "Finance officer, NHS Southwark CCG, from 1 April 2009" in page
    assert "<html" in page
    assert "<html" not in part
    assert "from 1 April 2009" in part


def test_object_page_carries_the_links(signed_in, made):
    page = signed_in(made.world.person("finance")).get(f"/funds/{made.pk('fund')}/").content.decode()

    assert f'href="/why/fund/{made.pk("fund")}/"' in page
    assert f'href="/history/fund/{made.pk("fund")}/"' in page


def test_reasons_cost_the_same_queries_with_many_roles(made, django_assert_num_queries):
    few, many = UserFactory(), UserFactory()
    give_role(few, made.world.council, Role.FINANCE)
    for number in range(25):
        partner = Organisation.objects.create(key=f"many-{number}", name=f"Partner {number}", kind="unitary")
        give_role(many, partner, Role.FINANCE)
    give_role(many, made.world.council, Role.FINANCE)
    for person in (few, many):
        person.refresh_from_db()
        # Roles, seats, and the object.
        with django_assert_num_queries(3):
            assert why.reasons(person, kinds.named("fund"), made["fund"].pk)


def test_looking_as_a_role_is_explained_by_that_role(made):
    admin = made.world.person("admin")
    seen = seen_as_role(made.world.council, Role.FINANCE, by=admin)

    assert told(seen, "fund", made["fund"])[0][1] == ["Finance officer of Southwark Council"]
    assert told(narrowed(admin, Lens(organisation=made.world.hackney.pk)), "fund", made["fund"]) == []


def test_pages_of_objects_carry_a_link_and_ask_for_no_reason(signed_in, made, monkeypatch):
    """Reasons cost nothing until somebody opens them: then three queries, in a request of their own."""

    def never(*args):
        raise AssertionError("a page asked for reasons")

    monkeypatch.setattr(why, "of_person", never)
    client = signed_in(made.world.person("governance"))
    pages = {
        "fund": f"/funds/{made.pk('fund')}/",
        "board": f"/boards/{made.pk('board')}/",
        "return": f"/returns/{made.pk('signed_return')}/",
        "report": f"/reports/{made.pk('issued_report')}/",
        "organisation": f"/partners/{made.world.council.pk}/",
    }

    for kind, address in pages.items():
        page = client.get(address)
        assert page.status_code == 200, address
        assert f'href="/why/{kind}/' in page.content.decode(), address
    with pytest.raises(AssertionError, match="asked for reasons"):
        client.get(f"/why/fund/{made.pk('fund')}/")
