"""Pages of the register: found by name and code, as on a day, with what the reader may know of."""

from datetime import date

import pytest
from django.urls import reverse

from governance.models import Seat
from integration_hub.core.models import AuditEvent
from partners.models import (
    AreaCode,
    Footprint,
    FootprintArea,
    FootprintLink,
    Organisation,
    OrganisationArea,
    OrganisationCode,
    OrganisationName,
)
from partners.services import register_data
from tests.factories.money import AgreementFactory, BoardFactory, FundFactory, join_agreement, join_board
from tests.factories.partners import NOON, AreaFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, world):
    return signed_in(world.person("member"))


def names(response) -> list[str]:
    return [row.name for row in response.context["page"].object_list]


def at(name: str, **on: object) -> str:
    return reverse(f"partners:{name}", kwargs=on)


def test_directory_finds_by_code_and_by_a_name_of_before(client, world):
    OrganisationCode.objects.create(organisation=world.ccg, scheme="ods", code="08Q", valid_to=date(2022, 6, 30))
    OrganisationName.objects.create(organisation=world.council, name="Old Vestry", valid_to=date(1965, 3, 31))

    assert names(client.get("/partners/?name=08q")) == ["NHS Southwark CCG"]
    assert names(client.get("/partners/?name=vestry")) == ["Southwark Council"]
    assert names(client.get("/partners/?name=08")) == []


def test_directory_stands_as_on_a_day(client):
    OrganisationFactory(name="Ended", valid_to=date(2022, 6, 30))
    OrganisationFactory(name="Later", valid_from=date(2022, 7, 1))
    everybody = ["London Borough of Hackney", "NHS Southwark CCG", "Southwark Council"]

    assert names(client.get("/partners/")) == sorted(["Later", *everybody])
    assert names(client.get("/partners/?on=30+6+2022")) == sorted(["Ended", *everybody])
    assert names(client.get("/partners/?standing=ended")) == ["Ended"]
    assert names(client.get("/partners/?standing=ended&on=30/6/2022")) == []
    assert names(client.get("/partners/?standing=all")) == sorted(["Ended", "Later", *everybody])
    assert client.get("/partners/?on=soon").status_code == 400
    assert client.get("/partners/?standing=gone").status_code == 400


def test_organisation_shows_codes_names_and_footprints_with_their_days(client, world):
    OrganisationCode.objects.create(
        organisation=world.council,
        scheme="ons",
        code="E09000028",
        valid_from=date(2013, 4, 1),
        checked=True,
        source="L",
    )
    OrganisationCode.objects.create(organisation=world.council, scheme="ods", code="X1X", valid_to=date(2020, 1, 31))
    OrganisationName.objects.create(organisation=world.council, name="Old Vestry", valid_to=date(1965, 3, 31))
    Footprint.objects.create(key="f", kind="ics", name="The system", body=world.council)

    page = client.get(at("organisation", pk=world.council.pk)).content.decode()

    for words in (
        "E09000028",
        "1 April 2013",
        "In use",
        "Checked: L",
        "31 January 2020",
        "Not checked",
        "Old Vestry until 31 March 1965",
        "The system (integrated care system)",
        "Southwark Health and Wellbeing Board",
    ):
        assert words in page, words
    assert "Correct the note" not in page


def test_organisation_names_boards_and_funds_only_to_those_who_know_of_them(signed_in, world):
    world.fund.name, world.fund.released_at = "The released fund", NOON
    world.fund.save()
    FundFactory(
        agreement=world.agreement, owner=world.ccg, name="The draft of the CCG", financial_year=2015, released_at=None
    )
    address = at("organisation", pk=world.council.pk)
    area = at("area", pk=world.area.pk)

    def panels(role: str, partner: str, where: str) -> list[str]:
        response = signed_in(world.person(role, partner)).get(where)
        return [link.title for panel in response.context["panels"] for link in panel.links]

    for where in (address, area):
        assert panels("member", "council", where) == [
            "Southwark Health and Wellbeing Board",
            "The released fund 2014/15",
        ]
        assert panels("member", "ccg", where) == [
            "Southwark Health and Wellbeing Board",
            "The draft of the CCG 2015/16",
            "The released fund 2014/15",
        ]
        assert panels("finance", "hackney", where) == []
        assert panels("operator", "council", where) == []


def test_organisation_of_two_pools_shows_each_council_its_own(signed_in, world):
    """The CCG pools with two councils; neither council learns of the other's board or fund from the CCG's page."""
    board = BoardFactory(name="Hackney board", area=AreaFactory(name="Hackney", ons_code="E09000012"))
    join_board(board, world.hackney, world.ccg)
    agreement = AgreementFactory(title="Hackney agreement", area=board.area, board=board)
    join_agreement(agreement, world.hackney, world.ccg)
    FundFactory(agreement=agreement, owner=world.hackney, name="Hackney fund", released_at=NOON)
    address = at("organisation", pk=world.ccg.pk)

    hackney = signed_in(world.person("member", "hackney")).get(address).content.decode()
    southwark = signed_in(world.person("member")).get(address).content.decode()
    both = signed_in(world.person("member", "ccg")).get(address).content.decode()

    assert "Hackney fund" in hackney
    assert "Southwark Health and Wellbeing Board" not in hackney
    assert "Hackney board" not in southwark
    assert "Hackney fund" not in southwark
    assert "Hackney fund" in both
    assert "Southwark Health and Wellbeing Board" in both


