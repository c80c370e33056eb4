"""At the size of the country a page asks the database as often as with ten rows, and a permission check once.

20,000 people, 160 areas and 600 organisations with their boards, funds, footprints and audit lines, entered once for
all tests of this module. How long it takes is measured by `make bench`, never here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path, reverse
from pytest_django import DjangoDbBlocker

from integration_hub.urls import urlpatterns as addresses
from partners import permissions
from partners.models import Area, Membership, Organisation, User
from partners.permissions import Permission
from tests.architecture.matrix.stage import Stage, set_up
from tests.factories.national import FEW, NATIONAL, grow

pytestmark = pytest.mark.django_db

FINANCE, ADMIN, AUDITOR, OPERATOR = "council finance", "council admin", "council auditor", "operator"
COUNCIL = {"pk": "council"}
PAGES: list[tuple[str, str, dict[str, str], str]] = [
    ("partners:directory", FINANCE, {}, ""),
    ("partners:directory", OPERATOR, {}, "name=organisation&kind=unitary&on=1/4/2024"),
    ("partners:organisation", FINANCE, COUNCIL, ""),
    ("partners:organisation", OPERATOR, COUNCIL, ""),
    ("partners:people", FINANCE, COUNCIL, ""),
    ("partners:people", ADMIN, COUNCIL, ""),
    ("partners:areas", FINANCE, {}, ""),
    ("partners:area", FINANCE, {"pk": "area"}, ""),
    ("partners:footprints", FINANCE, {}, ""),
    ("partners:footprint", FINANCE, {"pk": "footprint"}, ""),
    ("partners:footprint_new", OPERATOR, {}, ""),
    ("partners:service_new", OPERATOR, COUNCIL, ""),
    ("partners:audit", AUDITOR, COUNCIL, ""),
    ("partners:history", AUDITOR, {"kind": "=organisation", "pk": "council"}, ""),
    ("partners:successions", OPERATOR, {}, ""),
    ("home", FINANCE, {}, ""),
    ("home", OPERATOR, {}, ""),
    ("governance:boards", FINANCE, {}, ""),
    ("pooled_budgets:funds", FINANCE, {}, ""),
    ("pooled_budgets:fund", FINANCE, {"pk": "fund"}, ""),
    ("bcf_metrics:returns", FINANCE, {}, ""),
    ("api:organisations-list", FINANCE, {}, ""),
    ("api:areas-list", FINANCE, {}, ""),
    ("api:footprints-list", FINANCE, {}, ""),
    ("api:funds-list", FINANCE, {}, ""),
    ("api:audit-list", AUDITOR, {}, ""),
]
# What the query of the rights is called on the server.
GRANTS = "permissions__of_no_lens"


@dataclass(frozen=True)
class Cost:
    """What one reading asked, at ten rows and at the size of the country."""

    few: list[str]
    many: list[str]


def title(page: tuple[str, str, dict[str, str], str]) -> str:
    return f"{page[0]} by {page[1]}{page[3] and ' narrowed'}"


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), set_up() as made:
        yield made


@pytest.fixture(scope="module")
def costs(stage: Stage) -> dict[str, Cost]:
    """Every page read at both sizes."""
    grow(stage.made, FEW, "few")
    few = read_all(stage)
    grow(stage.made, NATIONAL, "many")
    connection.check_constraints()  # once, and not again at the end of each test
    stage.gather_statistics()
    return {name: Cost(few[name], asked) for name, asked in read_all(stage).items()}


def read_all(stage: Stage) -> dict[str, list[str]]:
    found = {}
    for page in PAGES:
        address, actor = address_of(stage, page), page[1]
        stage.request(address, "GET", actor)  # what is kept for good is read now
        found[title(page)] = queries(stage, address, actor)
    return found


def address_of(stage: Stage, page: tuple[str, str, dict[str, str], str]) -> str:
    name, _, on, query = page
    parts = {
        key: given.removeprefix("=") if given.startswith("=") else stage.made.pk(given) for key, given in on.items()
    }
    return reverse(name, kwargs=parts) + (f"?{query}" if query else "")


def queries(stage: Stage, address: str, actor: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = stage.request(address, "GET", actor)
    assert response.status_code == 200, address
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


def test_there_are_as_many_as_in_the_country(stage: Stage, costs: dict[str, Cost]):
    assert User.objects.count() > 20_000
    assert Membership.objects.count() > 20_000
    assert (Organisation.objects.count() > 600, Area.objects.count() > 160) == (True, True)


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_page_costs_the_same_number_of_queries_as_with_ten_rows(costs: dict[str, Cost], page):
    cost = costs[title(page)]

    if page[0] == "partners:history":  # a part of which the page shows nothing costs nothing
        assert len(cost.many) <= len(cost.few)
    else:
        assert len(cost.many) == len(cost.few), "\n".join(asked[:300] for asked in cost.many)
    assert sum(GRANTS in asked for asked in cost.many) <= 1


def checks(request: HttpRequest, number: int) -> HttpResponse:
    """A page that asks for rights as often as it is told, each time for another of forty organisations."""
    for organisation in list(Organisation.objects.order_by("pk")[:40])[:number]:
        permissions.can(request.user, Permission.AUDIT_READ, organisation=organisation)
    return HttpResponse()


urlpatterns = [path("checks/<int:number>/", checks), *addresses]


@pytest.mark.parametrize("actor", [FINANCE, ADMIN, OPERATOR])
def test_permission_checks_add_one_query_to_a_request_however_many_there_are(
    stage: Stage, costs: dict[str, Cost], actor: str
):
    with override_settings(ROOT_URLCONF=__name__):
        queries(stage, "/checks/40/", actor)  # what is kept for good is read now
        found = {number: queries(stage, f"/checks/{number}/", actor) for number in (0, 1, 5, 40)}

    assert {number: sum(GRANTS in asked for asked in found[number]) for number in found} == {0: 0, 1: 1, 5: 1, 40: 1}
    assert {len(found[number]) - len(found[0]) for number in (1, 5, 40)} == {1}
