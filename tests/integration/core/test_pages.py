"""The public pages, and that everything else asks for a sign-in."""

import json
import re
import uuid
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from integration_hub.core.views import pages
from partners.services import lockout, tidying, tokens

ROOT = Path(settings.BASE_DIR)
PUBLIC = ["core:accessibility", "core:privacy", "core:retention", "core:licences"]
SAMPLES = {
    "uuid": str(uuid.UUID(int=7)),
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
    "uidb36": "abc",
    "key": "x",
}
GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def addresses() -> list[tuple[str, str]]:
    """Every address of the site as (name with its namespaces, a path that leads there)."""
    found: list[tuple[str, str]] = []

    def walk(patterns, prefix, namespaces):
        for pattern in patterns:
            route = str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = [*namespaces, pattern.namespace] if pattern.namespace else namespaces
                walk(pattern.url_patterns, prefix + route, inner)
            elif isinstance(pattern, URLPattern):
                found.append((":".join([*namespaces, pattern.name or "?"]), example(prefix + route)))

    walk(get_resolver().url_patterns, "/", [])
    return found


def example(route: str) -> str:
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda match: SAMPLES[match[1] or "str"], GROUP.sub(group_sample, route))
    return route.replace("^", "").replace("\\.", ".").replace("$", "").replace("/?", "/").replace("\\Z", "")


def group_sample(match: re.Match[str]) -> str:
    return {"pk": SAMPLES["uuid"], "format": "json"}.get(match[1]) or SAMPLES.get(match[1], "x")


def test_example_addresses_lead_where_they_should():
    for name, path in addresses():
        assert resolve(path).view_name == name, path
    assert len(addresses()) > 40


@pytest.mark.parametrize(("name", "path"), addresses(), ids=lambda value: value)
def test_every_address_asks_for_a_sign_in_unless_it_is_named_as_public(client, db, name, path):
    response = client.get(path)

    if name in settings.PUBLIC_URL_NAMES:
        assert not response.headers.get("Location", "").startswith("/account/login/?next=")
    elif path.startswith("/api/"):
        # The page that describes the API is for browsers; fetching a token takes no GET at all.
        expected = {"/api/v1/docs/": 302, "/api/v1/token/": 405}.get(path, 401)
        assert response.status_code == expected
    else:
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_public_names_are_names_of_addresses():
    assert {name for name, _ in addresses()} >= settings.PUBLIC_URL_NAMES


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page_opens_without_sign_in_and_without_a_query(client, db, name, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(reverse(name))

    assert response.status_code == 200
    assert client.post(reverse(name)).status_code in {403, 405}


def test_health_addresses_have_no_slash(client, db):
    assert (reverse("healthz"), reverse("readyz")) == ("/healthz", "/readyz")
    assert client.get("/healthz").content == b"ok"


def test_retention_page_says_the_times_that_the_code_has(client, db):
    page = client.get(reverse("core:retention")).content.decode()

    assert settings.SESSION_AT_MOST.total_seconds() == 12 * 3600
    assert "at most twelve hours" in page
    assert settings.SESSION_IDLE.total_seconds() == 1800
    assert "half an hour after you last opened" in page
    assert (tokens.DAYS_AT_MOST, tidying.TOKENS_KEPT.days) == (90, 90)
    assert "works for 90 days at most. Its line stays for 90 days after that." in page
    assert lockout.LOCKED_FOR.total_seconds() == 900
    assert "15 minutes" in page
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 24 * 3600
    assert "works for three days, and once" in page


def test_privacy_page_names_every_cookie(client, db):
    client.get("/account/login/")
    page = client.get(reverse("core:privacy")).content.decode()

    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        assert f"<code>{name}</code>" in page
    assert set(client.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}


def test_licences_name_every_package_of_the_lock_file_and_nothing_else():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE))
    (section,) = [section for section in pages.notices() if section.title.startswith("Python packages")]

    assert {part.name for part in section.parts} == locked


def test_licences_name_every_front_end_part():
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    named = {part.name.lower() for section in pages.notices() for part in section.parts}

    for dependency in wanted:
        plain = dependency.split("/")[-1].removesuffix(".org").replace("-", " ")
        assert plain in {name.replace("-", " ") for name in named}, dependency


def test_licences_agree_with_what_the_packages_say_of_themselves():
    wrong = []
    for section in pages.notices():
        for part in section.parts:
            try:
                package = metadata.metadata(part.name)
            except metadata.PackageNotFoundError:
                continue  # another system's package, or no Python package
            said = package.get("License-Expression")
            if said and said != part.licence:
                wrong.append((part.name, said, part.licence))
    assert wrong == []


def test_licences_page_shows_each_part(client, db):
    page = client.get(reverse("core:licences")).content.decode()

    for words in ("Source Sans 3", "OFL-1.1", "govuk-frontend", "0BSD", "psycopg2-binary", "LGPL-3.0-or-later"):
        assert words in page


def test_notices_without_words_or_rows_are_read_as_they_stand():
    table = "| Part | Licence | Use |\n| --- | --- | --- |\n| a | MIT | b |"
    text = f"# Title\n\nWords before.\n\n## One\n\nTwo\nlines.\n\n{table}\n\n## Two\n"

    one, two = pages.parse(text)

    assert (one.title, one.words, one.parts) == ("One", "Two lines.", [pages.Part("a", "MIT", "b")])
    assert (two.title, two.words, two.parts) == ("Two", "", [])