def test_panel_of_many_boards_ends_with_where_all_are(client, world):
    for number in range(60):
        join_board(BoardFactory(name=f"Board {number:02}", area=world.area), world.council)

    (boards,) = [
        panel
        for panel in client.get(at("organisation", pk=world.council.pk)).context["panels"]
        if panel.title == "Boards"
    ]

    assert len(boards.links) == 51
    assert (boards.links[-1].title, boards.links[-1].url) == ("Every board", "/boards/")


def test_area_has_its_council_and_commissioners_of_the_day(client, world):
    city, hackney = AreaFactory(name="City of London"), AreaFactory(name="Hackney")
    both = OrganisationFactory(name="NHS City and Hackney CCG", kind="ccg")
    board = OrganisationFactory(name="NHS North East London ICB", kind="icb", valid_from=date(2022, 7, 1))
    trust = OrganisationFactory(name="Homerton", kind="foundation_trust")
    for area in (city, hackney):
        OrganisationArea.objects.create(organisation=both, area=area, ends_on=date(2022, 6, 30))
        OrganisationArea.objects.create(organisation=board, area=area, starts_on=date(2022, 7, 1))
    OrganisationArea.objects.create(organisation=trust, area=hackney)
    OrganisationArea.objects.create(organisation=world.hackney, area=hackney)

    for area in (city, hackney):
        for day, expected in (("30/6/2022", both), ("1/7/2022", board)):
            shown = client.get(f"{at('area', pk=area.pk)}?on={day}").context["shown"]
            assert shown.commissioners == [expected]
    assert (shown.councils, shown.others) == ([world.hackney], [trust])
    assert client.get(f"{at('area', pk=hackney.pk)}?on=never").status_code == 400


def test_areas_are_found_by_name_code_of_before_and_kind(client, world):
    AreaCode.objects.create(area=world.area, scheme="ons", code="E09000099", valid_to=date(2013, 3, 31))
    AreaFactory(name="South East London", ons_code="E54000030", kind="icb")
    OrganisationArea.objects.create(organisation=world.ccg, area=world.area, ends_on=date(2022, 6, 30))

    assert names(client.get("/partners/areas/?name=e09000099")) == ["Southwark"]
    assert names(client.get("/partners/areas/?name=E54000030")) == ["South East London"]
    assert names(client.get("/partners/areas/?kind=icb")) == ["South East London"]
    assert "NHS Southwark CCG" in client.get("/partners/areas/?on=30/6/2022").content.decode()
    assert "NHS Southwark CCG" not in client.get("/partners/areas/").content.decode()
    assert client.get("/partners/areas/?kind=planet").status_code == 400


def test_footprints_stand_as_a_tree_of_the_day(client):
    register_data.load(at=NOON, system="test")

    def lines(on: str) -> dict[str, list[str]]:
        found = {}
        for tree in client.get(f"/partners/footprints/?on={on}").context["trees"]:
            found[tree.item.footprint.name] = [branch.item.footprint.name for branch in tree.below]
        return found

    before, after = lines("12+March+2020"), lines("1+July+2022")
    assert len(before.pop("England")) == 9
    (system,) = before
    assert system.startswith("North East London STP")
    assert before[system] == [
        "Barking & Dagenham",
        "City of London",
        "Hackney",
        "Havering",
        "Redbridge",
        "Waltham Forest, Newham and Tower Hamlets (WEL)",
    ]
    assert system not in after
    assert after["Waltham Forest, Newham and Tower Hamlets (WEL)"] == ["Newham", "Tower Hamlets", "Waltham Forest"]
    page = client.get("/partners/footprints/?on=12+March+2020").content.decode()
    for words in ("North East", "South West", "eight primary care networks", "As on 12 March 2020"):
        assert words in page
    assert client.get("/partners/footprints/?on=1+July+2022&page=2").context["page"].paginator.count > 42
    assert client.get("/partners/footprints/?on=never").status_code == 400


def test_register_is_empty_for_somebody_who_has_nothing_to_do_with_integration(signed_in, own_account, world):
    register_data.load(at=NOON, system="test")
    client = signed_in(own_account)

    assert names(client.get("/partners/areas/")) == []
    assert client.get("/partners/footprints/").context["trees"] == []
    assert client.get(at("area", pk=world.area.pk)).status_code == 404


