"""`check`: everything that can be said about the code without running its tests. `fix`: what a machine can mend."""

import concurrent.futures
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from integration_hub.runner import lockfiles
from integration_hub.runner.installation import ROOT

BIN = Path(sys.executable).parent
# Where packages come from, and where things lie, is each machine's own affair.
REGISTRY_HOST = re.compile(r"\b(?:pypi|npmjs|pythonhosted|debian|yarnpkg)\.(?:org|com|io|net)\b")
MACHINE_PATH = re.compile(r"(?<![\w.~}-])/(?:root|home/\w+|work/(?:main|shared)|opt/pypi[\w-]*)(?=[/\s'\"`)]|$)")
BINARY = frozenset({".png", ".ico", ".woff2", ".ttf", ".xlsx", ".docx", ".pdf", ".gz", ".zip"})
# The settings need addresses; nothing listens at these.
WITHOUT_SERVERS = {
    "DATABASE_URL": "postgres://nobody@%2Fnowhere/none",
    "REDIS_URL": "unix:///nowhere/redis.sock",
    "HUB_EMBEDDED": "1",
    "SECRET_KEY": "only-for-checks-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
}
AS_DEPLOYED = {"HOST": "hub.example", "HTTPS": "1", "DEMO": "0", "DEBUG": "0"}
Outcome = tuple[bool, str]


@dataclass(frozen=True)
class Check:
    """One named check. `look` answers whether all is well, and what there is to read if not."""

    name: str
    look: Callable[[], Outcome]


def program(*argv: str, **environment: str) -> Callable[[], Outcome]:
    """A check that is a program: well when it ends with 0."""

    def look() -> Outcome:
        done = subprocess.run(
            [str(BIN / argv[0]), *argv[1:]],
            cwd=ROOT,
            env={**os.environ, **WITHOUT_SERVERS, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode == 0, done.stdout + done.stderr

    return look


def locks_in_step() -> Outcome:
    words = lockfiles.out_of_step(ROOT)
    return not words, "\n".join(words)


def no_machine_words() -> Outcome:
    """No registry's host name and no path of somebody's machine in any file of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        return False, f"git cannot list the files of the repository: {listed.stderr.strip()}"
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix not in BINARY and path.is_file():
            found += [f"{name}:{words}" for words in machine_words(path.read_text(encoding="utf-8", errors="replace"))]
    return not found, "\n".join(found)


def machine_words(text: str) -> list[str]:
    """Each line that names a registry's host or a machine's path, with its number."""
    lines = enumerate(text.splitlines(), start=1)
    return [
        f"{n}: {line.strip()[:160]}" for n, line in lines if REGISTRY_HOST.search(line) or MACHINE_PATH.search(line)
    ]


CHECKS = (
    Check("types", program("mypy")),
    Check("format", program("ruff", "format", "--check", ".")),
    Check("lint", program("ruff", "check", ".")),
    Check("imports", program("lint-imports")),
    # Lint alone: the formatter breaks lines inside running text, where a new space shows.
    Check("template lint", program("djlint", "templates", "--lint", "--quiet")),
    # Also one line of migrations for each app: django-linear-migrations adds its own system checks.
    Check("migrations", program("python", "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run")),
    Check("deployment", program("python", "manage.py", "check", "--deploy", "--fail-level=WARNING", **AS_DEPLOYED)),
    Check(
        "compose file",
        program("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
    ),
    Check("lock files", locks_in_step),
    Check("machine words", no_machine_words),
)


def check_all() -> int:
    """Run every check, two at a time, a line for each; then what the failed ones said. Exit status 0 or 1."""
    failed = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        waiting = {pool.submit(timed, check): check for check in CHECKS}
        for done in concurrent.futures.as_completed(waiting):
            check, (well, words, seconds) = waiting[done], done.result()
            sys.stdout.write(f"{'ok  ' if well else 'FAIL'} {check.name:16} {seconds:5.1f} s\n")
            sys.stdout.flush()
            if not well:
                failed.append((check.name, words))
    for name, words in failed:
        sys.stdout.write(f"\n--- {name}\n{words.strip()}\n")
    sys.stdout.write(f"\n{len(failed)} of {len(CHECKS)} checks failed\n" if failed else "\nall checks passed\n")
    return 1 if failed else 0


def timed(check: Check) -> tuple[bool, str, float]:
    began = time.monotonic()
    well, words = check.look()
    return well, words, time.monotonic() - began


def fix_all() -> int:
    """Let ruff mend what it can; exit status of the worse of the two."""
    lint = subprocess.run([str(BIN / "ruff"), "check", "--fix", "."], cwd=ROOT, check=False)
    form = subprocess.run([str(BIN / "ruff"), "format", "."], cwd=ROOT, check=False)
    return lint.returncode or form.returncode
