"""`lock`: exact versions and hashes of every package, and the proof that they belong to pyproject.toml."""

import hashlib
import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

from integration_hub.runner import bootstrap
from integration_hub.runner.errors import RunnerError
from integration_hub.runner.installation import ROOT

COMPILE = (
    "pip",
    "compile",
    "--quiet",
    "--generate-hashes",
    "--universal",
    "--python-version",
    "3.11",
    "--no-header",
    "--no-emit-index-url",
    "pyproject.toml",
)
PRODUCTION = ("-o", "requirements.lock")
DEVELOPMENT = (
    *("--group", "run", "--group", "test", "--group", "check"),
    *("-c", "requirements.lock", "-o", "requirements-dev.lock"),
)
LOCKS = ("requirements.lock", "requirements-dev.lock")


def write_locks() -> None:
    """Resolve pyproject.toml again; versions that still fit stay as they are. Needs a package index."""
    environment = {**os.environ, **bootstrap.index_settings()}
    for arguments in (PRODUCTION, DEVELOPMENT):
        done = subprocess.run([str(bootstrap.UV), *COMPILE, *arguments], cwd=ROOT, env=environment, check=False)
        if done.returncode:
            raise RunnerError("uv could not resolve pyproject.toml; its lines above say why.")
    for name in LOCKS:
        path = ROOT / name
        path.write_text(stamp_line(ROOT) + without_stamp(path.read_text()))
    (ROOT / "requirements-bootstrap.lock").write_text(bootstrap_lock((ROOT / LOCKS[1]).read_text()))


def out_of_step(root: Path) -> list[str]:
    """What no longer belongs together, in words; empty when pyproject.toml and the lock files do."""
    words = [
        f"{name} was not made from this pyproject.toml; run `make lock`"
        for name in LOCKS
        if not (root / name).read_text().startswith(stamp_line(root))
    ]
    expected = bootstrap_lock((root / LOCKS[1]).read_text())
    if (root / "requirements-bootstrap.lock").read_text() != expected:
        words.append("requirements-bootstrap.lock has another uv than requirements-dev.lock; run `make lock`")
    return words


def stamp_line(root: Path) -> str:
    """The first line of a lock file: a hash of what pyproject.toml asks for."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    asked = [
        project["project"]["requires-python"],
        sorted(project["project"]["dependencies"]),
        {group: sorted(names) for group, names in project["dependency-groups"].items()},
    ]
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return f"# for the dependencies of pyproject.toml with sha256 {digest}\n"


def without_stamp(text: str) -> str:
    return re.sub(r"\A# for the dependencies of pyproject\.toml with sha256 \w+\n", "", text)


def bootstrap_lock(development_lock: str) -> str:
    """uv's own pin and hashes, cut out of the development lock for the first installation by pip."""
    found = re.search(r"^uv==.*\n(?:    --hash=.*\n)+", development_lock, re.MULTILINE)
    if found is None:
        raise RunnerError("requirements-dev.lock does not pin uv; add it to pyproject.toml's check group.")
    return found.group().rstrip().rstrip("\\").rstrip() + "\n"
