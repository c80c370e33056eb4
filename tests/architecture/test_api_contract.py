"""What every program may rely on: pages of 50, money as text, filters, and one shape for every refusal."""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoDbBlocker

from governance.models import Board
from tests.architecture.matrix.rows import Row
from tests.architecture.matrix.stage import Stage, set_up
from tests.architecture.matrix.table import TABLE
from tests.factories.money import BoardFactory, join_board

LISTS = [row for row in TABLE if row.name.startswith("api:") and row.name.endswith("-list")]
DETAILS = [row for row in TABLE if row.name.startswith("api:") and row.name.endswith("-detail") and "GET" in row.acts]
POSITIONS = [row for row in TABLE if row.name in ("api:funds-position", "api:funds-months")]
MONEY = {
    "amount",
    "budget",
    "total",
    "outturn",
    "variance",
    "fund_total",
    "unallocated",
    "profile",
    "actual",
    "forecast",
}
POUNDS = re.compile(r"-?\d+\.\d\d")
OFFICER = "council finance"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), set_up() as made:
        yield made


def walk(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of an answer with its name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, name)
    else:
        yield name, value


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.title)
def test_each_list_is_a_page_whose_rows_can_be_opened(stage: Stage, row: Row):
    # A draft succession is for administrators; the log for auditors.
    actor = {"api:audit-list": "council auditor", "api:successions-list": "ccg admin"}.get(row.name, OFFICER)
    address = stage.address(row)
    body = stage.request(address, "GET", actor).json()

    assert set(body) == {"count", "next", "previous", "results"}
    assert body["count"] >= 1
    for shown in body["results"][:3]:
        detail = stage.request(f"{address}{shown['id']}/", "GET", actor)
        assert detail.status_code == 200
        assert detail.json()["id"] == shown["id"]


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.title)
def test_a_page_past_the_end_is_not_there(stage: Stage, row: Row):
    response = stage.request(f"{stage.address(row)}?page=999", "GET", OFFICER)

    assert_problem(response, 404, "not_found")


def test_lists_come_in_pages_of_50(stage: Stage):
    with stage.undone():
        for number in range(60):
            join_board(BoardFactory(key=f"many-{number}", area=stage.made.world.area), stage.made.world.council)
        first = stage.request("/api/v1/boards/", "GET", OFFICER).json()
        second = stage.request("/api/v1/boards/?page=2", "GET", OFFICER).json()
        expected = Board.objects.visible_to(stage.made.world.person("finance")).count()

    assert (first["count"], len(first["results"]), len(second["results"])) == (expected, 50, expected - 50)
    assert first["next"].endswith("/api/v1/boards/?page=2")
    assert second["previous"].endswith("/api/v1/boards/")
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}


@pytest.mark.parametrize(
    "row",
    # The audit log keeps words for people: what a form showed before and after.
    [row for row in [*LISTS, *DETAILS, *POSITIONS] if "audit" not in row.name],
    ids=lambda row: row.title,
)
def test_money_is_text_with_two_decimals(stage: Stage, row: Row):
    body = stage.request(stage.address(row), "GET", "council auditor").json()
    amounts = [(name, value) for name, value in walk(body) if name in MONEY and value is not None]

    assert [found for found in amounts if not isinstance(found[1], str) or not POUNDS.fullmatch(found[1])] == []
    assert not any(isinstance(value, float) for _, value in walk(body))


def test_position_has_the_agreed_shape(stage: Stage):
    body = stage.request(f"/api/v1/funds/{stage.made.pk('fund')}/position/?quarter=1", "GET", OFFICER).json()

    assert {"financial_year", "as_at", "lines", "totals"} <= set(body)
    assert body["financial_year"] == "2014/15"
    assert {"scheme_no", "name", "budget", "outturn", "variance"} <= set(body["lines"][0])
    assert {"budget", "outturn", "variance"} <= set(body["totals"])
    assert body["totals"]["budget"] == "3925924.92"


FILTERS = [
    ("boards", "kind", "hwb", "cabinet"),
    ("boards", "status", "formal", "shadow"),
    ("boards", "area__ons_code", "E09000028", "E09000999"),
    ("meetings", "board", "@board", "@lower_board"),
    ("meetings", "held_on__gte", "2014-01-01", "2031-01-01"),
    ("agreements", "kind", "preparatory", "section_75"),
    ("funds", "financial_year", "2014", "2019"),
    ("funds", "owner", "@council", "@ccg"),
    ("funds", "area", "E09000028", "E09000999"),
    ("schemes", "fund", "@fund", "@draft_fund"),
    ("schemes", "number", "2", "77"),
    ("contributions", "payer", "@ccg", "@council"),
    ("forecasts", "quarter", "1", "4"),
    ("forecasts", "scheme", "@scheme", "@scheme_without_figure"),
    ("imports", "status", "staged", "discarded"),
    ("ledger-extracts", "status", "staged", "discarded"),
    ("ledger-extracts", "fund", "@fund", "@draft_fund"),
    ("metric-values", "quarter", "1", "4"),
    ("returns", "status", "signed", "sent_back"),
    ("returns", "quarter", "1", "4"),
    ("reports", "issued", "true", ""),
    ("organisations", "kind", "ccg", "vcse"),
    ("organisations", "name", "southwark", "nobody"),
    ("areas", "name__icontains", "south", "north"),
    ("footprints", "kind", "ics", "stp"),
    ("footprints", "name", "wide", "nobody"),
]


