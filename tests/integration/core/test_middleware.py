"""What each request passes: its id, the sign-in, the history of its writes, and methods that are not there."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from governance.models import Meeting
from integration_hub.core.models import AuditEvent
from integration_hub.core.requests import ACCEPTABLE
from tests.factories import everything
from tests.factories.everything import Everything
from tests.factories.money import quarter

PASSWORD = "correct horse battery"


@pytest.fixture
def signed_in(world):
    def client_of(role: str, partner: str = "council") -> Client:
        client = Client()
        client.force_login(world.person(role, partner), backend="partners.backends.EmailBackend")
        return client

    return client_of


# The id of a request


def test_request_id_from_outside_is_taken_over_and_given_back(client):
    response = client.get("/healthz", headers={"X-Request-ID": "front-door.12345"})

    assert response["X-Request-ID"] == "front-door.12345"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "<script>alert(1)</script>", "id with spaces", "ünïcödé-12"])
def test_request_id_that_could_harm_is_replaced(client, given):
    response = client.get("/healthz", headers={"X-Request-ID": given})

    assert response["X-Request-ID"] != given
    assert ACCEPTABLE.fullmatch(response["X-Request-ID"])


def test_request_ids_differ(client):
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


def test_request_id_stands_in_the_audit_line_and_in_the_history(signed_in, world):
    address = reverse("governance:meeting_new", args=[world.board.pk])

    response = signed_in("governance").post(
        address, {"held_on": "27/11/2014"}, headers={"X-Request-ID": "front-door.12345"}
    )

    assert response.status_code == 302
    line = AuditEvent.objects.get(kind="meeting.called")
    version = Meeting.objects.get(held_on="2014-11-27").history.get()
    assert line.request_id == "front-door.12345"
    assert version.pgh_context_id == line.context_id
    assert version.pgh_context.metadata["person"] == str(world.person("governance").pk)
    assert version.pgh_context.metadata["address"] == address


# Sign-in


def test_sign_in_is_asked_for_and_leads_back(client, world):
    response = client.get(f"/boards/{world.board.pk}/?a=b")

    assert response.status_code == 302
    assert response["Location"] == f"/account/login/?next=/boards/{world.board.pk}/%3Fa%3Db"


def test_sign_in_tells_htmx_to_go_there_as_a_whole_page(client, world):
    page = f"http://testserver/boards/{world.board.pk}/"

    response = client.get("/boards/", headers={"HX-Request": "true", "HX-Current-URL": page})

    assert response.status_code == 204
    assert response["HX-Redirect"] == f"/account/login/?next=/boards/{world.board.pk}/"


def test_expired_post_comes_back_to_the_page_of_the_form(client, world):
    """`next` is the page the form stood on: its own address takes nothing but what is sent to it."""
    response = client.post(
        "/account/tokens/0c4f6a1e-0000-4000-8000-000000000000/revoke/",
        headers={"Referer": "http://testserver/account/tokens/?page=2"},
    )

    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/account/tokens/%3Fpage%3D2")
    after = client.post(response["Location"], {"login": world.person("finance").email, "password": PASSWORD})
    assert after["Location"] == "/account/tokens/?page=2"


@pytest.mark.parametrize("referer", ["https://elsewhere.example/account/", "", "javascript:alert(1)"])
def test_expired_post_from_elsewhere_comes_back_to_my_tasks(client, db, referer):
    response = client.post("/account/tokens/", headers={"Referer": referer})

    assert response["Location"] == "/account/login/?next=/"


def test_expired_get_comes_back_to_its_own_address(client, db):
    response = client.get("/partners/?name=a&kind=ccg", headers={"Referer": "http://testserver/account/"})

    assert response["Location"] == "/account/login/?next=/partners/%3Fname%3Da%26kind%3Dccg"


def test_expired_htmx_request_comes_back_to_the_whole_page(client, db):
    response = client.post(
        "/account/tokens/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/partners/?name=a&kind=ccg"},
    )

    assert response.status_code == 204
    assert response["HX-Redirect"] == "/account/login/?next=/partners/%3Fname%3Da%26kind%3Dccg"


def test_sign_in_of_the_api_is_a_401_whatever_the_method(client, world):
    for method in ("get", "post", "put", "patch", "delete"):
        response = getattr(client, method)(f"/api/v1/boards/{world.board.pk}/")
        assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")


def test_addresses_that_are_none_ask_nobody_to_sign_in(client, db):
    assert client.get("/nothing/at/all/").status_code == 404


# Methods that an address does not have


@pytest.fixture
def made(world) -> Everything:
    """Enough of the objects for what follows, on the world of this test."""
    found = Everything(world, "")
    quarter(2014, 1)
    found.keep(fund=world.fund, board=world.board)
    return found


ADDRESSES = ["governance:board", "pooled_budgets:fund", "programme:risk_new"]
UNKNOWN = ["put", "patch", "delete"]


def address_of(made: Everything, name: str) -> str:
    of = made["fund"] if name.startswith("pooled") else made["board"]
    return reverse(name, args=[of.pk])


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("method", UNKNOWN)
def test_method_that_is_not_there_is_a_405_for_whoever_sees_the_object(made, signed_in, name, method):
    assert getattr(signed_in("programme"), method)(address_of(made, name)).status_code == 405


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("method", UNKNOWN)
def test_method_that_is_not_there_is_a_404_for_strangers(made, signed_in, name, method):
    assert getattr(signed_in("finance", "hackney"), method)(address_of(made, name)).status_code == 404


@pytest.mark.parametrize("method", ["get", *UNKNOWN])
@pytest.mark.parametrize("partner", ["council", "hackney"])
def test_address_that_only_takes_post_is_a_404_for_everything_else(made, signed_in, method, partner):
    """It loads no object before it looks at the method, so that it could not tell whose it is."""
    address = reverse("programme:release", args=[made["board"].pk])

    assert getattr(signed_in("programme", partner), method)(address).status_code == 404


@pytest.mark.parametrize("method", ["post", *UNKNOWN])
def test_method_that_is_not_there_does_nothing_of_what_get_does(db, method):
    """An export is written down when it is read. Another method is refused, and writes nothing down."""
    made = everything.build("Southwark's")
    client = Client()
    client.force_login(made.world.person("finance"), backend="partners.backends.EmailBackend")
    address = reverse("bcf_metrics:export", args=[made.pk("signed_return")])
    before = AuditEvent.objects.count()

    assert getattr(client, method)(address).status_code == 405
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("name", ["boards-detail", "funds-detail"])
@pytest.mark.parametrize("method", ["post", *UNKNOWN])
def test_method_that_is_not_there_is_a_404_of_the_api_for_strangers(made, signed_in, name, method):
    of = made["fund"] if name.startswith("funds") else made["board"]
    address = reverse(f"api:{name}", args=[of.pk])

    assert getattr(signed_in("finance", "hackney"), method)(address).status_code == 404
    assert getattr(signed_in("finance"), method)(address).status_code == 405


def test_page_of_something_hidden_says_no_more_than_one_of_nothing(world, signed_in):
    hidden = signed_in("finance", "hackney").get(f"/boards/{world.board.pk}/")
    missing = signed_in("finance", "hackney").get(f"/boards/{uuid.uuid4()}/")

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert words(hidden) == words(missing)


def words(response) -> str:
    return re.sub(r"[0-9a-f]{32}|value=\"\w{64}\"", "", response.content.decode())


# What a browser keeps


@pytest.mark.parametrize("address", ["/", "/funds/", "/api/v1/funds/", "/account/login/", "/no-such-page/"])
def test_nothing_that_is_answered_is_stored(signed_in, address):
    assert "no-store" in signed_in("finance").get(address)["Cache-Control"]


# The API


def test_json_nested_without_end_is_malformed(signed_in):
    response = signed_in("finance").post("/api/v1/forecasts/", "[" * 5_000, content_type="application/json")

    assert (response.status_code, response.json()["detail"]) == (400, "This JSON is nested too deeply.")
