"""Two pools with one commissioner, as in the City and Hackney: it sees both, the councils never each other's."""

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from partners.models import Area, Organisation
from pooled_budgets.models import Scheme, SchemeLine
from reports.services import demonstration
from tests.architecture.matrix.reading import crawl, leaks
from tests.architecture.matrix.stage import Stage
from tests.architecture.test_leaks import plain
from tests.factories.everything import Everything
from tests.factories.partners import NOON

PARTNERS = ("city-corporation", "hackney-council", "city-hackney-ccg")
SEEDS = ["/", "/boards/", "/funds/", "/returns/", "/reports/", "/programme/", "/partners/"]
LISTS = [
    "agreements",
    "boards",
    "contributions",
    "forecasts",
    "funds",
    "meetings",
    "metric-values",
    "returns",
    "schemes",
    "scheme-lines",
    "virements",
]
# What each pool is given here, so that no amount or sum of it is like one of the other.
CITY = ("7135791.35", "2468013.57")
HACKNEY = ("9246802.46", "1357924.68")
# What is left of each total beside its scheme.
CITY_SUM, HACKNEY_SUM = "4667777.78", "7888877.78"
CITY_FUND, HACKNEY_FUND = "City of London integrated commissioning fund", "Hackney integrated commissioning fund"
BOTH = str(Decimal(CITY[0]) + Decimal(HACKNEY[0]))

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker):
    """The demonstration, its two pools with totals and schemes: the paper states none. Loaded once, and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = demonstration.load(at=NOON)
        for key, (total, budget), word in (("city-2017-18", CITY, "CITY"), ("hackney-2017-18", HACKNEY, "HACKNEY")):
            fund = found.funds[key]
            fund.total, fund.total_state = Decimal(total), "stated"
            fund.save(update_fields=["total", "total_state"])
            scheme = Scheme.objects.create(
                fund=fund, owner=fund.owner, number="1", position=1, name=f"{word}-ONLY scheme", released_at=NOON
            )
            line = {"owner": fund.owner, "at": fund.year.starts_on, "released_at": NOON}
            SchemeLine.objects.create(scheme=scheme, budget=Decimal(budget), **line)
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def stage(cast: demonstration.Cast) -> Stage:
    browsers = Stage(Everything(None, ""), Client(raise_request_exception=False))  # type: ignore[arg-type]  # no world
    for partner in PARTNERS:
        client = Client()
        client.force_login(cast.person("finance", partner), backend="partners.backends.EmailBackend")
        browsers.sessions[partner] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return browsers


def sign_in(stage: Stage, cast: demonstration.Cast, partner: str, role: str) -> Client:
    """The browser of another person of a partner; the stage knows it as "another"."""
    client = Client()
    client.force_login(cast.person(role, partner), backend="partners.backends.EmailBackend")
    stage.sessions["another"] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return client


def read(stage: Stage, partner: str) -> dict[str, str]:
    """All that a partner can get to, the register's pages of the three and of their areas among it."""
    bodies = Organisation.objects.filter(key__in=PARTNERS)
    areas = Area.objects.filter(organisation_links__organisation__in=bodies).distinct()
    register = [
        *(reverse("partners:organisation", args=[body.pk]) for body in bodies),
        *(reverse("partners:area", args=[area.pk]) for area in areas),
        *(f"/{room}/organisation/{body.pk}/" for body in bodies for room in ("why", "history")),
    ]
    assert len(areas) >= 2
    return crawl(stage, partner, [*SEEDS, *register, *(f"/api/v1/{name}/" for name in LISTS)])


def test_commissioner_sees_both_pools(stage: Stage):
    found = read(stage, "city-hackney-ccg")

    assert {
        leak.rpartition(": ")[2] for leak in leaks(found, "CITY-ONLY", "HACKNEY-ONLY", amounts=(*CITY, *HACKNEY))
    } == {
        "CITY-ONLY",
        "HACKNEY-ONLY",
        *CITY,
        *HACKNEY,
    }


@pytest.mark.parametrize(
    ("partner", "own", "others"),
    [
        (
            "city-corporation",
            "CITY-ONLY",
            ("HACKNEY-ONLY", "Hackney integrated commissioning fund", *HACKNEY, HACKNEY_SUM),
        ),
        (
            "hackney-council",
            "HACKNEY-ONLY",
            ("CITY-ONLY", "City of London integrated commissioning fund", *CITY, CITY_SUM),
        ),
    ],
)
def test_councils_never_see_each_others_pool(stage: Stage, partner: str, own: str, others: tuple[str, ...]):
    """Neither a name nor an amount, nor what is left of a total, nor a sum over both."""
    words, amounts = others[:2], (*others[2:], BOTH)
    found = read(stage, partner)

    assert leaks(found, own) != []
    assert leaks(found, *words, amounts=amounts) == []


