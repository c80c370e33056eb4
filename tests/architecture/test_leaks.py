"""Strangers never read a word or an amount of Southwark's, and partners none of each other's drafts.

Every text of Southwark's rows carries a mark. People crawl everything that they can reach: links of pages, lists,
filters, files, and the answers to whatever they send to addresses that they should not know.
"""

import html
import io
import re
import uuid
import zipfile
from collections.abc import Iterator

import pytest
from drf_spectacular.generators import SchemaGenerator
from pytest_django import DjangoDbBlocker

from tests.architecture.matrix.rows import METHODS
from tests.architecture.matrix.stage import Stage, set_up
from tests.architecture.matrix.table import TABLE
from tests.factories.everything import AMOUNTS, CCG_DRAFT, DRAFT, DRAFT_AMOUNTS, DRAFT_VALUE, printed

MARK = "QUARANTINE-7F3A"
# What strangers search for: an answer that repeats it gives nothing away.
WORD = "QUARANTINE"
LINK = re.compile(r'(?:href|action|hx-get)="(/[^"#]*)"')
AT_MOST = 400
STRANGER = "hackney governance"
# Addresses of the site that a crawl leaves alone: they end the session, or are of the browser.
LEFT_ALONE = ("/account/logout/", "/static/")
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


def text_of(response) -> str:
    """What a person can read of an answer: a page, an answer of the API, or the inside of a workbook."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return html.unescape(content.decode("utf-8", "replace"))


def crawl(stage: Stage, actor: str, seeds: list[str]) -> dict[str, str]:
    """The text of every address that the actor gets to by links, from some to begin with."""
    found: dict[str, str] = {}
    waiting = list(dict.fromkeys(seeds))
    while waiting and len(found) < AT_MOST:
        address = waiting.pop(0)
        if address in found or address.startswith(LEFT_ALONE):
            continue
        response = stage.request(address, "GET", actor)
        found[address] = text_of(response) + "".join(f"{name}: {value}" for name, value in response.headers.items())
        waiting += [html.unescape(link) for link in LINK.findall(found[address])]
    assert len(found) < AT_MOST, "the crawl did not come to its end"
    return found


def everywhere(stage: Stage) -> list[str]:
    """Each page, list and file of the table that can be read."""
    return [
        "/",
        *(stage.address(row) for row in TABLE if "GET" in row.acts),
        *(search.format(WORD) for search in SEARCHES),
    ]


def number(text: str) -> re.Pattern[str]:
    """A figure as it may be printed, and not as a part of an id or hash."""
    return re.compile(rf"(?<![0-9a-f-]){re.escape(text)}(?![0-9a-f-])")


def leaks(found: dict[str, str], *words: str, amounts: tuple[str, ...] = ()) -> list[str]:
    """Where any of the words or amounts stands."""
    patterns = [(amount, number(form)) for amount in amounts for form in printed(amount)]
    return sorted(
        {f"{address}: {word}" for address, text in found.items() for word in words if word in text}
        | {f"{address}: {amount}" for address, text in found.items() for amount, form in patterns if form.search(text)}
    )


def test_the_crawl_finds_what_there_is(stage: Stage):
    """Otherwise the other tests would prove nothing: an officer of the council comes upon every amount."""
    found = crawl(stage, "council finance", everywhere(stage))
    seen = "\n".join(found.values())

    assert [amount for amount in AMOUNTS if not any(number(form).search(seen) for form in printed(amount))] == []
    assert MARK in seen
    assert f"{MARK} {DRAFT}" in seen
    assert len(found) > 60


@pytest.mark.parametrize("actor", ["hackney finance", "hackney governance", "former officer", "operator"])
def test_strangers_read_nothing_of_southwark(stage: Stage, actor: str):
    assert leaks(crawl(stage, actor, everywhere(stage)), MARK, amounts=AMOUNTS) == []


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
    return re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}|name=\"csrfmiddlewaretoken\" value=\"\w+\"", "", text_of(response))


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
def test_drafts_of_the_council_are_its_own(stage: Stage, actor: str):
    """Plans, forecasts, words of reports, risks and steps: nobody else reads them before they are released."""
    found = crawl(stage, actor, everywhere(stage))

    assert MARK in "\n".join(found.values())
    assert leaks(found, DRAFT, amounts=DRAFT_AMOUNTS) == []


@pytest.mark.parametrize("actor", ["council metrics", "sitting member"])
def test_drafts_of_the_ccg_are_its_own(stage: Stage, actor: str):
    found = crawl(stage, actor, everywhere(stage))

    assert leaks(found, CCG_DRAFT, amounts=(DRAFT_VALUE,)) == []


def test_the_ccg_reads_its_own_drafts(stage: Stage):
    assert leaks(crawl(stage, "ccg metrics", everywhere(stage)), CCG_DRAFT) != []


@pytest.mark.parametrize("actor", ["council finance", "ccg finance", "sitting member", "hackney finance"])
def test_tokens_are_their_owners(stage: Stage, actor: str):
    """The name of a token stands on its owner's page alone, its text nowhere."""
    found = crawl(stage, actor, ["/account/tokens/", "/account/"])
    own = f"{MARK} token of finance"

    assert bool(leaks(found, own)) == (actor == "council finance")
    assert leaks(found, *stage.made.secrets.values()) == []
