"""`test`: the suite on throw-away servers, whatever servers the environment names."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from integration_hub.runner import services
from integration_hub.runner.installation import Installation
from integration_hub.runner.processes import foreground, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A real installation's addresses and secrets in the shell must not reach a test.
NOT_FOR_TESTS = frozenset(
    {
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "SECRET_KEY_FILE",
        "EMAIL_URL",
        "SENTRY_DSN",
    }
    | {"ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "BEHIND_PROXY", "HTTPS"}
    | {"HUB_DATA_DIR", "HUB_EMBEDDED", "HOST", "PORT", "DEMO", "DEMO_PASSWORD", "DEBUG"}
)


async def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run pytest with its own database and broker; its exit status."""
    plain = {name: value for name, value in environment.items() if name not in NOT_FOR_TESTS}
    browser = find_browser()
    if browser:
        plain["HUB_BROWSER"] = browser
    with tempfile.TemporaryDirectory(prefix="hub-test-", ignore_cleanup_errors=True) as directory:
        installation = Installation(Path(directory).resolve())
        try:
            async with services.running(installation, plain, command="make test", throw_away=True) as (
                supervisor,
                described,
            ):
                argv = [sys.executable, "-m", "pytest", "-n", "2", *arguments]
                return await foreground(supervisor, argv, described.as_owner)
        finally:
            shutil.rmtree(installation.sockets, ignore_errors=True)


def find_browser() -> str | None:
    """The browser for the journeys; installed where it is missing, this is root, and apt-get works."""
    if installed_browser() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing chromium for the browser tests")
        apt_get("update", "-qq")
        apt_get("install", "-y", "-qq", "--no-install-recommends", "chromium")
    found = installed_browser()
    if found is None:
        say("no chromium here, so the browser tests will fail. On Debian: apt-get install chromium")
    return found


def installed_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def apt_get(*arguments: str) -> None:
    """Run apt-get without questions. Its failure shows in that there is still no browser."""
    subprocess.run(
        ["apt-get", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )
