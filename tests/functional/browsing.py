"""A person at a browser on the tests' live server, and what each new page owes them."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.core.mail import EmailMessage
from playwright.sync_api import Page

from integration_hub.core import jobs
from integration_hub.core.models import Job
from partners.models import User

PASSWORD = "correct horse battery"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, WIDE = {"width": 320, "height": 900}, {"width": 1280, "height": 900}


def faults_of(page: Page) -> list[str]:
    """What axe finds on the page at 320 px, and whether the page is wider than that; then it is wide again."""
    # A link may just have been followed or a form sent: what is measured is the page that answers.
    page.wait_for_load_state()
    page.set_viewport_size(NARROW)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [f"{page.url}: {wider} px too wide"] if wider > 0 else []
    rules = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    page.set_viewport_size(WIDE)
    return found + [f"{page.url}: {rule['id']} {rule['nodes'][0]['target']}" for rule in rules]


@dataclass
class Visitor:
    """Somebody with a browser of their own; `faults` are what any page that was checked did wrong."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def sign_in(self, person: User, path: str = "/") -> None:
        """By password, from the page that was wanted, which is there at once."""
        self.enter_password(person.email, PASSWORD, path)
        assert self.page.url.endswith(path), self.page.url

    def enter_password(self, email: str, password: str, path: str) -> None:
        self.page.goto(path)
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Sign in")

    def press(self, button: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()

    def open(self, path: str) -> int:
        """Open an address; its status."""
        answer = self.page.goto(path)
        assert answer is not None
        return answer.status

    def check(self) -> None:
        """Note what is wrong with the page on a narrow screen."""
        self.faults += faults_of(self.page)

    def look(self, name: str) -> None:
        """Check the page, and keep pictures of it where HUB_SHOTS says so."""
        self.check()
        if folder := os.environ.get("HUB_SHOTS"):
            for width in (1280, 360):
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
            self.page.set_viewport_size(WIDE)

    def text(self) -> str:
        """The words of the page's main part."""
        return self.page.locator("main").inner_text()


def letters() -> list[EmailMessage]:
    """Do what waits in the register of jobs, as the worker would; the letters that went out with it."""
    mail.outbox.clear()
    for job in Job.objects.filter(status=Job.Status.QUEUED).order_by("recorded_at"):
        assert jobs.run(job_id=job.pk)
    return list(mail.outbox)


def code_of(secret: str) -> str:
    """What an authenticator app with this secret shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