@pytest.mark.parametrize(("resource", "name", "some", "none"), FILTERS, ids=lambda value: str(value))
def test_filters_narrow_a_list(stage: Stage, resource: str, name: str, some: str, none: str):
    def count(given: str) -> int:
        value = stage.made.pk(given.removeprefix("@")) if given.startswith("@") else given
        response = stage.request(f"/api/v1/{resource}/?{name}={value}", "GET", OFFICER)
        assert response.status_code == 200, response.content
        return response.json()["count"]

    whole = stage.request(f"/api/v1/{resource}/", "GET", OFFICER).json()["count"]

    assert 1 <= count(some) <= whole
    if none:
        assert count(none) < count(some)


def assert_problem(response, status: int, code: str) -> dict:
    """The shape of RFC 9457 with our code and the request's id."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    body = response.json()
    assert {"type", "status", "code", "detail", "request_id"} <= set(body)
    assert (body["type"], body["status"], body["code"]) == ("about:blank", status, code)
    assert body["detail"]
    assert body["request_id"] == response["X-Request-ID"]
    return body


def test_problem_of_a_missing_sign_in(stage: Stage):
    response = stage.request("/api/v1/funds/", "GET", "signed out")

    assert_problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Token"


def test_problem_of_an_unknown_token():
    response = Client().get("/api/v1/funds/", headers={"Authorization": "Token nothing"})

    assert_problem(response, 401, "authentication_failed")


def test_problem_of_something_not_there(stage: Stage):
    assert_problem(stage.request(f"/api/v1/funds/{uuid.uuid4()}/", "GET", OFFICER), 404, "not_found")


def test_problem_of_an_id_that_is_none(stage: Stage):
    assert_problem(stage.request("/api/v1/funds/nothing/", "GET", OFFICER), 404, "not_found")


def test_problem_of_an_address_that_is_none(stage: Stage):
    assert_problem(stage.request("/api/v1/nothing/", "GET", OFFICER), 404, "not_found")


def test_problem_of_what_is_not_allowed(stage: Stage):
    address = f"/api/v1/imports/{stage.made.pk('import_staged')}/confirm/"
    body = assert_problem(stage.request(address, "POST", "council member", is_api=True), 403, "permission_denied")

    assert "Southwark Council" in body["detail"]


def test_problem_of_a_token_that_may_only_read(stage: Stage):
    with stage.undone():
        token = stage.made["token_finance"]
        token.scopes = ["read"]
        token.save(update_fields=["scopes"])
        response = Client().post(
            "/api/v1/forecasts/",
            "{}",
            content_type="application/json",
            headers={"Authorization": f"Token {stage.made.secrets['finance']}"},
        )

    assert_problem(response, 403, "permission_denied")


def test_problem_of_a_session_without_csrf(stage: Stage):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["hub_session"] = stage.sessions[OFFICER]

    response = browser.post("/api/v1/forecasts/", "{}", content_type="application/json")

    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"


def test_problem_of_fields_names_each(stage: Stage):
    response = stage.request("/api/v1/forecasts/", "POST", OFFICER, {"quarter": 5, "amount": "12"}, is_api=True)
    body = assert_problem(response, 400, "malformed")

    assert {problem["field"] for problem in body["errors"]} >= {"scheme", "quarter"}
    assert all(problem["code"] and problem["message"] for problem in body["errors"])


def test_problem_of_nested_fields_names_the_path(stage: Stage):
    address = f"/api/v1/forecasts/{stage.made.pk('draft_forecast')}/"
    response = stage.request(address, "PUT", OFFICER, {"amount": "12.00", "seen": {"amount": "1.234"}}, is_api=True)
    body = assert_problem(response, 400, "malformed")

    assert [problem["field"] for problem in body["errors"]] == ["seen.amount"]


def test_problem_of_what_is_no_json(stage: Stage):
    response = stage.browser_of(OFFICER).post("/api/v1/forecasts/", "{", content_type="application/json")

    assert_problem(response, 400, "parse_error")


def test_problem_of_another_media_type(stage: Stage):
    response = stage.browser_of(OFFICER).post("/api/v1/forecasts/", "a=b", content_type="text/plain")

    assert_problem(response, 415, "unsupported_media_type")


def test_problem_of_a_method_that_is_not_there(stage: Stage):
    response = stage.request(f"/api/v1/funds/{stage.made.pk('fund')}/", "DELETE", OFFICER)

    assert_problem(response, 405, "method_not_allowed")
    assert "GET" in response["Allow"]


def test_problem_of_the_wrong_moment_says_who_can_lift_it(stage: Stage):
    sent = {"scheme": stage.made.pk("scheme_without_figure"), "quarter": 1, "amount": "12.00"}
    body = assert_problem(stage.request("/api/v1/forecasts/", "POST", OFFICER, sent, is_api=True), 409, "period_locked")

    assert body["who_can_lift"] == "The approvers"
    assert "Finance of council" in body["detail"]


def test_problem_of_a_change_meanwhile_shows_both_values(stage: Stage):
    sent = {"amount": "12.00", "seen": {"amount": "1.00"}}
    address = f"/api/v1/forecasts/{stage.made.pk('draft_forecast')}/"
    body = assert_problem(stage.request(address, "PUT", OFFICER, sent, is_api=True), 409, "changed_meanwhile")

    assert "£613,579.24" in body["detail"]
    assert "£12.00" in body["detail"]


def test_problem_past_the_end_of_the_calendar(stage: Stage):
    response = stage.request("/api/v1/calendar/publication-deadline/?meeting=2099-07-28", "GET", OFFICER)

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"


def test_problem_of_a_file_that_is_no_workbook(stage: Stage):
    address = f"/api/v1/funds/{stage.made.pk('fund')}/imports/"
    file = SimpleUploadedFile("plan.xlsx", b"not a workbook")
    response = stage.request(address, "POST", OFFICER, {"file": file}, is_api=True)

    assert response.status_code in (400, 409, 422)
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["detail"]
