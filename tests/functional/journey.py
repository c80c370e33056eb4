"""People at their browsers: signing in, finding pages, and what every page they meet must be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.integration.runner.running import Runner

PASSWORD = "integration-hub-demo"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@dataclass
class Hub:
    """The running installation."""

    runner: Runner
    address: str

    def url(self, path: str) -> str:
        return f"{self.address}{path}"


@dataclass
class Person:
    """Somebody signed in, with a page of their own and everything that went wrong on it."""

    hub: Hub
    page: Page
    wrong: list[str]

    def open(self, path: str) -> int:
        """Open an address; its status."""
        answer = self.page.goto(self.hub.url(path))
        assert answer is not None
        return answer.status

    def look(self, name: str, *, shots: Path) -> None:
        """What every page owes everybody: no axe violation, no sideways scroll at 320 px; and a picture of it."""
        # A link may just have been followed or a form sent: what is measured is the page that answers.
        self.page.wait_for_load_state()
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        self.page.screenshot(path=shots / f"{name}.png", full_page=True)
        self.page.set_viewport_size({"width": 320, "height": 700})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{name} scrolls sideways at 320 px: {wide}"
        self.page.set_viewport_size(PHONE)
        self.page.screenshot(path=shots / f"{name}-phone.png", full_page=True)
        self.page.set_viewport_size(DESKTOP)

    def text(self) -> str:
        """The words of the page's main part."""
        return self.page.locator("main").inner_text()


@contextmanager
def person(browser: Browser, hub: Hub, role: str, partner: str) -> Iterator[Person]:
    """Sign in with a demonstration account, as a person would, in a fresh browser."""
    context = browser.new_context(viewport=DESKTOP, accept_downloads=True)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(hub.url("/"))
    page.get_by_label("E-mail").fill(f"{role}@{partner}.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="My tasks").wait_for()
    yield Person(hub, page, wrong)
    context.close()
    # A refused address is an error line of the browser's console; a broken script or policy is another matter.
    assert [line for line in wrong if "status of 4" not in line] == []
