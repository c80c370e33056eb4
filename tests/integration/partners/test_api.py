"""Areas, organisations, me and the audit log by the API; and the order of its answers."""

import uuid

import pytest
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from integration_hub.core.models import AuditEvent
from partners.models import AreaCode, Footprint, FootprintArea, FootprintLink, OrganisationArea, OrganisationCode
from partners.services import memberships
from tests.factories.partners import AreaFactory, OrganisationFactory
from tests.integration.partners.test_audit_log import line

# Fixed, so that every process of a parallel run collects the same tests.
NOBODY = uuid.UUID(int=1)
API = "/api/v1/"
LISTS = ["areas/", "organisations/", "footprints/", "audit/"]


@pytest.fixture
def api_of():
    """A program with the rights of a person."""

    def client_of(person) -> APIClient:
        client = APIClient()
        client.force_login(person, backend="partners.backends.EmailBackend")
        return client

    return client_of


def test_me_is_the_person_with_the_roles_of_today(api_of, world):
    person = world.person("finance")

    body = api_of(person).get(f"{API}users/me/").json()

    assert (body["id"], body["email"], body["is_demonstration"]) == (str(person.pk), person.email, True)
    (held,) = body["memberships"]
    assert held["organisation"] == str(world.council.pk)
    assert (held["role"], held["role_words"], held["ends_on"]) == ("finance", "Finance officer", None)
    assert held["id"]
    assert (held["capacity"], held["capacity_words"]) == ("", "")


def test_me_names_the_capacity_in_which_an_approver_signs(api_of, world):
    person = world.person("approver")
    person.memberships.update(capacity="section_151_officer")

    (held,) = api_of(person).get(f"{API}users/me/").json()["memberships"]

    assert (held["capacity"], held["capacity_words"]) == ("section_151_officer", "Section 151 officer")


def test_lists_have_count_next_previous_results_with_ids_and_a_detail_address(api_of, world):
    Footprint.objects.create(key="wide", kind="ics", name="Wide")
    client = api_of(world.person("auditor"))

    for name in LISTS:
        body = client.get(f"{API}{name}").json()
        assert set(body) == {"count", "next", "previous", "results"}
        assert body["count"] == len(body["results"]) > 0
        for item in body["results"]:
            assert client.get(f"{API}{name}{item['id']}/").json() == item


def test_organisations_name_the_areas_served_and_are_filtered(api_of, world):
    OrganisationArea.objects.create(organisation=world.council, area=world.area)
    OrganisationArea.objects.create(organisation=world.council, area=world.area, starts_on="2014-04-01")
    client = api_of(world.person("member"))

    def found(query):
        return [item["name"] for item in client.get(f"{API}organisations/?{query}").json()["results"]]

    assert found("area=E09000028") == ["Southwark Council"]
    assert found("name=southwark&kind=ccg") == ["NHS Southwark CCG"]
    assert found("key=hackney") == []
    assert found("kind=council") == ["London Borough of Hackney", "Southwark Council"]
    assert found("kind=london_borough&name=hack") == ["London Borough of Hackney"]
    assert client.get(f"{API}organisations/?kind=planet").status_code == 400
    served = client.get(f"{API}organisations/{world.council.pk}/").json()["areas"]
    assert [area["name"] for area in served] == ["Southwark", "Southwark"]


def test_organisations_and_areas_show_their_codes_with_dates_and_are_found_by_any_of_them(api_of, world):
    OrganisationCode.objects.create(
        organisation=world.council, scheme="ons", code="E09000099", valid_to="2013-03-31", source="An old list"
    )
    OrganisationCode.objects.create(
        organisation=world.council, scheme="ons", code="E09000028", valid_from="2013-04-01", checked=True, source="List"
    )
    AreaCode.objects.create(area=world.area, scheme="ons", code="E09000099", valid_to="2013-03-31")
    AreaFactory(kind="icb", name="South East London", ons_code="E54000030")
    client = api_of(world.person("member"))

    (council,) = client.get(f"{API}organisations/?code=e09000099").json()["results"]
    assert [(code["code"], code["valid_from"], code["valid_to"]) for code in council["codes"]] == [
        ("E09000099", None, "2013-03-31"),
        ("E09000028", "2013-04-01", None),
    ]
    assert [code["checked"] for code in council["codes"]] == [False, True]
    (area,) = client.get(f"{API}areas/?code=E09000099").json()["results"]
    assert (area["name"], area["ons_code"], [code["code"] for code in area["codes"]]) == (
        "Southwark",
        "E09000028",
        ["E09000099"],
    )
    assert [area["name"] for area in client.get(f"{API}areas/?kind=icb").json()["results"]] == ["South East London"]
    assert client.get(f"{API}areas/?kind=planet").status_code == 400


