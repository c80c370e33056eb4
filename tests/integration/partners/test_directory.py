"""The directory of organisations: read by everybody who works on integration, people only by their own."""

import html
import re

import pytest
from django.contrib.auth.models import AnonymousUser

from partners.domain.capacities import Capacity
from partners.domain.roles import DELEGABLE, NOT_DELEGABLE, ROLE_PERMISSIONS, Permission, Role
from partners.models import Membership, OrganisationArea
from partners.selectors import directory
from tests.factories.partners import AreaFactory, OrganisationFactory, UserFactory, give_role

PAGE = "/partners/"


def names(response) -> list[str]:
    return [organisation.name for organisation in response.context["page"].object_list]


@pytest.mark.parametrize("role", list(Role))
def test_directory_opens_to_every_role(signed_in, world, role):
    response = signed_in(world.person(role.value)).get(PAGE)

    assert names(response) == ["London Borough of Hackney", "NHS Southwark CCG", "Southwark Council"]


def test_directory_is_empty_for_somebody_who_has_nothing_to_do_with_integration(signed_in, world, own_account):
    client = signed_in(own_account)

    assert names(client.get(PAGE)) == []
    assert client.get(f"{PAGE}{world.council.pk}/").status_code == 404
    assert not directory.may_read(AnonymousUser())


def test_directory_opens_to_whom_an_app_above_vouches_for(signed_in, world, own_account, monkeypatch):
    monkeypatch.setattr(directory.readers, "_providers", [lambda user: user == own_account])

    assert len(names(signed_in(own_account).get(PAGE))) == 3
    assert not directory.may_read(UserFactory())


def test_directory_after_the_last_role_ended_is_closed(world):
    person = world.person("finance")
    Membership.objects.filter(person=person).update(ends_on="2020-03-31")

    assert not directory.may_read(person)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?name=southwark", ["NHS Southwark CCG", "Southwark Council"]),
        ("?name=council+southwark", ["Southwark Council"]),
        ("?name=%25", []),
        ("?kind=ccg", ["NHS Southwark CCG"]),
        ("?kind=council&name=hack", ["London Borough of Hackney"]),
        ("?name=zzz", []),
    ],
)
def test_directory_is_searched_by_name_and_narrowed_by_kind(signed_in, world, query, expected):
    world.ccg.kind = "ccg"
    world.ccg.save()

    assert names(signed_in(world.person("member")).get(f"{PAGE}{query}")) == expected


def test_directory_with_an_unknown_kind_is_400(signed_in, world):
    response = signed_in(world.person("member")).get(f"{PAGE}?kind=planet")

    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()


@pytest.mark.parametrize("rows", [10, 200])
def test_directory_costs_the_same_queries_at_any_size(signed_in, world, rows, django_assert_num_queries):
    areas = [AreaFactory() for _ in range(3)]
    organisations = [OrganisationFactory() for _ in range(rows)]
    OrganisationArea.objects.bulk_create(
        OrganisationArea(organisation=organisation, area=area) for organisation in organisations for area in areas
    )
    client = signed_in(world.person("finance"))

    # Session, person, may read, count, rows, areas, and whom the person acts for in the page's head.
    with django_assert_num_queries(7):
        response = client.get(PAGE)

    assert len(names(response)) == min(rows + 3, 50)
    if rows == 200:
        assert len(names(client.get(f"{PAGE}?page=5"))) == 3
        assert 'aria-label="Page 5"' in response.content.decode()


def test_organisation_shows_kind_areas_and_its_people_to_its_own(signed_in, world):
    OrganisationArea.objects.create(organisation=world.council, area=world.area)
    colleague = world.person("finance")
    give_role(colleague, world.council, Role.PROGRAMME)

    page = signed_in(world.person("member")).get(f"{PAGE}{world.council.pk}/").content.decode()

    for words in ("Southwark Council", "Council", "Southwark", colleague.email, "Finance officer, Programme officer"):
        assert words in page
    assert "Audit log" not in page


@pytest.mark.parametrize("reader", [("finance", "ccg"), ("admin", "hackney"), ("operator", "council")])
def test_organisation_hides_its_people_from_everybody_else(signed_in, world, reader):
    hidden = world.person("finance")

    response = signed_in(world.person(*reader)).get(f"{PAGE}{world.council.pk}/")

    assert response.status_code == 200
    assert response.context["shown"].people is None
    assert hidden.email not in response.content.decode()


def test_organisation_leaves_out_people_whose_role_or_account_ended(world):
    gone, closed, stays = world.person("finance"), world.person("metrics"), world.person("member")
    Membership.objects.filter(person=gone).update(ends_on="2020-03-31")
    closed.is_active = False
    closed.save()

    shown = directory.detail(stays, world.council.pk)

    assert [row.person for row in shown.people] == [stays]


def test_organisation_costs_the_same_queries_for_any_number_of_people(signed_in, world, django_assert_num_queries):
    client = signed_in(world.person("member"))
    for size in (10, 200):
        group = world.person("finance").groups.get()
        people = UserFactory.create_batch(size)
        Membership.objects.bulk_create(
            Membership(person=person, organisation=world.council, role="finance", group=group, starts_on="2014-04-01")
            for person in people
        )
        # Session, person, may read, organisation, areas, own, names, codes, footprints, people, boards, funds,
        # successions, may audit, and the page's head.
        with django_assert_num_queries(14):
            client.get(f"{PAGE}{world.council.pk}/")


def test_roles_page_prints_the_table_that_counts(signed_in, world):
    response = signed_in(world.person("member")).get(f"{PAGE}roles/")

    rows = {row.words: row for row in response.context["rows"]}
    assert set(rows) == {role.words for role in Role}
    for role in Role:
        allowed = {permission for permission, yes in rows[role.words].allowed if yes}
        assert allowed == ROLE_PERMISSIONS[role]
    page = response.content.decode()
    table = page.split("What a deputy may do")[0]
    assert table.count("<strong>Yes</strong>") == sum(len(found) for found in ROLE_PERMISSIONS.values())


def test_roles_page_prints_what_a_deputy_may_do_and_the_capacities(signed_in, world):
    response = signed_in(world.person("member")).get(f"{PAGE}roles/")
    page = re.sub(r"<[^>]+>|\s+", " ", response.content.decode())
    page = re.sub(r"\s+", " ", page)

    for permission in Permission:
        words = f"{permission.words} " + ("Yes" if permission in DELEGABLE else f"No: {NOT_DELEGABLE[permission]}")
        assert html.escape(words) in page
    for capacity in Capacity:
        reason = capacity.in_person_because
        words = f"Signs in person, and no deputy instead: {reason}." if reason else "A deputy may sign."
        assert f"{capacity.words} {html.escape(words)}" in page
