"""The register kept in the browser by an operator: what comes in, what ends, and what is refused in words."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from partners.models import (
    Footprint,
    FootprintArea,
    FootprintLink,
    Organisation,
    OrganisationArea,
    OrganisationCode,
    OrganisationName,
)
from partners.selectors import directory
from partners.selectors import footprints as trees
from partners.services import keeping
from tests.factories.partners import AreaFactory, OrganisationFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db

APRIL = date(2024, 4, 1)
NEW = {"name": " NHS  New ICB ", "kind": "icb", "valid_from": "1 April 2024", "ods": "qzz", "reason": "Order 2024"}


@pytest.fixture
def client(signed_in, world):
    return signed_in(world.person("operator"))


@pytest.fixture
def alone() -> Organisation:
    """An organisation of which nobody has anything."""
    return OrganisationFactory(key="alone", name="Alone", kind="other", valid_from=date(2013, 4, 1))


def at(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=args)


def footprint(kind: str, name: str, parent: Footprint | None = None, **days: date) -> Footprint:
    row = Footprint.objects.create(key=name.lower().replace(" ", "-"), kind=kind, name=name, **days)
    if parent is not None:
        FootprintLink.objects.create(child=row, parent=parent)
    return row


def state() -> list[int]:
    tables = (
        AuditEvent,
        Footprint,
        FootprintArea,
        FootprintLink,
        Organisation,
        OrganisationArea,
        OrganisationCode,
        OrganisationName,
    )
    return [hash(tuple(sorted(map(str, table.objects.values_list())))) for table in tables]


def last_line() -> AuditEvent:
    return AuditEvent.objects.latest("recorded_at")


def test_operator_enters_an_organisation_with_its_codes(client, world):
    response = client.post(at("organisation_new"), NEW)

    made = Organisation.objects.get(key="nhs-new-icb")
    assert response.url == at("organisation", made.pk)
    assert (made.name, made.kind, made.valid_from) == ("NHS New ICB", "icb", APRIL)
    assert list(made.codes.values_list("scheme", "code", "valid_from", "checked")) == [("ods", "QZZ", APRIL, False)]
    assert directory.name_on(made, APRIL) == "NHS New ICB"
    line = last_line()
    assert (line.kind, line.actor_name, line.reason) == ("organisation.registered", "Operator of council", "Order 2024")
    page = client.get(response.url).content.decode()
    assert "Not loaded: no list at hand says which councils&#x27; areas it serves" in page.replace("'", "&#x27;")


def test_name_of_an_organisation_that_ended_may_be_entered_again_with_another_key(client):
    OrganisationFactory(key="nhs-new-icb", name="NHS New ICB", valid_to=date(2023, 3, 31))

    assert client.post(at("organisation_new"), NEW).status_code == 302
    assert set(Organisation.objects.filter(name="NHS New ICB").values_list("key", flat=True)) == {
        "nhs-new-icb",
        "nhs-new-icb-2",
    }


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"name": ""}, 400, "Enter the name"),
        ({"kind": "planet"}, 400, "Select a valid choice"),
        ({"ods": "?"}, 400, "three to six capital letters"),
        ({"checked": "on"}, 400, "Enter where you read the codes"),
        ({"valid_from": "1 1 1066"}, 400, "Enter a real date from 1 January 1800"),
        ({"reason": ""}, 400, "Enter why the register changes"),
        ({"name": "southwark COUNCIL"}, 409, "The register has Southwark Council already"),
        ({"valid_from": "1 4 2199"}, 409, "is still to come"),
        ({"ods": "08q"}, 409, "08Q belongs to NHS Southwark CCG"),
    ],
)
def test_organisation_that_cannot_be_entered_is_refused_in_words(client, world, change, status, words):
    OrganisationCode.objects.create(organisation=world.ccg, scheme="ods", code="08Q")
    before = state()

    response = client.post(at("organisation_new"), NEW | change)

    page = response.content.decode()
    assert (response.status_code, words in page, "There is a problem" in page) == (status, True, True), page
    assert state() == before


def test_kind_is_corrected_with_a_reason(client, world):
    response = client.post(at("kind", world.ccg.pk), {"kind": "icb", "seen": "ccg", "reason": "Wrong kind"})

    world.ccg.refresh_from_db()
    line = last_line()
    assert (response.status_code, world.ccg.kind) == (302, "icb")
    assert (line.kind, line.before, line.after) == ("organisation.kind_corrected", {"kind": "ccg"}, {"kind": "icb"})


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"kind": "icb", "seen": "pct", "reason": "R"}, 409, "the kind is now “ccg”"),
        ({"kind": "ccg", "seen": "ccg", "reason": "R"}, 409, "is of this kind already"),
        ({"kind": "icb", "reason": "R"}, 400, "There is a problem"),
    ],
)
def test_kind_that_changed_meanwhile_or_is_the_same_is_refused(client, world, sent, status, words):
    before = state()

    response = client.post(at("kind", world.ccg.pk), sent)

    assert (response.status_code, words in response.content.decode()) == (status, True)
    assert state() == before


def test_new_name_holds_from_its_day_and_the_one_before_until_then(client, world):
    sent = {"name": "Southwark Borough", "starts_on": "1 4 2024", "seen": "Southwark Council", "reason": "Resolution"}

    assert client.post(at("rename", world.council.pk), sent).status_code == 302

    world.council.refresh_from_db()
    assert world.council.name == "Southwark Borough"
    assert directory.name_on(world.council, APRIL - timedelta(days=1)) == "Southwark Council"
    again = client.post(at("rename", world.council.pk), sent | {"name": "Third"})
    assert (again.status_code, "the name is now “Southwark Borough”" in again.content.decode()) == (409, True)


def test_rename_of_a_day_to_come_is_refused(client, world):
    before = state()

    response = client.post(
        at("rename", world.council.pk),
        {"name": "New", "starts_on": "1/4/2190", "seen": "Southwark Council", "reason": "R"},
    )

    assert (response.status_code, "is still to come" in response.content.decode()) == (409, True)
    assert state() == before


def test_last_day_ends_the_codes_and_areas_with_the_organisation(client, world, alone):
    OrganisationCode.objects.create(organisation=alone, scheme="ods", code="X1X")
    OrganisationArea.objects.create(organisation=alone, area=world.area)

    response = client.post(at("organisation_end", alone.pk), {"ends_on": "31 3 2024", "reason": "Wound up"})

    alone.refresh_from_db()
    day = date(2024, 3, 31)
    assert response.status_code == 302
    assert (alone.valid_to, alone.codes.get().valid_to, alone.area_links.get().ends_on) == (day, day, day)
    assert last_line().after == {"until": "2024-03-31", "codes": ["ODS X1X"], "areas": ["Southwark"]}
    again = client.post(at("organisation_end", alone.pk), {"ends_on": "31 3 2023", "reason": "Earlier"})
    assert (again.status_code, "That day stays" in again.content.decode()) == (409, True)


@pytest.mark.parametrize(
    ("day", "words"), [("31 3 2199", "is still to come"), ("31 3 2013", "It cannot end before that")]
)
def test_last_day_that_cannot_be_is_refused(client, alone, day, words):
    before = state()

    response = client.post(at("organisation_end", alone.pk), {"ends_on": day, "reason": "R"})

    assert (response.status_code, words in response.content.decode()) == (409, True)
    assert state() == before


def test_organisation_that_holds_anything_ends_by_a_succession_only(client, world, alone):
    """The council has an agreement and a board; the other has somebody with a role."""
    give_role(UserFactory(), alone, Role.FINANCE)
    before = state()

    for organisation, words in ((world.council, "entries of agreements"), (alone, "roles of 1 person")):
        response = client.post(at("organisation_end", organisation.pk), {"ends_on": "31 3 2024", "reason": "R"})
        page = response.content.decode()
        assert (response.status_code, words in page, "Prepare a succession" in page) == (409, True, True)
    assert state() == before


def test_city_and_hackney_ccg_serves_two_areas_until_boards_came(client, signed_in, world):
    ccg = OrganisationFactory(name="NHS City and Hackney CCG", kind="ccg")
    city, hackney = AreaFactory(name="City of London"), AreaFactory(name="Hackney")
    for area in (city, hackney):
        sent = {"area": area.pk, "starts_on": "1 4 2013", "ends_on": "", "reason": "Paper of 2016"}
        assert client.post(at("service_new", ccg.pk), sent).status_code == 302
    link = ccg.area_links.get(area=city)

    response = client.post(at("service_end", ccg.pk, link.pk), {"ends_on": "30 6 2022", "reason": "Boards came"})

    assert response.url == at("organisation", ccg.pk)
    page = client.get(response.url).content.decode()
    assert "from 1 April 2013 until 30 June 2022" in page
    for day, expected in (("30/6/2022", [ccg]), ("1/7/2022", [])):
        assert client.get(f"{at('area', city.pk)}?on={day}").context["shown"].commissioners == expected
        assert client.get(f"{at('area', hackney.pk)}?on={day}").context["shown"].commissioners == [ccg]
    assert "Not loaded: no list at hand says who commissions here" in client.get(at("area", city.pk)).content.decode()


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"starts_on": "1 4 2020"}, 409, "Alone serves Southwark since 1 April 2014 until 31 March 2021"),
        ({"starts_on": "", "ends_on": "1 4 2013"}, 409, "Alone began on 1 April 2013"),
        ({"starts_on": "1 4 2014", "ends_on": "1 4 2013"}, 400, "The last day is before the first"),
        ({"area": "", "starts_on": "1 4 2022"}, 400, "Choose the area"),
    ],
)
def test_area_that_cannot_be_served_then_is_refused(client, world, alone, sent, status, words):
    OrganisationArea.objects.create(
        organisation=alone, area=world.area, starts_on=date(2014, 4, 1), ends_on=date(2021, 3, 31)
    )
    before = state()

    response = client.post(at("service_new", alone.pk), {"area": world.area.pk, "ends_on": "", "reason": "R"} | sent)

    assert (response.status_code, words in response.content.decode()) == (status, True), response.content.decode()
    assert state() == before


def test_serving_an_area_ends_once_and_not_before_it_began(client, world, alone):
    link = OrganisationArea.objects.create(organisation=alone, area=world.area, starts_on=APRIL)
    address = at("service_end", alone.pk, link.pk)

    assert client.post(address, {"ends_on": "31 3 2024", "reason": "R"}).status_code == 409
    assert client.post(address, {"ends_on": "31 3 2025", "reason": "R"}).status_code == 302
    again = client.post(address, {"ends_on": "31 3 2026", "reason": "R"})
    assert (again.status_code, "ended on 31 March 2025. That day stays" in again.content.decode()) == (409, True)
    assert client.get(at("service_end", world.council.pk, link.pk)).status_code == 404


def test_footprint_is_entered_moved_and_ended_as_at_a_day(client, world):
    wide, other = footprint("ics", "Wide"), footprint("stp", "Other")
    sent = {"name": "Middle", "kind": "local_system", "parent": wide.pk, "valid_from": "1 4 2020", "reason": "Paper"}

    response = client.post(at("footprint_new"), sent | {"areas": "e09000028", "body": "southwark council"})

    middle = Footprint.objects.get(key="middle")
    narrow = footprint("area", "Narrow", middle)
    assert response.url == at("footprint", middle.pk)
    assert (middle.body, middle.area_links.get().area) == (world.council, world.area)
    moved = client.post(
        at("footprint_move", middle.pk), {"parent": other.pk, "starts_on": "1 7 2022", "reason": "New map"}
    )
    assert moved.status_code == 302
    ended = client.post(at("footprint_end", middle.pk), {"ends_on": "31 3 2024", "reason": "Gone"})
    assert ended.status_code == 302

    def parents(day: date) -> dict[str, list[str]]:
        forest = trees.on_day(world.person("operator"), day)
        name = forest.names
        return {name[parent]: [name[key] for key in below] for parent, below in forest.children.items()}

    assert parents(date(2022, 6, 30)) == {"Wide": ["Middle"], "Middle": ["Narrow"]}
    assert parents(date(2022, 7, 1)) == {"Other": ["Middle"], "Middle": ["Narrow"]}
    assert parents(date(2024, 4, 1)) == {}
    assert last_line().after == {"until": "2024-03-31", "lie_in_no_other_now": ["Narrow"]}
    assert middle.area_links.get().ends_on == date(2024, 3, 31)
    page = client.get(f"{at('footprint', middle.pk)}?on=1/1/2024").content.decode()
    for words in ("Narrow", "until 30 June 2022", "from 1 July 2022 until 31 March 2024", "Southwark Council"):
        assert words in page, words
    assert narrow.parent_links.get().ends_on == date(2024, 3, 31)


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"kind": "ics", "parent": "wide"}, 409, "Choose a wider one"),
        ({"parent": "wide", "valid_from": "1 4 2010"}, 409, "Wide began on 1 April 2015"),
        ({"areas": "E09000099"}, 400, "No area has the ONS code E09000099"),
        ({"areas": "London"}, 400, "LONDON: a code of ONS is"),
        ({"body": "Nobody"}, 400, "no organisation called Nobody"),
        ({"name": "here", "kind": "locality", "parent": "wide", "valid_from": "1 4 2020"}, 409, "has Here already"),
        ({"parent": "gone"}, 400, "Select a valid choice"),
    ],
)
def test_footprint_that_cannot_be_entered_is_refused_in_words(client, world, change, status, words):
    wide = footprint("ics", "Wide", valid_from=date(2015, 4, 1))
    gone = footprint("ics", "Gone", valid_to=date(2015, 4, 1))
    footprint("locality", "Here", wide)
    before = state()
    sent = {"name": "New", "kind": "local_system", "parent": "", "reason": "R"} | change
    sent["parent"] = {"wide": wide.pk, "gone": gone.pk, "": ""}[sent["parent"]]

    response = client.post(at("footprint_new"), sent)

    assert (response.status_code, words in response.content.decode()) == (status, True), response.content.decode()
    assert state() == before


def test_footprint_moves_only_where_and_when_it_can(client):
    wide, other = footprint("ics", "Wide"), footprint("stp", "Other", valid_from=APRIL)
    middle = footprint("local_system", "Middle", wide, valid_from=date(2020, 4, 1))
    narrow = footprint("locality", "Narrow", middle)
    FootprintLink.objects.filter(child=middle).update(ends_on=date(2025, 3, 31))
    FootprintLink.objects.create(child=middle, parent=other, starts_on=date(2025, 4, 1))
    before = state()

    for row, into, day, words in (
        (middle, wide, "1 4 2024", "Middle in Other from 1 April 2025 on is entered already"),
        (middle, other, "1 4 2026", "Middle lies in Other on that day already"),
        (middle, wide, "1 4 2019", "Middle began on 1 April 2020"),
        (narrow, other, "1 4 2020", "Other began on 1 April 2024"),
        (wide, None, "1 4 2024", "Wide lies in no other on that day"),
    ):
        response = client.post(
            at("footprint_move", row.pk), {"parent": into.pk if into else "", "starts_on": day, "reason": "R"}
        )
        assert (response.status_code, words in response.content.decode()) == (409, True), words
    narrower = client.post(
        at("footprint_move", middle.pk), {"parent": narrow.pk, "starts_on": "1 4 2026", "reason": "R"}
    )
    assert (narrower.status_code, "Select a valid choice" in narrower.content.decode()) == (400, True)
    ending = client.post(at("footprint_end", middle.pk), {"ends_on": "1 4 2022", "reason": "R"})
    assert (ending.status_code, "is entered already" in ending.content.decode()) == (409, True)
    early = client.post(at("footprint_end", middle.pk), {"ends_on": "1 4 2012", "reason": "R"})
    assert (early.status_code, "It cannot end before that" in early.content.decode()) == (409, True)
    assert state() == before


def test_footprint_moves_out_of_every_other(client):
    middle = footprint("local_system", "Middle", footprint("ics", "Wide"))

    response = client.post(at("footprint_move", middle.pk), {"parent": "", "starts_on": "1 4 2024", "reason": "R"})

    assert response.status_code == 302
    assert middle.parent_links.get().ends_on == date(2024, 3, 31)


@pytest.mark.parametrize("who", [("admin", "council"), ("auditor", "council"), ("finance", "hackney")])
def test_register_is_kept_by_operators_alone(world, alone, who):
    by, now = world.person(*who), timezone.now()
    row, shared = footprint("ics", "Wide"), {"reason": "No", "by": by, "at": now}
    link = OrganisationArea.objects.create(organisation=alone, area=world.area)
    before = state()

    for act in (
        lambda: keeping.register(
            name="N", kind="icb", valid_from=None, codes={}, source="", checked=False, note="", **shared
        ),
        lambda: keeping.correct_kind(organisation_id=alone.pk, kind="icb", seen="other", **shared),
        lambda: keeping.rename(organisation_id=alone.pk, name="N", starts_on=APRIL, seen="Alone", **shared),
        lambda: keeping.end(organisation_id=alone.pk, ends_on=APRIL, **shared),
        lambda: keeping.serve_area(
            organisation_id=alone.pk, area_id=world.area.pk, starts_on=APRIL, ends_on=None, **shared
        ),
        lambda: keeping.end_service(organisation_id=alone.pk, link_id=link.pk, ends_on=APRIL, **shared),
        lambda: keeping.register_footprint(
            name="N", kind="ics", parent_id=None, valid_from=None, areas=[], body=None, note="", source="", **shared
        ),
        lambda: keeping.move_footprint(footprint_id=row.pk, parent_id=None, starts_on=APRIL, **shared),
        lambda: keeping.end_footprint(footprint_id=row.pk, ends_on=APRIL, **shared),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert state() == before


def test_somebody_without_a_role_finds_no_footprint(own_account, world):
    row = footprint("ics", "Wide")

    with pytest.raises(Http404):
        keeping.end_footprint(footprint_id=row.pk, ends_on=APRIL, reason="No", by=own_account, at=timezone.now())