def test_footprints_show_what_they_lie_in_and_cover_and_are_found_by_day_and_place(api_of, world):
    wide = Footprint.objects.create(key="wide", kind="ics", name="Wide", body=world.ccg, valid_from="2022-07-01")
    gone = Footprint.objects.create(key="gone", kind="stp", name="Gone", valid_to="2022-06-30", source="A paper")
    narrow = Footprint.objects.create(key="narrow", kind="locality", name="Narrow")
    FootprintLink.objects.create(child=narrow, parent=gone, ends_on="2022-06-30")
    FootprintLink.objects.create(child=narrow, parent=wide, starts_on="2022-07-01")
    FootprintArea.objects.create(footprint=narrow, area=world.area)
    client = api_of(world.person("finance", "hackney"))

    def found(query):
        return [item["name"] for item in client.get(f"{API}footprints/?{query}").json()["results"]]

    assert found("") == ["Gone", "Narrow", "Wide"]
    assert found("on=2022-06-30") == ["Gone", "Narrow"]
    assert found("on=2022-07-01&kind=ics") == ["Wide"]
    assert found(f"within={gone.pk}") == ["Narrow"]
    assert found(f"within={gone.pk}&on=2022-07-01") == []
    assert client.get(f"{API}footprints/?on=soon").status_code == 400
    shown = client.get(f"{API}footprints/{narrow.pk}/").json()
    assert [(place["name"], place["starts_on"], place["ends_on"]) for place in shown["within"]] == [
        ("Gone", None, "2022-06-30"),
        ("Wide", "2022-07-01", None),
    ]
    assert [(area["ons_code"], area["ends_on"]) for area in shown["areas"]] == [("E09000028", None)]
    assert client.get(f"{API}footprints/{wide.pk}/").json()["body_name"] == "NHS Southwark CCG"
    assert client.get(f"{API}footprints/{gone.pk}/").json()["source"] == "A paper"


def test_footprints_are_empty_for_somebody_without_a_role(api_of, own_account, world):
    row = Footprint.objects.create(key="wide", kind="ics", name="Wide")
    client = api_of(own_account)

    assert client.get(f"{API}footprints/").json()["count"] == 0
    assert client.get(f"{API}footprints/{row.pk}/").status_code == 404


@pytest.mark.parametrize("rows", [10, 200])
def test_lists_cost_the_same_queries_at_any_size(api_of, world, rows, django_assert_num_queries):
    reader = world.person("auditor")
    for _ in range(rows):
        organisation = OrganisationFactory()
        OrganisationArea.objects.create(organisation=organisation, area=AreaFactory())
        line(world.council)
    client = api_of(reader)
    client.get(f"{API}audit/")  # the content type is read once a process

    for name, queries in [("areas/", 6), ("organisations/", 8), ("audit/", 6)]:
        with django_assert_num_queries(queries):
            assert len(client.get(f"{API}{name}").json()["results"]) >= min(rows, 50)


def test_audit_holds_the_lines_of_the_partners_whose_log_the_reader_may_read(api_of, world):
    line(world.council, kind="a.council")
    line(world.ccg, kind="a.ccg")
    line(world.hackney, kind="a.stranger")
    reader = world.person("auditor")
    memberships.grant(
        person=reader,
        organisation=world.ccg,
        role=memberships.Role.FINANCE,
        starts_on=timezone.localdate(),
        by=None,
        at=timezone.now(),
        system="test",
    )

    def kinds(person):
        results = api_of(person).get(f"{API}audit/").json()["results"]
        return {item["kind"] for item in results if item["kind"].startswith("a.")}

    assert kinds(reader) == {"a.council"}
    assert kinds(world.person("admin", "ccg")) == {"a.ccg"}
    assert kinds(world.person("finance")) == set()
    assert kinds(world.person("operator")) == set()
    stranger = AuditEvent.objects.get(kind="a.stranger")
    assert api_of(reader).get(f"{API}audit/{stranger.pk}/").status_code == 404


def test_audit_is_filtered(api_of, world):
    reader = world.person("auditor")
    line(world.council, kind="fund.released")
    client = api_of(reader)

    for query, count in [
        ("kind=fund.released", 1),
        (f"kind=fund.released&partner={world.council.pk}", 1),
        (f"partner={world.ccg.pk}", 0),
        ("kind=fund.released&since=2014-07-14T12:00:00Z", 1),
        ("kind=fund.released&until=2014-07-14T12:00:00Z", 0),
        ("target_type=pooled_budgets.fund", 1),
        (f"actor={NOBODY}", 0),
    ]:
        assert client.get(f"{API}audit/?{query}").json()["count"] == count, query
    assert client.get(f"{API}audit/?since=yesterday").status_code == 400


def test_audit_cannot_be_written(api_of, world):
    reader = world.person("auditor")
    kept = line(world.council)
    client = api_of(reader)

    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(f"{API}audit/{kept.pk}/").status_code == 405
    assert AuditEvent.objects.filter(pk=kept.pk).exists()


def test_lists_are_empty_for_whoever_has_nothing_to_do_with_integration(api_of, world, own_account):
    line(world.council)
    client = api_of(own_account)

    for name in LISTS:
        assert client.get(f"{API}{name}").json()["count"] == 0
    assert client.get(f"{API}organisations/{world.council.pk}/").status_code == 404
    assert client.get(f"{API}areas/{world.area.pk}/").status_code == 404


# 401, 404, 403, 400, 409


@pytest.mark.parametrize("name", [*LISTS, "users/me/", f"organisations/{NOBODY}/"])
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_answers_without_sign_in_are_401_for_every_method(api, db, name, method):
    response = getattr(api, method)(f"{API}{name}")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")
    body = response.json()
    assert (body["status"], body["code"]) == (401, "not_authenticated")
    assert body["request_id"]


def test_answers_for_an_address_that_is_not_there_are_404_as_problem(api_of, world):
    response = api_of(world.person("finance")).get(f"{API}organisations/{uuid.uuid4()}/")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_description_of_the_api_names_our_resources_and_both_ways_to_sign_in(client, own_account):
    schema = SchemaGenerator().get_schema(request=None, public=True)

    for path in ("areas/", "organisations/{id}/", "users/me/", "audit/", "token/"):
        assert f"{API}{path}" in schema["paths"], path
    assert {"token", "cookieAuth"} <= set(schema["components"]["securitySchemes"])
    assert schema["paths"][f"{API}token/"]["post"].get("security", []) in ([], [{}])