def test_register_opens_to_whoever_sits_on_a_board(signed_in, world):
    person = UserFactory()
    Seat.objects.create(board=world.board, person=person, title="Member", starts_on=date(2014, 4, 1))

    assert names(signed_in(person).get("/partners/areas/")) == ["Southwark"]


def test_administrator_corrects_note_and_codes_on_the_pages(signed_in, world):
    client = signed_in(world.person("admin"))
    page = at("organisation", pk=world.council.pk)

    assert "Add a code" in client.get(page).content.decode()
    response = client.post(
        at("code_new", pk=world.council.pk), {"scheme": "ods", "code": " x1x ", "starts_on": "", "reason": "Missing"}
    )
    assert response.url == page
    code = world.council.codes.get()
    assert (code.code, code.valid_from) == ("X1X", None)
    client.post(at("code_end", pk=world.council.pk, code=code.pk), {"ends_on": "31/3/2025", "reason": "Gone"})
    client.post(at("note", pk=world.council.pk), {"note": "One\r\nTwo", "seen_note": "", "reason": "More to say"})

    code.refresh_from_db()
    world.council.refresh_from_db()
    assert (code.valid_to, world.council.note) == (date(2025, 3, 31), "One\nTwo")
    reasons = AuditEvent.objects.filter(partner_id=str(world.council.pk), reason__gt="").order_by("recorded_at")
    assert list(reasons.values_list("reason", flat=True)) == ["Missing", "Gone", "More to say"]


@pytest.mark.parametrize(
    ("name", "sent", "status", "words"),
    [
        ("code_new", {"scheme": "ods", "code": "X1X"}, 400, "Enter why the register changes"),
        ("code_new", {"scheme": "iso", "code": "X1X", "reason": "R"}, 400, "Select a valid choice"),
        ("code_new", {"scheme": "ods", "code": "?", "reason": "R"}, 400, "three to six capital letters"),
        ("code_new", {"scheme": "ods", "code": "X1X", "checked": "on", "reason": "R"}, 400, "where you read"),
        ("code_new", {"scheme": "ods", "code": "08Q", "reason": "R"}, 409, "belongs to NHS Southwark CCG"),
        ("note", {"note": "Mine", "seen_note": "Another", "reason": "R"}, 409, "Somebody changed this"),
    ],
)
def test_correction_that_is_refused_shows_what_was_typed_and_changes_nothing(
    signed_in, world, name, sent, status, words
):
    OrganisationCode.objects.create(organisation=world.ccg, scheme="ods", code="08Q")
    Organisation.objects.filter(pk=world.council.pk).update(note="Theirs")
    client = signed_in(world.person("operator"))
    lines = AuditEvent.objects.count()

    response = client.post(at(name, pk=world.council.pk), sent)

    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "There is a problem" in page
    world.council.refresh_from_db()
    assert (world.council.note, world.council.codes.count(), AuditEvent.objects.count()) == ("Theirs", 0, lines)


def test_code_of_another_organisation_is_not_found_under_this_one(signed_in, world):
    code = OrganisationCode.objects.create(organisation=world.ccg, scheme="ods", code="08Q")

    address = at("code_end", pk=world.council.pk, code=code.pk)

    assert signed_in(world.person("operator")).get(address).status_code == 404


def test_pages_cost_the_same_with_600_organisations_and_160_areas(client, world, django_assert_num_queries):
    areas = [AreaFactory() for _ in range(160)]
    organisations = Organisation.objects.bulk_create(
        Organisation(key=f"many-{number}", name=f"Many {number:03}", kind="provider") for number in range(600)
    )
    OrganisationArea.objects.bulk_create(
        OrganisationArea(organisation=organisation, area=areas[number % 160])
        for number, organisation in enumerate(organisations)
    )
    systems = Footprint.objects.bulk_create(
        Footprint(key=f"system-{number}", kind="ics", name=f"System {number}") for number in range(40)
    )
    inside = Footprint.objects.bulk_create(
        Footprint(key=f"area-{number}", kind="area", name=f"Area {number}") for number in range(160)
    )
    FootprintLink.objects.bulk_create(
        FootprintLink(child=row, parent=systems[number % 40]) for number, row in enumerate(inside)
    )
    FootprintArea.objects.bulk_create(
        FootprintArea(footprint=row, area=area) for row, area in zip(inside, areas, strict=True)
    )

    # Session, person, may read, count, rows and what belongs to them; of footprints names, links, rows and areas.
    # Where entries can be made, whether the reader may.
    for address, cost in (
        ("/partners/", 7),
        ("/partners/?name=many+03&kind=provider&on=1/4/2025", 7),
        ("/partners/areas/", 6),
        ("/partners/footprints/", 8),
        (at("area", pk=areas[0].pk), 10),
    ):
        with django_assert_num_queries(cost):
            response = client.get(address)
        assert response.status_code == 200
        assert len(response.content) < 120_000
