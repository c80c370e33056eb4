"""Two pools with one commissioner, as in the City and Hackney: it sees both, the councils never each other's."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client

from pooled_budgets.models import Scheme, SchemeLine
from reports.services import demonstration
from tests.architecture.matrix.reading import crawl, leaks
from tests.architecture.matrix.stage import Stage
from tests.factories.everything import Everything
from tests.factories.partners import NOON

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
]
# What each pool is given here, so that no amount or sum of it is like one of the other.
CITY = ("7135791.35", "2468013.57")
HACKNEY = ("9246802.46", "1357924.68")
# What is left of each total beside its scheme.
CITY_SUM, HACKNEY_SUM = "4667777.78", "7888877.78"
CITY_FUND, HACKNEY_FUND = "City of London integrated commissioning fund", "Hackney integrated commissioning fund"
BOTH = str(Decimal(CITY[0]) + Decimal(HACKNEY[0]))

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> demonstration.Cast:
    """The demonstration, its two pools with totals and schemes: the paper states none."""
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
    return found


@pytest.fixture
def stage(cast: demonstration.Cast) -> Iterator[Stage]:
    browsers = Stage(Everything(None, ""), Client(raise_request_exception=False))  # type: ignore[arg-type]  # no world
    for partner in ("city-corporation", "hackney-council", "city-hackney-ccg"):
        client = Client()
        client.force_login(cast.person("finance", partner), backend="partners.backends.EmailBackend")
        browsers.sessions[partner] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return browsers


def read(stage: Stage, partner: str) -> dict[str, str]:
    return crawl(stage, partner, [*SEEDS, *(f"/api/v1/{name}/" for name in LISTS)])


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
