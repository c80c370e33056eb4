"""Reading the site as a person would who follows every link, and looking for what should not be there."""

import html
import io
import re
import zipfile
from collections import Counter
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.urls import Resolver404, resolve

from tests.architecture.matrix.stage import Stage
from tests.factories.everything import printed

LINK = re.compile(r'(?:href|action|hx-get)="(/[^"#]*)"')
AT_MOST = 1200
# Addresses of the site that a crawl leaves alone: they end the session, or are of the browser.
LEFT_ALONE = ("/account/logout/", "/static/")
# Links to one view with the same questions lead to pages that are alike (every area of England, every figure that can
# be explained): so many of each kind are read, and every address that the crawl begins with.
OF_A_KIND = 20


def text_of(response: Any) -> str:
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
    first, read = set(seeds), Counter[tuple[str, ...]]()
    while waiting and len(found) < AT_MOST:
        address = waiting.pop(0)
        if address in found or address.startswith(LEFT_ALONE):
            continue
        kind = _kind(address)
        if address not in first and read[kind] >= OF_A_KIND:
            continue
        read[kind] += 1
        response = stage.request(address, "GET", actor)
        found[address] = text_of(response) + "".join(f"{name}: {value}" for name, value in response.headers.items())
        waiting += [html.unescape(link) for link in LINK.findall(found[address])]
    assert len(found) < AT_MOST, "the crawl did not come to its end"
    return found


def _kind(address: str) -> tuple[str, ...]:
    """The view that an address leads to, with the object's kind where one view serves several, and its questions."""
    path, _, questions = address.partition("?")
    try:
        match = resolve(path)
    except Resolver404:
        return (path,)
    served = {name: value for name, value in match.kwargs.items() if not _is_one_of_many(value)}
    return (match.view_name, *map(str, served.values()), *sorted(parse_qs(questions, keep_blank_values=True)))


def _is_one_of_many(value: object) -> bool:
    return isinstance(value, UUID | int) or str(value).isdigit()


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
