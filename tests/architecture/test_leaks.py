"""Strangers never read a word or an amount of Southwark's, and partners none of each other's drafts.

Every text of Southwark's rows carries a mark. People crawl everything that they can reach: links of pages, lists,
filters, files, and the answers to whatever they send to addresses that they should not know.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from drf_spectacular.generators import SchemaGenerator
from pytest_django import DjangoDbBlocker

from tests.architecture.matrix.reading import crawl, leaks, number, text_of
from tests.architecture.matrix.rows import METHODS
from tests.architecture.matrix.stage import Stage, set_up
from tests.architecture.matrix.table import TABLE
from tests.factories.everything import AMOUNTS, CCG_DRAFT, DRAFT, DRAFT_AMOUNTS, DRAFT_VALUE, printed

MARK = "QUARANTINE-7F3A"
# What strangers search for: an answer that repeats it gives nothing away.
WORD = "QUARANTINE"
STRANGER = "hackney governance"
SEARCHES = (
    "/partners/?name={}",
    "/funds/?page=2",
    "/returns/?page=2",
    "/reports/?page=2",
    "/partners/?kind=council&name={}",
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), set_up(MARK) as made:
        yield made


@pytest.fixture(scope="module")
def read(stage: Stage) -> Callable[[str], dict[str, str]]:
    """All that a person gets to, read once."""
    return cache(lambda actor: crawl(stage, actor, everywhere(stage)))


def everywhere(stage: Stage) -> list[str]:
    """Each page, list and file of the table that can be read."""
    return [
        "/",
        *(stage.address(row) for row in TABLE if "GET" in row.acts),
        *(search.format(WORD) for search in SEARCHES),
    ]


def test_the_crawl_finds_what_there_is(read):
    """Otherwise the other tests would prove nothing: an officer of the council comes upon every amount."""
    found = read("council finance")
    seen = "\n".join(found.values())

    assert [amount for amount in AMOUNTS if not any(number(form).search(seen) for form in printed(amount))] == []
    assert MARK in seen
    assert f"{MARK} {DRAFT}" in seen
    assert len(found) > 60


@pytest.mark.parametrize("actor", ["hackney finance", "hackney governance", "former officer", "operator"])
def test_strangers_read_nothing_of_southwark(read, actor: str):
    assert leaks(read(actor), MARK, amounts=AMOUNTS) == []


def test_strangers_are_told_nothing_by_refusals(stage: Stage):
    """Whatever they send wherever: what comes back names nothing of Southwark's."""
    answers = {}
    for row in TABLE:
        sends = [act.sends(stage.made) for act in row.acts.values()]
        for method in METHODS:
            if STRANGER not in row.visible or (not row.on and method in row.acts):
                act = next((sent for sent in sends if sent), {})
                with stage.undone():
                    response = stage.request(stage.address(row), method, STRANGER, act, is_api=row.is_api)
                answers[f"{method} {row.title}"] = text_of(response)

    assert len(answers) > 300
    assert leaks(answers, MARK, amounts=AMOUNTS) == []


def test_an_object_of_others_answers_as_one_that_is_not_there(stage: Stage):
    """Nobody finds out whether an id exists: the same status and the same words, but for the id itself."""
    differing = []
    for row in TABLE:
        if not row.on or STRANGER in row.visible:
            continue
        address = stage.address(row)
        unknown = address
        for given in row.on.values():
            if not given.startswith("="):
                unknown = unknown.replace(stage.made.pk(given), str(uuid.UUID(int=7)))
        for method in ("GET", "POST", "DELETE"):
            hidden = stage.request(address, method, STRANGER, is_api=row.is_api)
            missing = stage.request(unknown, method, STRANGER, is_api=row.is_api)
            if (hidden.status_code, plain(hidden)) != (missing.status_code, plain(missing)):
                differing.append(f"{method} {row.title}: {hidden.status_code} and {missing.status_code}")

    assert differing == []


def plain(response) -> str:
    """An answer without what differs from request to request."""
    return re.sub(
        r"[0-9a-f]{32}|[0-9a-f-]{36}|name=\"csrfmiddlewaretoken\" value=\"\w+\"|data-session-left=\"\d+\"",
        "",
        text_of(response),
    )


def filters() -> list[tuple[str, str]]:
    """Each filter of each list of the API, as (address of the list, name of the filter)."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return [
        (address, parameter["name"])
        for address, methods in schema["paths"].items()
        for parameter in methods.get("get", {}).get("parameters", [])
        if "{" not in address and parameter["in"] == "query" and parameter["name"] not in ("page", "meeting")
    ]


@pytest.mark.parametrize(("address", "name"), filters(), ids=lambda value: value)
def test_filters_tell_strangers_nothing(stage: Stage, address: str, name: str):
    """A filter by an id of Southwark's answers exactly as one by an id that nobody has."""
    unknown = str(uuid.UUID(int=7))
    expected = stage.request(f"{address}?{name}={unknown}", "GET", STRANGER)
    for of in ("board", "fund", "agreement", "scheme", "ccg", "council", "plan", "meeting", "import_staged"):
        response = stage.request(f"{address}?{name}={stage.made.pk(of)}", "GET", STRANGER)
        if "organisations" in address or "areas" in address:
            continue
        assert (response.status_code, tell(response)) == (expected.status_code, tell(expected)), f"{name}={of}"
    for word in (WORD, "E09000028", "2014", "1"):
        response = stage.request(f"{address}?{name}={word}", "GET", STRANGER)
        if response.status_code == 200 and "organisations" not in address and "areas" not in address:
            assert leaks({address: text_of(response)}, MARK, amounts=AMOUNTS) == []


def tell(response) -> str:
    body = response.json()
    return str(body.get("count", [problem["field"] for problem in body.get("errors", [])]))


@pytest.mark.parametrize("actor", ["ccg finance", "ccg governance", "sitting member"])
def test_drafts_of_the_council_are_its_own(read, actor: str):
    """Plans, forecasts, words of reports, risks and steps: nobody else reads them before they are released."""
    found = read(actor)

    assert MARK in "\n".join(found.values())
    assert leaks(found, DRAFT, amounts=DRAFT_AMOUNTS) == []


@pytest.mark.parametrize("actor", ["council finance", "sitting member"])
def test_drafts_of_the_ccg_are_its_own(read, actor: str):
    found = read(actor)

    assert leaks(found, CCG_DRAFT, amounts=(DRAFT_VALUE,)) == []


def test_the_ccg_reads_its_own_drafts(read):
    assert leaks(read("ccg finance"), CCG_DRAFT) != []


@pytest.mark.parametrize("actor", ["council finance", "sitting member", "hackney finance"])
def test_tokens_are_their_owners(stage: Stage, read, actor: str):
    """The name of a token stands on its owner's page alone, its text nowhere."""
    found = read(actor)
    own = f"{MARK} token of finance"

    assert bool(leaks(found, own)) == (actor == "council finance")
    assert leaks(found, *stage.made.secrets.values()) == []