CITY_SIDE, HACKNEY_SIDE = ("city-corporation", "city-2017-18"), ("hackney-council", "hackney-2017-18")
NEIGHBOURS = [(CITY_SIDE, HACKNEY_SIDE, CITY), (HACKNEY_SIDE, CITY_SIDE, HACKNEY)]
SIDES = pytest.mark.parametrize(("side", "other", "own"), NEIGHBOURS, ids=["the City", "Hackney"])


def words_of(other: tuple[str, str]) -> tuple[tuple[str, str], tuple[str, ...]]:
    """What nobody of the one council may read: the name and scheme of the other's pool, its amounts, and both's sum."""
    if other == CITY_SIDE:
        return (CITY_FUND, "CITY-ONLY"), (*CITY, CITY_SUM, BOTH)
    return (HACKNEY_FUND, "HACKNEY-ONLY"), (*HACKNEY, HACKNEY_SUM, BOTH)


def everywhere(fund: Any) -> list[str]:
    """Each address of a pool: page, plan, files, timeline, reasons, API."""
    scheme = fund.schemes.get()
    return [
        f"/funds/{fund.pk}/",
        f"/funds/{fund.pk}/monitoring/",
        f"/funds/{fund.pk}/plan/",
        f"/funds/{fund.pk}/plan/template/",
        f"/history/fund/{fund.pk}/",
        f"/why/fund/{fund.pk}/",
        f"/history/agreement/{fund.agreement_id}/",
        f"/why/agreement/{fund.agreement_id}/",
        f"/api/v1/funds/{fund.pk}/",
        f"/api/v1/funds/{fund.pk}/position/",
        f"/api/v1/agreements/{fund.agreement_id}/",
        f"/api/v1/schemes/{scheme.pk}/",
    ]


@SIDES
def test_an_address_of_the_others_pool_answers_as_one_of_nobodys(stage: Stage, cast, side, other, own):
    """The same status and words as for an id that nobody has; its own pool opens, and the commissioner opens both."""
    hidden, shown = everywhere(cast.funds[other[1]]), everywhere(cast.funds[side[1]])
    nobodys = [re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(UUID(int=7)), address) for address in hidden]

    answers = [[stage.request(address, "GET", side[0]) for address in some] for some in (hidden, nobodys)]

    assert [(found.status_code, plain(found)) for found in answers[0]] == [
        (found.status_code, plain(found)) for found in answers[1]
    ]
    assert {found.status_code for found in answers[0]} == {404}
    assert {stage.request(address, "GET", side[0]).status_code for address in shown} == {200}
    for some in (hidden, shown):
        seen = {stage.request(address, "GET", "city-hackney-ccg").status_code for address in some}
        assert seen <= {200, 403}  # it may not import a plan that another keeps


@SIDES
def test_counts_and_filters_of_the_api_are_of_ones_own_pool(stage: Stage, cast, side, other, own):
    hidden = cast.funds[other[1]]

    for name in ("funds", "agreements", "schemes"):
        rows = stage.request(f"/api/v1/{name}/", "GET", side[0]).json()
        both = stage.request(f"/api/v1/{name}/", "GET", "city-hackney-ccg").json()
        assert rows["count"] == len(rows["results"]) < both["count"], name
    for query in (f"schemes/?fund={hidden.pk}", f"contributions/?fund={hidden.pk}", f"funds/?agreement={hidden.pk}"):
        told = stage.request(f"/api/v1/{query}", "GET", side[0])
        unknown = stage.request(f"/api/v1/{query.partition('=')[0]}={UUID(int=7)}", "GET", side[0])
        assert (told.status_code, told.json().get("count")) == (unknown.status_code, unknown.json().get("count"))


@SIDES
@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_no_role_of_the_one_council_reads_of_the_others_pool(stage: Stage, cast, side, other, own, role):
    """Audit log and its file, dashboards, home, successions, people: whatever the role gets to by links."""
    sign_in(stage, cast, side[0], role)
    words, amounts = words_of(other)

    found = read(stage, "another")

    assert leaks(found, *words_of(side)[0]) != []
    assert leaks(found, *words, amounts=amounts) == []


@SIDES
def test_looking_as_somebody_of_ones_council_tells_no_more(stage: Stage, cast, side, other, own):
    client = sign_in(stage, cast, side[0], "admin")
    organisation = cast.funds[side[1]].owner
    assert client.post(f"/partners/{organisation.pk}/view-as/", {"role": "finance", "person": ""}).status_code == 302
    words, amounts = words_of(other)

    found = read(stage, "another")

    assert leaks(found, words_of(side)[0][1]) != []
    assert leaks(found, *words, amounts=amounts) == []
