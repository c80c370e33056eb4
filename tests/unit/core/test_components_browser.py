"""The components in a real browser under the site's own content security policy: rules of WCAG, grid, drafts, htmx."""

import mimetypes
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as project
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings

from integration_hub.core import gallery

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONG_FORM = """
{% extends "base.html" %}{% block content %}<h1>Narrative</h1>
<form method="post" action="/save" data-keep>
<label for="words">Words</label><textarea id="words" name="words"></textarea>
<label for="agreed">Agreed</label><input type="checkbox" id="agreed" name="agreed" value="1">
<input type="hidden" name="csrfmiddlewaretoken" value="secret"><input type="password" name="pass" aria-label="Password">
<button id="save">Save</button></form>{% endblock %}
"""
CONFLICT_FORM = """
<form id="row" hx-post="/conflict" hx-target="#row" hx-swap="outerHTML"{attributes}>
<label for="value">Value</label><input id="value" name="value" value="{value}"><button id="save">Save</button></form>
"""
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
}"""


class Person:
    """Somebody signed in, without a database."""

    is_authenticated = True
    pk = "person-1"

    def __str__(self) -> str:
        return "Finance Lead"


class Nobody:
    is_authenticated = False


def policy() -> str:
    """The header that the settings make."""
    directives = project.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(map(str, sources))}" for name, sources in directives.items())


def page_of(source: str, *, user: Any, messages: list[Message]) -> str:
    request = RequestFactory().get("/")
    request.user = user
    template = engines["django"].from_string(source)
    return template.render({"messages": messages}, request)


def pages() -> dict[str, str]:
    request = RequestFactory().get("/gallery/")
    request.user = Person()
    plain = '{% extends "base.html" %}{% block content %}<h1>Page</h1>{% endblock %}'
    conflict = plain.replace("</h1>", "</h1>" + CONFLICT_FORM.format(attributes="", value="1"))
    saved = [Message(constants.SUCCESS, "The narrative was saved.")]
    return {
        "/gallery/": render_to_string("components/gallery.html", gallery.samples() | {"messages": []}, request),
        "/long/": page_of(LONG_FORM, user=Person(), messages=[]),
        "/long-of-somebody-else/": page_of(LONG_FORM, user=type("Other", (Person,), {"pk": "person-2"})(), messages=[]),
        "/sign-in/": page_of(plain, user=Nobody(), messages=[]),
        "/saved/": page_of(plain, user=Person(), messages=saved),
        "/conflict/": page_of(conflict, user=Person(), messages=[]),
    }


def handler(served: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path in served:
                self.answer(200, "text/html; charset=utf-8", served[self.path].encode())
                return
            found = finders.find(self.path.removeprefix("/static/"))
            if found is None:
                self.answer(404, "text/plain", b"")
            else:
                kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
                self.answer(200, kind, Path(found).read_bytes())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/save":
                self.send_response(302)
                self.send_header("Location", "/saved/")
                self.end_headers()
                return
            told = ' data-announce="Somebody else changed this to 5."'
            body = CONFLICT_FORM.format(attributes=told, value="7").encode()
            self.answer(409, "text/html", body)

        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", policy())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing between the dots of the tests."""

    return Handler


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    # The frame alone, whatever the apps serve.
    settings.ROOT_URLCONF = (path("account/logout/", lambda request: None, name="account_logout"),)
    assert finders.find("css/hub.css"), "The assets are not built: run npm ci && npm run build."
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(pages()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A browser window that fails the test when the policy refuses something or a script breaks.

    Asks for `address` so that the window closes before the server does: a page that still loads something would
    complain of the reset connection.
    """
    window = browser.new_context()
    complaints: list[str] = []
    window.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    window.on("weberror", lambda broken: complaints.append(str(broken.error)))
    yield window
    window.close()
    # The browser logs every answer of 4xx as an error of the network; the conflict is meant.
    assert [said for said in complaints if "status of 409" not in said] == []


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def kept(page: Page) -> int:
    return int(page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('hub-keep:')).length"))


@pytest.mark.parametrize("width", [1280, 320])
def test_gallery_passes_axe_and_never_scrolls_sideways(visit: BrowserContext, address: str, width: int):
    page = visit.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/gallery/")
    page.locator(".js-enabled").wait_for()
    found = Axe().run(page, options={"runOnly": RULES})
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_grid_keys_move_between_cells_and_stop_at_the_edge(visit: BrowserContext, address: str):
    page = visit.new_page()
    page.goto(f"{address}/gallery/")
    page.get_by_text("All changes are saved").wait_for()
    page.focus("#cell-1-1")
    walked = []
    for key in ("ArrowDown", "Enter", "Enter", "Shift+Enter", "ArrowRight", "ArrowUp", "ArrowLeft", "Tab"):
        page.keyboard.press(key)
        walked.append(focused(page))
    assert walked == [f"cell-{at}" for at in ("2-1", "3-1", "3-1", "2-1", "2-2", "1-2", "1-1", "1-2")]


def test_grid_pasted_column_fills_marks_and_counts_without_changing_values(visit: BrowserContext, address: str):
    page = visit.new_page()
    page.goto(f"{address}/gallery/")
    page.get_by_text("All changes are saved").wait_for()
    page.focus("#cell-1-3")
    page.evaluate(PASTE, "41,000.005\r\n£12,000\r\n99999999999999999.00\r\n")
    assert [page.input_value(f"#cell-{row}-3") for row in (1, 2, 3)] == [
        "41,000.005",
        "£12,000",
        "99999999999999999.00",
    ]
    assert page.inner_text("[data-grid-count]") == "3 changes not yet saved"
    assert "1 value is not an amount. First: “41,000.005” in Scheme 1, month 3." in page.inner_text(
        "[data-grid-problems]"
    )
    assert page.get_attribute("#cell-1-3", "aria-invalid") == "true"
    assert page.get_attribute("#cell-2-3", "aria-invalid") is None


def test_grid_pasted_block_that_does_not_fit_changes_nothing(visit: BrowserContext, address: str):
    page = visit.new_page()
    page.goto(f"{address}/gallery/")
    page.get_by_text("All changes are saved").wait_for()
    page.focus("#cell-2-2")
    page.evaluate(PASTE, "1\t2\n3\t4\n5\t6\n")
    assert "3 rows and 2 columns, which do not all fit" in page.inner_text("[data-grid-message]")
    assert page.inner_text("[data-grid-count]") == "All changes are saved"


def test_draft_is_offered_back_after_the_sign_in_ran_out(visit: BrowserContext, address: str):
    page = visit.new_page()
    page.goto(f"{address}/long/")
    page.locator(".govuk-frontend-supported").wait_for()
    page.fill("#words", "A long account")
    page.check("#agreed")
    page.fill("[name=pass]", "not for keeping")
    assert "not for keeping" not in page.evaluate("JSON.stringify(sessionStorage)")
    assert "secret" not in page.evaluate("JSON.stringify(sessionStorage)")

    page.goto(f"{address}/sign-in/")
    page.goto(f"{address}/long/")
    page.get_by_role("button", name="Put it back").click()

    assert page.input_value("#words") == "A long account"
    assert page.is_checked("#agreed")
    assert focused(page) == "words"


def test_draft_is_gone_after_a_save(visit: BrowserContext, address: str):
    page = visit.new_page()
    page.goto(f"{address}/long/")
    page.locator(".govuk-frontend-supported").wait_for()
    page.fill("#words", "A long account")
    assert kept(page) == 1
    page.click("#save")
    page.get_by_text("The narrative was saved.").wait_for()
    page.wait_for_load_state("load")
    assert kept(page) == 0


def test_draft_is_never_shown_to_somebody_else(visit: BrowserContext, address: str):
    page = visit.new_page()
    page.goto(f"{address}/long/")
    page.locator(".govuk-frontend-supported").wait_for()
    page.fill("#words", "A long account")
    page.goto(f"{address}/long-of-somebody-else/")
    assert kept(page) == 0


@pytest.mark.parametrize("sender", ["value", "save"])
def test_conflict_is_swapped_in_with_focus_kept_and_said_aloud(visit: BrowserContext, address: str, sender: str):
    page = visit.new_page()
    page.goto(f"{address}/conflict/")
    page.locator(".govuk-frontend-supported").wait_for()
    page.focus(f"#{sender}")
    page.keyboard.press("Enter")
    expect(page.locator("#announcement")).to_have_text("Somebody else changed this to 5.")
    assert page.input_value("#value") == "7"
    assert focused(page) == sender
